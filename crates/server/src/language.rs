//! Content negotiation for language (RFC 9110, 12.5.4): Swedish unless the client would rather have English.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// Languages of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Swedish.
    #[default]
    Sv,
    /// English.
    En,
}

impl Language {
    /// As in `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }

    /// What the client asks for.
    pub fn of(headers: &HeaderMap) -> Self {
        let (mut best, mut weight) = (Self::Sv, 0.0);
        for value in headers.get_all(header::ACCEPT_LANGUAGE) {
            for choice in value.to_str().unwrap_or_default().split(',') {
                let (tag, q) = choice.split_once(';').unwrap_or((choice, ""));
                let q = q.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>).unwrap_or(0.0);
                let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
                let language = match primary.as_str() {
                    "sv" | "*" => Self::Sv,
                    "en" => Self::En,
                    _ => continue,
                };
                if q > weight {
                    (best, weight) = (language, q);
                }
            }
        }
        best
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}
