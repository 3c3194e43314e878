//! Bookmarks: item, document, heading.

use lopdf::{Object, ObjectId, dictionary, text_string};

use super::builder::Builder;

/// A bookmark taken over from a part.
#[derive(Clone)]
pub(super) struct Bookmark {
    pub(super) title: Object,
    /// Page in the pack, from 0.
    pub(super) page: usize,
    /// The rest of its destination: `/XYZ x y z`.
    pub(super) place: Vec<Object>,
    pub(super) below: Vec<Bookmark>,
}

/// The bookmarks below one of the pack's own.
#[derive(Clone)]
pub(super) enum Bookmarks {
    OfPack(Vec<PackBookmark>),
    OfPart(Vec<Bookmark>),
}

/// A bookmark of the pack's own: an item or a document.
#[derive(Clone)]
pub(super) struct PackBookmark {
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) below: Bookmarks,
}

/// Writes all bookmarks; gives their root.
pub(super) fn write(builder: &mut Builder, marks: &[PackBookmark]) -> ObjectId {
    let root = builder.document.new_object_id();
    let entries: Vec<_> = marks.iter().map(entry).collect();
    let mut tree = dictionary! { "Type" => "Outlines", "Count" => entries.len() as i64 };
    if let Some((first, last)) = siblings(builder, &entries, root) {
        tree.set("First", first);
        tree.set("Last", last);
    }
    builder.document.objects.insert(root, tree.into());
    root
}

fn entry(mark: &PackBookmark) -> Bookmark {
    let below = match &mark.below {
        Bookmarks::OfPack(marks) => marks.iter().map(entry).collect(),
        Bookmarks::OfPart(entries) => match &entries[..] {
            // A document whose one top heading is its title needs no second bookmark of the same place.
            [only] if only.page == mark.page => only.below.clone(),
            _ => entries.clone(),
        },
    };
    Bookmark {
        title: text_string(&mark.title),
        page: mark.page,
        place: vec!["XYZ".into(), Object::Null, Object::Null, Object::Null],
        below,
    }
}

fn siblings(builder: &mut Builder, entries: &[Bookmark], above: ObjectId) -> Option<(ObjectId, ObjectId)> {
    let ids: Vec<_> = entries.iter().map(|_| builder.document.new_object_id()).collect();
    for (i, entry) in entries.iter().enumerate() {
        let mut destination = vec![Object::Reference(builder.pages[entry.page])];
        destination.extend(entry.place.iter().cloned());
        let mut node = dictionary! { "Title" => entry.title.clone(), "Parent" => above, "Dest" => destination };
        if i > 0 {
            node.set("Prev", ids[i - 1]);
        }
        if let Some(next) = ids.get(i + 1) {
            node.set("Next", *next);
        }
        if let Some((first, last)) = siblings(builder, &entry.below, ids[i]) {
            node.set("First", first);
            node.set("Last", last);
            // Closed: a pack has hundreds.
            node.set("Count", -(entry.below.len() as i64));
        }
        builder.document.objects.insert(ids[i], node.into());
    }
    Some((*ids.first()?, *ids.last()?))
}
