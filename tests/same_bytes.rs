//! The same input gives the same bytes, in every standard, place and number of processes; and the model comes back.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{
    Run, copy_of, files_below, finish, json_lines, keep_pdf, path_text, root, sigill, sigill_in, tool, words, workspace,
};

const REPORTS: [&str; 6] =
    ["delarsrapport", "dokument", "kallelse", "ordforandeforslag", "projektuppfoljning", "tjansteskrivelse"];
const STANDARDS: [&str; 6] = ["a-2a+ua-1", "a-3a+ua-1", "a-2u", "a-1a", "a-1b", "none"];

/// What the PDF's own metadata must say for each standard.
fn claims(standard: &str) -> &'static [&'static str] {
    match standard {
        "a-2a+ua-1" => &["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"],
        "a-3a+ua-1" => &["<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"],
        "a-2u" => &["<pdfaid:part>2<", "<pdfaid:conformance>U<"],
        "a-1a" => &["<pdfaid:part>1<", "<pdfaid:conformance>A<"],
        "a-1b" => &["<pdfaid:part>1<", "<pdfaid:conformance>B<"],
        _ => &[],
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

/// PDFs below a folder with their bytes.
fn pdfs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = files_below(folder).into_iter().filter(|n| n.ends_with(".pdf"));
    names.map(|n| (n.clone(), fs::read(folder.join(n)).expect("read"))).collect()
}

#[test]
fn every_report_renders_in_every_standard_and_claims_it() {
    for standard in STANDARDS {
        let out = workspace(&format!("standards/{standard}"));
        let args = ["render", "fixtures/exempel", "-o", &path_text(&out), "--standard", standard, "--format", "json"];
        let run = sigill(&args);
        assert_eq!((run.code, run.codes()), (0, vec![]), "{standard}: {}{}", run.text(), run.err);
        let made = pdfs(&out);
        assert_eq!(made.iter().map(|(n, _)| n.trim_end_matches(".pdf")).collect::<Vec<_>>(), REPORTS);
        for (name, pdf) in made {
            keep_pdf(&format!("cli-{}", name.trim_end_matches(".pdf")), standard, &pdf);
            for claim in claims(standard) {
                assert!(contains(&pdf, claim), "{name} in {standard} does not say {claim}");
            }
            let others = ["<pdfaid:part>", "<pdfuaid:part>"].map(|c| contains(&pdf, c));
            assert_eq!(others, [standard != "none", standard.ends_with("ua-1")], "{name} in {standard}");
        }
    }
}

#[test]
fn the_default_standard_is_a_2a_with_ua_1() {
    let out = workspace("default-standard");
    copy_of("ordforandeforslag", &out.join("x.json"));
    assert_eq!(sigill_in(&out, &["render", "x.json", "-o", "a.pdf"], b"").code, 0);
    assert_eq!(sigill_in(&out, &["render", "x.json", "-o", "b.pdf", "--standard", "a-2a+ua-1"], b"").code, 0);
    assert!(fs::read(out.join("a.pdf")).expect("read") == fs::read(out.join("b.pdf")).expect("read"));
}

/// Renders all reports in surroundings of their own.
fn rendered_with(folder: &Path, environment: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let out = folder.join("ut");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigill"));
    command.args(["render", "in", "-o", "ut"]).current_dir(folder).envs(environment.iter().copied());
    let run = finish(command.output());
    assert_eq!(run.code, 0, "{}", run.err);
    pdfs(&out)
}

#[test]
fn surroundings_do_not_change_a_byte() {
    let mut made = Vec::new();
    for (name, environment) in [
        ("surroundings-a", [("TZ", "UTC"), ("LANG", "C"), ("LC_ALL", "C"), ("HOME", "/")]),
        (
            "surroundings-b/långt ner",
            [("TZ", "Asia/Tokyo"), ("LANG", "sv_SE.UTF-8"), ("LC_ALL", "tr_TR"), ("HOME", "")],
        ),
    ] {
        let folder = workspace(name);
        for report in REPORTS {
            copy_of(report, &folder.join(format!("in/{report}.json")));
        }
        fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("in/logga.svg")).expect("copied");
        made.push(rendered_with(&folder, &environment));
    }
    let (second, first) = (made.pop().expect("two"), made.pop().expect("two"));
    assert_eq!(first.len(), REPORTS.len());
    for ((name, a), (_, b)) in first.iter().zip(&second) {
        assert!(a == b, "{name} differs with its surroundings");
    }
    // What is compared can differ: a report with another date gives other bytes.
    let folder = workspace("surroundings-c");
    let report = fs::read_to_string(root().join("fixtures/exempel/dokument.json")).expect("read");
    fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("logga.svg")).expect("copied");
    fs::write(folder.join("dokument.json"), report.replace("2026-05-04", "2026-05-05")).expect("written");
    assert_eq!(sigill_in(&folder, &["render", "dokument.json"], b"").code, 0);
    let (_, before) = first.iter().find(|(n, _)| n == "dokument.pdf").expect("dokument");
    assert!(before != &fs::read(folder.join("dokument.pdf")).expect("read"));
}

/// A folder where good, warned and bad reports alternate, so that results come out of order.
fn mixed(name: &str) -> std::path::PathBuf {
    let folder = workspace(name);
    fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("logga.svg")).expect("copied");
    for (i, report) in REPORTS.iter().enumerate() {
        copy_of(report, &folder.join(format!("{i}-a-{report}.json")));
    }
    for (i, bad) in ["SUM001/published-5258", "JSN001/kommatecken-saknas", "DEL002/tom-rubrik"].iter().enumerate() {
        let from = root().join(format!("fixtures/known-bad/{bad}.json"));
        fs::copy(from, folder.join(format!("{i}-b.json"))).expect("copied");
    }
    folder
}

#[test]
fn the_number_of_processes_changes_neither_bytes_nor_order() {
    let folder = mixed("jobs");
    let run = |jobs: &str, format: &str| -> (Run, Vec<(String, Vec<u8>)>) {
        let run = sigill_in(&folder, &["render", ".", "-o", "ut", "--jobs", jobs, "--format", format], b"");
        let made = pdfs(&folder.join("ut"));
        fs::remove_dir_all(folder.join("ut")).expect("removed");
        (run, made)
    };
    for format in ["json", "human"] {
        let (first, pdfs) = run("1", format);
        assert_eq!((first.code, pdfs.len()), (1, 7), "{}", first.err);
        for jobs in ["2", "4"] {
            let (other, others) = run(jobs, format);
            assert_eq!(other.code, first.code);
            assert_eq!((other.text(), &other.err), (first.text(), &first.err), "--jobs {jobs}");
            assert!(others == pdfs, "--jobs {jobs} gives other bytes");
        }
    }
}

#[test]
fn the_progress_bar_keeps_off_both_streams_when_nobody_watches() {
    let folder = mixed("bar");
    let run = sigill_in(&folder, &["render", ".", "-o", "ut", "--format", "json"], b"");
    assert_eq!((json_lines(&run).len(), run.err.as_str()), (9, ""));
    let run = sigill_in(&folder, &["render", ".", "-o", "ut"], b"");
    assert!(run.out.is_empty());
    assert!(!run.err.contains(['\r', '\u{1b}', '█', '░']), "{}", run.err);
}

/// Where a name stands must agree with where the program says its line is.
#[test]
fn signature_rectangles_are_where_the_names_stand() {
    let out = workspace("signatures");
    let run = sigill(&["render", "fixtures/exempel", "-o", &path_text(&out), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut seen = 0;
    for line in json_lines(&run) {
        let report = fs::read(root().join(line["input"].as_str().expect("input"))).expect("read");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        let signed = report["signaturer"].as_array().cloned().unwrap_or_default();
        let boxes = line["signatures"].as_array().expect("signatures");
        assert_eq!(signed.len(), boxes.len(), "{}", line["input"]);
        let Some(words) = words(Path::new(line["output"].as_str().expect("output"))) else { return };
        for (signature, field) in signed.iter().zip(boxes) {
            let number = |i: usize| field["rect"][i].as_f64().expect("a number");
            let (left, bottom, right, top) = (number(0), number(1), number(2), number(3));
            assert!(right - left > 100.0 && top - bottom > 20.0, "room to sign: {field}");
            // Names are printed below the line, from its left end.
            let name = signature["name"].as_str().and_then(|n| n.split(' ').next()).expect("a name");
            let near = words.iter().any(|w| {
                let below = bottom - (w.size.1 - w.top);
                let start = w.left - left;
                Some(w.page) == field["page"].as_u64()
                    && w.text == name
                    && (-2.0..30.0).contains(&below)
                    && (-2.0..8.0).contains(&start)
            });
            assert!(near, "{}: {name} does not stand below {field}", line["input"]);
            // The box lies on the page, and nothing is printed in it but what it is for.
            let purpose = ["Elektronisk", "underskrift"];
            let printed = words.iter().filter(|w| field["method"] == "ink" || !purpose.contains(&w.text.as_str()));
            for w in printed.filter(|w| Some(w.page) == field["page"].as_u64()) {
                let (low, high) = (w.size.1 - w.bottom, w.size.1 - w.top);
                let over = w.left < right && w.right > left && low < top - 1.0 && high > bottom + 4.0;
                assert!(!over, "{}: {} is printed in {field}", line["input"], w.text);
                assert!(left >= 0.0 && right <= w.size.0 && bottom >= 0.0 && top <= w.size.1);
            }
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
}

#[test]
fn the_model_comes_back_byte_for_byte() {
    let folder = workspace("extract");
    // Line ends, a byte order mark and odd spaces are the author's own.
    let report = fs::read_to_string(root().join("fixtures/exempel/ordforandeforslag.json")).expect("read");
    let odd = format!("\u{feff}{}\r\n \n", report.replace('\n', "\r\n\t"));
    fs::write(folder.join("egen.json"), &odd).expect("written");
    for report in REPORTS {
        copy_of(report, &folder.join(format!("{report}.json")));
    }
    fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("logga.svg")).expect("copied");
    assert_eq!(sigill_in(&folder, &["render", ".", "--standard", "a-3a+ua-1"], b"").code, 0);
    for report in REPORTS.iter().chain(&["egen"]) {
        let model = fs::read(folder.join(format!("{report}.json"))).expect("read");
        let pdf = format!("{report}.pdf");
        let run = sigill_in(&folder, &["extract", &pdf], b"");
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out == model, "{report} is not the same");
        let run = sigill_in(&folder, &["extract", &pdf, "-o", "ny/modell.json"], b"");
        assert_eq!((run.code, run.out.len()), (0, 0));
        assert!(fs::read(folder.join("ny/modell.json")).expect("read") == model);
    }
    // An extracted model gives the same PDF again.
    let again = sigill_in(&folder, &["render", "ny/modell.json", "--standard", "a-3a+ua-1", "-o", "-"], b"");
    assert!(again.out == fs::read(folder.join("egen.pdf")).expect("read"));
    // Others see the same attachment.
    if let Some(list) = tool("pdfdetach", &["-list", &path_text(&folder.join("egen.pdf"))]) {
        assert!(list.contains("1 embedded files") && list.contains("modell.json"), "{list}");
    }
}

#[test]
fn extract_says_why_nothing_comes_out() {
    let folder = workspace("extract-not");
    copy_of("ordforandeforslag", &folder.join("x.json"));
    assert_eq!(sigill_in(&folder, &["render", "x.json", "-o", "utan.pdf"], b"").code, 0);
    assert_eq!(sigill_in(&folder, &["render", "x.json", "-o", "med.pdf", "--standard", "a-3a+ua-1"], b"").code, 0);
    let whole = fs::read(folder.join("med.pdf")).expect("read");
    fs::write(folder.join("halv.pdf"), &whole[..whole.len() / 2]).expect("written");
    fs::write(folder.join("tom.pdf"), b"").expect("written");
    for (file, code, wanted) in [
        ("utan.pdf", 1, "ingen modell är bifogad; gör PDF:en med --standard a-3a+ua-1"),
        ("x.json", 1, "filen går inte att läsa som PDF"),
        ("halv.pdf", 1, "filen går inte att läsa som PDF"),
        ("tom.pdf", 1, "filen går inte att läsa som PDF"),
        ("saknas.pdf", 3, "går inte att läsa"),
        (".", 3, "går inte att läsa"),
    ] {
        let run = sigill_in(&folder, &["extract", file, "-o", "ut.json"], b"");
        assert_eq!(run.code, code, "{file}: {}", run.err);
        assert!(run.err.contains(wanted) && run.err.contains(file), "{file}: {}", run.err);
        assert!(!folder.join("ut.json").exists(), "{file}");
    }
}

/// Bytes are changed all over a PDF: what comes out is the model or a message, never a crash.
#[test]
fn a_damaged_pdf_never_crashes_extract() {
    let folder = workspace("extract-damaged");
    copy_of("ordforandeforslag", &folder.join("x.json"));
    assert_eq!(sigill_in(&folder, &["render", "x.json", "--standard", "a-3a+ua-1"], b"").code, 0);
    let whole = fs::read(folder.join("x.pdf")).expect("read");
    for i in 0..120 {
        let mut damaged = whole.clone();
        let at = whole.len() * i / 120;
        if i % 3 == 0 {
            damaged.truncate(at);
        } else {
            damaged[at..(at + 40).min(whole.len())].fill(if i % 3 == 1 { b'9' } else { 0xFF });
        }
        fs::write(folder.join("d.pdf"), &damaged).expect("written");
        let run = sigill_in(&folder, &["extract", "d.pdf"], b"");
        assert!(matches!(run.code, 0 | 1), "{i}: {} {}", run.code, run.err);
        assert!(!run.err.contains("panicked"), "{i}: {}", run.err);
        assert_eq!(run.code == 1, run.out.is_empty(), "{i}");
    }
}
