//! A page as a form (ISO 32000-1, 8.10), for the look of a signature.

use std::collections::HashMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use sigill_messages::Localize;

use crate::error::{Error, ErrorKind, Result};
use crate::messages::file;
use crate::pdf::update::Update;

/// Writes the one page of `pdf` as a form of its size, with all it uses, and without marked content: the structure of
/// the document does not know of it, the field's own description does. Gives the form's number.
pub(crate) fn import(pdf: &[u8], update: &mut Update) -> Result<ObjectId> {
    let broken = |reason: &dyn Localize| Error::new(ErrorKind::Pdf, &file::Appearance { reason });
    let source = Document::load_mem(pdf).map_err(|_| broken(&file::Unread))?;
    let mut pages = source.page_iter();
    let (Some(page), None) = (pages.next(), pages.next()) else { return Err(broken(&file::NotOnePage)) };
    let page = source.get_dictionary(page)?;
    let inherited = |key: &[u8]| {
        let parent = || source.get_dictionary(page.get(b"Parent").ok()?.as_reference().ok()?).ok();
        page.get(key).ok().or_else(|| parent()?.get(key).ok()).cloned()
    };
    let bounds = inherited(b"MediaBox").ok_or_else(|| broken(&file::NoSize))?;
    let resources = inherited(b"Resources").unwrap_or_else(|| Dictionary::new().into());
    let id = source.page_iter().next().unwrap_or_default();
    let content = without_marks(&source.get_page_content(id)).ok_or_else(|| broken(&file::Unread))?;
    let mut copy = Copy { source: &source, numbers: HashMap::new(), waiting: Vec::new() };
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "XObject");
    dictionary.set("Subtype", "Form");
    dictionary.set("BBox", bounds);
    dictionary.set("Resources", copy.renumbered(&resources, update));
    if let Ok(group) = page.get(b"Group") {
        dictionary.set("Group", copy.renumbered(group, update));
    }
    let mut form = Stream::new(dictionary, content);
    // The content of a page is small text that packs well.
    form.compress()?;
    while let Some(old) = copy.waiting.pop() {
        let object = source.get_object(old)?.clone();
        let object = copy.renumbered(&object, update);
        update.write(copy.numbers[&old], &object);
    }
    Ok(update.add(form))
}

/// The content without the operators of marked content; `None` when it cannot be read.
fn without_marks(content: &[u8]) -> Option<Vec<u8>> {
    let mut content = Content::decode(content).ok()?;
    content.operations.retain(|o| !matches!(o.operator.as_str(), "BMC" | "BDC" | "EMC" | "MP" | "DP"));
    content.encode().ok()
}

/// Objects of another document on their way into this one.
struct Copy<'a> {
    source: &'a Document,
    numbers: HashMap<ObjectId, ObjectId>,
    waiting: Vec<ObjectId>,
}

impl Copy<'_> {
    fn renumbered(&mut self, object: &Object, update: &mut Update) -> Object {
        match object {
            Object::Reference(id) => {
                if self.source.get_object(*id).is_err() {
                    return Object::Null;
                }
                let new = *self.numbers.entry(*id).or_insert_with(|| {
                    self.waiting.push(*id);
                    update.allot()
                });
                Object::Reference(new)
            }
            Object::Array(items) => Object::Array(items.iter().map(|o| self.renumbered(o, update)).collect()),
            Object::Dictionary(dictionary) => Object::Dictionary(self.renumbered_dictionary(dictionary, update)),
            Object::Stream(stream) => {
                let mut stream = stream.clone();
                stream.dict = self.renumbered_dictionary(&stream.dict, update);
                Object::Stream(stream)
            }
            other => other.clone(),
        }
    }

    fn renumbered_dictionary(&mut self, dictionary: &Dictionary, update: &mut Update) -> Dictionary {
        // Structure and ownership of the page it came from.
        let own = |key: &[u8]| matches!(key, b"StructParent" | b"StructParents" | b"Parent");
        let kept = dictionary.iter().filter(|(k, _)| !own(k));
        kept.map(|(k, v)| (k.clone(), self.renumbered(v, update))).collect()
    }
}
