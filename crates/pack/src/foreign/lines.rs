//! Lines of text out of glyphs: where words end and where a paragraph does.

use kurbo::{Affine, Point};

use super::fonts::{Fonts, UNITS_PER_EM};
use super::record::{DrawnGlyph, Op};

/// A line of text and where it stands.
pub(super) struct TextLine {
    pub(super) text: String,
    /// Left, top, right, bottom.
    pub(super) frame: [f64; 4],
    /// The same, seen so that the text runs from left to right: text may stand sideways.
    pub(super) upright: [f64; 4],
    /// Size of the letters.
    pub(super) size: f64,
}

fn size_of(glyph: &DrawnGlyph) -> f64 {
    let [_, _, c, d, _, _] = glyph.transform.as_coeffs();
    c.hypot(d) * f64::from(UNITS_PER_EM)
}

/// Whether two glyphs are set alike: same size and slant, on one baseline.
pub(super) fn same_shape(first: &DrawnGlyph, other: &DrawnGlyph) -> bool {
    let ([a, b, c, d, ..], [e, f, g, h, ..]) = (first.transform.as_coeffs(), other.transform.as_coeffs());
    let scale = a.hypot(b).max(1e-9);
    let alike = [(a, e), (b, f), (c, g), (d, h)].iter().all(|(x, y)| (x - y).abs() < scale * 1e-3);
    alike && (place(first.transform, other).y).abs() < 5.0
}

/// Where a glyph stands as seen from another, in its units.
fn place(from: Affine, glyph: &DrawnGlyph) -> Point {
    from.inverse() * (glyph.transform * Point::ZERO)
}

/// Whether a glyph goes on with the line of the last one.
pub(super) fn same_line(last: &DrawnGlyph, next: &DrawnGlyph, fonts: &Fonts) -> bool {
    let at = place(last.transform, next);
    let ahead = at.x - fonts.advance(last.glyph);
    let em = f64::from(UNITS_PER_EM);
    // A raised figure still belongs to its line; a wider gap than between words leads to another cell or column.
    at.y.abs() < 0.6 * em && ahead > -0.6 * em && ahead < 0.9 * em
}

impl TextLine {
    /// The line that glyphs make.
    pub(super) fn of(glyphs: &[DrawnGlyph], fonts: &Fonts) -> Self {
        let mut text = String::new();
        let nowhere = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let (mut frame, mut upright) = (nowhere, nowhere);
        let grow = |f: [f64; 4], at: Point| [f[0].min(at.x), f[1].min(at.y), f[2].max(at.x), f[3].max(at.y)];
        let turned = glyphs.first().map_or(Affine::IDENTITY, |first| {
            let [a, b, ..] = first.transform.as_coeffs();
            Affine::rotate(-b.atan2(a))
        });
        let em = f64::from(UNITS_PER_EM);
        for (i, glyph) in glyphs.iter().enumerate() {
            if let Some(last) = i.checked_sub(1).map(|l| &glyphs[l]) {
                let gap = place(last.transform, glyph).x - fonts.advance(last.glyph);
                let spaced = text.ends_with(char::is_whitespace) || glyph.text.starts_with(char::is_whitespace);
                if gap > 0.18 * em && !spaced {
                    text.push(' ');
                }
            }
            text.push_str(&glyph.text);
            for corner in [(0.0, -200.0), (fonts.advance(glyph.glyph), 800.0)] {
                let at = glyph.transform * Point::from(corner);
                frame = grow(frame, at);
                upright = grow(upright, turned * at);
            }
        }
        Self { text, frame, upright, size: glyphs.iter().map(size_of).fold(0.0, f64::max) }
    }
}

/// Whether a line begins a new paragraph after another.
pub(super) fn new_paragraph(last: ([f64; 4], f64), next: ([f64; 4], f64)) -> bool {
    let ([_, top, _, bottom], size) = last;
    let ([_, next_top, _, next_bottom], next_size) = next;
    let height = size.max(next_size).max(1.0);
    let step = next_top - top;
    let same_row = step.abs() < 0.5 * height && (next_bottom - bottom).abs() < height;
    let follows = step > 0.0 && step < 1.9 * height;
    !(same_row || follows) || (size - next_size).abs() > 0.2 * height
}

/// All text of a page, a line each.
pub(super) fn text(ops: &[Op], fonts: &Fonts) -> String {
    let mut out = String::new();
    let mut pending: Vec<DrawnGlyph> = Vec::new();
    let mut end = |glyphs: &mut Vec<DrawnGlyph>| {
        if !glyphs.is_empty() {
            out.push_str(&TextLine::of(glyphs, fonts).text);
            out.push('\n');
            glyphs.clear();
        }
    };
    for op in ops {
        let Op::Glyph(glyph) = op else { continue };
        if glyph.text.is_empty() {
            continue;
        }
        if pending.last().is_some_and(|last| !same_line(last, glyph, fonts)) {
            end(&mut pending);
        }
        pending.push(glyph.clone());
    }
    end(&mut pending);
    out
}
