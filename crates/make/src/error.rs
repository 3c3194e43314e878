//! Why something was not done.

use std::fmt;

use sigill_model::{Code, Diagnostic, Lang, Localize, Severity, Texts};
use sigill_sign::ErrorKind;

/// Why something was not done.
#[derive(Debug, Clone)]
pub enum Error {
    /// A document, a PDF, a key or a certificate is not as it must be.
    Findings(Vec<Diagnostic>),
    /// A timestamp or revocation service did not do its part.
    Service(Box<Diagnostic>),
    /// What was asked for makes no sense.
    Usage(Texts),
    /// The disk or the system failed.
    System(Texts),
}

impl Error {
    /// What was asked for makes no sense.
    pub fn usage(message: &dyn Localize) -> Self {
        Self::Usage(Texts::of(message))
    }

    /// The disk or the system failed.
    pub fn system(message: &dyn Localize) -> Self {
        Self::System(Texts::of(message))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                let all: Vec<_> = findings.iter().map(|d| format!("{}: {}", d.code, d.message(Lang::Sv))).collect();
                f.write_str(&all.join("; "))
            }
            Self::Service(finding) => f.write_str(finding.message(Lang::Sv)),
            Self::Usage(text) | Self::System(text) => f.write_str(&text.joined()),
        }
    }
}

impl std::error::Error for Error {}

impl From<sigill_sign::Error> for Error {
    fn from(error: sigill_sign::Error) -> Self {
        let kind = error.kind;
        let finding = finding(error, Severity::Error);
        match kind {
            ErrorKind::Outside | ErrorKind::Timestamp => Self::Service(Box::new(finding)),
            _ => Self::Findings(vec![finding]),
        }
    }
}

/// What the crate for signatures says, as a finding of its rule.
pub(crate) fn finding(error: sigill_sign::Error, severity: Severity) -> Diagnostic {
    let code = match error.kind {
        ErrorKind::Pdf => Code::UND001,
        ErrorKind::Encrypted => Code::UND002,
        ErrorKind::FieldAbsent => Code::UND003,
        ErrorKind::FieldTaken => Code::UND004,
        ErrorKind::Key => Code::UND005,
        ErrorKind::KeyMismatch => Code::UND006,
        ErrorKind::Expired => Code::UND007,
        ErrorKind::Usage => Code::UND008,
        ErrorKind::Timestamp => Code::UND009,
        ErrorKind::Outside => Code::UND010,
        ErrorKind::Revocation => Code::UND011,
        ErrorKind::TooSmall => Code::UND012,
        ErrorKind::Stale => Code::UND013,
        ErrorKind::Returned => Code::UND014,
        ErrorKind::Reserve => Code::UND015,
        ErrorKind::Ambiguous => Code::UND016,
        ErrorKind::Locked => Code::UND017,
    };
    Diagnostic::new(code, severity, "", error.message, Texts::default())
}

impl From<Vec<Diagnostic>> for Error {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}
