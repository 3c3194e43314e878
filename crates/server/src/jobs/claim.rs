//! Who does a job.
//!
//! A job is done by whoever holds its lease: a random token in the row, with the time at which it expires unless it is
//! renewed. Every later write asks for the token. So a server that was thought dead and comes back finds that it has lost
//! the job, and never gets in another's way.

use std::time::Duration;

use sqlx::Row as _;

use super::clock::milliseconds;
use super::database::random;
use super::dialect::{Durability, NEXT_OWNER};
use super::files;
use super::job::{Output, Progress, StoredProblem, to_json};
use super::state::Shared;
use crate::messages::jobs;
use crate::problem::{Finding, Kind, Problem};

/// A job that has brought down what does it so many times is given up.
pub(super) const ATTEMPTS: i64 = 3;
/// No job is held back longer than this, in milliseconds: a time further ahead was written before the clock was set back.
const LONGEST_DELAY: i64 = 60_000;

/// Shortest time that a job with an `Idempotency-Key` is kept: so long the same request gives the same bytes.
const KEYED: Duration = Duration::from_secs(24 * 3600);

/// How long it counts that an owner was served, in milliseconds.
const LATELY: i64 = 3_600_000;

/// A job that this server does.
pub(super) struct Claim {
    pub(super) owner: String,
    pub(super) request: Option<String>,
    pub(super) attempt: i64,
    pub(super) order: String,
    pub(super) lease: Lease,
}

/// The right to write what becomes of a running job.
pub(super) struct Lease {
    pub(super) job: String,
    pub(super) token: String,
    /// For those who end the lease of another: it must have expired by then. The holder's own is good as long as the
    /// token is in the row.
    pub(super) expired_by: i64,
}

/// What a job ends as.
pub(super) enum Ending<'a> {
    /// It is done.
    Done { result: &'a str, outputs: &'a [Output], findings: &'a [Finding], attempt: i64 },
    /// It is given up, with its problem.
    DeadLetter(&'a Problem),
}

impl Claim {
    /// Claims a job of a kind: of the owner whose turn it is, the one that has waited longest.
    pub(super) async fn next(shared: &Shared, kind: &str) -> sqlx::Result<Option<Self>> {
        let database = &shared.database;
        let now = database.now();
        // Looking costs nobody a turn to write.
        let owner = sqlx::query_scalar::<_, String>(NEXT_OWNER).bind(kind).bind(now).bind(now + LONGEST_DELAY);
        let owner = owner.bind(now - LATELY);
        let Some(owner) = owner.fetch_optional(&database.pool).await? else { return Ok(None) };
        let token = random().map_err(|_| sqlx::Error::Protocol("no random numbers".into()))?;
        let mut write = database.write(Durability::Relaxed).await?;
        let now = database.now();
        let expires = now + milliseconds(shared.timing.lease);
        let mut row = None;
        // Another server may have been quicker with the owner's only job: then anybody's.
        for owner in [Some(owner), None] {
            let claim = sqlx::query(database.dialect.claim()).bind(&token).bind(expires).bind(now).bind(kind);
            let claim = claim.bind(now + LONGEST_DELAY).bind(owner);
            row = claim.fetch_optional(write.connection()).await?;
            if row.is_some() {
                break;
            }
        }
        write.commit().await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Self {
            owner: row.try_get("owner")?,
            request: row.try_get("request")?,
            attempt: row.try_get("attempts")?,
            order: row.try_get("job_order")?,
            lease: Lease { job: row.try_get("id")?, token, expired_by: i64::MAX },
        }))
    }
}

impl Lease {
    /// Renews it, and records progress; returns whether it still is this server's.
    pub(super) async fn renew(&self, shared: &Shared, at: Progress) -> sqlx::Result<bool> {
        let sql = "UPDATE sigill_jobs SET heartbeat = $1, lease_expires = $2, done = $3, total = $4 \
                   WHERE id = $5 AND lease = $6 AND state = 'running'";
        let mut write = shared.database.write(Durability::Relaxed).await?;
        let now = shared.database.now();
        let update = sqlx::query(sql).bind(now).bind(now + milliseconds(shared.timing.lease));
        let update = update.bind(count(at.done)).bind(count(at.total)).bind(&self.job).bind(&self.token);
        let held = update.execute(write.connection()).await?.rows_affected() > 0;
        write.commit().await?;
        Ok(held)
    }

    /// Ends the job, and removes the files that are of no use any more. `at` is how far it came, where that is known.
    ///
    /// # Errors
    /// `RowNotFound` when the lease is lost.
    pub(super) async fn end(&self, shared: &Shared, ending: Ending<'_>, at: Option<Progress>) -> sqlx::Result<()> {
        let now = shared.database.now();
        let expires = now.saturating_add(milliseconds(shared.timing.keep));
        let keyed = now.saturating_add(milliseconds(shared.timing.keep.max(KEYED)));
        let stored = match &ending {
            Ending::Done { outputs, .. } => outputs.iter().map(|output| output.bytes).sum(),
            Ending::DeadLetter(_) => 0_u64,
        };
        let (state, problem, result, outputs, findings, kept) = match ending {
            Ending::Done { result, outputs, findings, attempt } => {
                ("done", None, Some(result), Some(to_json(&outputs)?), findings, files::outputs_of(attempt))
            }
            Ending::DeadLetter(problem) => {
                let stored = to_json(&StoredProblem::of(problem))?;
                ("failed", Some(stored), None, None, problem.findings.as_slice(), String::new())
            }
        };
        let sql = "UPDATE sigill_jobs SET state = $1, finished = $2, problem = $4, result = $5, outputs = $6, \
                   expires = CASE WHEN idempotency_key IS NULL THEN $3 ELSE $13 END, stored = $14, findings = $7, done = COALESCE($8, done), total = COALESCE($9, total), lease = NULL, \
                   lease_expires = NULL WHERE id = $10 AND lease = $11 AND state = 'running' AND lease_expires <= $12";
        let mut write = shared.database.write(Durability::Synced).await?;
        let update = sqlx::query(sql).bind(state).bind(now).bind(expires).bind(problem).bind(result).bind(outputs);
        let update =
            update.bind(to_json(&findings)?).bind(at.map(|at| count(at.done))).bind(at.map(|at| count(at.total)));
        let update = update.bind(&self.job).bind(&self.token).bind(self.expired_by);
        let update = update.bind(keyed).bind(i64::try_from(stored).unwrap_or(i64::MAX));
        if update.execute(write.connection()).await?.rows_affected() == 0 {
            write.rollback().await?;
            return Err(sqlx::Error::RowNotFound);
        }
        let more = files::remove_batch(write.connection(), &self.job, &kept).await?;
        write.commit().await?;
        shared.changed(&self.job);
        // What is left over is swept.
        if more { files::remove(&shared.database, &self.job, &kept).await } else { Ok(()) }
    }

    /// Gives up a job that has come down too often.
    pub(super) async fn give_up(&self, shared: &Shared) -> sqlx::Result<()> {
        tracing::error!(job = self.job, "given up after {ATTEMPTS} attempts");
        let problem = Problem::new(Kind::TooDemanding, &jobs::TooOften);
        self.end(shared, Ending::DeadLetter(&problem), None).await
    }

    /// Puts the job back in the queue, where it keeps its place. Unless `counted`, the attempt does not count.
    pub(super) async fn put_back(&self, shared: &Shared, counted: bool, after: Duration) -> sqlx::Result<()> {
        let sql = "UPDATE sigill_jobs SET state = 'queued', available = $1, attempts = attempts - $2, lease = NULL, \
                   lease_expires = NULL, started = NULL, done = 0, total = 0 \
                   WHERE id = $3 AND lease = $4 AND state = 'running' AND lease_expires <= $5";
        let available = (!after.is_zero()).then(|| shared.database.now() + milliseconds(after));
        let mut write = shared.database.write(Durability::Relaxed).await?;
        let update = sqlx::query(sql).bind(available).bind(i64::from(!counted)).bind(&self.job).bind(&self.token);
        let held = update.bind(self.expired_by).execute(write.connection()).await?.rows_affected() > 0;
        write.commit().await?;
        if held {
            shared.changed(&self.job);
            shared.wake();
        }
        Ok(())
    }
}

/// Takes jobs back whose lease has expired: they wait again, or are given up when that was the last attempt.
pub(super) async fn take_back_expired(shared: &Shared) -> sqlx::Result<()> {
    let lease = milliseconds(shared.timing.lease);
    if !shared.database.clock.is_settled(shared.timing.lease) {
        return Ok(());
    }
    // One that expires later than a lease can was renewed last before the clock was set back, and its holder is gone.
    let sql = "SELECT id, lease, lease_expires, attempts FROM sigill_jobs WHERE state = 'running' \
               AND (lease_expires <= $1 OR lease_expires > $2)";
    let now = shared.database.now();
    let expired = sqlx::query(sql).bind(now).bind(now + 2 * lease);
    for row in expired.fetch_all(&shared.database.pool).await? {
        let (job, token) = (row.try_get::<String, _>("id")?, row.try_get::<String, _>("lease")?);
        let lease = Lease { job, token, expired_by: row.try_get("lease_expires")? };
        tracing::warn!(job = lease.job, "the lease has expired");
        if row.try_get::<i64, _>("attempts")? >= ATTEMPTS {
            match lease.give_up(shared).await {
                // Its holder has come back in time, or another took it first.
                Ok(()) | Err(sqlx::Error::RowNotFound) => {}
                Err(error) => return Err(error),
            }
        } else {
            lease.put_back(shared, true, Duration::ZERO).await?;
        }
    }
    Ok(())
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
