//! Texts that stay the same while the service runs.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::etag;

/// A text with its digest.
pub(crate) struct Asset {
    media: &'static str,
    bytes: Bytes,
    digest: String,
}

impl Asset {
    pub(crate) fn new(media: &'static str, bytes: Vec<u8>) -> Self {
        let digest = etag::sha256(&bytes);
        Self { media, bytes: bytes.into(), digest }
    }

    pub(crate) fn json(text: String) -> Self {
        Self::new("application/json", text.into_bytes())
    }

    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let full = || ([(header::CONTENT_TYPE, self.media)], self.bytes.clone()).into_response();
        etag::conditional(headers, &self.digest, full)
    }
}
