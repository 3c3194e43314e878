//! Findings get the places of what they are about.

use sigill_messages::Localize;

use super::Source;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::messages::mod009;

/// Most findings shown for one document: a wholly wrong file must not drown its reader.
pub const MAX_DIAGNOSTICS: usize = 200;

/// Most findings looked up in the source: each look-up reads the text up to its place.
const MAX_LOCATED: usize = 1000;

impl Diagnostic {
    /// Fills in line and column from the source the pointer refers to.
    #[must_use]
    pub fn located(mut self, source: &Source) -> Self {
        if self.position.is_none() {
            self.position = source.position(&self.pointer);
        }
        self
    }
}

/// Finds the place of each in the source, sorts by it, drops repeats and caps the number.
pub fn tidy(mut diagnostics: Vec<Diagnostic>, source: &Source) -> Vec<Diagnostic> {
    let beyond = diagnostics.split_off(diagnostics.len().min(MAX_LOCATED));
    let mut diagnostics: Vec<_> = diagnostics.into_iter().map(|d| d.located(source)).collect();
    let key = |d: &Diagnostic| (d.position.map_or(0, |p| p.line), d.position.map_or(0, |p| p.column), d.code);
    diagnostics.sort_by_key(key);
    diagnostics.dedup_by(|a, b| a.code == b.code && a.pointer == b.pointer && a.message == b.message);
    let rest = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS) + beyond.len();
    if rest > 0 {
        let cut = diagnostics.len().min(MAX_DIAGNOSTICS);
        // Errors beyond the cap must still stop the rendering.
        let hides_error = has_errors(&diagnostics[cut..]) || has_errors(&beyond);
        diagnostics.truncate(cut);
        let count: &dyn Localize = &rest;
        let more = if hides_error { mod009::MoreWithErrors { count }.at("") } else { mod009::More { count }.at("") };
        diagnostics.push(more.located(source));
    }
    diagnostics
}
