//! Pictures of foreign pages: JPEG stays byte for byte where the standards allow it, the rest is packed without loss.

use std::sync::Arc;

use hayro_interpret::hayro_syntax::object::dict::keys;
use hayro_interpret::hayro_syntax::object::{Name, Stream};
use hayro_interpret::{ImageData, LumaData, RasterImage};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use krilla::Data;
use krilla::image::{BitsPerComponent, CustomImage, Image, ImageColorspace};

/// A picture ready to be placed.
pub(super) struct Picture {
    /// None when the page is only looked at.
    pub(super) image: Option<Image>,
    /// Size in the picture's own pixels, which its transform counts in.
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether the file's own JPEG was kept.
    pub(super) kept: bool,
    /// Where it is not white, when its pixels were looked at.
    pub(super) ink: Option<InkMap>,
}

/// A map of a picture in coarse cells: which are not white.
pub(super) struct InkMap(Vec<bool>);

/// Cells of a picture's side.
const CELLS: usize = 96;

impl InkMap {
    /// Of the pixels `light` says are as light as paper, row by row.
    fn of(width: u32, height: u32, light: impl Fn(usize) -> bool) -> Self {
        let (width, height) = (width as usize, height as usize);
        let mut cells = vec![false; CELLS * CELLS];
        for y in 0..height {
            let row = y * CELLS / height.max(1) * CELLS;
            for x in 0..width {
                if !light(y * width + x) {
                    cells[row + x * CELLS / width] = true;
                }
            }
        }
        Self(cells)
    }

    /// Whether anything is drawn in this part of the picture: left, top, right, bottom, each from 0 to 1.
    pub(super) fn within(&self, [left, top, right, bottom]: [f64; 4]) -> bool {
        let cell = |part: f64| ((part * CELLS as f64).max(0.0) as usize).min(CELLS - 1);
        (cell(top)..=cell(bottom)).any(|y| self.0[y * CELLS + cell(left)..=y * CELLS + cell(right)].contains(&true))
    }
}

/// A pixel at least this light is paper.
const PAPER: u8 = 240;

/// Pixels as they are, grey or RGB.
#[derive(Clone, Hash)]
struct Pixels {
    data: Arc<Vec<u8>>,
    grey: bool,
    size: (u32, u32),
}

impl CustomImage for Pixels {
    fn color_channel(&self) -> &[u8] {
        &self.data
    }
    fn alpha_channel(&self) -> Option<&[u8]> {
        None
    }
    fn bits_per_component(&self) -> BitsPerComponent {
        BitsPerComponent::Eight
    }
    fn size(&self) -> (u32, u32) {
        self.size
    }
    fn icc_profile(&self) -> Option<&[u8]> {
        None
    }
    fn color_space(&self) -> ImageColorspace {
        if self.grey { ImageColorspace::Luma } else { ImageColorspace::Rgb }
    }
}

/// Photographs of more pixels than this are packed as JPEG when they have to be packed anew.
const PHOTOGRAPH: usize = 256 * 256;
const QUALITY: u8 = 88;

/// The JPEG as it is in the file, when nothing of the PDF changes how it looks: grey or RGB, no mask, no decode array.
pub(super) fn jpeg_as_it_is(raster: &RasterImage<'_>) -> Option<Picture> {
    let stream = raster.stream();
    if !is_lone_jpeg(stream) {
        return None;
    }
    let data = stream.raw_data().into_owned();
    let (width, height, channels) = jpeg_header(&data)?;
    let declared = (raster.width(), raster.height()) == (u32::from(width), u32::from(height));
    if !declared || !matches!(channels, 1 | 3) {
        return None;
    }
    let image = Image::from_jpeg(Data::from(data), false).ok()?;
    Some(Picture { image: Some(image), width: f64::from(width), height: f64::from(height), kept: true, ink: None })
}

fn is_lone_jpeg(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    let filter = dict.get::<Name<'_>>(keys::FILTER).or_else(|| {
        let filters = dict.get::<hayro_interpret::hayro_syntax::object::Array<'_>>(keys::FILTER)?;
        let mut names = filters.iter::<Name<'_>>();
        let only = names.next()?;
        names.next().is_none().then_some(only)
    });
    let plain_color = match dict.get::<Name<'_>>(keys::COLORSPACE) {
        Some(name) => matches!(&*name, b"DeviceRGB" | b"DeviceGray"),
        // An array: ICC profiles are of the same family as sRGB in what scanners write; others are decoded.
        None => {
            let array = dict.get::<hayro_interpret::hayro_syntax::object::Array<'_>>(keys::COLORSPACE);
            array
                .and_then(|a| a.iter::<Name<'_>>().next())
                .is_some_and(|n| matches!(&*n, b"ICCBased" | b"CalRGB" | b"CalGray"))
        }
    };
    let unchanged = [keys::SMASK, keys::MASK, keys::DECODE].iter().all(|key| !dict.contains_key(*key));
    filter.is_some_and(|f| &*f == b"DCTDecode") && plain_color && unchanged
}

/// Width, height and channels from the frame header of a baseline or progressive JPEG (ITU-T T.81, B.2.2).
fn jpeg_header(data: &[u8]) -> Option<(u16, u16, u8)> {
    let mut at = 2;
    if data.get(..2)? != [0xFF, 0xD8] {
        return None;
    }
    loop {
        if *data.get(at)? != 0xFF {
            return None;
        }
        let marker = *data.get(at + 1)?;
        let length = usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?]));
        if matches!(marker, 0xC0..=0xC2) {
            let number = |i: usize| Some(u16::from_be_bytes([*data.get(at + i)?, *data.get(at + i + 1)?]));
            let eight_bits = *data.get(at + 4)? == 8;
            return eight_bits.then_some((number(7)?, number(5)?, *data.get(at + 9)?));
        }
        if matches!(marker, 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDA) {
            return None;
        }
        at += 2 + length;
    }
}

impl Picture {
    /// A decoded picture, with its transparency.
    pub(super) fn from_pixels(data: ImageData, alpha: Option<LumaData>, look: bool) -> Result<Self, String> {
        let (scale_x, scale_y) = data.scale_factors();
        let (width, height) = (data.width(), data.height());
        let (pixels, grey) = match data {
            ImageData::Rgb(rgb) => (rgb.data, false),
            ImageData::Luma(luma) => (luma.data, true),
        };
        let channels = if grey { 1 } else { 3 };
        let light = |at: usize| {
            let pixel = pixels.get(at * channels..(at + 1) * channels).unwrap_or_default();
            pixel.iter().all(|&c| c >= PAPER)
        };
        // What is clear counts as drawn: what lies behind is not known here.
        let ink = Some(InkMap::of(width, height, light));
        let image = match alpha {
            _ if look => None,
            Some(alpha) => {
                let rgba = with_alpha(&pixels, grey, (width, height), &alpha);
                Some(Image::from_rgba8(rgba, width, height))
            }
            None => Some(opaque(pixels, grey, width, height)?),
        };
        Ok(Self {
            image,
            width: f64::from(width) * f64::from(scale_x),
            height: f64::from(height) * f64::from(scale_y),
            kept: false,
            ink,
        })
    }

    /// A mask that colour is poured through.
    pub(super) fn from_stencil(data: LumaData, color: [u8; 4], look: bool) -> Result<Self, String> {
        let clear = [color[0], color[1], color[2], 0];
        let rgba = || data.data.iter().flat_map(|&d| if d == 255 { color } else { clear }).collect();
        let (scale_x, scale_y) = data.scale_factors;
        let pale = color[..3].iter().all(|&c| c >= PAPER);
        let ink = Some(InkMap::of(data.width, data.height, |at| pale || data.data.get(at) != Some(&255)));
        Ok(Self {
            ink,
            image: (!look).then(|| Image::from_rgba8(rgba(), data.width, data.height)),
            width: f64::from(data.width) * f64::from(scale_x),
            height: f64::from(data.height) * f64::from(scale_y),
            kept: false,
        })
    }

    /// A whole page as a picture.
    pub(super) fn from_rgb(pixels: Vec<u8>, width: u32, height: u32) -> Result<Self, String> {
        let image = Some(opaque(pixels, false, width, height)?);
        Ok(Self { image, width: f64::from(width), height: f64::from(height), kept: false, ink: None })
    }
}

fn with_alpha(pixels: &[u8], grey: bool, (width, height): (u32, u32), alpha: &LumaData) -> Vec<u8> {
    let mut out = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let at = (y * width + x) as usize;
            let color = if grey { [pixels[at]; 3] } else { [pixels[at * 3], pixels[at * 3 + 1], pixels[at * 3 + 2]] };
            let (ax, ay) = (
                u64::from(x) * u64::from(alpha.width) / u64::from(width),
                u64::from(y) * u64::from(alpha.height) / u64::from(height),
            );
            let a = alpha.data.get((ay * u64::from(alpha.width) + ax) as usize).copied().unwrap_or(255);
            out.extend(color);
            out.push(a);
        }
    }
    out
}

/// Few colours (a fax, a drawing) pack best without loss, many (a photograph) as JPEG.
fn opaque(pixels: Vec<u8>, grey: bool, width: u32, height: u32) -> Result<Image, String> {
    let channels = if grey { 1 } else { 3 };
    if pixels.len() != width as usize * height as usize * channels {
        return Err("the picture's size is wrong".to_owned());
    }
    if is_photograph(&pixels, channels) {
        let mut jpeg = Vec::new();
        let color = if grey { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        encoder.encode(&pixels, width, height, color).map_err(|e| e.to_string())?;
        return Image::from_jpeg(Data::from(jpeg), false);
    }
    Image::from_custom(Pixels { data: Arc::new(pixels), grey, size: (width, height) }, false)
}

fn is_photograph(pixels: &[u8], channels: usize) -> bool {
    if pixels.len() / channels < PHOTOGRAPH {
        return false;
    }
    let mut seen = std::collections::HashSet::new();
    pixels.chunks_exact(channels).step_by(31).any(|pixel| {
        // A fax has two colours and millions of pixels.
        if !seen.contains(pixel) {
            seen.insert(pixel.to_vec());
        }
        seen.len() > 200
    })
}
