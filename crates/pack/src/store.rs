//! What a second run need not make again: parts of a pack by the digest of all they were made from.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Keeps finished parts between runs.
pub trait Store: Sync {
    /// What is kept under this key.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps it. A store that cannot says nothing: the part is made again next time.
    fn put(&self, key: &str, value: &[u8]);
}

/// Keeps nothing.
pub struct NoStore;

impl Store for NoStore {
    fn get(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
    fn put(&self, _: &str, _: &[u8]) {}
}

/// The digest of several inputs, each with its length, so that none runs into the next.
pub fn key(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// A head and a PDF in one piece: length of the head, the head as JSON, the PDF.
pub fn frame<T: Serialize>(head: &T, pdf: &[u8]) -> Vec<u8> {
    let head = serde_json::to_vec(head).unwrap_or_default();
    let mut out = Vec::with_capacity(head.len() + pdf.len() + 8);
    out.extend((head.len() as u64).to_be_bytes());
    out.extend(head);
    out.extend(pdf);
    out
}

/// The reverse of [`frame`]; `None` when it is not whole.
pub fn unframe<T: DeserializeOwned>(bytes: &[u8]) -> Option<(T, Vec<u8>)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let head = serde_json::from_slice(rest.get(..length)?).ok()?;
    Some((head, rest.get(length..)?.to_vec()))
}
