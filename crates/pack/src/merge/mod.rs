//! One PDF of many, with every tag kept: the step where other tools lose the structure tree.
//!
//! Each part is a tagged PDF of its own that keeps to the standards. Its objects are renumbered and taken over as they
//! are; structure trees, parent trees, identifiers, destinations and bookmarks are joined into one of each
//! (ISO 32000-1, 14.7, 12.3). Numbers and stamps come from one more PDF, page by page, as artifacts.

mod builder;
mod error;
mod finish;
mod foreign;
mod import;
mod links;
mod number;
mod outline;
mod overlay;
mod plan;
mod tree;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use lopdf::{Document, Object, dictionary};

pub use error::MergeError;
pub use plan::{Attachment, MergeGroup, MergePart, Origin, Overlay, Plan};

use crate::objects::{array, dict};
use builder::Builder;
use finish::Roots;
use import::Imported;

/// The result of a merge.
#[derive(Debug)]
pub struct Merged {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Pages of each part, in the order of the plan.
    pub pages: Vec<usize>,
    /// Links to `sigill:` names that do not exist.
    pub dangling: Vec<String>,
}

/// Merges the parts of a plan into one PDF.
///
/// # Errors
/// When a part is no sound tagged PDF.
pub fn merge(plan: &Plan<'_>) -> Result<Merged, MergeError> {
    let mut opened = open_all(plan);
    let mut builder = Builder::new();
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
            let document = opened.remove(&number).unwrap_or_else(|| Document::load_mem(part.pdf));
            let imported = document.map_err(MergeError::from);
            let imported = imported.and_then(|document| builder.import(part, document, number, pages_root, section));
            let imported = imported.map_err(|e| MergeError { part: Some(number), ..e })?;
            counts.push(builder.pages.len() - at);
            if g > 0 {
                starts.push((at, section));
            }
            roots.extend(imported.structure.iter().map(|&id| Object::Reference(id)));
            let mark =
                outline::PackBookmark { title: part.title.to_owned(), page: at, below: imported.outline.clone() };
            below.extend(part.bookmarked.then_some(mark));
            first.get_or_insert(imported);
        }
        builder
            .document
            .objects
            .insert(section, dictionary! { "Type" => "StructElem", "S" => "Part", "P" => top, "K" => roots }.into());
        sections.push(Object::Reference(section));
        match &group.title {
            Some(title) => marks.push(outline::PackBookmark {
                title: title.clone(),
                page: start,
                below: outline::Bookmarks::OfPack(below),
            }),
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

/// Opens all parts, by their numbers, on as many cores as there are: half of the time of a merge is reading.
fn open_all(plan: &Plan<'_>) -> BTreeMap<usize, lopdf::Result<Document>> {
    let parts: Vec<&[u8]> = plan.groups.iter().flat_map(|g| &g.parts).map(|part| part.pdf).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(parts.len().max(1));
    let next = AtomicUsize::new(0);
    let open_some = || {
        let mut opened = Vec::new();
        while let Some((at, pdf)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, parts.get(at)?)))
        {
            opened.push((at, Document::load_mem(pdf)));
        }
        opened
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(open_some)).collect();
        let mut all: BTreeMap<_, _> = open_some().into_iter().collect();
        // Parts of a thread that came down are missing, and are opened where they are needed.
        all.extend(others.into_iter().filter_map(|thread| thread.join().ok()).flatten());
        all
    })
}

/// Number of the last page of a pack, by its page labels; `None` when the file cannot be read.
pub fn last_label(pdf: &[u8]) -> Option<usize> {
    let document = Document::load_mem(pdf).ok()?;
    let pages = document.page_iter().count();
    let labels = dict(&document, document.catalog().ok()?.get(b"PageLabels").ok());
    let first = labels.and_then(|l| {
        let numbers = array(&document, l.get(b"Nums").ok());
        dict(&document, numbers.get(1))?.get(b"St").and_then(Object::as_i64).ok()
    });
    let first = usize::try_from(first.unwrap_or(1)).ok().filter(|&n| n > 0)?;
    (pages > 0).then_some(first - 1 + pages)
}
