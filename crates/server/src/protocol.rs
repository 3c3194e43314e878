//! What the service and its worker processes say to each other.
//!
//! A message is one line of JSON followed by the bytes it announces. The service sends an [`Order`], the worker any
//! number of [`Progress`] and then one [`Answer`]. The service itself never reads a document or a PDF: what a made-up
//! file can bring down is a worker.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::problem::{Finding, Kind};

/// Longest line of JSON, in bytes: an answer holds schemas of all kinds, or findings of a pack.
pub const MAX_LINE: u64 = 64 << 20;

/// What a worker is to do. Blobs are named in the order they are sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Answer, so that the service knows the worker is warm.
    Ping,
    /// Tell of kinds, profiles, schemas and examples; answers a [`Description`].
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
        /// How.
        options: DocumentOptions,
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
        /// The client's options, unread.
        options: Value,
        /// Time of signing, RFC 3339.
        time: String,
    },
    /// Complete a signature. Blobs: the prepared PDF.
    SignComplete {
        /// The client's options, unread.
        options: Value,
        /// Time, RFC 3339.
        time: String,
    },
    /// Verify a PDF. Blobs: the PDF.
    Verify {
        /// Time to verify at, RFC 3339.
        time: String,
        /// Profile of the report as a document; none for the report as data.
        profile: Option<String>,
        /// `json`, `pdf` or `text`.
        format: String,
        /// Whether text is in English.
        english: bool,
    },
}

/// How a document is rendered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DocumentOptions {
    /// Profile instead of the model's own.
    pub profile: Option<String>,
    /// PDF standard, as `sigill render --standard` takes it.
    pub standard: Option<String>,
    /// Signature blocks that become fields: `digital`, `all`, `none`.
    pub reserve: Option<String>,
    /// Most pages.
    pub max_pages: usize,
}

/// How a pack is made; fields as of `sigill pack`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PackOptions {
    /// `archive` (default) or `reading`.
    pub copy: Option<String>,
    /// `full` (default) or `offentlig`.
    pub edition: Option<String>,
    /// Whether an unreadable bilaga becomes a page that says so.
    pub keep_going: bool,
    /// Profile instead of the documents' own.
    pub profile: Option<String>,
    /// Signature blocks that become fields: `digital` (default), `all`, `none`.
    pub reserve: Option<String>,
}

/// What the layouts at hand are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Description {
    /// Kinds of document.
    pub kinds: Vec<KindDescription>,
    /// Profiles.
    pub profiles: Vec<ProfileDescription>,
}

/// A kind of document.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProfileDescription {
    /// Its name in models.
    pub name: String,
    /// The municipality.
    pub title: String,
}

/// How far a worker has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Progress {
    /// Parts done.
    pub done: usize,
    /// Of how many; 0 while that is not known.
    pub total: usize,
}

/// What came of an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is done; what it says besides its blobs.
    Done {
        /// As the order has it.
        value: Value,
    },
    /// It cannot be done.
    Refused {
        /// What kind of problem.
        kind: Kind,
        /// Why, in Swedish.
        sv: String,
        /// Why, in English.
        en: String,
        /// Findings about the document.
        findings: Vec<Finding>,
    },
}

/// A line from a worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// The order is finished.
    Answer(Answer),
    /// It is not yet.
    Progress(Progress),
}

/// A message as it is on the wire.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) message: T,
    pub(crate) blobs: Vec<u64>,
}

/// A message as bytes, without its blobs.
pub(crate) fn head<T: Serialize>(message: &T, blobs: &[&[u8]]) -> io::Result<Vec<u8>> {
    let blobs = blobs.iter().map(|b| b.len() as u64).collect();
    let mut line = serde_json::to_vec(&Envelope { message, blobs })?;
    line.push(b'\n');
    Ok(line)
}

/// Sends a message.
///
/// # Errors
/// When the other end is gone.
pub fn send<T: Serialize>(to: &mut impl Write, message: &T, blobs: &[&[u8]]) -> io::Result<()> {
    to.write_all(&head(message, blobs)?)?;
    for blob in blobs {
        to.write_all(blob)?;
    }
    to.flush()
}

/// Receives a message; `None` when the other end has closed.
///
/// # Errors
/// When what comes is no message.
pub fn receive<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<(T, Vec<Vec<u8>>)>> {
    let mut line = Vec::new();
    if from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let Envelope { message, blobs } = serde_json::from_slice::<Envelope<T>>(&line)?;
    let mut out = Vec::with_capacity(blobs.len());
    for length in blobs {
        let mut blob = Vec::new();
        from.by_ref().take(length).read_to_end(&mut blob)?;
        if blob.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.push(blob);
    }
    Ok(Some((message, out)))
}
