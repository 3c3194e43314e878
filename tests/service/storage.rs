//! The disk: what is left on it, and what happens when there is no more room.

use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use super::access::key;
use super::client::{children, serve, serve_in, start};
use super::packs::{botkyrka, meeting_of};
use crate::support::workspace;

#[test]
fn without_room_nothing_is_taken_in_and_what_was_waits() {
    let folder = workspace("service-room");
    let service = serve_in(&folder, "data = \"data\"\n[limits]\njobs = 0\n");
    let id = botkyrka().ordered(&service, &json!({}));
    drop(service);
    let service = serve_in(&folder, "data = \"data\"\n[limits]\nfree_disk_mb = 100000000\n");
    let refused = botkyrka().order(&service, &json!({}), &[]);
    assert_eq!((refused.status, refused.problem().as_str()), (507, "storage-full"));
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
    assert_eq!(service.get("/readyz").status, 503);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(service.get(&format!("/v1/jobs/{id}")).json()["state"], "queued");
    drop(service);
    let service = serve_in(&folder, "data = \"data\"\n");
    assert_eq!(service.finished(&id)["state"], "done");
}

#[test]
fn a_key_has_a_part_of_the_disk() {
    let (small, entry) = key("liten", &["pack"], "disk_mb = 3");
    let (other, entry_other) = key("annan", &["pack"], "");
    let mut service = serve("quota", &format!("[limits]\njobs = 0\n{entry}{entry_other}"));
    service.key = Some(small.clone());
    let order = |service: &super::client::Service| {
        let file = vec![7; 1_200_000];
        service.post_parts("/v1/packs", &[("meeting", None, b"{}"), ("file", Some("a.pdf"), &file)], &[])
    };
    let first = order(&service);
    assert_eq!(first.status, 202);
    assert_eq!(order(&service).status, 202);
    let refused = order(&service);
    assert_eq!((refused.status, refused.problem().as_str()), (507, "storage-full"));
    assert!(refused.json()["detail"].as_str().is_some_and(|detail| detail.contains("3 MB")), "{}", refused.json());
    service.key = Some(other);
    assert_eq!(order(&service).status, 202, "it is another's part");
    service.key = Some(small);
    let id = first.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 204);
    assert_eq!(order(&service).status, 202);
}

#[test]
fn folders_of_work_that_nobody_does_any_more_are_removed() {
    let folder = workspace("service-left-behind");
    let left = folder.join("data/work/gammalt-jobb/in/files");
    fs::create_dir_all(&left).expect("a folder");
    fs::write(left.join("hemligt.pdf"), b"x").expect("written");
    fs::write(folder.join("data/work/strofil"), b"x").expect("written");
    let mut service = serve_in(&folder, "data = \"data\"\n");
    // One that is killed in the middle of its work.
    let id = meeting_of(8).ordered(&service, &json!({}));
    let began = Instant::now();
    while service.workers().iter().all(|worker| children(*worker).is_empty()) {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    service.cut();
    drop(service);
    let service = serve_in(&folder, "data = \"data\"\n[limits]\njobs = 0\n");
    let names: Vec<_> =
        fs::read_dir(folder.join("data/work")).expect("there").map(|e| e.expect("an entry").path()).collect();
    assert_eq!(names.len(), 2, "its own folder and its mark: {names:?}");
    assert_eq!(service.get(&format!("/v1/jobs/{id}")).status, 200);
}

/// A command that ends with the program, in namespaces of its own; none, after a loud notice, where that is not allowed.
fn apart(how: &[&str]) -> Option<Command> {
    if !Command::new("unshare").args(how).arg("true").status().is_ok_and(|status| status.success()) {
        let notice = format!("\n*** SKIPPED: unshare {how:?} is not allowed here\n");
        assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(how);
    Some(command)
}

#[test]
fn a_disk_that_fills_up_is_told_and_jobs_wait_until_there_is_room() {
    let Some(mut command) = apart(&["-rm"]) else { return };
    let folder = workspace("service-full-disk");
    fs::create_dir(folder.join("data")).expect("a folder");
    let mount = "mount -t tmpfs -o size=100m none data && exec \"$0\" \"$@\"";
    command.args(["sh", "-c", mount, env!("CARGO_BIN_EXE_sigill")]);
    let log = fs::File::create(folder.join("log")).expect("a log");
    // The first one fills the disk itself: all that the service may know is that a write fails.
    let service = start(command, &folder, "data = \"data\"\n[limits]\nfree_disk_mb = 0\nworkers = 1\n", log.into());
    let disk =
        format!("/proc/{}/root{}", service.process(), fs::canonicalize(folder.join("data")).expect("a path").display());
    let ballast = format!("{disk}/ballast");
    let fill = || {
        let mut file = fs::File::create(&ballast).expect("a file");
        while file.write_all(&[1; 4096]).is_ok() {}
    };
    let id = meeting_of(8).ordered(&service, &json!({}));
    let began = Instant::now();
    while service.get(&format!("/v1/jobs/{id}")).json()["state"] != "running" {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not begin");
    }
    fill();
    // The database has some room of its own.
    let orders = (0..12).map(|_| meeting_of(8).order(&service, &json!({}), &[]));
    let mut taken = Vec::new();
    let refused = orders
        .inspect(|answer| taken.extend(answer.json()["id"].as_str().map(str::to_owned)))
        .find(|answer| answer.status != 202)
        .expect("the disk is full");
    assert!([503, 507].contains(&refused.status), "{}", String::from_utf8_lossy(&refused.body));
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
    assert_eq!(service.get("/readyz").status, 503);
    std::thread::sleep(Duration::from_secs(6));
    let state = service.get(&format!("/v1/jobs/{id}")).json()["state"].clone();
    assert!(state == "queued" || state == "running", "{state}");
    fs::remove_file(&ballast).expect("removed");
    for taken in taken {
        assert_eq!(service.send("DELETE", &format!("/v1/jobs/{taken}"), &[], b"").status, 204);
    }
    let view = service.finished(&id);
    assert_eq!(view["state"], "done", "{view}");
    let again = botkyrka().ordered(&service, &json!({}));
    assert_eq!(service.finished(&again)["state"], "done");
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn as_process_1_it_takes_leave_of_what_lost_its_parent() {
    let Some(mut command) = apart(&["-rpf", "--mount-proc", "--kill-child"]) else { return };
    let folder = workspace("service-first-process");
    command.arg(env!("CARGO_BIN_EXE_sigill"));
    let log = fs::File::create(folder.join("log")).expect("a log");
    let service = start(command, &folder, "data = \"data\"\n[limits]\nworkers = 1\n", log.into());
    let first = children(service.process())[0];
    let own = children(first)[0];
    let id = meeting_of(8).ordered(&service, &json!({}));
    // The worker of the pack dies; its readers lose their parent.
    let began = Instant::now();
    let busy = loop {
        let busy = children(own).into_iter().find(|worker| !children(*worker).is_empty());
        if let Some(busy) = busy {
            break busy;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "it does not begin");
        std::thread::sleep(Duration::from_millis(10));
    };
    let readers = children(busy);
    super::client::kill(&[busy]);
    let began = Instant::now();
    while readers.iter().chain([&busy]).any(|process| fs::exists(format!("/proc/{process}")).expect("told")) {
        assert!(began.elapsed() < Duration::from_secs(5), "zombies are left of {readers:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(service.finished(&id)["state"], "done");
    // It is told to stop by process 1, and ends as its service does.
    let told = Command::new("kill").args(["-TERM", &first.to_string()]).status().expect("kill");
    assert!(told.success());
    let mut service = service;
    assert_eq!(service.ended(Duration::from_secs(20)), Some(0));
}
