//! Projektuppföljning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Date, Line, Section, Text};
use crate::status::Status;

/// How long the project runs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Projekttid")]
pub struct Projekttid {
    /// First day.
    #[schemars(title = "Från och med")]
    pub from: Date,
    /// Last day.
    #[schemars(title = "Till och med")]
    pub to: Date,
    /// A remark.
    #[serde(default)]
    #[schemars(title = "Anmärkning")]
    pub note: Option<Line>,
}

/// A goal of the project.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Projektmål")]
pub struct Projektmal {
    /// The goal.
    #[schemars(title = "Mål")]
    pub mal: Text,
    /// How it stands.
    #[schemars(title = "Status")]
    pub status: Status,
    /// How it is followed up.
    #[serde(default)]
    #[schemars(title = "Typ av uppföljning")]
    pub uppfoljning: Option<Text>,
    /// Comment.
    #[serde(default)]
    #[schemars(title = "Kommentar")]
    pub kommentar: Option<Text>,
}

/// Follow-up of a project's goals, participants and money.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Projektuppfoljning {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The project's number.
    #[schemars(title = "Projektnummer", length(min = 1))]
    pub projektnr: String,
    /// What is followed up: Delårsuppföljning nr 1.
    #[schemars(title = "Uppföljning", length(min = 1))]
    pub period: String,
    /// Who pays.
    #[serde(default)]
    #[schemars(title = "Bidragsgivare")]
    pub bidragsgivare: Vec<Line>,
    /// How long it runs.
    #[serde(default)]
    #[schemars(title = "Projekttid")]
    pub projekttid: Option<Projekttid>,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens")]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare")]
    pub mottagare: Vec<Line>,
    /// The project in short.
    #[serde(default)]
    #[schemars(title = "Kort om projektet")]
    pub kort_om_projektet: Option<Content>,
    /// For whom.
    #[serde(default)]
    #[schemars(title = "Målgrupp")]
    pub malgrupp: Option<Content>,
    /// How it is organised.
    #[serde(default)]
    #[schemars(title = "Projektets organisation")]
    pub organisation: Option<Content>,
    /// What it is to be good for.
    #[serde(default)]
    #[schemars(title = "Nyttomål")]
    pub nyttomal: Option<Content>,
    /// Words before the goals.
    #[serde(default)]
    #[schemars(title = "Inledning till projektmålen")]
    pub projektmal_inledning: Option<Content>,
    /// The goals.
    #[serde(default)]
    #[schemars(title = "Projektmål")]
    pub projektmal: Vec<Projektmal>,
    /// Participants.
    #[serde(default)]
    #[schemars(title = "Deltagare")]
    pub deltagare: Option<Content>,
    /// Comments on goals and participants.
    #[serde(default)]
    #[schemars(title = "Kommentarer till mål och deltagare")]
    pub kommentarer: Option<Content>,
    /// Money.
    #[serde(default)]
    #[schemars(title = "Ekonomi")]
    pub ekonomi: Option<Content>,
    /// Comments on the money.
    #[serde(default)]
    #[schemars(title = "Kommentarer till ekonomin")]
    pub ekonomi_kommentarer: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt")]
    pub sections: Vec<Section>,
}
