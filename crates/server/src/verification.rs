//! The report on the signatures of a PDF, as clients read it.
//!
//! A worker writes it as `sigill verify --format json` does. A field that is not described here is refused rather than
//! left out: what clients are told of a signature is all that was found.

use serde::{Deserialize, Serialize};
use sigill_messages::Texts;
use sigill_orders::{BaselineLevel, Indication};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::openapi::describe_text;

/// A sentence in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note(pub Texts);

impl PartialSchema for Note {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new()
            .description(Some("A sentence in both languages."))
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .build();
        describe_text(&mut object, "", "In");
        object.into()
    }
}

impl ToSchema for Note {}

/// Who signed, as the certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Common name.
    pub name: String,
    /// Organisation.
    #[schema(required)]
    pub organisation: Option<String>,
    /// Issuer of the certificate.
    pub issuer: String,
    /// Serial number of the certificate, hexadecimal.
    pub serial: String,
    /// First moment of the certificate.
    #[schema(format = DateTime)]
    pub not_before: String,
    /// Last moment of the certificate.
    #[schema(format = DateTime)]
    pub not_after: String,
}

/// A timestamp that belongs to a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Timestamp {
    /// When.
    #[schema(format = DateTime)]
    pub time: String,
    /// The service.
    pub service: String,
    /// Whether it holds.
    pub valid: bool,
}

/// One signature or document timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureReport {
    /// Name of its field.
    pub field: String,
    /// Whether it is a document timestamp.
    pub is_timestamp: bool,
    /// Result.
    pub indication: Indication,
    /// Why it is not passed (ETSI EN 319 102-1, 5.1.3), when it is not.
    #[schema(required)]
    pub sub_indication: Option<String>,
    /// Baseline level reached; null when it is not a PAdES baseline signature.
    #[schema(required)]
    pub level: Option<BaselineLevel>,
    /// Who signed.
    #[schema(required)]
    pub signatory: Option<Signatory>,
    /// Time that the signature itself claims.
    #[schema(required)]
    pub claimed_time: Option<String>,
    /// Time at which a trusted timestamp proves that it existed.
    #[schema(required, format = DateTime)]
    pub proven_time: Option<String>,
    /// Why it was signed.
    #[schema(required)]
    pub reason: Option<String>,
    /// Where it was signed.
    #[schema(required)]
    pub location: Option<String>,
    /// Bytes of the file that it is over.
    pub covered_bytes: usize,
    /// Whether that is all of the file but the signature itself.
    pub covers_file: bool,
    /// Timestamps over the signature.
    pub timestamps: Vec<Timestamp>,
    /// What was added to the file after it.
    pub later_changes: Vec<Note>,
    /// What else is to be said.
    pub notes: Vec<Note>,
}

/// The report on the signatures of a PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationReport {
    /// What the file is called.
    pub input: String,
    /// Whether there is a signature and all hold.
    pub passed: bool,
    /// SHA-256 of the file, in hexadecimal.
    pub file_sha256: String,
    /// Its size in bytes.
    pub file_bytes: usize,
    /// As of when.
    #[schema(format = DateTime)]
    pub time: String,
    /// Signatures and document timestamps, oldest first.
    pub signatures: Vec<SignatureReport>,
    /// Fields that nobody has signed.
    pub unsigned_fields: Vec<String>,
}
