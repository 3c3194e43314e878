//! PDF files: reading, and adding to them without touching a byte that is there (ISO 32000-1, 7.5.6).

pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod update;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::error::{Error, ErrorKind, Result};
use crate::messages::file;
use crate::strict;

/// A PDF and its bytes.
pub(crate) struct Pdf<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) document: Document,
}

impl<'a> Pdf<'a> {
    pub(crate) fn load(bytes: &'a [u8]) -> Result<Self> {
        // The strict reader says in words what is wrong, and where.
        strict::open(bytes)?;
        let document = Document::load_mem(bytes).map_err(|e| match e {
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => encrypted(),
            e => e.into(),
        })?;
        if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
            return Err(encrypted());
        }
        Ok(Self { bytes, document })
    }

    pub(crate) fn root(&self) -> Result<ObjectId> {
        Ok(self.document.trailer.get(b"Root")?.as_reference()?)
    }

    pub(crate) fn catalog(&self) -> Result<&Dictionary> {
        Ok(self.document.catalog()?)
    }

    /// Pages in order, numbered from 1.
    pub(crate) fn page(&self, number: usize) -> Option<ObjectId> {
        self.document.page_iter().nth(number.checked_sub(1)?)
    }
}

fn encrypted() -> Error {
    Error::new(ErrorKind::Encrypted, &file::Encrypted)
}

/// Follows a reference.
pub(crate) fn deref<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Object> {
    document.dereference(object).ok().map(|(_, o)| o)
}

/// What a dictionary has at a key, references followed.
pub(crate) fn get<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    deref(document, dictionary.get(key).ok()?).filter(|o| !o.is_null())
}

pub(crate) fn get_dictionary<'a>(document: &'a Document, from: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    match get(document, from, key)? {
        Object::Dictionary(d) => Some(d),
        Object::Stream(s) => Some(&s.dict),
        _ => None,
    }
}

pub(crate) fn get_array<'a>(document: &'a Document, from: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
    get(document, from, key)?.as_array().ok()
}

/// A PDF text string as text.
pub(crate) fn text(object: &Object) -> Option<String> {
    lopdf::decode_text_string(object).ok()
}

/// A text string object: ASCII as it is, all else in UTF-16 (ISO 32000-1, 7.9.2.2).
pub(crate) fn text_object(text: &str) -> Object {
    lopdf::text_string(text)
}
