//! Links of foreign pages: those to the web, to mail and within the file go on working.

use hayro_interpret::TransformExt as _;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, String as Text};
use hayro_interpret::hayro_syntax::page::Page;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::Rect;
use krilla::tagging::Identifier;
use kurbo::Point;

use super::survey::Jump;
use super::write::MarkedContent;

/// Most links of one page.
const MAX_LINKS: usize = 500;

/// A link: where it stands (left, top, right, bottom) and where it leads.
pub(super) struct Link {
    frame: [f64; 4],
    to: To,
}

enum To {
    Web(String),
    /// A page of the same file, from 0.
    Page(usize),
}

fn frame_of(page: &Page<'_>, [x0, y0, x1, y1]: [f64; 4]) -> [f64; 4] {
    let to_page = page.initial_transform(true).to_kurbo();
    let (a, b) = (to_page * Point::new(x0, y0), to_page * Point::new(x1, y1));
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]
}

/// The links of a page that lead to pages of the same file.
pub(super) fn within(page: &Page<'_>, jumps: &[Jump]) -> Vec<Link> {
    let links = jumps.iter().map(|jump| Link { frame: frame_of(page, jump.frame), to: To::Page(jump.page) });
    links.take(MAX_LINKS).collect()
}

/// The links of a page. Other actions (scripts, programs, files) are left behind.
pub(super) fn of(page: &Page<'_>) -> Vec<Link> {
    let annotations = page.raw().get::<Array<'_>>(b"Annots");
    let found = annotations.iter().flat_map(|a| a.iter::<Dict<'_>>()).filter_map(|annotation| {
        let action = annotation.get::<Dict<'_>>(b"A")?;
        let is = |dict: &Dict<'_>, key: &[u8], value: &[u8]| dict.get::<Name<'_>>(key).is_some_and(|n| *n == *value);
        if !is(&annotation, b"Subtype", b"Link") || !is(&action, b"S", b"URI") {
            return None;
        }
        let uri = String::from_utf8(action.get::<Text<'_>>(b"URI")?.as_bytes().to_vec()).ok()?;
        let scheme = uri.split(':').next()?.to_ascii_lowercase();
        let sides: Vec<f64> = annotation.get::<Array<'_>>(b"Rect")?.iter::<f32>().map(f64::from).collect();
        let frame = frame_of(page, sides.try_into().ok()?);
        matches!(scheme.as_str(), "http" | "https" | "mailto").then_some(Link { frame, to: To::Web(uri) })
    });
    found.take(MAX_LINKS).collect()
}

/// Which of the page's readings stands in the middle of the link: a link without words cannot be read out.
pub(super) fn words(link: &Link, read: &[MarkedContent]) -> Option<usize> {
    let [left, top, right, bottom] = link.frame;
    read.iter().position(|part| match part {
        MarkedContent::TextLine { frame: [l, t, r, b], .. } => {
            let middle = (t + b) / 2.0;
            (top..=bottom).contains(&middle) && *l < right && *r > left
        }
        MarkedContent::Figure(_) => false,
    })
}

/// Puts the link on the new page.
pub(super) fn add(link: Link, page: &mut krilla::page::Page<'_>) -> Option<Identifier> {
    let [left, top, right, bottom] = link.frame.map(|v| v as f32);
    let rectangle = Rect::from_ltrb(left, top, right, bottom)?;
    let (target, said) = match link.to {
        To::Web(uri) => (Target::Action(Action::Link(LinkAction::new(uri.clone()))), uri),
        To::Page(number) => {
            let place = XyzDestination::new(number, krilla::geom::Point::from_xy(0.0, 0.0));
            (Target::Destination(place.into()), format!("Till sidan {} i bilagan", number + 1))
        }
    };
    let annotation = Annotation::new_link(LinkAnnotation::new(rectangle, target), Some(said));
    Some(page.add_tagged_annotation(annotation))
}
