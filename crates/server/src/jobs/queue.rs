//! The queue as the rest of the service uses it.

use std::sync::Arc;

use futures_util::Stream;
use sigill_messages::{Localize, joined};
use sqlx::Row as _;
use tokio::sync::{broadcast, watch as channel};
use tokio::task::JoinHandle;

use super::database::{Database, failed};
use super::dialect::Durability;
use super::draft::Draft;
use super::handler::Handlers;
use super::health::Health;
use super::job::{Counts, Job, State};
use super::kind::JobKind;
use super::state::Shared;
use super::timing::Timing;
use super::{files, schema, watch, worker};
use crate::config::Config;
use crate::messages::config as messages;
use crate::problem::{Kind, Problem, Result};

/// Seconds after which a client may try again when the disk is full.
const TRY_AGAIN: u64 = 60;

/// The jobs of this server, and of those it shares a database with.
#[derive(Clone)]
pub struct Jobs(pub(super) Arc<Shared>);

impl Jobs {
    /// Opens the database, and brings its tables to this program's version.
    ///
    /// # Errors
    /// What is wrong, in Swedish and English, without passwords.
    pub async fn open(config: &Config) -> std::result::Result<Self, String> {
        Self::open_with(config, Timing::of(&config.limits)).await
    }

    /// As [`Jobs::open`], with a time of its own.
    ///
    /// # Errors
    /// As [`Jobs::open`].
    pub async fn open_with(config: &Config, timing: Timing) -> std::result::Result<Self, String> {
        let failed = |reason: &dyn Localize| {
            // The address may hold a password.
            let place =
                config.database.as_ref().map_or_else(|| config.data.display().to_string(), |_| "database".into());
            joined(&messages::Database { place: &place, reason })
        };
        let database = Arc::new(Database::open(config).await.map_err(|e| failed(&e))?);
        schema::migrate(&database).await.map_err(|e| failed(&e))?;
        let (limits, data, health) = (config.limits.clone(), config.data.clone(), Health::default());
        let (events, wakeup) = (broadcast::Sender::new(256), channel::Sender::new(()));
        Ok(Self(Arc::new(Shared { database, limits, timing, data, health, events, wakeup })))
    }

    /// Begins to take a job in. `key` is the client's `Idempotency-Key`: with the same key, the same request gives the
    /// same job as long as that is kept.
    ///
    /// # Errors
    /// When the queue, or the owner's half of it, is full.
    pub async fn begin<K: JobKind>(&self, owner: &str, key: Option<&str>) -> Result<Draft<K>> {
        Draft::begin(&self.0, owner, key).await
    }

    /// A job of an owner.
    ///
    /// # Errors
    /// When there is none.
    pub async fn get(&self, owner: &str, id: &str) -> Result<Job> {
        self.0.get(owner, id).await
    }

    /// A job at each change, as it is now first; ends after a final state. A job that is removed before it is finished
    /// ends as cancelled.
    ///
    /// # Errors
    /// When there is none.
    pub async fn watch(&self, owner: &str, id: &str) -> Result<impl Stream<Item = Job> + Send + use<>> {
        watch::follow(Arc::clone(&self.0), owner, id).await
    }

    /// Cancels a job, on whichever machine it is done, and removes all of it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn delete(&self, owner: &str, id: &str) -> Result<()> {
        // One that has expired is as gone as one that never was.
        self.0.get(owner, id).await?;
        let gone = async {
            let mut write = self.0.database.write(Durability::Synced).await?;
            let sql = "DELETE FROM sigill_jobs WHERE id = $1 AND owner = $2 AND state <> 'draft'";
            let gone = sqlx::query(sql).bind(id).bind(owner).execute(write.connection()).await?.rows_affected() > 0;
            write.commit().await?;
            self.0.removed(id);
            files::remove(&self.0.database, id, "").await?;
            Ok(gone)
        };
        if gone.await.map_err(failed)? { Ok(()) } else { Err(Problem::of(Kind::NotFound)) }
    }

    /// How many jobs of all owners and servers there are in each state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts> {
        let counted = async {
            let sql = "SELECT state, COUNT(*) AS number FROM sigill_jobs WHERE state <> 'draft' GROUP BY state";
            let mut counts = Counts::default();
            for row in sqlx::query(sql).fetch_all(&self.0.database.pool).await? {
                let state = State::named(&row.try_get::<String, _>("state")?)?;
                counts.add(state, row.try_get::<i64, _>("number")?.unsigned_abs());
            }
            Ok(counts)
        };
        counted.await.map_err(failed)
    }

    /// Whether jobs are taken in and done: all loops have made a pass lately, the database takes a write, and so does the
    /// folder in which jobs are done.
    pub async fn ready(&self) -> bool {
        self.0.health.is_ready(&self.0.database, self.0.room(), self.0.timing.stale).await
    }

    /// Whether the disk has room for one more.
    ///
    /// # Errors
    /// When it has none.
    pub fn room(&self) -> Result<()> {
        if self.0.room().is_there() { Ok(()) } else { Err(Problem::of(Kind::StorageFull).after(TRY_AGAIN)) }
    }

    /// Starts the claim loops of all handlers, and the removal of what has expired. When `stop` turns true, or whoever
    /// could turn it is gone, no new job is taken; the task ends when the running ones are finished, or are put back in
    /// the queue because time is up.
    ///
    /// # Errors
    /// When the folder in which jobs are done cannot be written, in Swedish and English.
    pub fn run(
        &self,
        handlers: Handlers,
        stop: channel::Receiver<bool>,
    ) -> std::result::Result<JoinHandle<()>, String> {
        worker::start(Arc::clone(&self.0), handlers, stop).map_err(|reason| {
            let folder = self.0.data.join("work");
            joined(&messages::Folder { folder: &folder.display(), reason: &reason })
        })
    }
}
