//! What of the file a signature is over (ISO 32000-1, 12.8.1), and that it is over what it seems to be.

use sigill_messages::Localize;

use crate::crypto::unhex;
use crate::messages::verified;
use crate::strict::{Dictionary, Field, Reading, SignatureValue, Value, place_of, signature_fields};

/// Why a signature is not what it seems.
pub(super) type Reason = &'static dyn Localize;

/// A signature in its file, found to be what it seems.
pub(super) struct CoveredSignature {
    pub(super) range: [usize; 4],
    pub(super) content: Vec<u8>,
    /// The state of the file that was signed.
    pub(super) revision: usize,
}

impl CoveredSignature {
    pub(super) fn end(&self) -> usize {
        self.range[2] + self.range[3]
    }
}

/// Where a signature says that it ends, for putting signatures in order.
pub(super) fn stated_end(dictionary: &Dictionary<'_>) -> usize {
    numbers(dictionary).map_or(usize::MAX, |r| r[2].saturating_add(r[3]))
}

fn numbers(dictionary: &Dictionary<'_>) -> Option<[usize; 4]> {
    let items = dictionary.get(b"ByteRange")?.array()?;
    let all: Option<Vec<usize>> = items.iter().map(|n| usize::try_from(n.integer()?).ok()).collect();
    all?.try_into().ok()
}

/// Checks that the ranges leave out the signature's own digits and nothing else, that these digits are the value of the
/// signature dictionary of the file as it was signed, and that they stand just there in it.
pub(super) fn check(
    reading: &Reading<'_>,
    field: &Field<'_, '_>,
    value: &SignatureValue<'_, '_>,
) -> Result<CoveredSignature, Reason> {
    const RANGE: Reason = &verified::RangeWrong;
    const MOVED: Reason = &verified::Moved;
    let bytes = reading.bytes;
    let range = numbers(value.dictionary).ok_or(&verified::RangeMissing as Reason)?;
    let [zero, from, to, length] = range;
    let end = to.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(RANGE)?;
    if zero != 0 || from == 0 || to < from + 2 || length == 0 {
        return Err(RANGE);
    }
    let gap = &bytes[from..to];
    let (Some(b'<'), Some(b'>')) = (gap.first(), gap.last()) else { return Err(RANGE) };
    let digits = unhex(&gap[1..gap.len() - 1]).ok_or(RANGE)?;
    let content = value.dictionary.get(b"Contents").and_then(Value::string).unwrap_or_default();
    if content.is_empty() || content != digits {
        return Err(MOVED);
    }
    // What is signed is the file as it was in one of its states, whole.
    let is_end = |revision: &usize| {
        let after = bytes.get(reading.end(*revision)..end);
        after.is_some_and(|rest| rest.iter().all(|b| b"\0\t\n\x0c\r ".contains(b)))
    };
    let revision = (0..reading.states()).find(is_end).ok_or(&verified::NoWholeFile as Reason)?;
    let state = reading.state(revision);
    let then = signature_fields(&state).into_iter().find(|f| f.name == field.name && f.id == field.id).ok_or(MOVED)?;
    let signed = then.value(&state).ok_or(MOVED)?;
    if signed.id != value.id || signed.dictionary != value.dictionary {
        return Err(MOVED);
    }
    let (number, path): (u32, &[&[u8]]) = match value.id {
        Some(id) => (id.0, &[b"Contents"]),
        None => (field.id.0, &[b"V", b"Contents"]),
    };
    let placed = state.version(number).and_then(|v| reading.placed(v)).ok_or(MOVED)?;
    if place_of(bytes, placed.start, path) != Some((from, to)) {
        return Err(MOVED);
    }
    Ok(CoveredSignature { range, content: content.to_vec(), revision })
}
