//! Links between the parts: written by the layouts as `sigill:name`, led to pages here.

use std::collections::HashMap;

use lopdf::{Dictionary, Object, text_string};

use super::builder::Builder;

/// Scheme of links within the pack.
const SCHEME: &[u8] = b"sigill:";

/// The targets of links: names, and the pages they lead to.
#[derive(Default)]
pub(super) struct Anchors(HashMap<String, usize>);

impl Anchors {
    pub(super) fn set(&mut self, name: &str, page: usize) {
        // The first wins: a group's name is also its first document's.
        self.0.entry(name.to_owned()).or_insert(page);
    }
}

/// Turns every `sigill:` link into a jump; gives the names that lead nowhere.
pub(super) fn resolve(builder: &mut Builder, anchors: &Anchors, first_page: u32) -> Vec<String> {
    let mut dangling = Vec::new();
    let pages = builder.pages.clone();
    for object in builder.document.objects.values_mut() {
        let Object::Dictionary(annotation) = object else { continue };
        let Some(name) = target(annotation) else { continue };
        match anchors.0.get(&name) {
            Some(&page) => {
                let place = [Object::Null, Object::Null, Object::Null];
                let destination =
                    [Object::Reference(pages[page]), "XYZ".into()].into_iter().chain(place).collect::<Vec<_>>();
                annotation.remove(b"A");
                annotation.set("Dest", destination);
                // What a screen reader says of the link (ISO 14289-1, 7.18.5): not the name used while building.
                annotation.set("Contents", text_string(&format!("Till sidan {}", page + first_page as usize)));
            }
            None => dangling.push(name),
        }
    }
    dangling.sort();
    dangling.dedup();
    dangling
}

fn target(annotation: &Dictionary) -> Option<String> {
    let action = annotation.get(b"A").ok()?.as_dict().ok()?;
    let uri = action.get(b"URI").ok()?.as_str().ok()?;
    Some(String::from_utf8_lossy(uri.strip_prefix(SCHEME)?).into_owned())
}
