//! Values that cannot be meant: they would be found out later, by somebody who cannot help it.

/// A number with the bounds that it has to keep to: its key, its value, the least and the most it may be.
pub(super) type Bounded = (&'static str, u64, u64, u64);

/// # Errors
/// The first number out of bounds, in Swedish and English.
pub(super) fn numbers(all: impl IntoIterator<Item = Bounded>) -> Result<(), String> {
    match all.into_iter().find(|(_, value, least, most)| !(least..=most).contains(&value)) {
        Some((key, value, least, most)) => Err(format!(
            "{key} = {value}: ange ett tal från {least} till {most} · give a number from {least} to {most}"
        )),
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
    if good {
        return Ok(());
    }
    Err(format!(
        "sign.tsa = \"{address}\": ange en adress som börjar med http:// eller https:// · \
         give an address that begins with http:// or https://"
    ))
}

/// # Errors
/// That a name is no host's.
pub(super) fn host(name: &str) -> Result<(), String> {
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if name.split('.').all(label) {
        return Ok(());
    }
    Err(format!(
        "hosts: \"{name}\": ange namnet som det står i adressen, utan port · \
         give the name as it stands in the address, without a port"
    ))
}
