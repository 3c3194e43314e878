//! Whether a file can be signed so that the signature says one thing: what is signed has one reading, and no earlier
//! signature is broken.

use std::collections::{BTreeMap, BTreeSet};

use sigill_messages::Localize;

use crate::error::{Error, ErrorKind, Result};
use crate::messages::examined as texts;
use crate::strict::{self, State, signature_fields};
use crate::verify::{Permissions, has_several_roles, is_hidden};

/// What is doubtful in a file that is to be signed, without keeping it from being signed: objects that it points at and
/// does not have, hidden fields for others. Both are told apart later, but not by all programs.
///
/// # Errors
/// When the file has more than one reading, or a signature in it does not let the field be signed.
pub fn examine(pdf: &[u8], field: &str) -> Result<Vec<Error>> {
    let unpacked = strict::open(pdf)?;
    let reading = unpacked.reading();
    let ambiguous = |why: &dyn Localize| Error::new(ErrorKind::Ambiguous, why);
    if let Some(fault) = reading.faults.iter().find(|f| !f.mended) {
        return Err(ambiguous(&texts::Ambiguous { fault: &fault.words() }));
    }
    let state = reading.newest();
    permitted(&state, field)?;
    if let Some(number) = has_several_roles(&state) {
        return Err(ambiguous(&texts::Several { number: &number }));
    }
    let mut doubts = Vec::new();
    let missing = missing(&state);
    if !missing.is_empty() {
        let all: Vec<String> = missing.iter().take(5).map(u32::to_string).collect();
        let more = if missing.len() > all.len() { " …" } else { "" };
        doubts.push(ambiguous(&texts::Missing { numbers: &format!("{}{more}", all.join(", ")) }));
    }
    for other in signature_fields(&state).iter().filter(|f| f.name != field && !f.dictionary.has(b"V")) {
        if is_hidden(&state, other) {
            doubts.push(ambiguous(&texts::Hidden { name: &other.name }));
        }
    }
    Ok(doubts)
}

/// Refuses a field that an earlier signature locks, and any when one certifies that nothing changes.
pub(crate) fn permitted(state: &State<'_, '_>, field: &str) -> Result<()> {
    for earlier in signature_fields(state) {
        let Some(value) = earlier.value(state) else { continue };
        let permissions = Permissions::of(state, &earlier, &value);
        if permissions.level == Some(1) {
            return Err(Error::new(ErrorKind::Locked, &texts::Certified { name: &earlier.name }));
        }
        if permissions.locks(field) {
            return Err(Error::new(ErrorKind::Locked, &texts::Locked { name: &field, by: &earlier.name }));
        }
    }
    Ok(())
}

/// Numbers that something refers to and that no object has.
fn missing(state: &State<'_, '_>) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    let mut known: BTreeMap<u32, bool> = BTreeMap::new();
    for (_, value) in state.content() {
        value.references(b"", &mut |id, _| {
            if !*known.entry(id.0).or_insert_with(|| state.get(id).is_some()) {
                out.insert(id.0);
            }
        });
    }
    out
}
