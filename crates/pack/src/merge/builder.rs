//! The document that grows while parts are taken over, and what must be joined at its end.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// The document being built.
pub(super) struct Builder {
    pub(super) document: Document,
    /// Its pages in order.
    pub(super) pages: Vec<ObjectId>,
    /// Parent tree of the whole: what each `StructParents` number stands for.
    pub(super) parents: BTreeMap<i64, Object>,
    /// Identifiers of structure elements.
    pub(super) ids: BTreeMap<Vec<u8>, Object>,
    /// Named destinations.
    pub(super) names: BTreeMap<Vec<u8>, Object>,
    pub(super) roles: Dictionary,
    pub(super) next_parent: i64,
    /// Optional content of foreign parts: all groups, and those that are not shown.
    pub(super) layers: (Vec<Object>, Vec<Object>),
    /// Whether all parts are tagged.
    pub(super) tagged: bool,
}

impl Builder {
    /// A document without pages.
    pub(super) fn new() -> Self {
        Self {
            document: Document::with_version("1.7"),
            pages: Vec::new(),
            parents: BTreeMap::new(),
            ids: BTreeMap::new(),
            names: BTreeMap::new(),
            roles: Dictionary::new(),
            next_parent: 0,
            layers: (Vec::new(), Vec::new()),
            tagged: true,
        }
    }
}
