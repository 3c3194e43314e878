//! Foreign PDFs and packs, judged with tools of others. What is kept here, veraPDF validates afterwards.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use lopdf::{Document, Object, Stream, dictionary};
use sigill_layout::{Engine, Folder, Fonts, Input, Layouts, Options, Standard};
use sigill_model::json::Source;
use sigill_pack::foreign::{Converted, Foreign, Refused, Route, convert};
use sigill_pack::merge::{MergeGroup, MergePart, Merged, Origin, Plan, merge};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Writes a PDF where veraPDF and qpdf judge it afterwards.
fn keep(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = std::env::var_os("SIGILL_PDF_DIR").map_or_else(|| root().join("target/test-pdfs"), PathBuf::from);
    fs::create_dir_all(&folder).expect("folder made");
    let path = folder.join(format!("{name}.a-2a+ua-1.pdf"));
    fs::write(&path, pdf).expect("written");
    path
}

/// Standard output of a tool; `None`, loudly, when it is missing. With `CI=true` that fails.
fn tool(name: &str, args: &[&str]) -> Option<String> {
    match Command::new(name).args(args).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let notice = format!("\n*** SKIPPED: {name} is not installed\n");
            assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
            std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
            None
        }
        Err(e) => panic!("{name}: {e}"),
    }
}

fn text_of(pdf: &Path) -> Option<String> {
    tool("pdftotext", &[&pdf.display().to_string(), "-"])
}

/// How often each word occurs.
fn words(text: &str) -> BTreeMap<&str, usize> {
    let mut out = BTreeMap::new();
    text.split_whitespace().for_each(|w| *out.entry(w).or_default() += 1);
    out
}

fn bilaga(name: &str) -> PathBuf {
    root().join("fixtures/bilagor").join(name).with_extension("pdf")
}

fn foreign<'a>(bytes: &'a [u8], title: &'a str) -> Foreign<'a> {
    Foreign { bytes, title, password: None, alt: None, date: (2013, 5, 13) }
}

fn converted(name: &str) -> (Vec<u8>, Converted) {
    let bytes = fs::read(bilaga(name)).expect("the bilaga exists");
    let password = name.contains("user-password").then_some("bilaga");
    let result = convert(&Foreign { password, ..foreign(&bytes, name) });
    (bytes, result.unwrap_or_else(|e| panic!("{name}: {e:?}")))
}

const READABLE: [(&str, usize); 12] = [
    ("a3-landscape", 3),
    ("a3-rotated-90", 3),
    ("acroform-fields", 1),
    ("cmyk-images", 2),
    ("encrypted-owner-password", 10),
    ("encrypted-user-password-bilaga", 10),
    ("odd-page-boxes", 5),
    ("office-export-10-pages", 10),
    ("scan-fax-g4", 6),
    ("standard-fonts-not-embedded", 5),
    ("transparency-soft-mask", 2),
    ("truncated", 5),
];

#[test]
fn every_readable_bilaga_keeps_its_pages_and_words() {
    for (name, pages) in READABLE {
        let (_, converted) = converted(name);
        assert_eq!(converted.report.pages.len(), pages, "{name}");
        let new = keep(&format!("bilaga-{name}"), &converted.pdf);
        let Some(found) = text_of(&new) else { return };
        // The password stands between poppler and the original; a damaged file is read in one's own way.
        if name.contains("user-password") || name == "truncated" || name == "odd-page-boxes" {
            continue;
        }
        let wanted = text_of(&bilaga(name)).expect("pdftotext is there");
        let (found, wanted) = (words(&found), words(&wanted));
        // Symbols without a meaning of their own are drawn, not said.
        let says = |w: &str| w.contains(char::is_alphanumeric);
        let missing: Vec<_> = wanted.iter().filter(|(w, n)| says(w) && found.get(*w).is_none_or(|m| m < n)).collect();
        assert!(missing.len() * 50 <= wanted.len(), "{name}: {missing:?}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    for (name, reason) in [
        ("empty-file", Refused::NotPdf),
        ("not-a-pdf", Refused::NotPdf),
        ("random-bytes", Refused::NotPdf),
        ("encrypted-user-password-bilaga", Refused::Password),
    ] {
        let bytes = fs::read(bilaga(name)).expect("the bilaga exists");
        assert_eq!(convert(&foreign(&bytes, name)).expect_err(name), reason, "{name}");
    }
}

#[test]
fn text_keeps_its_size_and_only_what_must_becomes_a_picture() {
    let (bytes, office) = converted("office-export-10-pages");
    assert!(office.pdf.len() <= 3 * bytes.len(), "{} from {}", office.pdf.len(), bytes.len());
    assert!(office.report.pages.iter().all(|p| p.route == Route::Whole && p.text));
    let (_, transparent) = converted("transparency-soft-mask");
    assert!(transparent.report.pages.iter().all(|p| p.route == Route::Picture && p.text));
    let (_, fax) = converted("scan-fax-g4");
    assert!(fax.report.pages.iter().all(|p| !p.text));
}

/// A page that is one JPEG, as scanners write them.
fn scan(jpeg: &[u8], width: i64, height: i64) -> Vec<u8> {
    let mut document = Document::with_version("1.4");
    let pages = document.new_object_id();
    let image = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => width, "Height" => height,
        "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
    };
    let image = document.add_object(Stream::new(image, jpeg.to_vec()).with_compression(false));
    let content = document.add_object(Stream::new(dictionary! {}, b"595 0 0 842 0 0 cm /Im Do".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Im" => image } }, "Contents" => content,
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, tree.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out).expect("written");
    out
}

#[test]
fn a_scanned_jpeg_keeps_its_bytes() {
    let pixels = (0..620u32 * 877 * 3).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let picture = image::RgbImage::from_raw(620, 877, pixels).expect("a picture");
    let mut jpeg = Vec::new();
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 80)).expect("encoded");
    let scanned = scan(&jpeg, 620, 877);
    let alt = Some("Ritning över badplatsen");
    let converted = convert(&Foreign { alt, ..foreign(&scanned, "Skanning") }).expect("converted");
    assert_eq!(converted.report.pages[0].route, Route::Scan);
    assert!(converted.pdf.windows(jpeg.len()).any(|w| w == jpeg), "the JPEG is there byte for byte");
    assert!(converted.pdf.len() * 100 <= scanned.len() * 115, "{} from {}", converted.pdf.len(), scanned.len());
    keep("bilaga-skannad-jpeg", &converted.pdf);
    let document = Document::load_mem(&converted.pdf).expect("a PDF");
    let alternatives = document.objects.values().filter_map(|o| o.as_dict().ok()?.get(b"Alt").ok());
    let alternatives: Vec<_> = alternatives.map(|a| lopdf::decode_text_string(a).expect("text")).collect();
    assert_eq!(alternatives, ["Ritning över badplatsen (sida 1)"]);
}

#[test]
fn a_file_that_keeps_the_standards_goes_in_as_it_is() {
    let own = rendered(&root().join("fixtures/exempel/dokument.json"), Standard::A2aUa1);
    let kept = convert(&foreign(&own, "Rutin")).expect("converted");
    assert!(kept.report.pages.iter().all(|p| p.route == Route::Kept), "{:?}", kept.report.pages);
    assert!(kept.pdf == own);
    // One that does not claim them, and one whose claim is broken by what was done to it, are written anew.
    let plain = rendered(&root().join("fixtures/exempel/dokument.json"), Standard::A2u);
    let mut spoilt = Document::load_mem(&own).expect("a PDF");
    for object in spoilt.objects.values_mut() {
        if let Ok(dict) = object.as_dict_mut() {
            dict.remove(b"Alt");
        }
    }
    let mut bytes = Vec::new();
    spoilt.save_to(&mut bytes).expect("written");
    for other in [plain, bytes] {
        let written = convert(&foreign(&other, "Rutin")).expect("converted");
        assert!(written.report.pages.iter().all(|p| p.route == Route::Whole), "{:?}", written.report.pages);
    }
}

#[test]
fn text_that_stands_sideways_is_read_in_rows() {
    let (_, turned) = converted("a3-rotated-90");
    let document = Document::load_mem(&turned.pdf).expect("a PDF");
    let paragraphs = document.objects.values().filter_map(|o| o.as_dict().ok());
    let paragraphs = paragraphs.filter(|d| d.get(b"S").is_ok_and(|s| s.as_name().is_ok_and(|n| n == b"P"))).count();
    // Each page is a table of some seventy rows.
    assert!(paragraphs < 300, "{paragraphs} paragraphs");
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    assert_eq!(converted("acroform-fields").1.pdf, converted("acroform-fields").1.pdf);
    assert_eq!(converted("transparency-soft-mask").1.pdf, converted("transparency-soft-mask").1.pdf);
}

fn rendered(path: &Path, standard: Standard) -> Vec<u8> {
    let engine = Engine::new(Fonts::new(Vec::new()), Layouts::embedded());
    let files = Folder(path.parent().expect("a folder").to_path_buf());
    let bytes = fs::read(path).expect("the report exists");
    let outcome = engine
        .render(&Input { source: &Source::parse(&bytes), files: &files }, &Options { standard, ..Options::default() });
    outcome.rendered.expect("it renders").pdf
}

/// Targets of all links of a PDF, and what screen readers say of them.
fn links(pdf: &[u8]) -> Vec<(String, String)> {
    let document = Document::load_mem(pdf).expect("a PDF");
    let dictionaries = document.objects.values().filter_map(|o| o.as_dict().ok());
    let links = dictionaries.filter(|d| d.get(b"Subtype").is_ok_and(|s| s.as_name().is_ok_and(|n| n == b"Link")));
    let text = |o: &Object| lopdf::decode_text_string(o).unwrap_or_default();
    links
        .map(|link| {
            let uri = link.get(b"A").and_then(Object::as_dict).and_then(|a| a.get(b"URI")).map(text);
            (uri.unwrap_or_default(), link.get(b"Contents").map(text).unwrap_or_default())
        })
        .collect()
}

#[test]
fn links_to_the_web_go_on_working() {
    let original = rendered(&root().join("fixtures/exempel/dokument.json"), Standard::None);
    let web = |pdf: &[u8]| links(pdf).into_iter().filter(|(uri, _)| uri.starts_with("http")).count();
    assert!(web(&original) > 0, "the fixture has a link");
    let converted = convert(&foreign(&original, "Dokument")).expect("converted");
    assert_eq!(web(&converted.pdf), web(&original));
    keep("bilaga-med-lankar", &converted.pdf);
}

/// Pages that links and bookmarks of a PDF lead to, from 0.
fn jumps(pdf: &[u8]) -> (Vec<usize>, Vec<usize>) {
    let document = Document::load_mem(pdf).expect("a PDF");
    let places: BTreeMap<_, _> = document.page_iter().enumerate().map(|(i, id)| (id, i)).collect();
    let (mut links, mut marks) = (Vec::new(), Vec::new());
    for dict in document.objects.values().filter_map(|o| o.as_dict().ok()) {
        let action = dict.get(b"A").and_then(|a| document.dereference(a)).ok().and_then(|(_, a)| a.as_dict().ok());
        let to = dict.get(b"Dest").ok().or_else(|| action?.get(b"D").ok());
        let to = to.and_then(|t| document.dereference(t).ok()).and_then(|(_, t)| t.as_array().ok());
        let Some(page) = to.and_then(|t| places.get(&t.first()?.as_reference().ok()?)) else { continue };
        if dict.has(b"Title") { marks.push(*page) } else { links.push(*page) }
    }
    links.sort_unstable();
    marks.sort_unstable();
    (links, marks)
}

#[test]
fn links_and_bookmarks_within_a_file_go_on_working() {
    let original = rendered(&root().join("fixtures/exempel/delarsrapport.json"), Standard::None);
    let (links, marks) = jumps(&original);
    assert!(links.len() > 5 && marks.len() > 5, "the fixture has a list of contents");
    let converted = convert(&foreign(&original, "Rapport")).expect("converted");
    let (new_links, new_marks) = jumps(&converted.pdf);
    assert_eq!(new_links, links);
    // And one bookmark for the file itself.
    assert_eq!(new_marks, [&[0], &marks[..]].concat());
    keep("bilaga-med-hopp", &converted.pdf);
}

fn meeting() -> Vec<(String, Vec<u8>)> {
    let folder = root().join("fixtures/botkyrka-sn-2013-05-28");
    let mut names: Vec<_> = fs::read_dir(&folder).expect("fixtures").map(|e| e.expect("entry").path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "json"));
    names.sort();
    let name = |p: &Path| p.file_stem().expect("a name").to_string_lossy().into_owned();
    names.iter().map(|p| (name(p), rendered(p, Standard::A2aUa1))).collect()
}

fn joined(documents: &[(String, Vec<u8>)]) -> Merged {
    let part = |(name, pdf): &'static (String, Vec<u8>)| MergePart {
        origin: Origin::Own,
        pdf,
        title: name,
        anchor: name.clone(),
        bookmarked: true,
    };
    let documents: &'static [(String, Vec<u8>)] = Box::leak(documents.to_vec().into_boxed_slice());
    let groups = documents.iter().enumerate().map(|(i, d)| MergeGroup {
        title: (i > 0).then(|| d.0.clone()),
        anchor: format!("arende-{i}"),
        parts: vec![part(d)],
    });
    merge(&Plan { groups: groups.collect(), overlay: None, first_page: 1, attachments: Vec::new() }).expect("joined")
}

#[test]
fn a_whole_meeting_with_bilagor_is_one_file() {
    let mut documents = meeting();
    for name in ["office-export-10-pages", "scan-fax-g4", "a3-rotated-90", "acroform-fields"] {
        documents.push((name.to_owned(), converted(name).1.pdf));
    }
    let pack = joined(&documents);
    let path = keep("pack-motet", &pack.pdf);
    assert_eq!(pack.dangling, Vec::<String>::new());
    assert_eq!(pack.pages.len(), documents.len());
    let total: usize = pack.pages.iter().sum();
    assert_eq!(Document::load_mem(&pack.pdf).expect("a PDF").page_iter().count(), total);
    // Every page says what it said alone, in the same order.
    let Some(together) = text_of(&path) else { return };
    let pages: Vec<_> = together.split('\u{c}').collect();
    let mut at = 0;
    for ((name, pdf), count) in documents.iter().zip(&pack.pages) {
        let alone = root().join("target/test-work").join(format!("pack-{name}.pdf"));
        fs::create_dir_all(alone.parent().expect("a folder")).expect("folder made");
        fs::write(&alone, pdf).expect("written");
        let alone = text_of(&alone).expect("pdftotext is there");
        let alone: Vec<_> = alone.split('\u{c}').take(*count).collect();
        assert_eq!(pages[at..at + count], alone, "{name}");
        at += count;
    }
}

#[test]
fn tags_of_all_parts_are_kept() {
    let documents = meeting();
    let pack = joined(&documents);
    let count = |pdf: &[u8]| {
        let document = Document::load_mem(pdf).expect("a PDF");
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for object in document.objects.values().filter_map(|o| o.as_dict().ok()) {
            if object.has_type(b"StructElem")
                && let Ok(kind) = object.get(b"S").and_then(Object::as_name)
            {
                *kinds.entry(String::from_utf8_lossy(kind).into_owned()).or_default() += 1;
            }
        }
        kinds
    };
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for (_, pdf) in &documents {
        count(pdf).into_iter().for_each(|(kind, n)| *wanted.entry(kind).or_default() += n);
    }
    // One Document around them all, and one Part for each.
    *wanted.entry("Document".into()).or_default() += 1;
    *wanted.entry("Part".into()).or_default() += documents.len();
    assert_eq!(count(&pack.pdf), wanted);
}

#[test]
fn a_link_to_nowhere_is_told_and_one_to_a_document_becomes_a_jump() {
    let folder = root().join("target/test-work/pack-links");
    fs::create_dir_all(&folder).expect("folder made");
    let kallelse = rendered(&root().join("fixtures/exempel/kallelse.json"), Standard::A2aUa1);
    let mut document = Document::load_mem(&kallelse).expect("a PDF");
    let mut changed = 0;
    for object in document.objects.values_mut() {
        if let Ok(link) = object.as_dict_mut()
            && let Ok(action) = link.get_mut(b"A").and_then(Object::as_dict_mut)
        {
            let target = if changed == 0 { "sigill:beslut" } else { "sigill:finns-inte" };
            action.set("URI", Object::string_literal(target));
            changed += 1;
        }
    }
    assert!(changed > 0, "the fixture has a link");
    let mut linked = Vec::new();
    document.save_to(&mut linked).expect("written");
    let other = rendered(&root().join("fixtures/exempel/ordforandeforslag.json"), Standard::A2aUa1);
    let part = |pdf, title, anchor: &str| MergePart {
        origin: Origin::Own,
        pdf,
        title,
        anchor: anchor.to_owned(),
        bookmarked: true,
    };
    let group = |part: MergePart<'static>| MergeGroup { title: None, anchor: part.anchor.clone(), parts: vec![part] };
    let (linked, other): (&'static [u8], &'static [u8]) = (linked.leak(), other.leak());
    let groups = vec![group(part(linked, "Kallelse", "kallelse")), group(part(other, "Förslag", "beslut"))];
    let pack = merge(&Plan { groups, overlay: None, first_page: 1, attachments: Vec::new() }).expect("joined");
    let said: Vec<_> = links(&pack.pdf).into_iter().map(|(uri, said)| (uri.starts_with("sigill:"), said)).collect();
    assert!(said.contains(&(false, format!("Till sidan {}", pack.pages[0] + 1))), "{said:?}");
    assert_eq!(pack.dangling, if changed > 1 { vec!["finns-inte".to_owned()] } else { Vec::new() });
}
