//! The strict reader that verification rests on. It sees every byte, every state of the file and every reading that a
//! viewer could have, and says where there is more than one.
//!
//! Viewers differ in how they mend a file: which of two keys they take, whether an entry's number or an object's own
//! counts, what they do with objects that no cross-reference names. A file whose reading rests on such a choice can show
//! one thing to who signs it and another to who reads it. lopdf, which the writing parts use, is such a reader too; so
//! nothing here rests on it but the filters.

mod body;
mod chain;
mod fault;
mod fields;
mod lexer;
mod numbers;
mod packed;
mod parser;
mod reading;
mod references;
mod section;
mod state;
mod value;

pub(crate) use fields::{Field, SignatureValue, signature_fields};
pub(crate) use packed::Unpacked;
pub(crate) use parser::place_of;
pub(crate) use reading::Reading;
pub(crate) use references::Edge;
pub(crate) use state::State;
pub(crate) use value::{Dictionary, Value};

use sigill_messages::Localize;

use crate::error::{Error, ErrorKind, Result};
use crate::messages::file;

/// Finds the way into a file.
///
/// # Errors
/// When there is none, or it is encrypted.
pub(crate) fn open(bytes: &[u8]) -> Result<Unpacked<'_>> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(unusable(&file::NoPdf));
    }
    let unpacked = Unpacked::read(bytes).map_err(|fault| unusable(&fault.words()))?;
    if unpacked.is_encrypted() {
        return Err(Error::new(ErrorKind::Encrypted, &file::Encrypted));
    }
    Ok(unpacked)
}

/// The error of a file that cannot be used.
pub(crate) fn unusable(reason: &dyn Localize) -> Error {
    Error::new(ErrorKind::Pdf, &file::Unusable { reason })
}

/// Where `needle` first stands.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

/// Where `needle` last stands.
fn find_last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, needle)
}
