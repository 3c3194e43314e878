//! Pictures as bilagor: a page each.

use image::{GenericImageView as _, ImageFormat, ImageReader, Limits};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// Longest side of a picture, in pixels.
const MAX_SIDE: u32 = 20_000;
/// Memory one picture may take while it is read.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;
/// The paper a picture is put on, in points: A4.
const PAPER: (f64, f64) = (595.276, 841.89);
/// Margin round it.
const MARGIN: f64 = 28.0;

/// A PNG or JPEG as a PDF of one page; `None` for anything else.
pub(crate) fn as_pdf(bytes: &[u8]) -> Option<Vec<u8>> {
    let format = image::guess_format(bytes).ok()?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return None;
    }
    let mut reader = ImageReader::with_format(std::io::Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let (width, height) = picture.dimensions();
    let mut dictionary = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(width), "Height" => i64::from(height),
        "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8,
    };
    let color = picture.color();
    let image = if format == ImageFormat::Jpeg && color.channel_count() == 3 {
        dictionary.set("Filter", "DCTDecode");
        Stream::new(dictionary, bytes.to_vec()).with_compression(false)
    } else {
        // Transparency is laid on white, as paper is.
        let rgba = picture.to_rgba8();
        let on_white = |c: u8, a: u8| (u16::from(c) * u16::from(a) / 255 + 255 - u16::from(a)) as u8;
        let pixels = rgba.pixels().flat_map(|p| [0, 1, 2].map(|i| on_white(p.0[i], p.0[3]))).collect();
        Stream::new(dictionary, pixels)
    };
    page(image, f64::from(width), f64::from(height))
}

fn page(image: Stream, width: f64, height: f64) -> Option<Vec<u8>> {
    let (paper_width, paper_height) = if width > height { (PAPER.1, PAPER.0) } else { PAPER };
    // Never larger than at 96 dots per inch.
    let scale = ((paper_width - 2.0 * MARGIN) / width).min((paper_height - 2.0 * MARGIN) / height).min(0.75);
    let (w, h) = (width * scale, height * scale);
    let (x, y) = ((paper_width - w) / 2.0, paper_height - MARGIN - h);
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let image = document.add_object(image);
    let content = format!("{w:.3} 0 0 {h:.3} {x:.3} {y:.3} cm /Im Do");
    let content = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
    let paper = vec![0.into(), 0.into(), Object::Real(paper_width as f32), Object::Real(paper_height as f32)];
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => paper, "Contents" => content,
        "Resources" => dictionary! { "XObject" => dictionary! { "Im" => image } },
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, tree.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out).ok()?;
    Some(out)
}
