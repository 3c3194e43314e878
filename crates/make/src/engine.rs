//! The one engine of a process, made of its settings when it is first needed.
#![expect(clippy::disallowed_methods, reason = "fonts are read from disk for the shells")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sigill_layout::{Engine, Fonts, Input, Layouts, NoFiles, Options};
use sigill_model::json::Source;
use sigill_orders::Settings;

use crate::error::Error;
use crate::messages;

/// The engine of a process. One that sets nothing never has it made.
pub struct LazyEngine {
    settings: Settings,
    engine: OnceLock<Result<Engine, Error>>,
}

impl LazyEngine {
    /// An engine to be made of these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, engine: OnceLock::new() }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The engine.
    ///
    /// # Errors
    /// When a folder of layouts or fonts cannot be read; again each time.
    pub fn get(&self) -> Result<&Engine, Error> {
        self.engine.get_or_init(|| build(&self.settings)).as_ref().map_err(Clone::clone)
    }

    /// Sets a document, so that the next does not take thrice its time.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn warm(&self) -> Result<(), Error> {
        let engine = self.get()?;
        if let Some(example) = engine.layouts().read("kinds/tjansteskrivelse/example.json") {
            for _ in 0..2 {
                engine.render(&Input { source: &Source::parse(example), files: &NoFiles }, &Options::default());
            }
        }
        Ok(())
    }
}

/// The layouts built in, and those of folders.
///
/// # Errors
/// When a folder cannot be read.
pub fn layouts(folders: &[PathBuf]) -> Result<Layouts, Error> {
    let mut layouts = Layouts::embedded();
    for folder in folders {
        layouts
            .add_folder(folder)
            .map_err(|e| Error::usage(&messages::folder::Layouts { folder: &folder.display(), reason: &e }))?;
    }
    Ok(layouts)
}

fn build(settings: &Settings) -> Result<Engine, Error> {
    let mut own = Vec::new();
    for folder in &settings.fonts {
        own.extend(font_files(folder)?);
    }
    Ok(Engine::new(Fonts::new(own), layouts(&settings.layouts)?))
}

fn font_files(folder: &Path) -> Result<Vec<Vec<u8>>, Error> {
    let shown = folder.display();
    let fail = |e: std::io::Error| Error::usage(&messages::folder::Fonts { folder: &shown, reason: &e });
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        if extension == "ttf" || extension == "otf" {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Error::usage(&messages::folder::NoFonts { folder: &shown }));
    }
    paths.iter().map(|p| std::fs::read(p).map_err(fail)).collect()
}
