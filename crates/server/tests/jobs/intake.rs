//! How jobs come in.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use sigill_server::jobs::{Job, PackDraft, State};
use sigill_server::problem::Kind;
use sigill_server::protocol::PackJobOptions;

use crate::support::{Act, Fake, Place, bytes, draft, kind, serve, small, soon, until};

pub async fn idempotency(place: Place) {
    let jobs = place.open().await;
    let send = async |owner: &str, key: &str, parts: &[(&str, &str)], copy: Option<&str>| {
        let options = PackJobOptions { copy: copy.map(str::to_owned), ..PackJobOptions::default() };
        let mut draft = PackDraft::begin(&jobs, owner, &options, Some(key)).await?;
        for (name, text) in parts {
            if *name == "k.json" {
                draft.meeting(name).await?;
            } else {
                draft.file(name).await?;
            }
            draft.write(text.as_bytes()).await?;
        }
        draft.commit().await
    };
    let parts = [("k.json", "x"), ("a", "1"), ("b", "2")];
    let (first, fresh) = send("anna", "key", &parts, None).await.expect("a job");
    assert!(fresh);
    let turned = [parts[2], parts[0], parts[1]];
    let (second, fresh) = send("anna", "key", &turned, None).await.expect("the same job");
    assert!(!fresh, "the order of parts does not matter");
    assert_eq!(first.id, second.id);
    for other in [[("k.json", "x"), ("a", "1"), ("b", "3")], [("k.json", "x"), ("a", "12"), ("b", "")]] {
        assert_eq!(kind(send("anna", "key", &other, None).await.map(drop)), Kind::IdempotencyConflict);
    }
    assert_eq!(kind(send("anna", "key", &parts, Some("reading")).await.map(drop)), Kind::IdempotencyConflict);
    let (other, fresh) = send("bo", "key", &parts, None).await.expect("another's job");
    assert!(fresh && other.id != first.id, "keys are each owner's own");
    let (third, fresh) = send("anna", "key2", &parts, None).await.expect("a job");
    assert!(fresh && third.id != first.id);
    soon("drafts are gone", async || place.number("SELECT COUNT(*) FROM sigill_jobs").await == 3).await;
    // Two at once with one key come to one job.
    let both = tokio::join!(send("anna", "key3", &parts, None), send("anna", "key3", &parts, None));
    let (one, two) = (both.0.expect("a job"), both.1.expect("a job"));
    assert!(one.0.id == two.0.id && one.1 != two.1);
    // With the job goes its key.
    jobs.delete("anna", &first.id).await.expect("deleted");
    let (again, fresh) = send("anna", "key", &parts, None).await.expect("a job");
    assert!(fresh && again.id != first.id);
}

pub async fn thirty_megabytes(place: Place) {
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let mut draft = draft(&server.jobs, "anna", None).await;
    draft.meeting("k.json").await.expect("begun");
    draft.write(b"k").await.expect("written");
    let (mut digest, mut at) = (Sha256::new(), 1u32);
    digest.update(b"k");
    let since = Instant::now();
    for file in 0..3 {
        draft.file(&format!("l/{file}.pdf")).await.expect("begun");
        for _ in 0..160 {
            // Pieces as they come from a network: not of the size they are kept in.
            let piece: Vec<u8> = (0..65_536).map(|_| xorshift(&mut at)).collect();
            digest.update(&piece);
            draft.write(&piece).await.expect("written");
        }
    }
    eprintln!("30 MB taken in after {:?}", since.elapsed());
    let (job, _) = draft.commit().await.expect("committed");
    until(&server.jobs, "anna", &job.id, State::Done).await;
    eprintln!("made after {:?}", since.elapsed());
    let result = server.jobs.result("anna", &job.id).await.expect("a result");
    assert_eq!(result.length, 3 * 160 * 65_536 + 1);
    let sha256 = result.sha256.clone();
    assert_eq!(sha256, format!("{:x}", digest.finalize()));
    assert_eq!(sha256, format!("{:x}", Sha256::digest(bytes(result).await)));
    eprintln!("read back after {:?}", since.elapsed());
    // A client that is still reading when the job is removed is cut off, not fed less than it was promised.
    let mut stream = server.jobs.result("anna", &job.id).await.expect("a result").stream;
    stream.next().await.expect("a piece").expect("bytes");
    server.jobs.delete("anna", &job.id).await.expect("deleted");
    assert!(stream.next().await.expect("an end").is_err());
}

fn xorshift(at: &mut u32) -> u8 {
    *at ^= *at << 13;
    *at ^= *at >> 17;
    *at ^= *at << 5;
    at.to_le_bytes()[1]
}

pub async fn drafts(place: Place) {
    let jobs = place.open().await;
    let empty = draft(&jobs, "anna", None).await;
    assert_eq!(kind(empty.commit().await.map(drop)), Kind::BadRequest, "no kallelse");
    let mut twice = draft(&jobs, "anna", None).await;
    twice.meeting("k.json").await.expect("begun");
    assert_eq!(kind(twice.meeting("l.json").await), Kind::BadRequest);
    for name in ["k.json", "k.json/x", "../x", "/x", "a\\b", "a\0b", "C:x", ""] {
        assert_eq!(kind(twice.file(name).await), Kind::BadRequest, "{name:?}");
    }
    twice.sent().await.expect("begun");
    twice.write(&vec![7; 2_500_000]).await.expect("written");
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_chunks").await, 3, "two pieces, and the empty kallelse");
    assert_eq!(kind(twice.sent().await), Kind::BadRequest);
    drop(twice);
    soon("rows are gone", async || place.number("SELECT COUNT(*) FROM sigill_jobs").await == 0).await;
    soon("pieces are gone", async || place.number("SELECT COUNT(*) FROM sigill_chunks").await == 0).await;

    // One whose server has died is swept.
    let mut left = draft(&jobs, "anna", None).await;
    left.meeting("k.json").await.expect("begun");
    left.write(&vec![7; 1_500_000]).await.expect("written");
    std::mem::forget(left);
    place.change("UPDATE sigill_jobs SET heartbeat = heartbeat - 3700000").await;
    let _server = serve(&place, &Fake::new(Act::Done)).await;
    soon("it is swept", async || place.number("SELECT COUNT(*) FROM sigill_jobs").await == 0).await;
    soon("its pieces too", async || place.number("SELECT COUNT(*) FROM sigill_chunks").await == 0).await;
}

pub async fn a_full_queue(mut place: Place) {
    place.config.limits.queued_jobs = 6;
    let jobs = place.open().await;
    for text in ["1", "2"] {
        small(&jobs, "anna", text).await;
    }
    // A draft holds a place, too.
    let third = draft(&jobs, "anna", None).await;
    let none = PackJobOptions::default();
    let problem = PackDraft::begin(&jobs, "anna", &none, None).await.err().expect("half is anna's");
    assert_eq!(problem.kind, Kind::Overloaded);
    assert!(problem.retry_after.is_some());
    for owner in ["bo", "bo", "cia"] {
        small(&jobs, owner, "3").await;
    }
    assert_eq!(kind(PackDraft::begin(&jobs, "dan", &none, None).await.map(drop)), Kind::Overloaded);
    assert_eq!(jobs.counts().await.expect("counts").queued, 5);
    drop(third);
    soon("a place is free", async || PackDraft::begin(&jobs, "dan", &none, None).await.is_ok()).await;
    let fake = Fake::new(Act::Done);
    let _server = serve(&place, &fake).await;
    soon("all are made", async || jobs.counts().await.expect("counts").done == 5).await;
    assert!(PackDraft::begin(&jobs, "anna", &none, None).await.is_ok());
}

pub async fn many_at_once(mut place: Place) {
    place.config.limits.queued_jobs = 1000;
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let since = Instant::now();
    let clients: Vec<_> = (0..64)
        .map(|client| {
            let jobs = server.jobs.clone();
            tokio::spawn(async move {
                let owner = format!("owner-{client}");
                let mut draft = draft(&jobs, &owner, Some("key")).await;
                draft.meeting("k.json").await.expect("begun");
                draft.write(client.to_string().as_bytes()).await.expect("written");
                draft.file("bilaga.pdf").await.expect("begun");
                draft.write(&vec![1; 1_200_000]).await.expect("written");
                let (job, _) = draft.commit().await.expect("committed");
                until_done(&jobs, &owner, &job.id).await;
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client");
    }
    eprintln!("64 clients served after {:?}", since.elapsed());
    assert_eq!(fake.calls(), 64);
}

/// As the page does it: by watching.
async fn until_done(jobs: &sigill_server::jobs::Jobs, owner: &str, id: &str) {
    let all: Vec<Job> = jobs.watch(owner, id).await.expect("a stream").collect().await;
    assert_eq!(all.last().map(|job| job.state), Some(State::Done));
}

pub async fn callers_take_turns(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let mut jobs = Vec::new();
    for (owner, text) in
        [("anna", "a1"), ("anna", "a2"), ("anna", "a3"), ("anna", "a4"), ("bo", "b1"), ("bo", "b2"), ("cia", "c1")]
    {
        jobs.push((owner, small(&server.jobs, owner, text).await));
        soon("the first runs", async || fake.calls() == 1).await;
    }
    let place_of = async |at: usize| {
        let (owner, job): &(&str, Job) = &jobs[at];
        server.jobs.get(owner, &job.id).await.expect("a job").place
    };
    // Anna's first is being made. Of the others each caller's first goes before anybody's second.
    assert_eq!(place_of(0).await, None);
    assert_eq!((place_of(1).await, place_of(4).await, place_of(6).await), (Some(3), Some(3), Some(3)));
    assert_eq!((place_of(2).await, place_of(5).await, place_of(3).await), (Some(5), Some(5), Some(6)));
    fake.gate.send_replace(true);
    soon("all are made", async || server.jobs.counts().await.expect("counts").done == 7).await;
    assert_eq!(*fake.made.lock().expect("made"), ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
}

pub async fn a_key_keeps_a_job_for_a_day(mut place: Place) {
    place.timing.keep = Duration::from_secs(1);
    place.timing.sweep = Duration::from_millis(200);
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let mut keyed = draft(&server.jobs, "anna", Some("key")).await;
    keyed.meeting("k.json").await.expect("begun");
    keyed.write(b"x").await.expect("written");
    let (keyed, _) = keyed.commit().await.expect("committed");
    let other = small(&server.jobs, "anna", "1").await;
    until(&server.jobs, "anna", &keyed.id, State::Done).await;
    soon("the other goes", async || server.jobs.get("anna", &other.id).await.is_err()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut again = draft(&server.jobs, "anna", Some("key")).await;
    again.meeting("k.json").await.expect("begun");
    again.write(b"x").await.expect("written");
    let (again, fresh) = again.commit().await.expect("committed");
    assert!(!fresh && again.id == keyed.id && again.state == State::Done);
    assert_eq!(bytes(server.jobs.result("anna", &again.id).await.expect("a result")).await, b"x");
    assert_eq!(fake.calls(), 2);
    let day = place.number("SELECT expires - finished FROM sigill_jobs").await;
    assert_eq!(day, 24 * 3_600_000);
}

pub async fn an_owner_has_so_much_of_the_disk(place: Place) {
    let jobs = place.open().await;
    let sent = async |owner: &str, bytes: usize| {
        let mut draft = draft(&jobs, owner, None).await;
        draft.bound(Some(3_000_000));
        draft.meeting("k.json").await?;
        draft.write(&vec![1; bytes]).await?;
        draft.commit().await.map(|(job, _)| job)
    };
    let first = sent("anna", 1_500_000).await.expect("a job");
    sent("anna", 1_400_000).await.expect("a job");
    let refused = sent("anna", 200_000).await.expect_err("full");
    assert_eq!(refused.kind, Kind::StorageFull);
    assert!(refused.retry_after.is_some());
    sent("bo", 2_900_000).await.expect("another's");
    jobs.delete("anna", &first.id).await.expect("deleted");
    soon("what was refused is gone", async || sent("anna", 1_000_000).await.is_ok()).await;
    // What came in goes when a job has ended; what was made takes its place.
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    soon("all are made", async || server.jobs.counts().await.expect("counts").done == 3).await;
    let (stored, there) = (
        place.number("SELECT CAST(SUM(stored) AS BIGINT) FROM sigill_jobs").await,
        place.number("SELECT CAST(SUM(LENGTH(bytes)) AS BIGINT) FROM sigill_chunks").await,
    );
    assert_eq!(stored, there);
}
