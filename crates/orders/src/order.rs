//! What worker processes are asked to do.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::choices::{Digest, Edition, Lang, Level, PackCopy, Reserve, Standard, VerifyFormat};

/// What a worker process is told once, before its first order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folders with `kinds/` and `profiles/` beside those built in.
    pub layouts: Vec<PathBuf>,
    /// Folders with fonts beside those built in.
    pub fonts: Vec<PathBuf>,
    /// Address of the timestamp service.
    pub tsa: Option<String>,
    /// Folders and files with trusted certificates.
    pub trust: Vec<PathBuf>,
    /// Whether verifying may fetch revocation that a file does not tell.
    pub online: bool,
    /// Whether the worker sets a document before its first order, since the first takes thrice the time of the next.
    pub warm: bool,
}

/// An order of the service. Blobs are named in the order they are sent; times are RFC 3339.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Answer, so that it is known that the worker is warm.
    Ping,
    /// Tell of kinds, profiles, schemas and examples.
    Describe,
    /// Render a model. Blobs: the model, then its files.
    Render {
        /// How.
        options: DocumentOptions,
        /// Names of the files.
        files: Vec<String>,
    },
    /// Check a model. Blobs: the model, then its files.
    Check {
        /// Profile instead of the model's own.
        profile: Option<String>,
        /// Names of the files.
        files: Vec<String>,
    },
    /// Make a pack from files in a folder; writes `pack.pdf`, `report.pdf` and `report.json` in `out`.
    Pack {
        /// Folder with the kallelse and all it names.
        folder: PathBuf,
        /// The kallelse's file in it.
        meeting: String,
        /// Folder for what is made.
        out: PathBuf,
        /// The pack sent before, if this one is a tilläggslista.
        sent: Option<PathBuf>,
        /// How.
        options: PackOptions,
    },
    /// Prepare a signature. Blobs: the PDF.
    SignPrepare {
        /// How.
        options: PrepareOptions,
        /// Time of signing.
        time: String,
    },
    /// Complete a signature. Blobs: the prepared PDF, the signature, and the signed attributes if they were altered.
    SignComplete {
        /// How.
        options: CompleteOptions,
        /// The time.
        time: String,
    },
    /// Verify a PDF. Blobs: the PDF.
    Verify {
        /// Time to verify at.
        time: String,
        /// Profile of the report as a document.
        profile: Option<String>,
        /// Form of the report.
        format: VerifyFormat,
        /// Language of the report as text.
        lang: Lang,
    },
}

/// How a document is rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentOptions {
    /// Profile instead of the model's own.
    pub profile: Option<String>,
    /// What the PDF conforms to.
    pub standard: Standard,
    /// Signature blocks that become fields.
    pub reserve: Reserve,
    /// Most pages; none for no bound.
    pub max_pages: Option<usize>,
}

/// How a pack is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackOptions {
    /// What it is for.
    pub copy: PackCopy,
    /// Who it is for.
    pub edition: Edition,
    /// Whether an unreadable bilaga becomes a page that says so.
    pub keep_going: bool,
    /// Profile instead of the documents' own.
    pub profile: Option<String>,
    /// Signature blocks that become fields.
    pub reserve: Reserve,
}

/// How a signature is prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepareOptions {
    /// Name of the signature field.
    pub field: String,
    /// The signer's certificate in PEM, if it is known.
    pub certificate_pem: Option<String>,
    /// Digest, when the certificate is not known.
    pub digest: Digest,
    /// Name that is shown, when the certificate is not known.
    pub name: Option<String>,
    /// The signer's title, which is shown.
    pub title: Option<String>,
    /// Why the file is signed.
    pub reason: Option<String>,
    /// Where the file is signed.
    pub location: Option<String>,
    /// Whether it is the organisation's seal.
    pub seal: bool,
}

/// How a signature is completed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompleteOptions {
    /// The state from preparing, as the client sent it back.
    pub state: Value,
    /// Certificates in PEM, the signer's first.
    pub certificates_pem: String,
    /// Level to reach.
    pub level: Level,
}
