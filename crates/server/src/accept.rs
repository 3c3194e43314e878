//! Content negotiation for media type (RFC 9110, 12.5.1).
//!
//! `headers-accept` was weighed: it finds no JSON for `application/json; charset=utf-8`, takes a weight it cannot read
//! (`q=.2`, as old Java clients have it) for the highest, and lets the client's order decide between equals, where ours
//! does.

use axum::http::{HeaderMap, header};

use crate::messages;
use crate::problem::{Kind, Problem, Result};
use crate::weight::weight;

/// The offered type that the client likes best; the first, when it does not say.
///
/// # Errors
/// [`Kind::NotAcceptable`] when it takes none of them.
pub(crate) fn choose(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str> {
    let asked: Vec<_> = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect();
    let asked = asked.join(",");
    if asked.trim().is_empty() {
        return offered.first().copied().ok_or_else(|| Problem::of(Kind::NotAcceptable));
    }
    let ranges: Vec<_> = asked.split(',').map(range).collect();
    let weight_of = |media: &str| {
        // The most exact range that fits decides.
        let exactness = |r: &&(String, f32)| match r.0.as_str() {
            exact if exact == media => 2,
            "*/*" => 0,
            _ => 1,
        };
        ranges.iter().filter(|(range, _)| fits(range, media)).max_by_key(exactness).map_or(0.0, |r| r.1)
    };
    let mut best = None;
    for media in offered {
        let q = weight_of(media);
        if q > 0.0 && best.is_none_or(|(_, most)| q > most) {
            best = Some((*media, q));
        }
    }
    best.map(|(media, _)| media).ok_or_else(|| {
        let all = offered.join(", ");
        Problem::new(Kind::NotAcceptable, &messages::accept::Formats { formats: &all })
    })
}

fn range(text: &str) -> (String, f32) {
    let (media, parameters) = text.split_once(';').unwrap_or((text, ""));
    (media.trim().to_ascii_lowercase(), weight(parameters))
}

fn fits(range: &str, media: &str) -> bool {
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => media.split('/').next() == Some(kind),
        None => range == media,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn chosen(accept: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        choose(&headers, &["application/pdf", "application/json"]).ok()
    }

    #[test]
    fn the_best_liked_type_is_chosen() {
        for (accept, expected) in [
            ("*/*", Some("application/pdf")),
            ("application/json", Some("application/json")),
            ("application/json;q=0.5, application/pdf;q=0.4", Some("application/json")),
            ("application/*", Some("application/pdf")),
            ("application/pdf;q=0, */*", Some("application/json")),
            ("text/html", None),
            ("text/html, */*;q=0.1", Some("application/pdf")),
            ("application/pdf; Q=0, */*", Some("application/json")),
            ("application/pdf;q=inf, application/json;q=0.5", Some("application/json")),
            ("application/json; charset=utf-8", Some("application/json")),
            ("application/json, application/pdf", Some("application/pdf")),
            ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Some("application/pdf")),
        ] {
            assert_eq!(chosen(accept), expected, "{accept}");
        }
    }
}
