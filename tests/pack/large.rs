//! A pack as large as they get: 40 items, 20 bilagor, 600 pages.

use std::fs;

use serde_json::{Value, json};

use super::{agenda_leads_right, pack};
use crate::support::{keep_pdf, root, tool, workspace};

const ITEMS: usize = 40;

/// Writes the meeting; gives its path.
fn meeting(folder: &std::path::Path) -> std::path::PathBuf {
    let source = fs::read_to_string(root().join("fixtures/exempel/kallelse.json")).expect("read");
    let mut model: Value = serde_json::from_str(&source).expect("JSON");
    let office = root().join("fixtures/bilagor/office-export-10-pages.pdf");
    fs::copy(office, folder.join("bilaga.pdf")).expect("copied");
    let text = "Nämnden ställer sig bakom förvaltningens bedömning och ger i uppdrag att återkomma. ".repeat(8);
    let section = |i: usize| json!({"title": format!("Avsnitt {i}"), "content": format!("{text}\n\n{text}\n\n{text}")});
    let item = |n: usize| {
        let report = json!({
            "kind": "dokument", "profile": "exempel", "dokumentsort": "Rapport", "title": format!("Rapport {n}"),
            "date": "2026-05-04", "dnr": format!("EX 2026/{n}"), "sections": (1..18).map(section).collect::<Vec<_>>(),
        });
        let mut papers = vec![json!({"dokument": report})];
        if n.is_multiple_of(2) {
            papers.push(json!({"title": format!("Underlag {n}"), "file": "bilaga.pdf"}));
        }
        json!({"nummer": n, "title": format!("Ärendet med nummer {n}"), "dnr": format!("EX 2026/{n}"), "handlingar": papers})
    };
    model["arenden"] = (1..=ITEMS).map(item).collect();
    let path = folder.join("kallelse.json");
    fs::write(&path, model.to_string()).expect("written");
    path
}

#[test]
fn forty_items_and_six_hundred_pages_keep_their_numbers_labels_and_bookmarks() {
    let folder = workspace("pack-large");
    let path = meeting(&folder);
    let target = folder.join("pack.pdf");
    let said = pack(&path.display().to_string(), &target, &["--no-cache"]);
    let total = said["pages"].as_u64().expect("pages");
    assert!((580..=700).contains(&total), "{total} pages");
    keep_pdf("pack-stor", "a-2a+ua-1", &fs::read(&target).expect("the pack"));
    agenda_leads_right(&target, &said, 1);
    let Some(text) = tool("pdftotext", &["-layout", &target.display().to_string(), "-"]) else { return };
    let pages: Vec<_> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert_eq!(pages.len() as u64, total);
    for (i, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Sid {} ({total})", i + 1)), "page {}: {page}", i + 1);
    }
    let outline =
        tool("qpdf", &["--json=2", "--json-key=outlines", "--json-key=pagelabels", &target.display().to_string()]);
    let outline: Value = serde_json::from_str(&outline.expect("qpdf is there")).expect("JSON");
    assert_eq!(outline["outlines"].as_array().expect("bookmarks").len(), ITEMS + 1);
    assert_eq!(outline["pagelabels"].as_array().expect("labels").len(), 1);
}
