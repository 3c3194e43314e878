//! What is wrong with a report: one type for the terminal, JSON and HTTP.

use std::fmt;

use serde::{Serialize, Serializer};
pub use sigill_orders::Lang;

use crate::place::Position;

/// How grave a finding is. Only errors stop a document from being rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is rendered; the reader should know.
    Warning,
    /// The document is not rendered.
    Error,
}

/// One finding about a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code such as `SUM001`; every code has a page in the rule reference.
    pub code: &'static str,
    /// Whether the document can be rendered in spite of the finding.
    pub severity: Severity,
    /// RFC 6901 pointer to the value in the model; empty for the whole document. A `#key` at its end, which is not
    /// written out, says that the key is meant.
    #[serde(serialize_with = "without_mark")]
    pub pointer: String,
    /// Line and column in the source text, when the source is known.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// What is wrong, in Swedish.
    pub message_sv: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// How to mend it, in Swedish.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help_sv: String,
    /// How to mend it, in English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help_en: String,
}

/// Longest message, in characters: what a report holds is quoted, and may be of any length.
const MAX_MESSAGE: usize = 1000;

fn short(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    message
}

fn without_mark<S: Serializer>(pointer: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(pointer.strip_suffix("#key").unwrap_or(pointer))
}

impl Diagnostic {
    /// An error with its place and its message in both languages.
    pub fn error(code: &'static str, pointer: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            pointer: pointer.into(),
            position: None,
            message_sv: short(sv.into()),
            message_en: short(en.into()),
            help_sv: String::new(),
            help_en: String::new(),
        }
    }

    /// A warning with its place and its message in both languages.
    pub fn warning(
        code: &'static str,
        pointer: impl Into<String>,
        sv: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, pointer, sv, en) }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, sv: impl Into<String>, en: impl Into<String>) -> Self {
        self.help_sv = short(sv.into());
        self.help_en = short(en.into());
        self
    }

    /// The message in one language.
    pub fn message(&self, lang: Lang) -> &str {
        match lang {
            Lang::Sv => &self.message_sv,
            Lang::En => &self.message_en,
        }
    }

    /// The remedy in one language; empty when there is none.
    pub fn remedy(&self, lang: Lang) -> &str {
        match lang {
            Lang::Sv => &self.help_sv,
            Lang::En => &self.help_en,
        }
    }

    /// Whether this finding stops rendering.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.pointer, self.message_sv)
    }
}

/// Whether any finding stops rendering.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
