//! Pages rasterised: to look at their margins, and to stand as pictures.

use hayro::RenderSettings;
use hayro::vello_cpu::Pixmap;
use hayro_interpret::InterpreterSettings;
use hayro_interpret::hayro_syntax::page::Page;

use super::pictures::Picture;
use super::report::Refused;

/// Resolution of pages that become pictures, in dots per inch.
const RESOLUTION: f32 = 150.0;
/// Longest side of such a picture, in dots.
const MAX_DOTS: f32 = 6_000.0;

/// A page rasterised on white, `scale` dots to the point.
pub(super) fn drawn(page: &Page<'_>, settings: &InterpreterSettings, scale: f32) -> Pixmap {
    let render = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: hayro::vello_cpu::color::palette::css::WHITE,
        ..Default::default()
    };
    hayro::render(page, &hayro::RenderCache::new(), settings, &render)
}

/// The whole page as a picture, at the resolution of print.
pub(super) fn page_picture(page: &Page<'_>, settings: &InterpreterSettings) -> Result<Picture, Refused> {
    let (width, height) = page.render_dimensions();
    let scale = (RESOLUTION / 72.0).min(MAX_DOTS / width.max(height));
    let pixmap = drawn(page, settings, scale);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let pixels = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
    Picture::from_rgb(pixels, width, height).map_err(Refused::Writing)
}
