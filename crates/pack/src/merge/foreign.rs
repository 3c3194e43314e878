//! Parts made by others, taken over as `copy` has made them ready.

use lopdf::{Dictionary, Document, Object, text_string};

use super::outline::Bookmark;
use crate::foreign::survey::{Heading, bookmarks};
use crate::objects::{array, dict};

pub(super) fn outline(part: &Document, start: usize) -> Vec<Bookmark> {
    fn entry(heading: Heading, start: usize) -> Bookmark {
        Bookmark {
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
