//! Content negotiation for language (RFC 9110, 12.5.4): Swedish unless the client would rather have another.
//!
//! `fluent-langneg` overlooks weights. `accept-language` matches whole tags as they are spelt, so that neither `en-GB`
//! nor `EN` would be English, and lets `q=0` through. So this stays ours.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sigill_messages::Lang;

use crate::weight::weight;

/// The language that a client asks for.
pub(crate) struct Language(pub(crate) Lang);

/// What the headers ask for.
pub(crate) fn asked_language(headers: &HeaderMap) -> Lang {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok());
    let choices: Vec<_> = values.flat_map(|v| v.split(',')).map(choice).collect();
    let named = |language: Lang| choices.iter().any(|(primary, _)| primary == language.tag());
    let (mut best, mut most) = (Lang::default(), 0.0);
    for (primary, q) in &choices {
        // A star stands for what is not named.
        let mut meant = Lang::ALL.iter().filter(|l| match primary.as_str() {
            "*" => !named(**l),
            primary => primary == l.tag(),
        });
        if let Some(language) = meant.next()
            && *q > most
        {
            (best, most) = (*language, *q);
        }
    }
    best
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
        Ok(Self(asked_language(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn swedish_unless_english_is_liked_better() {
        for (accept, expected) in [
            ("", Lang::Sv),
            ("de", Lang::Sv),
            ("en-GB", Lang::En),
            ("EN;q=0.9, sv;q=0.8", Lang::En),
            ("sv, en", Lang::Sv),
            ("en, sv", Lang::En),
            ("*", Lang::Sv),
            ("*, en;q=0.5", Lang::Sv),
            // What a star stands for is not what was refused, nor what was named with less.
            ("sv;q=0, *", Lang::En),
            ("*, sv;q=0.5", Lang::En),
            ("en;Q=0, sv;q=0.1", Lang::Sv),
            ("en;q=nan, sv;q=0.1", Lang::Sv),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            assert_eq!(asked_language(&headers), expected, "{accept}");
        }
    }
}
