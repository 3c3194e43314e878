//! Whether the queue works, proven by doing: every loop has made a pass lately, the database takes a write, the folder for
//! work can be written, and its disk has room.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::database::Database;
use super::dialect::Durability;
use super::work_dir;

/// A proof holds this long: whoever asks more often than that costs no more writes.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take for one.
const PATIENCE: Duration = Duration::from_secs(3);

/// When a loop last made a successful pass.
pub(super) struct Beat(Mutex<Instant>);

impl Beat {
    /// A pass was made.
    pub(super) fn mark(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn age(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// The disk, and the megabytes that have to be free on it.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) folder: &'a Path,
    pub(super) megabytes: u64,
}

impl Room<'_> {
    /// Whether there is room for jobs.
    pub(super) fn is_there(self) -> bool {
        let there = work_dir::has_room(self.folder, self.megabytes);
        match &there {
            Ok(true) => {}
            Ok(false) => tracing::error!(megabytes = self.megabytes, "the disk has less room than jobs need"),
            Err(error) => tracing::error!(%error, "the disk cannot be asked for its room"),
        }
        there.unwrap_or(false)
    }
}

/// What is watched in one server.
#[derive(Default)]
pub(super) struct Health {
    beats: Mutex<Vec<Weak<Beat>>>,
    work: Mutex<Option<PathBuf>>,
    proof: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Health {
    /// Watches one more loop, as long as it keeps its beat.
    pub(super) fn watch_loop(&self) -> Arc<Beat> {
        let beat = Arc::new(Beat(Mutex::new(Instant::now())));
        let mut beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
        beats.retain(|beat| beat.strong_count() > 0);
        beats.push(Arc::downgrade(&beat));
        beat
    }

    /// Watches the folder for work; `None` when there is none any more.
    pub(super) fn watch_folder(&self, folder: Option<PathBuf>) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = folder;
    }

    /// Whether all is well.
    pub(super) async fn is_ready(&self, database: &Database, room: Room<'_>, stale: Duration) -> bool {
        let slowest = {
            let beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
            beats.iter().filter_map(Weak::upgrade).map(|beat| beat.age()).max()
        };
        if !room.is_there() {
            return false;
        }
        if let Some(age) = slowest.filter(|age| *age > stale) {
            tracing::error!(?age, "a loop of the queue has not made a pass");
            return false;
        }
        let mut proof = self.proof.lock().await;
        if let Some((at, proven)) = *proof
            && at.elapsed() < FRESH
        {
            return proven;
        }
        let proven = self.prove(database).await;
        *proof = Some((Instant::now(), proven));
        proven
    }

    async fn prove(&self, database: &Database) -> bool {
        let written = match tokio::time::timeout(PATIENCE, write(database)).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "the database of jobs takes no write");
                false
            }
            Err(_) => {
                tracing::error!("the database of jobs does not answer");
                false
            }
        };
        let folder = self.work.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(folder) = folder else { return written };
        match tokio::task::spawn_blocking(move || work_dir::try_write(&folder)).await {
            Ok(Ok(())) => written,
            Ok(Err(error)) => {
                tracing::error!(%error, "the folder for work cannot be written");
                false
            }
            Err(_) => false,
        }
    }
}

async fn write(database: &Database) -> sqlx::Result<()> {
    let sql = "INSERT INTO sigill_health (id, heartbeat) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET heartbeat = $1";
    let mut write = database.write(Durability::Synced).await?;
    sqlx::query(sql).bind(database.now()).execute(write.connection()).await?;
    write.commit().await
}
