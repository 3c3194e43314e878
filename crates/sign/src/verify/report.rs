//! What the verification came to.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sigill_messages::Texts;
use sigill_orders::{BaselineLevel, Indication, SubIndication};

/// Who signed, as the certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Common name.
    pub name: String,
    /// Organisation.
    pub organisation: Option<String>,
    /// Issuer of the certificate.
    pub issuer: String,
    /// Serial number of the certificate, hexadecimal.
    pub serial: String,
    /// First moment of the certificate.
    pub not_before: DateTime<Utc>,
    /// Last moment of the certificate.
    pub not_after: DateTime<Utc>,
}

/// A timestamp that belongs to a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// When.
    pub time: DateTime<Utc>,
    /// The service.
    pub service: String,
    /// Whether it holds.
    pub valid: bool,
}

/// One signature or document timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureReport {
    /// Name of its field.
    pub field: String,
    /// Whether it is a document timestamp.
    pub is_timestamp: bool,
    /// Result.
    pub indication: Indication,
    /// Why it is not passed (ETSI EN 319 102-1, 5.1.3), when it is not.
    pub sub_indication: Option<SubIndication>,
    /// Baseline level reached; none when it is not a PAdES baseline signature.
    pub level: Option<BaselineLevel>,
    /// Who signed.
    pub signatory: Option<Signatory>,
    /// Time that the signature itself claims.
    pub claimed_time: Option<String>,
    /// Time at which a trusted timestamp proves that it existed.
    pub proven_time: Option<DateTime<Utc>>,
    /// Why it was signed.
    pub reason: Option<String>,
    /// Where it was signed.
    pub location: Option<String>,
    /// Bytes of the file that it is over.
    pub covered_bytes: usize,
    /// Whether that is all of the file but the signature itself.
    pub covers_file: bool,
    /// Timestamps over the signature.
    pub timestamps: Vec<Stamp>,
    /// What was added to the file after it.
    pub later_changes: Vec<Texts>,
    /// What else is to be said.
    pub notes: Vec<Texts>,
}

/// The verification of a file: the report on each of its signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileVerification {
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// Its size in bytes.
    pub file_bytes: usize,
    /// As of when.
    pub time: DateTime<Utc>,
    /// Signatures and document timestamps, oldest first.
    pub signatures: Vec<SignatureReport>,
    /// Fields that nobody has signed.
    pub unsigned_fields: Vec<String>,
}

impl FileVerification {
    /// Whether there is a signature and all hold.
    pub fn passed(&self) -> bool {
        !self.signatures.is_empty() && self.signatures.iter().all(|s| s.indication == Indication::TotalPassed)
    }
}
