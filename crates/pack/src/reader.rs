//! Reading files that others made: what can be asked of one, and who carries it out.
//!
//! A file made to bring a reader down must bring down a process with limits on time and memory, and nothing else. So the
//! pack itself never opens such a file: it gives orders to a [`ForeignReader`], and reads only what comes back, which
//! this program has written. The worker processes of a shell are one such reader; [`InProcess`] is for tests.

use serde::{Deserialize, Serialize};

use crate::foreign::{self, Converted, Copied, FileReport, Foreign, Refused};
use crate::proof::{self, Leak, Secret};
use crate::{merge, picture};

/// A description of a foreign file: what a pack knows of it beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDescription {
    /// Its title in the pack.
    pub title: String,
    /// The password it opens with.
    pub password: Option<String>,
    /// What its pages show, for pages without text.
    pub alt: Option<String>,
    /// Year, month and day of the pack.
    pub date: (u16, u8, u8),
}

/// An order about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "snake_case")]
pub enum ReadOrder {
    /// Write it anew so that it keeps to the standards.
    Convert(ForeignDescription),
    /// Make it ready to go into a reading copy as it is: opened, and without what acts by itself. A damaged file is
    /// written anew instead, since readers would stumble over it.
    Copy(ForeignDescription),
    /// Give its text, for searching.
    Text {
        /// The password it opens with.
        password: Option<String>,
    },
    /// Search a finished pack for what must not be in it.
    Search {
        /// What must not.
        secrets: Vec<Secret>,
    },
    /// Tell the number of the last page of a pack sent before.
    LastPage,
}

/// The answer to an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ReadAnswer {
    /// The file is ready to go in; its PDF comes beside.
    Ready {
        /// What became of it.
        report: FileReport,
        /// Whether its pages are as they were, untagged ([`ReadOrder::Copy`]).
        copied: bool,
        /// Whether the original keeps to PDF/A and may lie in an archive copy untouched; asked only of signed files.
        archival: bool,
    },
    /// Its text, page by page.
    Text {
        /// The pages.
        pages: Vec<String>,
    },
    /// What was found; nothing when the pack is clean.
    Searched {
        /// The finds.
        leaks: Vec<Leak>,
    },
    /// The number of the last page; nothing when the file is no pack.
    LastPage {
        /// The number.
        number: Option<usize>,
    },
}

/// An answer, and the PDF that belongs to it if there is one.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What is said.
    pub answer: ReadAnswer,
    /// The PDF; empty when the answer has none.
    pub pdf: Vec<u8>,
}

impl From<ReadAnswer> for Reading {
    fn from(answer: ReadAnswer) -> Self {
        Self { answer, pdf: Vec::new() }
    }
}

/// A task: one order and the file it is about.
pub struct ReadTask<'a> {
    /// What is asked.
    pub order: ReadOrder,
    /// The file.
    pub bytes: &'a [u8],
}

/// A reader of foreign files, which carries out orders about them.
pub trait ForeignReader: Sync {
    /// Carries out all tasks, in any order, and gives their results in the order of the tasks. Tells of each that is
    /// done. A task that came to no result is [`Refused::Limits`].
    fn read(&self, tasks: &[ReadTask<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Reading, Refused>>;
}

/// Carries out an order in this process, without limits.
///
/// # Errors
/// When the file cannot be read, or is more than a pack takes.
pub fn carry_out(order: &ReadOrder, bytes: &[u8]) -> Result<Reading, Refused> {
    match order {
        ReadOrder::Convert(described) => {
            with_picture(bytes, |bytes| foreign::convert(&foreign_of(described, bytes)).map(Reading::from))
        }
        ReadOrder::Copy(described) => with_picture(bytes, |bytes| {
            Ok(match foreign::copy(&foreign_of(described, bytes))? {
                Copied::Anew(converted) => converted.into(),
                Copied::AsItIs { pdf, report } => {
                    Reading { answer: ReadAnswer::Ready { report, copied: true, archival: false }, pdf }
                }
            })
        }),
        ReadOrder::Text { password } => with_picture(bytes, |bytes| {
            let password = password.as_deref();
            let foreign = Foreign { bytes, title: "", password, alt: None, date: (1, 1, 1) };
            Ok(ReadAnswer::Text { pages: foreign::text(&foreign)? }.into())
        }),
        ReadOrder::Search { secrets } => Ok(ReadAnswer::Searched { leaks: proof::search(bytes, secrets) }.into()),
        ReadOrder::LastPage => Ok(ReadAnswer::LastPage { number: merge::last_label(bytes) }.into()),
    }
}

/// Does something with a file; a picture becomes a PDF of one page first.
fn with_picture(bytes: &[u8], work: impl FnOnce(&[u8]) -> Result<Reading, Refused>) -> Result<Reading, Refused> {
    match picture::as_pdf(bytes) {
        Some(pdf) => work(&pdf),
        None => work(bytes),
    }
}

fn foreign_of<'a>(described: &'a ForeignDescription, bytes: &'a [u8]) -> Foreign<'a> {
    let ForeignDescription { title, password, alt, date } = described;
    Foreign { bytes, title, password: password.as_deref(), alt: alt.as_deref(), date: *date }
}

impl From<Converted> for Reading {
    fn from(Converted { pdf, report, archival }: Converted) -> Self {
        Self { answer: ReadAnswer::Ready { report, copied: false, archival }, pdf }
    }
}

/// A reader that works in this process, one file after the other and without limits: for tests.
pub struct InProcess;

impl ForeignReader for InProcess {
    fn read(&self, tasks: &[ReadTask<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Reading, Refused>> {
        let each = |task: &ReadTask<'_>| {
            let result = carry_out(&task.order, task.bytes);
            done();
            result
        };
        tasks.iter().map(each).collect()
    }
}
