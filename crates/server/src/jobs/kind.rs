//! Kinds of job: what may be ordered, and what comes of it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// A kind of job. The queue keeps its order and its result as JSON under its name, and reads neither.
///
/// A new kind is a type with this trait, a [`Handler`](super::Handler) registered in [`Handlers`](super::Handlers), and,
/// for clients to see what it made, its part in `jobs::view`.
pub trait JobKind: Send + Sync + 'static {
    /// Its name in the database and to clients; never changed once there are jobs of it.
    const NAME: &'static str;
    /// What is ordered, besides files.
    type Order: Serialize + DeserializeOwned + Send + Sync;
    /// What is known of what was made, besides files.
    type Result: Serialize + DeserializeOwned + Send;

    /// Tells orders apart: two with the same `Idempotency-Key` are the same if this is. `inputs` has the length and digest
    /// of each input by its name.
    ///
    /// # Errors
    /// When the order cannot be written as JSON.
    fn fingerprint(order: &Self::Order, inputs: &BTreeMap<String, String>) -> serde_json::Result<String> {
        sha256_of(&(Self::NAME, order, inputs))
    }
}

/// SHA-256 of a value's JSON, in hexadecimal.
pub(super) fn sha256_of(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("{:x}", Sha256::digest(serde_json::to_vec(value)?)))
}
