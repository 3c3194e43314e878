//! Taking over the objects of one part.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::builder::Builder;
use super::error::MergeError;
use super::foreign;
use super::number;
use super::outline::{Bookmark, Bookmarks};
use super::plan::{MergePart, Origin};
use crate::objects::{array, dict, name_tree, number_tree};

/// An imported part, as far as the rest of the merge needs to know it.
#[derive(Clone)]
pub(super) struct Imported {
    pub(super) catalog: Dictionary,
    pub(super) info: Option<Object>,
    /// Roots of its structure tree.
    pub(super) structure: Vec<ObjectId>,
    pub(super) outline: Bookmarks,
}

/// Attributes that pages may leave to the nodes above them.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Deepest page tree followed.
const MAX_DEPTH: usize = 32;

impl Builder {
    /// Takes over a part, opened as `part`: its pages below `pages_root`, its structure below `section`.
    pub(super) fn import(
        &mut self,
        source: &MergePart<'_>,
        mut part: Document,
        number: usize,
        pages_root: ObjectId,
        section: ObjectId,
    ) -> Result<Imported, MergeError> {
        let foreign = source.origin == Origin::Foreign;
        number::renumber(&mut part, self.document.max_id + 1);
        let catalog = part.catalog()?.clone();
        let info = part.trailer.get(b"Info").ok().cloned();
        let tagged =
            if foreign { Some(Dictionary::new()) } else { dict(&part, catalog.get(b"StructTreeRoot").ok()).cloned() };
        let tagged = tagged.ok_or_else(|| MergeError::new("the part is not tagged"))?;
        self.tagged &= !foreign;
        let pages = part.page_iter().collect::<Vec<_>>();
        let offset = self.next_parent;
        let numbers = number_tree(&part, tagged.get(b"ParentTree").ok());
        let last = numbers.iter().map(|(key, _)| key + 1).max().unwrap_or(0);
        self.parents.extend(numbers.into_iter().map(|(key, value)| (key + offset, value.clone())));
        self.next_parent = offset + last;
        let prefix = format!("{number}.").into_bytes();
        let prefixed = |(key, value): (Vec<u8>, &Object)| ([&prefix, key.as_slice()].concat(), value.clone());
        self.ids.extend(name_tree(&part, tagged.get(b"IDTree").ok()).into_iter().map(prefixed));
        let dests = dict(&part, catalog.get(b"Names").ok()).and_then(|d| d.get(b"Dests").ok());
        self.names.extend(name_tree(&part, dests).into_iter().map(prefixed));
        if let Some(roles) = dict(&part, tagged.get(b"RoleMap").ok()) {
            for (key, value) in roles
                .iter()
                .filter(|(k, _)| !self.roles.has(k))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect::<Vec<_>>()
            {
                self.roles.set(key, value);
            }
        }
        let structure = references(&part, tagged.get(b"K").ok());
        let start = self.pages.len();
        let outline = Bookmarks::OfPart(if foreign {
            foreign::outline(&part, start)
        } else {
            outline(&part, &catalog, &pages, start)
        });
        flatten_pages(&mut part, &pages, pages_root)?;
        if foreign {
            self.names.extend(foreign::old_names(&part, &catalog, &prefix));
            foreign::layers(&part, &catalog, &mut self.layers);
        }
        for root in &structure {
            part.get_dictionary_mut(*root)?.set("P", section);
        }
        for object in part.objects.values_mut() {
            adjust(object, offset, &prefix);
        }
        for (id, object) in std::mem::take(&mut part.objects) {
            let discarded = matches!(object.type_name(), Ok(b"ObjStm" | b"XRef" | b"Pages" | b"Outlines" | b"Catalog"));
            if !discarded {
                self.document.objects.insert(id, object);
            }
        }
        self.document.max_id = self.document.max_id.max(part.max_id);
        self.pages.extend(pages);
        Ok(Imported { catalog, info, structure, outline })
    }
}

fn references(document: &Document, object: Option<&Object>) -> Vec<ObjectId> {
    match object {
        Some(Object::Reference(id)) => match document.get_object(*id) {
            Ok(Object::Array(_)) => array(document, object).iter().filter_map(|o| o.as_reference().ok()).collect(),
            _ => vec![*id],
        },
        _ => array(document, object).iter().filter_map(|o| o.as_reference().ok()).collect(),
    }
}

/// Gives each page what it has from the nodes above it, and one parent.
fn flatten_pages(part: &mut Document, pages: &[ObjectId], pages_root: ObjectId) -> Result<(), MergeError> {
    for &page in pages {
        let mut inherited = Dictionary::new();
        let mut node = part.get_dictionary(page)?;
        for _ in 0..MAX_DEPTH {
            for key in INHERITED {
                if let Ok(value) = node.get(key)
                    && !inherited.has(key)
                {
                    inherited.set(key, value.clone());
                }
            }
            match dict(part, node.get(b"Parent").ok()) {
                Some(above) => node = above,
                None => break,
            }
        }
        let page = part.get_dictionary_mut(page)?;
        for (key, value) in &inherited {
            page.set(key.clone(), value.clone());
        }
        page.set("Parent", pages_root);
    }
    Ok(())
}

/// Shifts parent tree keys and makes identifiers and named destinations the part's own, at any depth.
fn adjust(object: &mut Object, offset: i64, prefix: &[u8]) {
    match object {
        Object::Dictionary(dict) => adjust_dict(dict, offset, prefix),
        Object::Stream(stream) => adjust_dict(&mut stream.dict, offset, prefix),
        Object::Array(items) => items.iter_mut().for_each(|o| adjust(o, offset, prefix)),
        _ => {}
    }
}

fn adjust_dict(dict: &mut Dictionary, offset: i64, prefix: &[u8]) {
    let element = dict.has_type(b"StructElem");
    let table = matches!(dict.get(b"O"), Ok(Object::Name(owner)) if owner == b"Table");
    let jump = matches!(dict.get(b"S"), Ok(Object::Name(kind)) if kind == b"GoTo");
    for (key, value) in dict.iter_mut() {
        match (key.as_slice(), &mut *value) {
            (b"StructParent" | b"StructParents", Object::Integer(number)) => *number += offset,
            (b"ID", Object::String(id, _)) if element => id.splice(0..0, prefix.iter().copied()).for_each(drop),
            (b"Dest", Object::String(name, _)) => name.splice(0..0, prefix.iter().copied()).for_each(drop),
            (b"D", Object::String(name, _)) if jump => name.splice(0..0, prefix.iter().copied()).for_each(drop),
            (b"Headers", Object::Array(ids)) if table => {
                for id in ids {
                    if let Object::String(id, _) = id {
                        id.splice(0..0, prefix.iter().copied()).for_each(drop);
                    }
                }
            }
            _ => adjust(value, offset, prefix),
        }
    }
}

/// Bookmarks of a part, with destinations as pages of the pack.
fn outline(part: &Document, catalog: &Dictionary, pages: &[ObjectId], start: usize) -> Vec<Bookmark> {
    let root = dict(part, catalog.get(b"Outlines").ok());
    let mut left = 20_000;
    root.map_or_else(Vec::new, |root| entries(part, root, pages, start, 0, &mut left))
}

fn entries(
    part: &Document,
    above: &Dictionary,
    pages: &[ObjectId],
    start: usize,
    depth: usize,
    left: &mut usize,
) -> Vec<Bookmark> {
    let mut out = Vec::new();
    let mut next = above.get(b"First").ok();
    while let Some(node) = dict(part, next).filter(|_| depth < MAX_DEPTH && *left > 0) {
        *left -= 1;
        let destination = node.get(b"Dest").ok().map(|d| array(part, Some(d)));
        let page =
            destination.and_then(|d| d.first()?.as_reference().ok()).and_then(|id| pages.iter().position(|&p| p == id));
        let title = node.get(b"Title").ok().cloned();
        if let (Some(title), Some(page)) = (title, page) {
            let place = destination.map_or(&[][..], |d| &d[1..]).to_vec();
            let below = entries(part, node, pages, start, depth + 1, left);
            out.push(Bookmark { title, page: start + page, place, below });
        }
        next = node.get(b"Next").ok();
    }
    out
}
