//! Worker processes end with whoever started them, however that ended.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::pack::runs::assemble;
use crate::service::client::{children, kill, serve};
use crate::service::robust::endless_document;
use crate::support::{root, workspace};

/// A page of forms within forms: drawing it takes as good as for ever.
fn endless_bilaga() -> Vec<u8> {
    let depth = 14;
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        [
            &b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "[..],
            b"/Resources << /XObject << /X 5 0 R >> >> >>",
        ]
        .concat(),
        b"<< /Length 5 >>\nstream\n/X Do\nendstream".to_vec(),
    ];
    for level in 0..depth {
        let content = if level + 1 < depth { "/X Do ".repeat(10) } else { "0 0 9 9 re f ".to_owned() };
        let inner = if level + 1 < depth {
            format!("/Resources << /XObject << /X {} 0 R >> >> ", level + 6)
        } else {
            String::new()
        };
        let head = format!("<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner}/Length {} >>", content.len());
        objects.push(format!("{head}\nstream\n{content}\nendstream").into_bytes());
    }
    assemble(&objects)
}

/// A kallelse with such a bilaga, as a model.
fn endless_meeting() -> Value {
    let mut kallelse: Value =
        serde_json::from_slice(&fs::read(root().join("fixtures/exempel/kallelse.json")).expect("read")).expect("JSON");
    let papers = json!([{"title": "Bilagan", "file": "bilaga.pdf"}]);
    kallelse["arenden"] = json!([{"title": "Ett", "dnr": "EX 2026/1", "handlingar": papers}]);
    kallelse
}

/// All that a process has started, and what those have.
fn descendants(of: u32) -> Vec<u32> {
    let mut out = children(of);
    let below: Vec<u32> = out.iter().flat_map(|p| descendants(*p)).collect();
    out.extend(below);
    out
}

fn lives(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    status.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with(['Z', 'X']))
}

#[track_caller]
fn gone(processes: &[u32]) {
    let end = Instant::now() + Duration::from_secs(5);
    while processes.iter().any(|p| lives(*p)) {
        assert!(Instant::now() < end, "of {processes:?} some live on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until something holds of the processes that one has started.
#[track_caller]
fn until(of: u32, holds: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let now = descendants(of);
        if holds(&now) {
            return now;
        }
        assert!(Instant::now() < end, "{now:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(folder: &Path, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigill"));
    command.args(args).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started")
}

/// A run that is killed as soon as it has so many workers, in the middle of what they do.
fn killed(folder: &Path, args: &[&str], workers: usize) {
    let mut run = start(folder, args);
    let processes = until(run.id(), |now| now.len() >= workers);
    std::thread::sleep(Duration::from_millis(500));
    assert!(run.try_wait().expect("a status").is_none(), "it was to be at work still");
    run.kill().expect("killed");
    run.wait().expect("gone");
    gone(&processes);
}

fn folder_with_meeting(name: &str) -> PathBuf {
    let folder = workspace(name);
    fs::write(folder.join("kallelse.json"), endless_meeting().to_string()).expect("written");
    fs::write(folder.join("bilaga.pdf"), endless_bilaga()).expect("written");
    folder
}

#[test]
fn a_killed_render_leaves_no_worker() {
    let folder = workspace("workers-render");
    let model = endless_document();
    for name in ["a.json", "b.json"] {
        fs::write(folder.join(name), &model).expect("written");
    }
    killed(&folder, &["render", "a.json", "b.json", "--jobs", "2"], 2);
}

#[test]
fn a_killed_pack_leaves_no_reader_of_bilagor() {
    let folder = folder_with_meeting("workers-pack");
    killed(&folder, &["pack", "kallelse.json", "--no-cache"], 1);
}

#[test]
fn a_cancelled_pack_and_a_killed_service_leave_no_process() {
    let mut service = serve("workers-cancel", "[limits]\nworkers = 1\n");
    let stay = service.workers();
    let (model, bilaga) = (endless_meeting().to_string(), endless_bilaga());
    let parts = [("meeting", None, model.as_bytes()), ("file", Some("bilaga.pdf"), bilaga.as_slice())];
    let order = || {
        let answer = service.post_parts("/v1/packs", &parts, &[]);
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        // The worker of the pack, and the one that reads for it.
        let all = until(service.process(), |now| now.len() >= stay.len() + 2);
        (id, all)
    };
    let (id, all) = order();
    assert_eq!(service.send("DELETE", &format!("/v1/jobs/{id}"), &[], b"").status, 204);
    let of_the_pack: Vec<u32> = all.into_iter().filter(|p| !stay.contains(p)).collect();
    gone(&of_the_pack);
    assert_eq!(service.workers(), stay, "the workers of documents stay");
    let (_, all) = order();
    kill(&[service.process()]);
    assert_eq!(service.ended(Duration::from_secs(5)), None, "it was killed");
    gone(&all);
}
