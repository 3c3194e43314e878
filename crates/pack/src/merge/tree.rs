//! Number and name trees, and what keeps the file small.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

/// Entries in one leaf: readers look entries up without reading them all.
const LEAF: usize = 128;

/// A number tree.
pub(super) fn numbers(document: &mut Document, entries: BTreeMap<i64, Object>) -> Object {
    build(document, entries.into_iter().map(|(k, v)| (Object::Integer(k), v)).collect(), "Nums")
}

/// A name tree.
pub(super) fn names(document: &mut Document, entries: BTreeMap<Vec<u8>, Object>) -> Object {
    let entries = entries.into_iter().map(|(k, v)| (Object::String(k, StringFormat::Hexadecimal), v));
    build(document, entries.collect(), "Names")
}

fn build(document: &mut Document, entries: Vec<(Object, Object)>, key: &str) -> Object {
    let flat = |entries: &[(Object, Object)]| -> Vec<Object> {
        entries.iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect()
    };
    let mut kids = Vec::new();
    for leaf in entries.chunks(LEAF) {
        let limits: Vec<Object> = [leaf.first(), leaf.last()].into_iter().flatten().map(|(k, _)| k.clone()).collect();
        let mut node = dictionary! { "Limits" => limits };
        node.set(key, flat(leaf));
        kids.push(Object::Reference(document.add_object(node)));
    }
    if kids.len() <= 1 {
        let mut node = dictionary! {};
        node.set(key, flat(&entries));
        return Object::Reference(document.add_object(node));
    }
    Object::Reference(document.add_object(dictionary! { "Kids" => kids }))
}

/// Keeps one of several equal streams: colour profiles and fonts that many parts share. The hash only finds candidates;
/// equality decides.
pub(super) fn share_equal_streams(document: &mut Document) {
    let mut seen: HashMap<u64, Vec<ObjectId>> = HashMap::new();
    let mut same: HashMap<ObjectId, ObjectId> = HashMap::new();
    for (&id, object) in &document.objects {
        let Object::Stream(stream) = object else { continue };
        let mut hasher = DefaultHasher::new();
        stream.content.hash(&mut hasher);
        let candidates = seen.entry(hasher.finish()).or_default();
        let equal = candidates.iter().find(|&&other| {
            matches!(document.objects.get(&other), Some(Object::Stream(o)) if o.content == stream.content && o.dict == stream.dict)
        });
        match equal {
            Some(&other) => {
                same.insert(id, other);
            }
            None => candidates.push(id),
        }
    }
    document.objects.retain(|id, _| !same.contains_key(id));
    for object in document.objects.values_mut() {
        redirect(object, &same);
    }
}

fn redirect(object: &mut Object, same: &HashMap<ObjectId, ObjectId>) {
    match object {
        Object::Reference(id) => {
            if let Some(other) = same.get(id) {
                *id = *other;
            }
        }
        Object::Array(items) => items.iter_mut().for_each(|o| redirect(o, same)),
        Object::Dictionary(dict) => dict.iter_mut().for_each(|(_, o)| redirect(o, same)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, o)| redirect(o, same)),
        _ => {}
    }
}

/// Text that is only hashed.
struct Hashed<'a>(&'a mut Sha256);

impl Write for Hashed<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

/// An identifier that follows from the content (ISO 32000-1, 14.4).
pub(super) fn digest(document: &Document) -> [u8; 16] {
    let mut hash = Sha256::new();
    for (id, object) in &document.objects {
        hash.update(id.0.to_be_bytes());
        match object {
            Object::Stream(stream) => hash.update(&stream.content),
            // As text, without making one of it first.
            other => drop(write!(Hashed(&mut hash), "{other:?}")),
        }
    }
    let mut out = [0; 16];
    out.copy_from_slice(&hash.finalize()[..16]);
    out
}
