//! How a page looks: where its margins are free for stamps, and whether its text can be seen.

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{InterpreterSettings, StrokeProps};
use kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use super::fonts::{Fonts, UNITS_PER_EM};
use super::pictures::{InkMap, Picture};
use super::raster::drawn;
use super::record::{DrawnGlyph, Op, Recorded};
use super::slot::Slot;

/// Most pages of one file that are drawn to see whether a picture leaves its margins white.
pub(super) const MAX_DRAWN: usize = 60;
/// Dots per point when they are.
const SCALE: f32 = 0.5;
/// A dot at least this light is paper.
const PAPER: u8 = 240;
/// Contrast below which text is hard to see (WCAG 2.1, 1.4.3).
const CONTRAST: f64 = 4.5;
/// The same for large text: from 18 points.
const LARGE: (f64, f64) = (18.0, 3.0);
/// Surfaces smaller than this, in square points, are not what text stands on.
const SURFACE: f64 = 60.0;

/// The places on a page that nothing is drawn on. `draw` says whether pictures may be drawn to look at them.
pub(super) fn free(
    page: &Page<'_>,
    recorded: &Recorded,
    fonts: &Fonts,
    settings: &InterpreterSettings,
    draw: bool,
) -> Vec<Slot> {
    let (width, height) = page.render_dimensions();
    let size = (f64::from(width), f64::from(height));
    let mut free: Vec<_> = Slot::ALL.map(|slot| (slot, flipped(slot.frame(size), size.1), false)).to_vec();
    for op in &recorded.ops {
        if let Op::Picture { picture, transform } = op
            && let Some(ink) = &picture.ink
        {
            free.retain(|(_, frame, _)| !drawn_within(picture, ink, *transform, *frame));
            continue;
        }
        let (ink, picture) = match op {
            Op::Fill { path, transform, color, .. } if !is_paper(*color) => (bounds(path, *transform), false),
            Op::Stroke { path, transform, color, props } if !is_paper(*color) => {
                (stroke_bounds(path, *transform, props), false)
            }
            Op::Glyph(glyph) if !glyph.invisible => (glyph_bounds(glyph, fonts), false),
            Op::Picture { picture, transform } => {
                (transform.transform_rect_bbox(Rect::new(0.0, 0.0, picture.width, picture.height)), true)
            }
            _ => continue,
        };
        free.retain_mut(|(_, frame, under_picture)| {
            let meets = ink.overlaps(*frame);
            *under_picture |= meets && picture;
            !meets || picture
        });
    }
    let doubtful = recorded.beyond || free.iter().any(|(_, _, under_picture)| *under_picture);
    if doubtful && draw {
        let drawn = Drawn::of(page, settings);
        free.retain(|(_, frame, _)| drawn.is_white(*frame));
    } else {
        free.retain(|(_, _, under_picture)| !under_picture && !recorded.beyond);
    }
    free.into_iter().map(|(slot, ..)| slot).collect()
}

/// Whether a picture whose pixels are known draws anything in a frame of the page.
fn drawn_within(picture: &Picture, ink: &InkMap, transform: Affine, frame: Rect) -> bool {
    if transform.determinant().abs() < 1e-9 {
        return false;
    }
    let whole = Rect::new(0.0, 0.0, picture.width, picture.height);
    let part = transform.inverse().transform_rect_bbox(frame).intersect(whole);
    let (width, height) = (picture.width.max(1.0), picture.height.max(1.0));
    part.area() > 0.0 && ink.within([part.x0 / width, part.y0 / height, part.x1 / width, part.y1 / height])
}

fn flipped([left, bottom, right, top]: [f64; 4], height: f64) -> Rect {
    Rect::new(left, height - top, right, height - bottom)
}

fn is_paper(color: [u8; 4]) -> bool {
    color[3] == 0 || color[..3].iter().all(|&c| c >= PAPER)
}

fn bounds(path: &BezPath, transform: Affine) -> Rect {
    transform.transform_rect_bbox(path.control_box())
}

fn stroke_bounds(path: &BezPath, transform: Affine, props: &StrokeProps) -> Rect {
    let half = f64::from(props.line_width) / 2.0;
    transform.transform_rect_bbox(path.control_box().inflate(half, half))
}

fn glyph_bounds(glyph: &DrawnGlyph, fonts: &Fonts) -> Rect {
    let em = f64::from(UNITS_PER_EM);
    let outline = fonts.outline(glyph.glyph);
    let own = if outline.elements().is_empty() { Rect::new(0.0, 0.0, 0.0, 0.0) } else { outline.control_box() };
    // A glyph without an outline, a space, takes no room.
    if own.area() == 0.0 { Rect::new(-em * 1e6, 0.0, -em * 1e6, 0.0) } else { glyph.transform.transform_rect_bbox(own) }
}

struct Drawn {
    dots: Vec<[u8; 3]>,
    /// Dots to the point.
    scale: f32,
    width: usize,
    height: usize,
}

impl Drawn {
    fn of(page: &Page<'_>, settings: &InterpreterSettings) -> Self {
        let longest = page.render_dimensions().0.max(page.render_dimensions().1);
        let scale = SCALE.min(1_200.0 / longest);
        let pixmap = drawn(page, settings, scale);
        let dots = pixmap.data().iter().map(|p| [p.r, p.g, p.b]).collect();
        Self { dots, scale, width: usize::from(pixmap.width()), height: usize::from(pixmap.height()) }
    }

    fn is_white(&self, frame: Rect) -> bool {
        let scale = f64::from(self.scale);
        let (x0, x1) = ((frame.x0 * scale) as usize, ((frame.x1 * scale) as usize).min(self.width));
        let (y0, y1) = ((frame.y0 * scale) as usize, ((frame.y1 * scale) as usize).min(self.height));
        (y0..y1).all(|y| {
            let row = self.dots.get(y * self.width + x0..y * self.width + x1.max(x0));
            row.is_some_and(|row| row.iter().flatten().all(|&c| c >= PAPER))
        })
    }
}

/// Whether the page has text that stands out too little from what is behind it.
pub(super) fn low_contrast(recorded: &Recorded) -> bool {
    let mut surfaces: Vec<(Rect, Option<[u8; 4]>)> = Vec::new();
    for op in &recorded.ops {
        match op {
            Op::Fill { path, transform, color, .. } if color[3] == 255 => {
                let frame = bounds(path, *transform);
                // Only what fills its frame is ground for all that stands within.
                let filled = (path.area() * transform.determinant()).abs();
                if frame.area() > SURFACE && filled > 0.9 * frame.area() {
                    surfaces.push((frame, Some(*color)));
                }
            }
            Op::Picture { picture, transform } => {
                let frame = transform.transform_rect_bbox(Rect::new(0.0, 0.0, picture.width, picture.height));
                surfaces.push((frame, None));
            }
            Op::Glyph(glyph) if hard_to_see(glyph, &surfaces) => return true,
            _ => {}
        }
        // What lies far below does not show; a drawing of thousands of surfaces is no ground for text.
        if surfaces.len() > 400 {
            surfaces.drain(..200);
        }
    }
    false
}

fn hard_to_see(glyph: &DrawnGlyph, surfaces: &[(Rect, Option<[u8; 4]>)]) -> bool {
    if glyph.invisible || glyph.text.trim().is_empty() {
        return false;
    }
    let at = glyph.transform * Point::new(200.0, 200.0);
    let ground = match surfaces.iter().rev().find(|(frame, _)| frame.contains(at)) {
        Some((_, Some(color))) => *color,
        // On a picture nobody can say.
        Some((_, None)) => return false,
        None => [255; 4],
    };
    let [_, _, c, d, ..] = glyph.transform.as_coeffs();
    let size = c.hypot(d) * f64::from(UNITS_PER_EM);
    let wanted = if size >= LARGE.0 { LARGE.1 } else { CONTRAST };
    contrast(glyph.color, ground) < wanted
}

/// Contrast of two colours, 1 to 21 (WCAG 2.1, definition of contrast ratio).
fn contrast(a: [u8; 4], b: [u8; 4]) -> f64 {
    let luminance = |c: [u8; 4]| {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2])
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let (black, white, grey) = ([0, 0, 0, 255], [255; 4], [118, 118, 118, 255]);
        assert!((contrast(black, white) - 21.0).abs() < 0.01);
        assert!((contrast(grey, white) - 4.54).abs() < 0.01);
    }
}
