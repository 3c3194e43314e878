//! What is wrong with a page: text beyond its edges, over other text, too small, or too pale to read.

use super::ink::{Run, Sheet, Tint};

/// A fault of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// Text stands outside the page, its column or the part that is shown.
    Outside,
    /// Text is drawn over other text, or something is painted over it.
    Covered,
    /// Type is smaller than the profile allows: its size in points.
    Small(f64),
    /// Text differs too little from what lies under it: their contrast, when it is known.
    Pale(Option<f64>),
}

/// What rounding may add, and what a line's last sign may hang out.
const PAGE_SLACK: f64 = 0.5;
const COLUMN_SLACK: f64 = 4.0;
/// The least contrast of text (WCAG 2.1, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;
/// Marks of notes are small by nature, and have no more letters than this; numbers of notes no more figures.
const MARK: usize = 3;
const NOTE_NUMBER: usize = 5;

/// Everything wrong with a page, with the text it is wrong with.
pub(super) fn faults<'a>(sheet: &Sheet<'a>, smallest: f64) -> Vec<(Fault, &'a str)> {
    let mut out = Vec::new();
    let words: Vec<&Run<'a>> = sheet.runs.iter().filter(|run| run.is_words()).collect();
    for run in &words {
        let text = run.item.text.as_str();
        if outside(sheet, run) {
            out.push((Fault::Outside, text));
        }
        if run.size < smallest - 0.01 && !is_mark(text) {
            out.push((Fault::Small(run.size), text));
        }
        let contrast = least_contrast(sheet, run);
        if contrast.is_none_or(|c| c < LEAST_CONTRAST) {
            out.push((Fault::Pale(contrast), text));
        }
        if painted_over(sheet, run) {
            out.push((Fault::Covered, text));
        }
    }
    out.extend(over_each_other(words).into_iter().map(|text| (Fault::Covered, text)));
    let beyond = |picture: &&super::ink::Area| !picture.within(&sheet.area, PAGE_SLACK);
    out.extend(sheet.pictures.iter().filter(beyond).map(|_| (Fault::Outside, "")));
    out
}

/// Whether a text may be the mark of a note.
fn is_mark(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters <= MARK || (letters <= NOTE_NUMBER && text.bytes().all(|b| b.is_ascii_digit()))
}

fn outside(sheet: &Sheet<'_>, run: &Run<'_>) -> bool {
    if !run.core.within(&sheet.area, PAGE_SLACK) || run.clip.is_some_and(|clip| !run.core.within(&clip, COLUMN_SLACK)) {
        return true;
    }
    // Above the column stand letterheads; below it and beside it, nothing of the text.
    run.in_column
        && sheet.column.is_some_and(|column| {
            run.core.left < column.left - COLUMN_SLACK
                || run.core.right > column.right + COLUMN_SLACK
                || run.core.bottom > column.bottom + COLUMN_SLACK
        })
}

/// Whether something was painted over a run afterwards.
fn painted_over(sheet: &Sheet<'_>, run: &Run<'_>) -> bool {
    let hides = |tints: &Option<Vec<Tint>>| tints.as_ref().is_none_or(|t| t.iter().any(|tint| tint.alpha > 0.1));
    sheet.covers.iter().filter(|c| c.order > run.order && hides(&c.tints)).any(|cover| overlaps(run, &cover.area))
}

/// Whether an area takes more of a run than neighbours do that touch.
fn overlaps(run: &Run<'_>, area: &super::ink::Area) -> bool {
    let (width, height) = run.core.shared(area);
    width > (0.12 * run.size).max(0.8) && height > 0.2 * run.size
}

/// Texts drawn over others: of each pair the latter.
fn over_each_other<'a>(mut runs: Vec<&Run<'a>>) -> Vec<&'a str> {
    runs.sort_by(|a, b| a.core.top.total_cmp(&b.core.top));
    let mut out = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        for below in runs[i + 1..].iter().take_while(|below| below.core.top < run.core.bottom) {
            let smaller = if run.size < below.size { run } else { below };
            let (width, height) = run.core.shared(&below.core);
            if width > (0.12 * smaller.size).max(0.8) && height > 0.2 * smaller.size {
                out.push(if run.order > below.order { run.item.text.as_str() } else { below.item.text.as_str() });
            }
        }
    }
    out
}

/// The least contrast of a run against what lies under it; none when a colour is not known.
fn least_contrast(sheet: &Sheet<'_>, run: &Run<'_>) -> Option<f64> {
    let tint = run.tint?;
    let under = sheet.under(run)?;
    under.iter().map(|below| contrast(tint, *below)).min_by(f64::total_cmp)
}

/// Contrast of a colour over another (WCAG 2.1, contrast ratio).
fn contrast(over: Tint, under: Tint) -> f64 {
    let under = mixed(under, Tint::WHITE);
    let over = mixed(over, under);
    let (a, b) = (luminance(over) + 0.05, luminance(under) + 0.05);
    if a > b { a / b } else { b / a }
}

/// A colour as it looks over an opaque one.
fn mixed(over: Tint, under: Tint) -> Tint {
    let mix = |o: f64, u: f64| o * over.alpha + u * (1.0 - over.alpha);
    let [r, g, b] = [0, 1, 2].map(|i| mix(over.rgb[i], under.rgb[i]));
    Tint { rgb: [r, g, b], alpha: 1.0 }
}

fn luminance(tint: Tint) -> f64 {
    let [r, g, b] = tint.rgb.map(|v| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let black = Tint { rgb: [0.0; 3], alpha: 1.0 };
        let grey = Tint { rgb: [f64::from(0x77u8) / 255.0; 3], alpha: 1.0 };
        assert!((contrast(black, Tint::WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(grey, Tint::WHITE) - 4.478).abs() < 1e-3);
        assert!((contrast(Tint { alpha: 0.0, ..black }, Tint::WHITE) - 1.0).abs() < 1e-9);
    }
}
