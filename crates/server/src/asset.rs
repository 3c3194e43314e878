//! Texts that stay the same while the service runs. They are compressed, and their digest is made, once: who asks for them
//! often costs little.

use std::io::{self, Write as _};
use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::etag;
use crate::weight::weight;

/// Least length that is worth compressing.
const WORTH: usize = 1000;

/// A text with its digest.
pub(crate) struct Asset {
    media: &'static str,
    bytes: Bytes,
    digest: String,
    /// Compressed, once somebody has asked for it; none when it cannot be, or gets no smaller.
    compressed: OnceLock<Option<Bytes>>,
}

impl Asset {
    pub(crate) fn new(media: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let digest = etag::sha256(&bytes);
        Self { media, bytes, digest, compressed: OnceLock::new() }
    }

    pub(crate) fn json(text: String) -> Self {
        Self::new("application/json", text.into_bytes())
    }

    fn compressed(&self) -> Option<Bytes> {
        let made = self.compressed.get_or_init(|| {
            let made = compress(&self.bytes).ok()?;
            (made.len() < self.bytes.len()).then(|| made.into())
        });
        made.clone()
    }

    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let mut response = etag::conditional(headers, &self.digest, || {
            let media = [(header::CONTENT_TYPE, self.media)];
            let compressed = if takes_gzip(headers) && self.bytes.len() >= WORTH { self.compressed() } else { None };
            match compressed {
                Some(bytes) => (media, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response(),
                None => (media, self.bytes.clone()).into_response(),
            }
        });
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes)?;
    out.finish()
}

/// Whether the client takes gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let codings: Vec<_> =
        values.flat_map(|v| v.split(',')).map(|text| text.split_once(';').unwrap_or((text, ""))).collect();
    let named = |name: &str| codings.iter().find(|(coding, _)| coding.trim().eq_ignore_ascii_case(name));
    named("gzip").or_else(|| named("*")).is_some_and(|(_, parameters)| weight(parameters) > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_it_gets_it_compressed() {
        let text = "text ".repeat(1000);
        let asset = Asset::json(text.clone());
        let is_compressed = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            asset.answer(&headers).headers().contains_key(header::CONTENT_ENCODING)
        };
        for (accept, expected) in
            [("gzip, br", true), ("GZIP;q=0.5", true), ("*", true), ("br", false), ("gzip;q=0, *", false), ("", false)]
        {
            assert_eq!(is_compressed(accept), expected, "{accept}");
        }
        let compressed = compress(text.as_bytes()).unwrap();
        assert!(compressed.len() < text.len() / 10);
    }
}
