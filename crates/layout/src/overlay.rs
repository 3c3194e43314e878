//! What lies over the pages of a pack: their numbers, and stamps on foreign pages.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use sigill_model::{Diagnostic, Profile};
use typst::foundations::{Bytes, Smart};
use typst::syntax::Source;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::engine::{Engine, typst_faults};
use crate::layouts::file_id;
use crate::world::ReportWorld;

/// What lies over one page.
#[derive(Debug, Clone, Serialize)]
pub struct OverlayPage {
    /// Width of the page in points.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Its number in the pack, as printed.
    pub number: String,
    /// What a foreign page is: `Bilaga 2 · Dnr SN/2013:107 · sid 3(14)`.
    pub stamp: String,
    /// When a foreign document came in: `Inkom 2013-05-15`.
    pub received: String,
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
        let unloadable =
            || vec![Diagnostic::error("LAY001", "", "layouten går inte att ladda", "the layout cannot be loaded")];
        let main = "#import \"/pack/overlay.typ\": render\n\
                    #render(json(\"/report/data.json\"), json(\"/report/profile.json\"))\n";
        let id = |path| file_id(path).ok_or_else(unloadable);
        let files = HashMap::from([
            (id("/report/data.json")?, Bytes::from_string(data.to_string())),
            (id("/report/profile.json")?, Bytes::from_string(profile.data().to_string())),
        ]);
        let main = Source::new(id("/main.typ")?, main.to_owned());
        let world = ReportWorld { library: &self.library, fonts: &self.fonts, layouts: &self.layouts, main, files };
        let document = typst::compile::<PagedDocument>(&world).output.map_err(|e| typst_faults("LAY001", &e))?;
        let options = PdfOptions { ident: Smart::Auto, timestamp: None, tagged: false, ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options).map_err(|e| typst_faults("PDF001", &e))
    }
}
