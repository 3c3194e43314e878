//! Structure tags of a page: a paragraph for lines that belong together, a figure for a picture.

use krilla::tagging::{Identifier, Node, Tag, TagGroup, TagKind};

use super::lines;
use super::write::MarkedContent;

/// Paragraphs and figures of the page `number`, from 0, of the file `title`; `alt` says what figures show.
pub(super) fn of_page(
    read: Vec<MarkedContent>,
    links: Vec<Vec<Identifier>>,
    number: usize,
    title: &str,
    alt: Option<&str>,
) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    let mut paragraph: Option<(TagGroup, ([f64; 4], f64))> = None;
    for (part, links) in read.into_iter().zip(links) {
        match part {
            MarkedContent::TextLine { id, upright: frame, size, .. } => {
                let fresh = paragraph.as_ref().is_none_or(|(_, last)| lines::new_paragraph(*last, (frame, size)));
                if fresh && let Some((done, _)) = paragraph.take() {
                    out.push(done.into());
                }
                let (group, last) = paragraph.get_or_insert_with(|| (TagGroup::new(Tag::P), (frame, size)));
                if links.is_empty() {
                    group.push(id);
                } else {
                    let mut link = TagGroup::new(Tag::Link);
                    link.push(id);
                    links.into_iter().for_each(|annotation| link.push(annotation));
                    group.push(link);
                }
                *last = (frame, size);
            }
            MarkedContent::Figure(id) => {
                if let Some((done, _)) = paragraph.take() {
                    out.push(done.into());
                }
                let alt = match alt {
                    Some(alt) => format!("{alt} (sida {})", number + 1),
                    None => format!("Bild på sida {} i bilagan {}", number + 1, title),
                };
                let mut group = TagGroup::new(TagKind::from(Tag::Figure(Some(alt))));
                group.push(id);
                out.push(group.into());
            }
        }
    }
    out.extend(paragraph.map(|(done, _)| Node::from(done)));
    out
}
