//! What a foreign file holds beside what its pages draw: fields, scripts, programs, signatures, files inside, and where
//! its links and bookmarks lead within it.
//!
//! None of the former goes into a pack (ISO 19005-2, 6.5, 6.8 and 6.9); it is counted so that somebody is told.

use std::collections::{BTreeMap, HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::{Deserialize, Serialize};

use crate::objects::{array, dict, load, name_tree};

/// The losses of a conversion: what a foreign file held that does not go into the pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Losses {
    /// Whether the file was damaged and read as far as it goes.
    pub damaged: bool,
    /// Fields of a form; what is filled in stays as it looks.
    pub form_fields: usize,
    /// Digital signatures: a page written anew is not what was signed.
    pub signatures: usize,
    /// Scripts.
    pub scripts: usize,
    /// Actions that start programs, open files or send forms.
    pub actions: usize,
    /// Files inside the file.
    pub attachments: usize,
    /// Films, sounds and 3D.
    pub media: usize,
    /// Notes and markings by readers.
    pub comments: usize,
}

impl Losses {
    /// Whether there was active content: something that could have acted by itself.
    pub fn active(&self) -> bool {
        self.scripts + self.actions + self.media > 0
    }
}

/// A link within the file.
pub(super) struct Jump {
    /// Left, bottom, right, top in the page's own space.
    pub(super) frame: [f64; 4],
    /// Page it leads to, from 0.
    pub(super) page: usize,
}

/// A bookmark.
pub(crate) struct Heading {
    pub(crate) title: String,
    /// Page, from 0.
    pub(crate) page: usize,
    pub(crate) below: Vec<Heading>,
}

/// The survey of a foreign file.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) losses: Losses,
    /// Links of each page.
    pub(super) jumps: BTreeMap<usize, Vec<Jump>>,
    pub(super) headings: Vec<Heading>,
}

/// Deepest tree followed.
const MAX_DEPTH: usize = 24;
/// Most bookmarks and links taken over.
const MAX_TARGETS: usize = 5_000;

/// Surveys a file that is known to have `pages` pages, and gives its objects, unless it is damaged.
pub(super) fn survey(bytes: &[u8], password: &str, pages: usize) -> (Option<Document>, Survey) {
    let loaded = load(bytes, password);
    let whole = loaded.ok().filter(|d| d.page_iter().count() == pages);
    let Some(document) = whole else {
        return (None, Survey { losses: Losses { damaged: true, ..Losses::default() }, ..Survey::default() });
    };
    let targets = Targets::of(&document);
    let survey = Survey { losses: losses(&document), jumps: jumps(&targets), headings: headings(&targets) };
    (Some(document), survey)
}

fn is(dict: &Dictionary, key: &[u8], values: &[&[u8]]) -> bool {
    dict.get(key).and_then(Object::as_name).is_ok_and(|name| values.contains(&name))
}

fn losses(document: &Document) -> Losses {
    let mut out = Losses::default();
    for object in document.objects.values() {
        each_dict(object, 0, &mut |dict| count(dict, &mut out));
    }
    let form = document.catalog().ok().and_then(|c| dict(document, c.get(b"AcroForm").ok()));
    let mut seen = HashSet::new();
    for field in form.iter().flat_map(|f| array(document, f.get(b"Fields").ok())) {
        fields(document, field, false, 0, &mut seen, &mut out);
    }
    out
}

fn count(dict: &Dictionary, out: &mut Losses) {
    let scripted = is(dict, b"S", &[b"JavaScript"]);
    out.scripts += usize::from(scripted);
    let acts: [&[u8]; 9] =
        [b"Launch", b"SubmitForm", b"ImportData", b"GoToR", b"GoToE", b"Rendition", b"Movie", b"Sound", b"ResetForm"];
    out.actions += usize::from(!scripted && is(dict, b"S", &acts));
    let attached = is(dict, b"Type", &[b"Filespec", b"F"]) && dict.has(b"EF");
    out.attachments += usize::from(attached);
    out.media += usize::from(is(dict, b"Subtype", &[b"RichMedia", b"Screen", b"Movie", b"Sound", b"3D"]));
    let remarks: [&[u8]; 8] =
        [b"Text", b"FreeText", b"Highlight", b"Underline", b"StrikeOut", b"Squiggly", b"Caret", b"Ink"];
    out.comments += usize::from(dict.has(b"Rect") && is(dict, b"Subtype", &remarks));
}

fn each_dict(object: &Object, depth: usize, see: &mut impl FnMut(&Dictionary)) {
    let below = |dict: &Dictionary, see: &mut _| {
        dict.iter().filter(|_| depth < MAX_DEPTH).for_each(|(_, o)| each_dict(o, depth + 1, see));
    };
    match object {
        Object::Dictionary(dict) => {
            see(dict);
            below(dict, see);
        }
        Object::Stream(stream) => below(&stream.dict, see),
        Object::Array(items) if depth < MAX_DEPTH => items.iter().for_each(|o| each_dict(o, depth + 1, see)),
        _ => {}
    }
}

/// Counts the fields that hold a value: those without named fields below them.
fn fields(
    document: &Document,
    field: &Object,
    signed_above: bool,
    depth: usize,
    seen: &mut HashSet<ObjectId>,
    out: &mut Losses,
) {
    if let Object::Reference(id) = field
        && !seen.insert(*id)
    {
        return;
    }
    let Some(found) = dict(document, Some(field)).filter(|_| depth < MAX_DEPTH) else { return };
    let signs = signed_above || is(found, b"FT", &[b"Sig"]);
    let kids = array(document, found.get(b"Kids").ok());
    let named = |kid: &&Object| dict(document, Some(kid)).is_some_and(|k| k.has(b"T"));
    if kids.iter().any(|kid| named(&kid)) {
        kids.iter().for_each(|kid| fields(document, kid, signs, depth + 1, seen, out));
    } else if signs {
        out.signatures += usize::from(found.has(b"V"));
    } else {
        out.form_fields += 1;
    }
}

struct Targets<'a> {
    document: &'a Document,
    places: HashMap<ObjectId, usize>,
    names: HashMap<Vec<u8>, &'a Object>,
}

impl<'a> Targets<'a> {
    fn of(document: &'a Document) -> Self {
        let places = document.page_iter().enumerate().map(|(i, id)| (id, i)).collect();
        Self { names: names(document), document, places }
    }

    /// The page a destination leads to: an array, or a name for one (ISO 32000-1, 12.3.2).
    fn page(&self, destination: Option<&Object>) -> Option<usize> {
        let (_, mut found) = self.document.dereference(destination?).ok()?;
        if let Object::Name(name) | Object::String(name, _) = found {
            found = self.document.dereference(self.names.get(name)?).ok()?.1;
        }
        let list = match found {
            Object::Dictionary(dict) => array(self.document, dict.get(b"D").ok()),
            Object::Array(list) => list,
            _ => return None,
        };
        match list.first()? {
            Object::Reference(id) => self.places.get(id).copied(),
            Object::Integer(number) => usize::try_from(*number).ok().filter(|n| *n < self.places.len()),
            _ => None,
        }
    }

    /// The page that an annotation or a bookmark leads to.
    fn led_to(&self, link: &Dictionary) -> Option<usize> {
        let action = dict(self.document, link.get(b"A").ok()).filter(|a| is(a, b"S", &[b"GoTo"]));
        self.page(link.get(b"Dest").ok().or_else(|| action?.get(b"D").ok()))
    }
}

/// Named destinations, of the name tree and of the older dictionary.
fn names(document: &Document) -> HashMap<Vec<u8>, &Object> {
    let mut out = HashMap::new();
    let Ok(catalog) = document.catalog() else { return out };
    if let Some(old) = dict(document, catalog.get(b"Dests").ok()) {
        out.extend(old.iter().map(|(name, to)| (name.clone(), to)));
    }
    let tree = dict(document, catalog.get(b"Names").ok()).and_then(|n| n.get(b"Dests").ok());
    out.extend(name_tree(document, tree));
    out
}

fn jumps(targets: &Targets<'_>) -> BTreeMap<usize, Vec<Jump>> {
    let document = targets.document;
    let mut out: BTreeMap<usize, Vec<Jump>> = BTreeMap::new();
    let mut left = MAX_TARGETS;
    for (number, id) in document.page_iter().enumerate() {
        let page = document.get_dictionary(id).ok();
        for annotation in page.iter().flat_map(|p| array(document, p.get(b"Annots").ok())) {
            let Some(link) = dict(document, Some(annotation)).filter(|a| is(a, b"Subtype", &[b"Link"])) else {
                continue;
            };
            let sides = array(document, link.get(b"Rect").ok());
            let sides: Vec<f64> = sides.iter().filter_map(|s| s.as_float().ok()).map(f64::from).collect();
            if let (Some(page), Ok(frame)) = (targets.led_to(link), <[f64; 4]>::try_from(sides))
                && left > 0
            {
                left -= 1;
                out.entry(number).or_default().push(Jump { frame, page });
            }
        }
    }
    out
}

/// The bookmarks of a file.
pub(crate) fn bookmarks(document: &Document) -> Vec<Heading> {
    headings(&Targets::of(document))
}

fn headings(targets: &Targets<'_>) -> Vec<Heading> {
    let root = targets.document.catalog().ok().and_then(|c| dict(targets.document, c.get(b"Outlines").ok()));
    let mut left = MAX_TARGETS;
    root.map_or_else(Vec::new, |root| below(targets, root, 0, &mut left))
}

fn below(targets: &Targets<'_>, above: &Dictionary, depth: usize, left: &mut usize) -> Vec<Heading> {
    let mut out = Vec::new();
    let mut next = above.get(b"First").ok();
    while let Some(node) = dict(targets.document, next).filter(|_| depth < MAX_DEPTH && *left > 0) {
        *left -= 1;
        let title = node.get(b"Title").ok().and_then(|t| targets.document.dereference(t).ok());
        let title = title.and_then(|(_, t)| lopdf::decode_text_string(t).ok());
        let title = title.map(|t| t.chars().filter(|c| !c.is_control()).collect::<String>());
        let kids = below(targets, node, depth + 1, left);
        match (title.filter(|t| !t.trim().is_empty()), targets.led_to(node)) {
            (Some(title), Some(page)) => out.push(Heading { title, page, below: kids }),
            _ => out.extend(kids),
        }
        next = node.get(b"Next").ok();
    }
    out
}
