//! A kind of change, and its words.

use sigill_messages::{Localize, Texts};

use crate::messages::change;
use crate::shown::shown;

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::verify) enum Change {
    /// Evidence for later checks.
    Evidence,
    /// A document timestamp.
    Timestamp,
    /// Another signature, in the field with this name.
    Signature(String),
    /// A field for it that is seen on a page and was not reserved.
    NewField,
    /// A field with this name got another value.
    FilledIn(String),
    /// Date of change or metadata, which are not shown on any page.
    Metadata,
    /// Anything else.
    Forbidden(Texts),
}

impl Change {
    /// The change in words.
    pub(in crate::verify) fn note(&self) -> Texts {
        let words: &dyn Localize = match self {
            Self::Evidence => &change::Evidence,
            Self::Timestamp => &change::Timestamp,
            Self::Signature(name) => &change::Signature { name },
            Self::NewField => &change::NewField,
            Self::FilledIn(name) => &change::FilledIn { name },
            Self::Metadata => &change::Metadata,
            Self::Forbidden(change) => &change::Forbidden { change },
        };
        Texts::of(words).map(|text| shown(&text))
    }
}

/// A change that is not allowed.
pub(in crate::verify) fn forbidden(what: &dyn Localize) -> Change {
    Change::Forbidden(Texts::of(what).map(|text| shown(&text)))
}
