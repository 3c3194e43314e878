//! API keys.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use sigill_messages::{Localize, joined};

use super::limits::Limit;
use super::refusal::AccessDenial;
use crate::config::{Key, Scope};
use crate::messages::{config, keys};
use crate::random;

/// What a key begins with, so that people and scanners of leaked secrets know one when they see it.
const MARK: &str = "sigill_";
/// Longest name, in characters.
const MAX_NAME: usize = 100;
/// Most requests at a time that can be set.
pub(super) const MOST_AT_A_TIME: usize = 100_000;

/// The keys of the configuration.
///
/// They are kept as SHA-256 and nothing slower: a key has 256 random bits, so that there is nothing to guess for
/// which each guess would have to be made dear, and a request must not cost a tenth of a second to let in.
pub(super) struct Keys(Vec<Known>);

pub(super) struct Known {
    pub(super) name: String,
    sha256: [u8; 32],
    pub(super) scopes: Vec<Scope>,
    expires: Option<NaiveDate>,
    pub(super) limit: Arc<Limit>,
    /// Most bytes that its jobs may take up.
    pub(super) disk: Option<u64>,
}

impl Keys {
    /// # Errors
    /// What is wrong, in Swedish and English.
    pub(super) fn new(keys: &[Key]) -> Result<Self, String> {
        let mut known: Vec<Known> = Vec::with_capacity(keys.len());
        for key in keys {
            let made = Known::new(key)?;
            if known.iter().any(|k| k.name == made.name) {
                return wrong(&keys::NameTwice { name: &made.name });
            }
            if let Some(other) = known.iter().find(|k| k.sha256 == made.sha256) {
                return wrong(&keys::KeyTwice { one: &other.name, other: &made.name });
            }
            known.push(made);
        }
        Ok(Self(known))
    }

    /// Whose key it is.
    pub(super) fn find(&self, key: &str, now: DateTime<Utc>) -> Result<&Known, AccessDenial> {
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        // All are looked at, so that the time taken does not tell where a digest stops being like one of them.
        let found =
            self.0.iter().fold(None, |found, known| if same(&digest, &known.sha256) { Some(known) } else { found });
        let known = found.ok_or(AccessDenial::Unknown)?;
        if known.expires.is_some_and(|last| now.date_naive() > last) {
            tracing::Span::current().record("caller", format!("key:{}", known.name));
            return Err(AccessDenial::KeyExpired);
        }
        Ok(known)
    }
}

impl Known {
    fn new(key: &Key) -> Result<Self, String> {
        let name = &key.name;
        if name.trim() != name
            || name.is_empty()
            || name.chars().count() > MAX_NAME
            || name.chars().any(char::is_control)
        {
            return wrong(&keys::Name { name: &format_args!("{name:?}"), most: &MAX_NAME });
        }
        let place = &format!("access.keys (name = \"{name}\")");
        if key.sha256.starts_with(MARK) {
            // Not repeated: this text ends up in logs.
            return wrong(&keys::Itself { place });
        }
        let mut sha256 = [0; 32];
        if hex::decode_to_slice(&key.sha256, &mut sha256).is_err() {
            return wrong(&keys::Digits { place });
        }
        if key.scopes.is_empty() {
            return wrong(&keys::NoScopes { place });
        }
        check_at_a_time(place, key.at_a_time)?;
        let limit = Arc::new(Limit::new(key.per_minute, key.at_a_time));
        let disk = (key.disk_mb > 0).then(|| key.disk_mb * 1_000_000);
        Ok(Self { name: name.clone(), sha256, scopes: key.scopes.clone(), expires: key.expires, limit, disk })
    }
}

/// # Errors
/// That the number is out of bounds.
pub(super) fn check_at_a_time(place: &str, number: usize) -> Result<(), String> {
    if number > MOST_AT_A_TIME {
        return wrong(&keys::AtATime { place: &place, number: &number, most: &MOST_AT_A_TIME });
    }
    Ok(())
}

/// An error of the configuration, in all languages.
pub(super) fn wrong<T>(what: &dyn Localize) -> Result<T, String> {
    Err(joined(what))
}

/// Compares in a time that does not depend on where they differ.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let difference = a.iter().zip(b).fold(0, |all, (a, b)| std::hint::black_box(all | (a ^ b)));
    std::hint::black_box(difference) == 0
}

/// A new key, and its SHA-256 for the configuration. The key itself is shown once and kept nowhere.
///
/// # Errors
/// When the machine has no random numbers to give.
pub fn new_key() -> Result<(String, String), String> {
    let token = random::token::<32>().or_else(|e| wrong(&config::Random { reason: &e }))?;
    let key = format!("{MARK}{token}");
    let sha256 = hex::encode(Sha256::digest(key.as_bytes()));
    Ok((key, sha256))
}

/// The entry of a key for the configuration file.
pub fn entry(name: &str, sha256: &str, scopes: &[Scope], expires: Option<NaiveDate>) -> String {
    let scopes: Vec<_> = scopes.iter().map(|s| format!("\"{s}\"")).collect();
    let mut text =
        format!("[[access.keys]]\nname = {}\nsha256 = \"{sha256}\"\nscopes = [{}]\n", quoted(name), scopes.join(", "));
    if let Some(last) = expires {
        text.push_str(&format!("expires = \"{last}\"\n"));
    }
    text
}

/// A basic string of TOML. JSON's escapes are among TOML's; only DEL may stand as it is in JSON but not in TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
