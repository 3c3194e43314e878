//! Numbers of objects: given anew in one pass, and objects that nothing leads to left out.
//!
//! lopdf has both, with a list of the references it has met that is searched at each of them: a pack has tens of
//! thousands. And it leaves a reference to an object that is not there as it is, which then leads to whatever gets that
//! number; here it becomes null, as ISO 32000-1, 7.3.10 has it.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Numbers all objects in their order, the first of them `first`.
pub(super) fn renumber(document: &mut Document, first: u32) {
    let old = std::mem::take(&mut document.objects);
    let numbers: HashMap<ObjectId, ObjectId> = old.keys().zip(first..).map(|(&id, new)| (id, (new, 0))).collect();
    document.max_id = first.saturating_add(u32::try_from(old.len()).unwrap_or(u32::MAX)).saturating_sub(1);
    for (mut object, new) in old.into_values().zip(first..) {
        point_anew(&mut object, &numbers);
        document.objects.insert((new, 0), object);
    }
    document.trailer.iter_mut().for_each(|(_, object)| point_anew(object, &numbers));
}

fn point_anew(object: &mut Object, numbers: &HashMap<ObjectId, ObjectId>) {
    match object {
        Object::Reference(id) => match numbers.get(id) {
            Some(new) => *id = *new,
            None => *object = Object::Null,
        },
        Object::Array(items) => items.iter_mut().for_each(|o| point_anew(o, numbers)),
        Object::Dictionary(dict) => dict.iter_mut().for_each(|(_, o)| point_anew(o, numbers)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, o)| point_anew(o, numbers)),
        _ => {}
    }
}

/// Leaves out the objects that the trailer does not lead to.
pub(super) fn prune(document: &mut Document) {
    let mut reached = HashSet::new();
    let mut open = Vec::new();
    in_dict(&document.trailer, &mut open);
    while let Some(id) = open.pop() {
        if !reached.insert(id) {
            continue;
        }
        if let Some(object) = document.objects.get(&id) {
            in_object(object, &mut open);
        }
    }
    document.objects.retain(|id, _| reached.contains(id));
}

fn in_object(object: &Object, open: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => open.push(*id),
        Object::Array(items) => items.iter().for_each(|o| in_object(o, open)),
        Object::Dictionary(dict) => in_dict(dict, open),
        Object::Stream(stream) => in_dict(&stream.dict, open),
        _ => {}
    }
}

fn in_dict(dict: &Dictionary, open: &mut Vec<ObjectId>) {
    dict.iter().for_each(|(_, object)| in_object(object, open));
}
