//! What may happen to one job.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use sigill_orders::Lang;
use sigill_server::jobs::{Job, PackDraft, Progress, ReportFormat, State};
use sigill_server::problem::Kind;
use sigill_server::protocol::PackJobOptions;

use crate::support::{Act, Fake, Place, bytes, kind, serve, small, soon, until};

pub async fn life(place: Place) {
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let jobs = &server.jobs;
    assert!(jobs.ready().await);
    let options = PackJobOptions { edition: Some("offentlig".into()), ..PackJobOptions::default() };
    let mut draft = PackDraft::begin(jobs, "anna", &options, None).await.expect("a draft");
    for (name, text) in [("b/2.json", "two"), ("b/tom.txt", "")] {
        draft.file(name).await.expect("begun");
        draft.write(text.as_bytes()).await.expect("written");
    }
    draft.meeting("a.json").await.expect("begun");
    draft.write(b"one ").await.expect("written");
    draft.write(b"and ").await.expect("written");
    draft.sent().await.expect("begun");
    draft.write(b"before").await.expect("written");
    assert_eq!(jobs.counts().await.expect("counts").queued, 0, "a draft does not wait");
    let since = Instant::now();
    let (job, fresh) = draft.commit().await.expect("committed");
    assert!(fresh);
    let view = serde_json::to_value(job.view(Lang::Sv).expect("a view")).expect("JSON");
    assert_eq!(view["kind"], "pack");
    assert!(view["created"].as_str().expect("text").ends_with('Z'), "{view}");
    let job = until(jobs, "anna", &job.id, State::Done).await;
    eprintln!("made and seen after {:?}", since.elapsed());

    let view = serde_json::to_value(job.view(Lang::Sv).expect("a view")).expect("JSON");
    assert_eq!(view["state"], "done");
    assert_eq!(view["progress"], serde_json::json!({"done": 2, "total": 2}));
    assert_eq!(view["problem"], serde_json::Value::Null);
    assert_eq!(view["findings"][0]["code"], "SUM001");
    assert_eq!(view["result"]["href"], format!("/v1/jobs/{}/result", job.id));
    assert_eq!(view["result"]["bytes"], 11);
    assert_eq!(view["result"]["pages"], 7);
    assert_eq!(view["result"]["file_name"], "kallelse-å.pdf");
    assert_eq!(view["report"]["href"], format!("/v1/jobs/{}/report", job.id));
    let times = ["created", "started", "finished", "expires"].map(|k| view[k].as_str().expect(k).to_owned());
    assert!(times.is_sorted(), "{times:?}");

    let result = jobs.result("anna", &job.id).await.expect("a result");
    assert_eq!(result.file_name, "kallelse-å.pdf");
    let sha256 = result.sha256.clone();
    let pack = bytes(result).await;
    assert_eq!(pack, b"one and two");
    assert_eq!(sha256, format!("{:x}", Sha256::digest(&pack)));
    assert_eq!(view["result"]["sha256"], sha256);
    let report = jobs.report("anna", &job.id, ReportFormat::Pdf).await.expect("a report");
    assert_eq!(report.file_name, "kallelse-å-rapport.pdf");
    assert_eq!(bytes(report).await, b"%PDF report");
    let report = bytes(jobs.report("anna", &job.id, ReportFormat::Json).await.expect("a report")).await;
    let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
    assert_eq!(report["sent"], "before");
    assert_eq!(report["options"]["edition"], "offentlig");
    assert_eq!(report["files"], serde_json::json!(["a.json", "b/2.json", "b/tom.txt"]));

    // The kallelse may hold passwords: it is gone as soon as the job is finished.
    let inputs = "SELECT COUNT(*) FROM sigill_chunks WHERE name NOT LIKE 'o1/%'";
    soon("inputs are gone", async || place.number(inputs).await == 0).await;
    let work: Vec<_> = std::fs::read_dir(place.config.data.join("work")).expect("work").collect();
    assert_eq!(work.len(), 2, "one folder and its mark: {work:?}");
    let folder = work.into_iter().map(|e| e.expect("an entry").path()).find(|p| p.is_dir()).expect("a folder");
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0, "nothing is left in it");
    if place.is_sqlite() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.config.data.join("sigill.db")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    server.stop().await;
    assert!(!folder.exists());
}

pub async fn progress_is_seen(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    // Another server looks on.
    let other = place.open().await;
    let job = small(&server.jobs, "anna", "1").await;
    for (jobs, most) in [(&server.jobs, 1000), (&other, 1500)] {
        fake.gate.send_replace(false);
        let job = small(&server.jobs, "anna", "2").await;
        let _ = &job;
        let mut watch = Box::pin(jobs.watch("anna", &job.id).await.expect("a stream"));
        // The first job holds the gate; both pass when it opens.
        let mut seen: Vec<(State, Progress)> = Vec::new();
        let mut next = async |seen: &mut Vec<_>| {
            let job: Job = tokio::time::timeout(Duration::from_secs(20), watch.next()).await.expect("in time")?;
            seen.push((job.state, job.progress));
            Some(job)
        };
        let first = next(&mut seen).await.expect("the job as it is");
        assert!(!first.state.is_final());
        fake.gate.send_replace(true);
        let since = Instant::now();
        while let Some(job) = next(&mut seen).await {
            if job.state.is_final() {
                assert!(since.elapsed() < Duration::from_millis(most + 4000));
            }
        }
        assert_eq!(seen.last(), Some(&(State::Done, Progress { done: 2, total: 2 })), "{seen:?}");
        assert!(seen.windows(2).all(|w| w[0] != w[1]), "only changes are told: {seen:?}");
    }
    until(&server.jobs, "anna", &job.id, State::Done).await;

    // Half of it, while it stands there.
    fake.gate.send_replace(false);
    let job = small(&server.jobs, "anna", "3").await;
    for jobs in [&server.jobs, &other] {
        let watch = jobs.watch("anna", &job.id).await.expect("a stream");
        let half = watch.filter(|job| std::future::ready(job.progress == Progress { done: 1, total: 2 }));
        let half = tokio::time::timeout(Duration::from_secs(10), std::pin::pin!(half).next()).await.expect("in time");
        assert_eq!(half.expect("a job").state, State::Running);
    }
    fake.gate.send_replace(true);
    until(&other, "anna", &job.id, State::Done).await;
    // A finished one is told once.
    let all: Vec<Job> = other.watch("anna", &job.id).await.expect("a stream").collect().await;
    assert_eq!(all.len(), 1);
    assert_eq!(kind(other.watch("bo", &job.id).await.map(drop)), Kind::NotFound);
}

pub async fn refused(place: Place) {
    let fake = Fake::new(Act::Refuse);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    let job = until(&server.jobs, "anna", &job.id, State::Failed).await;
    let sv = serde_json::to_value(job.view(Lang::Sv).expect("a view")).expect("JSON");
    let en = serde_json::to_value(job.view(Lang::En).expect("a view")).expect("JSON");
    assert_eq!(sv["findings"].as_array().map(Vec::len), Some(2));
    assert_eq!(sv["problem"]["type"], "/problems/document-has-errors");
    assert_eq!((&sv["problem"]["detail"], &en["problem"]["detail"]), (&"Två fel.".into(), &"Two errors.".into()));
    assert_eq!((&sv["result"], &sv["report"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    let problem = server.jobs.result("anna", &job.id).await.err().expect("its own problem");
    assert_eq!((problem.kind, problem.findings.len()), (Kind::DocumentHasErrors, 2));
    assert_eq!(fake.calls(), 1, "what is refused is not tried again");
    soon("inputs are gone", async || place.number("SELECT COUNT(*) FROM sigill_chunks").await == 0).await;
}

pub async fn deleted_while_queued(place: Place) {
    let jobs = place.open().await;
    let job = small(&jobs, "anna", "1").await;
    assert_eq!(kind(jobs.result("anna", &job.id).await.map(drop)), Kind::JobNotDone);
    let watch = jobs.watch("anna", &job.id).await.expect("a stream");
    jobs.delete("anna", &job.id).await.expect("deleted");
    let states: Vec<State> = watch.map(|job| job.state).collect().await;
    assert_eq!(states, [State::Queued, State::Cancelled]);
    assert_eq!(kind(jobs.get("anna", &job.id).await.map(drop)), Kind::NotFound);
    assert_eq!(kind(jobs.delete("anna", &job.id).await), Kind::NotFound);
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_chunks").await, 0);
    // Nobody does it.
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let next = small(&jobs, "anna", "2").await;
    until(&jobs, "anna", &next.id, State::Done).await;
    server.stop().await;
    assert_eq!(fake.calls(), 1);
}

pub async fn deleted_while_running(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    server.jobs.delete("anna", &job.id).await.expect("deleted");
    let took = soon("the handler is told", async || fake.cancelled.load(Ordering::SeqCst) == 1).await;
    assert!(took < Duration::from_millis(800), "at once on the same server: {took:?}");
    assert_eq!(kind(server.jobs.get("anna", &job.id).await.map(drop)), Kind::NotFound);
    // And the worker goes on.
    fake.gate.send_replace(true);
    let next = small(&server.jobs, "anna", "2").await;
    until(&server.jobs, "anna", &next.id, State::Done).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_jobs").await, 1);
}

pub async fn a_deaf_handler_is_dropped(place: Place) {
    let fake = Fake::new(Act::Deaf);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    server.jobs.delete("anna", &job.id).await.expect("deleted");
    *fake.act.lock().expect("act") = Act::Done;
    let next = small(&server.jobs, "anna", "2").await;
    until(&server.jobs, "anna", &next.id, State::Done).await;
    fake.gate.send_replace(true);
    assert_eq!(*fake.made.lock().expect("made"), ["2"]);
}

pub async fn owners_do_not_see_each_other(place: Place) {
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let jobs = &server.jobs;
    let job = small(jobs, "anna", "1").await;
    until(jobs, "anna", &job.id, State::Done).await;
    assert!(job.id.len() >= 22, "128 bits: {}", job.id);
    assert_eq!(kind(jobs.get("bo", &job.id).await.map(drop)), Kind::NotFound);
    assert_eq!(kind(jobs.result("bo", &job.id).await.map(drop)), Kind::NotFound);
    assert_eq!(kind(jobs.report("bo", &job.id, ReportFormat::Pdf).await.map(drop)), Kind::NotFound);
    assert_eq!(kind(jobs.watch("bo", &job.id).await.map(drop)), Kind::NotFound);
    assert_eq!(kind(jobs.delete("bo", &job.id).await), Kind::NotFound);
    assert!(jobs.get("anna", &job.id).await.is_ok());
}

pub async fn expiry(mut place: Place) {
    place.timing.keep = Duration::from_secs(2);
    place.timing.sweep = Duration::from_millis(300);
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    until(&server.jobs, "anna", &job.id, State::Done).await;
    assert!(server.jobs.result("anna", &job.id).await.is_ok());
    soon("it expires", async || server.jobs.get("anna", &job.id).await.is_err()).await;
    assert_eq!(kind(server.jobs.result("anna", &job.id).await.map(drop)), Kind::NotFound);
    soon("its row is gone", async || place.number("SELECT COUNT(*) FROM sigill_jobs").await == 0).await;
    soon("its files are gone", async || place.number("SELECT COUNT(*) FROM sigill_chunks").await == 0).await;
}
