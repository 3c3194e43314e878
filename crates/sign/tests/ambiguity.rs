//! Files that can be read in more than one way, or were made ready to be changed before they were signed: refused here,
//! and by pyHanko unless said otherwise. What sound files of other programs look like passes.

use std::fs;

use sigill_sign::{Indication, Lang, Policy, verify};

use crate::forge::{
    EVIL, FREE, ORDFORANDE, PAGE, Part, Signing, TRAILER, base, first, first_with, last_section, object, place, sign,
    sign_as, stream, update, update_with,
};
use crate::judges::pyhanko;
use crate::support::{Http, NOW, Pki, pki, root, time};

pub type Files = Vec<(&'static str, Vec<u8>)>;

/// The page with other content.
fn evil_page() -> Vec<Part> {
    vec![object(3, format!("<<{PAGE}/Contents 50 0 R>>")), stream(50, "", EVIL)]
}

fn look() -> Part {
    stream(51, "/Type/XObject/Subtype/Form/BBox[0 0 140 50]/Resources<</Font<</F 6 0 R>>>>", EVIL)
}

/// What anybody can do to a signed file, without a key and without preparing it.
fn unprepared(good: &[u8]) -> Files {
    let mut out = Files::new();
    let with = |more: &[Part]| [evil_page(), more.to_vec()].concat();
    let mut add = |name, file| out.push((name, file));
    let page = place(good, 3);
    add("alias-of-the-old-page", update(good, &with(&[Part::Entry(90, 0, page)])));
    add("alias-of-the-old-content", update(good, &[Part::Entry(90, 0, place(good, 5)), stream(91, "", EVIL)]));
    let other = Part::Object(3, 1, format!("<<{PAGE}/Contents 50 0 R>>").into_bytes());
    add("page-of-another-generation", update(good, &[other, stream(50, "", EVIL), Part::Entry(90, 0, page)]));
    add("entry-into-the-signed-part", update(good, &[Part::Entry(3, 0, place(good, 5))]));
    let second = "/Type/Catalog/Pages 60 0 R/AcroForm 4 0 R/Metadata 9 0 R";
    let tree = [
        object(60, "<</Type/Pages/Kids[61 0 R]/Count 1>>"),
        object(61, "<</Type/Page/Parent 60 0 R/MediaBox[0 0 300 200]/Contents 50 0 R/Resources<</Font<</F 6 0 R>>>>>>"),
        stream(50, "", EVIL),
    ];
    let root = [vec![object(62, format!("<<{second}>>"))], tree.to_vec()].concat();
    add("two-roots-evil-first", update_with(good, &root, "/Root 62 0 R/Root 1 0 R/ID[<00><01>]"));
    add("two-roots-evil-last", update_with(good, &root, "/Root 1 0 R/Root 62 0 R/ID[<00><01>]"));
    add("two-roots-by-an-escape", update_with(good, &root, "/Root 1 0 R/R#6Fot 62 0 R/ID[<00><01>]"));
    for (name, pages) in [
        ("two-page-trees", "/Pages 2 0 R/Pages 60 0 R"),
        ("two-page-trees-evil-first", "/Pages 60 0 R/Pages 2 0 R"),
        ("two-page-trees-by-an-escape", "/Pages 2 0 R/P#61ges 60 0 R"),
    ] {
        let catalog = format!("<</Type/Catalog{pages}/AcroForm 4 0 R/Metadata 9 0 R>>");
        add(name, update(good, &[vec![object(1, catalog)], tree.to_vec()].concat()));
    }
    for (name, contents) in [
        ("two-contents", "/Contents 5 0 R/Contents 50 0 R"),
        ("two-contents-by-an-escape", "/Contents 5 0 R/Content#73 50 0 R"),
    ] {
        add(name, update(good, &[object(3, format!("<<{PAGE}{contents}>>")), stream(50, "", EVIL)]));
    }
    add("look-without-a-signature", update(good, &[object(8, format!("<<{FREE}/F 4/AP<</N 51 0 R>>>>")), look()]));
    add("value-that-is-a-text", update(good, &[object(8, format!("<<{FREE}/F 4/V(Karin)/AP<</N 51 0 R>>>>")), look()]));
    let fake = object(52, "<</Type/Sig/Name(Karin)>>");
    let filled = object(8, format!("<<{FREE}/F 4/V 52 0 R/AP<</N 51 0 R>>>>"));
    add("value-that-is-no-signature", update(good, &[filled, fake, look()]));
    add(
        "field-taken-from-the-page",
        update(good, &[object(3, format!("<<{}/Contents 5 0 R>>", PAGE.replace("7 0 R ", "")))]),
    );
    add("field-taken-from-the-form", update(good, &[object(4, "<</Fields[7 0 R]/SigFlags 3>>")]));
    let scripted = object(8, format!("<<{FREE}/F 4/AA<</E<</S/JavaScript/JS(app.alert(1))>>>>>>"));
    add("field-with-a-script", update(good, &[scripted]));
    add("state-passed-over", passed_over(good));
    add("order-of-tabs", update(good, &[object(3, format!("<<{PAGE}/Contents 5 0 R/Tabs/S>>"))]));
    add("content-set-free", update(good, &[Part::Free(5)]));
    add(
        "object-named-by-nothing",
        update(good, &[Part::Bare(3, format!("<<{PAGE}/Contents 5 0 R>>").into()), stream(50, "", "BT ET")]),
    );
    let twice = [stream(50, "", "BT ET"), Part::Bare(50, format!("<</Length 5>>\nstream\n{EVIL}\nendstream").into())];
    add("object-twice", update(good, &twice));
    add("entry-twice", update(good, &with(&[Part::Entry(3, 0, page)])));
    add("entry-beyond-the-size", beyond(good));
    let hiding = Part::Text(b"% 3 0 obj <</Type/Page>> endobj\n".to_vec());
    add("object-in-a-comment", update(good, &[hiding, stream(50, "", "BT ET")]));
    let long = object(50, format!("<</Length 3>>\nstream\nxyz {EVIL}\nendstream"));
    add("stream-of-another-length", update(good, &[long]));
    add("comment-after-the-end", [good, b"% hej\n"].concat());
    add("ending-in-a-comment", [good, b"% startxref 9 %%EOF\n"].concat());
    add("end-out-of-reach", [good, vec![b' '; 2000].as_slice()].concat());
    add("startxref-twice", startxref_twice(good));
    add("table-and-stream", hybrid(good));
    out
}

/// An update that follows the state before the signature, as if there were none.
fn passed_over(good: &[u8]) -> Vec<u8> {
    let file = update(good, &evil_page());
    let first = good.windows(9).position(|w| w == b"startxref").expect("found");
    let base = last_section(&good[..first + 20]);
    let (old, new) = (format!("/Prev {}", last_section(good)), format!("/Prev {base}"));
    let at = file.windows(old.len()).rposition(|w| w == old.as_bytes()).expect("found");
    [&file[..at], new.as_bytes(), &file[at + old.len()..]].concat()
}

/// An entry above what the trailer says that there is: some readers take it, others do not.
fn beyond(good: &[u8]) -> Vec<u8> {
    let file =
        update(good, &[object(3, format!("<<{PAGE}/Contents 50 0 R>>")), object(150, "null"), stream(50, "", EVIL)]);
    replaced(&file, b"/Size 151/Prev", b"/Size 100/Prev")
}

fn startxref_twice(good: &[u8]) -> Vec<u8> {
    let file = update(good, &[stream(50, "", "BT ET")]);
    let at = file.windows(9).rposition(|w| w == b"startxref").expect("found");
    let first = format!("startxref\n{}\n", last_section(good));
    [&file[..at], first.as_bytes(), &file[at..]].concat()
}

/// A table that says nothing, beside a stream that names another page.
fn hybrid(good: &[u8]) -> Vec<u8> {
    let mut file = good.to_vec();
    let page = file.len();
    file.extend_from_slice(format!("3 0 obj\n<<{PAGE}/Contents 50 0 R>>\nendobj\n").as_bytes());
    let content = file.len();
    file.extend_from_slice(
        format!("50 0 obj\n<</Length {}>>\nstream\n{EVIL}\nendstream\nendobj\n", EVIL.len()).as_bytes(),
    );
    let stream = file.len();
    let row = |offset: usize| [&[1], (offset as u32).to_be_bytes().as_slice(), &[0, 0]].concat();
    let rows = [row(page), row(content)].concat();
    let head =
        format!("70 0 obj\n<</Type/XRef/Size 71/W[1 4 2]/Index[3 1 50 1]{TRAILER}/Length {}>>\nstream\n", rows.len());
    file.extend_from_slice(&[head.as_bytes(), &rows, b"\nendstream\nendobj\n"].concat());
    let at = file.len();
    let previous = last_section(good);
    file.extend_from_slice(
        format!("xref\n0 0\ntrailer\n<</Size 71/Prev {previous}/XRefStm {stream}{TRAILER}>>\nstartxref\n{at}\n%%EOF\n")
            .as_bytes(),
    );
    file
}

fn replaced(file: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = file.windows(old.len()).rposition(|w| w == old).expect("found");
    [&file[..at], new, &file[at + old.len()..]].concat()
}

/// What was made ready before it was signed, and then changed.
fn prepared(pki: &Pki) -> Files {
    let mut out = Files::new();
    let mut add = |name, file| out.push((name, file));
    let text = "BT /F 20 Tf 20 100 Td (Beslut: avslag) Tj ET";
    for (name, kind) in [("content-tagged-as-object-stream", "ObjStm"), ("content-tagged-as-cross-reference", "XRef")] {
        let keys = format!("/Type/{kind}/N 0/First 0/W[1 1 1]");
        let signed = first(pki, &base(&[stream(5, &keys, text)]));
        add(name, update(&signed, &[stream(5, &keys, EVIL)]));
    }
    let catalog = |more: &str| object(1, format!("<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R{more}>>"));
    let keys = "/Type/Metadata/Subtype/XML";
    let signed = first(pki, &base(&[catalog("/Metadata 5 0 R"), stream(5, keys, text)]));
    add("content-that-is-metadata", update(&signed, &[stream(5, keys, EVIL)]));
    for (name, certificates) in [("content-that-is-a-list", "5 0 R"), ("content-that-is-a-certificate", "[5 0 R]")] {
        let store = object(10, format!("<</Type/DSS/Certs {certificates}>>"));
        let signed = first(pki, &base(&[catalog("/Metadata 9 0 R/DSS 10 0 R"), store]));
        add(name, update(&signed, &[stream(5, "", EVIL)]));
    }
    let long = "BT /F 20 Tf 20 100 Td (Beslut: avslag) Tj ET";
    let length = object(12, long.len().to_string());
    let content = object(5, format!("<</Length 12 0 R>>\nstream\n{long}\nendstream"));
    let signed = first(pki, &base(&[content, length]));
    add("length-changed", update(&signed, &[object(12, "9")]));
    let drawn = |text: &str| stream(16, "/Type/XObject/Subtype/Form/BBox[0 0 130 20]", text);
    let shared = object(14, format!("<<{TEXT}/AP<</N 16 0 R>>>>"));
    let page = PAGE.replace("8 0 R]", "8 0 R 14 0 R]");
    let page = object(3, format!("<<{}/Contents 5 0 R>>", page.replace("/Font", "/XObject<</X 16 0 R>>/Font")));
    let form = object(4, "<</Fields[7 0 R 8 0 R 14 0 R]/SigFlags 3>>");
    let signed = first(pki, &base(&[page, form, shared, drawn("/Tx BMC EMC")]));
    add("look-that-the-page-shows", update(&signed, &[drawn(EVIL)]));
    let list = object(11, "[7 0 R 8 0 R]");
    let keys = PAGE.replace("[7 0 R 8 0 R]", " 11 0 R");
    let signed = first(pki, &base(&[object(3, format!("<<{keys}/Contents 5 0 R/B 11 0 R>>")), list]));
    let more = object(11, "[7 0 R 8 0 R 53 0 R]");
    let new = "/Type/Annot/Subtype/Widget/FT/Sig/T(ny)/P 3 0 R/Rect[0 0 300 200]/F 4/AP<</N 51 0 R>>";
    let form = object(4, "<</Fields[7 0 R 8 0 R 53 0 R]/SigFlags 3>>");
    add(
        "annotations-that-are-something-else",
        sign(
            pki,
            &signed,
            Signing { signer: "lang", field: 53, keys: new, value: 54, extra: "", parts: vec![more, form, look()] },
        ),
    );
    add("page-twice-in-an-object-stream", twice_packed(pki));
    add("object-stream-overwritten", overwritten(pki));
    let signed = first(pki, &base(&[object(3, format!("<<{PAGE}/Contents[5 0 R 50 0 R]>>"))]));
    add("missing-content-filled-in", update(&signed, &[stream(50, "", EVIL)]));
    let Part::Object(_, _, body) = stream(50, "", EVIL) else { panic!("an object") };
    add("missing-content-of-another-generation", update(&signed, &[Part::Object(50, 1, body)]));
    let over = "/Type/Annot/Subtype/Widget/FT/Sig/T(justerare)/P 3 0 R/Rect[0 0 300 200]/AP<</N 51 0 R>>";
    let hidden = base(&[object(8, format!("<<{over}/F 2>>")), look()]);
    let signed = first(pki, &hidden);
    add("hidden-field-shown", update(&signed, &[object(8, format!("<<{over}/F 4>>"))]));
    let shown = format!("{over}/F 4");
    let second = Signing { signer: "lang", field: 8, keys: &shown, value: 54, extra: "", parts: Vec::new() };
    add("hidden-field-shown-and-signed", sign(pki, &signed, second));
    out
}

/// A page in an object stream whose number is then given to another object stream, with another page at the same place.
fn overwritten(pki: &Pki) -> Vec<u8> {
    let packed = |content: u32| {
        let page = format!("<<{PAGE}/Contents {content} 0 R>>");
        stream(13, "/Type/ObjStm/N 1/First 4", &format!("3 0 {page}"))
    };
    let with_index = |file: &[u8], number: u8| {
        let mut out = file.to_vec();
        let at = out.len();
        let rows = [2, 0, 13, 0, 1, (at >> 8) as u8, at as u8, 0];
        let head = format!(
            "{number} 0 obj\n<</Type/XRef/Size 72/W[1 2 1]/Index[3 1 {number} 1]/Prev {}{TRAILER}/Length 8>>\nstream\n",
            last_section(file)
        );
        out.extend_from_slice(&[head.as_bytes(), &rows, b"\nendstream\nendobj\n"].concat());
        out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        out
    };
    let signed = first(pki, &with_index(&base(&[packed(5)]), 71));
    update(&signed, &[packed(50), stream(50, "", EVIL)])
}

/// An object stream with the page and its other self; the update changes nothing but which of them counts.
fn twice_packed(pki: &Pki) -> Vec<u8> {
    let good = format!("<<{PAGE}/Contents 5 0 R>>");
    let evil = format!("<<{PAGE}/Contents 12 0 R>>");
    let index = format!("3 0 3 {} ", good.len() + 1);
    let body = format!("{index}{good} {evil}");
    let keys = format!("/Type/ObjStm/N 2/First {}", index.len());
    let plain = base(&[stream(12, "", EVIL), stream(13, &keys, &body)]);
    let with_index = |file: &[u8], index: u8| {
        let mut out = file.to_vec();
        let at = out.len();
        let rows = [2, 0, 13, index, 1, (at >> 8) as u8, at as u8, 0];
        out.extend_from_slice(
            format!(
                "71 0 obj\n<</Type/XRef/Size 72/W[1 2 1]/Index[3 1 71 1]/Prev {}{TRAILER}/Length {}>>\nstream\n",
                last_section(file),
                rows.len()
            )
            .as_bytes(),
        );
        out.extend_from_slice(&[&rows[..], b"\nendstream\nendobj\n"].concat());
        out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        out
    };
    with_index(&first(pki, &with_index(&plain, 0)), 1)
}

/// What earlier signatures do not let be done.
fn locked(pki: &Pki) -> Files {
    let mut out = Files::new();
    let mut add = |name, file| out.push((name, file));
    let keys = format!("{FREE}/F 4");
    let second = |signed: &[u8]| {
        sign(pki, signed, Signing { signer: "lang", field: 8, keys: &keys, value: 54, extra: "", parts: Vec::new() })
    };
    let reference = |method: &str, parameters: &str| {
        format!(
            "/Reference[<</Type/SigRef/TransformMethod/{method}/TransformParams<</Type/TransformParams/V/1.2{parameters}>>>>]"
        )
    };
    for (name, action) in [
        ("field-that-is-locked", "/Action/Include/Fields[(justerare)]"),
        ("all-fields-locked", "/Action/All"),
        ("all-but-another-locked", "/Action/Exclude/Fields[(kassor)]"),
    ] {
        add(name, second(&first_with(pki, &base(&[]), &reference("FieldMDP", action))));
    }
    add("nothing-may-change", second(&certified(pki, &base(&[]), 1)));
    let keys = format!("{FREE}/F 4");
    let how = Signing { signer: "lang", field: 8, keys: &keys, value: 54, extra: "", parts: Vec::new() };
    add("signature-called-a-timestamp", sign_as(pki, &certified(pki, &base(&[]), 1), how, "/DocTimeStamp"));
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(justerare)]>>";
    let bound = base(&[object(7, format!("<<{ORDFORANDE}{lock}>>"))]);
    let bound_keys = format!("{ORDFORANDE}{lock}");
    let how = Signing { signer: "chef", field: 7, keys: &bound_keys, value: 20, extra: "", parts: Vec::new() };
    add("lock-without-a-reference", second(&sign(pki, &bound, how)));
    let filled = |signed: &[u8]| update(signed, &[object(14, format!("<<{TEXT}/V(annat)>>"))]);
    add("nothing-may-be-filled-in", filled(&certified(pki, &with_text(), 1)));
    let lock = reference("FieldMDP", "/Action/Include/Fields[(not)]");
    add("text-that-is-locked", filled(&first_with(pki, &with_text(), &lock)));
    out
}

const TEXT: &str = "/Type/Annot/Subtype/Widget/FT/Tx/T(not)/P 3 0 R/Rect[10 70 140 90]/F 4/DA(/F 10 Tf)";

/// The base with a field for text.
fn with_text() -> Vec<u8> {
    let page = PAGE.replace("8 0 R]", "8 0 R 14 0 R]");
    base(&[
        object(3, format!("<<{page}/Contents 5 0 R>>")),
        object(4, "<</Fields[7 0 R 8 0 R 14 0 R]/SigFlags 3>>"),
        object(14, format!("<<{TEXT}>>")),
    ])
}

/// A file certified at a level of DocMDP.
pub fn certified(pki: &Pki, pdf: &[u8], level: u8) -> Vec<u8> {
    let extra = format!(
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P {level}>>>>]"
    );
    let catalog = object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Metadata 9 0 R/Perms<</DocMDP 20 0 R>>>>");
    let how = Signing { signer: "chef", field: 7, keys: ORDFORANDE, value: 20, extra: &extra, parts: vec![catalog] };
    sign(pki, pdf, how)
}

/// What is taken away after a signature without being missed: pyHanko refuses it, DSS does not.
pub fn set_free(pki: &Pki) -> Vec<u8> {
    let unused = base(&[stream(12, "", "BT ET")]);
    update(&first(pki, &unused), &[Part::Free(12)])
}

/// What honest programs do after a signature.
pub fn sound(pki: &Pki) -> Files {
    let mut out = Files::new();
    let good = first(pki, &base(&[]));
    let mut add = |name, file| out.push((name, file));
    let keys = format!("{FREE}/F 4/AP<</N 51 0 R>>");
    let second = |signed: &[u8], parts: Vec<Part>| {
        let parts = [vec![look()], parts].concat();
        sign(pki, signed, Signing { signer: "lang", field: 8, keys: &keys, value: 54, extra: "", parts })
    };
    let form = object(4, "<</Fields[7 0 R 8 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 6 0 R>>>>>>");
    add("second-signer-with-fonts", second(&good, vec![form]));
    add("second-signer-after-certification", second(&certified(pki, &base(&[]), 2), Vec::new()));
    let filled = |signed: &[u8]| {
        let value = object(14, format!("<<{TEXT}/V(annat)/AP<</N 55 0 R>>>>"));
        let shown = stream(55, "/Type/XObject/Subtype/Form/BBox[0 0 130 20]", "/Tx BMC EMC");
        update(signed, &[value, shown])
    };
    add("form-filled-in", filled(&first(pki, &with_text())));
    add("form-filled-in-at-level-2", filled(&certified(pki, &with_text(), 2)));
    add("form-filled-in-at-level-3", filled(&certified(pki, &with_text(), 3)));
    let xmp = "<?xpacket begin=\"\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><a/></x:xmpmeta><?xpacket end=\"r\"?>";
    add("metadata-replaced", update(&good, &[stream(9, "/Type/Metadata/Subtype/XML", xmp)]));
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Metadata 9 0 R/Version/2.0\
                   /Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>>>";
    add("extensions-and-version", update(&good, &[object(1, catalog)]));
    add("white-space-after-the-end", [&good[..], b"\0\0\r\n  \0"].concat());
    let parent = base(&[
        object(7, "<</FT/Sig/T(ordforande)/Kids[15 0 R]>>"),
        object(15, "<</Type/Annot/Subtype/Widget/Parent 7 0 R/P 3 0 R/Rect[10 10 140 60]/F 4>>"),
        object(3, format!("<<{}/Contents 5 0 R>>", PAGE.replace("7 0 R", "15 0 R"))),
    ]);
    let keys = "/FT/Sig/T(ordforande)/Kids[15 0 R]";
    let how = Signing { signer: "chef", field: 7, keys, value: 20, extra: "", parts: Vec::new() };
    add("signature-above-its-widget", sign(pki, &parent, how));
    out
}

/// Writes files and asks pyHanko of all of them at once.
pub fn judged<N: AsRef<str>>(pki: &Pki, folder: &str, files: &[(N, Vec<u8>)]) -> Vec<(bool, String)> {
    let folder = root().join("target/test-work").join(folder);
    fs::create_dir_all(&folder).expect("made");
    let mode = if folder.ends_with("grammar") { "offline" } else { "online" };
    let paths: Vec<_> = files
        .iter()
        .map(|(name, file)| {
            let path = folder.join(format!("{}.pdf", name.as_ref()));
            fs::write(&path, file).expect("written");
            path
        })
        .collect();
    pyhanko(pki, NOW, mode, &paths).into_iter().map(|v| (v.passed, v.text)).collect()
}

/// Whether no signature of a file is said to be broken or of a changed file, its certificates apart.
pub fn intact(file: &[u8]) -> bool {
    let report = verify(file, &Policy { trusted: &[], time: time(NOW), outside: None });
    report
        .is_ok_and(|r| !r.signatures.is_empty() && r.signatures.iter().all(|s| s.indication != Indication::TotalFailed))
}

/// Whether we pass a file, and what we say.
pub fn ours(pki: &Pki, file: &[u8]) -> (bool, String) {
    let (outside, trusted) = (Http(time(NOW)), pki.trusted());
    match verify(file, &Policy { trusted: &trusted, time: time(NOW), outside: Some(&outside) }) {
        Ok(report) => (report.passed(), format!("{:#?}", report.signatures)),
        Err(e) => (false, e.message.get(Lang::En).to_owned()),
    }
}

#[test]
fn files_with_more_than_one_reading_are_refused() {
    let Some(pki) = pki() else { return };
    let good = first(pki, &base(&[]));
    assert!(ours(pki, &good).0, "{}", ours(pki, &good).1);
    let mut all = unprepared(&good);
    all.extend(prepared(pki));
    all.extend(locked(pki));
    // What pyHanko lets pass, and why we do not.
    const OURS: [&str; 12] = [
        // Nothing shown changes by them, but other readers find what the cross-reference does not say.
        "alias-of-the-old-content",
        "object-named-by-nothing",
        "object-twice",
        "object-in-a-comment",
        "startxref-twice",
        "stream-of-another-length",
        "entry-twice",
        // A dictionary without a signature in it is nobody's.
        "value-that-is-no-signature",
        // The last line of a file is its end.
        "comment-after-the-end",
        "ending-in-a-comment",
        // The lock of a field binds those who sign after it, whether or not its signer repeated it.
        "lock-without-a-reference",
        // What was hidden when it was signed is not shown by another's signature.
        "hidden-field-shown-and-signed",
    ];
    let mut wrong = Vec::new();
    for ((name, file), (passed, text)) in all.iter().zip(judged(pki, "ambiguity", &all)) {
        let (we_pass, told) = ours(pki, file);
        if we_pass {
            wrong.push(format!("{name} passes: {told}"));
        }
        if passed && !OURS.contains(name) {
            wrong.push(format!("pyHanko lets {name} pass: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() > 45, "{}", all.len());
}

#[test]
fn files_of_honest_programs_pass() {
    let Some(pki) = pki() else { return };
    assert!(ours(pki, &set_free(pki)).0);
    let all = sound(pki);
    for ((name, file), (passed, text)) in all.iter().zip(judged(pki, "sound", &all)) {
        let (we_pass, told) = ours(pki, file);
        assert!(we_pass, "{name}: {told}");
        assert!(passed, "{name}: {text}");
    }
}

#[test]
fn known_forgeries_are_refused_with_their_place() {
    let folder = root().join("crates/sign/tests/data/forged");
    let pem = fs::read_to_string(folder.join("root.pem")).expect("read");
    let trusted = sigill_sign::Certificate::from_pem(&pem).expect("certificates");
    for (name, wanted) in [
        ("alias-entry-page.pdf", "object 990 is at byte 49643"),
        ("double-root.pdf", "the key /Root stands twice at byte 98384"),
        ("look-without-signature.pdf", "the free field \"justerare\""),
    ] {
        let file = fs::read(folder.join(name)).expect("read");
        let policy = Policy { trusted: &trusted, time: time("2026-11-25T12:00:00+00:00"), outside: None };
        let report = verify(&file, &policy).expect("read");
        let signature = &report.signatures[0];
        assert_eq!(signature.sub_indication.map(|s| s.name()), Some("FORMAT_FAILURE"), "{name}");
        let told: Vec<_> = signature.later_changes.iter().map(|c| c.get(Lang::En)).collect();
        assert!(told.iter().any(|t| t.contains(wanted)), "{name}: {told:?}");
        assert_eq!(signature.signatory.as_ref().map(|s| s.name.as_str()), Some("p256 Provsson"), "{name}");
    }
}
