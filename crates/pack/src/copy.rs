//! A foreign file made ready for the reading copy: opened, and without what acts by itself.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use crate::foreign::Refused;

/// The file as this program writes it: the same pages and bookmarks, not encrypted, without scripts and programs and
/// without tags that would lead nowhere in the pack.
pub(crate) fn without_actions(mut document: Document) -> Result<Vec<u8>, Refused> {
    clean(&mut document);
    document.encryption_state = None;
    document.trailer.remove(b"Encrypt");
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|e| Refused::Writing(e.to_string()))?;
    Ok(out)
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
fn clean(part: &mut Document) {
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
