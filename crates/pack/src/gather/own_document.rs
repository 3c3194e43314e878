//! A document of our own that goes into a pack: read, and judged with the files beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sigill_layout::{CheckedReport, Engine, Input, Options, ReportFiles};
use sigill_model::Diagnostic;
use sigill_model::json::Source;
use sigill_model::kinds::Kallelse;

use crate::store;

/// A report model of our own, read and judged.
pub(super) struct OwnDocument {
    pub(super) source: Source,
    pub(super) checked: CheckedReport,
    /// Folder of the files it names, relative to the kallelse's.
    pub(super) folder: PathBuf,
    /// Files it read, and their digests.
    pub(super) read: Vec<(String, String)>,
    /// Whether it stands in the kallelse itself.
    pub(super) inline: bool,
}

/// A path as models write it.
pub(super) fn written(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The files next to a document that is itself named from the kallelse; notes what was read.
struct FilesBeside<'a> {
    files: &'a dyn ReportFiles,
    folder: &'a Path,
    read: Mutex<Vec<(String, String)>>,
}

impl<'a> FilesBeside<'a> {
    fn new(files: &'a dyn ReportFiles, folder: &'a Path) -> Self {
        Self { files, folder, read: Mutex::default() }
    }

    /// What was read, with its digests.
    fn noted(self) -> Vec<(String, String)> {
        self.read.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReportFiles for FilesBeside<'_> {
    fn read(&self, file: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let bytes = self.files.read(&written(&self.folder.join(file)), pointer)?;
        let note = (file.to_owned(), store::key(&[&bytes]));
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(note);
        Ok(bytes)
    }
}

/// Judges a document with the files next to it. One that stands in the kallelse has its municipality.
pub(super) fn check(
    engine: &Engine,
    files: &dyn ReportFiles,
    layout: &Options,
    kallelse: &Kallelse,
    source: Source,
    folder: PathBuf,
    inline: bool,
) -> OwnDocument {
    let mut layout = layout.clone();
    let unnamed = source.root().is_some_and(|root| root.get("profile").is_none());
    if inline && unnamed && layout.profile.is_none() {
        layout.profile.clone_from(&kallelse.common.profile);
    }
    let beside = FilesBeside::new(files, &folder);
    let checked = engine.check(&Input { source: &source, files: &beside }, &layout);
    let read = beside.noted();
    OwnDocument { source, checked, folder, read, inline }
}
