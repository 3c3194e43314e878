//! Signed files that somebody has changed: refused here and by pyHanko alike.

use std::fs;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, dictionary};
use sigill_sign::{Entry, ErrorKind, Indication, Level, sign};

use crate::judges::pyhanko;
use crate::support::{FIELD, Http, NOW, Pki, context, pki, reserved, root, time};
use crate::verifying::{report, told};

fn signed(pki: &Pki) -> Vec<u8> {
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let entry = Entry { field: FIELD, ..Entry::default() };
    sign(&reserved(), &entry, &pki.identity("chef"), Level::T, false, &context(&outside, &tsa, &trusted))
        .expect("signed")
}

fn find(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).rposition(|w| w == needle).expect("found")
}

/// The numbers of the byte range.
fn range(pdf: &[u8]) -> [usize; 4] {
    let at = find(pdf, b"/ByteRange [") + 12;
    let end = at + pdf[at..].iter().position(|b| *b == b']').expect("an end");
    let text = std::str::from_utf8(&pdf[at..end]).expect("text");
    let all: Vec<usize> = text.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    all.try_into().expect("four")
}

fn set_range(pdf: &mut [u8], range: &str) {
    let at = find(pdf, b"/ByteRange [") + 11;
    let end = at + pdf[at..].iter().position(|b| *b == b']').expect("an end") + 1;
    let width = end - at;
    let mut text = range.to_owned();
    assert!(text.len() <= width, "{range}");
    let close = text.pop().expect("not empty");
    let text = format!("{text}{}{close}", " ".repeat(width - range.len()));
    pdf[at..end].copy_from_slice(text.as_bytes());
}

/// An incremental update after the signature, as an editor would write it.
fn update(pdf: &[u8], change: impl FnOnce(&Document, &mut Document)) -> Vec<u8> {
    let old = Document::load_mem(pdf).expect("loaded");
    let mut incremental = IncrementalDocument::create_from(pdf.to_vec(), old.clone());
    incremental.new_document.version = "1.7".into();
    change(&old, &mut incremental.new_document);
    let mut out = Vec::new();
    incremental.save_to(&mut out).expect("saved");
    out
}

fn field_id(document: &Document, name: &str) -> ObjectId {
    let is_it = |o: &Object| {
        o.as_dict().is_ok_and(|d| d.get(b"T").and_then(Object::as_str).is_ok_and(|t| t == name.as_bytes()))
    };
    *document.objects.iter().find(|(_, o)| is_it(o)).expect("a field").0
}

fn page_id(document: &Document) -> ObjectId {
    document.page_iter().next().expect("a page")
}

fn catalog_id(document: &Document) -> ObjectId {
    document.trailer.get(b"Root").and_then(Object::as_reference).expect("a catalog")
}

fn altered(document: &Document, id: ObjectId, change: impl FnOnce(&mut Dictionary)) -> Object {
    let mut dictionary = document.get_dictionary(id).expect("a dictionary").clone();
    change(&mut dictionary);
    Object::Dictionary(dictionary)
}

/// Every attack with its name.
fn attacks(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let [_, from, to, length] = range(pdf);
    let mut out: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let mut add = |name, file| out.push((name, file));

    let mut flipped = pdf.to_vec();
    flipped[2000] ^= 1;
    add("flipped-byte", flipped);
    let mut date = pdf.to_vec();
    let at = find(&date, b"/M (D:2026") + 9;
    date[at] = b'5';
    add("changed-date", date);
    let mut digest = pdf.to_vec();
    digest[from + 1200] = if digest[from + 1200] == b'a' { b'b' } else { b'a' };
    add("changed-signature", digest);

    // Universal signature forgery: a signature that says nothing about what it covers.
    for (name, text) in [
        ("usf-empty-range", "[]".to_owned()),
        ("usf-short-range", format!("[0 {from}]")),
        ("usf-negative-range", format!("[0 {from} {to} -1]")),
        ("usf-null-range", "null]".replace("null]", "[null]")),
        ("usf-no-second-part", format!("[0 {from} {to} 0]")),
        ("moved-range", format!("[0 {from} {} {}]", to + 1, length - 1)),
        ("range-not-from-0", format!("[5 {} {to} {length}]", from - 5)),
        ("range-to-less", format!("[0 {from} {to} {}]", length - 100)),
    ] {
        let mut file = pdf.to_vec();
        set_range(&mut file, &text);
        add(name, file);
    }
    let mut renamed = pdf.to_vec();
    let at = find(&renamed, b"/Contents <");
    renamed[at..at + 9].copy_from_slice(b"/Contentz");
    add("usf-no-contents", renamed);
    let mut zero = pdf.to_vec();
    zero[from + 1..to - 1].fill(b'0');
    add("usf-zero-contents", zero);

    // Incremental saving: pages and content added after the signature.
    add(
        "isa-appended-page",
        update(pdf, |old, new| {
            let page = new.add_object(altered(old, page_id(old), |d| {
                d.remove(b"Annots");
            }));
            let pages = old.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference).expect("pages");
            new.objects.insert(
                pages,
                altered(old, pages, |d| {
                    let kids = d.get_mut(b"Kids").and_then(Object::as_array_mut).expect("kids");
                    kids.push(page.into());
                    let count = kids.len() as i64;
                    d.set("Count", count);
                }),
            );
        }),
    );
    add(
        "isa-changed-content",
        update(pdf, |old, new| {
            let content = new.add_object(Stream::new(Dictionary::new(), b"BT ET".to_vec()));
            let page = page_id(old);
            new.objects.insert(page, altered(old, page, |d| d.set("Contents", content)));
        }),
    );
    let mut bare = pdf.to_vec();
    bare.extend_from_slice(b"900 0 obj\n<</Type/Page>>\nendobj\n");
    add("isa-objects-without-table", bare);
    let mut sloppy = pdf.to_vec();
    let page = page_id(&Document::load_mem(pdf).expect("loaded"));
    sloppy.extend_from_slice(
        format!(
            "{} 0 obj\n<</Type/Page/MediaBox[0 0 9 9]>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
            page.0
        )
        .as_bytes(),
    );
    add("isa-rebuilt-by-readers", sloppy);

    let mut hybrid = pdf.to_vec();
    let (at, last) = (hybrid.len(), Document::load_mem(pdf).expect("loaded"));
    let (root, size, previous) = (catalog_id(&last), last.max_id + 2, last.xref_start);
    let table = "xref\n0 1\n0000000000 65535 f \ntrailer\n";
    let trailer = format!("<</Size {size}/Root {} 0 R/Prev {previous}/XRefStm {previous}>>", root.0);
    hybrid.extend_from_slice(format!("{table}{trailer}\nstartxref\n{at}\n%%EOF\n").as_bytes());
    add("isa-second-table", hybrid);
    add("swa-moved-second-part", wrapped(pdf));
    let mut padded = pdf[..to - 1].to_vec();
    padded.extend_from_slice(b"00000000>");
    let moved = padded.len();
    padded.extend_from_slice(&pdf[to..to + length]);
    set_range(&mut padded, &format!("[0 {from} {moved} {length}]"));
    add("swa-wider-gap", padded);

    // Shadow attacks: what was hidden is shown, what was shown is replaced.
    add(
        "shadow-replaced-catalog",
        update(pdf, |old, new| {
            let (catalog, pages) = (catalog_id(old), new.new_object_id());
            let page = new.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 9.into(), 9.into()] });
            new.objects
                .insert(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
            new.objects.insert(catalog, altered(old, catalog, |d| d.set("Pages", pages)));
        }),
    );
    add(
        "shadow-layers",
        update(pdf, |old, new| {
            let catalog = catalog_id(old);
            new.objects.insert(catalog, altered(old, catalog, |d| d.set("OCProperties", Dictionary::new())));
        }),
    );
    add(
        "shadow-replaced-font",
        update(pdf, |old, new| {
            let is_font = |o: &Object| o.as_dict().is_ok_and(|d| d.has_type(b"FontDescriptor"));
            let font = *old.objects.iter().find(|(_, o)| is_font(o)).expect("a font").0;
            new.objects.insert(font, altered(old, font, |d| d.set("Flags", 4)));
        }),
    );
    add(
        "shadow-action",
        update(pdf, |old, new| {
            let catalog = catalog_id(old);
            new.objects.insert(catalog, altered(old, catalog, |d| d.set("OpenAction", Dictionary::new())));
        }),
    );
    // Values of fields.
    add(
        "field-value-replaced",
        update(pdf, |old, new| {
            let field = field_id(old, FIELD);
            let value =
                old.get_dictionary(field).and_then(|d| d.get(b"V")).and_then(Object::as_reference).expect("a value");
            let copy = new.add_object(altered(old, value, |d| d.set("Reason", Object::string_literal("annat"))));
            new.objects.insert(field, altered(old, field, |d| d.set("V", copy)));
        }),
    );
    add(
        "field-look-replaced",
        update(pdf, |old, new| {
            let look = new.add_object(Stream::new(dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 9.into(), 9.into()] }, Vec::new()));
            let field = field_id(old, FIELD);
            new.objects.insert(field, altered(old, field, |d| d.set("AP", dictionary! { "N" => look })));
        }),
    );
    add(
        "field-moved",
        update(pdf, |old, new| {
            let field = field_id(old, "justerare");
            new.objects.insert(
                field,
                altered(old, field, |d| d.set("Rect", vec![0.into(), 0.into(), 500.into(), 800.into()])),
            );
        }),
    );
    add(
        "text-over-the-page",
        update(pdf, |old, new| {
            let note = new.add_object(dictionary! { "Type" => "Annot", "Subtype" => "FreeText", "Rect" => vec![0.into(), 0.into(), 500.into(), 800.into()], "F" => 4 });
            let page = page_id(old);
            new.objects.insert(
                page,
                altered(old, page, |d| {
                    d.get_mut(b"Annots").and_then(Object::as_array_mut).expect("annotations").push(note.into())
                }),
            );
        }),
    );
    out
}

/// Signature wrapping: what was signed stays, its second part further down. Between stand a cross-reference, where the
/// signed `startxref` points, a new signature dictionary with the old signature and the new range, and new content.
fn wrapped(pdf: &[u8]) -> Vec<u8> {
    let [_, from, to, length] = range(pdf);
    let old = Document::load_mem(pdf).expect("loaded");
    let page = page_id(&old);
    let content =
        old.get_dictionary(page).and_then(|p| p.get(b"Contents")).and_then(Object::as_reference).expect("content");
    let field_id = field_id(&old, FIELD);
    let Some(lopdf::xref::XrefEntry::Normal { offset, .. }) = old.reference_table.get(field_id.0) else {
        panic!("place")
    };
    let field = old.get_dictionary(field_id).expect("a field");
    let value = field.get(b"V").and_then(Object::as_reference).expect("a value");
    let prev = Document::load_mem(&reserved()).expect("loaded").xref_start;
    let mut file = pdf[..old.xref_start].to_vec();
    let evil = b"<</Length 5>>\nstream\nBT ET\nendstream";
    // All parts have fixed widths, so that places are known before they are written.
    let table_length = 5 + 2 * (20 + 20) + 300;
    let content_at = old.xref_start + table_length;
    let content_object = [format!("{} 0 obj\n", content.0).as_bytes(), evil, b"\nendobj\n"].concat();
    let value_at = content_at + content_object.len();
    let signature = String::from_utf8(pdf[from..to].to_vec()).expect("digits");
    let value_object = |moved: usize| {
        format!(
            "{} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261122100000Z)\
             /ByteRange[0 {from} {moved:010} {length}]/Contents {signature}>>\nendobj\n",
            value.0
        )
    };
    let moved = value_at + value_object(0).len();
    let mut table =
        format!("xref\n{} 1\n{content_at:010} 00000 n \n{} 1\n{value_at:010} 00000 n \n", content.0, value.0);
    table.push_str(&format!("{} 1\n{offset:010} 00000 n \n", field_id.0));
    let (root, size) = (catalog_id(&old), old.max_id + 5);
    table.push_str(&format!("trailer\n<</Size {size}/Root {} 0 R/Prev {prev}>>\n", root.0));
    assert!(table.len() <= table_length);
    table.push_str(&" ".repeat(table_length - table.len()));
    file.extend_from_slice(table.as_bytes());
    file.extend_from_slice(&content_object);
    file.extend_from_slice(value_object(moved).as_bytes());
    assert_eq!(file.len(), moved);
    file.extend_from_slice(&pdf[to..to + length]);
    file
}

#[test]
fn changed_files_are_refused() {
    let Some(pki) = pki() else { return };
    let good = signed(pki);
    let found = report(pki, &good, NOW, true);
    assert!(found.passed(), "{found:#?}");
    let folder = root().join("target/test-work/attacks");
    fs::create_dir_all(&folder).expect("made");
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for (name, file) in attacks(&good) {
        let path = folder.join(format!("{name}.pdf"));
        fs::write(&path, &file).expect("written");
        let outside = Http(time(NOW));
        let trusted = pki.trusted();
        let policy = sigill_sign::Policy { trusted: &trusted, time: time(NOW), outside: Some(&outside) };
        match sigill_sign::verify(&file, &policy) {
            Ok(found) => {
                assert!(!found.passed(), "{name}: {found:#?}");
                // Another certificate in the signature is not the one that was named.
                let wanted =
                    if name == "changed-signature" { Indication::Indeterminate } else { Indication::TotalFailed };
                assert!(found.signatures.iter().all(|s| s.indication == wanted), "{name}: {:?}", told(&found));
            }
            Err(e) => {
                assert_eq!(e.kind, ErrorKind::Pdf, "{name}");
                unreadable.push(name);
            }
        }
        files.push((name, path));
    }
    assert!(files.len() >= 25);
    assert_eq!(unreadable, ["isa-rebuilt-by-readers", "swa-wider-gap"]);
    // What pyHanko does not look for, and we do: bytes that no cross-reference mentions.
    const OURS: [&str; 1] = ["isa-objects-without-table"];
    let paths: Vec<_> = files.iter().map(|(_, p)| p.clone()).collect();
    for ((name, _), verdict) in files.iter().zip(pyhanko(pki, NOW, "online", &paths)) {
        assert_eq!(verdict.passed, OURS.contains(name), "{name}: {}", verdict.text);
    }
}

#[test]
fn digests_are_told_from_signatures_and_places() {
    let Some(pki) = pki() else { return };
    let good = signed(pki);
    let result = |name: &str| {
        let file = attacks(&good).into_iter().find(|(n, _)| *n == name).expect("an attack").1;
        report(pki, &file, NOW, true).signatures[0].sub_indication.map(|sub| sub.name())
    };
    assert_eq!(result("changed-date"), Some("HASH_FAILURE"));
    assert_eq!(result("isa-appended-page"), Some("FORMAT_FAILURE"));
    assert_eq!(result("swa-moved-second-part"), Some("FORMAT_FAILURE"));
}
