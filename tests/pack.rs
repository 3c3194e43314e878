//! `sigill pack`: a kallelse and all that it names, as one file that is still PDF/A and PDF/UA.

mod copies;
mod editions;
mod large;
mod limits;
mod one_reading;
pub mod runs;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::support::{keep_pdf, root, sigill, tool, workspace};

const MEETING: &str = "fixtures/botkyrka-sn-2013-05-28/0-kallelse.json";

/// The meeting of the fixtures as a pack: its path and what the program says of it.
fn meeting(name: &str) -> (std::path::PathBuf, Value) {
    let path = workspace(name).join("pack.pdf");
    let said = pack(MEETING, &path, &[]);
    (path, said)
}

/// A pack that must be made; what the program says of it.
#[track_caller]
fn pack(meeting: &str, target: &std::path::Path, more: &[&str]) -> Value {
    let target = target.display().to_string();
    let run = sigill(&[&["pack", meeting, "-o", &target, "--format", "json"], more].concat());
    assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
    serde_json::from_str(&run.text()).expect("JSON")
}

#[test]
fn every_page_has_its_number_and_foreign_pages_their_stamps() {
    let (path, said) = meeting("pack-numbers");
    keep_pdf("pack-botkyrka", "a-2a+ua-1", &fs::read(&path).expect("the pack"));
    let total = said["pages"].as_u64().expect("pages");
    let Some(text) = tool("pdftotext", &["-layout", &path.display().to_string(), "-"]) else { return };
    let pages: Vec<_> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert_eq!(pages.len() as u64, total);
    for (i, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Sid {} ({total})", i + 1)), "page {}: {page}", i + 1);
    }
    let bilaga =
        said["parts"].as_array().expect("parts").iter().find(|p| p["file"] == "bilagor/arsredovisning-2012.pdf");
    let first = bilaga.expect("the bilaga")["first_page"].as_u64().expect("a page") as usize - 1;
    assert!(pages[first].contains("Bilaga 1 · Dnr SN 2013:17 · sid 1(10)"), "{}", pages[first]);
    assert!(pages[first].contains("Inkom 2013-05-15"), "{}", pages[first]);
    assert!(!pages[first + 1].contains("Inkom"), "{}", pages[first + 1]);
    assert!(pages[first + 1].contains("sid 2(10)"), "{}", pages[first + 1]);
}

/// Where links lead, page by page: numbers from 1, by qpdf.
struct Links {
    file: Value,
    number: BTreeMap<String, usize>,
}

impl Links {
    fn of(pdf: &std::path::Path) -> Option<Self> {
        let file: Value =
            serde_json::from_str(&tool("qpdf", &["--json=2", &pdf.display().to_string()])?).expect("JSON");
        let pages = file["pages"].as_array().expect("pages").iter().enumerate();
        let number = pages.map(|(i, p)| (p["object"].as_str().expect("an object").to_owned(), i + 1)).collect();
        Some(Self { file, number })
    }

    fn value(&self, reference: &Value) -> Value {
        self.file["qpdf"][1][format!("obj:{}", reference.as_str().unwrap_or_default())]["value"].clone()
    }

    fn on(&self, page: usize) -> Vec<usize> {
        let annotations = self.value(&self.file["pages"][page - 1]["object"])["/Annots"].clone();
        let annotations = if annotations.is_string() { self.value(&annotations) } else { annotations };
        let targets = annotations.as_array().cloned().unwrap_or_default();
        targets.iter().filter_map(|a| self.number.get(self.value(a)["/Dest"][0].as_str()?).copied()).collect()
    }
}

/// Every item of the agenda leads to its first document, whose page stands beside it, and each document leads back.
/// `first` is the number of the first page.
fn agenda_leads_right(path: &std::path::Path, said: &Value, first: usize) {
    let Some(links) = Links::of(path) else { return };
    let mut first_pages: BTreeMap<u64, usize> = BTreeMap::new();
    for part in said["parts"].as_array().expect("parts") {
        if let Some(item) = part["item"].as_u64() {
            let page = part["first_page"].as_u64().expect("a page") as usize;
            first_pages.entry(item).or_insert(page);
            assert!(links.on(page - first + 1).contains(&1), "page {page} leads back to the agenda");
        }
    }
    let own = said["parts"][0]["pages"].as_u64().expect("pages") as usize;
    let mut agenda: Vec<_> = (1..=own).flat_map(|p| links.on(p)).map(|p| p + first - 1).collect();
    // A title of two lines is two links to one place.
    agenda.dedup();
    assert_eq!(agenda, first_pages.values().copied().collect::<Vec<_>>());
    let printed = tool("pdftotext", &["-layout", "-l", &own.to_string(), &path.display().to_string(), "-"]);
    let printed = printed.expect("pdftotext is there");
    for (item, page) in &first_pages {
        let starts = |l: &&str| l.trim_start().starts_with(&format!("{item} "));
        let ends = |l: &str| l.split_whitespace().last() == Some(page.to_string().as_str());
        assert!(printed.lines().filter(starts).any(ends), "item {item}: not page {page} in {printed}");
    }
}

#[test]
fn agenda_links_land_on_the_pages_the_agenda_says_and_lead_back() {
    let (path, said) = meeting("pack-links");
    agenda_leads_right(&path, &said, 1);
}

#[test]
fn the_same_meeting_gives_the_same_bytes() {
    let (first, second) = (meeting("pack-same-1").0, meeting("pack-same-2").0);
    assert!(fs::read(first).expect("read") == fs::read(second).expect("read"));
}

/// A meeting in a folder of its own, with these documents under its first item.
fn small_meeting(name: &str, papers: &Value) -> std::path::PathBuf {
    let folder = workspace(name);
    let source = fs::read_to_string(root().join("fixtures/exempel/kallelse.json")).expect("read");
    let mut model: Value = serde_json::from_str(&source).expect("JSON");
    model["arenden"].as_array_mut().expect("items").truncate(1);
    model["arenden"][0]["handlingar"] = papers.clone();
    let path = folder.join("kallelse.json");
    fs::write(&path, model.to_string()).expect("written");
    path
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_nothing_is_written() {
    let path = small_meeting(
        "pack-wrong",
        &json!([
            {"title": "Saknas", "file": "finns-inte.pdf"},
            {"title": "Utanför", "file": "../../../Cargo.toml"},
            {"title": "Ingen PDF", "file": "text.pdf"},
            {"title": "Trasig", "dokument": "trasig.json"}
        ]),
    );
    let folder = path.parent().expect("a folder");
    fs::write(folder.join("text.pdf"), "bara text").expect("written");
    fs::write(folder.join("trasig.json"), r#"{"kind": "tjansteskrivelse", "profile": "exempel"}"#).expect("written");
    let run = sigill(&["pack", &path.display().to_string(), "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let codes = run.codes();
    for code in ["FIL001", "FIL002", "PAC001", "MOD005"] {
        assert!(codes.iter().any(|c| c == code), "{code} is not in {codes:?}");
    }
    let mut left: Vec<_> = fs::read_dir(folder).expect("read").map(|e| e.expect("entry").file_name()).collect();
    left.sort();
    assert_eq!(left, ["kallelse.json", "text.pdf", "trasig.json"]);
}

#[test]
fn pictures_go_in_as_pages_with_what_they_show() {
    let path = small_meeting(
        "pack-pictures",
        &json!([
            {"title": "Fotografi", "file": "foto.png", "alt": "Badplatsen i kvällsljus"},
            {"title": "Förslag", "dokument": "forslag.json"}
        ]),
    );
    let folder = path.parent().expect("a folder");
    fs::copy(root().join("fixtures/exempel/ordforandeforslag.json"), folder.join("forslag.json")).expect("copied");
    // A PNG of one grey pixel.
    let png = [
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0,
        0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0x68, 0, 0, 0, 0x82, 0,
        0x81, 0x77, 0xCD, 0x72, 0xB6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
    ];
    fs::write(folder.join("foto.png"), png).expect("written");
    let report = folder.join("rapport.json");
    let run = sigill(&["pack", &path.display().to_string(), "--report", &report.display().to_string()]);
    assert_eq!(run.code, 0, "{}", run.err);
    keep_pdf("pack-bild", "a-2a+ua-1", &fs::read(folder.join("kallelse.pdf")).expect("the pack"));
    let report: Value = serde_json::from_str(&fs::read_to_string(report).expect("read")).expect("JSON");
    // Our own documents come before what others sent, whatever order they were named in.
    let titles: Vec<_> = report["parts"].as_array().expect("parts").iter().map(|p| p["title"].clone()).collect();
    assert_eq!(titles[1..], [json!("Ärende 1"), json!("Förslag"), json!("Fotografi")]);
    assert_eq!(report["parts"][3]["foreign"][0]["text"], false);
}
