//! Values that cannot be meant: they would be found out later, by somebody who cannot help it.

use sigill_messages::joined;

use crate::messages::config as texts;

/// A number with the bounds that it has to keep to: its key, its value, the least and the most it may be.
pub(super) type Bounded = (&'static str, u64, u64, u64);

/// # Errors
/// The first number out of bounds, in Swedish and English.
pub(super) fn numbers(all: impl IntoIterator<Item = Bounded>) -> Result<(), String> {
    match all.into_iter().find(|(_, value, least, most)| !(least..=most).contains(&value)) {
        Some((key, value, least, most)) => {
            Err(joined(&texts::Between { key: &key, value: &value, least: &least, most: &most }))
        }
        None => Ok(()),
    }
}

/// # Errors
/// That the address of a timestamp service is none that can be asked.
pub(super) fn tsa(address: &str) -> Result<(), String> {
    let uri = address.parse::<axum::http::Uri>().ok();
    let good = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if good { Ok(()) } else { Err(joined(&texts::Tsa { address: &address })) }
}

/// # Errors
/// That a name is no host's.
pub(super) fn host(name: &str) -> Result<(), String> {
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if name.split('.').all(label) { Ok(()) } else { Err(joined(&texts::Host { name: &name })) }
}
