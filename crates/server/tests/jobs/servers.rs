//! What may happen to servers that share a queue.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use sigill_server::jobs::{Jobs, State};
use sigill_server::problem::Kind;

use crate::support::{Act, Fake, Place, Server, kind, serve, small, soon, until};

pub async fn opened_at_once(place: Place) {
    let opened = futures_util::future::join_all((0..6).map(|_| place.open())).await;
    for jobs in &opened {
        assert!(jobs.ready().await);
    }
    let twice = "SELECT COUNT(*) - COUNT(DISTINCT version) FROM sigill_schema";
    assert_eq!(place.number(twice).await, 0, "each version once");
    // A database of a newer server is left alone.
    place.change("INSERT INTO sigill_schema (version) VALUES (99)").await;
    let refused = Jobs::open_with(&place.config, place.timing.clone()).await.err().expect("too new");
    for told in ["version 99", "uppgradera programmet", "upgrade the program"] {
        assert!(refused.contains(told), "{refused}");
    }
}

pub async fn two_share_the_work(place: Place) {
    let fakes = [Fake::new(Act::Gate), Fake::new(Act::Gate)];
    let servers = [serve(&place, &fakes[0]).await, serve(&place, &fakes[1]).await];
    let mut jobs = Vec::new();
    for number in 0..12 {
        let at = number % 2;
        jobs.push(small(&servers[at].jobs, "anna", &number.to_string()).await);
    }
    soon("both work", async || fakes.iter().all(|f| f.calls() == 1)).await;
    for fake in &fakes {
        fake.gate.send_replace(true);
    }
    for job in &jobs {
        // Whoever made it, each can tell.
        until(&servers[0].jobs, "anna", &job.id, State::Done).await;
        until(&servers[1].jobs, "anna", &job.id, State::Done).await;
    }
    let mut made: Vec<String> = fakes.iter().flat_map(|f| f.made.lock().expect("made").clone()).collect();
    made.sort_by_key(|n| n.parse::<usize>().expect("a number"));
    assert_eq!(made, (0..12).map(|n| n.to_string()).collect::<Vec<_>>(), "each once");
    assert_eq!(fakes.iter().map(|f| f.calls()).sum::<usize>(), 12);
}

pub async fn deleted_on_the_other_server(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let other = place.open().await;
    let job = small(&other, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    let watch = server.jobs.watch("anna", &job.id).await.expect("a stream");
    other.delete("anna", &job.id).await.expect("deleted");
    let took = soon("the handler is told", async || fake.cancelled.load(Ordering::SeqCst) == 1).await;
    assert!(took < Duration::from_secs(3), "{took:?}");
    let last = watch.map(|job| job.state).collect::<Vec<_>>().await;
    assert_eq!(last.last(), Some(&State::Cancelled));
}

/// A server in a runtime of its own, that can die as one whose machine loses power.
pub struct Mortal {
    runtime: tokio::runtime::Runtime,
    pub jobs: Jobs,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Mortal {
    pub async fn born(place: &Place, fake: &Arc<Fake>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("runtime");
        let (place, fake) = (place.clone(), Arc::clone(fake));
        let Server { jobs, stop, .. } = runtime.spawn(async move { serve(&place, &fake).await }).await.expect("serves");
        Self { runtime, jobs, _stop: stop }
    }

    pub fn die(self) {
        self.runtime.shutdown_background();
    }
}

pub async fn a_server_dies(place: Place) {
    let first = Fake::new(Act::Gate);
    let mortal = Mortal::born(&place, &first).await;
    let job = small(&mortal.jobs, "anna", "1").await;
    soon("it runs", async || first.calls() == 1).await;
    mortal.die();
    let since = Instant::now();
    let second = Fake::new(Act::Done);
    let server = serve(&place, &second).await;
    let job = until(&server.jobs, "anna", &job.id, State::Done).await;
    eprintln!("taken over after {:?} (a lease of 2 s)", since.elapsed());
    assert!(since.elapsed() < Duration::from_secs(10));
    assert_eq!((first.finished.load(Ordering::SeqCst), second.calls()), (0, 1));
    assert_eq!(kind(server.jobs.get("bo", &job.id).await.map(drop)), Kind::NotFound);
}

pub async fn servers_die_thrice(place: Place) {
    let fake = Fake::new(Act::Gate);
    let mut id = None;
    for life in 1..=3 {
        let mortal = Mortal::born(&place, &fake).await;
        if id.is_none() {
            id = Some(small(&mortal.jobs, "anna", "1").await.id);
        }
        soon("it runs", async || fake.calls() == life).await;
        mortal.die();
    }
    let server = serve(&place, &fake).await;
    let job = until(&server.jobs, "anna", &id.expect("a job"), State::Failed).await;
    assert_eq!(job.problem().map(|p| p.kind), Some(Kind::TooDemanding));
    assert_eq!(fake.calls(), 3, "a fourth server does not try");
    soon("inputs are gone", async || place.number("SELECT COUNT(*) FROM sigill_chunks").await == 0).await;
}

pub async fn handlers_crash(place: Place) {
    for act in [Act::Crash, Act::Panic] {
        let fake = Fake::new(act);
        let server = serve(&place, &fake).await;
        let job = small(&server.jobs, "anna", "1").await;
        let job = until(&server.jobs, "anna", &job.id, State::Failed).await;
        assert_eq!(job.problem().map(|p| p.kind), Some(Kind::TooDemanding), "{act:?}");
        assert_eq!(fake.calls(), 3, "{act:?}");
        // One that crashes once is made after all.
        let job = small(&server.jobs, "anna", "2").await;
        soon("it is tried", async || fake.calls() == 4).await;
        *fake.act.lock().expect("act") = Act::Done;
        until(&server.jobs, "anna", &job.id, State::Done).await;
        server.stop().await;
    }
}

pub async fn a_long_job_stays_where_it_is(place: Place) {
    let fakes = [Fake::new(Act::Gate), Fake::new(Act::Done)];
    let first = serve(&place, &fakes[0]).await;
    let job = small(&first.jobs, "anna", "1").await;
    soon("it runs", async || fakes[0].calls() == 1).await;
    let second = serve(&place, &fakes[1]).await;
    // Three times as long as a silent server is waited for.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(fakes[1].calls(), 0);
    // A server that stops gives the queue no more signs of life; the job does.
    first.stop.send_replace(true);
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(fakes[1].calls(), 0);
    assert!(!first.task.is_finished(), "it waits for the running job");
    fakes[0].gate.send_replace(true);
    first.task.await.expect("stops");
    until(&second.jobs, "anna", &job.id, State::Done).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!((fakes[0].calls(), fakes[1].calls()), (1, 0));
}

pub async fn stopping_lets_work_finish(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let jobs = server.jobs.clone();
    let running = small(&jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    let waiting = small(&jobs, "anna", "2").await;
    server.stop.send_replace(true);
    tokio::time::sleep(Duration::from_millis(500)).await;
    fake.gate.send_replace(true);
    server.task.await.expect("stops");
    assert_eq!(jobs.get("anna", &running.id).await.expect("a job").state, State::Done);
    assert_eq!(jobs.get("anna", &waiting.id).await.expect("a job").state, State::Queued);
    assert_eq!(fake.calls(), 1);
    // The next takes it up at once: nobody has to be thought dead first.
    let since = Instant::now();
    let next = serve(&place, &fake).await;
    until(&next.jobs, "anna", &waiting.id, State::Done).await;
    assert!(since.elapsed() < Duration::from_millis(1800), "{:?}", since.elapsed());
    // An idle one stops without waiting.
    let since = Instant::now();
    next.stop().await;
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
}

pub async fn stopping_puts_back_what_takes_too_long(mut place: Place) {
    place.timing.stop = Duration::from_millis(300);
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let jobs = server.jobs.clone();
    let job = small(&jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    let since = Instant::now();
    server.stop().await;
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!(fake.cancelled.load(Ordering::SeqCst), 1);
    assert_eq!(jobs.get("anna", &job.id).await.expect("a job").state, State::Queued);
    assert_eq!(place.number("SELECT attempts FROM sigill_jobs").await, 0, "it was not the job's fault");
    fake.gate.send_replace(true);
    let next = serve(&place, &fake).await;
    until(&next.jobs, "anna", &job.id, State::Done).await;
}

pub async fn a_job_that_was_taken_over(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    place.change("UPDATE sigill_jobs SET lease = 'another', lease_expires = lease_expires + 1000, attempts = 2").await;
    soon("the handler is told", async || fake.cancelled.load(Ordering::SeqCst) == 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_jobs WHERE lease = 'another'").await, 1, "left to it");
    assert_eq!(server.jobs.get("anna", &job.id).await.expect("a job").state, State::Running);
}
