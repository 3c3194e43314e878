//! Names of files as clients send them, and parts that are larger than they may be.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Service, multipart, serve};
use crate::support::root;

/// A multipart body of heads and contents.
fn body(parts: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (head, content) in parts {
        out.extend(b"--gransen\r\nContent-Disposition: form-data; ");
        out.extend_from_slice(head);
        out.extend(b"\r\n\r\n");
        out.extend_from_slice(content);
        out.extend(b"\r\n");
    }
    out.extend(b"--gransen--\r\n");
    out
}

fn send(service: &Service, path: &str, parts: &[(Vec<u8>, Vec<u8>)]) -> super::client::Answer {
    service.send("POST", path, &[("content-type", "multipart/form-data; boundary=gransen")], &body(parts))
}

#[test]
fn names_are_found_however_they_are_sent() {
    let service = serve("names", "");
    let bilaga = fs::read(root().join("fixtures/bilagor/office-export-10-pages.pdf")).expect("a fixture");
    let mut kallelse: Value =
        serde_json::from_slice(&fs::read(root().join("fixtures/exempel/kallelse.json")).expect("read")).expect("JSON");
    // The last is written taken apart in the model, and sent composed.
    let named = ["åtgärd 1.pdf", "åtgärd 2.pdf", "åtgärd 3.pdf", "mapp/åtgärd 4.pdf", "Fo\u{308}rslag 5.pdf"];
    let papers: Vec<Value> = named.iter().map(|file| json!({"title": "Underlag", "file": file})).collect();
    kallelse["arenden"] = json!([{"title": "Ett", "dnr": "EX 2026/1", "handlingar": papers}]);
    let heads: [&[u8]; 5] = [
        b"name=\"file\"; filename=\"x.pdf\"; filename*=UTF-8''%C3%A5tg%C3%A4rd%201.pdf",
        b"name=\"file\"; filename=\"\xe5tg\xe4rd 2.pdf\"",
        b"name=file; filename=\"=?utf-8?B?w6V0Z8OkcmQgMy5wZGY=?=\"",
        "name=\"file\"; filename=\"mapp/a\u{30a}tga\u{308}rd 4.pdf\"".as_bytes(),
        "name=\"file\"; filename=\"Förslag 5.pdf\"".as_bytes(),
    ];
    let mut parts = vec![(b"name=\"meeting\"".to_vec(), kallelse.to_string().into_bytes())];
    parts.extend(heads.map(|head| (head.to_vec(), bilaga.clone())));
    let answer = send(&service, "/v1/packs", &parts);
    assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    let view = service.finished(answer.json()["id"].as_str().expect("an id"));
    assert_eq!(view["state"], "done", "{view}");
}

#[test]
fn the_service_reads_little_itself() {
    let service = serve("small-parts", "");
    let meeting = || (b"name=\"meeting\"".to_vec(), b"{}".to_vec());
    let options = |bytes: usize| (b"name=\"options\"".to_vec(), format!("{{{}}}", " ".repeat(bytes)).into_bytes());
    assert_eq!(send(&service, "/v1/packs", &[options(900_000), meeting()]).status, 202);
    let before = peak(service.process());
    let refused = send(&service, "/v1/packs", &[options(30_000_000), meeting()]);
    assert_eq!((refused.status, refused.problem().as_str()), (413, "too-large"));
    let refused = send(&service, "/v1/sign/prepare", &[options(30_000_000)]);
    assert_eq!((refused.status, refused.problem().as_str()), (413, "too-large"));
    // A head without an end.
    let head = [b"name=\"file\"; filename=\"".to_vec(), vec![b'x'; 20_000_000], b"\"".to_vec()].concat();
    for path in ["/v1/packs", "/v1/render"] {
        let began = Instant::now();
        let refused = send(&service, path, &[(head.clone(), Vec::new())]);
        assert_eq!((refused.status, refused.problem().as_str()), (413, "too-large"));
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
    let grown = peak(service.process()) - before;
    assert!(grown < 60_000, "{grown} kB of memory for what is refused");
    // Many long names.
    let file = |n: usize| (format!("name=\"file\"; filename=\"{n}{}\"", "Å".repeat(120)).into_bytes(), b"x".to_vec());
    let mut parts = vec![(b"name=\"model\"".to_vec(), b"{}".to_vec())];
    parts.extend((0..1000).map(file));
    let began = processor(service.process());
    assert_eq!(send(&service, "/v1/check", &parts).status, 200);
    let took = processor(service.process()) - began;
    assert!(took < 0.5, "{took} s of its processor");
}

/// The most memory that a process has had, in kilobytes.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Seconds of its processor that a process has used.
fn processor(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux");
    let after_name = status.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<f64>().expect("a number"));
    ticks.sum::<f64>() / 100.0
}

#[test]
fn a_line_of_svg_does_not_cost_half_a_minute() {
    let service = serve("svg-filter", "");
    let model = json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Bild", "date": "2026-11-20",
        "content": [{"type": "image", "file": "x.svg", "alt": "En bild"}],
    })
    .to_string();
    let svg = |filter: &str| {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000"><filter id="f">{filter}</filter><rect width="4000" height="4000" filter="url(#f)"/></svg>"#
        )
    };
    let began = Instant::now();
    for filter in [
        r#"<feTurbulence baseFrequency="0.01" numOctaves="99"/>"#,
        r#"<feMorphology operator="dilate" radius="300"/>"#,
        &r#"<feGaussianBlur stdDeviation="900"/>"#.repeat(9),
    ] {
        let parts = multipart(&[("model", None, model.as_bytes()), ("file", Some("x.svg"), svg(filter).as_bytes())]);
        let answer = service.send("POST", "/v1/render", &[("content-type", &parts.0)], &parts.1);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "document-has-errors"), "{filter}");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let shadow = svg(r#"<feGaussianBlur stdDeviation="9"/>"#);
    let parts = multipart(&[("model", None, model.as_bytes()), ("file", Some("x.svg"), shadow.as_bytes())]);
    assert_eq!(service.send("POST", "/v1/render", &[("content-type", &parts.0)], &parts.1).status, 200);
}
