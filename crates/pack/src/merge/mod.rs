//! One PDF of many, with every tag kept: the step where other tools lose the structure tree.
//!
//! Each part is a tagged PDF of its own that keeps to the standards. Its objects are renumbered and taken over as they
//! are; structure trees, parent trees, identifiers, destinations and bookmarks are joined into one of each
//! (ISO 32000-1, 14.7, 12.3). Numbers and stamps come from one more PDF, page by page, as artifacts.

mod foreign;
mod import;
mod links;
mod number;
mod outline;
mod overlay;
mod tree;

use std::collections::BTreeMap;
use std::fmt;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary, text_string};

use import::Imported;

/// Where a part comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Made by this program: tagged, and true to its standard.
    Own,
    /// Made by others, its pages as they were and without tags: as [`crate::reader::ReadOrder::Copy`] gives it.
    Foreign,
}

/// A PDF that becomes a part of the pack.
pub struct Part<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// The PDF.
    pub pdf: &'a [u8],
    /// Its bookmark.
    pub title: &'a str,
    /// Names that links of the form `sigill:name` lead to its first page.
    pub anchor: String,
    /// Whether it has a bookmark of its own.
    pub bookmarked: bool,
}

/// Parts under one bookmark: an item of the agenda. Without a title the parts stand by themselves.
pub struct Group<'a> {
    /// Its bookmark.
    pub title: Option<String>,
    /// The name that links lead to it by.
    pub anchor: String,
    /// Its parts, in order.
    pub parts: Vec<Part<'a>>,
}

/// What lies over the pages.
pub struct Overlay<'a> {
    /// An untagged PDF: a page for each page of the pack, drawn over it, and then one page with the words of the link
    /// back to the agenda.
    pub pdf: &'a [u8],
    /// Where the link back stands, by page from 0: left, bottom, right, top on the page as it is seen. It stands on the
    /// first page of each part but those of the first group, when it is named here.
    pub back: BTreeMap<usize, [f64; 4]>,
    /// What the link back says, for those who do not see it.
    pub back_title: &'a str,
}

/// A file that lies in the pack untouched.
pub struct Attachment<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub description: &'a str,
    /// The file.
    pub pdf: &'a [u8],
}

/// Everything a pack is made of.
pub struct Plan<'a> {
    /// Its groups, in order; the first part of the first gives the metadata.
    pub groups: Vec<Group<'a>>,
    /// Numbers and stamps.
    pub overlay: Option<Overlay<'a>>,
    /// Number of the first page.
    pub first_page: u32,
    /// Files that lie in it untouched.
    pub attachments: Vec<Attachment<'a>>,
}

/// A pack in one file.
#[derive(Debug)]
pub struct Merged {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Pages of each part, in the order of the plan.
    pub pages: Vec<usize>,
    /// Links to `sigill:` names that do not exist.
    pub dangling: Vec<String>,
}

/// Why parts cannot be joined: they are made by the program itself, so this is never the user's mistake.
#[derive(Debug)]
pub struct MergeError {
    /// Which part, from 0.
    pub part: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Some(part) => write!(f, "part {part}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for MergeError {}

impl MergeError {
    fn new(message: impl Into<String>) -> Self {
        Self { part: None, message: message.into() }
    }
}

impl From<lopdf::Error> for MergeError {
    fn from(error: lopdf::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// The document being built.
struct Builder {
    document: Document,
    /// Pages in order, with their sizes.
    pages: Vec<ObjectId>,
    /// Parent tree of the whole: what each `StructParents` number stands for.
    parents: BTreeMap<i64, Object>,
    /// Identifiers of structure elements.
    ids: BTreeMap<Vec<u8>, Object>,
    /// Named destinations.
    names: BTreeMap<Vec<u8>, Object>,
    roles: Dictionary,
    next_parent: i64,
    /// Optional content of foreign parts: all groups, and those that are not shown.
    layers: (Vec<Object>, Vec<Object>),
    /// Whether all parts are tagged.
    tagged: bool,
}

/// Joins the parts.
///
/// # Errors
/// When a part is no sound tagged PDF.
pub fn merge(plan: &Plan<'_>) -> Result<Merged, MergeError> {
    let mut builder = Builder {
        document: Document::with_version("1.7"),
        pages: Vec::new(),
        parents: BTreeMap::new(),
        ids: BTreeMap::new(),
        names: BTreeMap::new(),
        roles: Dictionary::new(),
        next_parent: 0,
        layers: (Vec::new(), Vec::new()),
        tagged: true,
    };
    let catalog = builder.document.new_object_id();
    let pages_root = builder.document.new_object_id();
    let struct_root = builder.document.new_object_id();
    let top = builder.document.new_object_id();
    let mut first: Option<Imported> = None;
    let mut anchors = links::Anchors::default();
    let mut marks = Vec::new();
    let (mut counts, mut sections, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    for (g, group) in plan.groups.iter().enumerate() {
        let section = builder.document.new_object_id();
        anchors.set(&group.anchor, builder.pages.len());
        let (mut roots, mut below) = (Vec::new(), Vec::new());
        let start = builder.pages.len();
        for part in &group.parts {
            let number = counts.len();
            anchors.set(&part.anchor, builder.pages.len());
            let at = builder.pages.len();
            let imported = builder
                .import(part, number, pages_root, section)
                .map_err(|e| MergeError { part: Some(number), ..e })?;
            counts.push(builder.pages.len() - at);
            if g > 0 {
                starts.push((at, section));
            }
            roots.extend(imported.structure.iter().map(|&id| Object::Reference(id)));
            let mark = outline::Mark { title: part.title.to_owned(), page: at, below: imported.outline.clone() };
            below.extend(part.bookmarked.then_some(mark));
            first.get_or_insert(imported);
        }
        builder
            .document
            .objects
            .insert(section, dictionary! { "Type" => "StructElem", "S" => "Part", "P" => top, "K" => roots }.into());
        sections.push(Object::Reference(section));
        match &group.title {
            Some(title) => {
                marks.push(outline::Mark { title: title.clone(), page: start, below: outline::Below::Marks(below) })
            }
            None => marks.extend(below),
        }
    }
    let first = first.ok_or_else(|| MergeError::new("the pack has no documents"))?;
    builder.document.objects.insert(
        top,
        dictionary! { "Type" => "StructElem", "S" => "Document", "P" => struct_root, "K" => sections }.into(),
    );
    if let Some(overlay) = &plan.overlay {
        overlay::lay(&mut builder, overlay, &starts)?;
    }
    let dangling = links::resolve(&mut builder, &anchors, plan.first_page);
    let outlines = outline::write(&mut builder, &marks);
    builder.finish(Roots { catalog, pages_root, struct_root, top, outlines }, &first, plan)?;
    Ok(Merged { pdf: builder.save()?, pages: counts, dangling })
}

/// Number of the last page of a pack, by its page labels; `None` when the file cannot be read.
pub fn last_label(pdf: &[u8]) -> Option<usize> {
    let document = Document::load_mem(pdf).ok()?;
    let pages = document.page_iter().count();
    let labels = import::dict(&document, document.catalog().ok()?.get(b"PageLabels").ok());
    let first = labels.and_then(|l| {
        let numbers = import::array(&document, l.get(b"Nums").ok());
        import::dict(&document, numbers.get(1))?.get(b"St").and_then(Object::as_i64).ok()
    });
    let first = usize::try_from(first.unwrap_or(1)).ok().filter(|&n| n > 0)?;
    (pages > 0).then_some(first - 1 + pages)
}

struct Roots {
    catalog: ObjectId,
    pages_root: ObjectId,
    struct_root: ObjectId,
    top: ObjectId,
    outlines: ObjectId,
}

impl Builder {
    fn finish(&mut self, roots: Roots, first: &Imported, plan: &Plan<'_>) -> Result<(), MergeError> {
        let kids: Vec<Object> = self.pages.iter().map(|&id| id.into()).collect();
        let count = kids.len() as i64;
        self.document
            .objects
            .insert(roots.pages_root, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
        let parents = tree::numbers(&mut self.document, std::mem::take(&mut self.parents));
        let mut structure = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![Object::Reference(roots.top)],
            "ParentTree" => parents,
            "ParentTreeNextKey" => self.next_parent,
            "RoleMap" => std::mem::take(&mut self.roles),
        };
        if !self.ids.is_empty() {
            structure.set("IDTree", tree::names(&mut self.document, std::mem::take(&mut self.ids)));
        }
        self.document.objects.insert(roots.struct_root, structure.into());
        let mut catalog = dictionary! {
            "Type" => "Catalog",
            "Pages" => roots.pages_root,
            "StructTreeRoot" => roots.struct_root,
            "MarkInfo" => if self.tagged {
                dictionary! { "Marked" => true }
            } else {
                dictionary! { "Marked" => true, "Suspects" => true }
            },
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
            "PageMode" => "UseOutlines",
            "Outlines" => roots.outlines,
            "PageLabels" => dictionary! {
                "Nums" => vec![0.into(), dictionary! { "S" => "D", "St" => i64::from(plan.first_page) }.into()]
            },
        };
        self.count_pages_in_metadata(first, count);
        for key in [b"Metadata".as_slice(), b"OutputIntents", b"Lang"] {
            if let Some(value) = first.catalog.get(key).ok().cloned() {
                catalog.set(key, value);
            }
        }
        let mut names = Dictionary::new();
        if !self.names.is_empty() {
            names.set("Dests", tree::names(&mut self.document, std::mem::take(&mut self.names)));
        }
        if !plan.attachments.is_empty() {
            let files = plan.attachments.iter().enumerate().map(|(i, file)| self.attach(i, file)).collect();
            names.set("EmbeddedFiles", tree::names(&mut self.document, files));
        }
        if !names.is_empty() {
            catalog.set("Names", names);
        }
        let (groups, hidden) = std::mem::take(&mut self.layers);
        if !groups.is_empty() {
            let shown = dictionary! { "OFF" => hidden, "Order" => groups.clone() };
            catalog.set("OCProperties", dictionary! { "OCGs" => groups, "D" => shown });
        }
        self.document.objects.insert(roots.catalog, catalog.into());
        self.document.trailer.set("Root", roots.catalog);
        if let Some(info) = &first.info {
            self.document.trailer.set("Info", info.clone());
        }
        Ok(())
    }

    /// A file within the file (ISO 32000-1, 7.11.4); the number keeps files of one name apart.
    fn attach(&mut self, number: usize, file: &Attachment<'_>) -> (Vec<u8>, Object) {
        let name = format!("{}-{}", number + 1, file.name);
        let size = file.pdf.len() as i64;
        let dict = dictionary! {
            "Type" => "EmbeddedFile", "Subtype" => "application/pdf", "Params" => dictionary! { "Size" => size },
        };
        let stream = self.document.add_object(Stream::new(dict, file.pdf.to_vec()).with_compression(false));
        let specification = self.document.add_object(dictionary! {
            "Type" => "Filespec",
            "F" => text_string(&name),
            "UF" => text_string(&name),
            "Desc" => text_string(file.description),
            "EF" => dictionary! { "F" => stream, "UF" => stream },
        });
        (format!("{:04}", number + 1).into_bytes(), specification.into())
    }

    /// The metadata are those of the first part, but for the number of pages.
    fn count_pages_in_metadata(&mut self, first: &Imported, count: i64) {
        const FIELD: (&str, &str) = ("<xmpTPg:NPages>", "</xmpTPg:NPages>");
        let id = first.catalog.get(b"Metadata").and_then(Object::as_reference);
        let Ok(stream) = id.and_then(|id| self.document.get_object_mut(id)).and_then(Object::as_stream_mut) else {
            return;
        };
        let Ok(text) = String::from_utf8(stream.content.clone()) else { return };
        if let Some((before, (_, after))) =
            text.split_once(FIELD.0).and_then(|(before, rest)| Some((before, rest.split_once(FIELD.1)?)))
        {
            stream.set_content(format!("{before}{}{count}{}{after}", FIELD.0, FIELD.1).into_bytes());
        }
    }

    /// The file, with an identifier that follows from its content.
    fn save(mut self) -> Result<Vec<u8>, MergeError> {
        tree::share_equal_streams(&mut self.document);
        number::prune(&mut self.document);
        number::renumber(&mut self.document, 1);
        let id = tree::digest(&self.document);
        let id = Object::String(id.to_vec(), StringFormat::Hexadecimal);
        self.document.trailer.set("ID", vec![id.clone(), id]);
        let mut out = Vec::new();
        self.document.save_modern(&mut out).map_err(|e| MergeError::new(e.to_string()))?;
        Ok(out)
    }
}
