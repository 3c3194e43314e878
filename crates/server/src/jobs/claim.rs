//! Who makes a job.
//!
//! A job is made by whoever wrote its name (`runner`) into the row last, and every later write asks for that name. So a
//! server that was thought dead and comes back finds that it has lost the job, and never gets in another's way.

use std::time::Duration;

use sqlx::Row as _;

use super::Shared;
use super::database::{Ticket, random};
use super::job::{self, Result as Files};
use crate::problem::{Finding, Problem};
use crate::protocol::{PackOptions, Progress};

/// A job that this server makes.
pub(super) struct Claim {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) attempt: i64,
    pub(super) meeting: String,
    pub(super) options: PackOptions,
    runner: String,
    written: std::sync::Mutex<Progress>,
}

/// What a ticket comes to.
pub(super) enum Claimed {
    /// The job is this server's.
    Mine(Box<Claim>),
    /// Another gave a sign of life a moment ago: look again later.
    Busy,
    /// The job is gone or finished, or has another ticket.
    Void,
}

/// Text that only the operating system's random numbers can deny.
fn fresh() -> sqlx::Result<String> {
    random().map_err(|_| sqlx::Error::Protocol("no random numbers".into()))
}

impl Claim {
    /// Claims the job of a ticket.
    pub(super) async fn by(shared: &Shared, ticket: &Ticket) -> sqlx::Result<Claimed> {
        let (now, runner) = (shared.database.now(), fresh()?);
        let dead = i64::try_from(shared.timing.orphan().as_millis()).unwrap_or(i64::MAX);
        let mut write = shared.database.write().await?;
        let sql = "UPDATE sigill_jobs SET state = 'running', runner = $1, beat = $2, started = $2, done = 0, total = 0, \
                   attempts = attempts + 1 WHERE id = $3 AND ticket = $4 \
                   AND (state = 'queued' OR (state = 'running' AND beat <= $5))";
        let update = sqlx::query(sql).bind(&runner).bind(now).bind(&ticket.job).bind(&ticket.ticket).bind(now - dead);
        let taken = update.execute(&mut *write.tx).await?.rows_affected() > 0;
        let sql = "SELECT state, owner, attempts, meeting, options FROM sigill_jobs WHERE id = $1 AND ticket = $2";
        let row = sqlx::query(sql).bind(&ticket.job).bind(&ticket.ticket).fetch_optional(&mut *write.tx).await?;
        write.commit().await?;
        let Some(row) = row else { return Ok(Claimed::Void) };
        if !taken {
            let busy = row.try_get::<String, _>("state")? == "running";
            return Ok(if busy { Claimed::Busy } else { Claimed::Void });
        }
        Ok(Claimed::Mine(Box::new(Self {
            id: ticket.job.clone(),
            owner: row.try_get("owner")?,
            attempt: row.try_get("attempts")?,
            meeting: row.try_get("meeting")?,
            options: serde_json::from_str(&row.try_get::<String, _>("options")?).unwrap_or_default(),
            runner,
            written: std::sync::Mutex::new(Progress::default()),
        })))
    }

    /// Gives a job that nobody makes here, or that another makes, a new ticket for later.
    pub(super) async fn later(shared: &Shared, ticket: &Ticket, after: Duration) -> sqlx::Result<()> {
        let next = Ticket { job: ticket.job.clone(), ticket: fresh()? };
        let mut write = shared.database.write().await?;
        let sql = "UPDATE sigill_jobs SET ticket = $1 WHERE id = $2 AND ticket = $3 AND state IN ('queued', 'running')";
        let update = sqlx::query(sql).bind(&next.ticket).bind(&ticket.job).bind(&ticket.ticket);
        let alive = update.execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        if alive {
            shared.database.push(&next, after).await.map_err(sqlx::Error::Protocol)?;
        }
        Ok(())
    }

    /// A sign of life. `None`: the job is not this server's any more; otherwise, whether its progress is news.
    pub(super) async fn beat(&self, shared: &Shared, at: Progress) -> sqlx::Result<Option<bool>> {
        let sql = "UPDATE sigill_jobs SET beat = $1, done = $2, total = $3 WHERE id = $4 AND runner = $5 \
                   AND state = 'running'";
        let mut write = shared.database.write().await?;
        let update = sqlx::query(sql).bind(shared.database.now()).bind(count(at.done)).bind(count(at.total));
        let update = update.bind(&self.id).bind(&self.runner);
        let mine = update.execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        let mut written = self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(mine.then(|| std::mem::replace(&mut *written, at) != at))
    }

    /// Records what was made.
    pub(super) async fn finish(
        &self,
        shared: &Shared,
        files: &Files,
        findings: &[Finding],
        at: Progress,
    ) -> sqlx::Result<()> {
        let made = serde_json::to_string(files).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
        self.end(shared, "done", (None, Some(made)), findings, at).await
    }

    /// Records why nothing was made.
    pub(super) async fn fail(&self, shared: &Shared, problem: &Problem, at: Progress) -> sqlx::Result<()> {
        self.end(shared, "failed", (Some(job::keep(problem)), None), &problem.findings, at).await
    }

    /// Records that it was tried too often, and removes its inputs.
    pub(super) async fn give_up(&self, shared: &Shared) -> sqlx::Result<()> {
        let at = *self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.fail(shared, &super::work::too_often(), at).await?;
        super::chunks::remove(&shared.database, &self.id, "").await
    }

    async fn end(
        &self,
        shared: &Shared,
        state: &str,
        (problem, made): (Option<String>, Option<String>),
        findings: &[Finding],
        at: Progress,
    ) -> sqlx::Result<()> {
        let now = shared.database.now();
        let keep = i64::try_from(shared.timing.keep.as_millis()).unwrap_or(i64::MAX / 2);
        let findings = serde_json::to_string(findings).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
        let sql = "UPDATE sigill_jobs SET state = $1, finished = $2, expires = $3, problem = $4, made = $5, findings = $6, \
                   done = $7, total = $8, ticket = NULL, runner = NULL WHERE id = $9 AND runner = $10 AND state = 'running'";
        let mut write = shared.database.write().await?;
        let update = sqlx::query(sql).bind(state).bind(now).bind(now.saturating_add(keep)).bind(problem).bind(made);
        let update = update.bind(findings).bind(count(at.done)).bind(count(at.total)).bind(&self.id).bind(&self.runner);
        if update.execute(&mut *write.tx).await?.rows_affected() == 0 {
            return Err(sqlx::Error::RowNotFound);
        }
        write.commit().await
    }

    /// Puts the job back in the queue, `pardoned` attempts not counted.
    pub(super) async fn put_back(&self, shared: &Shared, pardoned: i64, after: Duration) -> sqlx::Result<()> {
        let next = Ticket { job: self.id.clone(), ticket: fresh()? };
        let sql = "UPDATE sigill_jobs SET state = 'queued', queued = $1, ticket = $2, runner = NULL, started = NULL, \
                   done = 0, total = 0, attempts = attempts - $3 WHERE id = $4 AND runner = $5 AND state = 'running'";
        let mut write = shared.database.write().await?;
        let update = sqlx::query(sql).bind(shared.database.now()).bind(&next.ticket).bind(pardoned);
        let mine = update.bind(&self.id).bind(&self.runner).execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        if mine {
            shared.database.push(&next, after).await.map_err(sqlx::Error::Protocol)?;
            shared.wake();
        }
        Ok(())
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
