//! Every rule with its code: the rule reference in `docs/rules.md` is generated from here.

/// A rule that reports can break.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable code.
    pub code: &'static str,
    /// What it says, in Swedish.
    pub title_sv: &'static str,
    /// What it says, in English.
    pub title_en: &'static str,
    /// Where it comes from: law, standard, or plain sense.
    pub source: &'static str,
}

const fn rule(code: &'static str, title_sv: &'static str, title_en: &'static str, source: &'static str) -> Rule {
    Rule { code, title_sv, title_en, source }
}

/// All rules, by code.
pub const RULES: &[Rule] = &[
    rule(
        "ALT001",
        "Varje bild har en alternativtext",
        "Every picture has a text alternative",
        "PDF/UA-1 (ISO 14289-1) 7.3; WCAG 2.1, 1.1.1; DOS-lagen (2018:1937)",
    ),
    rule(
        "ARE001",
        "Ärenden numreras i följd",
        "Items are numbered in sequence",
        "KL (2017:725) 5 kap. 14 §: uppgift om de ärenden som ska behandlas",
    ),
    rule("ARE002", "Varje ärende har en rubrik", "Every item has a title", "KL (2017:725) 5 kap. 14 §"),
    rule(
        "ARE003",
        "Ett ärende med handlingar har diarienummer",
        "An item with documents has a diarienummer",
        "OSL (2009:400) 5 kap. 1 §",
    ),
    rule(
        "ARE004",
        "Tilläggsärenden står sist",
        "Added items stand last",
        "KL (2017:725) 5 kap. 14 §: kallelsen som gått ut ändras inte",
    ),
    rule(
        "BES001",
        "En beslutspunkt är inte tom",
        "A point of decision is not empty",
        "KL (2017:725) 5 kap. 65 §: punkten återges i protokollet",
    ),
    rule(
        "BES002",
        "Varje beslutspunkt är en egen, numrerad åtgärd",
        "Every point of decision is one numbered action",
        "KL (2017:725) 5 kap. 65 §",
    ),
    rule("CHA001", "Ett diagram ritas ur en tabell som finns", "A chart is drawn from a table that exists", "modellen"),
    rule("CHA002", "Ett diagram går att läsa", "A chart can be read", "WCAG 2.1, 1.4.1 och 1.4.11"),
    rule("DAT001", "Datum och klockslag går att läsa", "Dates and times can be read", "ISO 8601"),
    rule(
        "DAT002",
        "Kallelsen går ut i tid",
        "The kallelse goes out in time",
        "KL (2017:725) 5 kap. 15 §; nämndens reglemente",
    ),
    rule("DAT003", "Datum står i rätt ordning", "Dates stand in order", "sunt förnuft"),
    rule(
        "DEL001",
        "Dokumentet har de delar som sorten kräver",
        "The document has the parts its kind requires",
        "KL (2017:725) 5 kap., FL (2017:900) 31 §, kommunens mallar",
    ),
    rule("DEL002", "Ingen rubrik står tom", "No heading stands empty", "klarspråk, språklagen (2009:600) 11 §"),
    rule(
        "DNR001",
        "Diarienumret följer kommunens mönster",
        "The diarienummer follows the municipality's pattern",
        "OSL (2009:400) 5 kap. 2 §; kommunens profil",
    ),
    rule("DNR002", "Handlingen har ett diarienummer", "The document has a diarienummer", "OSL (2009:400) 5 kap. 1 §"),
    rule("FIL001", "Filen finns", "The file exists", "modellen"),
    rule("FIL002", "Filen ligger i rapportens mapp", "The file lies in the report's folder", "säkerhet"),
    rule(
        "FIL003",
        "Bilden går att läsa och är det den säger",
        "The picture can be read and is what it says",
        "PNG, JPEG eller SVG",
    ),
    rule("FIL004", "Bilden är inte orimligt stor", "The picture is not unreasonably large", "säkerhet"),
    rule("JSN001", "Filen är giltig JSON", "The file is valid JSON", "RFC 8259"),
    rule("JSN002", "Filen är UTF-8", "The file is UTF-8", "RFC 8259 8.1"),
    rule("JSN003", "Filen är inte för djupt nästlad", "The file is not nested too deeply", "säkerhet"),
    rule("JSN004", "Filen är inte för stor", "The file is not too large", "säkerhet"),
    rule("JSN005", "Inget fält står två gånger", "No field stands twice", "RFC 8259 4"),
    rule("LAY001", "Layouten kan sätta dokumentet", "The layout can set the document", "layouten"),
    rule("LAY002", "Layouten eller profilen är riktigt skriven", "The layout or profile is well formed", "layouten"),
    rule("MAL001", "Varje mål har sitt eget nummer", "Every goal has a number of its own", "modellen"),
    rule(
        "MOD001",
        "Dokumentet säger vilken sort det är, och sorten finns",
        "The document says its kind, and the kind exists",
        "modellen",
    ),
    rule("MOD002", "Kommunens profil finns", "The municipality's profile exists", "modellen"),
    rule("MOD003", "Inga okända fält", "No unknown fields", "modellen"),
    rule("MOD004", "Rätt sorts värde", "The right type of value", "modellen"),
    rule("MOD005", "Obligatoriska fält finns", "Required fields are there", "modellen"),
    rule("MOD006", "Värdet är tillåtet", "The value is allowed", "modellen"),
    rule("MOD007", "Obligatoriska fält är ifyllda", "Required fields are filled in", "modellen"),
    rule("MOD009", "Många anmärkningar", "Many findings", "modellen"),
    rule(
        "PAC001",
        "En bilaga går att läsa",
        "A bilaga can be read",
        "ISO 32000-1; RA-FS 2009:2: handlingar ska gå att återge",
    ),
    rule("PAC002", "En bilaga är inte låst", "A bilaga is not locked", "ISO 19005-2 6.1.3: ingen kryptering"),
    rule(
        "PAC003",
        "En bilaga ryms i packen",
        "A bilaga fits in the pack",
        "ISO 32000-1 bilaga C; Sigills gräns för antal sidor",
    ),
    rule(
        "PAC004",
        "En bilaga går att läsa på rimlig tid och med rimligt minne",
        "A bilaga can be read in fair time and memory",
        "Sigills gränser; skydd mot filer som sväller",
    ),
    rule("PAC005", "Ett ärende har handlingar", "An item has documents", "KL (2017:725) 5 kap. 26 §: ärenden bereds"),
    rule(
        "PAC006",
        "Handlingarna i ett ärende går att skilja åt",
        "The documents of an item can be told apart",
        "OSL (2009:400) 5 kap. 1 §: ordning bland handlingar",
    ),
    rule(
        "PAC007",
        "En handling är ett enskilt dokument",
        "A document is a single document",
        "en kallelse kan inte vara handling i en kallelse",
    ),
    rule(
        "PAC008",
        "Det som är maskerat finns inte i den offentliga filen",
        "What is masked is not in the public file",
        "OSL (2009:400); dataskyddsförordningen (EU) 2016/679",
    ),
    rule("PAC009", "En bilaga är hel", "A bilaga is whole", "ISO 32000-1; RA-FS 2009:2: handlingar ska gå att återge"),
    rule(
        "PAC010",
        "En bilaga har inget aktivt innehåll",
        "A bilaga has no active content",
        "ISO 19005-2 6.5 och 6.9: inga skript, inga program",
    ),
    rule(
        "PDF001",
        "Dokumentet uppfyller den valda standarden",
        "The document meets the chosen standard",
        "PDF/A (ISO 19005), PDF/UA-1 (ISO 14289-1)",
    ),
    rule(
        "SEK001",
        "Lagrum för sekretess går att läsa",
        "Paragraphs of secrecy can be read",
        "OSL (2009:400) 5 kap. 5 §",
    ),
    rule("SEK002", "Maskeringar i text går att läsa", "Marks in text can be read", "OSL (2009:400) 5 kap. 5 §"),
    rule(
        "SIG001",
        "En underskrift har ett namn",
        "A signature has a name",
        "KL (2017:725) 5 kap. 69 §, kommunens delegationsordning",
    ),
    rule(
        "SIG002",
        "Varje underskrift har ett eget fältnamn",
        "Every signature has a field name of its own",
        "ISO 32000-1 12.7.3.2",
    ),
    rule(
        "SIG003",
        "En tjänsteskrivelse är undertecknad",
        "A tjänsteskrivelse is signed",
        "kommunens delegationsordning",
    ),
    rule(
        "SUM001",
        "Summor stämmer med sina rader",
        "Sums agree with their rows",
        "LKBR (2018:597) 3 kap.; avrundning: n termer ger högst n/2 enheter",
    ),
    rule(
        "SUM002",
        "Kolumner stämmer med sina formler",
        "Columns agree with their formulas",
        "LKBR (2018:597) 3 kap.; avrundning: n termer ger högst n/2 enheter",
    ),
    rule(
        "SUM003",
        "Netto stämmer med intäkter och kostnader",
        "Netto agrees with income and costs",
        "LKBR (2018:597) 3 kap.",
    ),
    rule(
        "SUM004",
        "Resultatrader stämmer med sina formler",
        "Result rows agree with their formulas",
        "LKBR (2018:597) 3 kap.",
    ),
    rule("TAB001", "Varje rad har en cell per kolumn", "Every row has one cell per column", "PDF/UA-1 7.5"),
    rule(
        "TAB002",
        "Formler går att läsa och nämner det som finns",
        "Formulas can be read and name what exists",
        "modellen",
    ),
    rule("TAB003", "Cellen passar kolumnens typ", "The cell fits the column's type", "modellen"),
    rule("TAB004", "En tabell har en enda enhet för pengar", "A table has one unit of money", "RKR R17; läsbarhet"),
    rule("TAB005", "Beloppet ryms", "The amount fits", "28 siffror exakt aritmetik"),
    rule("TAB006", "Inget räknas ur sig självt", "Nothing is computed from itself", "modellen"),
    rule(
        "TAB007",
        "Tabeller med avvikelser säger hur tecknen läses",
        "Tables with deviations say how signs are read",
        "läsbarhet",
    ),
    rule("TAB008", "Kortnamn är unika", "Ids are unique", "modellen"),
    rule("TAB009", "Avvikelser har en formel", "Deviations have a formula", "kontrollerbarhet"),
    rule(
        "TXT001",
        "Varje tecken finns i typsnitten",
        "Every character is in the fonts",
        "PDF/A (ISO 19005-2) 6.2.11.8; PDF/UA-1 7.21.8",
    ),
    rule("TXT002", "Inga styrtecken i text", "No control characters in text", "Unicode TR 9; säkerhet"),
    rule("TXT003", "Texten håller sig till sin märkning", "The text keeps to its markup", "CommonMark, delmängd"),
    rule("TXT004", "Fotnoter har både märke och text", "Footnotes have both mark and text", "modellen"),
    rule("TXT005", "Länkar har ett tillåtet mål", "Links have an allowed target", "säkerhet"),
    rule(
        "UND001",
        "Filen som ska undertecknas eller kontrolleras går att läsa",
        "The file to be signed or verified can be read",
        "ISO 32000-1",
    ),
    rule(
        "UND002",
        "En undertecknad fil är inte krypterad",
        "A signed file is not encrypted",
        "ISO 19005-2 6.1.3: ingen kryptering",
    ),
    rule("UND003", "Underskriftsfältet finns", "The signature field exists", "ISO 32000-1 12.7.4.5"),
    rule("UND004", "Ett fält undertecknas en gång", "A field is signed once", "ISO 32000-1 12.7.4.5"),
    rule(
        "UND005",
        "Nyckeln går att öppna",
        "The key can be opened",
        "RFC 7292 (PKCS#12), RFC 5958 (PKCS#8), RFC 7468 (PEM)",
    ),
    rule("UND006", "Nyckeln hör till certifikatet", "The key is the certificate's", "RFC 5652 5.4"),
    rule(
        "UND007",
        "Certifikatet gäller vid underskriften",
        "The certificate is valid when it signs",
        "RFC 5280 4.1.2.5",
    ),
    rule(
        "UND008",
        "Certifikatet är till för underskrifter",
        "The certificate is for signatures",
        "RFC 5280 4.2.1.3; ETSI EN 319 412-2 4.3.2",
    ),
    rule(
        "UND009",
        "Tidsstämpeln är den som begärdes",
        "The timestamp is the one asked for",
        "RFC 3161 2.2 och 2.3: nonce, imprint, certifikatets användning",
    ),
    rule("UND010", "Tjänsterna svarar", "The services answer", "RFC 3161, RFC 6960"),
    rule(
        "UND011",
        "Certifikaten är inte spärrade, och det går att visa",
        "The certificates are not revoked, and that can be shown",
        "ETSI EN 319 142-1 5.4; RFC 6960; RFC 5280 5",
    ),
    rule(
        "UND012",
        "Underskriften ryms på sin plats",
        "The signature fits in its place",
        "ISO 32000-1 12.8.3; ISO 19005-2 6.1.13",
    ),
    rule("UND013", "Den förberedda filen är oförändrad", "The prepared file is unchanged", "ISO 32000-1 12.8.1"),
    rule(
        "UND014",
        "Det som kommer tillbaka hör till det som skickades",
        "What comes back belongs to what was sent",
        "RFC 5652 5.4; RFC 5035",
    ),
    rule(
        "UND015",
        "Underskriftsfält läggs före första underskriften",
        "Signature fields are laid before the first signature",
        "ISO 32000-1 12.8.2.2; Sigills regel",
    ),
];

/// A rule by its code.
pub fn by_code(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.code == code)
}
