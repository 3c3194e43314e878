//! What must not bring the service down: bad clients, bad documents, dead workers, and being told to stop.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::access::key;
use super::client::{Service, kill, multipart, serve};
use crate::support::root;

fn model() -> Vec<u8> {
    fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("a fixture")
}

/// A document that takes far longer than it may, as a model.
pub fn endless_document() -> String {
    let paragraph = "Ord och fler ord. ".repeat(20);
    json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Långt", "date": "2026-11-20",
        "content": vec![paragraph; 12_000],
    })
    .to_string()
}

fn slow_document() -> (String, Vec<u8>) {
    multipart(&[("model", None, endless_document().as_bytes())])
}

#[track_caller]
fn serves(service: &Service) {
    let answer = service.post_json("/v1/render", &model());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}

#[test]
fn a_document_that_takes_too_long_costs_one_worker_and_nobody_else() {
    let service = serve("slow-document", "[limits]\nrender_seconds = 4\nworkers = 2\n");
    let before = service.workers();
    let (kind, body) = slow_document();
    let began = Instant::now();
    let answer = service.send("POST", "/v1/render", &[("content-type", &kind)], &body);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "too-demanding"));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    serves(&service);
    let after = service.workers();
    assert_eq!(before.iter().filter(|w| after.contains(w)).count(), 1, "{before:?} {after:?}");
    let metrics = String::from_utf8(service.get("/metrics").body).expect("text");
    assert!(metrics.contains("sigill_worker_deaths_total 1"), "{metrics}");
}

#[test]
fn a_document_that_takes_too_much_memory_costs_one_worker() {
    let service = serve("large-document", "[limits]\nmemory_mb = 1400\nworkers = 1\n");
    let text = "Ord och fler ord. ".repeat(150_000);
    let model = json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Långt", "date": "2026-11-20",
        "content": [text],
    });
    let answer = service.post_json("/v1/render", model.to_string().as_bytes());
    assert_eq!((answer.status, answer.problem().as_str()), (422, "too-demanding"));
    serves(&service);
}

#[test]
fn workers_killed_while_idle_are_replaced_unseen() {
    let service = serve("killed", "");
    serves(&service);
    kill(&service.workers());
    for _ in 0..4 {
        serves(&service);
    }
}

#[test]
fn too_many_at_a_time_are_turned_away_with_a_time_to_come_back() {
    let service = serve("busy", "[limits]\nworkers = 1\nwaiting = 1\nrender_seconds = 4\n");
    let (kind, body) = slow_document();
    std::thread::scope(|scope| {
        scope.spawn(|| service.send("POST", "/v1/render", &[("content-type", &kind)], &body));
        std::thread::sleep(Duration::from_millis(600));
        let waiting = scope.spawn(|| service.post_json("/v1/render", &model()));
        std::thread::sleep(Duration::from_millis(300));
        let refused = service.post_json("/v1/render", &model());
        assert_eq!((refused.status, refused.problem().as_str()), (503, "overloaded"));
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
        assert_eq!(waiting.join().expect("answered").status, 200);
    });
}

#[test]
fn many_large_bodies_at_a_time_are_too_many() {
    let (one, entry_one) = key("en", &["render"], "");
    let (two, entry_two) = key("två", &["render"], "");
    let mut service = serve("room", &format!("[limits]\nbody_mb = 1\nsilent_seconds = 5\n{entry_one}{entry_two}"));
    let head = |key: &str| {
        format!(
            "POST /v1/check HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: 1000000\r\n\r\n"
        )
    };
    let address = service.address().to_owned();
    let begun = |bytes: usize, key: &str| {
        let mut stream = TcpStream::connect(&address).expect("connected");
        stream.write_all(head(key).as_bytes()).expect("written");
        stream.write_all(&vec![b' '; bytes]).expect("written");
        stream
    };
    // What is only announced takes nothing.
    let announced: Vec<_> = (0..10).map(|_| begun(1, &one)).collect();
    std::thread::sleep(Duration::from_millis(300));
    service.key = Some(one.clone());
    serves(&service);
    drop(announced);
    let held: Vec<_> = (0..5).map(|_| begun(990_000, &one)).collect();
    std::thread::sleep(Duration::from_millis(500));
    let refused = service.post_json("/v1/check", &vec![b' '; 900_000]);
    assert_eq!((refused.status, refused.problem().as_str()), (503, "overloaded"));
    // The other half is for others.
    service.key = Some(two);
    serves(&service);
    drop(held);
    std::thread::sleep(Duration::from_millis(300));
    service.key = Some(one);
    serves(&service);
}

#[test]
fn workers_know_nothing_of_the_services_passwords() {
    let service = serve("environment", "");
    let of = |process: u32| fs::read(format!("/proc/{process}/environ")).expect("read");
    let has = |environment: &[u8]| environment.windows(10).any(|w| w == b"PGPASSWORD");
    assert!(has(&of(service.process())), "the service was to have one");
    for worker in service.workers() {
        assert!(!has(&of(worker)));
    }
}

/// Writes to the service by hand and reads what it says until it closes, or for so long.
fn by_hand(service: &Service, pieces: &[&str], pause: Duration) -> String {
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    for piece in pieces {
        if stream.write_all(piece.as_bytes()).is_err() {
            break;
        }
        std::thread::sleep(pause);
    }
    let mut out = Vec::new();
    let _ = stream.read_to_end(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[test]
fn slow_and_broken_clients_are_let_go() {
    let service = serve("slow-client", "[limits]\nhead_seconds = 1\nsilent_seconds = 1\nbody_seconds = 3\n");
    let began = Instant::now();
    // A head that never ends.
    by_hand(&service, &["POST /v1/render HT", "TP/1.1\r\nhost: 127.0.0.1\r\n", "a: b\r\n"], Duration::from_millis(700));
    // A body that stops.
    let head = "POST /v1/render HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n";
    let silent = by_hand(&service, &[head, "{\"kind\":"], Duration::from_millis(100));
    assert!(silent.starts_with("HTTP/1.1 400") && silent.contains("bad-request"), "{silent}");
    // A body that comes letter by letter.
    let mut drip = vec![head];
    drip.extend([" "; 12]);
    let dripped = by_hand(&service, &drip, Duration::from_millis(400));
    assert!(dripped.starts_with("HTTP/1.1 400"), "{dripped}");
    // Not HTTP at all, and heads that are too long.
    by_hand(&service, &["\u{16}\u{3}\u{1}\u{2}hej\r\n\r\n"], Duration::ZERO);
    let long = format!("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\na: {}\r\n\r\n", "b".repeat(200_000));
    let refused = by_hand(&service, &[&long], Duration::ZERO);
    assert!(refused.is_empty() || refused.starts_with("HTTP/1.1 4"), "{refused}");
    // Clients that leave in the middle.
    for _ in 0..20 {
        let mut stream = TcpStream::connect(service.address()).expect("connected");
        stream.write_all(head.as_bytes()).expect("written");
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    serves(&service);
}

#[test]
fn told_to_stop_it_finishes_what_it_has_begun() {
    let mut service = serve("stop", "[limits]\nworkers = 1\nrender_seconds = 20\n");
    let (kind, body) = multipart(&[("model", None, &model())]);
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    let head = format!(
        "POST /v1/render HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("written");
    let (first, rest) = body.split_at(100);
    stream.write_all(first).expect("written");
    std::thread::sleep(Duration::from_millis(200));
    service.terminate();
    let refuses = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        TcpStream::connect(service.address()).is_err()
    });
    assert!(refuses, "it takes new connections");
    stream.write_all(rest).expect("written");
    let mut out = Vec::new();
    stream.read_to_end(&mut out).expect("an answer");
    assert!(out.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&out[..out.len().min(400)]));
    assert_eq!(service.ended(Duration::from_secs(10)), Some(0));
    assert!(service.workers().is_empty());
}
