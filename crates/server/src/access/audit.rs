//! What was made and signed, by whom: one line of JSON each, never any content.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sigill_messages::joined;

use crate::config::Config;
use crate::lines::LineQueue;
use crate::messages::config as texts;

/// A line of the audit.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// When.
    pub time: DateTime<Utc>,
    /// Who: [`Caller::id`](super::Caller).
    pub who: &'a str,
    /// What was done: `render`, `pack`, `sign.complete`.
    pub what: &'a str,
    /// SHA-256 of what came of it, in hexadecimal.
    pub sha256: Option<&'a str>,
    /// Its pages.
    pub pages: Option<usize>,
    /// Its bytes.
    pub bytes: Option<u64>,
    /// `done`, or the name of the problem: `document-has-errors`.
    pub outcome: &'a str,
    /// Names the request, as in the service's log.
    pub request_id: Option<&'a str>,
    /// Names the job, as in the service's log.
    pub job: Option<&'a str>,
}

/// As it is written.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    who: &'a str,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a str>,
}

impl Entry<'_> {
    /// As it is written, with its end.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(crate) fn line(&self) -> io::Result<Vec<u8>> {
        let &Self { time, who, what, sha256, pages, bytes, outcome, request_id, job } = self;
        let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut line = serde_json::to_vec(&Line { time, who, what, sha256, pages, bytes, outcome, request_id, job })?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Where audit lines go.
#[derive(Debug)]
pub struct Audit {
    place: Place,
    failures: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Place {
    File(AuditFile),
    /// Standard output, which nothing waits for.
    Output(LineQueue),
}

#[derive(Debug)]
struct AuditFile {
    path: PathBuf,
    /// Whether a line is on the disk before it counts as written.
    sync: bool,
    /// Bytes at which the file is put aside.
    most: Option<u64>,
    /// One line at a time, so that a file is put aside once; whether the last was cut off by an error.
    cut: Mutex<bool>,
}

impl Audit {
    /// As the configuration has it.
    ///
    /// # Errors
    /// When the file cannot be written, in Swedish and English.
    pub fn of(config: &Config) -> Result<Self, String> {
        let most = (config.audit_mb > 0).then(|| config.audit_mb * 1_000_000);
        match &config.audit {
            Some(path) => Self::file(path, config.audit_sync, most),
            None => Self::new(None),
        }
    }

    /// To a file, or to standard output.
    ///
    /// # Errors
    /// When the file cannot be written, in Swedish and English.
    pub fn new(path: Option<&Path>) -> Result<Self, String> {
        match path {
            Some(path) => Self::file(path, false, None),
            None => {
                let failures = Arc::default();
                let queue = LineQueue::to(io::stdout(), Arc::clone(&failures)).map_err(|e| e.to_string())?;
                Ok(Self { place: Place::Output(queue), failures })
            }
        }
    }

    /// Counts a line that was given up.
    pub(crate) fn fail(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// How many lines were not written since the start.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    fn file(path: &Path, sync: bool, most: Option<u64>) -> Result<Self, String> {
        open(path).map_err(|reason| joined(&texts::Audit { file: &path.display(), reason: &reason }))?;
        let file = AuditFile { path: path.to_owned(), sync, most, cut: Mutex::new(false) };
        Ok(Self { place: Place::File(file), failures: Arc::default() })
    }

    /// Writes a line, in one write, so that lines of several processes do not mix.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn write(&self, entry: &Entry<'_>) -> io::Result<()> {
        self.append(entry.line()?)
    }

    /// As [`Self::write`], of a line that is made.
    pub(crate) fn append(&self, line: Vec<u8>) -> io::Result<()> {
        match &self.place {
            Place::File(file) => file.append(line).inspect_err(|_| self.fail()),
            // The queue counts.
            Place::Output(queue) => match queue.push(line) {
                true => Ok(()),
                false => Err(io::Error::new(io::ErrorKind::WouldBlock, "nobody reads standard output")),
            },
        }
    }
}

impl AuditFile {
    fn append(&self, mut line: Vec<u8>) -> io::Result<()> {
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        // Opened for each line: next to making a document that is nothing, and a file that has been rotated away
        // is never written to.
        let mut file = open(&self.path)?;
        if self.most.is_some_and(|most| file.metadata().is_ok_and(|now| now.len() >= most)) {
            match put_aside(&self.path) {
                Ok(()) => file = open(&self.path)?,
                // A file that grows is better than lines that are lost.
                Err(error) => tracing::error!(%error, "the audit's file cannot be put aside"),
            }
        }
        if *cut {
            line.insert(0, b'\n');
        }
        let before = file.metadata()?.len();
        if let Err(error) = file.write_all(&line) {
            // On a disk that is full, a part of it may be there.
            *cut = file.metadata().map_or(true, |now| now.len() > before);
            return Err(error);
        }
        *cut = false;
        if self.sync { file.sync_data() } else { Ok(()) }
    }
}

/// Gives a file the next number. No file of that number is overwritten, whoever else puts the same one aside.
fn put_aside(path: &Path) -> io::Result<()> {
    for number in 1_u32.. {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".{number}"));
        match std::fs::hard_link(path, &aside) {
            Ok(()) => return std::fs::remove_file(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn open(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    // Who did what is for those who look after the service.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.open(path)
}
