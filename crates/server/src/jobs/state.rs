//! What the parts of the queue share in one server.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{broadcast, watch};

use super::database::{Database, failed};
use super::dialect::Durability;
use super::files;
use super::health::{Health, Room};
use super::job::{Job, State, job_columns};
use super::timing::Timing;
use crate::config::Limits;
use crate::problem::{Kind, Problem, Result};

/// Shared by handlers of requests, claim loops, and sweeping.
pub(super) struct Shared {
    pub(super) database: Arc<Database>,
    pub(super) limits: Limits,
    pub(super) timing: Timing,
    pub(super) data: PathBuf,
    pub(super) health: Health,
    /// Each change that this server makes to a job.
    pub(super) events: broadcast::Sender<JobEvent>,
    /// Tells this server's claim loops that there is work.
    pub(super) wakeup: watch::Sender<()>,
}

/// A change of a job.
#[derive(Debug, Clone)]
pub(super) struct JobEvent {
    pub(super) id: String,
    /// Whether it was removed.
    pub(super) removed: bool,
}

impl Shared {
    /// Tells this server's watchers of a change.
    pub(super) fn changed(&self, id: &str) {
        let _ = self.events.send(JobEvent { id: id.to_owned(), removed: false });
    }

    /// Tells this server's watchers, and whoever does it, that a job is gone.
    pub(super) fn removed(&self, id: &str) {
        let _ = self.events.send(JobEvent { id: id.to_owned(), removed: true });
    }

    /// Tells this server's claim loops that there is work.
    pub(super) fn wake(&self) {
        self.wakeup.send_replace(());
    }

    /// The disk that jobs are done on.
    pub(super) fn room(&self) -> Room<'_> {
        Room { folder: &self.data, megabytes: self.limits.free_disk_mb }
    }

    pub(super) async fn get(&self, owner: &str, id: &str) -> Result<Job> {
        self.find(owner, id).await.map_err(failed)?.ok_or_else(|| Problem::of(Kind::NotFound))
    }

    pub(super) async fn find(&self, owner: &str, id: &str) -> sqlx::Result<Option<Job>> {
        let sql = concat!(
            "SELECT ",
            job_columns!(),
            " FROM sigill_jobs WHERE id = $1 AND owner = $2 AND state <> 'draft' AND (expires IS NULL OR expires > $3)"
        );
        let query = sqlx::query(sql).bind(id).bind(owner).bind(self.database.now());
        let Some(row) = query.fetch_optional(&self.database.pool).await? else { return Ok(None) };
        let mut job = Job::read(&row)?;
        if job.state == State::Queued {
            job.place = self.place(owner, &job).await?;
        }
        Ok(Some(job))
    }

    /// Where a job stands in the queue, from 1, as callers are served in turn: before it go those that its owner has ordered
    /// earlier, and as many of each other owner at most.
    async fn place(&self, owner: &str, job: &Job) -> sqlx::Result<Option<u64>> {
        let sql = "SELECT COUNT(*) FROM sigill_jobs WHERE kind = $1 AND owner = $2 AND state = 'queued' \
                   AND (queued < (SELECT queued FROM sigill_jobs WHERE id = $3) \
                   OR (queued = (SELECT queued FROM sigill_jobs WHERE id = $3) AND id <= $3))";
        let rank = sqlx::query_scalar(sql).bind(&job.kind).bind(owner).bind(&job.id);
        let rank: i64 = rank.fetch_one(&self.database.pool).await?;
        if rank == 0 {
            // It has been taken since.
            return Ok(None);
        }
        let sql = "SELECT COUNT(*) AS number FROM sigill_jobs WHERE kind = $1 AND state = 'queued' AND owner <> $2 GROUP BY owner";
        let others = sqlx::query_scalar(sql).bind(&job.kind).bind(owner);
        let others: Vec<i64> = others.fetch_all(&self.database.pool).await?;
        Ok(Some(others.into_iter().map(|number| number.min(rank)).sum::<i64>().saturating_add(rank).unsigned_abs()))
    }

    /// Removes an upload that did not become a job, and its files.
    pub(super) async fn discard_draft(&self, id: &str) -> sqlx::Result<()> {
        let mut write = self.database.write(Durability::Relaxed).await?;
        let sql = "DELETE FROM sigill_jobs WHERE id = $1 AND state = 'draft'";
        let gone = sqlx::query(sql).bind(id).execute(write.connection()).await?.rows_affected() > 0;
        write.commit().await?;
        if gone { files::remove(&self.database, id, "").await } else { Ok(()) }
    }
}
