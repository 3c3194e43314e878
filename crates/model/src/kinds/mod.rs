//! The kinds of document and what each must carry.

mod blocks;
pub mod common;
mod declared;
mod delarsrapport;
mod document;
mod document_kind;
mod dokument;
mod help;
mod kallelse;
mod ordforandeforslag;
mod projektuppfoljning;
mod rank;
mod tjansteskrivelse;
mod values;

pub use declared::{Declared, Field, FieldShape, Rule, UnknownField};
pub use delarsrapport::{Atagande, Delarsrapport, Mal, Malomrade};
pub use document::Document;
pub use document_kind::{BuiltInKind, DocumentKind, ListedItem, Words};
pub use dokument::Dokument;
pub use kallelse::{Arende, Forhinder, Gruppmote, Handling, Kallad, KalladRoll, Kallelse, Rapport, Sammantrade};
pub use ordforandeforslag::Ordforandeforslag;
pub use projektuppfoljning::{Projektmal, Projekttid, Projektuppfoljning};
pub use rank::Rank;
pub use tjansteskrivelse::Tjansteskrivelse;

/// The built-in kinds, in the order people meet them. A kind is a file of this module with a type that implements
/// [`DocumentKind`], an entry here, and a folder in `layouts/kinds`.
pub const KINDS: &[BuiltInKind] = &[
    BuiltInKind::of::<Kallelse>(),
    BuiltInKind::of::<Ordforandeforslag>(),
    BuiltInKind::of::<Tjansteskrivelse>(),
    BuiltInKind::of::<Delarsrapport>(),
    BuiltInKind::of::<Projektuppfoljning>(),
    BuiltInKind::of::<Dokument>(),
];

/// A built-in kind by name.
pub fn kind(name: &str) -> Option<&'static BuiltInKind> {
    KINDS.iter().find(|k| k.name == name)
}
