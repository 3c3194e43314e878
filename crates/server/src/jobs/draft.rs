//! Taking a job in: its files come in piece by piece, and it stands in the queue once all are there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::database::{Ticket, failed, random};
use super::job::{Job, job_columns};
use super::names::Names;
use super::{Shared, chunks};
use crate::problem::{Kind, Problem, Result};
use crate::protocol::PackOptions;

/// How long a draft may be silent and still hold a place in the queue.
const HOLDS: i64 = 600_000;
/// Seconds after which a client may try again when the queue is full.
const TRY_AGAIN: u64 = 30;

/// A job that is being taken in. Dropped without [`Draft::commit`], it is removed.
pub struct Draft {
    shared: Arc<Shared>,
    id: String,
    owner: String,
    key: Option<String>,
    names: Names,
    digests: BTreeMap<String, String>,
    options: String,
    meeting: Option<String>,
    open: Option<Open>,
    committed: bool,
}

/// The file that is coming in.
struct Open {
    name: String,
    seq: i64,
    piece: Vec<u8>,
    length: u64,
    digest: Sha256,
}

impl Draft {
    pub(super) async fn begin(
        shared: &Arc<Shared>,
        owner: &str,
        options: &PackOptions,
        key: Option<&str>,
    ) -> Result<Self> {
        let id = random()?;
        let options = serde_json::to_string(options).map_err(|e| failed(sqlx::Error::Encode(Box::new(e))))?;
        let begun = async {
            let now = shared.database.now();
            let mut write = shared.database.decide().await?;
            if !fits(&mut write.tx, owner, key, shared.limits.queued_jobs, now - HOLDS).await? {
                return Ok(false);
            }
            let sql = "INSERT INTO sigill_jobs (id, owner, kind, state, done, total, created, queued, beat, attempts, \
                       meeting, options) VALUES ($1, $2, 'pack', 'draft', 0, 0, $3, $3, $3, 0, '', $4)";
            let insert = sqlx::query(sql).bind(&id).bind(owner).bind(now).bind(&options);
            insert.execute(&mut *write.tx).await?;
            write.commit().await?;
            Ok(true)
        };
        if !begun.await.map_err(failed)? {
            return Err(Problem::of(Kind::Overloaded).after(TRY_AGAIN));
        }
        Ok(Self {
            shared: Arc::clone(shared),
            id,
            owner: owner.to_owned(),
            key: key.map(str::to_owned),
            names: Names::default(),
            digests: BTreeMap::new(),
            options,
            meeting: None,
            open: None,
            committed: false,
        })
    }

    /// Options other than those it was begun with: the parts of a request come in any order.
    ///
    /// # Errors
    /// When they cannot be written down.
    pub fn set_options(&mut self, options: &PackOptions) -> Result<()> {
        self.options = serde_json::to_string(options).map_err(|e| failed(sqlx::Error::Encode(Box::new(e))))?;
        Ok(())
    }

    /// Begins the kallelse. `name` is its file in the folder, which nothing else may have.
    ///
    /// # Errors
    /// When there is one already, or the name is no path in a folder.
    pub async fn meeting(&mut self, name: &str) -> Result<()> {
        if self.meeting.is_some() {
            return Err(Problem::new(Kind::BadRequest, "meeting: finns två gånger", "meeting: given twice"));
        }
        self.file(name).await?;
        self.meeting = Some(name.to_owned());
        Ok(())
    }

    /// Begins a file that the kallelse names.
    ///
    /// # Errors
    /// When the name is taken or no path in a folder.
    pub async fn file(&mut self, name: &str) -> Result<()> {
        self.names.take(name)?;
        self.start(format!("i/{name}")).await
    }

    /// Begins the pack that was sent before.
    ///
    /// # Errors
    /// When there is one already.
    pub async fn sent(&mut self) -> Result<()> {
        self.finish_file().await?;
        if self.digests.contains_key("s") {
            return Err(Problem::new(Kind::BadRequest, "sent: finns två gånger", "sent: given twice"));
        }
        self.start("s".to_owned()).await
    }

    /// The next bytes of the file begun last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        let Some(open) = &mut self.open else { return Err(Problem::of(Kind::BadRequest)) };
        open.digest.update(bytes);
        open.length += bytes.len() as u64;
        loop {
            let Some(open) = &mut self.open else { return Ok(()) };
            let (now, later) = bytes.split_at(bytes.len().min(chunks::CHUNK - open.piece.len()));
            open.piece.extend_from_slice(now);
            if open.piece.len() < chunks::CHUNK {
                return Ok(());
            }
            bytes = later;
            self.flush().await?;
        }
    }

    /// Puts the job in the queue. `false` beside it: it is the one that the same request with the same key made before.
    ///
    /// # Errors
    /// When there is no kallelse, the key was used for another request, or the database fails.
    pub async fn commit(mut self) -> Result<(Job, bool)> {
        self.finish_file().await?;
        let Some(meeting) = self.meeting.clone() else {
            return Err(Problem::new(
                Kind::BadRequest,
                "meeting: kallelsen saknas",
                "meeting: the kallelse is missing",
            ));
        };
        let digest = self.digest(&meeting);
        let ticket = Ticket { job: self.id.clone(), ticket: random()? };
        if let Some(earlier) = self.enqueue(&meeting, &digest, &ticket).await.map_err(failed)? {
            let (job, same) = earlier;
            // The draft is dropped, and with it what came in.
            return if same { Ok((job, false)) } else { Err(Problem::of(Kind::IdempotencyConflict)) };
        }
        self.committed = true;
        if let Err(e) = self.shared.database.push(&ticket, Duration::ZERO).await {
            // It stands in the table: the sweep finds that it has no ticket.
            tracing::error!(error = %e, job = %self.id, "queue");
        }
        self.shared.tell(&self.id);
        self.shared.wake();
        Ok((self.shared.get(&self.owner, &self.id).await?, true))
    }

    /// Makes the draft a job; or, with a key that has been used, says which job has it and whether it is the same.
    async fn enqueue(&self, meeting: &str, digest: &str, ticket: &Ticket) -> sqlx::Result<Option<(Job, bool)>> {
        let mut write = self.shared.database.decide().await?;
        let now = self.shared.database.now();
        if let Some(key) = &self.key {
            let sql = concat!(
                "SELECT digest, ",
                job_columns!(),
                " FROM sigill_jobs WHERE owner = $1 AND idempotency_key = $2 AND (expires IS NULL OR expires > $3)"
            );
            let earlier = sqlx::query(sql).bind(&self.owner).bind(key).bind(now);
            if let Some(row) = earlier.fetch_optional(&mut *write.tx).await? {
                let same = sqlx::Row::try_get::<Option<String>, _>(&row, "digest")?.as_deref() == Some(digest);
                return Ok(Some((Job::read(&row)?, same)));
            }
            // One that has expired and not been swept yet gives the key free.
            let sql = "UPDATE sigill_jobs SET idempotency_key = NULL WHERE owner = $1 AND idempotency_key = $2";
            sqlx::query(sql).bind(&self.owner).bind(key).execute(&mut *write.tx).await?;
        }
        let sql = "UPDATE sigill_jobs SET state = 'queued', queued = $1, beat = $1, meeting = $2, digest = $3, \
                   ticket = $4, idempotency_key = $5, options = $6 WHERE id = $7 AND state = 'draft'";
        let update =
            sqlx::query(sql).bind(now).bind(meeting).bind(digest).bind(&ticket.ticket).bind(self.key.as_deref());
        if update.bind(&self.options).bind(&self.id).execute(&mut *write.tx).await?.rows_affected() == 0 {
            // Swept away: the upload was silent too long.
            return Err(sqlx::Error::RowNotFound);
        }
        write.commit().await?;
        Ok(None)
    }

    /// What was asked for, whatever order its parts came in.
    fn digest(&self, meeting: &str) -> String {
        let all = (&self.options, meeting, &self.digests);
        format!("{:x}", Sha256::digest(serde_json::to_vec(&all).unwrap_or_default()))
    }

    async fn start(&mut self, name: String) -> Result<()> {
        self.finish_file().await?;
        self.open = Some(Open { name, seq: 0, piece: Vec::new(), length: 0, digest: Sha256::new() });
        Ok(())
    }

    async fn finish_file(&mut self) -> Result<()> {
        if self.open.as_ref().is_some_and(|open| open.seq == 0 || !open.piece.is_empty()) {
            self.flush().await?;
        }
        if let Some(open) = self.open.take() {
            self.digests.insert(open.name, format!("{}:{:x}", open.length, open.digest.finalize()));
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let (piece, seq) = (std::mem::take(&mut open.piece), open.seq);
        open.seq += 1;
        let stored = async {
            let mut write = self.shared.database.write().await?;
            let sql = "UPDATE sigill_jobs SET beat = $1 WHERE id = $2 AND state = 'draft'";
            let alive = sqlx::query(sql).bind(self.shared.database.now()).bind(&self.id);
            if alive.execute(&mut *write.tx).await?.rows_affected() == 0 {
                return Err(sqlx::Error::RowNotFound);
            }
            chunks::insert(&mut write.tx, &self.id, &open.name, seq, piece).await?;
            write.commit().await
        };
        stored.await.map_err(failed)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        // Without a runtime the sweep does it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (shared, id) = (Arc::clone(&self.shared), std::mem::take(&mut self.id));
            runtime.spawn(async move {
                if let Err(e) = shared.erase(&id, "draft").await {
                    tracing::error!(error = %e, "draft");
                }
            });
        }
    }
}

/// Whether one more job of an owner fits. One owner may fill half the queue, so that another's job always has a place.
/// A request that repeats one with the same key takes none.
async fn fits(
    tx: &mut sqlx::AnyConnection,
    owner: &str,
    key: Option<&str>,
    most: u64,
    alive: i64,
) -> sqlx::Result<bool> {
    if let Some(key) = key {
        let sql = "SELECT COUNT(*) FROM sigill_jobs WHERE owner = $1 AND idempotency_key = $2";
        let known: i64 = sqlx::query_scalar(sql).bind(owner).bind(key).fetch_one(&mut *tx).await?;
        if known > 0 {
            return Ok(true);
        }
    }
    let sql = "SELECT COUNT(*) AS waiting, COUNT(CASE WHEN owner = $1 THEN 1 END) AS own FROM sigill_jobs \
               WHERE state = 'queued' OR (state = 'draft' AND beat > $2)";
    let row = sqlx::query(sql).bind(owner).bind(alive).fetch_one(tx).await?;
    let count = |name: &str| sqlx::Row::try_get::<i64, _>(&row, name).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(count("waiting")? < most && count("own")? < most.div_ceil(2))
}
