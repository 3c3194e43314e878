//! The reading copy: others' pages as they are, in a file that every reader opens.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{MEETING, agenda_leads_right, pack, small_meeting};
use crate::support::{root, tool, workspace};

/// What pdf.js makes of a file.
fn pdfjs(pdf: &Path) -> Option<Value> {
    let modules = root().join("target/tools/pdfjs/node_modules");
    if !modules.is_dir() && std::env::var_os("CI").is_none_or(|v| v != "true") {
        eprintln!("\n*** SKIPPED: pdf.js is not fetched, so what it would judge goes unjudged\n");
        return None;
    }
    let script = root().join("xtask/pdfjs/open.mjs").display().to_string();
    let said = tool("node", &[&script, &modules.display().to_string(), &pdf.display().to_string()])?;
    Some(serde_json::from_str(&said).expect("JSON"))
}

/// Every reader opens it without a word of complaint.
fn opens_everywhere(pdf: &Path, pages: u64) {
    let path = pdf.display().to_string();
    if let Some(said) = tool("qpdf", &["--check", &path]) {
        assert!(said.contains("No syntax or stream encoding errors found"), "{path}: {said}");
    }
    if let Some(said) = tool("pdfinfo", &[&path]) {
        assert!(said.contains(&format!("Pages:           {pages}\n")), "{path}: {said}");
    }
    tool("mutool", &["draw", "-q", "-r", "20", "-o", "/dev/null", &path]);
    if let Some(said) = pdfjs(pdf) {
        assert_eq!((said["pages"].as_u64(), &said["warnings"]), (Some(pages), &json!([])), "{path}");
    }
}

const BILAGOR: [&str; 10] = [
    "a3-rotated-90",
    "a3-landscape",
    "acroform-fields",
    "cmyk-images",
    "encrypted-owner-password",
    "odd-page-boxes",
    "scan-fax-g4",
    "standard-fonts-not-embedded",
    "transparency-soft-mask",
    "truncated",
];

#[test]
fn a_reading_copy_of_awkward_bilagor_opens_in_every_reader() {
    let papers = BILAGOR.map(|name| json!({"title": name, "file": format!("{name}.pdf"), "inkom": "2026-05-01"}));
    let path = small_meeting("pack-reading-awkward", &json!(papers));
    for name in BILAGOR {
        let to = path.with_file_name(format!("{name}.pdf"));
        fs::copy(root().join(format!("fixtures/bilagor/{name}.pdf")), to).expect("copied");
    }
    let target = path.with_file_name("las.pdf");
    let said = pack(&path.display().to_string(), &target, &["--copy", "reading"]);
    opens_everywhere(&target, said["pages"].as_u64().expect("pages"));
    // Only what is damaged is written anew; the rest is as it was.
    for part in said["parts"].as_array().expect("parts").iter().filter(|p| p["kind"] == "bilaga") {
        let copied = part["foreign"].as_array().expect("pages").iter().all(|p| p["route"] == "copied");
        assert_eq!(copied, part["title"] != "truncated", "{}", part["title"]);
    }
    // Stamps stand upright on turned pages and within what is shown of odd ones.
    let Some(text) = tool("pdftotext", &["-layout", &target.display().to_string(), "-"]) else { return };
    let pages: Vec<_> = text.split('\u{c}').collect();
    for part in said["parts"].as_array().expect("parts").iter().filter(|p| p["kind"] == "bilaga") {
        let first = part["first_page"].as_u64().expect("a page") as usize - 1;
        let count = part["pages"].as_u64().expect("pages");
        let (sid, total) = (format!("· sid 1({count})"), format!("Sid {} (", first + 1));
        for wanted in [sid.as_str(), "Inkom 2026-05-01", &total] {
            assert!(pages[first].contains(wanted), "{}: {wanted} is not in {}", part["title"], pages[first]);
        }
    }
}

#[test]
fn a_reading_copy_keeps_bilagor_and_links_and_is_no_larger_than_what_it_is_made_of() {
    let folder = workspace("pack-reading");
    let target = folder.join("las.pdf");
    let said = pack(MEETING, &target, &["--copy", "reading"]);
    agenda_leads_right(&target, &said, 1);
    opens_everywhere(&target, said["pages"].as_u64().expect("pages"));
    let archive = folder.join("arkiv.pdf");
    pack(MEETING, &archive, &[]);
    let size = |p: &Path| fs::metadata(p).expect("there").len();
    let bilagor: u64 = ["arsredovisning-2012", "granskning-2012"]
        .map(|n| size(&root().join(format!("fixtures/botkyrka-sn-2013-05-28/bilagor/{n}.pdf"))))
        .iter()
        .sum();
    // The same meeting without bilagor: what our own documents take.
    let alone = without_bilagor(&folder);
    assert!(size(&target) * 10 <= (bilagor + size(&alone)) * 11, "{} of {}", size(&target), bilagor + size(&alone));
    // A scanned page's bytes are those of the file.
    let of = |pdf: &Path| {
        let document = lopdf::Document::load(pdf).expect("a PDF");
        let fax = |s: &lopdf::Stream| s.dict.get(b"Filter").is_ok_and(|f| format!("{f:?}").contains("CCITTFax"));
        let streams = document.objects.values().filter_map(|o| o.as_stream().ok()).filter(|s| fax(s));
        let mut streams: Vec<_> = streams.map(|s| s.content.clone()).collect();
        streams.sort();
        streams
    };
    let source = of(&root().join("fixtures/bilagor/scan-fax-g4.pdf"));
    assert!(!source.is_empty());
    assert_eq!(of(&target), source);
}

/// The meeting with its own documents only.
fn without_bilagor(folder: &Path) -> std::path::PathBuf {
    let source = root().join("fixtures/botkyrka-sn-2013-05-28");
    let to = folder.join("egna");
    fs::create_dir_all(&to).expect("made");
    for entry in fs::read_dir(&source).expect("read").map(|e| e.expect("entry")) {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
    let meeting = to.join("0-kallelse.json");
    let mut model: Value = serde_json::from_str(&fs::read_to_string(&meeting).expect("read")).expect("JSON");
    for item in model["arenden"].as_array_mut().expect("items") {
        item["handlingar"].as_array_mut().expect("papers").retain(|p| p.get("file").is_none());
    }
    fs::write(&meeting, model.to_string()).expect("written");
    let target = to.join("egna.pdf");
    pack(&meeting.display().to_string(), &target, &["--copy", "reading"]);
    target
}

#[test]
fn what_validators_say_of_a_copy_is_foretold() {
    let folder = workspace("pack-foretold");
    for (copy, keeps) in [("archive", true), ("reading", false)] {
        let report = folder.join(format!("{copy}.json"));
        let target = folder.join(format!("{copy}.pdf"));
        pack(MEETING, &target, &["--copy", copy, "--report", &report.display().to_string()]);
        let report: Value = serde_json::from_str(&fs::read_to_string(report).expect("read")).expect("JSON");
        assert_eq!(report["expected"]["pdfa_2a"], keeps, "{copy}");
        assert_eq!(report["expected"]["pdfua_1"], keeps, "{copy}");
        // The archive copy is judged by veraPDF itself; what the reading copy is not, its metadata does not claim.
        let text = String::from_utf8_lossy(&fs::read(&target).expect("read")).into_owned();
        assert_eq!(text.contains("pdfaid"), keeps, "{copy}");
    }
}
