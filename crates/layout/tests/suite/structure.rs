//! The tag tree with its text: what a screen reader gets.
//!
//! Read with lopdf and not with `pdfinfo -struct-text`, which loses what stands after a hyphen that shares its glyph with
//! a soft hyphen, and which sets every page anew for every element.

use std::collections::{BTreeMap, HashMap};

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use crate::support::squeezed;

/// A structure element.
#[derive(Debug, Default)]
pub struct Element {
    /// Its type: `P`, `TH`.
    pub kind: String,
    /// Name that cells refer to as their header.
    pub id: Option<String>,
    /// Text alternative.
    pub alt: Option<String>,
    /// Attributes of tables and lists; those of layout change with every millimetre.
    pub attributes: BTreeMap<String, String>,
    /// What it holds, in reading order.
    pub children: Vec<Child>,
}

/// A part of an element.
#[derive(Debug)]
pub enum Child {
    /// An element below.
    Element(Element),
    /// Text set on a page.
    Text(String),
    /// An annotation: a link to click.
    Annotation,
}

impl Element {
    /// All elements from here down that are of one of some types, in order. Those inside of them are not looked for.
    pub fn find<'a>(&'a self, kinds: &[&str], found: &mut Vec<&'a Self>) {
        if kinds.contains(&self.kind.as_str()) {
            found.push(self);
        } else {
            self.elements().for_each(|e| e.find(kinds, found));
        }
    }

    /// Elements right below.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|c| if let Child::Element(e) = c { Some(e) } else { None })
    }

    /// All text from here down, squeezed; without what is inside elements of some types.
    pub fn text(&self, without: &[&str]) -> String {
        let mut out = String::new();
        self.collect(without, &mut out);
        out
    }

    fn collect(&self, without: &[&str], out: &mut String) {
        for child in &self.children {
            match child {
                Child::Element(e) if !without.contains(&e.kind.as_str()) => e.collect(without, out),
                Child::Text(text) => out.push_str(&squeezed(text)),
                _ => {}
            }
        }
    }
}

/// Reads the tag tree of a PDF.
pub fn tree(pdf: &Document) -> Element {
    let reader = Reader { pdf, texts: marked_texts(pdf) };
    let root = pdf.catalog().and_then(|c| c.get_deref(b"StructTreeRoot", pdf)).and_then(Object::as_dict);
    let mut root = reader.element(root.expect("the document is tagged"), None);
    match (root.children.pop(), root.children.len()) {
        (Some(Child::Element(document)), 0) => document,
        other => panic!("one element at the root, not {other:?}"),
    }
}

/// A name without its slash, a string, or several.
fn shown(object: &Object) -> String {
    match object {
        Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
        Object::String(..) => decode_text_string(object).expect("a text string"),
        Object::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        Object::Integer(number) => number.to_string(),
        other => panic!("an attribute of {other:?}"),
    }
}

/// Text by page and mark.
type Texts = HashMap<(ObjectId, i64), String>;

struct Reader<'a> {
    pdf: &'a Document,
    texts: Texts,
}

impl Reader<'_> {
    fn element(&self, dictionary: &Dictionary, page: Option<ObjectId>) -> Element {
        let page = dictionary.get(b"Pg").and_then(Object::as_reference).ok().or(page);
        let text = |key: &[u8]| dictionary.get_deref(key, self.pdf).ok().map(shown);
        let mut element =
            Element { kind: text(b"S").unwrap_or_default(), id: text(b"ID"), alt: text(b"Alt"), ..Element::default() };
        if let Ok(attributes) = dictionary.get_deref(b"A", self.pdf) {
            self.attributes(attributes, &mut element.attributes);
        }
        if let Ok(children) = dictionary.get_deref(b"K", self.pdf) {
            self.children(children, page, &mut element.children);
        }
        element
    }

    fn attributes(&self, object: &Object, found: &mut BTreeMap<String, String>) {
        let object = self.pdf.dereference(object).expect("an attribute").1;
        if let Ok(list) = object.as_array() {
            list.iter().for_each(|o| self.attributes(o, found));
            return;
        }
        let dictionary = object.as_dict().expect("attributes are a dictionary");
        let owner = dictionary.get(b"O").and_then(Object::as_name).expect("attributes have an owner");
        if owner == b"Table" || owner == b"List" {
            let own = dictionary.iter().filter(|(key, _)| key.as_slice() != b"O");
            found.extend(own.map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), shown(value))));
        }
    }

    fn children(&self, object: &Object, page: Option<ObjectId>, found: &mut Vec<Child>) {
        match self.pdf.dereference(object).expect("a child").1 {
            Object::Integer(mark) => self.marked(page, *mark, found),
            Object::Array(list) => list.iter().for_each(|o| self.children(o, page, found)),
            Object::Dictionary(d) => match d.get(b"Type").and_then(Object::as_name).unwrap_or_default() {
                b"MCR" => {
                    let page = d.get(b"Pg").and_then(Object::as_reference).ok().or(page);
                    self.marked(page, d.get(b"MCID").and_then(Object::as_i64).expect("a mark"), found);
                }
                b"OBJR" => found.push(Child::Annotation),
                _ => found.push(Child::Element(self.element(d, page))),
            },
            other => panic!("a child of {other:?}"),
        }
    }

    fn marked(&self, page: Option<ObjectId>, mark: i64, found: &mut Vec<Child>) {
        let page = page.expect("marked content has a page");
        let text = self.texts.get(&(page, mark)).unwrap_or_else(|| panic!("mark {mark} is not on its page {page:?}"));
        match found.last_mut() {
            // Every line and every change of font is a piece of its own; which ones, is the setter's business.
            Some(Child::Text(before)) => before.push_str(text),
            _ => found.push(Child::Text(text.clone())),
        }
    }
}

/// The text of all marked content.
fn marked_texts(pdf: &Document) -> Texts {
    let mut texts = Texts::new();
    for page in pdf.page_iter() {
        let fonts = pdf.get_page_fonts(page).expect("fonts");
        let content = pdf.get_and_decode_page_content(page).expect("content");
        let encodings: HashMap<_, _> =
            fonts.iter().map(|(name, font)| (name, font.get_font_encoding(pdf).expect("an encoding"))).collect();
        let mut marks = Marks { page, open: Vec::new(), texts: &mut texts };
        let mut encoding = None;
        for Operation { operator, operands } in &content.operations {
            match operator.as_str() {
                "BMC" | "BDC" => marks.begin(operands.get(1)),
                "EMC" => marks.end(),
                "Tf" => encoding = operands[0].as_name().ok().and_then(|name| encodings.get(&name.to_vec())),
                "Tj" | "TJ" => {
                    let parts = operands[0].as_array().map_or(operands.as_slice(), Vec::as_slice);
                    for part in parts.iter().filter_map(|p| p.as_str().ok()) {
                        let encoding = encoding.expect("a font before text");
                        marks.text(&Document::decode_text(encoding, part).expect("text in the font's encoding"));
                    }
                }
                _ => {}
            }
        }
    }
    texts
}

/// Marked content that is open at a place of a page.
struct Marks<'a> {
    page: ObjectId,
    open: Vec<Mark>,
    texts: &'a mut Texts,
}

enum Mark {
    /// Belongs to the tag tree.
    Tagged(i64),
    /// Stands for other text than its glyphs say.
    Actual,
    /// An artifact, or nothing special.
    Other,
}

impl Marks<'_> {
    fn begin(&mut self, properties: Option<&Object>) {
        let properties = properties.and_then(|p| p.as_dict().ok());
        let actual = properties.and_then(|p| p.get(b"ActualText").ok());
        let mark = properties.and_then(|p| p.get(b"MCID").ok()).and_then(|m| m.as_i64().ok());
        if let Some(mark) = mark {
            self.texts.entry((self.page, mark)).or_default();
        }
        if let Some(actual) = actual {
            self.text(&shown(actual));
        }
        self.open.push(match (mark, actual) {
            (Some(mark), _) => Mark::Tagged(mark),
            (None, Some(_)) => Mark::Actual,
            (None, None) => Mark::Other,
        });
    }

    fn end(&mut self) {
        self.open.pop().expect("an end for every beginning");
    }

    fn text(&mut self, text: &str) {
        if self.open.iter().any(|m| matches!(m, Mark::Actual)) {
            return;
        }
        if let Some(mark) = self.open.iter().find_map(|m| if let Mark::Tagged(mark) = m { Some(*mark) } else { None }) {
            self.texts.entry((self.page, mark)).or_default().push_str(text);
        }
    }
}
