//! What can go wrong, with a stable kind.

use std::fmt;

use sigill_messages::{Localize, Texts};

use crate::messages::{file, returned};
use crate::shown::shown;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The PDF is broken or made in a way that cannot be signed.
    Pdf,
    /// The PDF is encrypted.
    Encrypted,
    /// There is no such signature field.
    FieldAbsent,
    /// The field is signed already.
    FieldTaken,
    /// The key or the certificates cannot be read: wrong password, broken or unknown format.
    Key,
    /// The key is not the certificate's.
    KeyMismatch,
    /// The certificate is not valid at the time of signing.
    Expired,
    /// The certificate is not meant for signatures.
    Usage,
    /// The timestamp service answered something else than it was asked for.
    Timestamp,
    /// A service could not be reached.
    Outside,
    /// The evidence that certificates were not revoked is missing or says that they were.
    Revocation,
    /// The signature does not fit in the place prepared for it.
    TooSmall,
    /// The prepared file or its state has changed or is too old.
    Stale,
    /// What came back from the signing service does not belong to what was sent.
    Returned,
    /// Fields can no longer be reserved in the file, or not with these names.
    Reserve,
    /// What is to be signed can be read in more than one way.
    Ambiguous,
    /// An earlier signature does not let the field be signed.
    Locked,
}

/// An error with its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The message.
    pub message: Texts,
}

/// A result with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind.
    pub fn new(kind: ErrorKind, message: &dyn Localize) -> Self {
        Self { kind, message: Texts::of(message).map(|text| shown(&text)) }
    }

    pub(crate) fn pdf(reason: &dyn Localize) -> Self {
        Self::new(ErrorKind::Pdf, &file::Unusable { reason })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.joined())
    }
}

impl std::error::Error for Error {}

impl From<lopdf::Error> for Error {
    /// The library's own words are for programmers; what it stumbles over has been named by the strict reader before.
    fn from(_: lopdf::Error) -> Self {
        Self::pdf(&file::Unread)
    }
}

impl From<crate::asn1::Malformed> for Error {
    fn from(_: crate::asn1::Malformed) -> Self {
        Self::new(ErrorKind::Returned, &returned::Malformed)
    }
}
