//! What comes of an order.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigill_messages::Texts;

/// How far a worker has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Parts done.
    pub done: usize,
    /// Of how many; 0 while that is not known.
    pub total: usize,
}

/// What came of an order of the service.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Done {
        /// What is told besides the blobs.
        product: Product,
    },
    /// It cannot be done.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

/// What an order comes to, one for each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// The worker is warm.
    Ready,
    /// Kinds and profiles.
    Description(Description),
    /// A document. Blobs: the PDF.
    Rendered(Rendered),
    /// Findings.
    Checked(Checked),
    /// A pack, in its folder.
    Packed(Packed),
    /// A prepared signature. Blobs: the prepared PDF.
    Prepared(PreparedSignature),
    /// A signed file. Blobs: the PDF.
    Signed,
    /// A report on signatures as data.
    Verified(Verified),
    /// A report on signatures as a file. Blobs: the file.
    Report,
}

/// Why an order cannot be carried out, in the sorts that a client can do something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// What was asked for makes no sense.
    BadRequest,
    /// The document has errors.
    DocumentErrors,
    /// The document is larger than the service makes.
    TooLarge,
    /// The PDF cannot be read.
    UnreadablePdf,
    /// The field is taken, or the file is another than was prepared.
    SignatureConflict,
    /// The signature cannot be made.
    SignatureRefused,
    /// A service outside did not answer.
    OutsideFailed,
    /// A fault of this program; what it is stands in the worker's log.
    Internal,
}

/// Why an order cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The sort.
    pub reason: Reason,
    /// What is told.
    pub message: Texts,
    /// Findings about the document.
    pub findings: Vec<Finding>,
}

/// How grave a finding is.
#[cfg(feature = "utoipa")]
#[derive(utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes a value")]
enum Severity {
    /// With it, no document is made.
    Error,
    /// The document is made nonetheless.
    Warning,
}

/// A finding about a document, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Stable code: `SUM001`.
    pub code: String,
    /// `error` or `warning`.
    #[cfg_attr(feature = "utoipa", schema(value_type = Severity))]
    pub severity: String,
    /// JSON pointer into the model.
    pub pointer: String,
    /// File of a pack; empty for the kallelse itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(nullable = false))]
    pub file: Option<String>,
    /// Line in the JSON, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(nullable = false))]
    pub line: Option<u64>,
    /// Column in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(nullable = false))]
    pub column: Option<u64>,
    /// How many characters it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(nullable = false))]
    pub width: Option<u64>,
    /// What is wrong, in Swedish.
    pub message_sv: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// What to do, in Swedish.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(required))]
    pub help_sv: String,
    /// What to do, in English.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(required))]
    pub help_en: String,
}

/// A place to sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SignaturePlace {
    /// Name of the field.
    pub id: String,
    /// `ink` or `digital`.
    pub method: String,
    /// Page, from 1.
    pub page: u64,
    /// Left, bottom, right, top in points from the page's lower left corner.
    pub rect: Vec<f64>,
    /// Whose signature.
    pub label: String,
}

/// A rendered document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rendered {
    /// Number of pages.
    pub pages: usize,
    /// A name for the file.
    pub file_name: String,
    /// Places to sign, in order.
    pub signatures: Vec<SignaturePlace>,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// What was found about a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Checked {
    /// Number of errors: with any, the document cannot be rendered.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// The findings, in order of place.
    pub findings: Vec<Finding>,
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Packed {
    /// Number of pages.
    pub pages: usize,
    /// A name for the file.
    pub file_name: String,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// A prepared signature: the digest and the attributes go to the one who signs, the state stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedSignature {
    /// State that completing needs.
    pub state: Value,
    /// Digest of the signed attributes: what is signed.
    pub digest: Vec<u8>,
    /// The signed attributes in DER.
    pub attributes: Vec<u8>,
}

/// A rule of the standards and whether the file keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ConformanceCheck {
    /// Clause of ISO 19005-2 or ISO 14289-1.
    pub clause: String,
    /// Whether it is kept.
    pub passed: bool,
    /// The rule, in Swedish.
    pub sv: String,
    /// The rule, in English.
    pub en: String,
}

/// What a validator is expected to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Conformance {
    /// Whether the file is expected to be PDF/A-2a.
    pub archival: bool,
    /// Whether the file is expected to be PDF/UA-1.
    pub accessible: bool,
    /// The rules looked at.
    pub checks: Vec<ConformanceCheck>,
}

/// What verifying came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Verified {
    /// The report on signatures, as `sigill verify --format json` writes it.
    #[cfg_attr(feature = "utoipa", schema(value_type = Object))]
    pub report: Value,
    /// What a validator is expected to say of the file.
    pub conformance: Conformance,
}

/// What the layouts at hand are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Kinds of document.
    pub kinds: Vec<KindDescription>,
    /// Profiles.
    pub profiles: Vec<ProfileDescription>,
}

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindDescription {
    /// Its name in models.
    pub name: String,
    /// Its title, in Swedish.
    pub title_sv: String,
    /// Its title, in English.
    pub title_en: String,
    /// What it is for, in Swedish.
    pub help_sv: String,
    /// What it is for, in English.
    pub help_en: String,
    /// Whether it comes from a folder of layouts rather than the program.
    pub plugin: bool,
    /// Its JSON Schema, as text, so that the order of its keys is kept.
    pub schema: String,
    /// A model to start from, as text.
    pub example: String,
}

/// A municipality's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileDescription {
    /// Its name in models.
    pub name: String,
    /// The municipality.
    pub title: String,
    /// A diarienummer as the municipality writes it.
    pub dnr_example: Option<String>,
}
