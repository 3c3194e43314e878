//! Pictures: decoded within bounds before the typesetter sees them.

use std::io::Cursor;
use std::sync::Mutex;

use image::{ImageFormat, ImageReader, Limits};
use sigill_model::Diagnostic;
use usvg::{ImageHrefResolver, Options, Tree};

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
            return Err(wrong(
                name,
                pointer,
                "har ett format som inte går att använda",
                "has a format that cannot be used",
            ));
        }
    };
    if claimed == "svg" {
        return inspect_svg(data, name, pointer);
    }
    let actual = match image::guess_format(data) {
        Ok(ImageFormat::Png) => "png",
        Ok(ImageFormat::Jpeg) => "jpg",
        _ => return Err(wrong(name, pointer, "är varken PNG eller JPEG", "is neither PNG nor JPEG")),
    };
    if actual != claimed {
        return Err(wrong(
            name,
            pointer,
            &format!("heter .{extension} men är {}", if actual == "png" { "PNG" } else { "JPEG" }),
            &format!("is called .{extension} but is {}", if actual == "png" { "PNG" } else { "JPEG" }),
        ));
    }
    decode(data, name, pointer)?;
    Ok(actual)
}

/// Decodes a PNG or JPEG within bounds.
fn decode(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    let mut reader = ImageReader::new(Cursor::new(data))
        .with_guessed_format()
        .map_err(|_| wrong(name, pointer, "går inte att läsa", "cannot be read"))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    match reader.decode() {
        Ok(_) => Ok(()),
        Err(image::ImageError::Limits(_)) => Err(Box::new(
            Diagnostic::error(
                "FIL004",
                pointer,
                format!("bilden ”{name}” är för stor: högst {MAX_SIDE} bildpunkter per sida"),
                format!("the picture \"{name}\" is too large: at most {MAX_SIDE} pixels a side"),
            )
            .help(
                "minska bilden; 2 000 bildpunkter räcker för en hel sida",
                "make it smaller; 2 000 pixels fill a page",
            ),
        )),
        Err(_) => Err(wrong(name, pointer, "är skadad och går inte att avkoda", "is damaged and cannot be decoded")),
    }
}

fn inspect_svg(data: &[u8], name: &str, pointer: &str) -> Result<&'static str, Box<Diagnostic>> {
    let text =
        std::str::from_utf8(data).map_err(|_| wrong(name, pointer, "är inte SVG i UTF-8", "is not SVG in UTF-8"))?;
    if data.len() > MAX_SVG || !text.contains("<svg") {
        return Err(wrong(
            name,
            pointer,
            "är ingen SVG-bild av rimlig storlek",
            "is no SVG picture of reasonable size",
        ));
    }
    // Entities can expand without end; no drawing program writes them for shapes.
    if text.contains("<!ENTITY") || text.contains("<!DOCTYPE") && text.contains('[') {
        return Err(wrong(name, pointer, "innehåller egna entiteter", "declares entities of its own"));
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
                note(wrong(name, pointer, "visar en annan fil", "shows another file"));
                None
            }),
        },
        ..Options::default()
    };
    let readable = Tree::from_str(text, &options).is_ok();
    drop(options);
    if let Ok(Some(d)) = fault.into_inner() {
        return Err(d);
    }
    if !readable {
        return Err(wrong(name, pointer, "är skadad eller för invecklad", "is damaged or too complex"));
    }
    Ok("svg")
}

/// A picture within an SVG.
fn inspect_embedded(data: &[u8], name: &str, pointer: &str) -> Result<(), Box<Diagnostic>> {
    match image::guess_format(data) {
        Ok(ImageFormat::Png | ImageFormat::Jpeg) => decode(data, name, pointer),
        _ => Err(wrong(
            name,
            pointer,
            "innehåller en bild som varken är PNG eller JPEG",
            "holds a picture that is neither PNG nor JPEG",
        )),
    }
}

fn wrong(name: &str, pointer: &str, sv: &str, en: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("FIL003", pointer, format!("bilden ”{name}” {sv}"), format!("the picture \"{name}\" {en}"))
            .help("spara bilden på nytt som PNG, JPEG eller SVG", "save the picture again as PNG, JPEG or SVG"),
    )
}
