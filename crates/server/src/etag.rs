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
///
/// The crate `headers` reads all tags there can be; ours are digits alone, which no comma divides, so that reading them
/// takes two lines. The crate `etag` makes tags of a faster hash; ours are the SHA-256 that the audit log has too.
pub(crate) fn has(headers: &HeaderMap, tag: &str) -> bool {
    let mut values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).map(str::trim);
    // A star counts alone: within a list it is part of somebody else's tag.
    values.any(|v| v == "*" || v.split(',').map(str::trim).any(|t| t.strip_prefix("W/").unwrap_or(t) == tag))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_itself_or_by_a_lone_star() {
        let tag = tag("0a1b");
        for (value, expected) in [
            ("\"0a1b\"", true),
            ("\"x\", W/\"0a1b\"", true),
            (" * ", true),
            ("\"x\"", false),
            ("0a1b", false),
            ("\"x, *\"", false),
            ("\"x,*,y\"", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            assert_eq!(has(&headers, &tag), expected, "{value}");
        }
        assert!(!has(&HeaderMap::new(), &tag));
    }
}
