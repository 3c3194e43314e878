//! Verifying, and what came of it as text, as JSON, and as a document to keep beside the file: some archives keep the
//! evidence rather than the signature.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sigill_layout::{Engine, Input, NoFiles, Options};
use sigill_messages::In;
use sigill_model::json::Source;
use sigill_model::{Lang, Localize, Texts};
use sigill_orders::{Conformance, ConformanceCheck};
use sigill_pack::verdict::examine;
use sigill_sign::{FileVerification, Indication, Outside, Policy, SignatureReport, shown};

use crate::certificates::trusted;
use crate::error::Error;
use crate::http::Http;
use crate::messages::{label, verified};
use crate::swedish_time::swedish_time;

/// Verifies the signatures of a PDF at a time; `online` lets it fetch revocation that the file does not tell.
///
/// # Errors
/// When the file cannot be read, or trusted certificates cannot. Signatures that do not hold stand in the report.
pub fn verify(pdf: &[u8], trust: &[PathBuf], time: DateTime<Utc>, online: bool) -> Result<FileVerification, Error> {
    let trusted = trusted(trust)?;
    let http = Http::new();
    let outside: Option<&dyn Outside> = if online { Some(&http) } else { None };
    Ok(sigill_sign::verify(pdf, &Policy { trusted: &trusted, time, outside })?)
}

/// What a validator is expected to say of a file.
pub fn conformance(pdf: &[u8]) -> Conformance {
    let verdict = examine(pdf);
    let check = |c: &sigill_pack::verdict::Check| ConformanceCheck {
        clause: c.clause.to_owned(),
        passed: c.faults == 0,
        rule: c.rule.clone(),
    };
    Conformance {
        archival: verdict.archival(),
        accessible: verdict.accessible(),
        checks: verdict.checks.iter().map(check).collect(),
    }
}

/// The report as data.
pub fn json(report: &FileVerification, name: &str) -> Value {
    let mut value = json!({"input": name, "passed": report.passed()});
    if let (Value::Object(out), Value::Object(more)) = (&mut value, json!(report)) {
        out.extend(more);
    }
    value
}

fn noted(lang: Lang, notes: &[Texts]) -> Vec<String> {
    notes.iter().map(|n| n.get(lang).to_owned()).collect()
}

/// The verdict on one signature in a word.
fn verdict(indication: Indication) -> &'static dyn Localize {
    match indication {
        Indication::TotalPassed => &verified::Valid,
        Indication::Indeterminate => &verified::Undecided,
        Indication::TotalFailed => &verified::Invalid,
    }
}

fn overall(lang: Lang, report: &FileVerification) -> String {
    let said: &dyn Localize = match report.passed() {
        _ if report.signatures.is_empty() => &verified::NotSigned,
        true => &verified::AllValid,
        false => &verified::NotAllValid,
    };
    In(lang, said).to_string()
}

/// Label and value of each thing to be said of a signature.
fn facts(lang: Lang, s: &SignatureReport) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut add = |name: &dyn Localize, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.push((In(lang, name).to_string(), value));
        }
    };
    // Why it does not hold stands beside the result; the other notes come further down, and codes last.
    let holds = s.indication == Indication::TotalPassed;
    let (reason, notes) = match noted(lang, &s.notes).split_first() {
        Some((reason, rest)) if !holds => (format!(": {reason}"), rest.to_vec()),
        _ => (String::new(), noted(lang, &s.notes)),
    };
    add(&label::Result, Some(format!("{}{reason}", In(lang, verdict(s.indication)))));
    let by: &dyn Localize = if s.is_timestamp { &label::TimestampService } else { &label::SignedBy };
    if let Some(signatory) = &s.signatory {
        let organisation = signatory.organisation.as_ref().map(|o| format!(", {o}")).unwrap_or_default();
        add(by, Some(format!("{}{organisation}", signatory.name)));
        add(&label::Issuer, Some(signatory.issuer.clone()));
        add(&label::Serial, Some(signatory.serial.clone()));
        let (from, to) = (signatory.not_before.format("%Y-%m-%d"), signatory.not_after.format("%Y-%m-%d"));
        add(&label::CertificateValid, Some(format!("{from} – {to}")));
    }
    add(&label::Level, s.level.map(|l| format!("PAdES {l}")));
    add(&label::ClaimedTime, s.claimed_time.clone());
    add(&label::ProvenTime, s.proven_time.map(|t| format!("{} ({})", swedish_time(t), t.format("%Y-%m-%dT%H:%M:%SZ"))));
    add(&label::Reason, s.reason.clone());
    add(&label::Location, s.location.clone());
    let covers: &dyn Localize = if s.covers_file { &verified::WholeFile } else { &verified::FileThen };
    let covers = In(lang, covers);
    // What was changed is no longer what the signature was made over.
    add(&label::Covers, (s.covered_bytes > 0).then(|| format!("{covers}, {} byte", s.covered_bytes)));
    for stamp in &s.timestamps {
        let valid: &dyn Localize = if stamp.valid { &verified::Valid } else { &verified::Invalid };
        let valid = In(lang, valid);
        add(&label::Timestamp, Some(format!("{}, {}, {valid}", swedish_time(stamp.time), stamp.service)));
    }
    add(&label::LaterChanges, Some(noted(lang, &s.later_changes).join("; ")));
    add(&label::Note, Some(notes.join("; ")));
    let sub = s.sub_indication.map(|sub| format!(" / {sub}")).unwrap_or_default();
    add(&label::Code, Some(format!("{}{sub}", s.indication)));
    out
}

fn heading(lang: Lang, s: &SignatureReport) -> String {
    let kind: &dyn Localize = if s.is_timestamp { &label::Timestamp } else { &label::Signature };
    format!("{} ”{}”", In(lang, kind), s.field)
}

/// The report as text. What a file says of itself never drives the terminal.
pub fn text(report: &FileVerification, name: &str, lang: Lang) -> String {
    let mut out = format!("{name}\n{}\n", overall(lang, report));
    for s in &report.signatures {
        out.push_str(&format!("\n{}\n", heading(lang, s)));
        for (label, value) in facts(lang, s) {
            out.push_str(&format!("  {label}: {value}\n"));
        }
    }
    if !report.unsigned_fields.is_empty() {
        let fields = report.unsigned_fields.join(", ");
        out.push_str(&format!("\n{}: {fields}\n", In(lang, &label::UnsignedFields)));
    }
    out.push_str(&format!("\nSHA-256: {}\n", report.file_sha256));
    let (label, time) = (In(lang, &label::Verified), report.time.format("%Y-%m-%dT%H:%M:%SZ"));
    out.push_str(&format!("{label}: {} ({time})\n", swedish_time(report.time)));
    out.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

/// Text that stands as it is, whatever marks of CommonMark it has.
fn plain(text: &str) -> String {
    let mut out = String::new();
    // Few fonts have a glyph for what stands in place of such marks.
    for c in shown(text).chars().map(|c| if c == '\u{FFFD}' { '?' } else { c }) {
        if c.is_ascii_punctuation() && !",.;:/()'=%\"".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The report as a document of the municipality, in Swedish: PDF/A-2a and PDF/UA-1 like all others.
///
/// # Errors
/// When the engine has no such profile, or cannot set the report.
pub fn pdf(engine: &Engine, report: &FileVerification, name: &str, profile: &str) -> Result<Vec<u8>, Error> {
    let items = |facts: Vec<(String, String)>| -> Vec<Value> {
        facts.iter().map(|(label, value)| json!({"label": plain(label), "value": plain(value)})).collect()
    };
    let digest: Vec<&str> = (0..4).filter_map(|i| report.file_sha256.get(i * 16..i * 16 + 16)).collect();
    let mut file = vec![
        ("Fil".to_owned(), name.to_owned()),
        ("Storlek".to_owned(), format!("{} byte", report.file_bytes)),
        ("SHA-256".to_owned(), digest.join(" ")),
        ("Kontrollerad".to_owned(), swedish_time(report.time)),
    ];
    if !report.unsigned_fields.is_empty() {
        file.push(("Fält utan underskrift".to_owned(), report.unsigned_fields.join(", ")));
    }
    let sections: Vec<Value> = report
        .signatures
        .iter()
        .map(|s| json!({"title": plain(&heading(Lang::Sv, s)), "content": [{"type": "facts", "items": items(facts(Lang::Sv, s))}]}))
        .collect();
    let model = json!({
        "kind": "dokument",
        "profile": profile,
        "dokumentsort": "Rapport",
        "title": "Kontroll av underskrifter",
        "date": report.time.format("%Y-%m-%d").to_string(),
        "content": [
            overall(Lang::Sv, report),
            {"type": "facts", "items": items(file)},
            "Resultaten anges enligt ETSI EN 319 102-1.",
        ],
        "sections": sections,
    });
    let source = Source::parse(model.to_string().as_bytes());
    let outcome = engine.render(&Input { source: &source, files: &NoFiles }, &Options::default());
    outcome.rendered.map(|r| r.pdf).ok_or(Error::Findings(outcome.diagnostics))
}
