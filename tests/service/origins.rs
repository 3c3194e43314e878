//! Pages of others, in a browser that a person has open beside the service.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use super::client::{Service, multipart, serve};
use crate::support::root;

/// A request by hand; the status it gets.
fn status(service: &Service, head: &str) -> String {
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    write!(stream, "{head}connection: close\r\n\r\n").expect("written");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("an answer");
    said.lines().next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned()
}

#[test]
fn the_service_has_names_and_answers_to_no_other() {
    let service = serve("hosts", "hosts = [\"sigill.kommunen.se\"]\n");
    for (host, expected) in [
        (service.address(), "200"),
        ("localhost:1234", "200"),
        ("[::1]", "200"),
        ("sigill.kommunen.se", "200"),
        ("elak.example", "421"),
        ("localhost.elak.example", "421"),
        ("192.168.1.7", "421"),
    ] {
        assert_eq!(status(&service, &format!("GET /v1/kinds HTTP/1.1\r\nhost: {host}\r\n")), expected, "{host}");
    }
    assert_eq!(status(&service, "GET /v1/kinds HTTP/1.1\r\n"), "400");
    assert_eq!(status(&service, "GET /healthz HTTP/1.0\r\n"), "200", "as simple monitors ask");
    assert_eq!(status(&service, "GET http://elak.example/v1/kinds HTTP/1.1\r\nhost: localhost\r\n"), "421");
    let answer = service.send("GET", "/v1/kinds", &[("host", "elak.example")], b"");
    assert_eq!((answer.status, answer.problem().as_str()), (421, "other-host"));
}

#[test]
fn a_form_on_another_page_orders_nothing() {
    let service = serve("origins", "");
    let model = fs::read(root().join("fixtures/exempel/kallelse.json")).expect("a fixture");
    let (kind, body) = multipart(&[("meeting", None, &model)]);
    let order = |headers: &[(&str, &str)]| {
        service.send("POST", "/v1/packs", &[&[("content-type", kind.as_str())], headers].concat(), &body)
    };
    let form = [("origin", "https://elak.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    for headers in [&form[..], &form[..1], &form[1..2], &[("origin", "null")], &[("origin", "http://localhost:1")]] {
        let refused = order(headers);
        assert_eq!((refused.status, refused.problem().as_str()), (403, "other-origin"), "{headers:?}");
    }
    // The page itself, and programs.
    let own = [("origin", service.url.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")];
    for headers in [&own[..], &[]] {
        let taken = order(headers);
        assert_eq!(taken.status, 202, "{headers:?}: {}", String::from_utf8_lossy(&taken.body));
        let id = taken.json()["id"].as_str().expect("an id").to_owned();
        let elsewhere = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
        assert_eq!(service.send("GET", &format!("/v1/jobs/{id}"), &elsewhere, b"").status, 403);
        assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &form, b"").status, 403);
        assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &own, b"").status, 204);
    }
    // A link to it, or the way back from having signed in.
    let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(service.send("GET", "/", &link, b"").status, 200);
    let run = Command::new("curl")
        .args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Content-Type: application/json", "--data-binary"])
        .arg(format!("@{}", root().join("fixtures/exempel/tjansteskrivelse.json").display()))
        .arg(format!("{}/v1/check", service.url))
        .output();
    if let Ok(run) = run {
        assert_eq!(String::from_utf8_lossy(&run.stdout), "200");
    }
}

#[test]
fn whatever_is_asked_for_wrongly_answers_a_problem() {
    let service = serve("unknown", "");
    for (path, expected) in [
        ("/finns-inte", 404),
        ("/v1/finns/inte", 404),
        ("/assets/finns-inte.js", 404),
        ("/v1/jobs/%ff", 400),
        ("/v1/schemas/%c3%28", 400),
        ("/problems/%ff", 400),
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, expected, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.problem();
    }
    assert_eq!(service.send("DELETE", "/v1/kinds", &[], b"").problem(), "method-not-allowed");
}
