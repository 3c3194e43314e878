//! Overlays of the reading copy: numbers and stamps on pages that stay as their makers made them.

use printpdf::{
    Color, FontId, Line, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb, TextItem, WindingOrder,
};
use sigill_layout::{MarkStyle, OverlayMark, OverlayPage, Side};
use sigill_model::profile::Colors;

/// Size of the words, in points.
const SIZE: f64 = 8.0;
/// Height of the letters above and below the line they stand on, in parts of the size.
const RISE: f64 = 0.72;
/// Room round words on white.
const PADDING: f64 = 3.0;

/// Fonts, colours and the words of the link back.
pub(crate) struct Style<'a> {
    /// A TrueType or OpenType font.
    pub(crate) font: &'a [u8],
    /// Which one, when the file holds several.
    pub(crate) index: u32,
    pub(crate) colors: &'a Colors,
    /// Width and height of the link back, and what it says.
    pub(crate) back: (f64, f64, &'a str),
}

/// Draws the overlays of all pages, and last one with the words of the link back.
pub(crate) fn draw(pages: &[OverlayPage], style: &Style<'_>) -> Result<Vec<u8>, String> {
    let font = ParsedFont::from_bytes(style.font, style.index as usize, &mut Vec::new())
        .ok_or("typsnittet går inte att läsa")?;
    let mut document = PdfDocument::new("");
    // A name of our own: a random one would give other bytes each time.
    let name = FontId("SigillStamp".into());
    document.resources.fonts.map.insert(name.clone(), PdfFont::new(font.clone()));
    let pen = Pen { font: &font, name, colors: style.colors };
    let (width, height, title) = style.back;
    let mut drawn: Vec<PdfPage> = pages.iter().map(|page| pen.page(page)).collect();
    let frame = [0.0, 0.0, width, height];
    let back =
        OverlayMark { text: title.to_owned(), style: MarkStyle::Received, frame, side: Side::Left, on_white: false };
    drawn.push(pdf_page(width, height, pen.words(&back)));
    document.with_pages(drawn);
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    Ok(document.save(&options, &mut Vec::new()))
}

struct Pen<'a> {
    font: &'a ParsedFont,
    name: FontId,
    colors: &'a Colors,
}

impl Pen<'_> {
    fn page(&self, page: &OverlayPage) -> PdfPage {
        let ops = page.marks.iter().flat_map(|mark| {
            let mut ops = self.ground(mark);
            ops.extend(self.words(mark));
            ops
        });
        pdf_page(page.width, page.height, ops.collect())
    }

    fn width(&self, text: &str) -> f64 {
        let units = f64::from(self.font.pdf_font_metrics.units_per_em.max(1));
        let advance = |c: char| self.font.lookup_glyph_index(c as u32).and_then(|g| self.font.get_glyph_width(g));
        text.chars().map(|c| f64::from(advance(c).unwrap_or(0)) / units * SIZE).sum()
    }

    /// Where the words begin.
    fn origin(&self, mark: &OverlayMark) -> (f64, f64, f64) {
        let [left, bottom, right, top] = mark.frame;
        let width = self.width(&mark.text);
        let x = match mark.side {
            Side::Left => left,
            Side::Center => f64::midpoint(left, right) - width / 2.0,
            Side::Right => right - width,
        };
        (x, f64::midpoint(bottom, top) - SIZE * RISE / 2.0, width)
    }

    fn color(&self, mark: &OverlayMark) -> Color {
        let hex = if mark.style == MarkStyle::Received { &self.colors.accent } else { &self.colors.muted };
        let part = |at: usize| hex.get(at..at + 2).and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0);
        let [r, g, b] = [1, 3, 5].map(|at| f32::from(part(at)) / 255.0);
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }

    fn words(&self, mark: &OverlayMark) -> Vec<Op> {
        let (x, y, _) = self.origin(mark);
        vec![
            Op::SaveGraphicsState,
            Op::StartTextSection,
            Op::SetTextCursor { pos: point(x, y) },
            Op::SetFont { font: PdfFontHandle::External(self.name.clone()), size: Pt(SIZE as f32) },
            Op::SetFillColor { col: self.color(mark) },
            Op::ShowText { items: vec![TextItem::Text(mark.text.clone())] },
            Op::EndTextSection,
            Op::RestoreGraphicsState,
        ]
    }

    /// White below the words where the page is not free, and the rule round a stamp of receipt.
    fn ground(&self, mark: &OverlayMark) -> Vec<Op> {
        let received = mark.style == MarkStyle::Received;
        if !mark.on_white && !received {
            return Vec::new();
        }
        let (x, y, width) = self.origin(mark);
        let corners = [
            (x - PADDING, y - PADDING),
            (x + width + PADDING, y - PADDING),
            (x + width + PADDING, y + SIZE * RISE + PADDING),
            (x - PADDING, y + SIZE * RISE + PADDING),
        ];
        let points: Vec<_> = corners.iter().map(|&(x, y)| LinePoint { p: point(x, y), bezier: false }).collect();
        let mut ops = vec![Op::SaveGraphicsState];
        if mark.on_white {
            ops.push(Op::SetFillColor { col: Color::Rgb(Rgb { r: 1.0, g: 1.0, b: 1.0, icc_profile: None }) });
            let rings = vec![PolygonRing { points: points.clone() }];
            let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
            ops.push(Op::DrawPolygon { polygon });
        }
        if received {
            ops.push(Op::SetOutlineColor { col: self.color(mark) });
            ops.push(Op::SetOutlineThickness { pt: Pt(0.6) });
            ops.push(Op::DrawLine { line: Line { points, is_closed: true } });
        }
        ops.push(Op::RestoreGraphicsState);
        ops
    }
}

fn point(x: f64, y: f64) -> Point {
    Point { x: Pt(x as f32), y: Pt(y as f32) }
}

fn pdf_page(width: f64, height: f64, ops: Vec<Op>) -> PdfPage {
    let mm = |points: f64| Mm((points * 25.4 / 72.0) as f32);
    PdfPage::new(mm(width), mm(height), ops)
}
