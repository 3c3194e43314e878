//! Frames: a line of JSON, the head, that announces blobs by their lengths, then the blobs.

use std::io::{self, BufRead, ErrorKind, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longest head in bytes: an answer holds the schemas of all kinds, or the findings of a large pack.
pub const MAX_HEAD: usize = 64 << 20;
/// Most blobs of a frame.
pub const MAX_BLOBS: usize = 1 << 20;
/// Most bytes of all blobs of a frame.
pub const MAX_BYTES: u64 = 4 << 30;
/// Bytes set aside for a blob before any of it has come: an announced length is only a claim.
const FIRST: u64 = 64 << 10;

/// A message and its blobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<T> {
    /// The message.
    pub message: T,
    /// The blobs, in order.
    pub blobs: Vec<Vec<u8>>,
}

impl<T> Frame<T> {
    /// A message without blobs.
    pub fn bare(message: T) -> Self {
        Self { message, blobs: Vec::new() }
    }
}

/// The first line of a frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head<T> {
    message: T,
    blobs: Vec<u64>,
}

/// The head of a frame with these blobs, as a line.
///
/// # Errors
/// When the other end would refuse it for its size.
pub fn head<T: Serialize, B: AsRef<[u8]>>(message: &T, blobs: &[B]) -> io::Result<Vec<u8>> {
    let blobs: Vec<u64> = blobs.iter().map(|b| b.as_ref().len() as u64).collect();
    bounds(&blobs)?;
    let mut line = serde_json::to_vec(&Head { message, blobs })?;
    line.push(b'\n');
    if line.len() > MAX_HEAD {
        return Err(too_large("head"));
    }
    Ok(line)
}

fn bounds(lengths: &[u64]) -> io::Result<()> {
    let total = lengths.iter().try_fold(0u64, |sum, length| sum.checked_add(*length));
    if lengths.len() > MAX_BLOBS || total.is_none_or(|total| total > MAX_BYTES) {
        return Err(too_large("blobs"));
    }
    Ok(())
}

fn too_large(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the {what} of a frame are more than it may have"))
}

/// Sends a frame.
///
/// # Errors
/// When the other end is gone, or the frame larger than it takes.
pub fn send<T: Serialize, B: AsRef<[u8]>>(to: &mut impl Write, message: &T, blobs: &[B]) -> io::Result<()> {
    to.write_all(&head(message, blobs)?)?;
    for blob in blobs {
        to.write_all(blob.as_ref())?;
    }
    to.flush()
}

/// Receives a frame; `None` when the other end has closed between two.
///
/// # Errors
/// When what comes is no frame, larger than a frame may be, or cut.
pub fn receive<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<Frame<T>>> {
    let mut decoder = Decoder::new();
    loop {
        let input = match from.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            input => input?,
        };
        if input.is_empty() {
            return decoder.end().map(|()| None);
        }
        let (used, frame) = decoder.decode(input)?;
        from.consume(used);
        if frame.is_some() {
            return Ok(frame);
        }
    }
}

/// Puts frames together from bytes as they come, wherever they come from.
pub(crate) struct Decoder<T> {
    line: Vec<u8>,
    open: Option<Open<T>>,
}

/// A frame whose head has come.
struct Open<T> {
    message: T,
    lengths: std::vec::IntoIter<u64>,
    blobs: Vec<Vec<u8>>,
    /// Bytes that the last blob lacks.
    lacking: u64,
}

impl<T: DeserializeOwned> Decoder<T> {
    pub(crate) fn new() -> Self {
        Self { line: Vec::new(), open: None }
    }

    /// Whether the other end may close here.
    ///
    /// # Errors
    /// When a frame has begun and not ended.
    pub(crate) fn end(&self) -> io::Result<()> {
        let between = self.line.is_empty() && self.open.is_none();
        if between { Ok(()) } else { Err(io::Error::new(ErrorKind::UnexpectedEof, "a frame is cut")) }
    }

    /// Takes bytes: how many it has used, and the frame if they end one.
    pub(crate) fn decode(&mut self, input: &[u8]) -> io::Result<(usize, Option<Frame<T>>)> {
        let mut rest = input;
        let mut open = match self.open.take() {
            Some(open) => open,
            None => match self.head(&mut rest)? {
                Some(open) => open,
                None => return Ok((input.len(), None)),
            },
        };
        let whole = open.fill(&mut rest);
        let used = input.len() - rest.len();
        if whole {
            return Ok((used, Some(Frame { message: open.message, blobs: open.blobs })));
        }
        self.open = Some(open);
        Ok((used, None))
    }

    fn head(&mut self, rest: &mut &[u8]) -> io::Result<Option<Open<T>>> {
        let end = rest.iter().position(|b| *b == b'\n');
        let part = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if self.line.len() + part.len() >= MAX_HEAD {
            return Err(too_large("head"));
        }
        self.line.extend_from_slice(part);
        let Some(end) = end else { return Ok(None) };
        *rest = rest.get(end + 1..).unwrap_or_default();
        let Head { message, blobs } =
            serde_json::from_slice::<Head<T>>(&self.line).map_err(|e| io::Error::new(ErrorKind::InvalidData, e))?;
        self.line = Vec::new();
        bounds(&blobs)?;
        Ok(Some(Open { message, blobs: Vec::new(), lengths: blobs.into_iter(), lacking: 0 }))
    }
}

impl<T> Open<T> {
    /// Fills blobs from the bytes at hand; whether that was all of them.
    fn fill(&mut self, rest: &mut &[u8]) -> bool {
        loop {
            if self.lacking == 0 {
                let Some(length) = self.lengths.next() else { return true };
                self.lacking = length;
                self.blobs.push(Vec::with_capacity(usize::try_from(length.min(FIRST)).unwrap_or_default()));
                continue;
            }
            let Some(blob) = self.blobs.last_mut().filter(|_| !rest.is_empty()) else { return false };
            let count = usize::try_from(self.lacking).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = rest.split_at(count);
            if blob.capacity() - blob.len() < count {
                // Doubled, and never beyond what was announced.
                let more = self.lacking.min(blob.len().max(count) as u64);
                blob.reserve_exact(usize::try_from(more).unwrap_or(count));
            }
            blob.extend_from_slice(now);
            self.lacking -= count as u64;
            *rest = later;
        }
    }
}
