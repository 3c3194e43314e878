//! A report as its kind has it.

use std::any::Any;

use super::common::Common;
use super::declared::Declared;
use super::document_kind::{DocumentKind, ListedItem, Model};
use super::kind;
use super::rank::Rank;
use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::json::{Node, ReadError};
use crate::profile::Profile;

/// A report that has passed its schema, typed as its kind has it.
#[derive(Debug)]
pub struct Document {
    model: Box<dyn Model>,
    rank: Rank,
}

/// A report of a kind from a folder, of which the program has no type: the common fields only. Its rules are those that
/// its manifest declares.
#[derive(Debug)]
struct Untyped(Common);

impl Model for Untyped {
    fn common(&self) -> &Common {
        &self.0
    }

    fn check(&self, _: &Profile, _: &mut Vec<Diagnostic>) {}

    fn check_item(&self, _: &ListedItem<'_>, _: &mut Vec<Diagnostic>) {}
}

impl Document {
    /// Reads a model that has passed its schema.
    ///
    /// # Errors
    /// When the tree does not fit the type: then the schema and the type have drifted apart.
    pub fn read(root: &Node, declared: &Declared) -> Result<Self, ReadError> {
        let kind = root.get("kind").and_then(Node::as_str).and_then(kind);
        let (model, usual) = match kind {
            Some(kind) => ((kind.read)(root)?, kind.rank),
            None => {
                let model: Box<dyn Model> = Box::new(Untyped(root.read()?));
                (model, Rank::REPORT)
            }
        };
        Ok(Self { model, rank: declared.rank.unwrap_or(usual) })
    }

    /// What every kind carries.
    pub fn common(&self) -> &Common {
        self.model.common()
    }

    /// Its place among the documents of an item.
    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// The report as its kind's own type; `None` when it is of another kind.
    pub fn as_kind<K: DocumentKind>(&self) -> Option<&K> {
        let model: &dyn Any = &*self.model;
        model.downcast_ref()
    }

    /// What it says of its item, against the agenda that it goes out with.
    pub fn check_item(&self, item: &ListedItem<'_>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.model.check_item(item, &mut found);
        found
    }

    /// The rules of its kind, beside those that a manifest declares.
    pub(crate) fn check(&self, profile: &Profile, found: &mut Vec<Diagnostic>) {
        checks::common(self.common(), profile, found);
        self.model.check(profile, found);
    }
}
