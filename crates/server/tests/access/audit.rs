//! Lines of the audit.

use serde_json::{Value, json};
use sigill_server::access::{Audit, Entry};

use super::time;

const ENTRY: Entry<'static> = Entry {
    time: chrono::DateTime::UNIX_EPOCH,
    who: "key:a\n\"b\"",
    what: "render",
    sha256: Some("00ff"),
    pages: Some(3),
    bytes: Some(4711),
    outcome: "done",
    request_id: Some("r-1"),
    job: None,
};

#[test]
fn one_line_each_and_a_file_rotated_away_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("audit.jsonl"), folder.path().join("audit.1"));
    let audit = Audit::new(Some(&path)).unwrap();
    audit.write(&Entry { time: time("2026-11-22T12:00:00.5Z"), ..ENTRY }).unwrap();
    audit.write(&Entry { sha256: None, pages: None, bytes: None, outcome: "too-large", ..ENTRY }).unwrap();
    std::fs::rename(&path, &away).unwrap();
    audit.write(&ENTRY).unwrap();
    let lines = |path| {
        std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<Value>>()
    };
    let first = lines(&away);
    assert_eq!((first.len(), lines(&path).len()), (2, 1));
    assert_eq!(
        first[0],
        json!({"time": "2026-11-22T12:00:00.500Z", "who": "key:a\n\"b\"", "what": "render", "sha256": "00ff", "pages": 3,
            "bytes": 4711, "outcome": "done", "request_id": "r-1"})
    );
    assert_eq!(first[1].get("pages"), None);
}

#[test]
fn lines_of_many_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let audits: Vec<_> = (0..4).map(|_| Audit::new(Some(&path)).unwrap()).collect();
    std::thread::scope(|s| {
        for audit in &audits {
            s.spawn(|| (0..200).for_each(|_| audit.write(&ENTRY).unwrap()));
        }
    });
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().filter(|l| serde_json::from_str::<Value>(l).is_ok()).count(), 800);
}

#[test]
fn where_nothing_can_be_written_is_told_at_once() {
    let said = Audit::new(Some(std::path::Path::new("/no/such/folder/audit"))).unwrap_err();
    assert!(said.contains("cannot be written"), "{said}");
}

#[test]
fn a_file_that_has_grown_is_put_aside_and_no_line_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    std::fs::write(folder.path().join("audit.jsonl.2"), b"another's\n").unwrap();
    let text = "audit = \"audit.jsonl\"\naudit_mb = 1\naudit_sync = true\n";
    let config = sigill_server::Config::read(text, folder.path()).unwrap();
    let audits: Vec<_> = (0..2).map(|_| Audit::of(&config).unwrap()).collect();
    let who = "x".repeat(60_000);
    std::thread::scope(|s| {
        for audit in &audits {
            s.spawn(|| (0..25).for_each(|_| audit.write(&Entry { who: &who, ..ENTRY }).unwrap()));
        }
    });
    let mut lines = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(text.len() < 1_200_000);
        lines += text.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count();
    }
    assert_eq!(lines, 50);
    assert_eq!(std::fs::read(folder.path().join("audit.jsonl.2")).unwrap(), b"another's\n");
    assert!(folder.path().join("audit.jsonl.1").exists() && folder.path().join("audit.jsonl.3").exists());
    assert!(path.exists());
}
