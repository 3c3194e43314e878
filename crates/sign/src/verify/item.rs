//! A signature on its way through the checks.

use std::collections::BTreeSet;

use super::changes::Change;
use super::coverage::{Covered, Reason};
use crate::pdf::fields::{Field, Value};
use crate::pdf::text;

/// A signature on its way through the checks.
pub(super) struct Item {
    pub(super) field: Field,
    pub(super) value: Value,
    pub(super) covered: std::result::Result<Covered, Reason>,
    pub(super) changes: BTreeSet<Change>,
}

/// A text of the signature dictionary, unless it is empty.
pub(super) fn words(value: &Value, key: &[u8]) -> Option<String> {
    value.dictionary.get(key).ok().and_then(text).filter(|t| !t.is_empty())
}
