//! Delårsrapport: goals and money during the year. LKBR (2018:597) 13 kap., RKR R17.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section, Text};
use crate::status::Status;

/// Something the förvaltning has undertaken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Åtagande")]
pub struct Atagande {
    /// Number as printed: 1a.
    #[serde(default)]
    #[schemars(title = "Nummer")]
    pub nummer: Option<String>,
    /// What is undertaken.
    #[schemars(title = "Text")]
    pub text: Text,
}

/// A goal and its follow-up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Mål")]
pub struct Mal {
    /// Number as printed: 3, C2.
    #[schemars(title = "Nummer", length(min = 1, max = 10))]
    pub nummer: String,
    /// The goal.
    #[schemars(title = "Mål")]
    pub title: Line,
    /// Who set it: kf, SN.
    #[serde(default)]
    #[schemars(title = "Beslutat av")]
    pub beslutat_av: Option<String>,
    /// How it stands.
    #[serde(default)]
    #[schemars(title = "Status")]
    pub status: Option<Status>,
    /// Words before the undertakings.
    #[serde(default)]
    #[schemars(title = "Inledning")]
    pub inledning: Option<Content>,
    /// What is undertaken.
    #[serde(default)]
    #[schemars(title = "Åtaganden")]
    pub ataganden: Vec<Atagande>,
    /// Follow-up and analysis.
    #[serde(default)]
    #[schemars(title = "Uppföljning och analys")]
    pub uppfoljning: Option<Content>,
    /// Indicators.
    #[serde(default)]
    #[schemars(title = "Indikatorer")]
    pub indikatorer: Option<Content>,
    /// Conclusions.
    #[serde(default)]
    #[schemars(title = "Slutsatser")]
    pub slutsatser: Option<Content>,
    /// The nämnd's own goals below this one.
    #[serde(default)]
    #[schemars(title = "Nämndens mål")]
    pub namndmal: Vec<Mal>,
}

/// An area of goals.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Målområde")]
pub struct Malomrade {
    /// Its name.
    #[schemars(title = "Målområde")]
    pub title: Line,
    /// Words before its goals.
    #[serde(default)]
    #[schemars(title = "Inledning")]
    pub inledning: Option<Content>,
    /// Its goals.
    #[schemars(title = "Mål")]
    pub mal: Vec<Mal>,
}

/// A report on goals and money during the year.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Delarsrapport {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The nämnd reporting.
    #[schemars(title = "Organ", length(min = 1))]
    pub organ: String,
    /// Period: januari–april 2013.
    #[schemars(title = "Period", length(min = 1))]
    pub period: String,
    /// Line under the title on the cover.
    #[serde(default)]
    #[schemars(title = "Underrubrik")]
    pub subtitle: Option<Line>,
    /// Summary with its table.
    #[serde(default)]
    #[schemars(title = "Sammanfattning")]
    pub sammanfattning: Option<Content>,
    /// Headings within the summary.
    #[serde(default)]
    #[schemars(title = "Avsnitt i sammanfattningen")]
    pub sammanfattning_sections: Vec<Section>,
    /// Words before the goals.
    #[serde(default)]
    #[schemars(title = "Inledning till målen")]
    pub mal_inledning: Option<Content>,
    /// Areas of goals.
    #[serde(default)]
    #[schemars(title = "Målområden")]
    pub malomraden: Vec<Malomrade>,
    /// Money: tables per verksamhet.
    #[serde(default)]
    #[schemars(title = "Ekonomi")]
    pub ekonomi: Option<Content>,
    /// Headings within the economy: analysis, measures.
    #[serde(default)]
    #[schemars(title = "Avsnitt i ekonomin")]
    pub ekonomi_sections: Vec<Section>,
    /// Investments.
    #[serde(default)]
    #[schemars(title = "Investeringar")]
    pub investeringar: Option<Content>,
    /// Key figures.
    #[serde(default)]
    #[schemars(title = "Nyckeltal och mått")]
    pub nyckeltal: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt")]
    pub sections: Vec<Section>,
}
