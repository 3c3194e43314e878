//! What was made and signed, by whom: one line of JSON each, never any content.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sigill_messages::joined;

use crate::messages::config;

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
}

/// Where audit lines go.
#[derive(Debug)]
pub struct Audit(Option<PathBuf>);

impl Audit {
    /// To a file, or to standard output.
    ///
    /// # Errors
    /// When the file cannot be written, in Swedish and English.
    pub fn new(path: Option<&Path>) -> Result<Self, String> {
        if let Some(path) = path {
            open(path).map_err(|reason| joined(&config::Audit { file: &path.display(), reason: &reason }))?;
        }
        Ok(Self(path.map(Path::to_owned)))
    }

    /// Writes a line, in one write, so that lines of several processes do not mix.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn write(&self, entry: &Entry<'_>) -> io::Result<()> {
        let &Entry { time, who, what, sha256, pages, bytes, outcome, request_id } = entry;
        let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut line = serde_json::to_vec(&Line { time, who, what, sha256, pages, bytes, outcome, request_id })?;
        line.push(b'\n');
        match &self.0 {
            // Opened for each line: next to making a document that is nothing, and a file that has been rotated away
            // is never written to.
            Some(path) => open(path)?.write_all(&line),
            None => {
                let mut out = io::stdout().lock();
                out.write_all(&line)?;
                out.flush()
            }
        }
    }
}

fn open(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    // Who did what is for those who look after the service.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.open(path)
}
