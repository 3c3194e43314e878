//! Projektuppföljning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Date, Line, Section, Text};
use super::document_kind::{DocumentKind, Words};
use super::help;
use crate::checks::{absent, empty_sections, missing_part, no_lines};
use crate::diagnostic::Diagnostic;
use crate::messages::dat003;
use crate::profile::Profile;
use crate::status::Status;

/// How long the project runs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Projekttid", extend("x-title-en" = "Project period", "x-hjalp" = "Hur länge projektet pågår."))]
pub struct Projekttid {
    /// First day.
    #[schemars(title = "Från och med", extend("x-title-en" = "From"))]
    #[schemars(extend("x-hjalp" = "Projektets första dag, till exempel 2012-01-01."))]
    pub from: Date,
    /// Last day.
    #[schemars(title = "Till och med", extend("x-title-en" = "To"))]
    #[schemars(extend("x-hjalp" = "Projektets sista dag, till exempel 2014-12-31."))]
    pub to: Date,
    /// A remark.
    #[serde(default)]
    #[schemars(title = "Anmärkning", extend("x-title-en" = "Remark"))]
    #[schemars(extend("x-hjalp" = "Något läsaren bör veta om tiden, till exempel att den har förlängts."))]
    pub note: Option<Line>,
}

/// A goal of the project.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Projektmål", extend("x-title-en" = "Project goal"))]
#[schemars(extend("x-hjalp" = "Ett av projektets mål och hur det går."))]
pub struct Projektmal {
    /// The goal.
    #[schemars(title = "Mål", extend("x-title-en" = "Goal"))]
    #[schemars(extend("x-hjalp" = "Skriv målet så som det står i projektplanen."))]
    pub mal: Text,
    /// How it stands.
    #[schemars(title = "Status", extend("x-title-en" = "Status"))]
    #[schemars(extend("x-hjalp" = "Välj hur det står till med målet när uppföljningen skrivs."))]
    pub status: Status,
    /// How it is followed up.
    #[serde(default)]
    #[schemars(title = "Typ av uppföljning", extend("x-title-en" = "Way of following up"))]
    #[schemars(extend("x-hjalp" = "Säg hur målet följs upp, till exempel med enkät eller statistik."))]
    pub uppfoljning: Option<Text>,
    /// Comment.
    #[serde(default)]
    #[schemars(title = "Kommentar", extend("x-title-en" = "Comment"))]
    #[schemars(extend("x-hjalp" = "Förklara läget, särskilt om målet inte är nått."))]
    pub kommentar: Option<Text>,
}

/// Follow-up of a project's goals, participants and money.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Projektuppfoljning {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The project's number.
    #[schemars(title = "Projektnummer", length(min = 1), extend("x-title-en" = "Project number"))]
    #[schemars(extend("x-hjalp" = "Projektets nummer så som det står i beslutet."))]
    pub projektnr: String,
    /// What is followed up: Delårsuppföljning nr 1.
    #[schemars(title = "Uppföljning", length(min = 1), extend("x-title-en" = "Follow-up"))]
    #[schemars(extend("x-hjalp" = "Vilken uppföljning det är, till exempel Delårsuppföljning nr 1."))]
    pub period: String,
    /// Who pays.
    #[serde(default)]
    #[schemars(title = "Bidragsgivare", extend("x-title-en" = "Funders"))]
    #[schemars(extend("x-hjalp" = "Lägg till dem som betalar, till exempel Europeiska socialfonden."))]
    pub bidragsgivare: Vec<Line>,
    /// How long it runs.
    #[serde(default)]
    #[schemars(title = "Projekttid", extend("x-title-en" = "Project period", "x-hjalp" = "Hur länge projektet pågår."))]
    pub projekttid: Option<Projekttid>,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens", extend("x-title-en" = "Author", "x-hjalp" = help::REFERENS))]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare", extend("x-title-en" = "Recipients", "x-hjalp" = help::MOTTAGARE))]
    pub mottagare: Vec<Line>,
    /// The project in short.
    #[serde(default)]
    #[schemars(title = "Kort om projektet", extend("x-title-en" = "The project in short"))]
    #[schemars(extend("x-hjalp" = "Beskriv projektet för den som inte känner till det."))]
    pub kort_om_projektet: Option<Content>,
    /// For whom.
    #[serde(default)]
    #[schemars(title = "Målgrupp", extend("x-title-en" = "Target group"))]
    #[schemars(extend("x-hjalp" = "Säg vilka projektet är till för."))]
    pub malgrupp: Option<Content>,
    /// How it is organised.
    #[serde(default)]
    #[schemars(title = "Projektets organisation", extend("x-title-en" = "Organisation of the project"))]
    #[schemars(extend("x-hjalp" = "Beskriv vem som leder projektet, vilka som arbetar i det och styrgruppen."))]
    pub organisation: Option<Content>,
    /// What it is to be good for.
    #[serde(default)]
    #[schemars(title = "Nyttomål", extend("x-title-en" = "Benefits aimed at"))]
    #[schemars(extend("x-hjalp" = "Säg vad projektet ska vara bra för på längre sikt."))]
    pub nyttomal: Option<Content>,
    /// Words before the goals.
    #[serde(default)]
    #[schemars(title = "Inledning till projektmålen", extend("x-title-en" = "Introduction to the project goals"))]
    #[schemars(extend("x-hjalp" = "Text som ska stå före projektmålen."))]
    pub projektmal_inledning: Option<Content>,
    /// The goals.
    #[serde(default)]
    #[schemars(title = "Projektmål", extend("x-title-en" = "Project goals"))]
    #[schemars(extend("x-hjalp" = "Lägg till projektets mål, ett i taget; minst ett krävs."))]
    pub projektmal: Vec<Projektmal>,
    /// Participants.
    #[serde(default)]
    #[schemars(title = "Deltagare", extend("x-title-en" = "Participants"))]
    #[schemars(extend("x-hjalp" = "Redovisa hur många som deltar, gärna i en tabell med kvinnor och män."))]
    pub deltagare: Option<Content>,
    /// Comments on goals and participants.
    #[serde(default)]
    #[schemars(title = "Kommentarer till mål och deltagare")]
    #[schemars(extend("x-title-en" = "Comments on goals and participants"))]
    #[schemars(extend("x-hjalp" = "Förklara det som avviker från planen i mål och deltagande."))]
    pub kommentarer: Option<Content>,
    /// Money.
    #[serde(default)]
    #[schemars(title = "Ekonomi", extend("x-title-en" = "Finances"))]
    #[schemars(extend("x-hjalp" = "Redovisa utfall och prognos mot budget, gärna i en tabell."))]
    pub ekonomi: Option<Content>,
    /// Comments on the money.
    #[serde(default)]
    #[schemars(title = "Kommentarer till ekonomin", extend("x-title-en" = "Comments on the finances"))]
    #[schemars(extend("x-hjalp" = "Förklara större avvikelser från budgeten."))]
    pub ekonomi_kommentarer: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt", extend("x-title-en" = "Sections", "x-hjalp" = help::AVSNITT))]
    pub sections: Vec<Section>,
}

impl DocumentKind for Projektuppfoljning {
    const NAME: &'static str = "projektuppfoljning";
    const TITLE: Words = Words { sv: "Projektuppföljning", en: "Project follow-up" };
    const PURPOSE: Words = Words {
        sv: "uppföljning av ett projekts mål, deltagare och ekonomi",
        en: "follow-up of a project's goals, participants and economy",
    };

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _: &Profile, found: &mut Vec<Diagnostic>) {
        if no_lines(&self.bidragsgivare) {
            missing_part("bidragsgivare", "Bidragsgivare", found);
        }
        if self.projektmal.is_empty() {
            missing_part("projektmal", "Projektmål", found);
        }
        if absent(&self.ekonomi) {
            missing_part("ekonomi", "Ekonomi", found);
        }
        match &self.projekttid {
            None => missing_part("projekttid", "Projekttid", found),
            Some(time) => {
                if let (Some(from), Some(to)) = (time.from.get(), time.to.get())
                    && from > to
                {
                    found.push(dat003::EndBeforeStart { to: &to, from: &from }.at("/projekttid/to"));
                }
            }
        }
        empty_sections(&self.sections, "/sections", found);
    }
}
