//! Which pages may use the service: its own. A browser sends requests for whatever page asks it to, and says which
//! (`Origin`, `Sec-Fetch-Site`); other programs send neither, and are let through.
//!
//! `Host` has to be a name that the service is known by. A page elsewhere that gives its own name the address of this
//! machine (DNS rebinding) would otherwise be of the same origin.

use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Version, header};

use crate::config::Config;
use crate::problem::{Kind, Problem, Result};

/// Headers that no page can send elsewhere unless the service allows it, which it never does.
const CUSTOM: [&str; 2] = ["authorization", "x-requested-with"];

/// Lets a request through, unless it is sent by a page of others or to a name that is not the service's.
///
/// # Errors
/// [`Kind::OtherHost`] or [`Kind::OtherOrigin`].
pub(crate) fn check(config: &Config, request: &Parts) -> Result<()> {
    let host = host_of(request)?;
    for named in host.iter().chain(request.uri.authority()) {
        if !is_own(config, named) {
            return Err(Problem::of(Kind::OtherHost));
        }
    }
    let headers = &request.headers;
    if is_navigation(request) || CUSTOM.iter().any(|name| headers.contains_key(*name)) {
        return Ok(());
    }
    let elsewhere = match text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") | None => false,
        Some(_) => true,
    };
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&request.method);
    let foreign = !reads
        && headers.get(header::ORIGIN).is_some_and(|origin| {
            let origin = origin.to_str().ok().and_then(authority_of);
            !origin.is_some_and(|origin| is_same(config, host.as_ref(), &origin))
        });
    if elsewhere || foreign { Err(Problem::of(Kind::OtherOrigin)) } else { Ok(()) }
}

/// The one `Host` header, which only HTTP/1.0 may leave out.
fn host_of(request: &Parts) -> Result<Option<Authority>> {
    let mut values = request.headers.get_all(header::HOST).iter();
    match (values.next(), values.next()) {
        (None, None) if request.version == Version::HTTP_10 => Ok(None),
        (Some(host), None) => match host.to_str().ok().and_then(|host| host.parse().ok()) {
            Some(host) => Ok(Some(host)),
            None => Err(Problem::of(Kind::BadRequest)),
        },
        _ => Err(Problem::of(Kind::BadRequest)),
    }
}

/// A person who follows a link, or comes back from having signed in.
fn is_navigation(request: &Parts) -> bool {
    let headers = &request.headers;
    [Method::GET, Method::HEAD].contains(&request.method)
        && text(headers, "sec-fetch-mode") == Some("navigate")
        && text(headers, "sec-fetch-dest") == Some("document")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // What cannot be read is no permission.
    headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"))
}

/// Whether a host is one the service is known by: a loopback name, a configured one, or an address when it listens to
/// others, since no page can give its own name to an address.
fn is_own(config: &Config, host: &Authority) -> bool {
    let name = host.host().trim_end_matches('.').to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    match address {
        Some(address) if address.is_loopback() => true,
        Some(_) if !config.listen.ip().is_loopback() => true,
        _ => name == "localhost" || config.hosts.iter().any(|own| own.eq_ignore_ascii_case(&name)),
    }
}

/// Whether an origin is that of the host asked, or a configured one: a proxy may ask by another name than people do.
fn is_same(config: &Config, host: Option<&Authority>, origin: &Authority) -> bool {
    let port = |authority: &Authority| authority.port_u16().filter(|port| ![80, 443].contains(port));
    let same = host.is_some_and(|host| host.host().eq_ignore_ascii_case(origin.host()) && port(host) == port(origin));
    same || config.hosts.iter().any(|own| own.eq_ignore_ascii_case(origin.host()))
}

/// The host and port of an origin.
fn authority_of(origin: &str) -> Option<Authority> {
    let (scheme, rest) = origin.split_once("://")?;
    ["http", "https"].contains(&scheme).then(|| rest.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn checked(config: &str, method: &str, headers: &[(&str, &str)]) -> std::result::Result<(), Kind> {
        let config = Config::read(config, std::path::Path::new("")).unwrap();
        let mut request = Request::builder().method(method).uri("/v1/packs");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&config, &request.body(()).unwrap().into_parts().0).map_err(|problem| problem.kind)
    }

    #[test]
    fn only_names_of_its_own_are_hosts() {
        let own = "hosts = [\"sigill.kommunen.se\"]";
        for (config, host, expected) in [
            ("", "127.0.0.1:8600", Ok(())),
            ("", "localhost", Ok(())),
            ("", "LOCALHOST.:8600", Ok(())),
            ("", "[::1]:8600", Ok(())),
            ("", "127.8.9.1", Ok(())),
            ("", "elak.example:8600", Err(Kind::OtherHost)),
            ("", "localhost.elak.example", Err(Kind::OtherHost)),
            ("", "127.0.0.1.elak.example", Err(Kind::OtherHost)),
            ("", "10.0.0.7", Err(Kind::OtherHost)),
            ("", "", Err(Kind::BadRequest)),
            (own, "sigill.kommunen.se", Ok(())),
            (own, "SIGILL.kommunen.se:443", Ok(())),
            (own, "kommunen.se", Err(Kind::OtherHost)),
        ] {
            assert_eq!(checked(config, "GET", &[("host", host)]), expected, "{config} {host}");
        }
        assert_eq!(checked("", "GET", &[]), Err(Kind::BadRequest), "HTTP/1.1 has a host");
        let two = [("host", "localhost"), ("host", "elak.example")];
        assert_eq!(checked("", "GET", &two), Err(Kind::BadRequest));
    }

    #[test]
    fn pages_of_others_are_told_by_what_browsers_say() {
        let (host, refused) = (("host", "127.0.0.1:8600"), Err(Kind::OtherOrigin));
        let asks =
            |method, more: &[(&str, &str)]| checked("hosts = [\"sigill.se\"]", method, &[&[host], more].concat());
        assert_eq!(asks("POST", &[]), Ok(()), "a program");
        assert_eq!(asks("POST", &[("origin", "http://127.0.0.1:8600"), ("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(asks("POST", &[("origin", "https://sigill.se")]), Ok(()), "by way of a proxy");
        for origin in ["http://elak.example", "null", "http://127.0.0.1:9000", "http://localhost:8600", "file://", ""] {
            assert_eq!(asks("POST", &[("origin", origin)]), refused, "{origin}");
            assert_eq!(asks("DELETE", &[("origin", origin)]), refused, "{origin}");
        }
        for site in ["cross-site", "same-site", "unknown", ""] {
            assert_eq!(asks("POST", &[("sec-fetch-site", site)]), refused, "{site}");
            assert_eq!(asks("GET", &[("sec-fetch-site", site)]), refused, "{site}");
        }
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert_eq!(asks("GET", &link), Ok(()), "a link to the page");
        assert_eq!(asks("POST", &link), refused, "a form");
        let frame = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
        assert_eq!(asks("GET", &frame), refused);
        let key = ("authorization", "Bearer x");
        assert_eq!(asks("POST", &[("origin", "https://e-tjanst.example"), key]), Ok(()), "no form sends that");
    }
}
