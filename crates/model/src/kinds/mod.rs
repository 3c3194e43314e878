//! The kinds of document and what each must carry.

mod blocks;
pub mod common;
mod delarsrapport;
mod dokument;
mod help;
mod kallelse;
mod ordforandeforslag;
mod projektuppfoljning;
mod tjansteskrivelse;

pub use delarsrapport::{Atagande, Delarsrapport, Mal, Malomrade};
pub use dokument::Dokument;
pub use kallelse::{Arende, Forhinder, Gruppmote, Handling, Kallad, KalladRoll, Kallelse, Rapport, Sammantrade};
pub use ordforandeforslag::Ordforandeforslag;
pub use projektuppfoljning::{Projektmal, Projekttid, Projektuppfoljning};
pub use tjansteskrivelse::Tjansteskrivelse;

use schemars::Schema;
use serde_json::Value;

use crate::json::{Node, ReadError};
use common::Common;

/// A built-in kind: its name and how people call it.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Name in the model.
    pub name: &'static str,
    /// Swedish name.
    pub title: &'static str,
    /// English name.
    pub title_en: &'static str,
    /// What it is for, in Swedish.
    pub purpose: &'static str,
    /// What it is for, in English.
    pub purpose_en: &'static str,
    schema: fn() -> Schema,
}

impl Kind {
    /// JSON Schema of its model.
    pub fn schema(&self) -> Value {
        crate::schema::finish((self.schema)(), self)
    }
}

/// The built-in kinds, in the order people meet them.
pub const KINDS: [Kind; 6] = [
    Kind {
        name: "kallelse",
        title: "Kallelse och föredragningslista",
        title_en: "Notice of meeting and agenda",
        purpose: "kallar till sammanträde med ärendelista",
        purpose_en: "calls to a meeting, with its list of items",
        schema: crate::schema::of::<Kallelse>,
    },
    Kind {
        name: "ordforandeforslag",
        title: "Ordförandeförslag",
        title_en: "Chair's proposal",
        purpose: "ordförandens förslag till beslut i ett ärende",
        purpose_en: "what the chair proposes to decide in a matter",
        schema: crate::schema::of::<Ordforandeforslag>,
    },
    Kind {
        name: "tjansteskrivelse",
        title: "Tjänsteskrivelse",
        title_en: "Official report",
        purpose: "förvaltningens beslutsunderlag i ett ärende",
        purpose_en: "the administration's basis for a decision in a matter",
        schema: crate::schema::of::<Tjansteskrivelse>,
    },
    Kind {
        name: "delarsrapport",
        title: "Delårsrapport",
        title_en: "Interim report",
        purpose: "uppföljning av mål och ekonomi under året",
        purpose_en: "follow-up of goals and economy during the year",
        schema: crate::schema::of::<Delarsrapport>,
    },
    Kind {
        name: "projektuppfoljning",
        title: "Projektuppföljning",
        title_en: "Project follow-up",
        purpose: "uppföljning av ett projekts mål, deltagare och ekonomi",
        purpose_en: "follow-up of a project's goals, participants and economy",
        schema: crate::schema::of::<Projektuppfoljning>,
    },
    Kind {
        name: "dokument",
        title: "Dokument",
        title_en: "Document",
        purpose: "rutin, plan, ansökan, blankett eller annat med fri struktur",
        purpose_en: "routine, plan, application, form or anything else of free structure",
        schema: crate::schema::of::<Dokument>,
    },
];

/// A built-in kind by name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name)
}

/// A report of a built-in kind, typed for the domain rules. Kinds from plugins have a schema but no type here.
#[derive(Debug, Clone)]
pub enum Document {
    /// Kallelse och föredragningslista.
    Kallelse(Box<Kallelse>),
    /// Ordförandeförslag.
    Ordforandeforslag(Box<Ordforandeforslag>),
    /// Tjänsteskrivelse.
    Tjansteskrivelse(Box<Tjansteskrivelse>),
    /// Delårsrapport.
    Delarsrapport(Box<Delarsrapport>),
    /// Projektuppföljning.
    Projektuppfoljning(Box<Projektuppfoljning>),
    /// Dokument.
    Dokument(Box<Dokument>),
    /// A kind from a plugin: the common fields only.
    Plugin(Box<Common>),
}

impl Document {
    /// Reads a model that has passed its schema.
    ///
    /// # Errors
    /// When the tree does not fit the type: then the schema and the type have drifted apart.
    pub fn read(root: &Node) -> Result<Self, ReadError> {
        Ok(match root.get("kind").and_then(Node::as_str) {
            Some("kallelse") => Self::Kallelse(root.read()?),
            Some("ordforandeforslag") => Self::Ordforandeforslag(root.read()?),
            Some("tjansteskrivelse") => Self::Tjansteskrivelse(root.read()?),
            Some("delarsrapport") => Self::Delarsrapport(root.read()?),
            Some("projektuppfoljning") => Self::Projektuppfoljning(root.read()?),
            Some("dokument") => Self::Dokument(root.read()?),
            _ => Self::Plugin(root.read()?),
        })
    }

    /// What every kind carries.
    pub fn common(&self) -> &Common {
        match self {
            Self::Kallelse(d) => &d.common,
            Self::Ordforandeforslag(d) => &d.common,
            Self::Tjansteskrivelse(d) => &d.common,
            Self::Delarsrapport(d) => &d.common,
            Self::Projektuppfoljning(d) => &d.common,
            Self::Dokument(d) => &d.common,
            Self::Plugin(c) => c,
        }
    }
}
