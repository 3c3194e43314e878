//! What a document says is read by one reader: however its file is written, it is checked, masked and set as one model.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Run, keep_pdf, sigill, tool, workspace};

const MARK: &str = "\u{FEFF}";
const SECRET: &str = "Smygvägen";
const NAME: &str = "Kalle Privatsson";

fn kallelse(handlingar: &str) -> String {
    format!(
        r#"{{"kind": "kallelse", "profile": "exempel", "title": "Kallelse", "date": "2026-02-10", "forvaltning": "F",
        "organ": "Nämnden", "sammantrade": {{"date": "2026-02-24", "tid": "18:00", "plats": "P"}},
        "arenden": [{{"nummer": 1, "title": "Ärende", "dnr": "EX 2026/1", "handlingar": [{handlingar}]}}],
        "ordforande": "A", "sekreterare": "B"}}"#
    )
}

fn dokument(title: &str, fields: &str, content: &str) -> String {
    format!(
        r#"{{"kind": "dokument", "profile": "exempel", "title": "{title}", {fields} "date": "2026-01-01", "content": [{content}]}}"#
    )
}

/// Files in a folder of their own, and what the program makes of its `k.json`.
fn packed(name: &str, files: &[(&str, &str)], more: &[&str]) -> (Run, PathBuf) {
    let folder = workspace(name);
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("written");
    }
    let target = folder.join("pack.pdf");
    let (meeting, to) = (folder.join("k.json").display().to_string(), target.display().to_string());
    (sigill(&[&["pack", &meeting, "-o", &to, "--no-cache", "--format", "json"], more].concat()), target)
}

fn text_of(pdf: &Path) -> Option<String> {
    let text = tool("pdftotext", &["-layout", &pdf.display().to_string(), "-"])?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn what_is_secret_stays_so_however_the_file_is_written() {
    let secret = format!(
        r#""Barnet bor på {SECRET} 13 sedan i våras.", {{"type": "table", "columns": [{{"id": "p",
        "title": "Post"}}], "rows": [{{"cells": [CELL]}}]}}"#
    );
    let name = format!(
        r#""Beslutet gäller [{NAME}](personuppgift:) och ingen annan.", {{"type": "table", "columns":
        [{{"id": "p", "title": "Post"}}], "rows": [{{"cells": [CELL]}}]}}"#
    );
    // A mark, numbers no float holds, escapes, and a surrogate pair: each was read by some decoders and not by others.
    for (way, before, cell) in [
        ("plain", "", "1"),
        ("mark", MARK, "1"),
        ("exponent", "", "1e400"),
        ("digits", "", "123456789012345678901234567890"),
        ("escapes", "", r#""\u0041\ud83d\ude00 A""#),
    ] {
        let doc = before.to_owned()
            + &dokument("Orosanmälan", r#""sekretess": "26 kap. 1 §","#, &secret.replace("CELL", cell));
        let doc2 = before.to_owned() + &dokument("Beslut", "", &name.replace("CELL", cell));
        let inline = dokument("Inne", r#""sekretess": "26:1","#, &secret.replace("CELL", cell));
        let k = before.to_owned()
            + &kallelse(&format!(
                r#"{{"dokument": "doc.json"}}, {{"dokument": "doc2.json"}}, {{"dokument": {inline}}}"#
            ));
        let files = [("k.json", k.as_str()), ("doc.json", &doc), ("doc2.json", &doc2)];
        let (run, pdf) = packed(&format!("one-reading-{way}"), &files, &["--edition", "offentlig"]);
        if run.code != 0 {
            // What cannot be set (a sign without a glyph) may stop the pack; then there is none.
            assert_eq!((way, run.code, pdf.exists()), ("escapes", 1, false), "{way}: {}", run.text());
            continue;
        }
        let Some(text) = text_of(&pdf) else { return };
        keep_pdf(&format!("one-reading-{way}"), "a-2a+ua-1", &fs::read(&pdf).expect("the pack"));
        assert!(!text.contains(SECRET) && !text.contains("Privatsson"), "{way}: {text}");
        assert_eq!(text.matches("Utelämnad handling: sekretess, 26 kap. 1 § OSL").count(), 2, "{way}: {text}");
        assert!(text.contains("gäller ‹utelämnat: personuppgift› och ingen annan"), "{way}: {text}");
    }
}

#[test]
fn a_document_with_a_byte_order_mark_keeps_its_bilagor() {
    let doc = MARK.to_owned()
        + r#"{"kind": "tjansteskrivelse", "profile": "exempel", "title": "Skrivelse", "dnr": "EX 2026/1",
        "date": "2026-01-01", "forvaltning": "F", "mottagare": ["N"], "forslag_till_beslut": ["Nämnden godkänner."],
        "sammanfattning": "Text.", "bilagor": [{"title": "Protokoll", "file": "avtal.pdf"}],
        "signaturer": [{"name": "A", "title": "B"}]}"#;
    let folder = workspace("one-reading-bilagor");
    let bilaga = crate::support::root().join("fixtures/bilagor/a3-landscape.pdf");
    fs::copy(bilaga, folder.join("avtal.pdf")).expect("copied");
    fs::write(folder.join("doc.json"), doc).expect("written");
    fs::write(folder.join("k.json"), MARK.to_owned() + &kallelse(r#"{"dokument": "doc.json"}"#)).expect("written");
    let said = super::pack(&folder.join("k.json").display().to_string(), &folder.join("pack.pdf"), &["--no-cache"]);
    let parts = said["parts"].as_array().expect("parts").iter().filter(|p| p["kind"] != "divider");
    let files: Vec<_> = parts.map(|p| p["file"].clone()).collect();
    assert_eq!(files, ["", "doc.json", "avtal.pdf"]);
}

#[test]
fn amounts_are_printed_with_the_digits_they_were_written_with_in_packs_too() {
    let table = r#"{"type": "table", "unit": "kr", "columns": [{"id": "p", "title": "Post"}, {"id": "a", "title": "A", "type": "amount"}],
        "rows": [{"cells": ["x", 1234567890123456.78]}, {"cells": ["y", -9007199254740993.25]}, {"cells": ["z", 12.10]}]}"#;
    let doc = dokument("Tal", "", &format!(r#""Om [Anna](personuppgift:).", {table}"#));
    let k = kallelse(&format!(r#"{{"dokument": "doc.json"}}, {{"dokument": {}}}"#, dokument("Inne", "", table)));
    for more in [&[][..], &["--edition", "offentlig"]] {
        let (run, pdf) = packed("one-reading-digits", &[("k.json", &k), ("doc.json", &doc)], more);
        assert_eq!(run.code, 0, "{}", run.text());
        let Some(text) = text_of(&pdf) else { return };
        for figure in ["1 234 567 890 123 456,78", "−9 007 199 254 740 993,25", "z 12,10"] {
            assert_eq!(text.matches(figure).count(), 2, "{figure} in {text}");
        }
    }
}

#[test]
fn zeros_at_the_end_of_an_amount_stay() {
    let table = r#"{"type": "table", "unit": "kr", "columns": [{"id": "p", "title": "Post"}, {"id": "a", "title": "A", "type": "amount"}],
        "rows": [{"cells": ["x", 12.10]}, {"cells": ["y", "13,20"]}, {"type": "total", "title": "Summa", "cells": ["", null]}]}"#;
    let folder = workspace("one-reading-zeros");
    let (model, pdf) = (folder.join("z.json"), folder.join("z.pdf"));
    fs::write(&model, dokument("Tal", "", table)).expect("written");
    let run = sigill(&["render", &model.display().to_string(), "-o", &pdf.display().to_string()]);
    assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
    let Some(text) = text_of(&pdf) else { return };
    for figure in ["x 12,10", "y 13,20", "Summa 25,30"] {
        assert!(text.contains(figure), "{figure} in {text}");
    }
}

/// Forms within forms, each drawn twenty times: small to write, for ever to draw.
fn nest() -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    let mut object = |out: &mut String, text: String| {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{text}\nendobj\n", offsets.len()));
    };
    object(&mut out, "<</Type/Catalog/Pages 2 0 R>>".into());
    object(&mut out, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into());
    object(
        &mut out,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>".into(),
    );
    object(&mut out, "<</Length 5>>stream\n/F Do\nendstream".into());
    for level in 5..17 {
        let content = if level == 16 { "0 0 1 1 re f ".to_owned() } else { "/F Do ".repeat(20) };
        let below = if level == 16 { String::new() } else { format!("/Resources<</XObject<</F {} 0 R>>>>", level + 1) };
        let dict = format!("<</Type/XObject/Subtype/Form/BBox[0 0 200 200]{below}/Length {}>>", content.len());
        object(&mut out, format!("{dict}stream\n{content}\nendstream"));
    }
    let start = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1));
    offsets.iter().for_each(|at| out.push_str(&format!("{at:010} 00000 n \n")));
    out.push_str(&format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", offsets.len() + 1));
    out.into_bytes()
}

#[test]
fn a_secret_bilaga_is_read_within_limits_too_and_what_cannot_be_searched_for_stops_the_pack() {
    let folder = workspace("one-reading-nest");
    fs::write(folder.join("bomb.pdf"), nest()).expect("written");
    let paper = r#"{"title": "Intyg", "file": "bomb.pdf", "sekretess": "26 kap. 1 §"}"#;
    fs::write(folder.join("k.json"), kallelse(paper)).expect("written");
    let (meeting, to) = (folder.join("k.json").display().to_string(), folder.join("pack.pdf").display().to_string());
    let began = std::time::Instant::now();
    for more in [&["--edition", "offentlig"][..], &["--edition", "offentlig", "--copy", "reading"]] {
        let run = sigill(&[&["pack", &meeting, "-o", &to, "--no-cache", "--format", "json"], more].concat());
        assert_eq!(run.code, 1, "{}{}", run.text(), run.err);
        assert!(run.text().contains("PAC004"), "{}", run.text());
        assert!(!Path::new(&to).exists());
    }
    // A process may take some fifteen seconds of processor time for it, on a machine that does more than this.
    assert!(began.elapsed().as_secs() < 300, "{:?}", began.elapsed());
}

#[test]
fn only_a_kallelse_becomes_a_pack() {
    let (run, pdf) = packed("one-reading-kind", &[("k.json", &dokument("Tal", "", r#""Text.""#))], &[]);
    assert_eq!((run.code, pdf.exists()), (1, false));
    assert!(run.text().contains("PAC007"), "{}", run.text());
}

#[test]
fn a_mark_that_cannot_be_followed_stops_the_public_pack() {
    let doc = dokument("Beslut", "", r#""Beslutet gäller \\[Kalle](personuppgift:).""#);
    let files = [("k.json", kallelse(r#"{"dokument": "doc.json"}"#)), ("doc.json", doc)];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (run, pdf) = packed("one-reading-mark", &files, &["--edition", "offentlig"]);
    assert_eq!((run.code, pdf.exists()), (1, false), "{}", run.text());
    assert!(run.text().contains("SEK002") && run.text().contains("doc.json"), "{}", run.text());
}

#[test]
fn a_kept_part_that_was_changed_is_made_anew() {
    let folder = workspace("one-reading-parts");
    fs::copy(crate::support::root().join("fixtures/bilagor/a3-landscape.pdf"), folder.join("a.pdf")).expect("copied");
    fs::copy(crate::support::root().join("fixtures/bilagor/cmyk-images.pdf"), folder.join("b.pdf")).expect("copied");
    fs::write(folder.join("doc.json"), dokument("Beslut", "", r#""Text.""#)).expect("written");
    let papers = r#"{"dokument": "doc.json"}, {"title": "A", "file": "a.pdf"}, {"title": "B", "file": "b.pdf"}"#;
    fs::write(folder.join("k.json"), kallelse(papers)).expect("written");
    let (meeting, target) = (folder.join("k.json").display().to_string(), folder.join("pack.pdf"));
    let made = || {
        let said = super::pack(&meeting, &target, &[]);
        let reused = said["parts"].as_array().expect("parts").iter().filter(|p| p["reused"] == true).count();
        (fs::read(&target).expect("the pack"), reused)
    };
    let (right, reused) = made();
    assert_eq!(reused, 0);
    assert_eq!(made(), (right.clone(), 3));
    let kept = folder.join(".pack.pdf.delar");
    let parts = || {
        let entries = fs::read_dir(&kept).expect("the parts").map(|e| e.expect("an entry").path());
        let mut parts: Vec<_> = entries.collect();
        parts.sort();
        parts
    };
    // Three documents, the list, the page before the item, and the marks over all pages.
    let all = parts();
    assert_eq!(all.len(), 6);
    // A changed byte at every seventh of each part, one cut short, an empty one, two exchanged for one another.
    for part in &all {
        let whole = fs::read(part).expect("a part");
        for share in 1..7 {
            let mut changed = whole.clone();
            let at = whole.len() * share / 7;
            changed[at] ^= 4;
            fs::write(part, &changed).expect("written");
            assert_eq!(made().0, right, "{} at {at}", part.display());
            assert_eq!(fs::read(part).expect("a part"), whole, "{} was made anew", part.display());
        }
        for length in [0, 8, 40, whole.len() / 2, whole.len() - 1] {
            fs::write(part, &whole[..length]).expect("written");
            assert_eq!(made().0, right, "{} of {length}", part.display());
            assert_eq!(fs::read(part).expect("a part"), whole, "{} was made anew", part.display());
        }
    }
    for other in 1..all.len() {
        fs::rename(&all[0], folder.join("x")).expect("moved");
        fs::rename(&all[other], &all[0]).expect("moved");
        fs::rename(folder.join("x"), &all[other]).expect("moved");
        assert_eq!(made().0, right);
        assert_eq!(made(), (right.clone(), 3));
    }
}

/// Codes of what is found about a document, whichever way it is brought to the program.
fn codes(run: &Run, of: &str) -> Vec<String> {
    let said: Vec<serde_json::Value> =
        run.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let found = said.iter().flat_map(|line| line["diagnostics"].as_array().expect("findings").clone());
    let found = found.filter(|d| d["file"].as_str().is_none_or(|file| file.ends_with(of)));
    found.map(|d| format!("{} {} {}", d["code"], d["line"], d["column"])).collect()
}

#[test]
fn every_way_into_the_program_reads_a_model_alike() {
    let cell = |cell: &str| {
        dokument(
            "Tal",
            "",
            &format!(
                r#""Text.", {{"type": "table", "columns": [{{"id": "p", "title": "P", "type": "amount"}}], "rows": [{{"cells": [{cell}]}}]}}"#
            ),
        )
    };
    let models = [
        ("mark", MARK.to_owned() + &cell("1")),
        ("beyond", cell("1e400")),
        ("digits", cell("12345678901234567890123456789")),
        ("twice", dokument("Tal", r#""title": "Igen","#, r#""Text.""#)),
        ("type", dokument("Tal", r#""sekretess": 26,"#, r#""Text.""#)),
        ("cut", cell("1").trim_end_matches('}').to_owned()),
        ("utf-16", String::from("\u{FFFD}{}")),
        ("unknown", dokument("Tal", r#""okänt": 1,"#, r#""Text.""#)),
    ];
    for (name, model) in models {
        let folder = workspace(&format!("one-reading-ways-{name}"));
        let path = |file: &str| folder.join(file).display().to_string();
        fs::write(folder.join("doc.json"), &model).expect("written");
        fs::write(folder.join("other.json"), cell("1")).expect("written");
        fs::write(folder.join("k.json"), kallelse(r#"{"dokument": "doc.json"}"#)).expect("written");
        let json = ["--format", "json"];
        let checked = codes(&sigill(&[&["check", &path("doc.json")], &json[..]].concat()), "doc.json");
        let rendered = sigill(&[&["render", &path("doc.json"), "-o", &path("doc.pdf")], &json[..]].concat());
        let both = [path("doc.json"), path("other.json")];
        let jobs = sigill(&[&["render", &both[0], &both[1], "-o", &path("pdf"), "--jobs", "2"], &json[..]].concat());
        let packed = sigill(&[&["pack", &path("k.json"), "-o", &path("k.pdf"), "--no-cache"], &json[..]].concat());
        assert_eq!(codes(&rendered, "doc.json"), checked, "{name}: rendered");
        assert_eq!(codes(&jobs, "doc.json"), checked, "{name}: in a worker");
        assert_eq!(codes(&packed, "doc.json"), checked, "{name}: in a pack");
        let sound = name == "mark";
        assert_eq!(checked.is_empty(), sound, "{name}: {checked:?}");
        assert_eq!((packed.code == 0, folder.join("k.pdf").exists()), (sound, sound), "{name}");
    }
}

/// A pack of files that must be made, and its text.
fn public_text(name: &str, files: &[(&str, &str)]) -> Option<String> {
    let (run, pdf) = packed(name, files, &["--edition", "offentlig"]);
    assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
    text_of(&pdf)
}

#[test]
fn a_file_that_is_marked_in_one_place_is_left_out_in_all() {
    let b = dokument("Bilagan om Hemligson", "", r#""Kort.""#);
    let doc = |mark: &str| {
        dokument(
            "Skrivelse",
            &format!(r#""bilagor": [{{"title": "Bilagan om Hemligson", "file": "b.json"{mark}}}],"#),
            r#""Text.""#,
        )
    };
    let marked = doc(r#", "sekretess": "26:1""#);
    let both = kallelse(r#"{"dokument": "doc.json"}, {"dokument": "./b.json"}"#);
    let text = public_text("one-reading-listed", &[("k.json", &both), ("doc.json", &marked), ("b.json", &b)]);
    assert!(text.is_none_or(|text| !text.contains("Hemligson") && !text.contains("Kort")));
    // The mark stands in the bilaga itself: whoever names it does not say its title either.
    let own = dokument("Bilagan om Hemligson", r#""sekretess": "26:1","#, r#""Kort.""#);
    let unmarked = doc("");
    let k = kallelse(r#"{"dokument": "doc.json"}"#);
    let text = public_text("one-reading-childroot", &[("k.json", &k), ("doc.json", &unmarked), ("b.json", &own)]);
    assert!(text.is_none_or(|text| !text.contains("Hemligson") && !text.contains("Kort")));
}

#[test]
fn a_kallelse_that_is_secret_itself_has_no_public_edition() {
    let doc = dokument("Tal", "", r#""Text.""#);
    for mark in [r#""sekretess": "26:1","#, r#""personuppgift": true,"#] {
        let k = kallelse(r#"{"dokument": "doc.json"}"#).replacen('{', &format!("{{{mark}"), 1);
        let (run, pdf) = packed("one-reading-root", &[("k.json", &k), ("doc.json", &doc)], &["--edition", "offentlig"]);
        assert_eq!((run.code, pdf.exists()), (1, false), "{}", run.text());
        assert!(run.text().contains("SEK002"), "{}", run.text());
    }
}

#[test]
fn what_was_read_is_not_written_over_however_it_is_spelt() {
    let folder = workspace("one-reading-over");
    let path = |file: &str| folder.join(file).display().to_string();
    let (k, doc) = (kallelse(r#"{"dokument": "doc.json"}"#), dokument("Tal", "", r#""Text.""#));
    fs::write(folder.join("k.json"), &k).expect("written");
    fs::write(folder.join("doc.json"), &doc).expect("written");
    let dotted = folder.join(".").join("k.json").display().to_string();
    for outputs in [
        &["-o", &dotted][..],
        &["-o", &path("x.pdf"), "--report", &dotted],
        &["-o", &path("x.pdf"), "--report", &path("doc.json")],
    ] {
        let run = sigill(&[&["pack", &path("k.json"), "--no-cache"], outputs].concat());
        assert_eq!(run.code, 2, "{outputs:?}: {}{}", run.text(), run.err);
        assert_eq!(fs::read_to_string(folder.join("k.json")).expect("read"), k);
        assert_eq!(fs::read_to_string(folder.join("doc.json")).expect("read"), doc);
    }
}

#[test]
#[cfg(unix)]
fn files_of_others_beside_kept_parts_stay() {
    let folder = workspace("one-reading-others");
    fs::write(folder.join("k.json"), kallelse(r#"{"dokument": "doc.json"}"#)).expect("written");
    fs::write(folder.join("doc.json"), dokument("Tal", "", r#""Text.""#)).expect("written");
    let (meeting, target) = (folder.join("k.json").display().to_string(), folder.join("pack.pdf"));
    let kept = folder.join(".pack.pdf.delar");
    // A link leads to what is not ours: nothing is kept there, and nothing removed.
    let mine = folder.join("mine");
    fs::create_dir(&mine).expect("made");
    fs::write(mine.join("avtal.docx"), "viktigt").expect("written");
    std::os::unix::fs::symlink(&mine, &kept).expect("linked");
    super::pack(&meeting, &target, &[]);
    super::pack(&meeting, &target, &["--no-cache"]);
    assert_eq!(fs::read_dir(&mine).expect("there").count(), 1);
    fs::remove_file(&kept).expect("removed");
    super::pack(&meeting, &target, &[]);
    fs::write(kept.join("avtal.docx"), "viktigt").expect("written");
    super::pack(&meeting, &target, &[]);
    assert!(fs::read_dir(&kept).expect("there").count() > 1);
    // What an earlier run kept goes with a run that keeps nothing, since it may hold more than the pack does.
    super::pack(&meeting, &target, &["--no-cache"]);
    let left: Vec<_> = fs::read_dir(&kept).expect("there").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left, ["avtal.docx"]);
}

#[test]
fn an_attached_model_has_no_password_of_a_bilaga() {
    let folder = workspace("one-reading-password");
    let (model, pdf) = (folder.join("d.json"), folder.join("d.pdf"));
    let bilagor = r#""bilagor": [{"title": "B", "file": "e.pdf", "losenord": "LosenHemlig99"}],"#;
    fs::write(&model, dokument("Tal", bilagor, r#""Text 12.10.""#)).expect("written");
    let (model, pdf) = (model.display().to_string(), pdf.display().to_string());
    let run = sigill(&["render", &model, "-o", &pdf, "--standard", "a-3a+ua-1"]);
    assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
    let attached = sigill(&["extract", &pdf]).text();
    assert!(
        attached.contains("Text 12.10.") && !attached.contains("Losen") && !attached.contains("losenord"),
        "{attached}"
    );
}

#[test]
fn a_paper_of_two_contents_and_a_bilaga_of_the_kallelse_are_told() {
    let doc = dokument("Tal", "", r#""Text.""#);
    let both = kallelse(r#"{"dokument": "doc.json", "file": "avtal.pdf"}"#);
    let (run, pdf) = packed("one-reading-both", &[("k.json", &both), ("doc.json", &doc)], &[]);
    assert_eq!((run.code, pdf.exists()), (1, false), "{}", run.text());
    assert!(run.text().contains("PAC007") && run.text().contains("/arenden/0/handlingar/0/file"), "{}", run.text());
    let own =
        kallelse(r#"{"dokument": "doc.json"}"#).replacen('{', r#"{"bilagor": [{"title": "B", "file": "b.pdf"}],"#, 1);
    let (run, pdf) = packed("one-reading-own", &[("k.json", &own), ("doc.json", &doc)], &[]);
    assert_eq!((run.code, pdf.exists()), (0, true), "{}", run.text());
    assert!(run.text().contains("PAC007") && run.text().contains("/bilagor/0/file"), "{}", run.text());
}
