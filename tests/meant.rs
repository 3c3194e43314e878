//! Text means what its writer meant: nothing that Markdown would take away is lost in silence.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{keep_pdf, root, sigill_in, workspace};

/// A document of the example profile with these fields beside the usual ones.
fn document(fields: Value) -> Value {
    let mut model = json!({
        "kind": "dokument", "profile": "exempel", "title": "Prov", "date": "2026-05-12", "dnr": "EX 2026/1",
    });
    let members = fields.as_object().expect("an object").clone();
    model.as_object_mut().expect("an object").extend(members);
    model
}

/// Sets a document and returns its text as poppler reads it, and the codes found.
fn set(name: &str, fields: Value) -> (String, Vec<String>) {
    let folder = workspace(&format!("meant-{name}"));
    fs::write(folder.join("a.json"), document(fields).to_string()).expect("written");
    let run = sigill_in(&folder, &["render", "a.json", "-o", "a.pdf", "--format", "json"], b"");
    let pdf = folder.join("a.pdf");
    if run.code != 0 {
        return (String::new(), run.codes());
    }
    keep_pdf(&format!("meant-{name}"), "a-2a+ua-1", &fs::read(&pdf).expect("a PDF"));
    let out = Command::new("pdftotext").args(["-layout"]).arg(&pdf).arg("-").output().expect("pdftotext runs");
    (String::from_utf8(out.stdout).expect("text"), run.codes())
}

/// Without spaces that only lay out.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn signs_that_are_no_markup_are_printed_as_they_were_written() {
    let lines = [
        "Ytan är 5*3 m och 7*2 m.",
        "- 500 tkr sämre än budget",
        "3) - = ökade kostnader/minskade intäkter",
        "2009. Då inrättades nämnden.",
        "* utfallet är viktat",
        "> 65 år",
        "Utfallet* är viktat. 2 * 3 * 4 = 24, x < y och y > z.",
        "Skriv till Anna Ek <anna.ek@exempel.example>.",
        "1) först\n3) sedan",
    ];
    for (i, line) in lines.iter().enumerate() {
        let (text, found) = set(&format!("line-{i}"), json!({"content": format!("Före.\n\n{line}\n\nEfter.")}));
        assert_eq!(found, Vec::<String>::new(), "{line}");
        let text = squeezed(&text.replace('\u{A0}', " "));
        assert!(text.contains(&format!("Före. {} Efter.", squeezed(line))), "{line}: {text}");
    }
}

#[test]
fn tabs_and_lines_are_kept() {
    let facts = json!([{"type": "facts", "items": [{"label": "Tel", "value": "08-1\t08-2"}]}, "Namn\tAnna Ek", "Rad ett\nRad två"]);
    let (text, found) = set("tabs", json!({"content": facts}));
    assert_eq!(found, Vec::<String>::new());
    for kept in ["08-1 08-2", "Namn Anna Ek", "Rad ett\n"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

#[test]
fn addresses_can_be_copied() {
    let address = format!("https://www.exempel.example/{}/slut.pdf", "politik/namnder/handlingar".repeat(5));
    let (text, _) = set("address", json!({"content": format!("Se {address} här.")}));
    let copied: String = text.split_whitespace().collect();
    assert!(copied.contains(&address), "{text}");
    assert!(!text.contains('\u{200B}'), "{text}");
}

#[test]
fn notes_of_headings_and_cells_stand_once_and_never_in_bookmarks() {
    let table = json!({
        "type": "table", "title": "Mått[^t]\n\n[^t]: Om tabellen.",
        "columns": [{"id": "a", "title": "Namn[^h]\n\n[^h]: Om rubriken."}],
        "rows": [{"cells": ["Bostäder[^1]\n\n[^1]: Om cellen."]}],
    });
    let section = json!({"title": "Ekonomi[^1]\n\n[^1]: Preliminära siffror.", "content": [table]});
    let (text, found) = set("notes", json!({"contents": true, "sections": [section]}));
    assert_eq!(found, Vec::<String>::new());
    for note in ["Om tabellen.", "Om rubriken.", "Om cellen.", "Preliminära siffror."] {
        assert_eq!(text.matches(note).count(), 1, "{note}: {text}");
    }
    assert!(!text.contains('\\') && !text.contains("[^"), "{text}");
    let pdf = root().join("target/test-work/meant-notes/a.pdf");
    let qpdf = Command::new("qpdf").args(["--json", "--json-key=outlines"]).arg(&pdf).output();
    let outlines: Value = serde_json::from_slice(&qpdf.expect("qpdf runs").stdout).expect("JSON");
    let titles = outlines["outlines"].to_string();
    assert!(titles.contains("Ekonomi") && !titles.contains("Preliminära"), "{titles}");
}

#[test]
fn a_quotient_is_printed_as_per_cent_and_rounded_as_printed() {
    let columns = json!([
        {"id": "post", "title": "Post"},
        {"id": "budget", "title": "Budget", "type": "amount"},
        {"id": "utfall", "title": "Utfall", "type": "amount"},
        {"id": "andel", "title": "Andel", "type": "percent", "formula": "utfall / budget"},
        {"id": "n", "title": "Elever", "type": "integer"},
        {"id": "per", "title": "Per elev", "type": "integer", "formula": "utfall / n"},
    ]);
    let rows = json!([{"cells": ["Hyra", 800, 700, null, 3, 233]}, {"cells": ["El", 200, 100, 50, 3, null]}]);
    let table = json!([{"type": "table", "unit": "kr", "columns": columns, "rows": rows}]);
    let (text, found) = set("quotient", json!({"content": table}));
    assert_eq!(found, Vec::<String>::new());
    let text = squeezed(&text.replace('\u{A0}', " "));
    assert!(text.contains("Hyra 800 700 88 % 3 233") && text.contains("El 200 100 50 % 3 33"), "{text}");
}

#[test]
fn a_model_may_name_its_schema() {
    let (text, found) = set("schema", json!({"$schema": "./dokument.schema.json", "content": "Text."}));
    assert_eq!(found, Vec::<String>::new());
    assert!(text.contains("Text."));
}
