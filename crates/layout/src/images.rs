//! Pictures: decoded within bounds before the typesetter sees them.

use std::io::Cursor;
use std::sync::Mutex;

use image::{ImageFormat, ImageReader, Limits};
use sigill_model::messages::{fil003, fil004, picture};
use sigill_model::{Diagnostic, Localize};
use usvg::{ImageHrefResolver, Options, Tree};

use crate::filters;

/// Most pixels along one side.
const MAX_SIDE: u32 = 20_000;
/// Most memory a decoded picture may take.
const MAX_DECODED: u64 = 256 * 1024 * 1024;
/// Largest SVG; they are text and expand when drawn.
const MAX_SVG: usize = 5 * 1024 * 1024;

/// Finds out what a picture is, and that it can be drawn. Returns Typst's name of the format.
///
/// # Errors
/// A finding at `pointer` when it is no picture, lies about its format, or is too large.
pub(crate) fn inspect(data: &[u8], name: &str, pointer: &str) -> Result<&'static str, Box<Diagnostic>> {
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
        return inspect_svg(data, name, pointer);
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
    decode(data, name, pointer)?;
    Ok(actual)
}

/// Decodes a PNG or JPEG within bounds.
fn decode(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    let mut reader = ImageReader::new(Cursor::new(data))
        .with_guessed_format()
        .map_err(|_| wrong(name, pointer, &picture::Unreadable))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    match reader.decode() {
        Ok(_) => Ok(()),
        Err(image::ImageError::Limits(_)) => {
            Err(Box::new(fil004::LargePicture { file: &name, pixels: &MAX_SIDE }.at(pointer)))
        }
        Err(_) => Err(wrong(name, pointer, &picture::Damaged)),
    }
}

fn inspect_svg(data: &[u8], name: &str, pointer: &str) -> Result<&'static str, Box<Diagnostic>> {
    let text = std::str::from_utf8(data).map_err(|_| wrong(name, pointer, &picture::NotUtf8))?;
    if data.len() > MAX_SVG || !text.contains("<svg") {
        return Err(wrong(name, pointer, &picture::NoSvg));
    }
    // Entities can expand without end; no drawing program writes them for shapes.
    if text.contains("<!ENTITY") || text.contains("<!DOCTYPE") && text.contains('[') {
        return Err(wrong(name, pointer, &picture::Entities));
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
    Ok("svg")
}

/// A picture within an SVG.
fn inspect_embedded(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    match image::guess_format(data) {
        Ok(ImageFormat::Png | ImageFormat::Jpeg) => decode(data, name, pointer),
        _ => Err(wrong(name, pointer, &picture::HoldsNeither)),
    }
}

fn wrong(name: &str, pointer: &str, why: &dyn Localize) -> Box<Diagnostic> {
    Box::new(fil003::Unusable { file: &name, why }.at(pointer))
}
