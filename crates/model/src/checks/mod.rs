//! Domain rules: what the schema cannot say.

mod kallelse;
mod parts;
mod tables;

pub use tables::table;

use crate::diagnostic::Diagnostic;
use crate::kinds::Document;
use crate::kinds::common::{Common, Text};
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
            found.push(
                Diagnostic::error(
                    "SIG001",
                    format!("/signaturer/{i}/name"),
                    "underskriften saknar namn",
                    "the signature has no name",
                )
                .help("skriv namnet på den som undertecknar i \"name\"", "write the signer's name in \"name\""),
            );
        }
        let id = s.id.clone().unwrap_or_else(|| default_signature_id(i));
        if ids.contains(&id) {
            found.push(
                Diagnostic::error(
                    "SIG002",
                    format!("/signaturer/{i}/id"),
                    format!("två underskrifter har fältnamnet ”{id}”"),
                    format!("two signatures have the field name \"{id}\""),
                )
                .help("ge varje underskrift ett eget fältnamn", "give each signature a field name of its own"),
            );
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
    let shown: String = text.chars().take(60).collect();
    let (name, example) = (&profile.name, &profile.dnr.example);
    found.push(
        Diagnostic::error(
            "DNR001",
            pointer,
            format!("”{shown}” ser inte ut som ett diarienummer i {name}"),
            format!("\"{shown}\" does not look like a diarienummer of {name}"),
        )
        .help(
            format!("skriv det som {example}; mönstret står i kommunens profil"),
            format!("write it like {example}; the pattern stands in the municipality's profile"),
        ),
    );
}

/// Points of a decision: each is copied into the minutes, so each must stand alone.
fn beslutspunkter(points: &[Text], field: &str, required: bool, found: &mut Vec<Diagnostic>) {
    if required && points.is_empty() {
        found.push(
            Diagnostic::error(
                "DEL001",
                format!("/{field}"),
                "dokumentet saknar förslag till beslut",
                "the document proposes no decision",
            )
            .help(
                format!("lägg till \"{field}\": [\"Nämnden godkänner …\"]"),
                format!("add \"{field}\": [\"Nämnden godkänner …\"]"),
            ),
        );
    }
    for (i, point) in points.iter().enumerate() {
        let pointer = format!("/{field}/{i}");
        let text = point.0.trim();
        if text.is_empty() {
            found.push(
                Diagnostic::error("BES001", pointer, "beslutspunkten är tom", "the point of decision is empty").help(
                    "skriv vad som ska beslutas eller ta bort punkten",
                    "write what is decided or remove the point",
                ),
            );
            continue;
        }
        if text.contains("\n\n") || own_number(text) {
            found.push(
                Diagnostic::error(
                    "BES002",
                    pointer,
                    "beslutspunkten har egen numrering eller flera stycken",
                    "the point has a number of its own or several paragraphs",
                )
                .help(
                    "gör varje åtgärd till en egen post i listan; punkterna numreras av sig själva",
                    "make every action an entry of the list; points are numbered by themselves",
                ),
            );
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
    found.push(
        Diagnostic::error(
            "DEL001",
            format!("/{field}"),
            format!("delen ”{title}” saknas eller är tom"),
            format!("the part \"{field}\" is missing or empty"),
        )
        .help(format!("lägg till \"{field}\""), format!("add \"{field}\"")),
    );
}
