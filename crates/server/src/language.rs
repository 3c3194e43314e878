//! Content negotiation for language (RFC 9110, 12.5.4): Swedish unless the client would rather have English.
//!
//! `fluent-langneg` overlooks weights. `accept-language` matches whole tags as they are spelt, so that neither `en-GB`
//! nor `EN` would be English, and lets `q=0` through. So this stays ours.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::weight::weight;

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
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok());
        let choices: Vec<_> = values.flat_map(|v| v.split(',')).map(choice).collect();
        let named = |language: Self| choices.iter().any(|(primary, _)| primary == language.tag());
        let (mut best, mut most) = (Self::Sv, 0.0);
        for (primary, q) in &choices {
            // A star stands for what is not named.
            let mut meant = [Self::Sv, Self::En].into_iter().filter(|l| match primary.as_str() {
                "*" => !named(*l),
                primary => primary == l.tag(),
            });
            if let Some(language) = meant.next()
                && *q > most
            {
                (best, most) = (language, *q);
            }
        }
        best
    }
}

/// The primary language of a choice, and its weight.
fn choice(text: &str) -> (String, f32) {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let primary = tag.trim().split('-').next().unwrap_or_default();
    (primary.to_ascii_lowercase(), weight(parameters))
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn swedish_unless_english_is_liked_better() {
        for (accept, expected) in [
            ("", Language::Sv),
            ("de", Language::Sv),
            ("en-GB", Language::En),
            ("EN;q=0.9, sv;q=0.8", Language::En),
            ("sv, en", Language::Sv),
            ("en, sv", Language::En),
            ("*", Language::Sv),
            ("*, en;q=0.5", Language::Sv),
            // What a star stands for is not what was refused, nor what was named with less.
            ("sv;q=0, *", Language::En),
            ("*, sv;q=0.5", Language::En),
            ("en;Q=0, sv;q=0.1", Language::Sv),
            ("en;q=nan, sv;q=0.1", Language::Sv),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            assert_eq!(Language::of(&headers), expected, "{accept}");
        }
    }
}
