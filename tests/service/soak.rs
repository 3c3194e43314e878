//! Rounds that take minutes: what may happen to services at work, again and again. `cargo xtask soak` runs them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::access::key;
use super::client::{Service, serve, serve_in};
use super::packs::botkyrka;
use super::packs::postgres::postgres;
use super::pressure::ordered_at_once;
use crate::support::workspace;

const ROUNDS: usize = 20;

/// Two machines with one queue, or two processes in one folder.
struct Pair {
    folders: [PathBuf; 2],
    config: String,
    services: [Option<Service>; 2],
}

impl Pair {
    fn start(folders: [PathBuf; 2], config: String) -> Self {
        let services = [Some(serve_in(&folders[0], &config)), Some(serve_in(&folders[1], &config))];
        Self { folders, config, services }
    }

    fn get(&mut self, at: usize) -> &mut Service {
        self.services[at].as_mut().expect("a service")
    }

    /// Ends one at once, as a power cut does, and starts it again.
    fn cut(&mut self, at: usize) {
        self.services[at].take().expect("a service").cut();
        self.services[at] = Some(serve_in(&self.folders[at], &self.config));
    }
}

/// Orders packs with two keys at two services, disturbs them, and looks that each is made: once, and as all others.
fn rounds(mut pair: Pair, keys: &[String; 2], mut disturb: impl FnMut(&mut Pair, usize)) {
    let meeting = botkyrka();
    let mut digests = BTreeSet::new();
    for round in 0..ROUNDS {
        let mut ordered = Vec::new();
        for number in 0..6 {
            let (at, owner) = (number % 2, (number / 2 + round) % 2);
            let service = pair.get(at);
            service.key = Some(keys[owner].clone());
            let idempotency = format!("{round}-{number}");
            let headers = [("idempotency-key", idempotency.as_str())];
            let answer = meeting.order(service, &json!({}), &headers);
            assert_eq!(answer.status, 202, "round {round}: {}", String::from_utf8_lossy(&answer.body));
            ordered.push((owner, idempotency.clone(), answer.json()["id"].as_str().expect("an id").to_owned()));
        }
        // Another moment of the work in each round.
        std::thread::sleep(Duration::from_millis(97 * round as u64 % 1500));
        disturb(&mut pair, round);
        for (number, (owner, idempotency, id)) in ordered.into_iter().enumerate() {
            let service = pair.get((number + round) % 2);
            service.key = Some(keys[owner].clone());
            let view = service.finished(&id);
            assert_eq!(view["state"], "done", "round {round}: {view}");
            digests.insert(view["result"]["sha256"].as_str().expect("a digest").to_owned());
            // The same order again is the same job, and its bytes are the same.
            let again = meeting.order(service, &json!({}), &[("idempotency-key", &idempotency)]);
            assert_eq!((again.status, again.json()["id"].as_str()), (202, Some(id.as_str())), "round {round}");
            assert!(service.get(&format!("/v1/jobs/{id}/result")).body.starts_with(b"%PDF-"));
            assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 204);
        }
    }
    assert_eq!(digests.len(), 1, "all are the same pack");
}

fn two_keys() -> ([String; 2], String) {
    let (one, entry_one) = key("en", &["pack"], "per_minute = 0\nat_a_time = 0");
    let (two, entry_two) = key("två", &["pack"], "per_minute = 0\nat_a_time = 0");
    ([one, two], format!("{entry_one}{entry_two}"))
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_two_machines_of_which_one_is_cut_off() {
    let Some(server) = postgres() else { return };
    let (keys, entries) = two_keys();
    let config = format!("database = \"{}\"\n[limits]\nworkers = 1\n{entries}", server.database());
    let pair = Pair::start(["soak-cut-a", "soak-cut-b"].map(workspace), config);
    rounds(pair, &keys, |pair, round| pair.cut(round % 2));
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_postgresql_goes_away_in_the_middle() {
    let Some(server) = postgres() else { return };
    let (keys, entries) = two_keys();
    let database = server.database();
    let config = format!("database = \"{database}\"\n[limits]\nworkers = 1\n{entries}");
    let pair = Pair::start(["soak-away-a", "soak-away-b"].map(workspace), config);
    rounds(pair, &keys, |_, round| server.away(&database, Duration::from_millis(200 * round as u64)));
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_leases_that_are_lost() {
    let Some(server) = postgres() else { return };
    let (keys, entries) = two_keys();
    let database = server.database();
    let config = format!("database = \"{database}\"\n[limits]\nworkers = 1\n{entries}");
    let pair = Pair::start(["soak-lease-a", "soak-lease-b"].map(workspace), config);
    rounds(pair, &keys, |_, round| {
        let sql = match round % 2 {
            // As if somebody had taken the job over and had died.
            0 => "UPDATE sigill_jobs SET lease = 'annan', lease_expires = 0 WHERE state = 'running'",
            _ => "UPDATE sigill_jobs SET lease_expires = 0 WHERE state = 'running'",
        };
        server.tell(&database, sql);
    });
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_two_processes_with_one_folder() {
    let (keys, entries) = two_keys();
    let folder = workspace("soak-one-folder");
    let config = format!("data = \"data\"\n[limits]\nworkers = 1\n{entries}");
    let pair = Pair::start([folder.clone(), folder], config);
    rounds(pair, &keys, |pair, round| pair.cut(round % 2));
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_a_thousand_orders_at_once() {
    let service = serve("soak-thousand", "[limits]\njobs = 0\nqueued_jobs = 1000\n");
    for _ in 0..ROUNDS {
        let counts = ordered_at_once(&service, 1000);
        assert_eq!(counts.values().sum::<usize>(), 1000, "{counts:?}");
        assert_eq!(service.get("/readyz").status, 200);
    }
}

#[test]
#[ignore = "minutes: cargo xtask soak"]
fn soak_as_many_pages_as_a_document_may_have_can_be_made() {
    let service = serve("soak-pages", "");
    let paragraph = "Ord och fler ord. ".repeat(20);
    let rendered = |paragraphs: usize| {
        let model = json!({
            "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Långt", "date": "2026-11-20",
            "content": vec![paragraph.as_str(); paragraphs],
        });
        service.post_json("/v1/render", model.to_string().as_bytes())
    };
    let most = rendered(10_900);
    assert_eq!(most.status, 200, "{}", String::from_utf8_lossy(&most.body));
    let pages: usize = most.header("sigill-pages").parse().expect("a number");
    assert!((900..=1000).contains(&pages), "{pages}");
    let more = rendered(11_500);
    assert_eq!((more.status, more.problem().as_str()), (413, "too-large"));
}
