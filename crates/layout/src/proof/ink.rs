//! What lies on a page: runs of text with their boxes, and what is painted under and over them.

use std::ops::Range;

use typst::foundations::StyleChain;
use typst::introspection::{Location, Tag};
use typst::layout::{Frame, FrameItem, Point, Size, Transform};
use typst::model::TableCell;
use typst::text::TextItem;
use typst::visualize::{Color, Paint};
use typst_layout::Page;
use typst_library::pdf::ArtifactElem;

/// A rectangle in points from the page's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    const NOWHERE: Self =
        Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };

    fn around(corners: [Point; 4], transform: Transform) -> Self {
        corners.into_iter().fold(Self::NOWHERE, |area, corner| {
            let (x, y) = placed(corner, transform);
            Self { left: area.left.min(x), top: area.top.min(y), right: area.right.max(x), bottom: area.bottom.max(y) }
        })
    }

    fn of(at: Point, size: Size, transform: Transform) -> Self {
        let (right, bottom) = (at.x + size.x, at.y + size.y);
        Self::around([at, Point::new(right, at.y), Point::new(at.x, bottom), Point::new(right, bottom)], transform)
    }

    /// What two rectangles share: width and height, neither positive when they lie apart.
    pub(super) fn shared(&self, other: &Self) -> (f64, f64) {
        let width = self.right.min(other.right) - self.left.max(other.left);
        (width, self.bottom.min(other.bottom) - self.top.max(other.top))
    }

    /// Whether all of it lies in another, but for so much.
    pub(super) fn within(&self, other: &Self, but: f64) -> bool {
        self.left >= other.left - but
            && self.right <= other.right + but
            && self.top >= other.top - but
            && self.bottom <= other.bottom + but
    }

    fn contains(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

fn placed(point: Point, t: Transform) -> (f64, f64) {
    let (x, y) = (point.x.to_pt(), point.y.to_pt());
    (t.sx.get() * x + t.kx.get() * y + t.tx.to_pt(), t.ky.get() * x + t.sy.get() * y + t.ty.to_pt())
}

/// What a colour is: opaque red, green and blue from 0 to 1, and how much of it covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tint {
    pub(super) rgb: [f64; 3],
    pub(super) alpha: f64,
}

impl Tint {
    pub(super) const WHITE: Self = Self { rgb: [1.0; 3], alpha: 1.0 };

    fn of(color: &Color) -> Self {
        let rgb = color.to_rgb();
        let [r, g, b, alpha] = [rgb.red, rgb.green, rgb.blue, rgb.alpha].map(f64::from);
        Self { rgb: [r, g, b], alpha }
    }
}

/// A run of text on a page.
pub(super) struct Run<'a> {
    pub(super) item: &'a TextItem,
    /// From the tops of capitals to the baseline.
    pub(super) core: Area,
    /// Size of type in points, as it stands on the page.
    pub(super) size: f64,
    /// How many things were painted before.
    pub(super) order: usize,
    /// Its colour; none when it is no single one.
    pub(super) tint: Option<Tint>,
    /// Whether it stands in the page's column of text.
    pub(super) in_column: bool,
    /// The part of the page that is shown where it stands, when it is not all.
    pub(super) clip: Option<Area>,
}

impl Run<'_> {
    /// Whether it has a letter or a digit: dots that lead to a page number are none.
    pub(super) fn is_words(&self) -> bool {
        self.item.text.chars().any(char::is_alphanumeric)
    }
}

/// What is painted over a part of a page.
pub(super) struct Cover {
    pub(super) area: Area,
    pub(super) order: usize,
    /// Its colours; none for pictures, of which it is not known.
    pub(super) tints: Option<Vec<Tint>>,
}

/// A page taken apart.
pub(super) struct Sheet<'a> {
    pub(super) area: Area,
    pub(super) column: Option<Area>,
    pub(super) paper: Option<Vec<Tint>>,
    pub(super) runs: Vec<Run<'a>>,
    pub(super) covers: Vec<Cover>,
    pub(super) pictures: Vec<Area>,
}

impl Sheet<'_> {
    /// What lies under a run: the colours of the last thing painted there before it; none when they are not known.
    pub(super) fn under(&self, run: &Run<'_>) -> Option<&[Tint]> {
        let middle = ((run.core.left + run.core.right) / 2.0, (run.core.top + run.core.bottom) / 2.0);
        let below = self.covers.iter().rev().find(|c| c.order < run.order && c.area.contains(middle));
        below.map_or(self.paper.as_deref(), |cover| cover.tints.as_deref())
    }
}

/// Takes pages apart in order, and collects their words.
#[derive(Default)]
pub(super) struct Reader {
    /// Letters of what is no artifact, in the order they were set, without white space and in lower case.
    pub(super) words: String,
    /// The stretches of it that were set as one run.
    pub(super) stretches: Vec<Range<usize>>,
    /// Artifacts that have begun and not ended.
    artifacts: Vec<Location>,
}

/// Where on a page a frame lies.
#[derive(Clone, Copy)]
struct Place {
    transform: Transform,
    clip: Option<Area>,
    in_column: bool,
}

fn tints(paint: &Paint) -> Option<Vec<Tint>> {
    match paint {
        Paint::Solid(color) => Some(vec![Tint::of(color)]),
        Paint::Gradient(gradient) => Some(gradient.stops_ref().iter().map(|(color, _)| Tint::of(color)).collect()),
        Paint::Tiling(_) => None,
    }
}

/// The frame with the page's text is the largest that is no wider than a page with margins.
fn column_of(frame: &Frame) -> Option<(usize, Area)> {
    let groups = frame.items().enumerate().filter_map(|(i, (at, item))| match item {
        FrameItem::Group(group) if group.transform == Transform::identity() => Some((i, *at, group.frame.size())),
        _ => None,
    });
    let narrower = groups.filter(|(_, _, size)| size.x < frame.width() && size.x > frame.width() * 0.4);
    let largest =
        narrower.max_by(|(_, _, a), (_, _, b)| (a.x.to_pt() * a.y.to_pt()).total_cmp(&(b.x.to_pt() * b.y.to_pt())));
    largest.map(|(i, at, size)| (i, Area::of(at, size, Transform::identity())))
}

impl Reader {
    /// Takes a page apart.
    pub(super) fn read<'a>(&mut self, page: &'a Page) -> Sheet<'a> {
        let frame = &page.frame;
        let column = column_of(frame);
        let mut sheet = Sheet {
            area: Area::of(Point::zero(), frame.size(), Transform::identity()),
            column: column.map(|(_, area)| area),
            paper: match page.fill_or_white() {
                Some(paint) => tints(&paint),
                None => Some(vec![Tint::WHITE]),
            },
            runs: Vec::new(),
            covers: Vec::new(),
            pictures: Vec::new(),
        };
        let place = Place { transform: Transform::identity(), clip: None, in_column: false };
        for (i, (at, item)) in frame.items().enumerate() {
            let in_column = column.is_some_and(|(column, _)| column == i);
            self.item(&mut sheet, *at, item, Place { in_column, ..place });
        }
        sheet
    }

    fn item<'a>(&mut self, sheet: &mut Sheet<'a>, at: Point, item: &'a FrameItem, place: Place) {
        let order = sheet.runs.len() + sheet.covers.len();
        match item {
            FrameItem::Group(group) => {
                let moved = Transform::translate(at.x, at.y);
                let transform = place.transform.pre_concat(moved).pre_concat(group.transform);
                let mut inner = Place { transform, ..place };
                if let Some(clip) = &group.clip {
                    let shown = clip.bbox(None);
                    let area = Area::of(shown.min, shown.size(), transform);
                    inner.clip = Some(area);
                }
                for (at, item) in group.frame.items() {
                    self.item(sheet, *at, item, inner);
                }
            }
            FrameItem::Text(text) => {
                if self.artifacts.is_empty() {
                    let start = self.words.len();
                    squeeze_into(&text.text, &mut self.words);
                    self.stretches.push(start..self.words.len());
                }
                let size = text.size;
                let (width, height) = (text.width(), text.font.metrics().cap_height.at(size));
                let core = Area::of(Point::new(at.x, at.y - height), Size::new(width, height), place.transform);
                let scale = place.transform.sy.get().hypot(place.transform.kx.get());
                let tint = match &text.fill {
                    Paint::Solid(color) => Some(Tint::of(color)),
                    Paint::Gradient(_) | Paint::Tiling(_) => None,
                };
                let (clip, in_column) = (place.clip, place.in_column);
                sheet.runs.push(Run { item: text, core, size: size.to_pt() * scale, order, tint, in_column, clip });
            }
            FrameItem::Shape(shape, _) => {
                let Some(fill) = &shape.fill else { return };
                let shown = shape.geometry.bbox(None);
                let area = Area::of(at + shown.min, shown.size(), place.transform);
                sheet.covers.push(Cover { area, order, tints: tints(fill) });
            }
            FrameItem::Image(_, size, _) => {
                let area = Area::of(at, *size, place.transform);
                sheet.pictures.push(area);
                sheet.covers.push(Cover { area, order, tints: None });
            }
            FrameItem::Link(..) => {}
            FrameItem::Tag(tag) => self.tag(tag),
        }
    }

    fn tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                let repeated =
                    element.to_packed::<TableCell>().is_some_and(|cell| cell.is_repeated.get(StyleChain::default()));
                if repeated || element.is::<ArtifactElem>() {
                    self.artifacts.extend(element.location());
                }
            }
            Tag::End(location, ..) => {
                if let Some(at) = self.artifacts.iter().rposition(|begun| begun == location) {
                    self.artifacts.truncate(at);
                }
            }
        }
    }
}

/// Adds a text without what setting may add or take away: white space, soft hyphens and joiners, capitals.
pub(super) fn squeeze_into(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii() {
            if c.is_ascii_graphic() {
                out.push(c.to_ascii_lowercase());
            }
        } else if !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
        {
            out.extend(c.to_lowercase());
        }
    }
}
