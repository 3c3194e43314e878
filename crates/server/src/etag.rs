//! Entity tags and conditional requests (RFC 9110, 8.8.3 and 13.1.2).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// SHA-256 of a file in hexadecimal, and its length.
#[expect(clippy::disallowed_methods, reason = "the service reads what its worker wrote")]
pub(crate) fn of_file(path: &std::path::Path) -> std::io::Result<(String, u64)> {
    let mut digest = Sha256::new();
    let length = std::io::copy(&mut std::fs::File::open(path)?, &mut digest)?;
    Ok((hex::encode(digest.finalize()), length))
}

/// A strong tag from a digest.
pub(crate) fn tag(digest: &str) -> String {
    format!("\"{digest}\"")
}

/// Whether the client already has what the tag names. `If-None-Match` compares weakly.
pub(crate) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).map(str::trim).any(|t| t == "*" || t.strip_prefix("W/").unwrap_or(t) == tag)
}

/// An answer that the client may keep but must ask about, or 304 when it has it.
pub(crate) fn conditional(headers: &HeaderMap, digest: &str, full: impl FnOnce() -> Response) -> Response {
    let tag = tag(digest);
    let mut response = if has(headers, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { full() };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}
