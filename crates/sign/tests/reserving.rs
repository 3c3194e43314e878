//! Reserved fields: where they stand in the structure, and in files of other makes.

use std::fs;
use std::process::Command;

use lopdf::{Dictionary, Document, Object, ObjectId};
use sigill_sign::{Entry, Level, fields, reserve, sign};

use crate::judges::{has, openssl, pyhanko, qpdf_and_pdfsig};
use crate::support::{FIELD, Http, NOW, context, document, keep, pki, reserved, root, specs, time};
use crate::verifying::report;

fn reference(dictionary: &Dictionary, key: &[u8]) -> ObjectId {
    dictionary.get(key).and_then(Object::as_reference).expect("a reference")
}

#[test]
fn a_field_is_read_where_it_is_seen() {
    let document = Document::load_mem(&reserved()).expect("loaded");
    let is_form =
        |o: &Object| o.as_dict().is_ok_and(|d| d.get(b"S").is_ok_and(|s| s.as_name().is_ok_and(|n| n == b"Form")));
    let forms: Vec<_> = document.objects.iter().filter(|(_, o)| is_form(o)).collect();
    assert_eq!(forms.len(), 2);
    let tree = document.catalog().map(|c| reference(c, b"StructTreeRoot")).expect("a tree");
    let tree = document.get_dictionary(tree).expect("a tree");
    let next = tree.get(b"ParentTreeNextKey").and_then(Object::as_i64).expect("a key");
    let parents = document.get_dictionary(reference(tree, b"ParentTree")).expect("parents");
    let numbers = parents.get(b"Nums").and_then(Object::as_array).expect("numbers");
    for (id, form) in forms {
        let form = form.as_dict().expect("an element");
        // One dictionary, not an array.
        let content = form.get(b"K").and_then(Object::as_dict).expect("an object reference");
        let widget = document.get_dictionary(reference(content, b"Obj")).expect("a widget");
        let key = widget.get(b"StructParent").and_then(Object::as_i64).expect("a key");
        assert!(key < next);
        let found = numbers.chunks(2).find(|p| p[0].as_i64().is_ok_and(|k| k == key)).expect("in the parent tree");
        assert_eq!(found[1].as_reference().expect("a reference"), *id);
        let kids = document.get_dictionary(reference(form, b"P")).and_then(|p| p.get(b"K")).expect("kids");
        let at = kids.as_array().expect("an array").iter().position(|k| k.as_reference().is_ok_and(|k| k == *id));
        assert!(at.is_some(), "its parent knows it");
        let name = widget.get(b"T").and_then(Object::as_str).expect("a name");
        if name == FIELD.as_bytes() {
            // After the words in the box, before the name below it.
            assert_eq!(at, Some(1));
        }
    }
    let told = fields(&reserved()).expect("fields");
    let shown: Vec<_> = told.iter().map(|f| (f.name.as_str(), f.signed, f.size.0 > 190.0)).collect();
    assert_eq!(shown, [(FIELD, false, true), ("justerare", false, true)]);
    assert_eq!(told[0].label.as_deref(), Some("Elektronisk underskrift: ordforande"));
}

#[test]
fn packed_files_are_signed_as_they_are() {
    let Some(pki) = pki() else { return };
    if !has("qpdf") {
        return;
    }
    let folder = root().join("target/test-work");
    let (plain, packed) = (folder.join("to-pack.pdf"), folder.join("packed.pdf"));
    fs::write(&plain, document()).expect("written");
    let run = Command::new("qpdf")
        .args(["--object-streams=generate", "--newline-before-endstream"])
        .args([&plain, &packed])
        .status()
        .expect("qpdf");
    assert!(run.success());
    let packed = fs::read(&packed).expect("read");
    assert!(packed.windows(7).any(|w| w == b"/ObjStm"));
    let file = reserve(&packed, &specs()).expect("reserved");
    keep("packed-reserved", &file);
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let entry = Entry { field: FIELD, ..Entry::default() };
    let context = context(&outside, &tsa, &trusted);
    let signed = sign(&file, &entry, &pki.identity("chef"), Level::Lta, false, &context).expect("signed");
    assert!(signed.starts_with(&packed), "no byte is changed");
    let path = keep("packed-lta", &signed);
    qpdf_and_pdfsig(&path, 1);
    openssl(pki, &path);
    assert!(pyhanko(pki, "2026-11-22T10:00:01+00:00", "lta", &[path])[0].passed);
    let found = report(pki, &signed, NOW, false);
    assert!(found.passed(), "{found:#?}");
    let mut changed = signed;
    changed[3000] ^= 1;
    assert!(!report(pki, &changed, NOW, false).passed());
}
