//! Verifying, and what came of it as text, as JSON, and as a document to keep beside the file: some archives keep the
//! evidence rather than the signature.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sigill_layout::{Engine, Input, NoFiles, Options};
use sigill_model::Lang;
use sigill_model::json::Source;
use sigill_orders::{Conformance, ConformanceCheck};
use sigill_pack::verdict::examine;
use sigill_sign::{Indication, Note, Outside, Policy, Report, SignatureReport};

use crate::certificates::trusted;
use crate::error::Error;
use crate::http::Http;
use crate::swedish_time::swedish_time;

/// Verifies the signatures of a PDF at a time; `online` lets it fetch revocation that the file does not tell.
///
/// # Errors
/// When the file cannot be read, or trusted certificates cannot. Signatures that do not hold stand in the report.
pub fn verify(pdf: &[u8], trust: &[PathBuf], time: DateTime<Utc>, online: bool) -> Result<Report, Error> {
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
        sv: c.sv.to_owned(),
        en: c.en.to_owned(),
    };
    Conformance {
        archival: verdict.archival(),
        accessible: verdict.accessible(),
        checks: verdict.checks.iter().map(check).collect(),
    }
}

/// The report as data.
pub fn json(report: &Report, name: &str) -> Value {
    let mut value = json!({"input": name, "passed": report.passed()});
    if let (Value::Object(out), Value::Object(more)) = (&mut value, json!(report)) {
        out.extend(more);
    }
    value
}

fn pick(lang: Lang, sv: &str, en: &str) -> String {
    if lang == Lang::Sv { sv } else { en }.to_owned()
}

fn noted(lang: Lang, notes: &[Note]) -> Vec<String> {
    notes.iter().map(|n| pick(lang, &n.sv, &n.en)).collect()
}

/// The verdict on one signature in a word.
fn verdict(lang: Lang, indication: Indication) -> String {
    match indication {
        Indication::TotalPassed => pick(lang, "giltig", "valid"),
        Indication::Indeterminate => pick(lang, "går inte att avgöra", "cannot be decided"),
        Indication::TotalFailed => pick(lang, "ogiltig", "not valid"),
    }
}

fn overall(lang: Lang, report: &Report) -> String {
    let all = &report.signatures;
    if all.is_empty() {
        return pick(lang, "Filen är inte undertecknad.", "The file is not signed.");
    }
    if report.passed() {
        return pick(lang, "Alla underskrifter är giltiga.", "All signatures are valid.");
    }
    pick(lang, "Filen har underskrifter som inte är giltiga.", "The file has signatures that are not valid.")
}

/// Label and value of each thing to be said of a signature.
fn facts(lang: Lang, s: &SignatureReport) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut add = |sv: &str, en: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.push((pick(lang, sv, en), value));
        }
    };
    let sub = s.sub_indication.map(|sub| format!(" / {sub}")).unwrap_or_default();
    let result = format!("{} ({}{sub})", verdict(lang, s.indication), s.indication.name());
    add("Resultat", "Result", Some(result));
    let by = ("Undertecknare", "Signed by");
    let by = if s.is_timestamp { ("Tidsstämplingstjänst", "Timestamp service") } else { by };
    if let Some(signatory) = &s.signatory {
        let organisation = signatory.organisation.as_ref().map(|o| format!(", {o}")).unwrap_or_default();
        add(by.0, by.1, Some(format!("{}{organisation}", signatory.name)));
        add("Utfärdare", "Issuer", Some(signatory.issuer.clone()));
        add("Certifikatets nummer", "Serial number", Some(signatory.serial.clone()));
        let (from, to) = (signatory.not_before.format("%Y-%m-%d"), signatory.not_after.format("%Y-%m-%d"));
        add("Certifikatet gäller", "Certificate valid", Some(format!("{from} – {to}")));
    }
    add("Nivå", "Level", s.level.map(|l| format!("PAdES {l}")));
    add("Uppgiven tid", "Claimed time", s.claimed_time.clone());
    add(
        "Bevisad tid",
        "Proven time",
        s.proven_time.map(|t| format!("{} ({})", swedish_time(t), t.format("%Y-%m-%dT%H:%M:%SZ"))),
    );
    add("Skäl", "Reason", s.reason.clone());
    add("Plats", "Location", s.location.clone());
    let covers = if s.covers_file {
        pick(lang, "hela filen", "the whole file")
    } else {
        pick(lang, "filen som den var då", "the file as it was then")
    };
    add("Omfattar", "Covers", Some(format!("{covers}, {} byte", s.covered_bytes)));
    for stamp in &s.timestamps {
        let valid = if stamp.valid { pick(lang, "giltig", "valid") } else { pick(lang, "ogiltig", "not valid") };
        add("Tidsstämpel", "Timestamp", Some(format!("{}, {}, {valid}", swedish_time(stamp.time), stamp.service)));
    }
    add("Senare tillägg", "Added later", Some(noted(lang, &s.later_changes).join("; ")));
    add("Anmärkning", "Note", Some(noted(lang, &s.notes).join("; ")));
    out
}

fn heading(lang: Lang, s: &SignatureReport) -> String {
    let kind = if s.is_timestamp { ("Tidsstämpel", "Timestamp") } else { ("Underskrift", "Signature") };
    format!("{} ”{}”", pick(lang, kind.0, kind.1), s.field)
}

/// The report as text. What a file says of itself never drives the terminal.
pub fn text(report: &Report, name: &str, lang: Lang) -> String {
    let mut out = format!("{name}\n{}\n", overall(lang, report));
    for s in &report.signatures {
        out.push_str(&format!("\n{}\n", heading(lang, s)));
        for (label, value) in facts(lang, s) {
            out.push_str(&format!("  {label}: {value}\n"));
        }
    }
    if !report.unsigned_fields.is_empty() {
        let label = pick(lang, "Fält utan underskrift", "Fields without signature");
        out.push_str(&format!("\n{label}: {}\n", report.unsigned_fields.join(", ")));
    }
    out.push_str(&format!("\nSHA-256: {}\n", report.file_sha256));
    let label = pick(lang, "Kontrollerad", "Verified");
    out.push_str(&format!("{label}: {} ({})\n", swedish_time(report.time), report.time.format("%Y-%m-%dT%H:%M:%SZ")));
    let drives =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    out.chars().map(|c| if drives(c) { '\u{FFFD}' } else { c }).collect()
}

/// Text that stands as it is, whatever marks of CommonMark it has.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
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
pub fn pdf(engine: &Engine, report: &Report, name: &str, profile: &str) -> Result<Vec<u8>, Error> {
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
