//! What is wrong with a report: one type for the terminal, JSON and HTTP.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use sigill_messages::{Lang, Texts};

use crate::code::{Code, Severity};
use crate::place::Position;

/// One finding about a report. As JSON it has `message_sv` and the like for each language, and `help_sv` where there is
/// help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code; every code has a page in the rule reference.
    pub code: Code,
    /// Whether the document can be rendered in spite of the finding.
    pub severity: Severity,
    /// RFC 6901 pointer to the value in the model; empty for the whole document. A `#key` at its end, which is not
    /// written out, says that the key is meant.
    pub pointer: String,
    /// Line and column in the source text, when the source is known.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: Texts,
    /// How to mend it; empty when there is nothing to say.
    pub help: Texts,
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

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("severity", &self.severity)?;
        map.serialize_entry("pointer", self.written_pointer())?;
        if let Some(Position { line, column, width }) = self.position {
            map.serialize_entry("line", &line)?;
            map.serialize_entry("column", &column)?;
            map.serialize_entry("width", &width)?;
        }
        self.message.serialize_fields("message", &mut map)?;
        for (lang, help) in self.help.iter().filter(|(_, help)| !help.is_empty()) {
            map.serialize_entry(&format!("help_{}", lang.tag()), help)?;
        }
        map.end()
    }
}

impl Diagnostic {
    /// A finding of a rule. Messages of [`crate::messages`] make it; only what is worded elsewhere, by the crate for
    /// signatures, comes in here as texts.
    pub fn new(code: Code, severity: Severity, pointer: impl Into<String>, message: Texts, help: Texts) -> Self {
        let (message, help) = (message.map(short), help.map(short));
        Self { code, severity, pointer: pointer.into(), position: None, message, help }
    }

    /// The pointer as it is written out.
    pub fn written_pointer(&self) -> &str {
        self.pointer.strip_suffix("#key").unwrap_or(&self.pointer)
    }

    /// The message in one language.
    pub fn message(&self, lang: Lang) -> &str {
        self.message.get(lang)
    }

    /// The remedy in one language; empty when there is none.
    pub fn remedy(&self, lang: Lang) -> &str {
        self.help.get(lang)
    }

    /// Whether this finding stops rendering.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.pointer, self.message(Lang::default()))
    }
}

/// Whether any finding stops rendering.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
