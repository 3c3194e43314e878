//! What every document carries: numbers and places to sign.

use crate::diagnostic::Diagnostic;
use crate::kinds::common::Common;
use crate::messages::{dnr001, dnr002, sig001, sig002};
use crate::profile::Profile;

/// The rules for what every kind carries.
pub(crate) fn common(common: &Common, profile: &Profile, found: &mut Vec<Diagnostic>) {
    if let Some(d) = &common.dnr {
        dnr(d, "/dnr", profile, found);
    }
    for (i, d) in common.andra_dnr.iter().enumerate() {
        dnr(d, &format!("/andra_dnr/{i}"), profile, found);
    }
    let mut ids: Vec<String> = Vec::new();
    for (i, s) in common.signaturer.iter().enumerate() {
        if s.name.as_ref().is_none_or(|n| n.0.trim().is_empty()) {
            found.push(sig001::NoName.at(format!("/signaturer/{i}/name")));
        }
        let id = s.id.clone().unwrap_or_else(|| default_signature_id(i));
        if ids.contains(&id) {
            found.push(sig002::FieldTwice { id: &id }.at(format!("/signaturer/{i}/id")));
        }
        ids.push(id);
    }
}

/// Name of the field of the signature at `index`, from 0, when it has no name of its own.
pub(crate) fn default_signature_id(index: usize) -> String {
    format!("underskrift-{}", index + 1)
}

/// A diarienummer against the municipality's own shapes.
pub(crate) fn dnr(text: &str, pointer: &str, profile: &Profile, found: &mut Vec<Diagnostic>) {
    if profile.accepts_dnr(text) {
        return;
    }
    let wrong = dnr001::WrongForm {
        given: &format_args!("{text:.60}"),
        municipality: &profile.name,
        example: &profile.dnr.example,
    };
    found.push(wrong.at(pointer));
}

/// A document that must have a diarienummer.
pub(crate) fn require_dnr(common: &Common, found: &mut Vec<Diagnostic>) {
    if common.dnr.is_none() {
        found.push(dnr002::Missing.at("/dnr"));
    }
}
