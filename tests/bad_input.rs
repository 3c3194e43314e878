//! Reports broken in every way: each gives findings, never a crash and never half a file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sigill_model::Code;

use crate::support::{Run, files_below, json_lines, root, sigill_in, workspace};

const REPORTS: [&str; 7] = [
    "exempel/delarsrapport",
    "exempel/dokument",
    "exempel/kallelse",
    "exempel/ordforandeforslag",
    "exempel/projektuppfoljning",
    "exempel/tjansteskrivelse",
    "botkyrka-sn-2013-05-28/2-projekt-5258",
];

/// Stands for text that serde_json would not write: a number beyond all bounds.
const HUGE: &str = "@HUGE@";
const HUGE_DIGITS: &str = "@DIGITS@";

fn source(report: &str) -> String {
    fs::read_to_string(root().join(format!("fixtures/{report}.json"))).expect("read")
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("botten"), |inner, i| if i % 2 == 0 { json!([inner]) } else { json!({ "content": inner }) })
}

/// What any value is replaced by.
fn replacements() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-17),
        json!(""),
        json!([]),
        json!({}),
        json!(HUGE),
        json!(HUGE_DIGITS),
        nested(60),
        json!("lång ".repeat(4000)),
        json!("x".repeat(3000)),
        json!("\u{0}\u{1b}[31m\u{202e}"),
        json!("*_[^1]: <b>`# - > ![a](b)"),
        json!("9999-99-99"),
        json!([{ "type": "table" }]),
    ]
}

fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(o) => o.iter().for_each(|(k, v)| places(v, &format!("{at}/{k}"), out)),
        Value::Array(a) => a.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), out)),
        _ => {}
    }
}

/// Reports with one value replaced: every place with a few replacements, every replacement in many places.
fn with_values_replaced(report: &str) -> Vec<Vec<u8>> {
    let value: Value = serde_json::from_str(&source(report)).expect("JSON");
    let (mut all, replacements) = (Vec::new(), replacements());
    places(&value, "", &mut all);
    let mut out = Vec::new();
    for (i, place) in all.iter().enumerate().skip(1) {
        for k in 0..3 {
            let mut copy = value.clone();
            *copy.pointer_mut(place).expect("a place") = replacements[(i + k * 5) % replacements.len()].clone();
            let text = serde_json::to_string_pretty(&copy).expect("JSON");
            let text = text.replace(&format!("\"{HUGE}\""), "1e400");
            out.push(text.replace(&format!("\"{HUGE_DIGITS}\""), &"7".repeat(400)).into_bytes());
        }
    }
    out
}

/// Reports cut off, and with single bytes changed, all along the file.
fn with_bytes_broken(report: &str) -> Vec<Vec<u8>> {
    let bytes = source(report).into_bytes();
    let mut out = Vec::new();
    for i in 0..40 {
        out.push(bytes[..bytes.len() * i / 40].to_vec());
    }
    for i in 0..90 {
        let mut copy = bytes.clone();
        let at = bytes.len() * i / 90;
        // Marks of JSON and of text, a control character, and bytes that are no UTF-8.
        copy[at] = [b'"', b'{', b']', b',', b'\\', b'\n', 0, 0x80, 0xFF][i % 9];
        out.push(copy);
    }
    out
}

/// Writes reports with the picture they name into a fresh folder.
fn write_all(name: &str, reports: &[Vec<u8>]) -> PathBuf {
    let folder = workspace(name);
    fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("logga.svg")).expect("copied");
    for (i, report) in reports.iter().enumerate() {
        fs::write(folder.join(format!("{i:05}.json")), report).expect("written");
    }
    folder
}

/// What is wrong with a finding; a reader must be able to act on it.
fn fault_of(finding: &Value, source: &[u8]) -> Option<String> {
    let text = |key: &str| finding[key].as_str().unwrap_or_default();
    let known = text("code").parse::<Code>().is_ok();
    let said = !text("message_sv").is_empty() && !text("message_en").is_empty();
    let graded = matches!(text("severity"), "error" | "warning");
    let pointed =
        finding["pointer"].as_str().is_some_and(|p| (p.is_empty() || p.starts_with('/')) && !p.ends_with("#key"));
    if !(known && said && graded && pointed) {
        return Some(format!("ill-formed: {finding}"));
    }
    let short = ["message_sv", "message_en", "help_sv", "help_en"].iter().all(|k| text(k).chars().count() < 1500);
    if !short {
        return Some(format!("too long: {}…", &text("message_sv").chars().take(200).collect::<String>()));
    }
    // Without a line the whole file is meant: too large, another encoding.
    let line = finding["line"].as_u64()?;
    let (column, width) = (finding["column"].as_u64().unwrap_or(0), finding["width"].as_u64().unwrap_or(0));
    let source = String::from_utf8_lossy(source);
    let there = source.split('\n').nth(line as usize - 1).map(|l| l.chars().count() as u64);
    let inside = there.is_some_and(|length| column >= 1 && column <= length + 1 && width >= 1);
    (!inside).then(|| format!("outside the file: {finding}"))
}

/// Fails on a crash, a lost report, or a finding nobody could use.
#[track_caller]
fn assert_sound(run: &Run, folder: &Path, count: usize) -> Vec<Value> {
    assert!(matches!(run.code, 0 | 1), "exit code {}: {}", run.code, run.err);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    let lines = json_lines(run);
    assert_eq!(lines.len(), count, "every report is told of");
    let mut wrong = Vec::new();
    for line in &lines {
        let name = line["input"].as_str().expect("input");
        if !line["failure"].is_null() {
            wrong.push(format!("{name}: {}", line["failure"]));
        }
        let source = fs::read(folder.join(name)).expect("read");
        let findings = line["diagnostics"].as_array().expect("findings");
        wrong.extend(findings.iter().filter_map(|f| fault_of(f, &source)).map(|e| format!("{name}: {e}")));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
    lines
}

fn check_all(folder: &Path, count: usize) -> Vec<Value> {
    let run = sigill_in(folder, &["check", ".", "--format", "json"], b"");
    assert_sound(&run, folder, count)
}

#[test]
fn a_finding_nobody_could_use_is_seen() {
    let good = json!({"code": "SUM001", "severity": "error", "pointer": "/a", "line": 2, "column": 3, "width": 1,
        "message_sv": "x", "message_en": "x"});
    assert_eq!(fault_of(&good, b"a\nab\n"), None);
    for (key, value) in [
        ("code", json!("XXX001")),
        ("severity", json!("fatal")),
        ("pointer", json!("a")),
        ("pointer", json!("/a#key")),
        ("line", json!(4)),
        ("column", json!(4)),
        ("column", json!(0)),
        ("message_sv", json!("")),
        ("message_en", Value::Null),
        ("message_en", json!("x".repeat(5000))),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(fault_of(&bad, b"a\nab\n").is_some(), "{bad}");
    }
}

#[test]
fn any_value_may_be_wrong() {
    for report in REPORTS {
        let mutants = with_values_replaced(report);
        let folder = write_all(&format!("values/{report}"), &mutants);
        let lines = check_all(&folder, mutants.len());
        let faulty = lines.iter().filter(|l| l["errors"] != 0).count();
        // Most replacements are faults: were they not found, this test would say nothing.
        assert!(faulty * 2 > lines.len(), "{report}: {faulty} of {}", lines.len());
    }
}

#[test]
fn any_byte_may_be_wrong() {
    let mutants: Vec<_> = REPORTS.iter().flat_map(|r| with_bytes_broken(r)).collect();
    let folder = write_all("bytes", &mutants);
    let lines = check_all(&folder, mutants.len());
    let faulty = lines.iter().filter(|l| l["errors"] != 0).count();
    assert!(faulty * 2 > lines.len(), "{faulty} of {}", lines.len());
}

/// What the checks let through can be set: a layout that stops is a rule that is missing.
#[test]
fn broken_reports_leave_whole_files_or_none() {
    let values = REPORTS.iter().flat_map(|r| with_values_replaced(r)).step_by(17);
    let mutants: Vec<_> = values.chain(REPORTS.iter().flat_map(|r| with_bytes_broken(r)).step_by(23)).collect();
    let folder = write_all("half-written", &mutants);
    let run = sigill_in(&folder, &["render", ".", "-o", "ut", "--jobs", "2", "--format", "json"], b"");
    let lines = assert_sound(&run, &folder, mutants.len());
    let (mut made, mut stopped) = (Vec::new(), Vec::new());
    for line in &lines {
        let findings = line["diagnostics"].as_array().expect("findings");
        stopped.extend(
            findings
                .iter()
                .filter(|f| f["code"] == "LAY001" || f["code"] == "PDF001")
                .map(|f| format!("{} {}: {}", line["input"], f["pointer"], f["message_sv"])),
        );
        assert_eq!(line["errors"] == 0, line["output"].is_string(), "{line}");
        if let Some(output) = line["output"].as_str() {
            let pdf = fs::read(folder.join(output)).expect("read");
            assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"), "{output}");
            made.push(output.trim_start_matches("ut/").to_owned());
        }
    }
    assert!(stopped.is_empty(), "{}", stopped.join("\n"));
    assert!(made.len() > 10, "{}", made.len());
    assert_eq!(files_below(&folder.join("ut")), made, "nothing but whole PDFs is left");
}

#[test]
fn files_that_are_no_reports() {
    let utf16: Vec<u8> = "\u{feff}{\"kind\": \"dokument\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &str); 14] = [
        (b"", "JSN001"),
        (b" \n\t", "JSN001"),
        (b"\xEF\xBB\xBF", "JSN001"),
        (&utf16, "JSN002"),
        (b"null", "MOD001"),
        (b"[]", "MOD001"),
        (b"\"dokument\"", "MOD001"),
        (b"1e999999999", "MOD001"),
        (b"{}", "MOD001"),
        (b"{\"kind\": \"\\ud800\"}", "JSN001"),
        (b"{\"kind\": \"a\x00b\"}", "MOD001"),
        (b"{\"kind\": \"dokument\"} {}", "JSN001"),
        (b"{\"kind\": \"../../etc\", \"profile\": \"../botkyrka\"}", "MOD001"),
        (b"%PDF-1.7", "JSN001"),
    ];
    let reports: Vec<_> = cases.iter().map(|(bytes, _)| bytes.to_vec()).collect();
    let folder = write_all("no-reports", &reports);
    let lines = check_all(&folder, reports.len());
    for ((bytes, code), line) in cases.iter().zip(&lines) {
        let codes: Vec<_> = line["diagnostics"].as_array().into_iter().flatten().map(|d| d["code"].clone()).collect();
        assert!(codes.contains(&json!(code)), "{}: {codes:?}, not {code}", String::from_utf8_lossy(bytes));
    }
}
