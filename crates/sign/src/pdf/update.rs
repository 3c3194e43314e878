//! An incremental update: changed and new objects after the old bytes, with a cross-reference of the kind the file has.

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Object, ObjectId};

use crate::error::{Error, Result};
use crate::messages::file;
use crate::pdf::Pdf;

/// An update being written.
pub(crate) struct Update {
    out: Vec<u8>,
    /// Objects written: number, generation, offset.
    entries: Vec<(u32, u16, usize)>,
    next: u32,
    trailer: Dictionary,
    as_stream: bool,
}

impl Update {
    pub(crate) fn new(pdf: &Pdf<'_>) -> Self {
        let document = &pdf.document;
        let size = document.trailer.get(b"Size").and_then(Object::as_i64).ok().and_then(|n| u32::try_from(n).ok());
        let mut out = Vec::with_capacity(pdf.bytes.len() + 65_536);
        out.extend_from_slice(pdf.bytes);
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        let mut trailer = Dictionary::new();
        for key in [b"Root".as_slice(), b"Info", b"ID"] {
            if let Ok(value) = document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", document.xref_start as i64);
        Self {
            out,
            entries: Vec::new(),
            next: size.unwrap_or(0).max(document.max_id + 1),
            trailer,
            as_stream: matches!(document.reference_table.cross_reference_type, XrefType::CrossReferenceStream),
        }
    }

    /// A number for a new object.
    pub(crate) fn allot(&mut self) -> ObjectId {
        self.next += 1;
        (self.next - 1, 0)
    }

    /// Writes an object.
    pub(crate) fn write(&mut self, id: ObjectId, object: &Object) {
        self.write_with(id, |out| {
            serialise(out, object);
        });
    }

    /// Writes a new object and gives its number.
    pub(crate) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.allot();
        self.write(id, &object.into());
        id
    }

    /// Writes an object whose bytes are written by `body`, and gives what that says.
    pub(crate) fn write_with<T>(&mut self, id: ObjectId, body: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        self.entries.push((id.0, id.1, self.out.len()));
        self.out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
        let told = body(&mut self.out);
        self.out.extend_from_slice(b"\nendobj\n");
        told
    }

    /// Writes the cross-reference and the trailer.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>> {
        let at = self.out.len();
        if self.as_stream {
            let id = self.allot();
            self.entries.push((id.0, 0, at));
        }
        self.entries.sort_unstable();
        if self.entries.windows(2).any(|w| w[0].0 == w[1].0) {
            return Err(Error::pdf(&file::WrittenTwice));
        }
        if at > 9_999_999_999 || u32::try_from(at).is_err() {
            return Err(Error::pdf(&file::TooLarge));
        }
        self.trailer.set("Size", i64::from(self.next));
        if self.as_stream {
            self.stream()
        } else {
            self.table()
        }
        self.out.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        Ok(self.out)
    }

    /// Runs of numbers that follow each other.
    fn runs(&self) -> Vec<Vec<(u32, u16, usize)>> {
        let mut runs: Vec<Vec<(u32, u16, usize)>> = Vec::new();
        for &entry in &self.entries {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| last.0 + 1 == entry.0) => run.push(entry),
                _ => runs.push(vec![entry]),
            }
        }
        runs
    }

    fn table(&mut self) {
        let mut text = String::from("xref\n");
        for run in self.runs() {
            text.push_str(&format!("{} {}\n", run[0].0, run.len()));
            for (_, generation, offset) in run {
                text.push_str(&format!("{offset:010} {generation:05} n \n"));
            }
        }
        self.out.extend_from_slice(text.as_bytes());
        self.out.extend_from_slice(b"trailer\n");
        serialise(&mut self.out, &Object::Dictionary(self.trailer.clone()));
        self.out.push(b'\n');
    }

    fn stream(&mut self) {
        let mut index: Vec<Object> = Vec::new();
        let mut rows = Vec::new();
        for run in self.runs() {
            index.extend([i64::from(run[0].0).into(), (run.len() as i64).into()]);
            for (_, generation, offset) in run {
                rows.push(1);
                rows.extend_from_slice(&(offset as u32).to_be_bytes());
                rows.extend_from_slice(&generation.to_be_bytes());
            }
        }
        let mut dictionary = self.trailer.clone();
        dictionary.set("Type", "XRef");
        dictionary.set("W", vec![1.into(), 4.into(), 2.into()]);
        dictionary.set("Index", index);
        dictionary.set("Length", rows.len() as i64);
        self.out.extend_from_slice(format!("{} 0 obj\n", self.next - 1).as_bytes());
        serialise(&mut self.out, &Object::Dictionary(dictionary));
        self.out.extend_from_slice(b"\nstream\n");
        self.out.extend_from_slice(&rows);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
    }
}

/// Writes an object as PDF (ISO 32000-1, 7.3).
pub(crate) fn serialise(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => serialise_name(out, name),
        Object::String(bytes, _) => serialise_string(out, bytes),
        Object::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b' ');
                }
                serialise(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => serialise_dictionary(out, dictionary),
        Object::Stream(stream) => {
            let mut dictionary = stream.dict.clone();
            dictionary.set("Length", stream.content.len() as i64);
            serialise_dictionary(out, &dictionary);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
    }
}

fn serialise_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        serialise_name(out, key);
        out.push(b' ');
        serialise(out, value);
    }
    out.extend_from_slice(b">>");
}

fn serialise_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &b in name {
        if b.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&b) {
            out.push(b);
        } else {
            out.extend_from_slice(format!("#{b:02X}").as_bytes());
        }
    }
}

/// Text that is ASCII as a literal, all else in hexadecimal digits.
fn serialise_string(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(|b| (0x20..0x7F).contains(b)) {
        out.push(b'(');
        for &b in bytes {
            if b"()\\".contains(&b) {
                out.push(b'\\');
            }
            out.push(b);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        out.extend_from_slice(crate::crypto::hex(bytes).as_bytes());
        out.push(b'>');
    }
}
