//! What is signed has one reading, and no earlier signature is broken by it.

use sigill_sign::{Entry, ErrorKind, Lang, Level, examine, fields, sign};

use crate::ambiguity::{certified, judged, ours};
use crate::forge::{FREE, ORDFORANDE, PAGE, Part, base, first, first_with, object, stream};
use crate::support::{Http, NOW, Pki, context, failure, pki, time};

const TEXT: &str = "BT /F 20 Tf 20 100 Td (Beslut: avslag) Tj ET";

/// Signs a field as the program does.
fn signed(pki: &Pki, file: &[u8], field: &str, signer: &str) -> sigill_sign::Result<Vec<u8>> {
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let entry = Entry { field, ..Entry::default() };
    sign(file, &entry, &pki.identity(signer), Level::B, false, &context(&outside, &tsa, &trusted))
}

#[test]
fn a_file_with_more_than_one_reading_is_not_signed() {
    let Some(pki) = pki() else { return };
    assert_eq!(failure(signed(pki, &base(&[]), "ordforande", "chef")), None);
    let catalog = |more: &str| object(1, format!("<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R{more}>>"));
    let other = stream(12, "", TEXT);
    let cases: [(&str, Vec<Part>); 7] = [
        ("a key twice", vec![object(3, format!("<<{PAGE}/Contents 5 0 R/Contents 12 0 R>>")), other.clone()]),
        ("a key twice by an escape", vec![object(3, format!("<<{PAGE}/Contents 5 0 R/#43ontents 12 0 R>>")), other]),
        ("content tagged as an object stream", vec![stream(5, "/Type/ObjStm/N 0/First 0", TEXT)]),
        ("content tagged as a cross-reference", vec![stream(5, "/Type/XRef/W[1 1 1]", TEXT)]),
        ("content that is metadata", vec![catalog("/Metadata 5 0 R"), stream(5, "/Type/Metadata/Subtype/XML", TEXT)]),
        ("content that is a list", vec![catalog("/DSS 10 0 R"), object(10, "<</Type/DSS/Certs 5 0 R>>")]),
        ("content that is a certificate", vec![catalog("/DSS 10 0 R"), object(10, "<</Type/DSS/Certs[5 0 R]>>")]),
    ];
    for (name, change) in cases {
        assert_eq!(failure(signed(pki, &base(&change), "ordforande", "chef")), Some(ErrorKind::Ambiguous), "{name}");
    }
}

#[test]
fn what_may_be_filled_in_later_is_told() {
    let Some(pki) = pki() else { return };
    let told = |file: &[u8]| -> Vec<String> {
        let doubts = examine(file, "ordforande").expect("examined");
        doubts.iter().map(|d| d.message.get(Lang::Sv).to_owned()).collect()
    };
    assert!(told(&base(&[])).is_empty());
    let missing = base(&[object(3, format!("<<{PAGE}/Contents[5 0 R 50 0 R 51 0 R]>>"))]);
    assert!(told(&missing)[0].contains("objekt som inte finns (50, 51)"), "{:?}", told(&missing));
    let hidden = base(&[object(8, format!("<<{FREE}/F 2>>"))]);
    assert!(told(&hidden)[0].contains("dolt fält ”justerare”"), "{:?}", told(&hidden));
    // They can be signed all the same, and a hidden field stays hidden.
    assert_eq!(failure(signed(pki, &missing, "ordforande", "chef")), None);
    let both = signed(pki, &hidden, "ordforande", "chef").and_then(|file| signed(pki, &file, "justerare", "lang"));
    assert!(ours(pki, &both.expect("signed")).0);
}

#[test]
fn earlier_signatures_are_not_broken() {
    let Some(pki) = pki() else { return };
    let refused = |file: &[u8]| signed(pki, file, "justerare", "lang").expect_err("refused");
    let certified_file = certified(pki, &base(&[]), 1);
    let told = refused(&certified_file);
    assert_eq!(told.kind, ErrorKind::Locked);
    assert!(told.message.get(Lang::Sv).contains("”ordforande” medger inga fler"), "{told}");
    assert_eq!(failure(signed(pki, &certified(pki, &base(&[]), 2), "justerare", "lang")), None);
    let reference = |action: &str| {
        format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2{action}>>>>]")
    };
    for (action, wanted) in [
        ("/Action/Include/Fields[(justerare)]", Some(ErrorKind::Locked)),
        ("/Action/Include/Fields[(kassor)]", None),
        ("/Action/Exclude/Fields[(justerare)]", None),
        ("/Action/Exclude/Fields[(kassor)]", Some(ErrorKind::Locked)),
        ("/Action/All", Some(ErrorKind::Locked)),
    ] {
        let file = first_with(pki, &base(&[]), &reference(action));
        assert_eq!(failure(signed(pki, &file, "justerare", "lang")), wanted, "{action}");
    }
    assert_eq!(failure(signed(pki, &first(pki, &base(&[])), "justerare", "lang")), None);
}

#[test]
fn the_lock_of_a_field_is_said_in_its_signature() {
    let Some(pki) = pki() else { return };
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(justerare)]>>";
    let file = base(&[object(7, format!("<<{ORDFORANDE}{lock}>>"))]);
    let first = signed(pki, &file, "ordforande", "chef").expect("signed");
    assert!(String::from_utf8_lossy(&first).contains("/TransformMethod /FieldMDP"));
    let all = [("locked", first.clone())];
    assert!(judged(pki, "locks", &all)[0].0, "{}", judged(pki, "locks", &all)[0].1);
    assert!(ours(pki, &first).0);
    assert_eq!(failure(signed(pki, &first, "justerare", "lang")), Some(ErrorKind::Locked));
    // A field whose widget is an object of its own shows its look there.
    let apart = base(&[
        object(7, "<</FT/Sig/T(ordforande)/Kids[15 0 R]>>"),
        object(15, "<</Type/Annot/Subtype/Widget/Parent 7 0 R/P 3 0 R/Rect[10 10 140 60]/F 4>>"),
        object(3, format!("<<{}/Contents 5 0 R>>", PAGE.replace("7 0 R", "15 0 R"))),
    ]);
    let file = signed(pki, &apart, "ordforande", "chef").expect("signed");
    assert!(fields(&file).expect("fields")[0].signed);
    let all = [("apart", file.clone())];
    assert!(judged(pki, "locks", &all)[0].0, "{}", judged(pki, "locks", &all)[0].1);
    assert!(ours(pki, &file).0);
}
