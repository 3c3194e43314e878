//! Verification, as ETSI EN 319 102-1 orders it: format, cryptography, certificate, time, revocation, later changes.

mod changes;
mod coverage;
mod item;
mod judge;
mod policy;
mod report;
mod tail;

pub use policy::Policy;
pub use report::{FileVerification, Signatory, SignatureReport, Stamp};

use std::collections::BTreeSet;
use std::rc::Rc;

use lopdf::{Document, Object};

use crate::crypto::{Digest, hex};
use crate::dss;
use crate::error::Result;
use crate::messages::{forbidden, verified};
use crate::pdf::{Pdf, fields, get_array, get_dictionary};
use changes::Change;
use item::JudgedSignature;

/// Verifies every signature of a file.
///
/// # Errors
/// When the file cannot be read at all.
pub fn verify(pdf: &[u8], policy: &Policy<'_>) -> Result<FileVerification> {
    let document = &Rc::new(Pdf::load(pdf)?.document);
    let mut unsigned = Vec::new();
    let mut items = Vec::new();
    for field in fields::all(document) {
        let Some(value) = field.value.clone() else {
            unsigned.push(field.name);
            continue;
        };
        let covered = coverage::check(pdf, document, &field, &value);
        items.push(JudgedSignature { field, value, covered, changes: BTreeSet::new() });
    }
    items.sort_by_key(|i| coverage::stated_end(&i.value.dictionary));
    refuse_shared(&mut items);
    find_changes(pdf, document, &mut items);
    let store = dss::read(document);
    let mut judge = judge::Judge::new(pdf, policy, store);
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
fn refuse_shared(items: &mut [JudgedSignature]) {
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

/// Finds what was added after each signature, update by update.
fn find_changes(pdf: &[u8], whole: &Document, items: &mut [JudgedSignature]) {
    let Some(first) = items.iter().position(|i| i.covered.is_ok()) else { return };
    let mut later: Vec<(usize, BTreeSet<Change>)> = Vec::new();
    if let Ok(covered) = &items[first].covered {
        let mut before: Option<Document> = None;
        let told = tail::updates(pdf, covered.end(), whole, |end, after| {
            later.push((end, changes::between(before.as_ref().unwrap_or(&covered.revision), &after)));
            before = Some(after);
        });
        if let Err(at) = told {
            let change = changes::forbidden(&forbidden::NoUpdate { at: &at });
            later.push((pdf.len(), BTreeSet::from([change])));
        }
    }
    let locked = items[first].covered.as_ref().is_ok_and(|c| forbids_signatures(&c.revision));
    for item in items.iter_mut() {
        let Ok(covered) = &item.covered else { continue };
        let end = covered.end();
        item.changes = later.iter().filter(|(e, _)| *e > end).flat_map(|(_, c)| c.iter().cloned()).collect();
        if locked && item.changes.iter().any(|c| matches!(c, Change::Signature(_))) {
            item.changes.insert(changes::forbidden(&forbidden::NoMore));
        }
    }
}

/// Whether a certification signature allows no changes (ISO 32000-1, 12.8.2.2).
fn forbids_signatures(document: &Document) -> bool {
    let permission = || {
        let permissions = get_dictionary(document, document.catalog().ok()?, b"Perms")?;
        let signature = get_dictionary(document, permissions, b"DocMDP")?;
        let reference = get_array(document, signature, b"Reference")?.first()?;
        let reference = crate::pdf::deref(document, reference)?.as_dict().ok()?;
        let parameters = get_dictionary(document, reference, b"TransformParams")?;
        parameters.get(b"P").and_then(Object::as_i64).ok()
    };
    permission() == Some(1)
}
