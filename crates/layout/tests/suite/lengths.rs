//! Documents of every length and make: wherever a page happens to break, a document comes out, tagged and archival.
//!
//! Typst tags what stands on each page, and some of its errors exist at certain breaks only. So text, tables, lists,
//! notes, pictures and signatures are pushed down line by line through every place on a page.

mod any;
mod breaks;
mod models;
mod signatures;
mod tables;
mod text_strategies;
mod value_strategies;
mod wide;

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;
use sigill_layout::{Engine, RenderedDocument, Standard};
use sigill_model::diagnostic::has_errors;

use crate::boxes::{Word, words};
use crate::support::{engine, keep_pdf, render, root, scratch, shown};

/// Folder with the pictures that models name.
static PICTURES: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = scratch("lengths");
    std::fs::create_dir_all(&folder).expect("folder made");
    std::fs::copy(root().join("fixtures/exempel/logga.svg"), folder.join("logga.svg")).expect("copied");
    for (name, width, height) in [("bred.png", 240, 60), ("lang.png", 40, 400), ("prick.png", 1, 1)] {
        let picture = image::RgbaImage::from_fn(width, height, |x, y| image::Rgba([x as u8, y as u8, 90, 200]));
        picture.save(folder.join(name)).expect("picture written");
    }
    folder
});

/// Writes a model that failed beside the pictures it names, so that it can be rendered again by hand.
fn saved(name: &str, model: &Value) -> PathBuf {
    let path = PICTURES.join(format!("{name}.json"));
    std::fs::write(&path, format!("{model:#}")).expect("written");
    path
}

/// Renders models, and keeps some of the PDFs for veraPDF and qpdf to judge: judging all of them would take an hour.
struct Press {
    engine: Engine,
    name: &'static str,
    keep_every: usize,
    made: usize,
}

impl Press {
    /// The name stands in the names of the PDFs kept; the first is always kept.
    fn new(name: &'static str, keep_every: usize) -> Self {
        Self { engine: engine(), name, keep_every, made: 0 }
    }

    /// The document, or what hinders it.
    fn try_print(&mut self, model: &Value, profile: &str) -> Result<RenderedDocument, String> {
        let bytes = model.to_string().into_bytes();
        let outcome = render(&self.engine, &bytes, &PICTURES, profile, Standard::A2aUa1);
        let found = shown(&outcome);
        if has_errors(&outcome.diagnostics) {
            return Err(found);
        }
        let rendered = outcome.rendered.ok_or("no errors and no document")?;
        if self.made.is_multiple_of(self.keep_every) {
            keep_pdf(&format!("lengths-{}-{}-{profile}", self.name, self.made), Standard::A2aUa1, &rendered.pdf);
        }
        self.made += 1;
        Ok(rendered)
    }

    /// The document; fails with what hinders it, and the model to try it with.
    fn print(&mut self, what: &str, model: &Value, profile: &str) -> RenderedDocument {
        let printed = self.try_print(model, profile);
        let path = || saved(self.name, model);
        printed.unwrap_or_else(|found| panic!("{what} in {profile}: {found}\nthe model: {}", path().display()))
    }

    /// Where every word of a document stands; `None` when poppler is missing.
    fn words(&self, rendered: &RenderedDocument) -> Option<Vec<Word>> {
        words(&self.file(rendered))
    }

    /// The document as a file, until the next one.
    fn file(&self, rendered: &RenderedDocument) -> PathBuf {
        let path = scratch(&format!("lengths-{}.pdf", self.name));
        std::fs::write(&path, &rendered.pdf).expect("written");
        path
    }
}
