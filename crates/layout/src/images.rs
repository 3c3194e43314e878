//! Pictures: decoded within bounds before the typesetter sees them.

use std::io::Cursor;
use std::sync::Mutex;

use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use sigill_model::messages::{fil003, fil004, picture};
use sigill_model::{Diagnostic, Localize};
use usvg::{ImageHrefResolver, Options, Tree, roxmltree};

use crate::jpeg;

use crate::filters;

/// Most pixels along one side.
const MAX_SIDE: u32 = 20_000;
/// Most memory a decoded picture may take.
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// Largest SVG; they are text and expand when drawn.
const MAX_SVG: usize = 5 * 1024 * 1024;

/// Points in a pixel of a picture that does not say how large it is: that of CSS, 96 to an inch.
const POINTS_PER_PIXEL: f64 = 0.75;

/// What a picture is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Inspected {
    /// Typst's name of the format.
    pub(crate) format: &'static str,
    /// Width in points beyond which its pixels would be blown up; a drawing has none.
    pub(crate) natural_width: Option<f64>,
}

/// Finds out what a picture is, and that it can be drawn.
///
/// # Errors
/// A finding at `pointer` when it is no picture, lies about its format, or is too large.
pub(crate) fn inspect(data: &[u8], name: &str, pointer: &str) -> Result<Inspected, Box<Diagnostic>> {
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let claimed = match extension.as_str() {
        "png" => "png",
        "jpg" | "jpeg" => "jpg",
        "svg" => "svg",
        _ => {
            return Err(wrong(name, pointer, &picture::UnknownFormat));
        }
    };
    if claimed == "svg" {
        inspect_svg(data, name, pointer)?;
        return Ok(Inspected { format: "svg", natural_width: None });
    }
    let actual = match image::guess_format(data) {
        Ok(ImageFormat::Png) => "png",
        Ok(ImageFormat::Jpeg) => "jpg",
        _ => return Err(wrong(name, pointer, &picture::Neither)),
    };
    if actual != claimed {
        let format = if actual == "png" { "PNG" } else { "JPEG" };
        return Err(wrong(name, pointer, &picture::Misnamed { extension: &extension, format: &format }));
    }
    let width = decode(data, name, pointer)?;
    Ok(Inspected { format: actual, natural_width: Some(f64::from(width) * POINTS_PER_PIXEL) })
}

/// Decodes a PNG or JPEG within bounds. Returns its width in pixels as it is shown.
fn decode(data: &[u8], name: &str, pointer: &str) -> Result<u32, Box<Diagnostic>> {
    if data.starts_with(&jpeg::START) {
        let shape = jpeg::shape(data).ok_or_else(|| wrong(name, pointer, &picture::Damaged))?;
        if shape.components == 4 {
            return Err(Box::new(fil003::InkColours { file: &name }.at(pointer)));
        }
        // Decoders draw what there is, and grey for the rest.
        if !shape.ends {
            return Err(wrong(name, pointer, &picture::CutOff));
        }
    }
    let refused = |e: ImageError| match e {
        ImageError::Limits(e) if matches!(e.kind(), LimitErrorKind::DimensionError) => {
            Box::new(fil004::LargePicture { file: &name, pixels: &MAX_SIDE }.at(pointer))
        }
        ImageError::Limits(_) => {
            Box::new(fil004::ManyPixels { file: &name, megabytes: &(MAX_DECODED >> 20) }.at(pointer))
        }
        _ => wrong(name, pointer, &picture::Damaged),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = ImageReader::new(Cursor::new(data))
        .with_guessed_format()
        .map_err(|_| wrong(name, pointer, &picture::Unreadable))?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    if let Some(profile) = decoder.icc_profile().map_err(refused)? {
        // ISO 19005-2, 6.2.4.2: the profile is of the colours that the picture has.
        let wanted: &[u8] = if decoder.color_type().has_color() { b"RGB " } else { b"GRAY" };
        if profile.get(16..20) != Some(wanted) {
            return Err(Box::new(fil003::ColourProfile { file: &name }.at(pointer)));
        }
    }
    let orientation = decoder.orientation().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    limits.reserve(decoder.total_bytes()).map_err(refused)?;
    DynamicImage::from_decoder(decoder).map_err(refused)?;
    let turned = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    Ok(if turned { height } else { width })
}

/// Elements of an SVG that show something and that are not drawn here.
const NOT_DRAWN: [&str; 6] = ["foreignObject", "iframe", "video", "audio", "canvas", "embed"];

fn inspect_svg(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    let text = std::str::from_utf8(data).map_err(|_| wrong(name, pointer, &picture::NotUtf8))?;
    if data.len() > MAX_SVG || !text.contains("<svg") {
        return Err(wrong(name, pointer, &picture::NoSvg));
    }
    // Entities can expand without end; no drawing program writes them for shapes.
    if text.contains("<!ENTITY") || text.contains("<!DOCTYPE") && text.contains('[') {
        return Err(wrong(name, pointer, &picture::Entities));
    }
    let document = roxmltree::Document::parse(text).map_err(|_| wrong(name, pointer, &picture::TooComplex))?;
    let undrawn = document.descendants().find(|node| NOT_DRAWN.contains(&node.tag_name().name()));
    if let Some(node) = undrawn {
        return Err(Box::new(fil003::NotDrawn { file: &name, element: &node.tag_name().name() }.at(pointer)));
    }
    // Read once here, so that what the typesetter would refuse, or read too much of, is a finding.
    let fault = Mutex::new(None);
    let note = |d: Box<Diagnostic>| {
        if let Ok(mut fault) = fault.lock() {
            fault.get_or_insert(d);
        }
    };
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, data, _| {
                if let Err(d) = inspect_embedded(&data, name, pointer) {
                    note(d);
                }
                None
            }),
            resolve_string: Box::new(|_, _| {
                note(wrong(name, pointer, &picture::OtherFile));
                None
            }),
        },
        ..Options::default()
    };
    // Read only to be drawn: filters that take for ever are as bad as what cannot be read.
    let readable = Tree::from_str(text, &options).is_ok_and(|tree| filters::are_bearable(&tree));
    drop(options);
    if let Ok(Some(d)) = fault.into_inner() {
        return Err(d);
    }
    if !readable {
        return Err(wrong(name, pointer, &picture::TooComplex));
    }
    Ok(())
}

/// A picture within an SVG.
fn inspect_embedded(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    match image::guess_format(data) {
        Ok(ImageFormat::Png | ImageFormat::Jpeg) => decode(data, name, pointer).map(drop),
        _ => Err(wrong(name, pointer, &picture::HoldsNeither)),
    }
}

fn wrong(name: &str, pointer: &str, why: &dyn Localize) -> Box<Diagnostic> {
    Box::new(fil003::Unusable { file: &name, why }.at(pointer))
}
