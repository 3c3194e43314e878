//! Much of everything: numbers, formulas, depth and length.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Run, keep_pdf, sigill_in, words, workspace};

/// Longest any of these may take. They take a second or two; a busy machine may need more.
const REASONABLE: Duration = Duration::from_secs(60);

fn report(content: Value) -> Value {
    json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Prov", "date": "2026-05-04",
        "dnr": "EX 2026/97", "forvaltning": "Gatuenheten", "content": content,
    })
}

/// A table with a column of names, then columns `a`, `b` and so on, with formulas where given.
fn table(formulas: &[Option<&str>], rows: Value) -> Value {
    let mut columns = vec![json!({ "id": "post", "title": "Post" })];
    for (id, formula) in ('a'..).zip(formulas) {
        let mut column = json!({ "id": id.to_string(), "title": format!("Kolumn {id}"), "type": "amount" });
        if let Some(formula) = formula {
            column["formula"] = json!(formula);
        }
        columns.push(column);
    }
    json!({ "type": "table", "unit": "tkr", "columns": columns, "rows": rows })
}

/// Runs a command on a report and fails when it takes too long.
fn timed(name: &str, command: &str, source: &str) -> (Run, PathBuf) {
    let folder = workspace(&format!("bounds/{name}"));
    fs::write(folder.join("r.json"), source).expect("written");
    let start = Instant::now();
    let run = sigill_in(&folder, &[command, "r.json", "--format", "json"], b"");
    assert!(start.elapsed() < REASONABLE, "{name}: {:?}", start.elapsed());
    assert!(matches!(run.code, 0 | 1) && !run.err.contains("panicked"), "{name}: {} {}", run.code, run.err);
    (run, folder.join("r.pdf"))
}

fn refused(name: &str, source: &str, code: &str) {
    for command in ["check", "render"] {
        let (run, pdf) = timed(name, command, source);
        assert_eq!((run.code, pdf.exists()), (1, false), "{name}: {}", run.text());
        assert!(run.codes().iter().any(|c| c == code), "{name}: {:?}, not {code}", run.codes());
    }
}

fn renders(name: &str, source: &str) -> PathBuf {
    let (run, pdf) = timed(name, "render", source);
    assert_eq!((run.code, run.codes()), (0, vec![]), "{name}: {}", run.text());
    keep_pdf(&format!("bounds-{name}"), "a-2a+ua-1", &fs::read(&pdf).expect("read"));
    pdf
}

#[test]
fn numbers_have_the_digits_they_can_keep_or_are_refused() {
    let rows = json!([{ "cells": ["Rad", 12345] }]);
    let source = report(json!([table(&[None], rows)])).to_string();
    for (i, number) in ["7".repeat(29), "1e400".into(), "-1e400".into(), "1e30".into(), format!("0.{}", "3".repeat(40))]
        .iter()
        .enumerate()
    {
        refused(&format!("number-{i}"), &source.replace("12345", number), "TAB005");
    }
    // Beyond the digits of binary floating point, and still right.
    let pdf = renders("number-kept", &source.replace("12345", "9007199254740993"));
    if let Some(words) = words(&pdf) {
        let text: String = words.iter().map(|w| w.text.as_str()).collect();
        assert!(text.replace('\u{a0}', "").contains("9007199254740993"), "{text}");
    }
}

#[test]
fn formulas_that_cannot_be_computed() {
    let row = |cells: Value| json!([{ "cells": cells }]);
    let sum = |formula: &str| report(json!([table(&[None, None, Some(formula)], row(json!(["x", 1, 0, null])))]));
    refused(
        "circle",
        &report(json!([table(&[Some("b+1"), Some("a+1")], row(json!(["x", null, null])))])).to_string(),
        "TAB006",
    );
    refused("itself", &report(json!([table(&[Some("a+1")], row(json!(["x", null])))])).to_string(), "TAB006");
    for (name, formula) in [
        ("long", vec!["a"; 10_000].join("+")),
        ("parentheses", "(".repeat(1000) + "a" + &")".repeat(1000)),
        ("open", "(".repeat(1000)),
        ("minus", "-".repeat(5000) + "a"),
        ("code", "a; #panic()".into()),
        ("power", "a ** b".into()),
        ("unknown", "a + finns_inte".into()),
    ] {
        refused(&format!("formula-{name}"), &sum(&formula).to_string(), "TAB002");
    }
    // Deep but readable ones are computed, and what divides by nothing is left blank.
    renders("formula-90-deep", &sum(&("(".repeat(90) + "a" + &")".repeat(90))).to_string());
    renders("formula-divides-by-zero", &sum("a / b").to_string());
}

fn nested_sections(depth: usize) -> Value {
    let innermost = json!({ "title": format!("Nivå {depth}"), "content": "Botten." });
    (1..depth).rev().fold(innermost, |s, i| json!({ "title": format!("Nivå {i}"), "content": "x", "sections": [s] }))
}

#[test]
fn sections_go_deep_but_not_without_end() {
    let mut all = report(json!("x"));
    all["sections"] = json!([nested_sections(40)]);
    renders("sections-40", &all.to_string());
    all["sections"] = json!([nested_sections(100)]);
    refused("sections-100", &all.to_string(), "JSN003");
    refused("brackets", &"[".repeat(1_000_000), "JSN003");
    let text = ">".repeat(100_000) + " text";
    refused("quotes", &report(json!(text)).to_string(), "TXT003");
}

#[test]
fn long_words_stay_on_the_page() {
    let word = |c: &str| c.repeat(300);
    let url = format!("https://www.exempel.example/{}", "å-b".repeat(90));
    let mut all = report(json!([
        format!("{} {url}[^1]\n\n- {}\n\n[^1]: {}", word("a"), word("b"), word("c")),
        table(&[None], json!([{ "cells": [word("d"), 1] }])),
        { "type": "facts", "items": [{ "label": word("e"), "value": word("f") }] },
    ]));
    for (field, letter) in [("title", "g"), ("subtitle", "h")] {
        all[field] = json!(word(letter));
    }
    all["mottagare"] = json!([word("k")]);
    all["sections"] = json!([{ "title": word("l"), "content": "x" }]);
    all["signaturer"] = json!([{ "name": word("m"), "title": word("n") }]);
    all["bilagor"] = json!([{ "title": word("o") }]);
    let pdf = renders("long-words", &all.to_string());
    let Some(words) = words(&pdf) else { return };
    assert!(words.len() > 50, "the words are broken into {} parts", words.len());
    for w in words {
        let inside = w.left >= 0.0 && w.right <= w.size.0 && w.top >= 0.0 && w.bottom <= w.size.1;
        assert!(inside, "page {}: {} goes to {:.0} of {:.0}", w.page, w.text, w.right, w.size.0);
    }
}

#[test]
fn a_table_of_2000_rows() {
    let mut rows: Vec<_> = (0..2000).map(|i| json!({ "cells": [format!("Rad {i}"), i, 2 * i, null] })).collect();
    rows.push(json!({ "type": "total", "title": "Summa" }));
    let source = report(json!([table(&[None, None, Some("b - a")], json!(rows))])).to_string();
    let pdf = renders("2000-rows", &source);
    let Some(words) = words(&pdf) else { return };
    let row = |name: &str| {
        let first = words.iter().find(|w| w.text == name).expect("the row is there");
        let mut row: Vec<_> =
            words.iter().filter(|w| w.page == first.page && (w.top - first.top).abs() < 2.0).collect();
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        row.iter().flat_map(|w| w.text.chars()).filter(|c| !c.is_whitespace()).collect::<String>()
    };
    assert_eq!(row("1999"), "Rad1999199939981999", "with its computed cell");
    // 0 + 1 + … + 1999, and twice that.
    assert_eq!(row("Summa"), "Summa199900039980001999000");
}

#[test]
fn ten_thousand_footnotes() {
    let marks: Vec<_> = (0..10_000).map(|i| format!("ord[^{i}]")).collect();
    let notes: Vec<_> = (0..10_000).map(|i| format!("[^{i}]: not {i}")).collect();
    let source = report(json!(format!("{}\n\n{}", marks.join(" "), notes.join("\n\n")))).to_string();
    let (run, _) = timed("footnotes", "check", &source);
    assert_eq!((run.code, run.codes()), (0, vec![]));
    // Setting is for Typst to do in time; a tenth shows that none is lost.
    let (marks, notes) = (&marks[..1000], &notes[..1000]);
    let source = report(json!(format!("{}\n\n{}", marks.join(" "), notes.join("\n\n")))).to_string();
    let pdf = renders("footnotes-1000", &source);
    let Some(words) = words(&pdf) else { return };
    assert_eq!(words.iter().filter(|w| w.text == "not").count(), 1000);
}

/// What is wrong a hundred thousand times is told of in time, at most 200 times, and the rest counted once.
#[test]
fn findings_without_end() {
    let wrong: Vec<_> = (0..100_000).collect();
    let mut keywords = report(json!("x"));
    keywords["keywords"] = json!(wrong);
    let keys: String = wrong.iter().map(|i| format!(",\"k{i}\":\"\u{e000}\"")).collect();
    let unknown = report(json!("x")).to_string().trim_end_matches('}').to_owned() + &keys + "}";
    let twice = report(json!("x")).to_string().trim_end_matches('}').to_owned() + &keys + &keys + "}";
    let row = json!({ "id": "samma", "cells": ["x", 1] });
    let ids = report(json!([table(&[None], json!(vec![row; 50_000]))]));
    for (name, source) in
        [("types", keywords.to_string()), ("keys", unknown), ("twice", twice), ("ids", ids.to_string())]
    {
        for command in ["check", "render"] {
            let (run, _) = timed(&format!("endless-{name}"), command, &source);
            let codes = run.codes();
            assert_eq!((run.code, codes.len()), (1, 201), "{name}");
            assert_eq!(codes.iter().filter(|c| *c == "MOD009").count(), 1, "{name}");
        }
    }
}
