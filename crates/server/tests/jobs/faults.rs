//! What may happen to the database, the clock and the disk: jobs wait, and go on by themselves.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sigill_server::jobs::{Handlers, State};
use sigill_server::problem::Kind;

use crate::servers::Mortal;
use crate::support::{Act, Fake, Place, draft, kind, serve, small, soon, until};

pub async fn transactions_that_the_database_ends(place: Place) {
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    // As with a full disk: the whole transaction is gone, not only its last statement.
    place
        .change(match place.is_sqlite() {
            true => "CREATE TRIGGER full_disk BEFORE INSERT ON sigill_chunks BEGIN SELECT RAISE(ROLLBACK, 'full'); END",
            false => {
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$; \
                 CREATE TRIGGER full_disk BEFORE INSERT ON sigill_chunks FOR EACH ROW EXECUTE FUNCTION full_disk()"
            }
        })
        .await;
    // More often than there are connections.
    for _ in 0..20 {
        let mut draft = draft(&server.jobs, "bo", None).await;
        draft.meeting("k.json").await.expect("begun");
        assert!(draft.write(&vec![1; 1_200_000]).await.is_err());
    }
    fake.gate.send_replace(true);
    soon("it is made", async || fake.finished.load(Ordering::SeqCst) == 1).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.jobs.get("anna", &job.id).await.expect("a job").state, State::Running, "it cannot be stored yet");
    place
        .change(match place.is_sqlite() {
            true => "DROP TRIGGER full_disk",
            false => "DROP TRIGGER full_disk ON sigill_chunks",
        })
        .await;
    until(&server.jobs, "anna", &job.id, State::Done).await;
    for number in 0..20 {
        small(&server.jobs, "bo", &number.to_string()).await;
    }
    soon("all are made", async || server.jobs.counts().await.expect("counts").done == 21).await;
    assert_eq!(fake.calls(), 21, "what was made once is not made again");
    assert!(server.jobs.ready().await);
}

pub async fn the_database_is_away(mut place: Place) {
    let Some(url) = place.config.database.clone() else { return };
    place.timing.stale = Duration::from_secs(2);
    let (server_url, name) = url.rsplit_once('/').expect("an address");
    let fake = Fake::new(Act::Gate);
    let server = serve(&place, &fake).await;
    let running = small(&server.jobs, "anna", "1").await;
    soon("it runs", async || fake.calls() == 1).await;
    let waiting = small(&server.jobs, "anna", "2").await;
    let elsewhere = sqlx::AnyPool::connect(&format!("{server_url}/postgres")).await.expect("connects");
    let tell = async |sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&elsewhere).await.expect("told");
    };
    tell(format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
    tell(format!("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{name}'")).await;
    // Longer than a lease. The job ends meanwhile.
    fake.gate.send_replace(true);
    soon("it says so", async || !server.jobs.ready().await).await;
    let since = Instant::now();
    assert_eq!(kind(server.jobs.get("anna", &running.id).await), Kind::OutsideFailed);
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    tokio::time::sleep(Duration::from_secs(4)).await;
    tell(format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
    until(&server.jobs, "anna", &running.id, State::Done).await;
    until(&server.jobs, "anna", &waiting.id, State::Done).await;
    assert_eq!(fake.calls(), 2, "each once");
    soon("it is ready again", async || server.jobs.ready().await).await;
}

pub async fn a_locked_file(place: Place) {
    if !place.is_sqlite() {
        return;
    }
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    let pool = place.pool().await;
    let mut lock = pool.acquire().await.expect("a connection");
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *lock).await.expect("locked");
    let since = Instant::now();
    let refused = draft_refused(&server.jobs).await;
    assert_eq!(refused, Kind::OutsideFailed);
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert!(!server.jobs.ready().await);
    sqlx::raw_sql("ROLLBACK").execute(&mut *lock).await.expect("unlocked");
    let job = small(&server.jobs, "anna", "1").await;
    until(&server.jobs, "anna", &job.id, State::Done).await;
    soon("it is ready again", async || server.jobs.ready().await).await;
}

async fn draft_refused(jobs: &sigill_server::jobs::Jobs) -> Kind {
    kind(sigill_server::jobs::PackDraft::begin(jobs, "anna", &Default::default(), None).await)
}

pub async fn a_clock_set_back(place: Place) {
    let gate = Fake::new(Act::Gate);
    let mortal = Mortal::born(&place, &gate).await;
    let running = small(&mortal.jobs, "anna", "1").await;
    soon("it runs", async || gate.calls() == 1).await;
    mortal.die();
    let jobs = place.open().await;
    let waiting = small(&jobs, "anna", "2").await;
    let held_back = small(&jobs, "anna", "3").await;
    // A draft whose server is gone, too.
    let mut left = draft(&jobs, "anna", None).await;
    left.meeting("k.json").await.expect("begun");
    std::mem::forget(left);
    place
        .change("UPDATE sigill_jobs SET available = queued + 1000 WHERE state = 'queued' AND job_order IS NOT NULL")
        .await;
    // All that was written is two hours ahead of the clock now.
    place
        .change(
            "UPDATE sigill_jobs SET created = created + 7200000, queued = queued + 7200000, started = started + 7200000, \
             heartbeat = heartbeat + 7200000, available = available + 7200000, lease_expires = lease_expires + 7200000",
        )
        .await;
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    for job in [&running, &waiting, &held_back] {
        until(&server.jobs, "anna", &job.id, State::Done).await;
    }
    assert_eq!(fake.calls(), 3);
    soon("the draft is swept", async || place.number("SELECT COUNT(*) FROM sigill_jobs").await == 3).await;
}

pub async fn what_the_house_lacks_is_not_the_jobs_fault(place: Place) {
    let fake = Fake::new(Act::Lacking);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it is tried", async || fake.calls() == 1).await;
    soon("it waits", async || server.jobs.get("anna", &job.id).await.expect("a job").state == State::Queued).await;
    assert_eq!(place.number("SELECT attempts FROM sigill_jobs").await, 0);
    *fake.act.lock().expect("act") = Act::Done;
    until(&server.jobs, "anna", &job.id, State::Done).await;
    assert_eq!(fake.calls(), 2);
}

pub async fn a_folder_that_cannot_be_written(place: Place) {
    let jobs = place.open().await;
    let work = place.config.data.join("work");
    std::fs::create_dir_all(&place.config.data).expect("a folder");
    std::fs::write(&work, b"in the way").expect("written");
    let stop = tokio::sync::watch::Sender::new(false);
    let fake = Fake::new(Act::Done);
    let refused = jobs.run(Handlers::new().with(1, fake.clone()), stop.subscribe()).expect_err("no folder");
    assert!(refused.contains("går inte att skriva i") && refused.contains("cannot be written"), "{refused}");
    std::fs::remove_file(&work).expect("removed");

    // One that goes away while the service runs.
    let server = serve(&place, &fake).await;
    assert!(server.jobs.ready().await);
    let folder = std::fs::read_dir(&work).expect("a folder").map(|e| e.expect("an entry").path());
    let folder = folder.filter(|p| p.is_dir()).collect::<Vec<_>>();
    std::fs::remove_dir_all(&folder[0]).expect("removed");
    let job = small(&server.jobs, "anna", "1").await;
    soon("it says so", async || !server.jobs.ready().await).await;
    assert_eq!(server.jobs.get("anna", &job.id).await.expect("a job").state, State::Queued);
    assert_eq!((place.number("SELECT attempts FROM sigill_jobs").await, fake.calls()), (0, 0));
    std::fs::create_dir(&folder[0]).expect("made");
    until(&server.jobs, "anna", &job.id, State::Done).await;
    soon("it is ready again", async || server.jobs.ready().await).await;
}

pub async fn what_happens_to_the_folder_is_not_the_documents_fault(place: Place) {
    let fake = Fake::new(Act::Emptied);
    let server = serve(&place, &fake).await;
    let job = small(&server.jobs, "anna", "1").await;
    soon("it is tried", async || fake.calls() == 1).await;
    // The handler says that a document is faulty; its files are gone.
    soon("it waits", async || server.jobs.get("anna", &job.id).await.expect("a job").state == State::Queued).await;
    assert_eq!(place.number("SELECT attempts FROM sigill_jobs").await, 0);
    *fake.act.lock().expect("act") = Act::Done;
    until(&server.jobs, "anna", &job.id, State::Done).await;
}

pub async fn a_disk_without_room(mut place: Place) {
    place.config.limits.free_disk_mb = 100_000_000;
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    assert_eq!(kind(server.jobs.room()), Kind::StorageFull);
    let job = small(&server.jobs, "anna", "1").await;
    assert!(!server.jobs.ready().await);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!((server.jobs.get("anna", &job.id).await.expect("a job").state, fake.calls()), (State::Queued, 0));
    server.stop().await;
    place.config.limits.free_disk_mb = 0;
    let server = serve(&place, &fake).await;
    until(&server.jobs, "anna", &job.id, State::Done).await;
    assert!(server.jobs.ready().await && server.jobs.room().is_ok());
}
