//! A signature on its way through the checks.

use std::collections::BTreeSet;

use super::changes::Change;
use super::coverage::{CoveredSignature, Reason};
use crate::pdf::fields::{Field, SignatureDictionary};
use crate::pdf::text;

/// A signature on its way through the checks.
pub(super) struct JudgedSignature {
    pub(super) field: Field,
    pub(super) value: SignatureDictionary,
    pub(super) covered: std::result::Result<CoveredSignature, Reason>,
    pub(super) changes: BTreeSet<Change>,
}

/// A text of the signature dictionary, unless it is empty.
pub(super) fn words(value: &SignatureDictionary, key: &[u8]) -> Option<String> {
    value.dictionary.get(key).ok().and_then(text).filter(|t| !t.is_empty())
}
