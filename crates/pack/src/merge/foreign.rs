//! Parts made by others, taken over unchanged but for what acts by itself.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, StringFormat, text_string};

use super::MergeError;
use super::import::{array, dict};
use super::outline::Entry;
use crate::foreign::survey::{Heading, bookmarks};

/// Most bytes one stream may unfold to while the file is read.
const MAX_STREAM: usize = 64 << 20;

pub(super) fn load(pdf: &[u8], password: &str) -> Result<Document, MergeError> {
    let options = LoadOptions {
        password: Some(password.to_owned()),
        max_decompressed_size: Some(MAX_STREAM),
        ..LoadOptions::default()
    };
    Ok(Document::load_mem_with_options(pdf, options)?)
}

pub(super) fn outline(part: &Document, start: usize) -> Vec<Entry> {
    fn entry(heading: Heading, start: usize) -> Entry {
        Entry {
            title: text_string(&heading.title),
            page: start + heading.page,
            place: vec!["XYZ".into(), Object::Null, Object::Null, Object::Null],
            below: heading.below.into_iter().map(|h| entry(h, start)).collect(),
        }
    }
    bookmarks(part).into_iter().map(|h| entry(h, start)).collect()
}

/// Destinations named as in PDF 1.1 (ISO 32000-1, 12.3.2.3).
pub(super) fn old_names(part: &Document, catalog: &Dictionary, prefix: &[u8]) -> Vec<(Vec<u8>, Object)> {
    let names = dict(part, catalog.get(b"Dests").ok());
    names.into_iter().flatten().map(|(name, to)| ([prefix, name].concat(), to.clone())).collect()
}

/// Optional content: what is not shown in the file is not shown in the pack (ISO 32000-1, 8.11).
pub(super) fn layers(part: &Document, catalog: &Dictionary, layers: &mut (Vec<Object>, Vec<Object>)) {
    let Some(properties) = dict(part, catalog.get(b"OCProperties").ok()) else { return };
    layers.0.extend(array(part, properties.get(b"OCGs").ok()).iter().cloned());
    let shown = dict(part, properties.get(b"D").ok());
    layers.1.extend(shown.iter().flat_map(|d| array(part, d.get(b"OFF").ok())).cloned());
}

/// Kinds of action that start something (ISO 32000-1, table 198).
const ACTS: [&[u8]; 11] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"Hide",
];

fn acts(dict: &Dictionary) -> bool {
    dict.get(b"S").and_then(Object::as_name).is_ok_and(|kind| ACTS.contains(&kind))
}

/// Takes away scripts, programs and tags that lead nowhere; destinations are named one way.
pub(super) fn clean(part: &mut Document) {
    let actions = part.objects.iter().filter(|(_, o)| o.as_dict().is_ok_and(acts)).map(|(id, _)| *id).collect();
    part.objects.values_mut().for_each(|object| clean_object(object, &actions));
}

fn clean_object(object: &mut Object, actions: &HashSet<ObjectId>) {
    match object {
        Object::Dictionary(dict) => clean_dict(dict, actions),
        Object::Stream(stream) => clean_dict(&mut stream.dict, actions),
        Object::Array(items) => items.iter_mut().for_each(|o| clean_object(o, actions)),
        _ => {}
    }
}

fn clean_dict(dict: &mut Dictionary, actions: &HashSet<ObjectId>) {
    for key in [&b"AA"[..], b"StructParent", b"StructParents", b"OpenAction", b"PieceInfo"] {
        dict.remove(key);
    }
    let acting = dict.iter().filter(|(_, value)| match value {
        Object::Reference(id) => actions.contains(id),
        Object::Dictionary(action) => acts(action),
        _ => false,
    });
    let acting: Vec<_> = acting.map(|(key, _)| key.clone()).collect();
    acting.iter().for_each(|key| drop(dict.remove(key)));
    let goes = dict.get(b"S").and_then(Object::as_name).is_ok_and(|s| s == b"GoTo");
    for key in [&b"Dest"[..], b"D"] {
        if let Ok(Object::Name(name)) = dict.get(key)
            && (key == b"Dest" || goes)
        {
            let name = Object::String(name.clone(), StringFormat::Literal);
            dict.set(key.to_vec(), name);
        }
    }
    dict.iter_mut().for_each(|(_, value)| clean_object(value, actions));
}
