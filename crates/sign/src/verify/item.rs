//! A signature on its way through the checks.

use std::collections::BTreeSet;

use sigill_messages::Texts;

use super::changes::Change;
use super::coverage::{CoveredSignature, Reason};
use crate::shown::shown;
use crate::strict::{Field, SignatureValue, Value};

/// A signature on its way through the checks.
pub(super) struct JudgedSignature<'s, 'r> {
    pub(super) field: Field<'s, 'r>,
    pub(super) value: SignatureValue<'s, 'r>,
    pub(super) covered: Result<CoveredSignature, Reason>,
    /// What was done to the file after it.
    pub(super) changes: BTreeSet<Change>,
    /// Why what was signed can be read in more than one way.
    pub(super) ambiguity: Option<Texts>,
    /// What readers mend in what was signed.
    pub(super) mended: Option<Texts>,
}

/// A text of the signature dictionary, unless it is empty.
pub(super) fn words(value: &SignatureValue<'_, '_>, key: &[u8]) -> Option<String> {
    value.dictionary.get(key).and_then(Value::text).filter(|t| !t.is_empty()).map(|t| shown(&t))
}
