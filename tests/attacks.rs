//! Reports made to do harm: code as text, files outside the folder, pictures that are traps.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Run, files_below, path_text, sigill, sigill_in, tool, workspace};

/// A report of free structure with this content.
fn report(content: Value) -> Value {
    json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Prov", "date": "2026-05-04",
        "dnr": "EX 2026/97", "forvaltning": "Gatuenheten", "content": content,
    })
}

fn picture(file: &str) -> Value {
    report(json!(["Före bilden.", { "type": "image", "file": file, "alt": "Prov" }]))
}

fn render(folder: &Path, report: &Value) -> Run {
    fs::write(folder.join("r.json"), report.to_string()).expect("written");
    sigill_in(folder, &["render", "r.json", "--format", "json"], b"")
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}' && *c != '\u{200b}').collect()
}

/// Markup and code, and how it must be printed: as written, but for typographic quotes and CommonMark's own marks.
const CODE: [(&str, &str); 14] = [
    ("#read(\"/etc/passwd\")", "#read(”/etc/passwd”)"),
    ("#panic()", "#panic()"),
    ("#eval(\"1+1\")", "#eval(”1+1”)"),
    ("#import \"/kinds/dokument/lib.typ\": render", "#import”/kinds/dokument/lib.typ”:render"),
    ("#include \"/report/profile.json\"", "#include”/report/profile.json”"),
    ("#{ while true {} }", "#{whiletrue{}}"),
    ("$ x^2 $", "$x^2$"),
    ("$#panic()$", "$#panic()$"),
    ("se @ref och <label>", "se@refoch<label>"),
    ("#[x] #set page(width: 1pt)", "#[x]#setpage(width:1pt)"),
    ("a /* b */ c", "a/*b*/c"),
    ("]#panic()[", "]#panic()["),
    ("kod `#panic()` slut", "kod`#panic()`slut"),
    ("*kursivt* och **fett**", "kursivtochfett"),
];

#[test]
fn code_in_text_is_text() {
    let folder = workspace("attack-code");
    for (i, (code, printed)) in CODE.iter().enumerate() {
        let cells = json!([{ "cells": [code, 1] }]);
        let table = json!({ "type": "table", "title": code, "columns":
            [{ "id": "a", "title": "Post" }, { "id": "b", "title": "Antal", "type": "integer" }], "rows": cells });
        let mut all = report(json!([format!("Här {code} där."), table]));
        all["title"] = json!(format!("Titel {code}"));
        all["sections"] = json!([{ "title": format!("Rubrik {code}"), "content": format!("Text {code}") }]);
        all["signaturer"] = json!([{ "name": code, "title": code }]);
        let run = render(&folder, &all);
        assert_eq!((run.code, run.codes()), (0, vec![]), "{code}: {}", run.text());
        let Some(text) = tool("pdftotext", &["-raw", &path_text(&folder.join("r.pdf")), "-"]) else { return };
        let text = squeezed(&text);
        for before in ["Här", "Titel", "Rubrik", "Text"] {
            let wanted = format!("{before}{printed}");
            assert!(text.contains(&wanted), "{i}: {wanted} is not in {text}");
        }
        // In title, text, caption, cell, heading, and twice under the line to sign on, as one kind of text or the other.
        let written = squeezed(code).replace('"', "”");
        let both = text.matches(printed).count() + if written == *printed { 0 } else { text.matches(&written).count() };
        assert!(both >= 7, "{code} stands everywhere it was written: {text}");
        assert!(!text.contains("root:x:"), "{text}");
    }
}

#[test]
fn code_where_names_are_expected_is_refused() {
    let folder = workspace("attack-names");
    for (field, value) in [
        ("kind", "dokument\": render\n#panic()"),
        ("kind", "../../etc/passwd"),
        ("profile", "exempel/profile.typ\": *\n#panic()"),
        ("profile", "../exempel"),
    ] {
        let mut all = report(json!("x"));
        all[field] = json!(value);
        let run = render(&folder, &all);
        assert_eq!(run.code, 1, "{value}: {}", run.text());
        assert!(run.codes().iter().all(|c| c.starts_with("MOD00")), "{value}: {}", run.text());
    }
}

#[test]
fn pictures_stay_in_the_folder() {
    let folder = workspace("attack-paths").join("mapp");
    fs::create_dir_all(folder.join("in")).expect("made");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
    fs::write(folder.join("in/x.svg"), svg).expect("written");
    fs::write(folder.join("../x.svg"), svg).expect("written");
    // The picture within the folder is fine, so that what is refused is refused for its path.
    for good in ["in/x.svg", "./in/x.svg"] {
        assert_eq!(render(&folder, &picture(good)).code, 0, "{good}");
        fs::remove_file(folder.join("r.pdf")).expect("removed");
    }
    let absolute = path_text(&folder.join("in/x.svg").canonicalize().expect("it exists"));
    let mut outside = vec![absolute.clone(), format!("file://{absolute}")];
    let paths = ["../x.svg", "in/../../x.svg", "in/../in/x.svg", "in\\x.svg", "..\\x.svg", "C:\\x.svg", "C:x.svg"];
    outside.extend(paths.map(str::to_owned));
    outside.extend(["http://127.0.0.1/x.svg", "//127.0.0.1/x.svg", "in/x.svg:ström"].map(str::to_owned));
    #[cfg(unix)]
    for (link, to) in [("ut.svg", "../x.svg"), ("mapp-ut", "..")] {
        std::os::unix::fs::symlink(to, folder.join(link)).expect("linked");
        outside.push(if link == "mapp-ut" { "mapp-ut/x.svg".into() } else { link.to_owned() });
    }
    for path in outside {
        let run = render(&folder, &picture(&path));
        assert_eq!((run.code, run.codes()), (1, vec!["FIL002".to_owned()]), "{path}: {}", run.text());
        assert!(!folder.join("r.pdf").exists(), "{path}");
    }
    for path in [".", "in", "~/x.svg", "finns-inte.svg", "%2e%2e/x.svg"] {
        let run = render(&folder, &picture(path));
        assert_eq!((run.code, run.codes()), (1, vec!["FIL001".to_owned()]), "{path}: {}", run.text());
    }
}

fn svg(inside: &str) -> Vec<u8> {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='90' height='90'>\
         {inside}<rect width='9' height='9'/></svg>"
    )
    .into_bytes()
}

/// The start of a PNG that says it is this large.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()).chain([8, 0, 0, 0, 0]));
    // CRC-32 of the header, as PNG has it.
    let crc = !out[12..].iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    });
    out.extend(crc.to_be_bytes());
    out.extend(b"\0\0\0\x0aIDATx\x9c\x63\0\0\0\x02\0\x01\xe5\x27\xde\xfc\0\0\0\0IEND\xae\x42\x60\x82");
    out
}

#[test]
fn pictures_that_are_traps_are_refused() {
    let folder = workspace("attack-pictures");
    let entities = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>\
                    <svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&b;</text></svg>";
    let uses: String =
        (1..10).map(|i| format!("<g id='g{i}'>{}</g>", format!("<use href='#g{}'/>", i - 1).repeat(10))).collect();
    for (name, bytes, code) in [
        ("stor.png", png(50_000, 50_000), "FIL004"),
        ("bred.png", png(2_000_000_000, 1), "FIL004"),
        ("avkapad.png", png(100, 100), "FIL003"),
        ("tom.png", Vec::new(), "FIL003"),
        ("png.jpg", png(9, 9), "FIL003"),
        ("text.png", b"hej".to_vec(), "FIL003"),
        ("gif.png", b"GIF89a".to_vec(), "FIL003"),
        ("pdf.pdf", b"%PDF-1.7".to_vec(), "FIL003"),
        ("utan-namn", png(9, 9), "FIL003"),
        ("skratt.svg", entities.into(), "FIL003"),
        ("png.svg", png(9, 9), "FIL003"),
        ("trasig.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g>".to_vec(), "FIL003"),
        ("fil.svg", svg("<image href='/etc/passwd' width='9' height='9'/>"), "FIL003"),
        ("url.svg", svg("<image xlink:href='file:///etc/passwd' width='9' height='9'/>"), "FIL003"),
        ("granne.svg", svg("<image href='tom.png' width='9' height='9'/>"), "FIL003"),
        ("nat.svg", svg("<image href='http://127.0.0.1:9/x.png' width='9' height='9'/>"), "FIL003"),
        (
            "kopior.svg",
            svg(&format!("<defs><g id='g0'><path d='M0 0h1'/></g>{uses}</defs><use href='#g9'/>")),
            "FIL003",
        ),
        ("djup.svg", svg(&("<g>".repeat(100_000) + &"</g>".repeat(100_000))), "FIL003"),
    ] {
        fs::write(folder.join(name), bytes).expect("written");
        for command in ["check", "render"] {
            fs::write(folder.join("r.json"), picture(name).to_string()).expect("written");
            let run = sigill_in(&folder, &[command, "r.json", "--format", "json"], b"");
            assert_eq!((run.code, run.codes()), (1, vec![code.to_owned()]), "{command} {name}: {}", run.text());
            assert!(!run.text().contains("root:"), "{}", run.text());
        }
        assert!(!folder.join("r.pdf").exists(), "{name}");
    }
}

#[test]
fn scripts_in_pictures_do_nothing() {
    let folder = workspace("attack-scripts");
    for (i, inside) in [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<style>@import url('file:///etc/passwd');</style>",
        "<g id='a'><use href='#a'/></g><use href='#a'/>",
        "<a href='javascript:alert(1)'><path d='M0 0h9'/></a>",
    ]
    .iter()
    .enumerate()
    {
        let name = format!("{i}.svg");
        fs::write(folder.join(&name), svg(inside)).expect("written");
        let run = render(&folder, &picture(&name));
        assert_eq!((run.code, run.codes()), (0, vec![]), "{inside}: {}", run.text());
        let pdf = fs::read(folder.join("r.pdf")).expect("read");
        for bad in ["alert", "JavaScript", "root:x", "javascript"] {
            assert!(!pdf.windows(bad.len()).any(|w| w == bad.as_bytes()), "{inside}: {bad}");
        }
    }
}

#[test]
fn what_a_picture_would_not_show_is_refused() {
    let folder = workspace("attack-foreign");
    let inside =
        "<foreignObject width='9' height='9'><p xmlns='http://www.w3.org/1999/xhtml'>root:x</p></foreignObject>";
    fs::write(folder.join("0.svg"), svg(inside)).expect("written");
    let run = render(&folder, &picture("0.svg"));
    assert_eq!((run.code, run.codes()), (1, vec!["FIL003".to_owned()]), "{}", run.text());
}

#[test]
fn characters_that_deceive_are_refused() {
    let folder = workspace("attack-characters");
    for (text, code) in [
        ("a\u{0}b", "TXT002"),
        ("a\u{1b}[31mb", "TXT002"),
        ("a\u{202e}b", "TXT002"),
        ("a\u{2066}b", "TXT002"),
        ("a\u{85}b", "TXT002"),
        ("a\u{10fffd}b", "TXT001"),
        ("a\u{e000}b", "TXT001"),
        ("漢字", "TXT001"),
    ] {
        let run = render(&folder, &report(json!(text)));
        assert_eq!(run.code, 1, "{text:?}");
        assert!(run.codes().iter().any(|c| c == code), "{text:?}: {}", run.text());
        // In the terminal they are shown, not obeyed.
        let human = sigill(&["check", &path_text(&folder.join("r.json"))]);
        assert_eq!(human.code, 1);
        let obeyed = human.err.contains(['\u{1b}', '\u{0}', '\u{202e}', '\u{2066}', '\u{85}']);
        assert!(!obeyed, "{text:?}: {:?}", human.err);
    }
    for text in ["a\\ud800b", "a\\udc00b", "a\\ud83dx"] {
        let source = report(json!("TEXT")).to_string().replace("TEXT", text);
        let run = sigill_in(&folder, &["check", "-", "--format", "json"], source.as_bytes());
        assert_eq!((run.code, run.codes()), (1, vec!["JSN001".to_owned()]), "{text}: {}", run.text());
    }
    assert_eq!(files_below(&folder), ["r.json"]);
}

#[test]
fn patterns_of_a_profile_cannot_hang_the_program() {
    let folder = workspace("attack-pattern");
    let exempel: Value = serde_json::from_slice(
        &fs::read(crate::support::root().join("layouts/profiles/exempel/profile.json")).expect("read"),
    )
    .expect("JSON");
    let place = folder.join("layouter/profiles/exempel");
    fs::create_dir_all(&place).expect("made");
    let mut all = report(json!("x"));
    all["dnr"] = json!(format!("{}!", "a".repeat(5000)));
    for (pattern, codes) in [
        ("(a+)+", "DNR001"),
        ("(a|a)*(a|aa)*", "DNR001"),
        ("((a{100}){100}){100}", "LAY002"),
        ("(a", "LAY002"),
        ("(?<=a)b", "LAY002"),
    ] {
        let mut profile = exempel.clone();
        profile["dnr"]["patterns"] = json!([pattern]);
        fs::write(place.join("profile.json"), profile.to_string()).expect("written");
        fs::write(folder.join("r.json"), all.to_string()).expect("written");
        let start = std::time::Instant::now();
        let run = sigill_in(&folder, &["check", "r.json", "--layouts", "layouter", "--format", "json"], b"");
        assert_eq!((run.code, run.codes()), (1, vec![codes.to_owned()]), "{pattern}: {}", run.text());
        assert!(start.elapsed().as_secs() < 5, "{pattern}: {:?}", start.elapsed());
    }
}
