//! What comes of an order.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigill_messages::{Texts, named_texts};

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
    /// The machine lacks something: space, a folder that can be written, a process. It passes, or somebody sees to it.
    Unavailable,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
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
    pub severity: Severity,
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
    /// What is wrong: `message_sv` and the like for each language.
    #[serde(flatten, with = "message")]
    #[cfg_attr(feature = "utoipa", schema(ignore))]
    pub message: Texts,
    /// What to do, likewise; empty when there is nothing to say.
    #[serde(flatten, with = "help")]
    #[cfg_attr(feature = "utoipa", schema(ignore))]
    pub help: Texts,
}

named_texts!(message help);

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
    /// The rule: `sv` and the like for each language.
    #[serde(flatten)]
    #[cfg_attr(feature = "utoipa", schema(ignore))]
    pub rule: Texts,
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
    /// Its title.
    pub title: Texts,
    /// What it is for.
    pub help: Texts,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finding() -> Value {
        json!({
            "code": "SUM001", "severity": "error", "pointer": "/a", "line": 3,
            "message_sv": "summan är fel", "message_en": "the sum is wrong", "help_sv": "", "help_en": "",
        })
    }

    #[test]
    fn a_finding_has_one_field_for_each_language() -> serde_json::Result<()> {
        let read: Finding = serde_json::from_value(finding())?;
        assert_eq!(
            read.message.iter().map(|(_, text)| text).collect::<Vec<_>>(),
            ["summan är fel", "the sum is wrong"]
        );
        assert!(read.help.is_empty());
        assert_eq!(serde_json::to_value(read)?, finding());
        Ok(())
    }

    #[test]
    fn a_text_that_lacks_a_language_is_no_text() {
        for lost in ["message_sv", "message_en", "help_en"] {
            let mut value = finding();
            value.as_object_mut().map(|fields| fields.remove(lost));
            let told = serde_json::from_value::<Finding>(value).map_err(|error| error.to_string());
            assert_eq!(told, Err(format!("missing field `{lost}`")));
        }
        for text in [json!({"sv": "ja"}), json!({"en": "yes"}), json!({"sv": "ja", "en": "yes", "xx": "?"})] {
            assert!(serde_json::from_value::<Texts>(text.clone()).is_err(), "{text}");
        }
    }
}
