//! Reading PDF objects: a file within limits, what stands behind a reference, and trees.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

/// Most bytes one stream may unfold to while a file is read.
const MAX_STREAM: usize = 64 << 20;
/// Deepest tree that is followed.
const MAX_DEPTH: usize = 32;

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

/// Entries of a name tree (ISO 32000-1, 7.9.6).
pub(crate) fn name_tree<'a>(document: &'a Document, root: Option<&'a Object>) -> Vec<(Vec<u8>, &'a Object)> {
    let mut out = Vec::new();
    let name = |key: &Object| key.as_str().ok().map(<[u8]>::to_vec);
    Tree { document, entries: b"Names", key: &name, seen: HashSet::new() }.walk(root, 0, &mut out);
    out
}

/// Entries of a number tree (ISO 32000-1, 7.9.7).
pub(crate) fn number_tree<'a>(document: &'a Document, root: Option<&'a Object>) -> Vec<(i64, &'a Object)> {
    let mut out = Vec::new();
    let number = |key: &Object| key.as_i64().ok();
    Tree { document, entries: b"Nums", key: &number, seen: HashSet::new() }.walk(root, 0, &mut out);
    out
}

/// A tree while it is walked.
struct Tree<'a, 'f, K> {
    document: &'a Document,
    entries: &'static [u8],
    key: &'f dyn Fn(&Object) -> Option<K>,
    seen: HashSet<ObjectId>,
}

impl<'a, K> Tree<'a, '_, K> {
    fn walk(&mut self, node: Option<&'a Object>, depth: usize, out: &mut Vec<(K, &'a Object)>) {
        if let Some(Object::Reference(id)) = node
            && !self.seen.insert(*id)
        {
            return;
        }
        let Some(node) = dict(self.document, node).filter(|_| depth < MAX_DEPTH) else { return };
        for pair in array(self.document, node.get(self.entries).ok()).chunks_exact(2) {
            out.extend((self.key)(&pair[0]).map(|key| (key, &pair[1])));
        }
        for kid in array(self.document, node.get(b"Kids").ok()) {
            self.walk(Some(kid), depth + 1, out);
        }
    }
}
