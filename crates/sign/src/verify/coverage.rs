//! What of the file a signature is over (ISO 32000-1, 12.8.1), and that it is over what it seems to be.

use std::rc::Rc;

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, Object};
use sigill_messages::Localize;

use crate::crypto::unhex;
use crate::messages::verified;
use crate::pdf::Pdf;
use crate::pdf::fields::{self, Field, SignatureDictionary};

/// Why a signature is not what it seems.
pub(super) type Reason = &'static dyn Localize;

/// A signature in its file, found to be what it seems.
pub(super) struct CoveredSignature {
    pub(super) range: [usize; 4],
    pub(super) content: Vec<u8>,
    /// The file as it was signed.
    pub(super) revision: Rc<Document>,
}

impl CoveredSignature {
    pub(super) fn end(&self) -> usize {
        self.range[2] + self.range[3]
    }
}

/// Where a signature says that it ends, for putting signatures in order.
pub(super) fn stated_end(dictionary: &Dictionary) -> usize {
    numbers(dictionary).map_or(usize::MAX, |r| r[2].saturating_add(r[3]))
}

fn numbers(dictionary: &Dictionary) -> Option<[usize; 4]> {
    let items = dictionary.get(b"ByteRange").ok()?.as_array().ok()?;
    let all: Option<Vec<usize>> = items.iter().map(|o| usize::try_from(o.as_i64().ok()?).ok()).collect();
    all?.try_into().ok()
}

/// Checks that the ranges leave out the signature's own digits and nothing else, that these digits are the value of the
/// signature dictionary of the file as it was signed, and that the dictionary stands around them.
pub(super) fn check(
    bytes: &[u8],
    whole: &Rc<Document>,
    field: &Field,
    value: &SignatureDictionary,
) -> Result<CoveredSignature, Reason> {
    const RANGE: Reason = &verified::RangeWrong;
    const MOVED: Reason = &verified::Moved;
    let range = numbers(&value.dictionary).ok_or(&verified::RangeMissing as Reason)?;
    let [zero, from, to, length] = range;
    let end = to.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(RANGE)?;
    if zero != 0 || from == 0 || to < from + 2 || length == 0 {
        return Err(RANGE);
    }
    let gap = &bytes[from..to];
    let (Some(b'<'), Some(b'>')) = (gap.first(), gap.last()) else { return Err(RANGE) };
    let digits = unhex(&gap[1..gap.len() - 1]).ok_or(RANGE)?;
    let content = value.dictionary.get(b"Contents").and_then(Object::as_str).unwrap_or_default();
    if content.is_empty() || content != digits {
        return Err(MOVED);
    }
    if !bytes[..end].trim_ascii_end().ends_with(b"%%EOF") {
        return Err(&verified::NoWholeFile);
    }
    // The newest signature is over the file as it is.
    let revision = if bytes[end..].trim_ascii().is_empty() {
        Rc::clone(whole)
    } else {
        let then = Pdf::load(&bytes[..end]);
        Rc::new(then.map_err(|_| &verified::UnreadableAlone as Reason)?.document)
    };
    let then = fields::all(&revision).into_iter().find(|f| f.name == field.name && f.id == field.id);
    let then = then.and_then(|f| f.value).ok_or(MOVED)?;
    if then.id != value.id || then.dictionary != value.dictionary {
        return Err(MOVED);
    }
    let id = value.id.unwrap_or(field.id);
    let Some(XrefEntry::Normal { offset, .. }) = revision.reference_table.get(id.0) else { return Err(MOVED) };
    let before = bytes.get(*offset as usize..from).ok_or(MOVED)?;
    let head = format!("{} {} obj", id.0, id.1);
    let closed = before.windows(6).any(|w| w == b"endobj");
    if !before.starts_with(head.as_bytes()) || closed || !before.trim_ascii_end().ends_with(b"/Contents") {
        return Err(MOVED);
    }
    Ok(CoveredSignature { range, content: content.to_vec(), revision })
}
