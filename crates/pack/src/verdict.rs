//! What a validator would say of a finished file: our own reading of the clauses that packs come to grief on.
//!
//! Not a validator: the tests hold it against veraPDF. It tells a secretary which copy is for the archive and which is
//! not, and why.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::Serialize;
use sigill_messages::{Localize, Texts};

use crate::messages::rule;

/// The check of one rule: whether the file keeps it.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Clause of ISO 19005-2 or ISO 14289-1.
    pub clause: &'static str,
    /// The rule.
    #[serde(flatten)]
    pub rule: Texts,
    /// How many places break it.
    pub faults: usize,
}

/// The verdict on a file: the checks of all rules looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// The rules.
    pub checks: Vec<Check>,
    /// Whether the file was written by an exporter that refuses to write what breaks the standards: this program's, or
    /// Typst's, which is the same.
    #[serde(skip)]
    pub(crate) validating_exporter: bool,
}

impl Verdict {
    /// Whether the file is expected to be PDF/A-2a.
    pub fn archival(&self) -> bool {
        self.keeps("PDF/A")
    }

    /// Whether the file is expected to be PDF/UA-1.
    pub fn accessible(&self) -> bool {
        self.keeps("PDF/UA")
    }

    fn keeps(&self, standard: &str) -> bool {
        self.checks.iter().filter(|c| c.clause.starts_with(standard)).all(|c| c.faults == 0)
    }
}

/// Examines a file.
pub fn examine(pdf: &[u8]) -> Verdict {
    match Document::load_mem(pdf) {
        Ok(document) => of(&document),
        Err(_) => Verdict {
            validating_exporter: false,
            checks: vec![Check { clause: "PDF/A-2 6.1", rule: Texts::of(&rule::Readable), faults: 1 }],
        },
    }
}

/// Examines a file that has been opened.
pub(crate) fn of(document: &Document) -> Verdict {
    let examiner = Examiner::new(document);
    let tool = examiner.xmp.split("<xmp:CreatorTool>").nth(1).unwrap_or_default();
    let validating_exporter = tool.starts_with("Sigill ") || tool.starts_with("Typst ");
    Verdict { checks: examiner.checks(), validating_exporter }
}

struct Examiner<'a> {
    document: &'a Document,
    catalog: Dictionary,
    xmp: String,
}

impl<'a> Examiner<'a> {
    fn new(document: &'a Document) -> Self {
        let catalog = document.catalog().cloned().unwrap_or_default();
        let metadata = catalog.get(b"Metadata").ok().and_then(|m| document.dereference(m).ok());
        let xmp = metadata.and_then(|(_, m)| m.as_stream().ok()?.get_plain_content().ok());
        Self { document, catalog, xmp: xmp.map(|x| String::from_utf8_lossy(&x).into_owned()).unwrap_or_default() }
    }

    fn checks(&self) -> Vec<Check> {
        let check = |clause, rule: &dyn Localize, faults| Check { clause, rule: Texts::of(rule), faults };
        let absent = |there: bool| usize::from(!there);
        let claims = |name: &str, value: &str| {
            let (attribute, element) = (format!("{name}=\"{value}\""), format!("<{name}>{value}<"));
            self.xmp.contains(&attribute) || self.xmp.contains(&element)
        };
        let archival = claims("pdfaid:part", "2") && claims("pdfaid:conformance", "A");
        let marked = self.dict(self.catalog.get(b"MarkInfo").ok());
        let marked = marked.is_some_and(|m| m.get(b"Marked").and_then(Object::as_bool).unwrap_or(false));
        let tagged = marked && self.catalog.has(b"StructTreeRoot");
        let preferences = self.dict(self.catalog.get(b"ViewerPreferences").ok());
        let titled = preferences.is_some_and(|p| p.get(b"DisplayDocTitle").and_then(Object::as_bool).unwrap_or(false));
        let (fonts, meanings) = self.fonts();
        let (untagged, order) = self.pages();
        vec![
            check("PDF/A-2 6.1.3", &rule::Encrypted, usize::from(self.document.trailer.has(b"Encrypt"))),
            check("PDF/A-2 6.6.4", &rule::Archival, absent(archival)),
            check("PDF/A-2 6.2.3", &rule::Colours, absent(self.catalog.has(b"OutputIntents"))),
            check("PDF/A-2 6.2.11.4", &rule::Fonts, fonts),
            check("PDF/A-2 6.2.11.7", &rule::Searchable, meanings),
            check("PDF/A-2 6.5.1", &rule::Scripts, self.actions()),
            check("PDF/A-2 6.8", &rule::Attachments, self.attachments()),
            check("PDF/A-2 6.7", &rule::Tagged, absent(tagged)),
            check("PDF/UA-1 5", &rule::Accessible, absent(claims("pdfuaid:part", "1"))),
            check("PDF/UA-1 7.1", &rule::Content, untagged + absent(tagged)),
            check("PDF/UA-1 7.1", &rule::Title, absent(titled)),
            check("PDF/UA-1 7.2", &rule::Language, absent(self.catalog.has(b"Lang"))),
            check("PDF/UA-1 7.3", &rule::Figures, self.figures()),
            check("PDF/UA-1 7.18.3", &rule::ReadingOrder, order),
            check("PDF/UA-1 7.18.5", &rule::Links, self.links()),
        ]
    }

    fn dict(&self, object: Option<&'a Object>) -> Option<&'a Dictionary> {
        self.document.dereference(object?).ok()?.1.as_dict().ok()
    }

    fn dicts(&self) -> impl Iterator<Item = &'a Dictionary> {
        self.document.objects.values().filter_map(|o| match o {
            Object::Dictionary(dict) => Some(dict),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        })
    }

    fn fonts(&self) -> (usize, usize) {
        let (mut outside, mut mute) = (0, 0);
        for font in self.dicts().filter(|d| d.has_type(b"Font")) {
            let kind = font.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
            if kind == b"Type0" {
                mute += usize::from(!font.has(b"ToUnicode"));
            } else if kind != b"Type3" {
                let descriptor = self.dict(font.get(b"FontDescriptor").ok());
                let within = descriptor
                    .is_some_and(|d| [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| d.has(key)));
                outside += usize::from(!within);
                let simple = matches!(kind, b"Type1" | b"TrueType" | b"MMType1");
                mute += usize::from(simple && !font.has(b"ToUnicode") && !font.has(b"Encoding"));
            }
        }
        (outside, mute)
    }

    /// Pages without tags, and pages whose links have no order.
    fn pages(&self) -> (usize, usize) {
        let pages: Vec<ObjectId> = self.document.page_iter().collect();
        let page = |id: &ObjectId| self.document.get_dictionary(*id).ok();
        let untagged = pages.iter().filter_map(page).filter(|p| !p.has(b"StructParents")).count();
        let ordered = |p: &&Dictionary| p.get(b"Tabs").and_then(Object::as_name).is_ok_and(|t| t == b"S");
        let disordered = pages.iter().filter_map(page).filter(|p| p.has(b"Annots") && !ordered(p)).count();
        (untagged, disordered)
    }

    fn actions(&self) -> usize {
        let forbidden: HashSet<&[u8]> = [
            &b"JavaScript"[..],
            b"Launch",
            b"Sound",
            b"Movie",
            b"ResetForm",
            b"ImportData",
            b"Hide",
            b"SetOCGState",
            b"Rendition",
            b"Trans",
            b"GoTo3DView",
        ]
        .into();
        let bad = |d: &&Dictionary| d.get(b"S").and_then(Object::as_name).is_ok_and(|s| forbidden.contains(s));
        self.dicts().filter(|d| bad(d) || d.has(b"AA")).count()
    }

    fn attachments(&self) -> usize {
        let files = self.document.objects.values().filter_map(|o| o.as_stream().ok());
        let files = files.filter(|s| s.dict.has_type(b"EmbeddedFile"));
        let content = |s: &lopdf::Stream| s.get_plain_content().unwrap_or_default();
        files.filter(|s| !examine(&content(s)).archival()).count()
    }

    fn figures(&self) -> usize {
        let figure = |d: &&Dictionary| d.get(b"S").and_then(Object::as_name).is_ok_and(|s| s == b"Figure");
        let figures = self.dicts().filter(|d| d.has_type(b"StructElem")).filter(figure);
        figures.filter(|d| !d.has(b"Alt") && !d.has(b"ActualText")).count()
    }

    fn links(&self) -> usize {
        let link = |d: &&Dictionary| d.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Link");
        self.dicts().filter(|d| d.has(b"Rect")).filter(link).filter(|d| !d.has(b"Contents")).count()
    }
}
