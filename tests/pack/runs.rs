//! Second runs, later lists, and going on without what cannot be read.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{agenda_leads_right, pack, small_meeting};
use crate::support::{copy_of, files_below, keep_pdf, sigill, tool};

/// A PDF of one page with one line, made by hand.
pub(super) fn one_page(says: &str) -> Vec<u8> {
    let line: Vec<u8> = says.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let content = [&b"BT /F 12 Tf 72 700 Td ("[..], &line, b") Tj ET"].concat();
    pdf(&content, b"", b"", b"")
}

/// A PDF of one page: its content, more of its catalog, of its page and of its content's dictionary.
pub(super) fn pdf(content: &[u8], catalog: &[u8], page: &[u8], filter: &[u8]) -> Vec<u8> {
    let length = content.len().to_string();
    let objects: [Vec<u8>; 5] = [
        [b"<< /Type /Catalog /Pages 2 0 R ", catalog, b" >>"].concat(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        [
            &b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "[..],
            b"/Resources << /Font << /F 5 0 R >> >> ",
            page,
            b" >>",
        ]
        .concat(),
        [b"<< ", filter, b" /Length ", length.as_bytes(), b" >>\nstream\n", content, b"\nendstream"].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    assemble(&objects)
}

/// Objects numbered from 1, the first of them the catalog, as a file.
pub fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    places.iter().for_each(|at| out.extend(format!("{at:010} 00000 n \n").bytes()));
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).bytes());
    out
}

fn reused(said: &Value) -> Vec<(String, bool)> {
    let parts = said["parts"].as_array().expect("parts").iter().filter(|p| p["kind"] != "divider");
    parts.map(|p| (p["title"].as_str().expect("a title").to_owned(), p["reused"] == true)).collect()
}

#[test]
fn a_second_run_makes_only_what_has_changed() {
    let path = small_meeting(
        "pack-again",
        &json!([
            {"title": "Förslag", "dokument": "forslag.json"},
            {"title": "Skrivelse", "dokument": "skrivelse.json"},
            {"title": "Brev", "file": "brev.pdf"},
            {"title": "Karta", "file": "karta.pdf"},
        ]),
    );
    copy_of("ordforandeforslag", &path.with_file_name("forslag.json"));
    copy_of("tjansteskrivelse", &path.with_file_name("skrivelse.json"));
    // The tjänsteskrivelse names the förslag as its bilaga, by the name it has among the examples.
    let renamed = fs::read_to_string(path.with_file_name("skrivelse.json")).expect("read");
    fs::write(path.with_file_name("skrivelse.json"), renamed.replace("ordforandeforslag.json", "forslag.json"))
        .expect("written");
    for (name, says) in [("brev", "Ett brev"), ("karta", "En karta")] {
        fs::write(path.with_file_name(format!("{name}.pdf")), one_page(says)).expect("written");
    }
    let (meeting, target) = (path.display().to_string(), path.with_file_name("pack.pdf"));
    let first = pack(&meeting, &target, &[]);
    assert!(reused(&first).iter().all(|(_, reused)| !reused), "{:?}", reused(&first));
    let before = fs::read(&target).expect("read");
    let second = pack(&meeting, &target, &[]);
    assert!(reused(&second)[1..].iter().all(|(_, reused)| *reused), "{:?}", reused(&second));
    assert!(before == fs::read(&target).expect("read"), "the same bytes, whether made anew or not");
    // One document and one bilaga change.
    let skrivelse = path.with_file_name("skrivelse.json");
    let changed = fs::read_to_string(&skrivelse).expect("read").replacen("\"title\": \"", "\"title\": \"Ny ", 1);
    fs::write(&skrivelse, changed).expect("written");
    fs::write(path.with_file_name("karta.pdf"), one_page("En annan karta")).expect("written");
    let third = pack(&meeting, &target, &[]);
    let titles = |said: &Value| reused(said).into_iter().filter(|(_, r)| *r).map(|(t, _)| t).collect::<Vec<_>>();
    assert_eq!(titles(&third), ["Förslag", "Brev"]);
    let anew = path.with_file_name("anew.pdf");
    pack(&meeting, &anew, &["--no-cache"]);
    assert!(fs::read(&anew).expect("read") == fs::read(&target).expect("read"));
    // Nothing is kept of what is no longer used.
    let kept = files_below(&path.with_file_name(".pack.pdf.delar"));
    // Four documents, the list, the page before the item, and the marks over all pages.
    assert_eq!(kept.len(), 7, "{kept:?}");
    assert!(!path.with_file_name(".anew.pdf.delar").exists());
}

#[test]
fn documents_bring_their_own_bilagor_and_none_is_its_own() {
    let path = small_meeting("pack-own-bilagor", &json!([{"dokument": "a.json"}]));
    let model = |title: &str, bilagor: Value| {
        json!({"kind": "dokument", "profile": "exempel", "dokumentsort": "Rapport", "title": title,
               "date": "2026-05-04", "content": "Text.", "bilagor": bilagor})
    };
    let write = |name: &str, model: &Value| {
        fs::write(path.with_file_name(name), model.to_string()).expect("written");
    };
    fs::write(path.with_file_name("karta.pdf"), one_page("En karta")).expect("written");
    write("a.json", &model("A", json!([{"title": "B", "file": "b.json"}, {"title": "Karta", "file": "karta.pdf"}])));
    write("b.json", &model("B", json!([])));
    let (meeting, target) = (path.display().to_string(), path.with_file_name("pack.pdf"));
    let said = pack(&meeting, &target, &["--no-cache"]);
    let titles: Vec<_> = reused(&said).into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles[1..], ["A", "B", "Karta"]);
    write("b.json", &model("B", json!([{"title": "A igen", "file": "a.json"}])));
    // The agenda names A; what B names is that same document.
    assert_eq!(sigill(&["pack", &meeting, "--no-cache"]).code, 0);
    write("b.json", &model("B", json!([{"title": "B igen", "file": "b.json"}])));
    let run = sigill(&["pack", &meeting, "--format", "json", "--no-cache"]);
    assert_eq!((run.code, run.codes()), (1, vec!["PAC007".to_owned()]), "{}", run.err);
}

#[test]
fn a_kept_part_that_is_broken_is_made_again() {
    let path = small_meeting("pack-kept-broken", &json!([{"title": "Brev", "file": "brev.pdf"}]));
    fs::write(path.with_file_name("brev.pdf"), one_page("Ett brev")).expect("written");
    let (meeting, target) = (path.display().to_string(), path.with_file_name("pack.pdf"));
    pack(&meeting, &target, &[]);
    let before = fs::read(&target).expect("read");
    let folder = path.with_file_name(".pack.pdf.delar");
    for name in files_below(&folder) {
        fs::write(folder.join(name), b"\0\0\0\0\0\0\0\x02{").expect("written");
    }
    pack(&meeting, &target, &[]);
    assert!(before == fs::read(&target).expect("read"));
}

#[test]
fn a_bilaga_that_cannot_be_read_becomes_a_page_that_says_so() {
    let path = small_meeting(
        "pack-keep-going",
        &json!([
            {"title": "Skadat intyg", "file": "skadad.pdf"},
            {"title": "Låst avtal", "file": "last.pdf"},
            {"title": "Brev", "file": "brev.pdf"},
        ]),
    );
    fs::write(path.with_file_name("skadad.pdf"), "ingen PDF").expect("written");
    fs::write(path.with_file_name("brev.pdf"), one_page("Ett brev")).expect("written");
    let locked = "fixtures/bilagor/encrypted-user-password-bilaga.pdf";
    fs::copy(crate::support::root().join(locked), path.with_file_name("last.pdf")).expect("copied");
    let (meeting, target) = (path.display().to_string(), path.with_file_name("pack.pdf"));
    assert_eq!(sigill(&["pack", &meeting, "--format", "json"]).code, 1);
    let said = pack(&meeting, &target, &["--keep-going"]);
    keep_pdf("pack-keep-going", "a-2a+ua-1", &fs::read(&target).expect("the pack"));
    let found: Vec<_> = said["diagnostics"].as_array().expect("findings").iter().map(|d| d["code"].clone()).collect();
    assert_eq!(found, ["PAC001", "PAC002"]);
    let kinds: Vec<_> = said["parts"].as_array().expect("parts").iter().map(|p| p["kind"].clone()).collect();
    assert_eq!(kinds, ["kallelse", "divider", "notice", "notice", "bilaga"]);
    let Some(text) = tool("pdftotext", &["-layout", &target.display().to_string(), "-"]) else { return };
    for wanted in ["Bilagan kunde inte tas in", "Skadat intyg", "är ingen PDF eller är skadad", "låst med lösenord"]
    {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    // The number of the third bilaga is not taken by another.
    assert!(text.contains("Bilaga 3 · "), "{text}");
}

fn with_added(path: &Path, added: &Value) {
    let mut model: Value = serde_json::from_str(&fs::read_to_string(path).expect("read")).expect("JSON");
    model["arenden"].as_array_mut().expect("items").push(added.clone());
    fs::write(path, model.to_string()).expect("written");
}

#[test]
fn added_items_come_in_a_list_of_their_own_that_goes_on_where_the_pack_ended() {
    let path = small_meeting("pack-supplement", &json!([{"title": "Brev", "file": "brev.pdf"}]));
    for (name, says) in [("brev", "Ett brev"), ("sent", "En sen handling"), ("senare", "En ännu senare")] {
        fs::write(path.with_file_name(format!("{name}.pdf")), one_page(says)).expect("written");
    }
    let meeting = path.display().to_string();
    let sent = path.with_file_name("pack.pdf");
    let main = pack(&meeting, &sent, &[]);
    let item = |list: u32, file: &str| {
        json!({"title": format!("Tillägg {list}"), "dnr": "EX 2026/300", "tillagg": list,
               "handlingar": [{"title": "Handling", "file": file}]})
    };
    with_added(&path, &item(1, "sent.pdf"));
    // The pack that has gone out stays what it was.
    let before = fs::read(&sent).expect("read");
    pack(&meeting, &sent, &[]);
    assert!(before == fs::read(&sent).expect("read"));
    let added = path.with_file_name("tillagg.pdf");
    let said = pack(&meeting, &added, &["--supplement", &sent.display().to_string()]);
    keep_pdf("pack-tillagg", "a-2a+ua-1", &fs::read(&added).expect("the pack"));
    let first = main["pages"].as_u64().expect("pages") as usize + 1;
    assert_eq!(said["parts"][0]["first_page"], first);
    agenda_leads_right(&added, &said, first);
    let Some(text) = tool("pdftotext", &["-layout", &added.display().to_string(), "-"]) else { return };
    let last = first + said["pages"].as_u64().expect("pages") as usize - 1;
    for wanted in ["TILLÄGGSLISTA 1", "2 Tillägg 1", &format!("Sid {first} ({last})"), "En sen handling"] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    assert!(!text.contains("Ett brev"));
    // A second list follows the first.
    with_added(&path, &item(2, "senare.pdf"));
    let again = path.with_file_name("tillagg-2.pdf");
    let said = pack(&meeting, &again, &["--supplement", &added.display().to_string()]);
    assert_eq!(said["parts"][0]["first_page"], last + 1);
    agenda_leads_right(&again, &said, last + 1);
}

#[test]
fn a_supplement_without_added_items_or_to_something_else_is_refused() {
    let path = small_meeting("pack-supplement-wrong", &json!([{"title": "Brev", "file": "brev.pdf"}]));
    fs::write(path.with_file_name("brev.pdf"), one_page("Ett brev")).expect("written");
    let (meeting, other) = (path.display().to_string(), path.with_file_name("brev.pdf").display().to_string());
    let run = sigill(&["pack", &meeting, "--supplement", &other, "--format", "json"]);
    assert_eq!((run.code, run.codes()), (1, vec!["ARE004".to_owned()]), "{}", run.err);
    with_added(&path, &json!({"title": "Sent", "dnr": "EX 2026/300", "tillagg": 1, "muntlig": true}));
    let run = sigill(&["pack", &meeting, "--supplement", &meeting, "--format", "json"]);
    assert_eq!((run.code, run.codes()), (1, vec!["PAC001".to_owned()]), "{}", run.err);
}

#[test]
fn reports_and_packs_never_overwrite_each_other_or_what_they_are_made_of() {
    let path = small_meeting("pack-overwrite", &json!([{"title": "Brev", "file": "brev.pdf"}]));
    let meeting = path.display().to_string();
    for more in
        [&["-o", &meeting][..], &["--report", &meeting], &["-o", "x.pdf", "--report", "x.pdf"], &["--report", "x.txt"]]
    {
        let run = sigill(&[&["pack", &meeting], more].concat());
        assert_eq!(run.code, 2, "{more:?}: {}", run.err);
    }
}
