//! Delårsrapport: goals and money during the year. LKBR (2018:597) 13 kap., RKR R17.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section, Text};
use super::document_kind::{DocumentKind, Words};
use super::help;
use crate::checks::{absent, empty_sections, missing_part};
use crate::diagnostic::Diagnostic;
use crate::messages::mal001;
use crate::profile::Profile;
use crate::status::Status;

/// Something the förvaltning has undertaken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Åtagande", extend("x-title-en" = "Undertaking"))]
#[schemars(extend("x-hjalp" = "Något som nämnden eller förvaltningen ska göra för att nå målet."))]
pub struct Atagande {
    /// Number as printed: 1a.
    #[serde(default)]
    #[schemars(title = "Nummer", extend("x-title-en" = "Number"))]
    #[schemars(extend("x-hjalp" = "Åtagandets nummer så som det skrivs ut, till exempel 1a."))]
    pub nummer: Option<String>,
    /// What is undertaken.
    #[schemars(title = "Text", extend("x-title-en" = "Text"))]
    #[schemars(extend("x-hjalp" = "Beskriv vad som ska göras, helst så att det går att följa upp."))]
    pub text: Text,
}

/// A goal and its follow-up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Mål", extend("x-title-en" = "Goal", "x-hjalp" = "Ett mål och uppföljningen av det."))]
pub struct Mal {
    /// Number as printed: 3, C2.
    #[schemars(title = "Nummer", length(min = 1, max = 10), extend("x-title-en" = "Number"))]
    #[schemars(extend(
        "x-hjalp" = "Målets nummer så som det skrivs ut, till exempel 3 eller C2; varje mål har ett eget."
    ))]
    pub nummer: String,
    /// The goal.
    #[schemars(title = "Mål", extend("x-title-en" = "Goal", "x-hjalp" = "Skriv målet så som det är beslutat."))]
    pub title: Line,
    /// Who set it: kf, SN.
    #[serde(default)]
    #[schemars(title = "Beslutat av", extend("x-title-en" = "Decided by"))]
    #[schemars(extend("x-hjalp" = "Vem som har satt målet, till exempel kf eller SN."))]
    pub beslutat_av: Option<String>,
    /// How it stands.
    #[serde(default)]
    #[schemars(title = "Status", extend("x-title-en" = "Status"))]
    #[schemars(extend("x-hjalp" = "Välj hur det står till med målet när rapporten skrivs."))]
    pub status: Option<Status>,
    /// Words before the undertakings.
    #[serde(default)]
    #[schemars(title = "Inledning", extend("x-title-en" = "Introduction"))]
    #[schemars(extend("x-hjalp" = "Text som ska stå före åtagandena."))]
    pub inledning: Option<Content>,
    /// What is undertaken.
    #[serde(default)]
    #[schemars(title = "Åtaganden", extend("x-title-en" = "Undertakings"))]
    #[schemars(extend("x-hjalp" = "Lägg till det som ska göras för att nå målet, ett åtagande i taget."))]
    pub ataganden: Vec<Atagande>,
    /// Follow-up and analysis.
    #[serde(default)]
    #[schemars(title = "Uppföljning och analys", extend("x-title-en" = "Follow-up and analysis"))]
    #[schemars(extend("x-hjalp" = "Beskriv vad som har gjorts, vad det har gett och varför det blev så."))]
    pub uppfoljning: Option<Content>,
    /// Indicators.
    #[serde(default)]
    #[schemars(title = "Indikatorer", extend("x-title-en" = "Indicators"))]
    #[schemars(extend("x-hjalp" = "Visa de mått som målet följs upp med, gärna i en tabell."))]
    pub indikatorer: Option<Content>,
    /// Conclusions.
    #[serde(default)]
    #[schemars(title = "Slutsatser", extend("x-title-en" = "Conclusions"))]
    #[schemars(extend("x-hjalp" = "Säg om målet väntas nås under året och vad som i så fall återstår."))]
    pub slutsatser: Option<Content>,
    /// The nämnd's own goals below this one.
    #[serde(default)]
    #[schemars(title = "Nämndens mål", extend("x-title-en" = "Committee's own goals"))]
    #[schemars(extend("x-hjalp" = "Lägg till nämndens egna mål under det här målet."))]
    pub namndmal: Vec<Mal>,
}

/// An area of goals.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Målområde", extend("x-title-en" = "Goal area", "x-hjalp" = "Ett område som samlar flera mål."))]
pub struct Malomrade {
    /// Its name.
    #[schemars(title = "Målområde", extend("x-title-en" = "Goal area"))]
    #[schemars(extend("x-hjalp" = "Områdets namn, till exempel Barn och unga."))]
    pub title: Line,
    /// Words before its goals.
    #[serde(default)]
    #[schemars(title = "Inledning", extend("x-title-en" = "Introduction"))]
    #[schemars(extend("x-hjalp" = "Text som ska stå före områdets mål."))]
    pub inledning: Option<Content>,
    /// Its goals.
    #[schemars(title = "Mål", extend("x-title-en" = "Goals", "x-hjalp" = "Lägg till områdets mål; minst ett krävs."))]
    pub mal: Vec<Mal>,
}

/// A report on goals and money during the year.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Delarsrapport {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The nämnd reporting.
    #[schemars(title = "Organ", length(min = 1), extend("x-title-en" = "Body", "x-hjalp" = help::ORGAN))]
    pub organ: String,
    /// Period: januari–april 2013.
    #[schemars(title = "Period", length(min = 1), extend("x-title-en" = "Period"))]
    #[schemars(extend("x-hjalp" = "Den tid rapporten gäller, till exempel januari–april 2013."))]
    pub period: String,
    /// Line under the title on the cover.
    #[serde(default)]
    #[schemars(title = "Underrubrik", extend("x-title-en" = "Subtitle"))]
    #[schemars(extend("x-hjalp" = "En rad under titeln på omslaget."))]
    pub subtitle: Option<Line>,
    /// Summary with its table.
    #[serde(default)]
    #[schemars(title = "Sammanfattning", extend("x-title-en" = "Summary"))]
    #[schemars(extend("x-hjalp" = "Det viktigaste om mål och ekonomi, gärna med en tabell över resultatet."))]
    pub sammanfattning: Option<Content>,
    /// Headings within the summary.
    #[serde(default)]
    #[schemars(title = "Avsnitt i sammanfattningen", extend("x-title-en" = "Sections in the summary"))]
    #[schemars(extend("x-hjalp" = "Lägg till avsnitt med egna rubriker i sammanfattningen."))]
    pub sammanfattning_sections: Vec<Section>,
    /// Words before the goals.
    #[serde(default)]
    #[schemars(title = "Inledning till målen", extend("x-title-en" = "Introduction to the goals"))]
    #[schemars(extend("x-hjalp" = "Text som ska stå före målen, till exempel hur de följs upp."))]
    pub mal_inledning: Option<Content>,
    /// Areas of goals.
    #[serde(default)]
    #[schemars(title = "Målområden", extend("x-title-en" = "Goal areas"))]
    #[schemars(extend("x-hjalp" = "Lägg till målområdena med de mål som följs upp; minst ett krävs."))]
    pub malomraden: Vec<Malomrade>,
    /// Money: tables per verksamhet.
    #[serde(default)]
    #[schemars(title = "Ekonomi", extend("x-title-en" = "Finances"))]
    #[schemars(extend("x-hjalp" = "Redovisa utfall och prognos mot budget, gärna i en tabell för varje verksamhet."))]
    pub ekonomi: Option<Content>,
    /// Headings within the economy: analysis, measures.
    #[serde(default)]
    #[schemars(title = "Avsnitt i ekonomin", extend("x-title-en" = "Sections in the finances"))]
    #[schemars(extend("x-hjalp" = "Lägg till avsnitt om ekonomin, till exempel Analys och Åtgärder."))]
    pub ekonomi_sections: Vec<Section>,
    /// Investments.
    #[serde(default)]
    #[schemars(title = "Investeringar", extend("x-title-en" = "Investments"))]
    #[schemars(extend("x-hjalp" = "Redovisa investeringarna mot budget, gärna i en tabell."))]
    pub investeringar: Option<Content>,
    /// Key figures.
    #[serde(default)]
    #[schemars(title = "Nyckeltal och mått", extend("x-title-en" = "Key figures and measures"))]
    #[schemars(extend("x-hjalp" = "Visa de nyckeltal som beskriver verksamheten, gärna i en tabell."))]
    pub nyckeltal: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt", extend("x-title-en" = "Sections", "x-hjalp" = help::AVSNITT))]
    pub sections: Vec<Section>,
}

impl DocumentKind for Delarsrapport {
    const NAME: &'static str = "delarsrapport";
    const TITLE: Words = Words { sv: "Delårsrapport", en: "Interim report" };
    const PURPOSE: Words = Words {
        sv: "uppföljning av mål och ekonomi under året",
        en: "follow-up of goals and economy during the year",
    };

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _: &Profile, found: &mut Vec<Diagnostic>) {
        if absent(&self.sammanfattning) {
            missing_part("sammanfattning", "Sammanfattning", found);
        }
        if absent(&self.ekonomi) {
            missing_part("ekonomi", "Ekonomi", found);
        }
        if self.malomraden.is_empty() {
            missing_part("malomraden", "Uppföljning av mål", found);
        }
        let mut numbers = Vec::new();
        for (i, area) in self.malomraden.iter().enumerate() {
            if area.mal.is_empty() {
                missing_part(&format!("malomraden/{i}/mal"), "Mål", found);
            }
            goals(&area.mal, &format!("/malomraden/{i}/mal"), &mut numbers, found);
        }
        empty_sections(&self.sections, "/sections", found);
        empty_sections(&self.ekonomi_sections, "/ekonomi_sections", found);
        empty_sections(&self.sammanfattning_sections, "/sammanfattning_sections", found);
    }
}

fn goals<'a>(goals: &'a [Mal], pointer: &str, numbers: &mut Vec<&'a str>, found: &mut Vec<Diagnostic>) {
    for (i, goal) in goals.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if numbers.contains(&goal.nummer.as_str()) {
            found.push(mal001::NumberTwice { number: &goal.nummer }.at(format!("{pointer}/nummer")));
        }
        numbers.push(&goal.nummer);
        self::goals(&goal.namndmal, &format!("{pointer}/namndmal"), numbers, found);
    }
}
