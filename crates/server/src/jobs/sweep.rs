//! Sweeping: what has expired goes, what was lost comes back.

use std::time::Duration;

use sqlx::Row as _;

use super::database::{Database, Ticket, random};
use super::{Shared, chunks};

/// Milliseconds after which an upload that is silent is given up.
const DRAFT: i64 = 3_600_000;
/// Milliseconds that a job may be without a ticket: it gets one right after it is committed.
const TICKET: i64 = 10_000;

/// Sweeps at intervals, for ever.
pub(super) async fn regularly(shared: &Shared) {
    let mut interval = tokio::time::interval(shared.timing.sweep);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(e) = once(shared).await {
            tracing::error!(error = %e, "sweep");
        }
    }
}

/// Sweeps once. Several servers may do so at a time.
pub(super) async fn once(shared: &Shared) -> sqlx::Result<()> {
    let database = &*shared.database;
    database.set_clock().await?;
    let now = database.now();
    let sql =
        "SELECT id FROM sigill_jobs WHERE (expires IS NOT NULL AND expires <= $1) OR (state = 'draft' AND beat <= $2)";
    let old: Vec<String> = sqlx::query_scalar(sql).bind(now).bind(now - DRAFT).fetch_all(&database.pool).await?;
    for id in old {
        let sql = "DELETE FROM sigill_jobs WHERE id = $1 AND (expires <= $2 OR (state = 'draft' AND beat <= $3))";
        let mut write = database.write().await?;
        let delete = sqlx::query(sql).bind(&id).bind(now).bind(now - DRAFT);
        let gone = delete.execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        if gone {
            chunks::remove(database, &id, "").await?;
            shared.gone(&id);
        }
    }
    lost_files(database).await?;
    lost_tickets(shared, now).await?;
    tidy(database, now).await
}

/// Files of jobs that are not there any more, and inputs of finished ones: their server died between two steps.
async fn lost_files(database: &Database) -> sqlx::Result<()> {
    let sql = "SELECT DISTINCT job FROM sigill_chunks WHERE job NOT IN (SELECT id FROM sigill_jobs)";
    for job in sqlx::query_scalar::<_, String>(sql).fetch_all(&database.pool).await? {
        chunks::remove(database, &job, "").await?;
    }
    let sql = "SELECT DISTINCT j.id, j.state, j.attempts FROM sigill_jobs j INNER JOIN sigill_chunks c ON c.job = j.id \
               WHERE j.state IN ('done', 'failed') AND c.name NOT LIKE 'o%'";
    for row in sqlx::query(sql).fetch_all(&database.pool).await? {
        let attempt: i64 = row.try_get("attempts")?;
        chunks::remove(database, &row.try_get::<String, _>("id")?, &format!("o{attempt}/%")).await?;
    }
    Ok(())
}

/// Jobs that no ticket in the queue leads to get a new one.
async fn lost_tickets(shared: &Shared, now: i64) -> sqlx::Result<()> {
    let database = &*shared.database;
    let dead = i64::try_from(shared.timing.orphan().as_millis()).unwrap_or(i64::MAX);
    let sql = if database.is_sqlite() {
        "SELECT id, ticket FROM sigill_jobs WHERE ((state = 'queued' AND queued <= $1) OR (state = 'running' AND beat <= $2)) \
         AND NOT EXISTS (SELECT 1 FROM Jobs q WHERE q.idempotency_key = ticket AND (q.status IN ('Pending', 'Queued', \
         'Running') OR (q.status = 'Failed' AND q.attempts < q.max_attempts)))"
    } else {
        "SELECT id, ticket FROM sigill_jobs WHERE ((state = 'queued' AND queued <= $1) OR (state = 'running' AND beat <= $2)) \
         AND NOT EXISTS (SELECT 1 FROM apalis.jobs q WHERE q.idempotency_key = ticket AND (q.status IN ('Pending', 'Queued', \
         'Running') OR (q.status = 'Failed' AND q.attempts < q.max_attempts)))"
    };
    let lost = sqlx::query(sql).bind(now - TICKET.max(dead)).bind(now - TICKET.max(dead));
    for row in lost.fetch_all(&database.pool).await? {
        let (job, ticket) = (row.try_get::<String, _>("id")?, row.try_get::<Option<String>, _>("ticket")?);
        tracing::warn!(job = %job, "a job without a ticket gets a new one");
        let next = Ticket { job, ticket: random().map_err(|_| sqlx::Error::Protocol("no random numbers".into()))? };
        let sql = "UPDATE sigill_jobs SET ticket = $1, queued = $2 WHERE id = $3 AND ticket = $4";
        let mut write = database.write().await?;
        let update = sqlx::query(sql).bind(&next.ticket).bind(now).bind(&next.job).bind(ticket);
        let mine = update.execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        if mine {
            database.push(&next, Duration::ZERO).await.map_err(sqlx::Error::Protocol)?;
        }
    }
    Ok(())
}

/// The queue keeps every ticket and every worker it ever had; a SQLite file keeps its size.
async fn tidy(database: &Database, now: i64) -> sqlx::Result<()> {
    let statements: [&'static str; 2] = if database.is_sqlite() {
        [
            "DELETE FROM Jobs WHERE status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts)",
            "DELETE FROM Workers WHERE CAST(last_seen AS INTEGER) < $1 \
             AND id NOT IN (SELECT lock_by FROM Jobs WHERE lock_by IS NOT NULL)",
        ]
    } else {
        [
            "DELETE FROM apalis.jobs WHERE status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts)",
            "DELETE FROM apalis.workers w WHERE last_seen < to_timestamp($1::bigint) \
             AND NOT EXISTS (SELECT 1 FROM apalis.jobs j WHERE j.lock_by = w.id)",
        ]
    };
    let hour_ago = now / 1000 - 3600;
    let mut write = database.write().await?;
    sqlx::query(statements[0]).execute(&mut *write.tx).await?;
    sqlx::query(statements[1]).bind(hour_ago).execute(&mut *write.tx).await?;
    write.commit().await?;
    if database.is_sqlite() {
        // Eight thousand pages a time, so that nobody waits long; and a log that has grown is cut.
        sqlx::query("PRAGMA incremental_vacuum(8000)").fetch_all(&database.pool).await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&database.pool).await?;
    }
    Ok(())
}

/// Gives back the tickets of a worker that has ended.
pub(super) async fn release(shared: &Shared, worker: &str) -> sqlx::Result<()> {
    let sql = if shared.database.is_sqlite() {
        "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL WHERE lock_by = $1 AND status IN ('Queued', 'Running')"
    } else {
        "UPDATE apalis.jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL \
         WHERE lock_by = $1 AND status IN ('Queued', 'Running')"
    };
    let mut write = shared.database.write().await?;
    sqlx::query(sql).bind(worker).execute(&mut *write.tx).await?;
    write.commit().await
}
