//! Bilagor made to bring a reader down, and those that would act by themselves.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::runs::{assemble, one_page, pdf};
use super::{pack, small_meeting};
use crate::support::{keep_pdf, sigill, tool};

fn meeting_with(name: &str, bilaga: &[u8]) -> std::path::PathBuf {
    let path = small_meeting(name, &json!([{"title": "Bilagan", "file": "bilaga.pdf"}]));
    fs::write(path.with_file_name("bilaga.pdf"), bilaga).expect("written");
    path
}

/// Either a pack or a finding, soon, and nothing half-written.
fn survives(name: &str, bilaga: &[u8], wanted: &[&str]) {
    let path = meeting_with(name, bilaga);
    let run = sigill(&["pack", &path.display().to_string(), "--format", "json", "--no-cache"]);
    let codes = run.codes();
    assert!(wanted.iter().all(|w| codes.iter().any(|c| c == w)), "{name}: {codes:?} {}", run.err);
    assert_eq!(path.with_file_name("kallelse.pdf").exists(), run.code == 0, "{name}");
    if run.code == 0 {
        let made = fs::read(path.with_file_name("kallelse.pdf")).expect("read");
        keep_pdf(&format!("pack-{name}"), "a-2a+ua-1", &made);
    }
}

#[test]
fn a_page_tree_that_names_itself_ends() {
    let tree = |kids: &str| {
        assemble(&[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [{kids}] /Count 3 >>").into_bytes(),
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>".to_vec(),
        ])
    };
    survives("limits-tree-self", &tree("2 0 R"), &["PAC001"]);
    survives("limits-tree-ring", &tree("3 0 R"), &["PAC001"]);
}

#[test]
fn five_thousand_pages_are_too_many() {
    let count = 5_000;
    let kids: Vec<_> = (0..count).map(|i| format!("{} 0 R", i + 3)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")).into_bytes(),
    ];
    objects.extend((0..count).map(|_| b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_vec()));
    survives("limits-pages", &assemble(&objects), &["PAC003"]);
}

#[test]
fn forms_and_patterns_that_draw_themselves_end() {
    let ring = assemble(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        [
            &b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "[..],
            b"/Resources << /XObject << /X 5 0 R >> >> >>",
        ]
        .concat(),
        b"<< /Length 5 >>\nstream\n/X Do\nendstream".to_vec(),
        [
            &b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> "[..],
            b"/Length 11 >>\nstream\n/X Do /X Do\nendstream",
        ]
        .concat(),
    ]);
    let path = meeting_with("limits-form-ring", &ring);
    let run = sigill(&["pack", &path.display().to_string(), "--format", "json", "--no-cache"]);
    // Whether the drawing is cut short or its process dies, the pack says so or is whole.
    assert!(run.code == 0 || run.codes() == ["PAC004"], "{:?} {}", run.codes(), run.err);
}

#[test]
fn missing_resources_leave_a_page_without_them() {
    let content = b"/Nope Do /Gone gs BT /F9 12 Tf 72 700 Td (utan typsnitt) Tj ET";
    survives("limits-missing", &pdf(content, b"", b"", b""), &[]);
}

fn said_of(path: &Path, more: &[&str]) -> Value {
    let target = path.with_file_name("pack.pdf");
    pack(&path.display().to_string(), &target, &[&["--no-cache"], more].concat())
}

#[test]
fn what_acts_by_itself_is_taken_out_of_both_copies_and_told() {
    let catalog =
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>";
    let page =
        b"/AA << /O << /S /JavaScript /JS (x) >> >> /Annots [<< /Type /Annot /Subtype /Link /Rect [72 690 200 715] \
                 /A << /S /Launch /F (calc.exe) >> >>]";
    let bilaga = pdf(b"BT /F 12 Tf 72 700 Td (Ett yttrande) Tj ET", catalog, page, b"");
    for copy in ["archive", "reading"] {
        let path = meeting_with(&format!("limits-active-{copy}"), &bilaga);
        let said = said_of(&path, &["--copy", copy]);
        let codes: Vec<_> =
            said["diagnostics"].as_array().expect("findings").iter().map(|d| d["code"].clone()).collect();
        assert_eq!(codes, ["PAC010"], "{copy}");
        let lost = said["parts"].as_array().expect("parts").last().expect("the bilaga")["lost"].clone();
        assert_eq!((&lost["scripts"], &lost["actions"]), (&json!(2), &json!(1)), "{copy}");
        let path = path.with_file_name("pack.pdf").display().to_string();
        let Some(all) = tool("qpdf", &["--json=2", "--json-stream-data=none", &path]) else { return };
        for gone in ["JavaScript", "Launch", "calc.exe", "app.alert", "OpenAction"] {
            assert!(!all.contains(gone), "{copy}: {gone}");
        }
    }
}

#[test]
fn what_a_bilaga_loses_is_told() {
    let fields = crate::support::root().join("fixtures/bilagor/acroform-fields.pdf");
    let path = meeting_with("limits-fields", &fs::read(fields).expect("read"));
    let report = path.with_file_name("rapport.pdf");
    let said = said_of(&path, &["--report", &report.display().to_string()]);
    let lost = said["parts"].as_array().expect("parts").last().expect("the bilaga")["lost"].clone();
    assert_eq!(lost["form_fields"], 2);
    keep_pdf("pack-rapport-forluster", "a-2a+ua-1", &fs::read(&report).expect("the report"));
    let Some(text) = tool("pdftotext", &["-layout", &report.display().to_string(), "-"]) else { return };
    assert!(text.contains("2 formulärfält, nu som vanlig text"), "{text}");
}

#[test]
fn pale_text_is_told() {
    let pale = pdf(b"0.8 g BT /F 10 Tf 72 700 Td (svagt) Tj ET", b"", b"", b"");
    let dark = pdf(b"0 0 0.4 rg 60 690 200 30 re f 1 g BT /F 10 Tf 72 700 Td (starkt) Tj ET", b"", b"", b"");
    for (name, bilaga, low) in [("pale", pale, true), ("dark", dark, false)] {
        let path = meeting_with(&format!("limits-{name}"), &bilaga);
        let said = said_of(&path, &[]);
        let page = said["parts"].as_array().expect("parts").last().expect("the bilaga")["foreign"][0].clone();
        assert_eq!(page["low_contrast"], low, "{name}");
    }
}

#[test]
fn stamps_cover_nothing_when_a_margin_is_free() {
    // Something stands where the number and the stamp would be; the head is free.
    let below = pdf(b"BT /F 12 Tf 20 18 Td (en lang rad langst ner pa sidan som fyller hela foten av den och mer darefter sa att inget far plats dar) Tj ET", b"", b"", b"");
    let path = meeting_with("limits-margins", &below);
    said_of(&path, &[]);
    let file = path.with_file_name("pack.pdf").display().to_string();
    let Some(text) = tool("pdftotext", &["-bbox", "-f", "3", "-l", "3", &file, "-"]) else { return };
    let height = |word: &str| -> f64 {
        let line = text.lines().find(|l| l.contains(&format!(">{word}<"))).unwrap_or_else(|| panic!("{word}: {text}"));
        line.split("yMin=\"").nth(1).and_then(|r| r.split('"').next()).and_then(|n| n.parse().ok()).expect("a number")
    };
    assert!(height("langst") > 800.0);
    for word in ["Sid", "Bilaga"] {
        assert!(height(word) < 60.0, "{word} stands at {}", height(word));
    }
    // A page that is free keeps them at its foot.
    let path = meeting_with("limits-margins-free", &one_page("fri"));
    said_of(&path, &[]);
    let file = path.with_file_name("pack.pdf").display().to_string();
    let text = tool("pdftotext", &["-bbox", "-f", "3", "-l", "3", &file, "-"]).expect("pdftotext is there");
    let line = text.lines().find(|l| l.contains(">Bilaga<")).expect("the stamp");
    let y: f64 = line.split("yMin=\"").nth(1).and_then(|r| r.split('"').next()).expect("y").parse().expect("a number");
    assert!(y > 780.0, "{line}");
}
