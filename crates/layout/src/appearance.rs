//! The look of a signature in its field.

use std::collections::HashMap;

use serde_json::json;
use sigill_model::Diagnostic;
use sigill_model::messages::{lay001, txt001};
use typst::foundations::{Bytes, Smart};
use typst::syntax::Source;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::engine::{Engine, not_allowed, stopped, typst_faults};
use crate::images;
use crate::layouts::file_id;
use crate::world::ReportWorld;

/// What a signature shows.
#[derive(Debug, Clone, Default)]
pub struct Appearance<'a> {
    /// Width of the field in points.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What it is: `Elektroniskt undertecknad av`.
    pub heading: &'a str,
    /// Who signed.
    pub name: &'a str,
    /// Title, time, reason: a line each.
    pub lines: Vec<String>,
    /// A picture, its name and its content: PNG, JPEG or SVG.
    pub image: Option<(&'a str, &'a [u8])>,
}

/// The typefaces of signatures: those that are always at hand.
const FONTS: [&str; 2] = ["Open Sans", "DejaVu Sans"];

impl Engine {
    /// Sets the look of a signature as one page of the field's size. Untagged, and with all fonts embedded: the field
    /// itself says what it is.
    ///
    /// # Errors
    /// When the picture is none, or a character is in no font.
    pub fn signature_appearance(&self, look: &Appearance<'_>) -> Result<Vec<u8>, Vec<Diagnostic>> {
        let unloadable = || vec![lay001::Unloadable.at("")];
        let id = |path: &str| file_id(path).ok_or_else(unloadable);
        let shown = look.lines.iter().map(String::as_str).chain([look.heading, look.name]);
        if let Some(c) = shown.flat_map(str::chars).find(|&c| !self.fonts.covers(c)) {
            return Err(vec![txt001::NotInFonts { character: &c }.at("")]);
        }
        let mut files = HashMap::new();
        let mut image = None;
        if let Some((name, bytes)) = look.image {
            let images::Inspected { format, .. } = images::inspect(bytes, name, "").map_err(|d| vec![*d])?;
            let name = format!("picture.{format}");
            files.insert(id(&format!("/sign/{name}"))?, Bytes::new(bytes.to_vec()));
            image = Some(name);
        }
        let data = json!({
            "width": look.width, "height": look.height, "heading": look.heading, "name": look.name,
            "lines": look.lines, "image": image, "fonts": FONTS,
        });
        files.insert(id("/report/data.json")?, Bytes::from_string(data.to_string()));
        let main = "#import \"/sign/appearance.typ\": render\n#render(json(\"/report/data.json\"))\n";
        let main = Source::new(id("/main.typ")?, main.to_owned());
        let world = ReportWorld { library: &self.library, fonts: &self.fonts, layouts: &self.layouts, main, files };
        let document = typst::compile::<PagedDocument>(&world).output.map_err(|e| typst_faults(stopped, &e))?;
        let options = PdfOptions { ident: Smart::Auto, timestamp: None, tagged: false, ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options).map_err(|e| typst_faults(not_allowed, &e))
    }
}
