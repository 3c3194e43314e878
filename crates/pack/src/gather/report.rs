//! A finished pack, and how each document went into it.

use serde::Serialize;
use sigill_layout::SignatureField;
use sigill_model::Profile;
use sigill_model::edition::Edition;
use sigill_model::secrecy::SecrecyGround;
use sigill_orders::PackCopy;

use super::findings::FileFindings;
use crate::foreign::FileReport;

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// The kallelse, or the tilläggslista.
    Kallelse,
    /// A page before an item's documents.
    Divider,
    /// A document of our own.
    Document,
    /// A file of others.
    Bilaga,
    /// A page in place of a file that could not be read.
    Notice,
}

/// The report on one part: how a document went into the pack.
#[derive(Debug, Clone)]
pub struct PartReport {
    /// What it is.
    pub kind: PartKind,
    /// Number of its item; `None` for the kallelse.
    pub item: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its file, empty for the kallelse and documents that stand in it.
    pub file: String,
    /// First page in the pack, as numbered.
    pub first_page: usize,
    /// Pages.
    pub pages: usize,
    /// For files of others: how each page went in, and what did not come along.
    pub foreign: Option<FileReport>,
    /// Whether the file itself lies in the pack as well, untouched, since it is signed.
    pub attached: bool,
    /// Whether it was taken from an earlier run.
    pub reused: bool,
}

/// A finished pack.
pub struct Pack {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Title of the meeting.
    pub title: String,
    /// Its date, ISO 8601.
    pub date: String,
    /// Number of the first page.
    pub first_page: usize,
    /// What it holds, in order.
    pub parts: Vec<PartReport>,
    /// What it is for.
    pub copy: PackCopy,
    /// Who it is for.
    pub edition: Edition,
    /// Places to sign, with pages of the file from 1.
    pub signatures: Vec<SignatureField>,
    /// Why things were left out, one ground for each.
    pub left_out: Vec<SecrecyGround>,
}

/// The outcome of gathering.
pub struct Gathered {
    /// Findings, file by file; only files with findings.
    pub findings: Vec<FileFindings>,
    /// The pack, unless something is wrong.
    pub pack: Option<Pack>,
    /// The municipality's profile, for a report in its style.
    pub profile: Option<Profile>,
}
