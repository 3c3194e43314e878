//! What a second run need not make again: parts of a pack by the digest of all they were made from.
//!
//! A kept part carries a digest of its key and of its content. One that has been changed, cut or exchanged for another
//! is not believed: it is made anew.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A store of finished parts between runs.
pub trait PartStore: Sync {
    /// What is kept under this key.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps it. A store that cannot says nothing: the part is made again next time.
    fn put(&self, key: &str, value: Vec<u8>);
}

/// Keeps nothing.
pub struct NoPartStore;

impl PartStore for NoPartStore {
    fn get(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
    fn put(&self, _: &str, _: Vec<u8>) {}
}

/// Bytes of a digest (SHA-256).
const DIGEST: usize = 32;

fn digest(parts: &[&[u8]]) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    for part in parts {
        // Each with its length, so that none runs into the next.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The digest of several inputs, in hexadecimal.
pub fn key(parts: &[&[u8]]) -> String {
    digest(parts).iter().map(|b| format!("{b:02x}")).collect()
}

/// A part as it is kept: its digest, the length of its head, its head as JSON, its PDF.
///
/// # Errors
/// When the head has no form in JSON.
pub fn seal<T: Serialize>(key: &str, head: &T, pdf: &[u8]) -> serde_json::Result<Vec<u8>> {
    let head = serde_json::to_vec(head)?;
    let mut out = Vec::with_capacity(DIGEST + 8 + head.len() + pdf.len());
    out.extend(digest(&[key.as_bytes(), &head, pdf]));
    out.extend((head.len() as u64).to_be_bytes());
    out.extend(head);
    out.extend(pdf);
    Ok(out)
}

/// The part that was sealed under a key; `None` when what is kept is another or not as it was.
pub fn open<T: DeserializeOwned>(key: &str, kept: Vec<u8>) -> Option<(T, Vec<u8>)> {
    let (sum, rest) = kept.split_first_chunk::<DIGEST>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let (head, pdf) = rest.split_at_checked(length)?;
    if digest(&[key.as_bytes(), head, pdf]) != *sum {
        return None;
    }
    let head = serde_json::from_slice(head).ok()?;
    let mut pdf = kept;
    pdf.drain(..DIGEST + 8 + length);
    Some((head, pdf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_as_it_was_sealed_is_not_opened() {
        let sealed = seal("key", &"head", b"%PDF").unwrap_or_default();
        assert_eq!(open::<String>("key", sealed.clone()), Some(("head".into(), b"%PDF".to_vec())));
        assert_eq!(open::<String>("other", sealed.clone()), None);
        for length in 0..sealed.len() {
            assert_eq!(open::<String>("key", sealed[..length].to_vec()), None);
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open::<String>("key", changed), None);
        }
    }
}
