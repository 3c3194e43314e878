//! Packs as jobs: taken in, followed, fetched, removed; and what happens when machines stop in the middle.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::access::key;
use super::client::{Answer, Service, children, kill, serve, serve_in};
use crate::support::{files_below, keep_pdf, root, sigill, workspace};

/// The Botkyrka meeting: the kallelse and all that it names.
pub struct Meeting {
    pub kallelse: Vec<u8>,
    pub files: Vec<(String, Vec<u8>)>,
}

fn read_meeting(folder: &Path, kallelse: &str) -> Meeting {
    let mut files: Vec<_> = files_below(folder)
        .into_iter()
        .filter(|f| !f.ends_with(".md"))
        .map(|f| (f.clone(), fs::read(folder.join(&f)).expect("read")))
        .collect();
    let at = files.iter().position(|(f, _)| f == kallelse).expect("a kallelse");
    Meeting { kallelse: files.remove(at).1, files }
}

pub fn botkyrka() -> Meeting {
    read_meeting(&root().join("fixtures/botkyrka-sn-2013-05-28"), "0-kallelse.json")
}

impl Meeting {
    pub fn order(&self, service: &Service, options: &Value, headers: &[(&str, &str)]) -> Answer {
        let options = options.to_string();
        let mut parts: Vec<super::client::Part<'_>> = vec![("options", None, options.as_bytes())];
        parts.push(("meeting", Some("0-kallelse.json"), &self.kallelse));
        parts.extend(self.files.iter().map(|(name, bytes)| ("file", Some(name.as_str()), bytes.as_slice())));
        service.post_parts("/v1/packs", &parts, headers)
    }

    #[track_caller]
    pub fn ordered(&self, service: &Service, options: &Value) -> String {
        let answer = self.order(service, options, &[]);
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(answer.header("location"), format!("/v1/jobs/{id}"));
        id
    }
}

/// A meeting that takes some seconds: one bilaga of many pages, many times.
pub fn long_meeting() -> Meeting {
    meeting_of(30)
}

/// A meeting of so many arenden with two bilagor each.
pub fn meeting_of(arenden: usize) -> Meeting {
    let scan = fs::read(root().join("fixtures/bilagor/scan-fax-g4.pdf")).expect("a fixture");
    let office = fs::read(root().join("fixtures/bilagor/office-export-10-pages.pdf")).expect("a fixture");
    let mut kallelse: Value =
        serde_json::from_slice(&fs::read(root().join("fixtures/exempel/kallelse.json")).expect("read")).expect("JSON");
    let mut files = Vec::new();
    let arenden = (1..=arenden).map(|number| {
        let names = [format!("{number}-fax.pdf"), format!("{number}-text.pdf")];
        files.push((names[0].clone(), scan.clone()));
        files.push((names[1].clone(), office.clone()));
        let papers = names.map(|file| json!({"title": format!("Underlag {number}"), "file": file}));
        json!({"title": format!("Ärende {number}"), "dnr": format!("EX 2026/{number}"), "handlingar": papers})
    });
    kallelse["arenden"] = arenden.collect::<Vec<_>>().into();
    Meeting { kallelse: kallelse.to_string().into_bytes(), files }
}

#[test]
fn a_pack_is_ordered_followed_and_fetched_and_is_the_one_the_command_makes() {
    let service = serve("pack", "");
    let id = botkyrka().ordered(&service, &json!({}));
    // Followed as it is made, with a client that reads line by line.
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    write!(stream, "GET /v1/jobs/{id}/events HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").expect("sent");
    let mut states: Vec<(String, u64)> = Vec::new();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if let Some(data) = line.strip_prefix("data:") {
            let view: Value = serde_json::from_str(data.trim()).expect("a job");
            states.push((
                view["state"].as_str().expect("a state").to_owned(),
                view["progress"]["done"].as_u64().expect("a number"),
            ));
        }
    }
    assert_eq!(states.last().expect("events").0, "done", "{states:?}");
    let steps: std::collections::BTreeSet<_> = states.iter().map(|s| s.1).collect();
    assert!(steps.len() >= 3, "no progress was seen: {states:?}");
    let view = service.finished(&id);
    assert_eq!(view["state"], "done", "{view}");
    let result = service.get(view["result"]["href"].as_str().expect("an address"));
    assert_eq!(result.header("content-type"), "application/pdf");
    assert_eq!(result.header("etag"), format!("\"{}\"", view["result"]["sha256"].as_str().expect("a digest")));
    let folder = workspace("service-pack-own");
    let own = folder.join("own.pdf");
    let meeting = "fixtures/botkyrka-sn-2013-05-28/0-kallelse.json";
    let run = sigill(&["pack", meeting, "-o", &own.display().to_string(), "--no-cache", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(crate::support::json_lines(&run)[0]["pages"], view["result"]["pages"]);
    assert!(fs::read(own).expect("read") == result.body, "the bytes differ from those of the command");
    keep_pdf("service-pack", "a-2a+ua-1", &result.body);
    let again = service.send("GET", &format!("/v1/jobs/{id}/result"), &[("if-none-match", result.header("etag"))], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let report = service.get(&format!("/v1/jobs/{id}/report"));
    assert!(report.body.starts_with(b"%PDF-"));
    keep_pdf("service-pack-report", "a-2a+ua-1", &report.body);
    let told = service.send("GET", &format!("/v1/jobs/{id}/report"), &[("accept", "application/json")], b"");
    assert!(told.json().is_object());
    assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 204);
    for path in ["", "/result", "/report", "/events"] {
        assert_eq!(service.get(&format!("/v1/jobs/{id}{path}")).problem(), "not-found");
    }
    let audit = fs::read_to_string(service.folder.join("audit")).expect("the audit");
    assert!(
        audit.contains(r#""what":"pack""#) && audit.contains(view["result"]["sha256"].as_str().expect("a digest")),
        "{audit}"
    );
}

#[test]
fn editions_copies_and_supplements_are_made_too() {
    let service = serve("pack-options", "");
    let meeting = botkyrka();
    let public = service.finished(&meeting.ordered(&service, &json!({"edition": "offentlig"})));
    assert_eq!(public["state"], "done", "{public}");
    assert!(public["result"]["file_name"].as_str().is_some_and(|n| n.contains("offentlig")), "{public}");
    let reading = service.finished(&meeting.ordered(&service, &json!({"copy": "reading"})));
    assert_eq!(reading["state"], "done", "{reading}");
    for options in
        [json!({"copy": "annan"}), json!({"edition": 1}), json!({"okänt": true}), json!([]), json!({"edition": null})]
    {
        let answer = meeting.order(&service, &options, &[]);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"), "{options}");
    }
    // A field that stands twice, and a query that nobody reads, could mean the full edition by mistake.
    let parts = [
        ("meeting", Some("k.json"), meeting.kallelse.as_slice()),
        ("options", None, br#"{"edition":"offentlig","edition":"full"}"#.as_slice()),
    ];
    let answer = service.post_parts("/v1/packs", &parts, &[]);
    assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"));
    let answer = service.post_parts("/v1/packs?edition=offentlig", &parts[..1], &[]);
    assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"));
}

#[test]
fn what_is_wrong_in_any_file_is_told_with_the_file() {
    let service = serve("pack-faults", "");
    let mut meeting = botkyrka();
    meeting.files.retain(|(name, _)| name != "2-tjansteskrivelse.json");
    let at = meeting.files.iter().position(|(n, _)| n.ends_with(".pdf")).expect("a bilaga");
    meeting.files[at].1 = b"%PDF-1.4 trasig".to_vec();
    let view = service.finished(&meeting.ordered(&service, &json!({})));
    assert_eq!(view["state"], "failed", "{view}");
    assert_eq!(view["problem"]["type"], "/problems/document-has-errors");
    let findings = view["findings"].as_array().expect("findings");
    assert!(findings.len() >= 2 && findings.iter().all(|f| f["file"].is_string()), "{view}");
    let id = view["id"].as_str().expect("an id");
    let result = service.get(&format!("/v1/jobs/{id}/result"));
    assert_eq!((result.status, result.problem().as_str()), (422, "document-has-errors"));
    let kept = service.finished(&meeting.ordered(&service, &json!({"keep_going": true})));
    assert_eq!(kept["state"], "failed", "a document that is missing is no bilaga: {kept}");
}

#[test]
fn orders_that_are_no_packs_are_refused_at_once() {
    let service = serve("pack-orders", "[limits]\npack_mb = 1\nfiles = 3\n");
    let kallelse = fs::read(root().join("fixtures/exempel/kallelse.json")).expect("a fixture");
    let file = |name| ("file", Some(name), b"x".as_slice());
    let meeting: super::client::Part<'_> = ("meeting", None, &kallelse);
    let large = vec![0; 1_100_000];
    for (parts, status) in [
        (vec![], 400),
        (vec![file("a.pdf")], 400),
        (vec![meeting, meeting], 400),
        (vec![meeting, file("../a.pdf")], 400),
        (vec![meeting, file("a.pdf"), file("A.pdf")], 400),
        (vec![meeting, ("okänd", None, b"x")], 400),
        (vec![meeting, ("options", None, b"{"), file("a.pdf")], 400),
        (vec![meeting, file("a"), file("b"), file("c"), file("d")], 413),
        (vec![meeting, ("file", Some("stor.pdf"), large.as_slice())], 413),
    ] {
        let answer = service.post_parts("/v1/packs", &parts, &[]);
        assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.body));
        answer.problem();
    }
    assert_eq!(service.post_json("/v1/packs", &kallelse).problem(), "unsupported-type");
    assert_eq!(service.get("/v1/jobs/finns-inte").problem(), "not-found");
}

#[test]
fn the_same_order_with_the_same_key_is_one_job() {
    let (a, entry_a) = key("a", &["pack"], "");
    let (b, entry_b) = key("b", &["pack"], "");
    let mut service = serve("idempotency", &format!("{entry_a}{entry_b}"));
    let meeting = botkyrka();
    service.key = Some(a.clone());
    let headers = [("idempotency-key", "ordning-1")];
    let first = meeting.order(&service, &json!({}), &headers).json();
    let again = meeting.order(&service, &json!({}), &headers);
    assert_eq!((again.status, &again.json()["id"]), (202, &first["id"]));
    let other = meeting.order(&service, &json!({"copy": "reading"}), &headers);
    assert_eq!((other.status, other.problem().as_str()), (409, "idempotency-conflict"));
    let long = "x".repeat(300);
    assert_eq!(meeting.order(&service, &json!({}), &[("idempotency-key", &long)]).status, 400);
    // Another's keys are another's, and so are its jobs.
    service.key = Some(b);
    assert_ne!(meeting.order(&service, &json!({}), &headers).json()["id"], first["id"]);
    let id = first["id"].as_str().expect("an id");
    for path in ["", "/result", "/events"] {
        assert_eq!(service.get(&format!("/v1/jobs/{id}{path}")).status, 404);
    }
    assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 404);
    service.key = Some(a);
    assert_eq!(service.finished(id)["state"], "done");
}

/// Waits until a job is being made.
fn running(service: &Service, id: &str) {
    for _ in 0..400 {
        let view = service.get(&format!("/v1/jobs/{id}")).json();
        if view["state"] == "running" && view["progress"]["done"].as_u64() > Some(0) {
            return;
        }
        assert!(["queued", "running"].contains(&view["state"].as_str().expect("a state")), "{view}");
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("it does not start");
}

#[test]
fn a_job_survives_the_death_of_its_worker_and_of_the_service() {
    let folder = workspace("service-restart");
    let mut service = serve_in(&folder, "");
    let meeting = long_meeting();
    let id = meeting.ordered(&service, &json!({}));
    running(&service, &id);
    let stay: Vec<u32> = service.workers();
    // The worker that makes the pack is the one with processes of its own.
    let busy: Vec<u32> = stay.iter().copied().filter(|w| !children(*w).is_empty()).collect();
    assert_eq!(busy.len(), 1, "{stay:?}");
    kill(&busy);
    running(&service, &id);
    service.cut();
    drop(service);
    let service = serve_in(&folder, "");
    let view = service.finished(&id);
    assert_eq!(view["state"], "done", "{view}");
    assert!(service.get(&format!("/v1/jobs/{id}/result")).body.starts_with(b"%PDF-"));
}

#[test]
fn a_job_that_is_removed_while_it_is_made_stops_at_once() {
    let service = serve("pack-removed", "");
    let id = long_meeting().ordered(&service, &json!({}));
    running(&service, &id);
    assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 204);
    assert_eq!(service.get(&format!("/v1/jobs/{id}")).status, 404);
    // The next one does not wait for the rest of it.
    let next = service.finished(&botkyrka().ordered(&service, &json!({})));
    assert_eq!(next["state"], "done", "{next}");
}

#[test]
fn told_to_stop_it_finishes_the_pack_it_is_making() {
    let folder = workspace("service-pack-stop");
    let mut service = serve_in(&folder, "");
    let id = long_meeting().ordered(&service, &json!({}));
    running(&service, &id);
    service.terminate();
    assert_eq!(service.ended(Duration::from_secs(60)), Some(0));
    let service = serve_in(&folder, "[limits]\njobs = 0\n");
    // The default folder of the configuration is another one.
    let view = service.get(&format!("/v1/jobs/{id}"));
    assert_eq!(view.status, 404);
    drop(service);
    let service = serve_in(&folder, "data = \"data\"\n[limits]\njobs = 0\n");
    assert_eq!(service.get(&format!("/v1/jobs/{id}")).json()["state"], "done");
}

#[test]
fn those_who_follow_a_job_do_not_keep_the_service_from_stopping() {
    let mut service = serve("pack-followed", "[limits]\njobs = 0\nstop_seconds = 30\n");
    let id = botkyrka().ordered(&service, &json!({}));
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    write!(stream, "GET /v1/jobs/{id}/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").expect("sent");
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.any(|l| l.is_ok_and(|l| l.contains("queued"))));
    service.terminate();
    assert_eq!(service.ended(Duration::from_secs(10)), Some(0));
}

/// PostgreSQL of the tests' own, on loopback.
#[path = "../../crates/server/tests/jobs/postgres.rs"]
pub mod postgres;

#[test]
fn two_services_share_one_queue_in_postgresql() {
    let Some(server) = postgres::postgres() else { return };
    let database = server.database();
    let config = format!("database = \"{database}\"\n[limits]\njobs = 1\n");
    let folders: Vec<PathBuf> = ["service-two-a", "service-two-b"].map(workspace).to_vec();
    // One takes orders in, both make them; each tells of all.
    let (one, mut two) = (serve_in(&folders[0], &config), serve_in(&folders[1], &config));
    let meeting = botkyrka();
    let ids: Vec<String> = (0..4).map(|_| meeting.ordered(&one, &json!({}))).collect();
    let digests: std::collections::BTreeSet<String> =
        ids.iter().map(|id| two.finished(id)["result"]["sha256"].as_str().expect("a digest").to_owned()).collect();
    assert_eq!(digests.len(), 1);
    let made = |folder: &Path| {
        let audit = fs::read_to_string(folder.join("audit")).expect("the audit");
        audit.lines().filter(|l| l.contains(r#""what":"pack""#)).count()
    };
    let shares: Vec<usize> = folders.iter().map(|f| made(f)).collect();
    assert!(shares.iter().sum::<usize>() == 4 && shares.iter().all(|s| *s > 0), "{shares:?}");
    // One machine is cut off in the middle of a job: the other takes it up.
    let id = long_meeting().ordered(&two, &json!({}));
    running(&two, &id);
    let took = !two.workers().iter().all(|w| children(*w).is_empty());
    if took {
        two.cut();
    }
    assert_eq!(one.finished(&id)["state"], "done");
}
