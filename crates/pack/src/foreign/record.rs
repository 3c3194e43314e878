//! What a page draws, as a list: fonts must be known whole before the first glyph is written.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, FillRule, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, LumaData, Paint, PathDrawMode, SoftMask, StrokeProps, TransformExt, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

use super::fonts::{Fonts, GlyphRef};
use super::pictures::{Picture, jpeg_as_it_is};

/// Most drawing operations of one page that are kept as they are; a map or drawing beyond that becomes a picture.
const MAX_OPERATIONS: usize = 60_000;

/// Opacity from which a group hides what is below it.
const OPAQUE: f32 = 0.999;

/// One drawing operation.
pub(super) enum Op {
    Fill {
        path: BezPath,
        transform: Affine,
        color: [u8; 4],
        rule: FillRule,
    },
    Stroke {
        path: BezPath,
        transform: Affine,
        color: [u8; 4],
        props: StrokeProps,
    },
    Glyph(DrawnGlyph),
    Picture {
        picture: Arc<Picture>,
        transform: Affine,
    },
    Clip(ClipPath),
    /// A group drawn as one; of full opacity, others are beyond.
    Group,
    Pop,
}

/// A glyph in its place.
#[derive(Clone)]
pub(super) struct DrawnGlyph {
    pub(super) glyph: GlyphRef,
    /// What it says; empty when the file does not tell.
    pub(super) text: String,
    /// From the font's units (1000 to the em) to the page, y downwards.
    pub(super) transform: Affine,
    pub(super) color: [u8; 4],
    /// Text that is there to be found, not seen.
    pub(super) invisible: bool,
}

/// What a page draws.
#[derive(Default)]
pub(super) struct Recorded {
    pub(super) ops: Vec<Op>,
    /// Whether something was drawn that cannot be kept as it is: patterns, shadings, masks, blend modes.
    pub(super) beyond: bool,
    /// Whether an image could not be read.
    pub(super) lost_picture: bool,
}

impl Recorded {
    /// All that the page says, in the order it is drawn.
    pub(super) fn has_text(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Glyph(g) if !g.text.trim().is_empty()))
    }
}

/// Interprets a page, to write it or only to look at it.
pub(super) fn record<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    settings: &InterpreterSettings,
    fonts: &mut Fonts,
    look: bool,
) -> Recorded {
    let (width, height) = page.render_dimensions();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        cache,
        page.xref(),
        settings.clone(),
    );
    let mut recorder = Recorder { out: Recorded::default(), fonts, pictures: HashMap::new(), look };
    interpret_page(page, &mut context, &mut recorder);
    recorder.out
}

struct Recorder<'f> {
    out: Recorded,
    fonts: &'f mut Fonts,
    pictures: HashMap<u128, Arc<Picture>>,
    /// Whether nothing is written of it: pictures are then not packed.
    look: bool,
}

impl Recorder<'_> {
    fn push(&mut self, op: Op) {
        if self.out.ops.len() >= MAX_OPERATIONS {
            self.out.beyond = true;
            return;
        }
        self.out.ops.push(op);
    }

    fn color(&mut self, paint: &Paint<'_>) -> Option<[u8; 4]> {
        match paint {
            Paint::Color(color) => Some(color.to_rgba().to_rgba8()),
            Paint::Pattern(_) => {
                self.out.beyond = true;
                None
            }
        }
    }
}

fn text_of(unicode: Option<BfString>) -> String {
    let text = match unicode {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(s)) => s,
        None => String::new(),
    };
    text.chars().filter(|&c| !c.is_control() && c != '\u{FFFD}' && c != '\u{FEFF}').collect()
}

impl<'a> Device<'a> for Recorder<'_> {
    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.out.beyond |= mask.is_some();
    }

    fn set_blend_mode(&mut self, blend_mode: BlendMode) {
        self.out.beyond |= blend_mode != BlendMode::Normal;
    }

    fn draw_path(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'a>, mode: &PathDrawMode) {
        let Some(color) = self.color(paint) else { return };
        let path = path.clone();
        self.push(match mode {
            PathDrawMode::Fill(rule) => Op::Fill { path, transform, color, rule: *rule },
            PathDrawMode::Stroke(props) => Op::Stroke { path, transform, color, props: props.clone() },
        });
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push(Op::Clip(clip.clone()));
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.out.beyond |= mask.is_some() || blend_mode != BlendMode::Normal || opacity < OPAQUE;
        self.push(Op::Group);
    }

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        let text = text_of(glyph.as_unicode());
        match glyph {
            Glyph::Outline(outline) => {
                let color = match mode {
                    GlyphDrawMode::Invisible => Some([0, 0, 0, 255]),
                    _ => self.color(paint),
                };
                let Some(color) = color else { return };
                if let GlyphDrawMode::Stroke(props) = mode {
                    let path = glyph_transform * outline.outline();
                    self.push(Op::Stroke { path, transform, color, props: props.clone() });
                    return;
                }
                let glyph = self.fonts.glyph(
                    outline.font_cache_key(),
                    outline.identifier().cache_key(),
                    || outline.outline(),
                    outline.advance_width(),
                );
                let invisible = matches!(mode, GlyphDrawMode::Invisible);
                self.push(Op::Glyph(DrawnGlyph {
                    glyph,
                    text,
                    transform: transform * glyph_transform,
                    color,
                    invisible,
                }));
            }
            // Drawn by instructions of its own, which come back here.
            Glyph::Type3(drawn) => {
                let at = transform * glyph_transform;
                drawn.interpret(self, transform, glyph_transform, paint);
                if !text.trim().is_empty() {
                    let glyph = self.fonts.empty();
                    self.push(Op::Glyph(DrawnGlyph {
                        glyph,
                        text,
                        transform: at,
                        color: [0, 0, 0, 255],
                        invisible: true,
                    }));
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let key = image.cache_key();
        if let Some(picture) = self.pictures.get(&key).cloned() {
            self.push(Op::Picture { picture, transform });
            return;
        }
        let (mut made, look) = (None, self.look);
        match &image {
            Image::Raster(raster) => {
                made = jpeg_as_it_is(raster).map(Ok);
                if made.is_none() {
                    raster.with_rgba(|data, alpha| made = Some(Picture::from_pixels(data, alpha, look)), None);
                }
            }
            Image::Stencil(stencil) => {
                let mut beyond = false;
                stencil.with_stencil(
                    |data: LumaData, paint: &Paint<'_>| match paint {
                        Paint::Color(color) => {
                            made = Some(Picture::from_stencil(data, color.to_rgba().to_rgba8(), look))
                        }
                        Paint::Pattern(_) => beyond = true,
                    },
                    None,
                );
                self.out.beyond |= beyond;
            }
        }
        match made {
            Some(Ok(picture)) => {
                let picture = Arc::new(picture);
                self.pictures.insert(key, picture.clone());
                self.push(Op::Picture { picture, transform });
            }
            _ => self.out.lost_picture = true,
        }
    }

    fn pop_clip_path(&mut self) {
        self.push(Op::Pop);
    }

    fn pop_transparency_group(&mut self) {
        self.push(Op::Pop);
    }
}
