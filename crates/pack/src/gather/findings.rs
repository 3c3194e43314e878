//! Findings about the files of a pack, as they come.

use sigill_model::Diagnostic;
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;

use super::own_document::OwnDocument;

/// Findings about one of the files that make up a pack.
pub struct FileFindings {
    /// The file, relative to the kallelse's folder; empty for the kallelse itself.
    pub file: String,
    /// Its text, for showing lines.
    pub source: Source,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Findings as they come, each with its file.
pub(super) struct Findings<'a> {
    /// The kallelse.
    pub(super) source: &'a Source,
    files: Vec<FileFindings>,
}

impl<'a> Findings<'a> {
    /// None yet.
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, files: Vec::new() }
    }

    /// All of them, file by file.
    pub(super) fn into_files(self) -> Vec<FileFindings> {
        self.files
    }

    /// About the kallelse itself, or what stands in it.
    pub(super) fn own(&mut self, found: Diagnostic) {
        self.add("", self.source.clone(), vec![found.located(self.source)]);
    }

    /// About a document: in its own file, or in the kallelse it stands in at `pointer`.
    pub(super) fn of_document(&mut self, own: &OwnDocument, file: &str, pointer: &str, found: Vec<Diagnostic>) {
        self.of_setting(&own.source, own.inline, file, pointer, found);
    }

    /// About the text that a document was set from, which stands at `pointer` of the kallelse when it is `inline`.
    pub(super) fn of_setting(
        &mut self,
        source: &Source,
        inline: bool,
        file: &str,
        pointer: &str,
        found: Vec<Diagnostic>,
    ) {
        if inline {
            // Their places are those of the whole text already.
            let whole = |d: Diagnostic| Diagnostic { pointer: format!("{pointer}{}", d.pointer), ..d };
            self.add("", self.source.clone(), found.into_iter().map(whole).collect());
        } else {
            self.add(file, source.clone(), found);
        }
    }

    fn add(&mut self, file: &str, source: Source, found: Vec<Diagnostic>) {
        if found.is_empty() {
            return;
        }
        match self.files.iter_mut().find(|f| f.file == file) {
            Some(known) => known.diagnostics.extend(found),
            None => self.files.push(FileFindings { file: file.to_owned(), source, diagnostics: found }),
        }
    }

    /// Whether one of them is an error, which stops the pack.
    pub(super) fn stop(&self) -> bool {
        self.files.iter().any(|f| has_errors(&f.diagnostics))
    }
}
