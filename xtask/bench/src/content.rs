//! The document both programs typeset: made up, the same every time, and varied enough that no line is set twice.

/// A tjänsteskrivelse of some length.
pub struct Content {
    /// Title of the document.
    pub title: String,
    /// Case number.
    pub dnr: &'static str,
    /// Date, as ISO.
    pub date: &'static str,
    /// The office that writes.
    pub department: &'static str,
    /// Who wrote it.
    pub reference: &'static str,
    /// Who decides.
    pub recipient: &'static str,
    /// Förslag till beslut, one action each.
    pub decisions: Vec<String>,
    /// The running text.
    pub sections: Vec<Section>,
}

/// A heading, its text, and at times a table.
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Paragraphs of plain text.
    pub paragraphs: Vec<String>,
    /// What stands after the text.
    pub table: Option<Table>,
}

/// Figures in tkr: utfall 2012, utfall jan–apr, budget 2013, prognos 2013, avvikelse (prognos − budget).
pub struct Table {
    /// What the table shows, in words.
    pub caption: String,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// A row of figures.
pub struct Row {
    /// What the row is about.
    pub label: String,
    /// True for a sum of the rows since the sum before it.
    pub is_net: bool,
    /// One figure per column.
    pub values: [i64; 5],
}

/// Heads of the figure columns.
pub const COLUMNS: [&str; 5] = ["Utfall 2012", "Utfall jan–apr", "Budget 2013", "Prognos 2013", "Avvikelse"];

/// Where a number goes in a document that is sent many times.
pub const MARK: &str = "@NUMBER@";

/// The unit of every table.
pub const UNIT: &str = "Tkr";

const AREAS: [&str; 14] = [
    "äldreomsorgen",
    "barn- och ungdomsvården",
    "missbruksvården",
    "det ekonomiska biståndet",
    "socialpsykiatrin",
    "familjerätten",
    "budget- och skuldrådgivningen",
    "boendestödet",
    "den öppna förskolan",
    "familjehemsvården",
    "personliga ombudens arbete",
    "mottagningsenheten",
    "arbetsmarknadsinsatserna",
    "våld i nära relationer",
];

const ASPECTS: [&str; 8] = [
    "Ekonomiskt läge för",
    "Uppföljning av",
    "Personal och bemanning inom",
    "Volymer och nyckeltal för",
    "Åtgärder inom",
    "Kvalitet och brukarnas synpunkter på",
    "Lokaler och utrustning för",
    "Bedömning av",
];

/// `{a}` area, `{m}` amount in mnkr, `{p}` per cent, `{n}` number, `{d}` day of May.
const SENTENCES: [&str; 26] = [
    "Förvaltningen räknar med ett underskott på {m} mnkr mot budget för helåret inom {a}.",
    "Kostnaderna för {a} har ökat med {p} procent jämfört med samma period förra året.",
    "Antalet ärenden har stigit från {n} till {n} sedan årets början, och flera av dem är omfattande.",
    "Vakanta tjänster ger ett överskott på cirka {m} mnkr för löner, men övertiden har samtidigt blivit dyrare.",
    "Nämnden fick en första redovisning den {d} maj och begärde då att underlaget skulle kompletteras.",
    "Köpta platser kostar i genomsnitt {n} kronor per dygn, vilket är mer än vad som antogs i budgeten.",
    "Inom {a} arbetar {n} personer, varav de flesta har en tillsvidareanställning.",
    "Sjukfrånvaron ligger på {p} procent och är därmed något lägre än i kommunen som helhet.",
    "Ett gemensamt arbete med utbildningsförvaltningen har påbörjats för att nå fler i ett tidigt skede.",
    "Väntetiden till ett första besök är i dag {n} dagar; målet är att den ska vara högst fjorton.",
    "Intäkterna från staten väntas bli {m} mnkr högre än beräknat eftersom fler har rätt till ersättning.",
    "Av de tillfrågade svarar {p} procent att de är nöjda med bemötandet och med den information de har fått.",
    "Förvaltningen bedömer att åtgärderna får full effekt först under nästa år.",
    "Utvecklingen inom {a} följs varje månad, och avvikelser rapporteras till ledningsgruppen.",
    "Hyran för lokalerna höjdes med {p} procent vid årsskiftet, vilket inte var känt när budgeten beslutades.",
    "Det finns en osäkerhet i prognosen på omkring {m} mnkr, framför allt för placeringar utanför det egna hemmet.",
    "Barnkonventionen har beaktats i beredningen, och barnens egna röster redovisas i ett särskilt avsnitt.",
    "Fördelningen mellan kvinnor och män är {n} respektive {n}, vilket motsvarar fördelningen i befolkningen.",
    "En översyn av avtalen visar att kommunen kan minska sina kostnader med {m} mnkr utan att utbudet försämras.",
    "Samverkan med landstinget fungerar väl, men ansvaret för läkemedel behöver klargöras skriftligt.",
    "Revisorerna har påpekat att dokumentationen inom {a} brister i {n} av de granskade akterna.",
    "Enheten har därför infört en checklista som används vid varje nytt beslut om insats.",
    "Projektet avslutas den {d} maj och har då kostat {m} mnkr, vilket är inom den beviljade ramen.",
    "Den som får ett avslag ska alltid få veta varför, på ett språk som är lätt att förstå.",
    "Under sommaren anställs {n} vikarier, och introduktionen har förlängts från två dagar till fyra.",
    "Nästa uppföljning av {a} lämnas i samband med delårsrapporten efter augusti.",
];

const LINES: [&str; 6] =
    ["Personal", "Köpta platser", "Lokaler", "Material och tjänster", "Bidrag till enskilda", "Övriga kostnader"];

/// Sections that fill the pages after what the first page needs for itself.
fn sections_for(pages: u32) -> u32 {
    (pages * 19 / 10).saturating_sub(1)
}

impl Content {
    /// A document of about this many pages.
    pub fn of(pages: u32) -> Self {
        Self::other(pages, 0)
    }

    /// One of many documents of the same length, each with a text of its own.
    pub fn other(pages: u32, number: u32) -> Self {
        let mut chance = Chance(u64::from(pages) + (u64::from(number) << 32));
        let sections = (0..sections_for(pages)).map(|index| section(index, &mut chance)).collect();
        Self {
            title: "Delårsrapport nr 1 2013".to_owned(),
            dnr: "SN/2012:1",
            date: "2013-05-13",
            department: "Socialförvaltningen",
            reference: "Verksamhetscontroller",
            recipient: "Socialnämnden",
            decisions: vec![
                "Socialnämnden godkänner förvaltningens delårsrapport nr 1 för 2013 och lämnar den vidare till \
                 kommunfullmäktige."
                    .to_owned(),
                "Socialnämnden utökar en halv tjänst som verksamhetsutvecklare till en heltid med ansvar för \
                 boendeplanering."
                    .to_owned(),
            ],
            sections,
        }
    }

    /// The same with `mark` in the title, the headings, every paragraph and every caption, for a number to stand there.
    pub fn marked(mut self, mark: &str) -> Self {
        let tail = format!(" Exemplar {mark}.");
        let texts = self.sections.iter_mut().flat_map(|section| {
            let caption = section.table.as_mut().map(|table| &mut table.caption);
            section.paragraphs.iter_mut().chain([&mut section.heading]).chain(caption)
        });
        for text in texts.chain([&mut self.title]).chain(&mut self.decisions) {
            text.push_str(&tail);
        }
        self
    }
}

fn section(index: u32, chance: &mut Chance) -> Section {
    let area = AREAS[index as usize % AREAS.len()];
    let aspect = ASPECTS[index as usize / AREAS.len() % ASPECTS.len()];
    let paragraphs = (0..3).map(|_| paragraph(area, chance)).collect();
    let table = index.is_multiple_of(2).then(|| table(area, chance));
    Section { heading: format!("{aspect} {area}"), paragraphs, table }
}

fn paragraph(area: &str, chance: &mut Chance) -> String {
    let count = 3 + chance.below(3);
    let first = chance.below(SENTENCES.len());
    // A stride through the list: no sentence comes twice in a paragraph.
    let sentences = (0..count).map(|index| sentence(first + 7 * index, area, chance));
    sentences.collect::<Vec<_>>().join(" ")
}

fn sentence(number: usize, area: &str, chance: &mut Chance) -> String {
    let mut text = SENTENCES[number % SENTENCES.len()].replace("{a}", area);
    for (slot, low, high) in [("{m}", 1, 30), ("{p}", 1, 40), ("{n}", 11, 980), ("{d}", 1, 31)] {
        while text.contains(slot) {
            let whole = low + chance.below(high - low);
            let figure = match slot {
                "{m}" | "{p}" => format!("{whole},{}", chance.below(10)),
                _ => whole.to_string(),
            };
            text = text.replacen(slot, &figure, 1);
        }
    }
    text
}

fn table(area: &str, chance: &mut Chance) -> Table {
    let mut rows = vec![row("Intäkter", 1, chance)];
    rows.extend(LINES.iter().map(|label| row(label, -1, chance)));
    let mut net = [0; 5];
    for row in &rows {
        for (sum, value) in net.iter_mut().zip(row.values) {
            *sum += value;
        }
    }
    rows.push(Row { label: "Netto".to_owned(), is_net: true, values: net });
    Table { caption: format!("Utfall och prognos för {area}"), rows }
}

fn row(label: &str, sign: i64, chance: &mut Chance) -> Row {
    let mut figure = |size: usize| sign * i64::try_from(size / 2 + chance.below(size)).unwrap_or(0);
    let (before, so_far, budget, forecast) = (figure(60_000), figure(20_000), figure(60_000), figure(60_000));
    Row { label: label.to_owned(), is_net: false, values: [before, so_far, budget, forecast, forecast - budget] }
}

/// Numbers that look random and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_pages_give_the_same_text() {
        let text =
            |content: &Content| content.sections.iter().flat_map(|part| part.paragraphs.clone()).collect::<Vec<_>>();
        assert_eq!(text(&Content::of(3)), text(&Content::of(3)));
    }

    #[test]
    fn every_paragraph_has_its_mark() {
        let content = Content::of(3).marked("@");
        assert!(content.title.contains('@'));
        assert!(content.sections.iter().flat_map(|part| &part.paragraphs).all(|text| text.contains('@')));
    }

    #[test]
    fn no_slot_is_left_unfilled_and_the_sums_hold() {
        for section in Content::of(50).sections {
            assert!(section.paragraphs.iter().all(|text| !text.contains('{')));
            if let Some(table) = section.table {
                for column in 0..COLUMNS.len() {
                    let sum = |net: bool| -> i64 {
                        table.rows.iter().filter(|row| row.is_net == net).map(|row| row.values[column]).sum()
                    };
                    assert_eq!(sum(false), sum(true));
                }
            }
        }
    }
}
