//! Writing recorded pages as tagged pages that keep to the standards.

use hayro_interpret::FillRule as SourceRule;
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use kurbo::{Affine, BezPath, PathEl, Shape};

use super::fonts::{Fonts, UNITS_PER_EM};
use super::lines::TextLine;
use super::pictures::Picture;
use super::record::{DrawnGlyph, Op};

/// A sequence of marked content: what a structure tag of the page holds.
pub(super) enum MarkedContent {
    /// A line of text and where it stands: left, top, right, bottom; the same with the page turned so that it is upright.
    TextLine { id: Identifier, frame: [f64; 4], upright: [f64; 4], size: f64 },
    /// A picture.
    Figure(Identifier),
}

/// The mode in which a page's operations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteMode {
    /// As they are.
    Whole,
    /// Only their text, unseen, over a picture of the page.
    TextOnly,
}

/// What stands between tags.
#[derive(PartialEq)]
enum Open {
    Nothing,
    Artifact,
    Figure,
}

pub(super) struct Writer<'s, 'd> {
    pub(super) surface: &'s mut Surface<'d>,
    pub(super) fonts: &'s Fonts,
    pub(super) built: &'s [Option<Font>],
    pub(super) manner: WriteMode,
    /// Whether everything drawn is a figure: a page that says nothing as text.
    pub(super) all_figure: bool,
    /// Area of the page.
    pub(super) area: f64,
    pub(super) read: Vec<MarkedContent>,
    pending: Vec<DrawnGlyph>,
    open: Open,
    /// Whether each clip or group was really begun.
    begun: Vec<bool>,
}

/// A picture smaller than this part of the page is decoration, and one larger than that is the paper text stands on.
const FIGURE: std::ops::Range<f64> = 0.01..0.8;

impl<'s, 'd> Writer<'s, 'd> {
    pub(super) fn new(
        surface: &'s mut Surface<'d>,
        fonts: &'s Fonts,
        built: &'s [Option<Font>],
        manner: WriteMode,
        all_figure: bool,
        area: f64,
    ) -> Self {
        let (read, pending, begun) = (Vec::new(), Vec::new(), Vec::new());
        Self { surface, fonts, built, manner, all_figure, area, read, pending, open: Open::Nothing, begun }
    }

    /// Writes all operations; gives what is to be read, in order.
    pub(super) fn run(mut self, ops: &[Op]) -> Vec<MarkedContent> {
        for op in ops {
            match op {
                Op::Glyph(glyph) => self.glyph(glyph),
                _ if self.manner == WriteMode::TextOnly => {}
                Op::Fill { path, transform, color, rule } => {
                    self.graphic(None);
                    self.fill(path, *transform, *color, *rule);
                }
                Op::Stroke { path, transform, color, props } => {
                    self.graphic(None);
                    self.stroke(path, *transform, *color, props);
                }
                Op::Picture { picture, transform } => {
                    let share = transform.determinant().abs() * picture.width * picture.height / self.area;
                    self.graphic(Some(share));
                    self.place(picture, *transform);
                }
                Op::Clip(clip) => {
                    self.close();
                    let path = krilla_path(&clip.path);
                    self.begun.push(path.is_some());
                    if let Some(path) = path {
                        self.surface.push_clip_path(&path, &rule(clip.fill));
                    }
                }
                Op::Group => self.begun.push(false),
                Op::Pop => {
                    self.close();
                    if self.begun.pop() == Some(true) {
                        self.surface.pop();
                    }
                }
            }
        }
        self.close();
        while let Some(begun) = self.begun.pop() {
            if begun {
                self.surface.pop();
            }
        }
        self.read
    }

    /// Draws a picture of the whole page.
    pub(super) fn backdrop(&mut self, picture: &Picture, width: f64, height: f64) {
        self.graphic(Some(1.0));
        self.place(picture, Affine::scale_non_uniform(width / picture.width, height / picture.height));
    }

    fn graphic(&mut self, share: Option<f64>) {
        self.flush();
        let figure = self.all_figure || share.is_some_and(|s| FIGURE.contains(&s));
        let wanted = if figure { Open::Figure } else { Open::Artifact };
        // Each picture is a figure of its own; of a page without text all is one.
        if self.open == wanted && (!figure || self.all_figure) {
            return;
        }
        self.close();
        if figure {
            let id = self.surface.start_tagged(ContentTag::Other);
            self.read.push(MarkedContent::Figure(id));
        } else {
            self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        }
        self.open = wanted;
    }

    fn close(&mut self) {
        self.flush();
        if self.open != Open::Nothing {
            self.surface.end_tagged();
            self.open = Open::Nothing;
        }
    }

    fn glyph(&mut self, glyph: &DrawnGlyph) {
        let font = self.built.get(glyph.glyph.font).is_some_and(Option::is_some);
        if glyph.text.is_empty() || !font {
            // Nobody can say what it reads; it is drawn.
            if !glyph.invisible && self.manner == WriteMode::Whole {
                self.graphic(None);
                let outline = self.fonts.outline(glyph.glyph).clone();
                self.fill(&outline, glyph.transform, glyph.color, SourceRule::NonZero);
            }
            return;
        }
        if self.pending.last().is_some_and(|last| !super::lines::same_line(last, glyph, self.fonts)) {
            self.flush();
        }
        self.pending.push(glyph.clone());
    }

    /// Writes the line of text that has been gathered.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let glyphs = std::mem::take(&mut self.pending);
        if self.open != Open::Nothing {
            self.surface.end_tagged();
            self.open = Open::Nothing;
        }
        let line = TextLine::of(&glyphs, self.fonts);
        let drawn: String = glyphs.iter().map(|g| g.text.as_str()).collect();
        // Readers put nothing between two texts that replace what is drawn, so the space after the line is said too.
        let said = (line.text != drawn).then(|| format!("{} ", line.text));
        let id = self.surface.start_tagged(ContentTag::Span(SpanTag::empty().with_actual_text(said.as_deref())));
        let mut rest = &glyphs[..];
        while let Some(first) = rest.first() {
            let fits = |g: &DrawnGlyph| {
                g.glyph.font == first.glyph.font
                    && (g.color, g.invisible) == (first.color, first.invisible)
                    && super::lines::same_shape(first, g)
            };
            let count = rest.iter().take_while(|g| fits(g)).count().max(1);
            let (run, left) = rest.split_at(count);
            self.draw_run(run);
            rest = left;
        }
        self.surface.end_tagged();
        self.read.push(MarkedContent::TextLine { id, frame: line.frame, upright: line.upright, size: line.size });
    }

    fn draw_run(&mut self, run: &[DrawnGlyph]) {
        let Some(first) = run.first() else { return };
        let Some(font) = self.built.get(first.glyph.font).cloned().flatten() else { return };
        let [a, b, ..] = first.transform.as_coeffs();
        let unit = a.hypot(b).max(1e-9);
        let size = unit * f64::from(UNITS_PER_EM);
        // From a space where the text stands upright at its size to the page.
        let matrix = first.transform * Affine::scale_non_uniform(1.0 / unit, -1.0 / unit);
        let back = matrix.inverse();
        let mut text = String::new();
        let mut glyphs = Vec::with_capacity(run.len());
        for (i, glyph) in run.iter().enumerate() {
            let origin = |g: &DrawnGlyph| (back * (g.transform * kurbo::Point::ZERO)).x / size;
            let own = self.fonts.advance(glyph.glyph) / f64::from(UNITS_PER_EM);
            let advance = run.get(i + 1).map_or(own, |next| origin(next) - origin(glyph));
            let start = text.len();
            text.push_str(&glyph.text);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(u32::from(glyph.glyph.glyph)),
                advance as f32,
                0.0,
                0.0,
                0.0,
                start..text.len(),
                None,
            ));
        }
        let opacity = if first.invisible || self.manner == WriteMode::TextOnly { 0.0 } else { alpha(first.color) };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill {
            paint: paint(first.color),
            opacity: normal(opacity),
            rule: FillRule::NonZero,
        }));
        self.surface.push_transform(&transform(matrix));
        self.surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &text, size as f32, false);
        self.surface.pop();
    }

    fn fill(&mut self, path: &BezPath, at: Affine, color: [u8; 4], source: SourceRule) {
        let Some(path) = krilla_path(&(at * path)) else { return };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint: paint(color), opacity: normal(alpha(color)), rule: rule(source) }));
        self.surface.draw_path(&path);
    }

    fn stroke(&mut self, path: &BezPath, at: Affine, color: [u8; 4], props: &hayro_interpret::StrokeProps) {
        let Some(path) = krilla_path(path) else { return };
        let cap = match props.line_cap {
            kurbo::Cap::Butt => LineCap::Butt,
            kurbo::Cap::Round => LineCap::Round,
            kurbo::Cap::Square => LineCap::Square,
        };
        let join = match props.line_join {
            kurbo::Join::Miter => LineJoin::Miter,
            kurbo::Join::Round => LineJoin::Round,
            kurbo::Join::Bevel => LineJoin::Bevel,
        };
        let dashed =
            props.dash_array.iter().any(|&d| d > 0.0) && props.dash_array.iter().all(|d| d.is_finite() && *d >= 0.0);
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: paint(color),
            width: props.line_width.max(0.0),
            miter_limit: props.miter_limit.max(1.0),
            line_cap: cap,
            line_join: join,
            opacity: normal(alpha(color)),
            dash: dashed.then(|| StrokeDash { array: props.dash_array.to_vec(), offset: props.dash_offset }),
        }));
        self.surface.push_transform(&transform(at));
        self.surface.draw_path(&path);
        self.surface.pop();
    }

    fn place(&mut self, picture: &Picture, at: Affine) {
        let size = Size::from_wh(picture.width as f32, picture.height as f32);
        let (Some(size), Some(image)) = (size, &picture.image) else { return };
        self.surface.push_transform(&transform(at));
        self.surface.draw_image(image.clone(), size);
        self.surface.pop();
    }
}

fn alpha(color: [u8; 4]) -> f32 {
    f32::from(color[3]) / 255.0
}

fn normal(value: f32) -> NormalizedF32 {
    NormalizedF32::new(value).unwrap_or(NormalizedF32::ONE)
}

fn paint(color: [u8; 4]) -> krilla::paint::Paint {
    rgb::Color::new(color[0], color[1], color[2]).into()
}

fn rule(rule: SourceRule) -> FillRule {
    match rule {
        SourceRule::NonZero => FillRule::NonZero,
        SourceRule::EvenOdd => FillRule::EvenOdd,
    }
}

fn transform(affine: Affine) -> Transform {
    let [a, b, c, d, e, f] = affine.as_coeffs().map(|v| v as f32);
    Transform::from_row(a, b, c, d, e, f)
}

fn krilla_path(path: &BezPath) -> Option<Path> {
    if path.elements().is_empty() || !path.bounding_box().is_finite() {
        return None;
    }
    let mut out = PathBuilder::new();
    let point = |p: kurbo::Point| (p.x as f32, p.y as f32);
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => out.move_to(point(p).0, point(p).1),
            PathEl::LineTo(p) => out.line_to(point(p).0, point(p).1),
            PathEl::QuadTo(c, p) => out.quad_to(point(c).0, point(c).1, point(p).0, point(p).1),
            PathEl::CurveTo(a, b, p) => {
                out.cubic_to(point(a).0, point(a).1, point(b).0, point(b).1, point(p).0, point(p).1);
            }
            PathEl::ClosePath => out.close(),
        }
    }
    out.finish()
}
