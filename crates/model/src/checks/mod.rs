//! Domain rules: what the schema cannot say.

mod kallelse;
mod parts;
mod tables;

pub use tables::table;

use crate::diagnostic::Diagnostic;
use crate::kinds::Document;
use crate::kinds::common::{Common, Text};
use crate::messages::{bes001, bes002, del001, dnr001, sig001, sig002};
use crate::profile::Profile;

/// Runs the domain rules of a document's kind.
pub fn check(document: &Document, profile: &Profile, found: &mut Vec<Diagnostic>) {
    common(document.common(), profile, found);
    match document {
        Document::Kallelse(d) => kallelse::check(d, profile, found),
        Document::Ordforandeforslag(d) => parts::ordforandeforslag(d, found),
        Document::Tjansteskrivelse(d) => parts::tjansteskrivelse(d, found),
        Document::Delarsrapport(d) => parts::delarsrapport(d, found),
        Document::Projektuppfoljning(d) => parts::projektuppfoljning(d, found),
        Document::Dokument(d) => parts::dokument(d, found),
        Document::Plugin(_) => {}
    }
}

fn common(common: &Common, profile: &Profile, found: &mut Vec<Diagnostic>) {
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
fn dnr(text: &str, pointer: &str, profile: &Profile, found: &mut Vec<Diagnostic>) {
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

/// Points of a decision: each is copied into the minutes, so each must stand alone.
fn beslutspunkter(points: &[Text], field: &str, required: bool, found: &mut Vec<Diagnostic>) {
    if required && points.is_empty() {
        found.push(del001::NoDecision { field: &field }.at(format!("/{field}")));
    }
    for (i, point) in points.iter().enumerate() {
        let pointer = format!("/{field}/{i}");
        let text = point.0.trim();
        if text.is_empty() {
            found.push(bes001::Empty.at(pointer));
            continue;
        }
        if text.contains("\n\n") || own_number(text) {
            found.push(bes002::Several.at(pointer));
        }
    }
}

fn own_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    text.starts_with("- ")
        || text.starts_with("* ")
        || ((1..=2).contains(&digits) && rest.starts_with([' ', '.', ')']) && rest[1..].starts_with(' '))
        || ((1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ")))
}

/// A part the kind must carry.
fn missing_part(field: &str, title: &str, found: &mut Vec<Diagnostic>) {
    found.push(del001::Missing { title: &title, field: &field }.at(format!("/{field}")));
}
