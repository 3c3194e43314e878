//! Databases of earlier programs: what is in them goes on.

use sigill_orders::Lang;
use sigill_server::jobs::{PackDraft, State};
use sigill_server::problem::Kind;
use sigill_server::protocol::PackJobOptions;

use crate::support::{Act, Fake, Place, bytes, kind, serve, soon, until};

/// Makes the database that a program of version 1 left behind.
async fn leave_version_1(place: &Place) {
    std::fs::create_dir_all(&place.config.data).expect("a folder");
    let rows = include_str!("version_1/rows.sql");
    let (tables, bytes) = match place.is_sqlite() {
        true => (include_str!("version_1/sqlite.sql"), "BLOB"),
        false => (include_str!("version_1/postgres.sql"), "BYTEA"),
    };
    let rows = rows.replace("#BYTES", bytes);
    let pool = place.pool().await;
    sqlx::raw_sql(tables).execute(&pool).await.expect("the tables");
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&pool).await.expect("the rows");
    pool.close().await;
}

pub async fn version_1_goes_on(place: Place) {
    leave_version_1(&place).await;
    let jobs = place.open().await;
    // What was finished is there to fetch.
    let done = jobs.get("anna", "done").await.expect("a job");
    let view = serde_json::to_value(done.view(Lang::Sv).expect("a view")).expect("JSON");
    assert_eq!(
        (&view["state"], &view["result"]["pages"], &view["result"]["bytes"]),
        (&"done".into(), &7.into(), &11.into())
    );
    assert_eq!(view["findings"][0]["code"], "SUM001");
    assert_eq!(view["report"]["href"], "/v1/jobs/done/report");
    let result = jobs.result("anna", "done").await.expect("a result");
    assert_eq!(result.file_name, "kallelse-å.pdf");
    assert_eq!(view["result"]["sha256"], result.sha256);
    assert_eq!(bytes(result).await, b"one and two");
    let failed = jobs.get("anna", "failed").await.expect("a job");
    assert_eq!(failed.problem().map(|p| (p.kind, p.findings.len())), Some((Kind::DocumentHasErrors, 1)));
    // What ran waits, and the attempt that the new program ended is not counted.
    assert_eq!(jobs.get("bo", "running").await.expect("a job").state, State::Queued);
    assert_eq!(place.number("SELECT attempts FROM sigill_jobs WHERE id = 'running'").await, 2);
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_jobs WHERE state = 'draft'").await, 0);
    // Keys lead to the jobs they led to.
    let again = async |text: &[u8]| {
        let mut draft =
            PackDraft::begin(&jobs, "anna", &PackJobOptions::default(), Some("key-1")).await.expect("a draft");
        draft.sent().await.expect("begun");
        draft.write(b"before").await.expect("written");
        draft.file("b/2.json").await.expect("begun");
        draft.write(b"two").await.expect("written");
        draft.meeting("kallelse.json").await.expect("begun");
        draft.write(text).await.expect("written");
        draft.commit().await
    };
    let (same, fresh) = again(b"1").await.expect("the same job");
    assert_eq!((same.id.as_str(), fresh), ("waiting", false));
    assert_eq!(kind(again(b"2").await), Kind::IdempotencyConflict);
    // What waited is made, of all that came in then.
    let fake = Fake::new(Act::Done);
    let server = serve(&place, &fake).await;
    until(&server.jobs, "bo", "running", State::Done).await;
    until(&server.jobs, "anna", "waiting", State::Done).await;
    assert_eq!(*fake.made.lock().expect("made"), ["1", "2"], "in the order they came in");
    assert_eq!(bytes(server.jobs.result("anna", "waiting").await.expect("a result")).await, b"two1");
    let report =
        server.jobs.report("anna", "waiting", sigill_server::jobs::ReportFormat::Json).await.expect("a report");
    let report: serde_json::Value = serde_json::from_slice(&bytes(report).await).expect("JSON");
    assert_eq!(report["sent"], "before");
    assert_eq!(report["files"], serde_json::json!(["b/2.json", "kallelse.json"]));
    soon("files of the cut upload are gone", async || {
        place.number("SELECT COUNT(*) FROM sigill_chunks WHERE job = 'draft'").await == 0
    })
    .await;
    let left = match place.is_sqlite() {
        true => "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('Jobs', 'Workers', '_sqlx_migrations')",
        false => "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = 'apalis'",
    };
    assert_eq!(place.number(left).await, 0, "the old queue is gone");
}

pub async fn queues_of_other_programs_stay(place: Place) {
    if place.is_sqlite() {
        // Nobody else has tables in the service's own file.
        return;
    }
    leave_version_1(&place).await;
    place.change("INSERT INTO apalis.jobs (job, id, job_type) VALUES ('\\x7b7d', '03', 'another')").await;
    place.open().await;
    assert_eq!(place.number("SELECT COUNT(*) FROM apalis.jobs").await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM apalis.workers").await, 0);
}

pub async fn a_migration_that_fails_changes_nothing(place: Place) {
    leave_version_1(&place).await;
    place.change("UPDATE sigill_jobs SET options = '{' WHERE id = 'failed'").await;
    let refused = sigill_server::jobs::Jobs::open_with(&place.config, place.timing.clone()).await.err();
    assert!(refused.is_some_and(|told| told.contains("cannot be opened")));
    assert_eq!(place.number("SELECT COUNT(*) FROM sigill_jobs WHERE beat > 0 AND state = 'running'").await, 1);
    place.change("UPDATE sigill_jobs SET options = '{}' WHERE id = 'failed'").await;
    assert!(place.open().await.ready().await);
}
