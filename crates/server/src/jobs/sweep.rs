//! Sweeping: what has expired goes.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use sqlx::Row as _;

use super::database::Database;
use super::dialect::Durability;
use super::files;
use super::state::Shared;

/// Milliseconds after which an upload that is silent is given up.
const DRAFT: i64 = 3_600_000;

/// Sweeps at intervals, for ever.
pub(super) async fn regularly(shared: &Shared) {
    let mut interval = tokio::time::interval(shared.timing.sweep);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match AssertUnwindSafe(once(shared)).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "sweep"),
            Err(_) => tracing::error!("the sweep panicked, and goes on"),
        }
    }
}

/// Sweeps once. Several servers may do so at a time.
async fn once(shared: &Shared) -> sqlx::Result<()> {
    let database = &*shared.database;
    let now = database.now();
    // While the clock has just been set, an upload that is under way may look silent.
    let silent = if database.clock.is_settled(shared.timing.lease) { now - DRAFT } else { i64::MIN };
    // A heartbeat far ahead was written before the clock was set back.
    let ahead = if database.clock.is_settled(shared.timing.lease) { now + DRAFT } else { i64::MAX };
    let sql =
        "SELECT id FROM sigill_jobs WHERE expires <= $1 OR (state = 'draft' AND (heartbeat <= $2 OR heartbeat > $3))";
    let old = sqlx::query_scalar::<_, String>(sql).bind(now).bind(silent).bind(ahead);
    for id in old.fetch_all(&database.pool).await? {
        let sql = "DELETE FROM sigill_jobs \
                   WHERE id = $1 AND (expires <= $2 OR (state = 'draft' AND (heartbeat <= $3 OR heartbeat > $4)))";
        let mut write = database.write(Durability::Relaxed).await?;
        let delete = sqlx::query(sql).bind(&id).bind(now).bind(silent).bind(ahead);
        let gone = delete.execute(write.connection()).await?.rows_affected() > 0;
        write.commit().await?;
        if gone {
            files::remove(database, &id, "").await?;
            shared.removed(&id);
        }
    }
    lost_files(database).await?;
    for sql in database.dialect.compact() {
        sqlx::query(*sql).fetch_all(&database.pool).await?;
    }
    Ok(())
}

/// Files of jobs that are not there any more, and inputs of finished ones: their server died between two steps.
async fn lost_files(database: &Database) -> sqlx::Result<()> {
    let sql = "SELECT DISTINCT job FROM sigill_chunks WHERE job NOT IN (SELECT id FROM sigill_jobs)";
    for job in sqlx::query_scalar::<_, String>(sql).fetch_all(&database.pool).await? {
        files::remove(database, &job, "").await?;
    }
    let sql = "SELECT DISTINCT j.id, j.attempts FROM sigill_jobs j INNER JOIN sigill_chunks c ON c.job = j.id \
               WHERE j.state IN ('done', 'failed') AND c.name NOT LIKE 'o%'";
    for row in sqlx::query(sql).fetch_all(&database.pool).await? {
        let kept = files::outputs_of(row.try_get("attempts")?);
        files::remove(database, &row.try_get::<String, _>("id")?, &kept).await?;
    }
    Ok(())
}
