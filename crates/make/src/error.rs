//! Why something was not done.

use std::fmt;

use sigill_model::{Diagnostic, Lang};
use sigill_sign::Kind;

/// A message in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In Swedish.
    pub sv: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// A message in both languages.
    pub fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { sv: sv.into(), en: en.into() }
    }

    /// The message in one language.
    pub fn pick(&self, lang: Lang) -> &str {
        match lang {
            Lang::Sv => &self.sv,
            Lang::En => &self.en,
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {}", self.sv, self.en)
    }
}

/// Why something was not done.
#[derive(Debug, Clone)]
pub enum Error {
    /// A document, a PDF, a key or a certificate is not as it must be.
    Findings(Vec<Diagnostic>),
    /// A timestamp or revocation service did not do its part.
    Service(Box<Diagnostic>),
    /// What was asked for makes no sense.
    Usage(Text),
    /// The disk or the system failed.
    System(Text),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                let all: Vec<_> = findings.iter().map(|d| format!("{}: {}", d.code, d.message_sv)).collect();
                f.write_str(&all.join("; "))
            }
            Self::Service(finding) => f.write_str(&finding.message_sv),
            Self::Usage(text) | Self::System(text) => text.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<sigill_sign::Error> for Error {
    fn from(error: sigill_sign::Error) -> Self {
        let finding = Diagnostic::error(error.kind.code(), "", &error.sv, &error.en);
        match error.kind {
            Kind::Outside | Kind::Timestamp => Self::Service(Box::new(finding)),
            _ => Self::Findings(vec![finding]),
        }
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}
