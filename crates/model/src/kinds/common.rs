//! What several kinds share: texts, dates, sections, signatures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::blocks::{Chart, ChartType, Content, ContentItem, Fact, Facts, FieldType, Form, FormField, Image};
use super::help;
pub use super::values::{Date, Lagrum, Line, Text, Time};

/// A heading with what stands under it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Avsnitt", extend("x-title-en" = "Section", "x-hjalp" = "En rubrik med det som står under den."))]
pub struct Section {
    /// Heading.
    #[schemars(title = "Rubrik", extend("minLength" = 1, "x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Säg kort vad avsnittet handlar om, till exempel Bakgrund."))]
    pub title: Line,
    /// What stands under it.
    #[serde(default)]
    #[schemars(title = "Innehåll", extend("x-title-en" = "Content"))]
    #[schemars(extend("x-hjalp" = "Skriv avsnittets text; här kan också tabeller, bilder och diagram stå."))]
    pub content: Option<Content>,
    /// Headings below this one.
    #[serde(default)]
    #[schemars(title = "Underavsnitt", extend("x-title-en" = "Subsections"))]
    #[schemars(extend("x-hjalp" = "Lägg till avsnitt med egna rubriker under det här."))]
    pub sections: Vec<Section>,
    /// Whether the section starts on a new page.
    #[serde(default)]
    #[schemars(title = "Ny sida", extend("x-title-en" = "New page"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om avsnittet ska börja överst på en ny sida."))]
    pub new_page: bool,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)", extend("x-title-en" = "Secrecy (legal ground)"))]
    #[schemars(extend("x-hjalp" = help::SEKRETESS))]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter", extend("x-title-en" = "Personal data", "x-hjalp" = help::PERSONUPPGIFT))]
    pub personuppgift: bool,
}

/// How a signature is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Underskriftssätt", extend("x-title-en" = "Way of signing"))]
pub enum SignatureMethod {
    /// By hand on paper, on a rule.
    #[default]
    #[schemars(title = "För hand på papper", extend("x-title-en" = "By hand on paper"))]
    Ink,
    /// Electronically, in a box that signing fills.
    #[schemars(title = "Elektroniskt", extend("x-title-en" = "Electronically"))]
    #[schemars(extend("x-hjalp" = "Rutan fylls när filen undertecknas med en e-underskrift."))]
    Digital,
}

/// A place to sign.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Underskrift", extend("x-title-en" = "Signature", "x-hjalp" = "En plats där någon skriver under."))]
pub struct Signature {
    /// Name of the signature field; otherwise `underskrift-1`, `underskrift-2` …
    #[serde(default)]
    #[schemars(title = "Fältnamn", regex(pattern = r"^[a-z0-9-]+$"), extend("x-title-en" = "Field name"))]
    #[schemars(extend(
        "x-hjalp" = "Kort namn med små bokstäver, till exempel chef; behövs bara om en viss underskrift ska pekas ut."
    ))]
    pub id: Option<String>,
    /// Name of the person.
    #[serde(default)]
    #[schemars(title = "Namn", extend("x-title-en" = "Name"))]
    #[schemars(extend("x-hjalp" = "Namnet på den som skriver under, till exempel Anna Exempelsson."))]
    pub name: Option<Line>,
    /// Title: Förvaltningschef.
    #[serde(default)]
    #[schemars(title = "Titel", extend("x-title-en" = "Title"))]
    #[schemars(extend("x-hjalp" = "Befattningen, till exempel Förvaltningschef."))]
    pub title: Option<Line>,
    /// Role in the document: Ordförande, Justerare.
    #[serde(default)]
    #[schemars(title = "Roll", extend("x-title-en" = "Role"))]
    #[schemars(extend("x-hjalp" = "Rollen i handlingen, till exempel Ordförande eller Justerare."))]
    pub role: Option<Line>,
    /// Whether a line for place and date stands above.
    #[serde(default)]
    #[schemars(title = "Ort och datum", extend("x-title-en" = "Place and date"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om det ska finnas en rad för ort och datum ovanför namnet."))]
    pub place_date: bool,
    /// By hand or digitally.
    #[serde(default)]
    #[schemars(title = "Underskriftssätt", extend("x-title-en" = "Way of signing"))]
    #[schemars(extend("x-hjalp" = "Välj om underskriften sker för hand på papper eller elektroniskt."))]
    pub method: SignatureMethod,
}

/// An appendix.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Bilaga", extend("x-title-en" = "Appendix", "x-hjalp" = "En handling som följer med dokumentet."))]
pub struct Bilaga {
    /// Its title.
    #[schemars(title = "Rubrik", extend("minLength" = 1, "x-title-en" = "Title"))]
    #[schemars(extend(
        "x-hjalp" = "Bilagans namn så som det ska stå i förteckningen, till exempel Karta över området."
    ))]
    pub title: Line,
    /// Its file, relative to the report's folder; used when the pack is gathered.
    #[serde(default)]
    #[schemars(title = "Fil", length(min = 1, max = 300), extend("x-title-en" = "File"))]
    #[schemars(extend("x-hjalp" = "Filens namn i rapportens mapp; den fogas in när handlingarna samlas till en fil."))]
    pub file: Option<String>,
    /// The password the file opens with.
    #[serde(default)]
    #[schemars(title = "Lösenord", extend("x-title-en" = "Password", "x-hjalp" = help::LOSENORD))]
    pub losenord: Option<String>,
    /// What its pages show, for pages without text.
    #[serde(default)]
    #[schemars(title = "Alternativtext", extend("x-title-en" = "Text alternative", "x-hjalp" = help::SIDOR_UTAN_TEXT))]
    pub alt: Option<String>,
    /// The day it came in, stamped on its first page.
    #[serde(default)]
    #[schemars(title = "Inkom", extend("x-title-en" = "Received", "x-hjalp" = help::INKOM))]
    pub inkom: Option<Date>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)", extend("x-title-en" = "Secrecy (legal ground)"))]
    #[schemars(extend("x-hjalp" = help::SEKRETESS))]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter", extend("x-title-en" = "Personal data", "x-hjalp" = help::PERSONUPPGIFT))]
    pub personuppgift: bool,
}

/// Contact details in the footer of the first page; what is left out comes from the profile.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Kontakt", extend("x-title-en" = "Contact"))]
#[schemars(extend(
    "x-hjalp" = "Kontaktuppgifter i sidfoten på första sidan; det som inte fylls i tas från kommunens profil."
))]
pub struct Kontakt {
    /// Direct telephone.
    #[serde(default)]
    #[schemars(title = "Direkttelefon", extend("x-title-en" = "Direct telephone"))]
    #[schemars(extend("x-hjalp" = "Handläggarens direktnummer, till exempel 08-465 004 00."))]
    pub direkt: Option<String>,
    /// Mobile number for text messages.
    #[serde(default)]
    #[schemars(title = "Sms", extend("x-title-en" = "Text messages"))]
    #[schemars(extend("x-hjalp" = "Mobilnummer för sms, till exempel 070-174 06 05."))]
    pub sms: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schemars(title = "E-post", extend("x-title-en" = "E-mail"))]
    #[schemars(extend("x-hjalp" = "E-postadressen, till exempel fornamn.efternamn@kommunen.se."))]
    pub epost: Option<String>,
}

/// What every kind carries.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Common {
    /// The kind of document.
    #[schemars(title = "Dokumenttyp", extend("x-title-en" = "Kind of document"))]
    pub kind: String,
    /// The municipality's profile.
    #[serde(default)]
    #[schemars(title = "Kommun (profil)", extend("x-title-en" = "Municipality (profile)"))]
    #[schemars(extend(
        "x-hjalp" = "Välj kommunens profil, som bestämmer logotyp, färger, sidfot och diarienumrens form."
    ))]
    pub profile: Option<String>,
    /// Title.
    #[schemars(title = "Rubrik", extend("minLength" = 1, "x-title-en" = "Title"))]
    #[schemars(extend(
        "x-hjalp" = "Säg kort vad ärendet eller dokumentet gäller, till exempel Delårsrapport nr 1 2013."
    ))]
    pub title: Line,
    /// Date of the document; PDF/A requires one.
    #[schemars(title = "Datum", extend("x-title-en" = "Date"))]
    #[schemars(extend("x-hjalp" = "Handlingens datum, till exempel 2013-05-13; i en kallelse den dag den skickas ut."))]
    pub date: Date,
    /// Diarienummer.
    #[serde(default)]
    #[schemars(title = "Diarienummer", extend("x-title-en" = "Case number"))]
    #[schemars(extend(
        "x-hjalp" = "Ärendets nummer i diariet, till exempel SN/2012:1; handlingar registreras enligt 5 kap. 1 § OSL."
    ))]
    pub dnr: Option<String>,
    /// Further diarienummer that the document refers to.
    #[serde(default)]
    #[schemars(title = "Fler diarienummer", extend("x-title-en" = "Further case numbers"))]
    #[schemars(extend("x-hjalp" = "Nummer på andra ärenden i diariet som dokumentet hänvisar till."))]
    pub andra_dnr: Vec<String>,
    /// Förvaltning that wrote it.
    #[serde(default)]
    #[schemars(title = "Förvaltning", extend("x-title-en" = "Department"))]
    #[schemars(extend("x-hjalp" = "Den förvaltning som har skrivit dokumentet, till exempel Socialförvaltningen."))]
    pub forvaltning: Option<String>,
    /// Unit within the förvaltning.
    #[serde(default)]
    #[schemars(title = "Enhet", extend("x-title-en" = "Unit"))]
    #[schemars(extend("x-hjalp" = "Enheten inom förvaltningen, till exempel Ekonomienheten."))]
    pub enhet: Option<String>,
    /// Keywords for the PDF's metadata, beside the dnr.
    #[serde(default)]
    #[schemars(title = "Nyckelord", extend("x-title-en" = "Keywords"))]
    #[schemars(extend("x-hjalp" = "Ord som gör filen lättare att söka fram; diarienumret kommer med ändå."))]
    pub keywords: Vec<String>,
    /// Contact details in the footer.
    #[serde(default)]
    #[schemars(title = "Kontakt", extend("x-title-en" = "Contact"))]
    #[schemars(extend("x-hjalp" = "Kontaktuppgifter i sidfoten; det som inte fylls i tas från kommunens profil."))]
    pub kontakt: Option<Kontakt>,
    /// Places to sign, in order.
    #[serde(default)]
    #[schemars(title = "Underskrifter", extend("x-title-en" = "Signatures"))]
    #[schemars(extend("x-hjalp" = "Lägg till en plats för var och en som ska skriva under, i ordning."))]
    pub signaturer: Vec<Signature>,
    /// Appendices.
    #[serde(default)]
    #[schemars(title = "Bilagor", extend("x-title-en" = "Appendices"))]
    #[schemars(extend("x-hjalp" = "Lägg till de handlingar som följer med, i den ordning de ska ligga."))]
    pub bilagor: Vec<Bilaga>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)", extend("x-title-en" = "Secrecy (legal ground)"))]
    #[schemars(extend("x-hjalp" = help::SEKRETESS))]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter", extend("x-title-en" = "Personal data", "x-hjalp" = help::PERSONUPPGIFT))]
    pub personuppgift: bool,
}
