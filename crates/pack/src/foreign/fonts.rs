//! Fonts made anew from the outlines that foreign pages draw.
//!
//! Embedded fonts of others come in every state: without widths that match, without tables, Type 1, bare CFF. Their
//! outlines can always be read, and a TrueType font of those used, with the advances the page itself uses, obeys
//! ISO 19005-2, 6.2.11 by construction.

use std::collections::HashMap;

use krilla::Data;
use krilla::text::Font;
use kurbo::{BezPath, PathEl, Shape};
use write_fonts::FontBuilder;
use write_fonts::tables::glyf::{GlyfLocaBuilder, Glyph, SimpleGlyph};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::{Hmtx, LongMetric};
use write_fonts::tables::maxp::Maxp;

/// Units to the em of what the interpreter gives.
pub(super) const UNITS_PER_EM: u16 = 1000;
/// Glyphs in one font; well below what its tables can number.
const MAX_GLYPHS: usize = 20_000;
/// How far a curve may stray when cubics become quadratics, in units.
const TOLERANCE: f64 = 0.5;

/// A glyph of a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GlyphRef {
    pub(super) font: usize,
    pub(super) glyph: u16,
}

#[derive(Default)]
struct Face {
    glyphs: Vec<(BezPath, u16)>,
    known: HashMap<u128, u16>,
}

/// All fonts of one foreign file.
#[derive(Default)]
pub(super) struct Fonts {
    faces: Vec<Face>,
    current: HashMap<u128, usize>,
}

impl Fonts {
    /// The glyph with this identity, noted when it is new.
    pub(super) fn glyph(
        &mut self,
        font: u128,
        identity: u128,
        outline: impl FnOnce() -> BezPath,
        advance: Option<f32>,
    ) -> GlyphRef {
        let full = self.current.get(&font).is_none_or(|&at| self.faces[at].glyphs.len() >= MAX_GLYPHS);
        if full {
            self.current.insert(font, self.faces.len());
            // Glyph 0 is the one that must never be used.
            self.faces.push(Face { glyphs: vec![(BezPath::new(), 0)], known: HashMap::new() });
        }
        let at = self.current[&font];
        let face = &mut self.faces[at];
        let next = face.glyphs.len() as u16;
        let glyph = *face.known.entry(identity).or_insert(next);
        if glyph == next {
            let advance = advance.unwrap_or(0.0).clamp(0.0, 20_000.0).round() as u16;
            face.glyphs.push((outline(), advance));
        }
        GlyphRef { font: at, glyph }
    }

    /// A glyph that draws nothing, for text drawn by other means.
    pub(super) fn empty(&mut self) -> GlyphRef {
        self.glyph(0, 0, BezPath::new, Some(500.0))
    }

    /// Advance of a glyph in units.
    pub(super) fn advance(&self, glyph: GlyphRef) -> f64 {
        f64::from(self.faces[glyph.font].glyphs[usize::from(glyph.glyph)].1)
    }

    /// The outline of a glyph in units, y upwards.
    pub(super) fn outline(&self, glyph: GlyphRef) -> &BezPath {
        &self.faces[glyph.font].glyphs[usize::from(glyph.glyph)].0
    }

    /// Builds all fonts; `None` for one whose outlines no font can hold.
    pub(super) fn build(&self) -> Vec<Option<Font>> {
        self.faces.iter().map(|face| Font::new(Data::from(build(face)?), 0)).collect()
    }
}

fn build(face: &Face) -> Option<Vec<u8>> {
    let mut glyf = GlyfLocaBuilder::new();
    let mut metrics = Vec::new();
    let mut maxp = Maxp { num_glyphs: face.glyphs.len() as u16, ..Maxp::default() };
    let (mut points, mut contours) = (0, 0);
    for (outline, advance) in &face.glyphs {
        let path = quadratic(outline);
        let glyph = if path.elements().is_empty() { None } else { SimpleGlyph::from_bezpath(&path).ok() };
        let left = glyph.as_ref().map_or(0, |g| g.bbox.x_min);
        metrics.push(LongMetric { advance: *advance, side_bearing: left });
        match glyph {
            Some(glyph) => {
                points = points.max(glyph.contours.iter().map(|c| c.len() as u16).sum());
                contours = contours.max(glyph.contours.len() as u16);
                glyf.add_glyph(&glyph).ok()?;
            }
            None => {
                glyf.add_glyph(&Glyph::Empty).ok()?;
            }
        }
    }
    let (glyf, loca, format) = glyf.build();
    maxp.max_points = Some(points);
    maxp.max_contours = Some(contours);
    for field in [
        &mut maxp.max_composite_points,
        &mut maxp.max_composite_contours,
        &mut maxp.max_twilight_points,
        &mut maxp.max_storage,
        &mut maxp.max_function_defs,
        &mut maxp.max_instruction_defs,
        &mut maxp.max_stack_elements,
        &mut maxp.max_size_of_instructions,
        &mut maxp.max_component_elements,
        &mut maxp.max_component_depth,
    ] {
        *field = Some(0);
    }
    maxp.max_zones = Some(1);
    let head = Head {
        units_per_em: UNITS_PER_EM,
        index_to_loc_format: format as i16,
        x_min: 0,
        y_min: -250,
        x_max: 1000,
        y_max: 1000,
        lowest_rec_ppem: 6,
        ..Head::default()
    };
    let hhea = Hhea {
        ascender: 800.into(),
        descender: (-200).into(),
        number_of_h_metrics: metrics.len() as u16,
        ..Hhea::default()
    };
    let hmtx = Hmtx::new(metrics, Vec::new());
    let mut builder = FontBuilder::new();
    builder.add_table(&head).ok()?.add_table(&hhea).ok()?.add_table(&maxp).ok()?.add_table(&hmtx).ok()?;
    builder.add_table(&glyf).ok()?.add_table(&loca).ok()?;
    Some(builder.build())
}

/// The outline as TrueType has it: lines and quadratics, closed contours, within what its numbers hold.
fn quadratic(outline: &BezPath) -> BezPath {
    let mut out = BezPath::new();
    let mut at = kurbo::Point::ZERO;
    let mut open = false;
    let limit = |p: kurbo::Point| kurbo::Point::new(p.x.clamp(-16_000.0, 16_000.0), p.y.clamp(-16_000.0, 16_000.0));
    for element in outline.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                if open {
                    out.close_path();
                }
                open = false;
                at = limit(p);
                out.move_to(at);
            }
            PathEl::LineTo(p) => {
                at = limit(p);
                out.line_to(at);
                open = true;
            }
            PathEl::QuadTo(c, p) => {
                at = limit(p);
                out.quad_to(limit(c), at);
                open = true;
            }
            PathEl::CurveTo(a, b, p) => {
                let end = limit(p);
                for (_, _, quad) in kurbo::CubicBez::new(at, limit(a), limit(b), end).to_quads(TOLERANCE) {
                    out.quad_to(quad.p1, quad.p2);
                }
                at = end;
                open = true;
            }
            PathEl::ClosePath => {
                if open {
                    out.close_path();
                }
                open = false;
            }
        }
    }
    if open {
        out.close_path();
    }
    // A lone point is no contour.
    if out.bounding_box().area() == 0.0 { BezPath::new() } else { out }
}
