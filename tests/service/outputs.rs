//! Where the service writes to: a log that nobody takes must not stop it, and an audit that cannot be written is noticed.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::access::key;
use super::client::{Service, serve, start};
use super::packs::botkyrka;
use crate::support::{root, workspace};

/// Asks so often, on one connection, that the log of it is more than a pipe and a queue hold.
fn chatter(service: &Service, times: usize) {
    let mut stream = TcpStream::connect(service.address()).expect("connected");
    let asks = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
    let mut said = BufReader::new(stream.try_clone().expect("a clone"));
    for _ in 0..times / 100 {
        stream.write_all(asks.as_bytes()).expect("written");
        let mut line = String::new();
        for _ in 0..100 {
            while line.trim_end() != "ok" {
                line.clear();
                assert!(said.read_line(&mut line).expect("an answer") > 0, "it closed");
            }
            line.clear();
        }
    }
}

fn metric(service: &Service, name: &str) -> u64 {
    let text = String::from_utf8(service.get("/metrics").body).expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {text}"));
    line.trim().parse().expect("a number")
}

#[test]
fn a_log_that_nobody_takes_stops_nothing() {
    for case in ["unread", "full", "closed"] {
        let folder = workspace(&format!("service-log-{case}"));
        let program = env!("CARGO_BIN_EXE_sigill");
        let (command, errors) = match case {
            "unread" => (Command::new(program), Stdio::piped()),
            "full" => {
                let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux");
                (Command::new(program), full.into())
            }
            _ => {
                let mut command = Command::new("sh");
                command.args(["-c", "exec \"$0\" \"$@\" 2>&-", program]);
                (command, Stdio::null())
            }
        };
        let mut service = start(command, &folder, "data = \"data\"\n", errors);
        chatter(&service, 8000);
        let answer = service
            .post_json("/v1/render", &fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("read"));
        assert_eq!(answer.status, 200, "{case}: {}", String::from_utf8_lossy(&answer.body));
        if case != "closed" {
            assert!(metric(&service, "sigill_log_lines_lost_total") > 0, "{case}");
        }
        service.terminate();
        assert_eq!(service.ended(Duration::from_secs(10)), Some(0), "{case}");
    }
}

#[test]
fn without_its_audit_nothing_is_handed_out_if_the_configuration_says_so() {
    let folder = workspace("service-audit-full");
    let audit = folder.join("granskning.jsonl");
    std::os::unix::fs::symlink("/dev/full", &audit).expect("a link");
    let log = fs::File::create(folder.join("log")).expect("a log");
    let config = "data = \"data\"\naudit = \"granskning.jsonl\"\naudit_required = true\naudit_sync = false\n";
    let service = start(Command::new(env!("CARGO_BIN_EXE_sigill")), &folder, config, log.into());
    let model = fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("a fixture");
    let refused = service.post_json("/v1/render", &model);
    assert_eq!((refused.status, refused.problem().as_str()), (507, "storage-full"));
    assert!(refused.header("retry-after").parse::<u64>().is_ok());
    let id = botkyrka().ordered(&service, &json!({}));
    for _ in 0..200 {
        if metric(&service, "sigill_audit_failures_total") > 1 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(metric(&service, "sigill_audit_failures_total") > 1, "the pack was to be noted, too");
    assert_eq!(service.get(&format!("/v1/jobs/{id}")).json()["state"], "running", "it waits");
    fs::remove_file(&audit).expect("removed");
    let view = service.finished(&id);
    assert_eq!(view["state"], "done", "{view}");
    let line: Value = serde_json::from_str(fs::read_to_string(&audit).expect("an audit").trim()).expect("one line");
    assert_eq!(
        (&line["what"], &line["job"], &line["sha256"]),
        (&"pack".into(), &view["id"], &view["result"]["sha256"])
    );
}

#[test]
fn the_log_tells_who_asked_from_where_and_who_was_refused() {
    let (good, entry) = key("diariet", &["render", "pack"], "");
    let (old, expired) = key("förr", &["render"], "expires = 2020-01-31");
    let mut service = serve("log-who", &format!("audit = \"granskning.jsonl\"\n{entry}{expired}"));
    let mut ids = Vec::new();
    for key in [None, Some("sigill_fel".to_owned()), Some(old), Some(good)] {
        service.key = key;
        ids.push(service.get("/metrics").header("x-request-id").to_owned());
    }
    let ordered = botkyrka().order(&service, &json!({}), &[("x-forwarded-for", "10.1.2.3")]);
    ids.push(ordered.header("x-request-id").to_owned());
    let job = ordered.json()["id"].clone();
    service.finished(job.as_str().expect("an id"));
    service.terminate();
    assert_eq!(service.ended(Duration::from_secs(10)), Some(0));
    let log = fs::read_to_string(service.folder.join("log")).expect("a log");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let callers = [Value::Null, Value::Null, "key:förr".into(), "key:diariet".into(), "key:diariet".into()];
    for (at, (id, caller)) in ids.iter().zip(callers).enumerate() {
        let own: Vec<_> = lines.iter().filter(|line| line["span"]["request"] == id.as_str()).collect();
        let said =
            |what: &str| own.iter().find(|line| line["fields"]["message"].as_str().is_some_and(|m| m.contains(what)));
        let answered = said("answered").unwrap_or_else(|| panic!("{at}: {log}"));
        assert_eq!(answered["span"]["caller"], caller, "{answered}");
        assert!(answered["span"]["peer"].as_str().is_some_and(|peer| peer.starts_with("127.0.0.1:")), "{answered}");
        match at {
            0..=3 => {
                let refused = said("not let in").unwrap_or_else(|| panic!("{at}: {log}"));
                assert_eq!((&refused["span"]["path"], &refused["span"]["caller"]), (&"/metrics".into(), &caller));
            }
            _ => {
                assert_eq!(answered["span"]["forwarded"], "10.1.2.3");
                assert_eq!(said("a pack is ordered").expect("a line")["fields"]["job"], job);
                // The audit has both ids.
                let audit = fs::read_to_string(service.folder.join("granskning.jsonl")).expect("an audit");
                let line: Value = serde_json::from_str(audit.trim()).expect("one line");
                assert_eq!((&line["job"], &line["request_id"]), (&job, &id.as_str().into()));
                assert!(lines.iter().any(|line| (line["span"]["job"] == job || line["fields"]["job"] == job)
                    && line["fields"]["message"] == "a pack is made"));
            }
        }
    }
}

#[test]
fn what_workers_say_stands_in_the_log() {
    // A folder of fonts that goes away: workers that are started anew say so.
    let folder = workspace("service-workers-say");
    fs::create_dir(folder.join("typsnitt")).expect("a folder");
    fs::copy(font(), folder.join("typsnitt/eget.ttf")).expect("copied");
    let mut service =
        super::client::serve_in(&folder, "data = \"data\"\n[limits]\nworkers = 1\n[layouts]\nfonts = [\"typsnitt\"]\n");
    fs::remove_dir_all(folder.join("typsnitt")).expect("removed");
    super::client::kill(&service.workers());
    let model = fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("a fixture");
    assert_eq!(service.post_json("/v1/render", &model).status, 500);
    service.terminate();
    assert_eq!(service.ended(Duration::from_secs(10)), Some(0));
    let mut log = String::new();
    fs::File::open(folder.join("log")).expect("a log").read_to_string(&mut log).expect("text");
    assert!(log.contains("a worker says") && log.contains("typsnitt"), "{log}");
}

fn font() -> std::path::PathBuf {
    let all = fs::read_dir(root().join("fonts")).expect("fonts").map(|e| e.expect("an entry").path());
    let mut open: Vec<_> = all.collect();
    while let Some(at) = open.pop() {
        if at.is_dir() {
            open.extend(fs::read_dir(&at).expect("a folder").map(|e| e.expect("an entry").path()));
        } else if at.extension().is_some_and(|e| e == "ttf" || e == "otf") {
            return at;
        }
    }
    panic!("no font");
}
