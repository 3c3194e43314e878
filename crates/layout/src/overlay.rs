//! What lies over the pages of a pack: their numbers, and stamps on foreign pages.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};
use sigill_model::messages::lay001;
use sigill_model::{Diagnostic, Profile};
use typst::foundations::{Bytes, Smart};
use typst::syntax::Source;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::engine::{Engine, export, not_allowed, page_sizes, stopped, typst_faults};
use crate::layouts::file_id;
use crate::standard::Standard;
use crate::world::ReportWorld;

/// How a mark looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkStyle {
    /// The page's number in the pack.
    Number,
    /// What a foreign page is: `Bilaga 2 · Dnr SN/2013:107 · sid 3(14)`.
    Stamp,
    /// When a foreign document came in: `Inkom 2013-05-15`.
    Received,
}

/// On which side of its frame a mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// Words over a page.
#[derive(Debug, Clone, Serialize)]
pub struct OverlayMark {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub style: MarkStyle,
    /// Left, bottom, right, top in points from the page's lower left corner.
    pub frame: [f64; 4],
    /// Where in its frame.
    pub side: Side,
    /// Whether it stands on white of its own, since the page is not free there.
    pub on_white: bool,
}

/// What lies over one page.
#[derive(Debug, Clone, Serialize)]
pub struct OverlayPage {
    /// Width of the page in points.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The words over it.
    pub marks: Vec<OverlayMark>,
}

/// A page that a pack needs beside its documents.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Width and height of each page in points.
    pub sizes: Vec<(f64, f64)>,
}

impl Engine {
    /// Sets the overlays of all pages, and last a page of `back` points with the words of the link back. Untagged, and
    /// with all fonts embedded: whoever lays it over pages says what it is.
    ///
    /// # Errors
    /// When the layout fails.
    pub fn overlay(
        &self,
        pages: &[OverlayPage],
        back: (f64, f64, &str),
        profile: &Profile,
    ) -> Result<Vec<u8>, Vec<Diagnostic>> {
        let (width, height, title) = back;
        let data = json!({"pages": pages, "back": {"width": width, "height": height, "title": title}});
        let document = self.compile_pack_page("overlay", &data, profile)?;
        let options = PdfOptions { ident: Smart::Auto, timestamp: None, tagged: false, ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options).map_err(|e| typst_faults(not_allowed, &e))
    }

    /// Sets a page that a pack needs beside its documents: a divider before an item, a notice in place of a bilaga.
    /// Tagged, in the standard asked for. `data`: `title`, `date` (ISO 8601), `label`, `rows` of label and value,
    /// `body` of paragraphs, `list`.
    ///
    /// # Errors
    /// When the layout fails, or the page does not meet the standard.
    pub fn pack_sheet(&self, data: &Value, profile: &Profile, standard: Standard) -> Result<Sheet, Vec<Diagnostic>> {
        let document = self.compile_pack_page("sheet", data, profile)?;
        Ok(Sheet { pdf: export(&document, standard)?, sizes: page_sizes(&document) })
    }

    fn compile_pack_page(
        &self,
        layout: &str,
        data: &Value,
        profile: &Profile,
    ) -> Result<PagedDocument, Vec<Diagnostic>> {
        let unloadable = || vec![lay001::Unloadable.at("")];
        let main = format!(
            "#import \"/pack/{layout}.typ\": render\n\
             #render(json(\"/report/data.json\"), json(\"/report/profile.json\"))\n"
        );
        let id = |path| file_id(path).ok_or_else(unloadable);
        let files = HashMap::from([
            (id("/report/data.json")?, Bytes::from_string(data.to_string())),
            (id("/report/profile.json")?, Bytes::from_string(profile.data().to_string())),
        ]);
        let main = Source::new(id("/main.typ")?, main);
        let world = ReportWorld { library: &self.library, fonts: &self.fonts, layouts: &self.layouts, main, files };
        typst::compile::<PagedDocument>(&world).output.map_err(|e| typst_faults(stopped, &e))
    }
}
