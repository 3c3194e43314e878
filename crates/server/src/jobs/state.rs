//! What the parts of the queue share in one server.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{broadcast, watch};

use super::database::{Database, failed};
use super::dialect::Durability;
use super::files;
use super::health::Health;
use super::job::{Job, job_columns};
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
        query.fetch_optional(&self.database.pool).await?.as_ref().map(Job::read).transpose()
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
