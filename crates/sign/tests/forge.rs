//! PDF files written byte by byte, as no honest program writes them, and signed with no question asked.

use std::fmt::Write as _;

use sigill_sign::{Cms, Digest, SignedAttributes};

use crate::support::Pki;

/// An object or an entry of an update, as it shall stand.
#[derive(Clone)]
pub enum Part {
    /// Number, generation and body, named by the cross-reference.
    Object(u32, u16, Vec<u8>),
    /// An object that no cross-reference names.
    Bare(u32, Vec<u8>),
    /// An entry: number, generation, offset.
    Entry(u32, u16, usize),
    Free(u32),
    /// Something between the objects.
    Text(Vec<u8>),
}

pub fn object(number: u32, body: impl Into<Vec<u8>>) -> Part {
    Part::Object(number, 0, body.into())
}

pub fn stream(number: u32, keys: &str, data: &str) -> Part {
    object(number, format!("<<{keys}/Length {}>>\nstream\n{data}\nendstream", data.len()))
}

/// What stands in the trailer besides the size and the place of the section before.
pub const TRAILER: &str = "/Root 1 0 R/ID[<00><01>]";
pub const PAGE: &str =
    "/Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F 6 0 R>>>>/Annots[7 0 R 8 0 R]";
pub const EVIL: &str = "BT /F 20 Tf 20 100 Td (ATTACKERAREN HAR BESLUTAT ANNAT) Tj ET";
pub const FREE: &str = "/Type/Annot/Subtype/Widget/FT/Sig/T(justerare)/P 3 0 R/Rect[150 10 290 60]";

/// A file of a page, a form with two signature fields, and metadata; `change` exchanges or adds objects.
pub fn base(change: &[Part]) -> Vec<u8> {
    let mut parts = vec![
        object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Metadata 9 0 R>>"),
        object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        object(3, format!("<<{PAGE}/Contents 5 0 R>>")),
        object(4, "<</Fields[7 0 R 8 0 R]/SigFlags 3>>"),
        stream(5, "", "BT /F 20 Tf 20 100 Td (Beslut: avslag) Tj ET"),
        object(6, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        object(7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(ordforande)/P 3 0 R/Rect[10 10 140 60]/F 4>>"),
        object(8, format!("<<{FREE}/F 4>>")),
        stream(
            9,
            "/Type/Metadata/Subtype/XML",
            "<?xpacket begin=\"\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"></x:xmpmeta><?xpacket end=\"r\"?>",
        ),
    ];
    for part in change {
        let Part::Object(number, ..) = part else { panic!("an object") };
        parts.retain(|p| !matches!(p, Part::Object(n, ..) if n == number));
        parts.push(part.clone());
    }
    let mut file = b"%PDF-1.7\n%\xE5\xE4\xF6\xFC\n".to_vec();
    write(&mut file, &parts, None, TRAILER);
    file
}

/// Adds an update with a table.
pub fn update(pdf: &[u8], parts: &[Part]) -> Vec<u8> {
    update_with(pdf, parts, TRAILER)
}

pub fn update_with(pdf: &[u8], parts: &[Part], trailer: &str) -> Vec<u8> {
    let mut file = pdf.to_vec();
    write(&mut file, parts, Some(last_section(pdf)), trailer);
    file
}

/// Where the last `startxref` points.
pub fn last_section(pdf: &[u8]) -> usize {
    let at = pdf.windows(9).rposition(|w| w == b"startxref").expect("a startxref") + 9;
    let digits: String = pdf[at..].iter().map(|b| char::from(*b)).skip_while(|c| c.is_whitespace()).collect();
    digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

/// The last size that a trailer states; 0 when none does.
pub fn last_size(pdf: &[u8]) -> u32 {
    let Some(at) = pdf.windows(6).rposition(|w| w == b"/Size ") else { return 0 };
    let digits = pdf[at + 6..].iter().take_while(|b| b.is_ascii_digit());
    digits.map(|b| char::from(*b)).collect::<String>().parse().expect("a number")
}

/// Where the last object with a number begins.
pub fn place(pdf: &[u8], number: u32) -> usize {
    let head = format!("\n{number} 0 obj");
    pdf.windows(head.len()).rposition(|w| w == head.as_bytes()).expect("an object") + 1
}

fn write(file: &mut Vec<u8>, parts: &[Part], previous: Option<usize>, trailer: &str) {
    let mut entries: Vec<(u32, String)> = Vec::new();
    for part in parts {
        let at = file.len();
        let (number, generation, body, named) = match part {
            Part::Object(number, generation, body) => (*number, *generation, body, true),
            Part::Bare(number, body) => (*number, 0, body, false),
            Part::Entry(number, generation, offset) => {
                entries.push((*number, format!("{offset:010} {generation:05} n \n")));
                continue;
            }
            Part::Free(number) => {
                entries.push((*number, "0000000000 00001 f \n".to_owned()));
                continue;
            }
            Part::Text(text) => {
                file.extend_from_slice(text);
                continue;
            }
        };
        file.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        file.extend_from_slice(body);
        file.extend_from_slice(b"\nendobj\n");
        if named {
            entries.push((number, format!("{at:010} {generation:05} n \n")));
        }
    }
    let at = file.len();
    let mut table = "xref\n".to_owned();
    if previous.is_none() {
        table.push_str("0 1\n0000000000 65535 f \n");
    }
    // One after the other, in the order given, so that a number can stand twice.
    for (number, entry) in &entries {
        write!(table, "{number} 1\n{entry}").expect("text");
    }
    let size = entries.iter().map(|(n, _)| n + 1).max().unwrap_or(1).max(last_size(file));
    let previous = previous.map_or(String::new(), |p| format!("/Prev {p}"));
    file.extend_from_slice(
        format!("{table}trailer\n<</Size {size}{previous}{trailer}>>\nstartxref\n{at}\n%%EOF\n").as_bytes(),
    );
}

/// How a field is signed.
#[derive(Default)]
pub struct Signing<'a> {
    pub signer: &'a str,
    /// Number and keys of the field's object.
    pub field: u32,
    pub keys: &'a str,
    /// Number for the signature dictionary.
    pub value: u32,
    /// Further keys of the signature dictionary.
    pub extra: &'a str,
    /// What else the update holds.
    pub parts: Vec<Part>,
}

pub const ORDFORANDE: &str = "/Type/Annot/Subtype/Widget/FT/Sig/T(ordforande)/P 3 0 R/Rect[10 10 140 60]/F 4";

/// The first signature of the base.
pub fn first(pki: &Pki, pdf: &[u8]) -> Vec<u8> {
    first_with(pki, pdf, "")
}

pub fn first_with(pki: &Pki, pdf: &[u8], extra: &str) -> Vec<u8> {
    sign(pki, pdf, Signing { signer: "chef", field: 7, keys: ORDFORANDE, value: 20, extra, parts: Vec::new() })
}

/// Signs whatever it is given.
pub fn sign(pki: &Pki, pdf: &[u8], how: Signing<'_>) -> Vec<u8> {
    sign_as(pki, pdf, how, "/Sig")
}

/// Signs with a signature dictionary that says it is of some type.
pub fn sign_as(pki: &Pki, pdf: &[u8], how: Signing<'_>, kind: &str) -> Vec<u8> {
    const PLACE: usize = 12_000;
    let Signing { signer, field, keys, value, extra, parts } = how;
    let range = "[0 0000000000 0000000000 0000000000]";
    let dictionary = format!(
        "<</Type{kind}/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261122100000Z){extra}/ByteRange{range}/Contents<{}>>>",
        "0".repeat(PLACE)
    );
    let mut all = vec![object(field, format!("<<{keys}/V {value} 0 R>>")), object(value, dictionary)];
    all.extend(parts);
    let mut file = update(pdf, &all);
    let start = pdf.len();
    let find = |file: &[u8], text: &[u8]| {
        start + file[start..].windows(text.len()).position(|w| w == text).expect("the place")
    };
    let from = find(&file, b"/Contents<") + 9;
    let to = from + PLACE + 2;
    let at = find(&file, range.as_bytes());
    let stated = format!("[0 {from:010} {to:010} {:010}]", file.len() - to);
    file[at..at + range.len()].copy_from_slice(stated.as_bytes());
    let identity = pki.identity(signer);
    let digest: Digest = identity.signer.scheme().digest();
    let hash = digest.of(&[&file[..from], &file[to..]].concat());
    let attributes = SignedAttributes::new(&hash, Some(identity.certificate()));
    let der = Cms::sign(&identity, attributes).expect("signed").to_der();
    let digits: String = der.iter().map(|b| format!("{b:02x}")).collect();
    file[from + 1..from + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    file
}
