//! Many who want much at a time: nobody is left without an answer, and nobody's eagerness is all that there is.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::access::key;
use super::client::{Service, multipart, serve};
use super::packs::botkyrka;
use super::robust::endless_document;
use crate::support::root;

fn model() -> Vec<u8> {
    fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("a fixture")
}

fn with_key(service: &Service, key: &str, path: &str, body: &[u8]) -> super::client::Answer {
    let bearer = format!("Bearer {key}");
    service.send("POST", path, &[("content-type", "application/json"), ("authorization", &bearer)], body)
}

#[test]
fn one_callers_slow_documents_do_not_make_another_wait_for_all_of_them() {
    let (many, entry_many) = key("många", &["render"], "");
    let (one, entry_one) = key("en", &["render"], "");
    let service = serve("turns", &format!("[limits]\nworkers = 1\nrender_seconds = 2\n{entry_many}{entry_one}"));
    let slow = endless_document().into_bytes();
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| with_key(&service, &many, "/v1/render", &slow));
        }
        std::thread::sleep(Duration::from_millis(700));
        let began = Instant::now();
        let answer = with_key(&service, &one, "/v1/render", &model());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        // That which is under way ends, a worker is started, and it is the other's turn.
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    });
}

#[test]
fn packs_of_two_callers_are_made_in_turn() {
    let (many, entry_many) = key("många", &["pack"], "");
    let (one, entry_one) = key("en", &["pack"], "");
    let mut service = serve("pack-turns", &format!("{entry_many}{entry_one}"));
    service.key = Some(many);
    let meeting = botkyrka();
    let first: Vec<String> = (0..4).map(|_| meeting.ordered(&service, &json!({}))).collect();
    let many = service.key.replace(one);
    let answer = meeting.order(&service, &json!({}), &[]).json();
    assert!(answer["place"].as_u64().is_some_and(|place| place <= 2), "{answer}");
    let done = service.finished(answer["id"].as_str().expect("an id"));
    assert_eq!(done["state"], "done", "{done}");
    service.key = many;
    let last = service.get(&format!("/v1/jobs/{}", first[3])).json();
    assert!(["queued", "running"].contains(&last["state"].as_str().expect("a state")), "{last}");
    assert_eq!(service.finished(&first[3])["state"], "done");
}

#[test]
fn those_who_do_not_read_lose_their_connections_and_an_address_has_so_many() {
    let service = serve("unread", "[limits]\nconnections_per_address = 8\nsend_seconds = 4\nhead_seconds = 4\n");
    let page = String::from_utf8(service.get("/").body).expect("text");
    let script = page.split('"').find(|text| text.starts_with("/assets/") && text.ends_with(".js")).expect("a script");
    let asks = format!("GET {script} HTTP/1.1\r\nhost: localhost\r\n\r\n").repeat(60);
    let unread: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut stream = TcpStream::connect(service.address()).expect("connected");
            stream.write_all(asks.as_bytes()).expect("written");
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(200));
    let mut refused = TcpStream::connect(service.address()).expect("connected");
    let mut said = String::new();
    refused.read_to_string(&mut said).expect("an answer");
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("retry-after"), "{said}");
    let began = Instant::now();
    while !TcpStream::connect(service.address()).is_ok_and(|mut stream| {
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut said = String::new();
        stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.1 200")
    }) {
        assert!(began.elapsed() < Duration::from_secs(20), "those who do not read are still there");
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(unread);
}

/// Orders so many packs at once; how many got which status.
pub fn ordered_at_once(service: &Service, number: usize) -> BTreeMap<u16, usize> {
    let (kind, body) = multipart(&[("meeting", None, b"{}")]);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..number)
            .map(|_| {
                let order = || service.send("POST", "/v1/packs", &[("content-type", kind.as_str())], &body);
                std::thread::Builder::new().stack_size(256 * 1024).spawn_scoped(scope, order).expect("a thread")
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let mut counts = BTreeMap::new();
    for answer in answers {
        match answer.status {
            202 => assert!(answer.json()["id"].is_string()),
            429 | 503 => assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0)),
            other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
        }
        *counts.entry(answer.status).or_default() += 1;
    }
    counts
}

#[test]
fn a_thousand_orders_at_once_are_taken_or_told_when_to_come_back() {
    let service = serve("orders-at-once", "[limits]\njobs = 0\nqueued_jobs = 100\n");
    let counts = ordered_at_once(&service, 1000);
    assert!(counts.get(&202).is_some_and(|taken| (1..=50).contains(taken)), "{counts:?}");
    assert_eq!(service.get("/readyz").status, 200);
}
