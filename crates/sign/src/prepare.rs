//! A document made ready to be signed: everything is in its place but the signature itself.

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Object, dictionary};
use serde::{Deserialize, Serialize};
use sigill_messages::Localize;

use crate::certificate::Certificate;
use crate::cms::{Cms, SignedAttributes};
use crate::crypto::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::examine::examine;
use crate::messages;
use crate::pdf::update::{Update, serialise};
use crate::pdf::{Pdf, fields, form, get_array, get_dictionary, text_object};
use crate::strict::{self, Field, State, Value, signature_fields};

/// Bytes kept for a signature. A string in PDF/A has at most 32 767 (ISO 19005-2, 6.1.13).
pub const PLACE: usize = 16_384;
const MAX_PLACE: usize = 32_767;

/// What a signature says besides who made it.
#[derive(Debug, Clone, Default)]
pub struct Entry<'a> {
    /// Name of the reserved field.
    pub field: &'a str,
    /// One page, untagged, to be shown in the field; without one, nothing is shown.
    pub appearance: Option<&'a [u8]>,
    /// Name of the signer.
    pub name: Option<&'a str>,
    /// Why it was signed.
    pub reason: Option<&'a str>,
    /// Where it was signed.
    pub location: Option<&'a str>,
    /// Bytes kept for the signature; [`PLACE`] when 0.
    pub place: usize,
}

/// Where in a prepared file the signature goes, and what it is to be over. Serialisable, so that the signature can be
/// made elsewhere and later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// Format of this state.
    pub version: u32,
    /// Field that is signed.
    pub field: String,
    /// Digest of the document and, later, of the attributes.
    pub digest_algorithm: Digest,
    /// What is signed of the file: offset and length, twice (ISO 32000-1, 12.8.1).
    pub byte_range: [usize; 4],
    /// Digest of those ranges, in hexadecimal digits.
    pub digest: String,
    /// SHA-256 of the whole prepared file, in hexadecimal digits.
    pub file_sha256: String,
    /// When it was prepared, which is the time the signature claims.
    pub time: DateTime<Utc>,
    /// DER of the attributes to be signed, in hexadecimal digits.
    pub signed_attributes: String,
}

impl Prepared {
    /// The attributes to be signed.
    ///
    /// # Errors
    /// When the state was tampered with.
    pub fn attributes(&self) -> Result<SignedAttributes> {
        let der = crate::crypto::unhex(self.signed_attributes.as_bytes()).ok_or_else(stale)?;
        SignedAttributes::from_der(&der)
    }

    /// Checks that `file` is the file this was made of, byte by byte.
    ///
    /// # Errors
    /// When it is not.
    pub fn check(&self, file: &[u8]) -> Result<()> {
        let same = crate::crypto::hex(&Digest::Sha256.of(file)) == self.file_sha256;
        let digest = ranges(file, self.byte_range).map(|parts| self.digest_algorithm.of_parts(&parts));
        let holds = digest.is_some_and(|d| crate::crypto::hex(&d) == self.digest);
        if self.version == 1 && same && holds { Ok(()) } else { Err(stale()) }
    }

    /// Puts the signature in its place.
    ///
    /// # Errors
    /// When the file has changed, or the signature is larger than its place.
    pub fn embed(&self, mut file: Vec<u8>, cms: &Cms) -> Result<Vec<u8>> {
        self.check(&file)?;
        fill(&mut file, self.byte_range, &cms.to_der())?;
        Ok(file)
    }
}

fn stale() -> Error {
    Error::new(ErrorKind::Stale, &messages::prepared::Stale)
}

/// The two parts of a file that are signed.
pub(crate) fn ranges(file: &[u8], range: [usize; 4]) -> Option<[&[u8]; 2]> {
    let part = |from: usize, length: usize| file.get(from..from.checked_add(length)?);
    Some([part(range[0], range[1])?, part(range[2], range[3])?])
}

/// Writes a signature as digits between its marks.
pub(crate) fn fill(file: &mut [u8], range: [usize; 4], der: &[u8]) -> Result<()> {
    let (from, to) = (range[1] + 1, range[2] - 1);
    let digits = crate::crypto::hex(der);
    if digits.len() > to - from {
        let (bytes, place) = (der.len(), (to - from) / 2);
        return Err(Error::new(ErrorKind::TooSmall, &messages::prepared::TooSmall { bytes: &bytes, place: &place }));
    }
    file[from..from + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(())
}

/// Prepares a file for the signature of one reserved field. Nothing but the field's value and look change.
///
/// # Errors
/// When the field is not there or is signed.
pub fn prepare(
    pdf: &[u8],
    entry: &Entry<'_>,
    digest: Digest,
    certificate: Option<&Certificate>,
    time: DateTime<Utc>,
) -> Result<(Vec<u8>, Prepared)> {
    let pdf = Pdf::load(pdf)?;
    let all = fields::all(&pdf.document);
    let field = all.iter().find(|f| f.name == entry.field).ok_or_else(|| absent(entry.field, &all))?;
    if field.value.is_some() {
        return Err(Error::new(ErrorKind::FieldTaken, &messages::field::Taken { name: &entry.field }));
    }
    examine(pdf.bytes, entry.field)?;
    let unpacked = strict::open(pdf.bytes)?;
    let reading = unpacked.reading();
    let state = reading.newest();
    let strict = signature_fields(&state).into_iter().find(|f| f.name == entry.field && f.id == field.id);
    let strict = strict.ok_or_else(|| absent(entry.field, &all))?;
    let mut update = Update::new(&pdf);
    let mut widget = Widget::of(&pdf, &strict)?;
    if let Some(appearance) = entry.appearance {
        let form = form::import(appearance, &mut update)?;
        let mut looks = Dictionary::new();
        looks.set("N", form);
        widget.shown().set("AP", looks);
    }
    // Printed and, from now on, locked; what was hidden stays so.
    let flags = widget.shown().get(b"F").and_then(Object::as_i64).unwrap_or(0);
    widget.shown().set("F", flags | 132);
    let value = update.allot();
    widget.field.1.set("V", value);
    widget.write(&mut update);
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "Sig");
    dictionary.set("Filter", "Adobe.PPKLite");
    dictionary.set("SubFilter", "ETSI.CAdES.detached");
    dictionary.set("M", text_object(&time.format("D:%Y%m%d%H%M%SZ").to_string()));
    for (key, text) in [("Name", entry.name), ("Reason", entry.reason), ("Location", entry.location)] {
        if let Some(text) = text {
            dictionary.set(key, text_object(text));
        }
    }
    if let Some(locked) = field_lock(&pdf, &state, &strict)? {
        dictionary.set("Reference", vec![Object::Dictionary(locked)]);
    }
    let place = if entry.place == 0 { PLACE } else { entry.place };
    let (file, byte_range) = write_signature(update, value, dictionary, place)?;
    let parts = ranges(&file, byte_range).ok_or_else(stale)?;
    let hash = digest.of_parts(&parts);
    let prepared = Prepared {
        version: 1,
        field: entry.field.to_owned(),
        digest_algorithm: digest,
        byte_range,
        digest: crate::crypto::hex(&hash),
        file_sha256: crate::crypto::hex(&Digest::Sha256.of(&file)),
        time,
        signed_attributes: crate::crypto::hex(SignedAttributes::new(&hash, certificate).der()),
    };
    Ok((file, prepared))
}

/// A field and what is seen of it, which may be an object of its own.
struct Widget {
    field: (lopdf::ObjectId, Dictionary),
    apart: Option<(lopdf::ObjectId, Dictionary)>,
}

impl Widget {
    fn of(pdf: &Pdf<'_>, field: &Field<'_, '_>) -> Result<Self> {
        let read = |id| Ok::<_, Error>((id, pdf.document.get_dictionary(id)?.clone()));
        let apart = match field.widgets.as_slice() {
            [(number, generation)] => Some(read((*number, *generation))?),
            _ => None,
        };
        Ok(Self { field: read(field.id)?, apart })
    }

    fn shown(&mut self) -> &mut Dictionary {
        self.apart.as_mut().map_or(&mut self.field.1, |(_, widget)| widget)
    }

    fn write(self, update: &mut Update) {
        for (id, dictionary) in [Some(self.field), self.apart].into_iter().flatten() {
            update.write(id, &Object::Dictionary(dictionary));
        }
    }
}

/// What the lock of a field says, as a reference of the signature (ISO 32000-1, 12.8.2.4): those who sign later read it
/// there.
fn field_lock<'s, 'r>(pdf: &Pdf<'_>, state: &State<'s, 'r>, field: &Field<'s, 'r>) -> Result<Option<Dictionary>> {
    let Some(lock) = state.dictionary_at(field.dictionary, b"Lock") else { return Ok(None) };
    let Some(action) = lock.get(b"Action").and_then(Value::name) else { return Ok(None) };
    let mut parameters =
        dictionary! { "Type" => "TransformParams", "V" => "1.2", "Action" => Object::Name(action.to_vec()) };
    if let Some(fields) = state.array_at(lock, b"Fields") {
        let names = fields.iter().filter_map(Value::text);
        parameters.set("Fields", names.map(|name| text_object(&name)).collect::<Vec<Object>>());
    }
    Ok(Some(dictionary! {
        "Type" => "SigRef",
        "TransformMethod" => "FieldMDP",
        "Data" => pdf.root()?,
        "TransformParams" => parameters,
    }))
}

fn absent(name: &str, all: &[fields::Field]) -> Error {
    let free: Vec<_> = all.iter().filter(|f| f.value.is_none()).map(|f| f.name.as_str()).collect();
    let names = free.join(", ");
    let others: &dyn Localize = match free.as_slice() {
        [] => &messages::field::NoFree,
        _ => &messages::field::Free { names: &names },
    };
    Error::new(ErrorKind::FieldAbsent, &messages::field::Absent { name: &name, others })
}

/// Writes a signature dictionary with an empty place, finishes the update, and fills in what is signed of the file.
fn write_signature(
    mut update: Update,
    id: lopdf::ObjectId,
    dictionary: Dictionary,
    place: usize,
) -> Result<(Vec<u8>, [usize; 4])> {
    let place = place.min(MAX_PLACE);
    const RANGE: &[u8] = b"[0 0000000000 0000000000 0000000000]";
    let (range_at, from, to) = update.write_with(id, |out| {
        serialise(out, &Object::Dictionary(dictionary));
        out.truncate(out.len() - 2);
        out.extend_from_slice(b"/ByteRange ");
        let range_at = out.len();
        out.extend_from_slice(RANGE);
        out.extend_from_slice(b"/Contents ");
        let from = out.len();
        out.push(b'<');
        out.resize(out.len() + 2 * place, b'0');
        out.push(b'>');
        let to = out.len();
        out.extend_from_slice(b">>");
        (range_at, from, to)
    });
    let mut file = update.finish()?;
    let range = [0, from, to, file.len() - to];
    let text = format!("[0 {from} {to} {}]", range[3]);
    // The place was made for the longest numbers; what is over is white space inside the array.
    let text = format!("{}{}]", text.trim_end_matches(']'), " ".repeat(RANGE.len() - text.len()));
    file[range_at..range_at + RANGE.len()].copy_from_slice(text.as_bytes());
    Ok((file, range))
}

/// Prepares a file for a document timestamp (ETSI EN 319 142-1, 5.4.3): an invisible field of its own.
pub(crate) fn prepare_timestamp(pdf: &[u8]) -> Result<(Vec<u8>, [usize; 4])> {
    let pdf = Pdf::load(pdf)?;
    let names: Vec<_> = fields::all(&pdf.document).into_iter().map(|f| f.name).collect();
    let mut number = 1;
    while names.contains(&format!("tidsstampel-{number}")) {
        number += 1;
    }
    let mut update = Update::new(&pdf);
    let (widget, value) = (update.allot(), update.allot());
    add_field(&pdf, &mut update, widget)?;
    let mut field = Dictionary::new();
    field.set("Type", "Annot");
    field.set("Subtype", "Widget");
    field.set("FT", "Sig");
    field.set("T", text_object(&format!("tidsstampel-{number}")));
    field.set("TU", text_object("Tidsstämpel för arkivering"));
    field.set("F", 132);
    field.set("Rect", vec![0.into(), 0.into(), 0.into(), 0.into()]);
    field.set("V", value);
    update.write(widget, &Object::Dictionary(field));
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "DocTimeStamp");
    dictionary.set("Filter", "Adobe.PPKLite");
    dictionary.set("SubFilter", "ETSI.RFC3161");
    write_signature(update, value, dictionary, PLACE)
}

/// Adds a field to the form, or makes the form.
fn add_field(pdf: &Pdf<'_>, update: &mut Update, field: lopdf::ObjectId) -> Result<()> {
    let document = &pdf.document;
    let catalog = pdf.catalog()?;
    let mut form = get_dictionary(document, catalog, b"AcroForm").cloned().unwrap_or_default();
    let mut all = get_array(document, &form, b"Fields").cloned().unwrap_or_default();
    all.push(field.into());
    form.set("SigFlags", 3);
    if let Ok(id) = form.get(b"Fields").and_then(Object::as_reference) {
        update.write(id, &Object::Array(all));
    } else {
        form.set("Fields", all);
    }
    match catalog.get(b"AcroForm").and_then(Object::as_reference) {
        Ok(id) => update.write(id, &Object::Dictionary(form)),
        Err(_) => {
            let mut catalog = catalog.clone();
            catalog.set("AcroForm", form);
            update.write(pdf.root()?, &Object::Dictionary(catalog));
        }
    }
    Ok(())
}
