//! What a pack is made of: its parts in groups, what lies over its pages, and the files that lie in it.

use std::collections::BTreeMap;

/// The origin of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Made by this program: tagged, and true to its standard.
    Own,
    /// Made by others, its pages as they were and without tags: as [`crate::reader::ReadOrder::Copy`] gives it.
    Foreign,
}

/// A PDF that becomes a part of the pack.
pub struct MergePart<'a> {
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
pub struct MergeGroup<'a> {
    /// Its bookmark.
    pub title: Option<String>,
    /// The name that links lead to it by.
    pub anchor: String,
    /// Its parts, in order.
    pub parts: Vec<MergePart<'a>>,
}

/// The overlay: what is drawn over the pages.
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

/// An attachment: a file that lies in the pack untouched.
pub struct Attachment<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub description: &'a str,
    /// The file.
    pub pdf: &'a [u8],
}

/// The plan of a merge: everything the pack is made of.
pub struct Plan<'a> {
    /// Its groups, in order; the first part of the first gives the metadata.
    pub groups: Vec<MergeGroup<'a>>,
    /// Numbers and stamps.
    pub overlay: Option<Overlay<'a>>,
    /// Number of the first page.
    pub first_page: u32,
    /// Files that lie in it untouched.
    pub attachments: Vec<Attachment<'a>>,
}
