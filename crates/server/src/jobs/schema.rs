//! Tables of jobs, and how they come to be.
//!
//! The queue's own tables (apalis) hold tickets alone; everything about a job is in these.

use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use sqlx::{PgPool, SqlitePool};

/// Changes of the tables, oldest first; what has been released is never edited.
const VERSIONS: &[&[&str]] = &[&[
    "CREATE TABLE sigill_jobs (
        id TEXT NOT NULL PRIMARY KEY,
        owner TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        done BIGINT NOT NULL,
        total BIGINT NOT NULL,
        created BIGINT NOT NULL,
        queued BIGINT NOT NULL,
        started BIGINT,
        finished BIGINT,
        expires BIGINT,
        beat BIGINT NOT NULL,
        ticket TEXT,
        runner TEXT,
        attempts BIGINT NOT NULL,
        meeting TEXT NOT NULL,
        options TEXT NOT NULL,
        idempotency_key TEXT,
        digest TEXT,
        problem TEXT,
        findings TEXT,
        made TEXT
    )",
    "CREATE UNIQUE INDEX sigill_jobs_key ON sigill_jobs (owner, idempotency_key)",
    "CREATE INDEX sigill_jobs_state ON sigill_jobs (state, queued)",
    "CREATE INDEX sigill_jobs_expires ON sigill_jobs (expires)",
    "CREATE TABLE sigill_chunks (
        job TEXT NOT NULL,
        name TEXT NOT NULL,
        seq BIGINT NOT NULL,
        bytes #BYTES NOT NULL,
        PRIMARY KEY (job, name, seq)
    )",
]];

/// PDFs are compressed already: PostgreSQL need not try.
const POSTGRES_ONLY: &str = "ALTER TABLE sigill_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL";

/// Number of the lock under which one server at a time changes tables, and one decision at a time is made on whether a
/// job fits into the queue.
pub(super) const LOCK_TABLES: i64 = 0x5349_4749_4c4c_0001;
/// See [`LOCK_TABLES`].
pub(super) const LOCK_QUEUE: i64 = 0x5349_4749_4c4c_0002;

/// Makes or updates all tables in a SQLite file. Servers that start at once wait for each other.
pub(super) async fn sqlite(pool: &SqlitePool) -> sqlx::Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    SqliteStorage::migrations().run_direct(None, &mut *tx, false).await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS sigill_schema (version BIGINT NOT NULL)").execute(&mut *tx).await?;
    let have: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sigill_schema").fetch_one(&mut *tx).await?;
    for (number, statements) in missing(have)? {
        for statement in *statements {
            let statement = statement.replace("#BYTES", "BLOB");
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await?;
        }
        sqlx::query("INSERT INTO sigill_schema (version) VALUES ($1)").bind(number).execute(&mut *tx).await?;
    }
    tx.commit().await
}

/// Makes or updates all tables in a PostgreSQL database. Servers that start at once wait for each other.
pub(super) async fn postgres(pool: &PgPool) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK_TABLES).execute(&mut *tx).await?;
    PostgresStorage::migrations().run_direct(None, &mut *tx, false).await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS sigill_schema (version BIGINT NOT NULL)").execute(&mut *tx).await?;
    let have: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sigill_schema").fetch_one(&mut *tx).await?;
    for (number, statements) in missing(have)? {
        for statement in *statements {
            let statement = statement.replace("#BYTES", "BYTEA");
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await?;
        }
        if number == 1 {
            sqlx::query(POSTGRES_ONLY).execute(&mut *tx).await?;
        }
        sqlx::query("INSERT INTO sigill_schema (version) VALUES ($1)").bind(number).execute(&mut *tx).await?;
    }
    tx.commit().await
}

/// Versions that a database does not have yet. One that has more belongs to a newer server.
fn missing(have: i64) -> sqlx::Result<impl Iterator<Item = (i64, &'static &'static [&'static str])>> {
    let skip = usize::try_from(have).unwrap_or_default();
    if skip > VERSIONS.len() {
        let text = format!("the database has version {have} of the tables, this program knows {}", VERSIONS.len());
        return Err(sqlx::Error::Configuration(text.into()));
    }
    Ok((1..).zip(VERSIONS).skip(skip))
}
