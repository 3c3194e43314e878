//! Random names and keys: the one place that asks the machine for random numbers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// So many random bytes as text that is fit for an address.
///
/// # Errors
/// When the machine has no random numbers to give.
pub(crate) fn token<const BYTES: usize>() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<BYTES>()?))
}

/// A name for a request: 80 random bits. Without randomness the name is of no use, but the request still is.
pub(crate) fn request_id() -> String {
    hex::encode(bytes::<10>().unwrap_or([0; 10]))
}

fn bytes<const BYTES: usize>() -> Result<[u8; BYTES], getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
