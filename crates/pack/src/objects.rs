//! Reading PDF objects: a file within limits, and what stands behind a reference.

use lopdf::{Dictionary, Document, LoadOptions, Object};

/// Most bytes one stream may unfold to while a file is read.
const MAX_STREAM: usize = 64 << 20;

/// A file of others, opened with its password; empty when it needs none.
pub(crate) fn load(bytes: &[u8], password: &str) -> lopdf::Result<Document> {
    let options = LoadOptions {
        password: Some(password.to_owned()),
        max_decompressed_size: Some(MAX_STREAM),
        ..LoadOptions::default()
    };
    Document::load_mem_with_options(bytes, options)
}

/// The dictionary that an object is or refers to; that of a stream too.
pub(crate) fn dict<'a>(document: &'a Document, object: Option<&'a Object>) -> Option<&'a Dictionary> {
    match document.dereference(object?).ok()?.1 {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// The items of the array that an object is or refers to; none when it is something else.
pub(crate) fn array<'a>(document: &'a Document, object: Option<&'a Object>) -> &'a [Object] {
    let found = object.and_then(|o| document.dereference(o).ok()).and_then(|(_, o)| o.as_array().ok());
    found.map_or(&[], Vec::as_slice)
}
