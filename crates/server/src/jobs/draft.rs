//! Taking a job in: its files come in chunk by chunk, and it stands in the queue once all are there.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use super::database::{failed, random};
use super::dialect::Durability;
use super::files;
use super::job::{Job, job_columns, to_json};
use super::kind::JobKind;
use super::state::Shared;
use crate::messages::jobs as texts;
use crate::paths::is_safe;
use crate::problem::{Kind, Problem, Result};

/// How long, in milliseconds, a draft may be silent and still hold a place in the queue.
const HOLDS: i64 = 600_000;
/// Seconds after which a client may try again when the queue is full.
const TRY_AGAIN: u64 = 30;
/// The same, when its own space is full.
const QUOTA: u64 = 600;

/// A job of kind `K` that is being taken in. Dropped without [`Draft::commit`], it is removed.
pub struct Draft<K> {
    shared: Arc<Shared>,
    id: String,
    owner: String,
    key: Option<String>,
    /// Most bytes that the owner's jobs may take up.
    bound: Option<u64>,
    /// The request that orders it.
    request: Option<String>,
    /// Length and digest of each input.
    inputs: BTreeMap<String, String>,
    open: Option<OpenInput>,
    committed: bool,
    kind: PhantomData<fn() -> K>,
}

/// The file that is coming in.
struct OpenInput {
    name: String,
    seq: i64,
    chunk: Vec<u8>,
    length: u64,
    digest: Sha256,
}

impl<K: JobKind> Draft<K> {
    pub(super) async fn begin(shared: &Arc<Shared>, owner: &str, key: Option<&str>) -> Result<Self> {
        let id = random()?;
        let begun = async {
            let now = shared.database.now();
            let mut write = shared.database.write_queue(Durability::Relaxed).await?;
            if !fits(write.connection(), owner, key, shared.limits.queued_jobs, now).await? {
                write.rollback().await?;
                return Ok(false);
            }
            let sql = "INSERT INTO sigill_jobs (id, owner, kind, state, done, total, created, queued, heartbeat, attempts) \
                       VALUES ($1, $2, $3, 'draft', 0, 0, $4, $4, $4, 0)";
            let insert = sqlx::query(sql).bind(&id).bind(owner).bind(K::NAME).bind(now);
            insert.execute(write.connection()).await?;
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
            bound: None,
            request: None,
            inputs: BTreeMap::new(),
            open: None,
            committed: false,
            kind: PhantomData,
        })
    }

    /// Bounds what all jobs of its owner may take up, in bytes.
    pub fn bound(&mut self, most: Option<u64>) {
        self.bound = most;
    }

    /// Names the request that orders it, as the log does.
    pub fn name_request(&mut self, request: &str) {
        self.request = Some(request.to_owned());
    }

    /// Begins an input.
    ///
    /// # Errors
    /// When the name is taken or no path in a folder, or the database fails.
    pub async fn input(&mut self, name: &str) -> Result<()> {
        self.finish_input().await?;
        if !is_safe(name) || self.inputs.contains_key(name) {
            return Err(Problem::of(Kind::BadRequest));
        }
        let (name, digest) = (name.to_owned(), Sha256::new());
        self.open = Some(OpenInput { name, seq: 0, chunk: Vec::new(), length: 0, digest });
        Ok(())
    }

    /// The next bytes of the input begun last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        let Some(open) = &mut self.open else { return Err(Problem::of(Kind::BadRequest)) };
        open.digest.update(bytes);
        open.length += bytes.len() as u64;
        loop {
            let Some(open) = &mut self.open else { return Ok(()) };
            let (now, later) = bytes.split_at(bytes.len().min(files::CHUNK - open.chunk.len()));
            open.chunk.extend_from_slice(now);
            if open.chunk.len() < files::CHUNK {
                return Ok(());
            }
            bytes = later;
            self.flush().await?;
        }
    }

    /// Puts the job in the queue. `false` beside it: it is the one that the same request with the same key made before.
    ///
    /// # Errors
    /// When the key was used for another request, or the database fails.
    pub async fn commit(mut self, order: &K::Order) -> Result<(Job, bool)> {
        self.finish_input().await?;
        let enqueued = async {
            let digest = K::fingerprint(order, &self.inputs).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
            self.enqueue(&to_json(order)?, &digest).await
        };
        if let Some((job, same)) = enqueued.await.map_err(failed)? {
            // The draft is dropped, and with it what came in.
            return if same { Ok((job, false)) } else { Err(Problem::of(Kind::IdempotencyConflict)) };
        }
        self.committed = true;
        self.shared.changed(&self.id);
        self.shared.wake();
        Ok((self.shared.get(&self.owner, &self.id).await?, true))
    }

    /// Makes the draft a job; or, with a key that has been used, says which job has it and whether it is the same.
    async fn enqueue(&self, order: &str, digest: &str) -> sqlx::Result<Option<(Job, bool)>> {
        let mut write = self.shared.database.write_queue(Durability::Synced).await?;
        let now = self.shared.database.now();
        if let Some(key) = &self.key {
            let sql = concat!(
                "SELECT digest, ",
                job_columns!(),
                " FROM sigill_jobs WHERE owner = $1 AND idempotency_key = $2 AND (expires IS NULL OR expires > $3)"
            );
            let earlier = sqlx::query(sql).bind(&self.owner).bind(key).bind(now);
            if let Some(row) = earlier.fetch_optional(write.connection()).await? {
                write.rollback().await?;
                let same = row.try_get::<Option<String>, _>("digest")?.as_deref() == Some(digest);
                return Ok(Some((Job::read(&row)?, same)));
            }
            // One that has expired and not been swept yet gives the key free.
            let sql = "UPDATE sigill_jobs SET idempotency_key = NULL WHERE owner = $1 AND idempotency_key = $2";
            sqlx::query(sql).bind(&self.owner).bind(key).execute(write.connection()).await?;
        }
        let sql = "UPDATE sigill_jobs SET state = 'queued', queued = $1, heartbeat = $1, job_order = $2, digest = $3, \
                   idempotency_key = $4, request = $5 WHERE id = $6 AND state = 'draft'";
        let update = sqlx::query(sql).bind(now).bind(order).bind(digest).bind(self.key.as_deref());
        let update = update.bind(self.request.as_deref()).bind(&self.id);
        if update.execute(write.connection()).await?.rows_affected() == 0 {
            // Swept away: the upload was silent too long.
            return Err(sqlx::Error::RowNotFound);
        }
        write.commit().await?;
        Ok(None)
    }

    async fn finish_input(&mut self) -> Result<()> {
        if self.open.as_ref().is_some_and(|open| open.seq == 0 || !open.chunk.is_empty()) {
            self.flush().await?;
        }
        if let Some(open) = self.open.take() {
            self.inputs.insert(open.name, format!("{}:{:x}", open.length, open.digest.finalize()));
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let (chunk, seq) = (std::mem::take(&mut open.chunk), open.seq);
        open.seq += 1;
        let stored = async {
            // The commit of the whole job makes these last.
            let mut write = self.shared.database.write(Durability::Relaxed).await?;
            let sql = "UPDATE sigill_jobs SET heartbeat = $1, stored = stored + $2 WHERE id = $3 AND state = 'draft'";
            let bytes = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            let alive = sqlx::query(sql).bind(self.shared.database.now()).bind(bytes).bind(&self.id);
            if alive.execute(write.connection()).await?.rows_affected() == 0 {
                return Err(sqlx::Error::RowNotFound);
            }
            if let Some(most) = self.bound {
                let sql = "SELECT CAST(SUM(stored) AS BIGINT) FROM sigill_jobs WHERE owner = $1";
                let all: i64 = sqlx::query_scalar(sql).bind(&self.owner).fetch_one(write.connection()).await?;
                if all.unsigned_abs() > most {
                    write.rollback().await?;
                    return Ok(false);
                }
            }
            files::insert(write.connection(), &self.id, &format!("i/{}", open.name), seq, chunk).await?;
            write.commit().await?;
            Ok(true)
        };
        if stored.await.map_err(failed)? { Ok(()) } else { Err(quota(self.bound)) }
    }
}

impl<K> Drop for Draft<K> {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        // Without a runtime the sweep does it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (shared, id) = (Arc::clone(&self.shared), std::mem::take(&mut self.id));
            runtime.spawn(async move {
                if let Err(error) = shared.discard_draft(&id).await {
                    tracing::error!(%error, "draft");
                }
            });
        }
    }
}

/// An owner's jobs take up all that they may.
fn quota(most: Option<u64>) -> Box<Problem> {
    let megabytes = most.unwrap_or_default() / 1_000_000;
    Problem::new(Kind::StorageFull, &texts::Quota { megabytes: &megabytes }).after(QUOTA)
}

/// Whether one more job of an owner fits. One owner may fill half the queue, so that another's job always has a place.
/// A request that repeats one with the same key takes none.
async fn fits(tx: &mut sqlx::AnyConnection, owner: &str, key: Option<&str>, most: u64, now: i64) -> sqlx::Result<bool> {
    if let Some(key) = key {
        let sql = "SELECT COUNT(*) FROM sigill_jobs WHERE owner = $1 AND idempotency_key = $2";
        let known: i64 = sqlx::query_scalar(sql).bind(owner).bind(key).fetch_one(&mut *tx).await?;
        if known > 0 {
            return Ok(true);
        }
    }
    // A heartbeat far ahead was written before the clock was set back.
    let sql = "SELECT COUNT(*) AS waiting, COUNT(CASE WHEN owner = $1 THEN 1 END) AS own FROM sigill_jobs \
               WHERE state = 'queued' OR (state = 'draft' AND heartbeat > $2 AND heartbeat < $3)";
    let row = sqlx::query(sql).bind(owner).bind(now - HOLDS).bind(now + HOLDS).fetch_one(tx).await?;
    let count = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs);
    Ok(count("waiting")? < most && count("own")? < most.div_ceil(2))
}
