//! Verification, as ETSI EN 319 102-1 orders it: format, cryptography, certificate, time, revocation, later changes.

mod changes;
mod coverage;
mod item;
mod judge;
mod permissions;
mod policy;
mod report;

pub(crate) use changes::{has_several_roles, is_hidden};
pub(crate) use permissions::Permissions;
pub use policy::Policy;
pub use report::{FileVerification, Signatory, SignatureReport, Stamp};

use std::collections::BTreeSet;

use sigill_messages::Texts;

use crate::crypto::{Digest, hex};
use crate::dss;
use crate::error::Result;
use crate::messages::verified;
use crate::shown::shown;
use crate::strict::{self, Reading, signature_fields};
use changes::Change;
use item::JudgedSignature;

/// Verifies every signature of a file.
///
/// # Errors
/// When the file cannot be read at all.
pub fn verify(pdf: &[u8], policy: &Policy<'_>) -> Result<FileVerification> {
    let unpacked = strict::open(pdf)?;
    let reading = unpacked.reading();
    let newest = reading.newest();
    let mut unsigned = Vec::new();
    let mut items = Vec::new();
    for field in signature_fields(&newest) {
        // A value that is no dictionary is nobody's signature.
        let Some(value) = field.value(&newest) else {
            unsigned.push(shown(&field.name));
            continue;
        };
        let covered = coverage::check(&reading, &field, &value);
        items.push(JudgedSignature { field, value, covered, changes: BTreeSet::new(), ambiguity: None, mended: None });
    }
    items.sort_by_key(|i| coverage::stated_end(i.value.dictionary));
    refuse_shared(&mut items);
    find_changes(&reading, &mut items);
    let store = dss::read(&newest);
    let mut judge = judge::Judge::new(&reading, policy, store);
    let mut signatures: Vec<SignatureReport> = Vec::new();
    // From the newest: each document timestamp that holds proves that what it covers existed by then.
    for item in items.iter().rev() {
        signatures.push(judge.item(item));
    }
    signatures.reverse();
    Ok(FileVerification {
        file_sha256: hex(&Digest::Sha256.of(pdf)),
        file_bytes: pdf.len(),
        time: policy.time,
        signatures,
        unsigned_fields: unsigned,
    })
}

/// One value is one field's.
fn refuse_shared(items: &mut [JudgedSignature<'_, '_>]) {
    for i in 1..items.len() {
        let (before, rest) = items.split_at_mut(i);
        let item = &mut rest[0];
        let shared = before
            .iter()
            .any(|b| b.value.id.is_some() && b.value.id == item.value.id || b.field.name == item.field.name);
        if shared {
            item.covered = Err(&verified::SharedField);
        }
    }
}

/// Finds what was added after each signature, state by state, and what in the file has more than one reading.
fn find_changes(reading: &Reading<'_>, items: &mut [JudgedSignature<'_, '_>]) {
    let first = items.iter().filter_map(|i| Some(i.covered.as_ref().ok()?.revision)).min();
    let Some(first) = first else { return };
    let later = changes::after(reading, first);
    for item in items.iter_mut() {
        let Ok(covered) = &item.covered else { continue };
        let (end, revision) = (covered.end(), covered.revision);
        item.changes = later.iter().filter(|(r, _)| *r > revision).flat_map(|(_, c)| c.iter().cloned()).collect();
        let refused = Permissions::of(&reading.state(revision), &item.field, &item.value).refused(&item.changes);
        item.changes.extend(refused);
        for fault in &reading.faults {
            if fault.at >= end {
                // After a signature nothing is mended: whoever added it could have done it well.
                item.changes.insert(Change::Forbidden(fault.words()));
            } else if !fault.mended {
                item.ambiguity.get_or_insert_with(|| fault.words());
            } else if fault.is_structural() {
                item.mended.get_or_insert_with(|| Texts::of(&verified::Mended { fault: &fault.words() }));
            }
        }
    }
}
