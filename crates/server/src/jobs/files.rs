//! Files of jobs, kept in chunks: memory holds one chunk at a time, whatever a file's size.
//!
//! Names say what a file is: `i/…` are inputs, `o3/…` are outputs of the third attempt.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::database::{Database, failed};
use super::dialect::Durability;
use super::job::{Job, Output};
use crate::paths::is_safe;
use crate::problem::Result;

/// Length of a chunk.
pub(super) const CHUNK: usize = 1_000_000;
/// Chunks that one transaction removes: others shall not wait long for it.
const BATCH: u64 = 16;

/// A file on its way to a client.
pub struct Download {
    /// Length.
    pub length: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// Name for the file.
    pub file_name: String,
    /// Its bytes. An error means that the job was removed meanwhile, or that the database failed.
    pub stream: BoxStream<'static, io::Result<Bytes>>,
}

/// Why a file could not be moved between the database and a folder.
#[derive(Debug)]
pub(super) enum TransferError {
    /// The database failed.
    Database(sqlx::Error),
    /// The folder failed.
    Folder(io::Error),
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for TransferError {
    fn from(error: io::Error) -> Self {
        Self::Folder(error)
    }
}

impl std::fmt::Display for TransferError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            Self::Folder(error) => error.fmt(f),
        }
    }
}

/// Adds a chunk to a file, within a transaction.
pub(super) async fn insert(
    tx: &mut AnyConnection,
    job: &str,
    name: &str,
    seq: i64,
    bytes: Vec<u8>,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO sigill_chunks (job, name, seq, bytes) VALUES ($1, $2, $3, $4)";
    sqlx::query(sql).bind(job).bind(name).bind(seq).bind(bytes).execute(tx).await.map(drop)
}

async fn chunk(database: &Database, job: &str, name: &str, seq: i64) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM sigill_chunks WHERE job = $1 AND name = $2 AND seq = $3";
    sqlx::query_scalar(sql).bind(job).bind(name).bind(seq).fetch_optional(&database.pool).await
}

fn output_name(attempt: i64, name: &str) -> String {
    format!("o{attempt}/{name}")
}

/// Names of the outputs of an attempt, as a pattern of SQL.
pub(super) fn outputs_of(attempt: i64) -> String {
    output_name(attempt, "%")
}

/// Stores a file that an attempt made. Stored again, it replaces what was stored before.
pub(super) async fn store(
    database: &Database,
    job: &str,
    attempt: i64,
    name: &str,
    folder: &Path,
) -> std::result::Result<Output, TransferError> {
    let mut file = tokio::fs::File::open(folder.join(name)).await?;
    let kept = output_name(attempt, name);
    let (mut digest, mut bytes, mut seq) = (Sha256::new(), 0, 0);
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).await?;
        if chunk.is_empty() && seq > 0 {
            break;
        }
        digest.update(&chunk);
        bytes += chunk.len() as u64;
        // What is recorded afterwards, that the job is done, makes these last.
        let mut write = database.write(Durability::Relaxed).await?;
        let sql = "DELETE FROM sigill_chunks WHERE job = $1 AND name = $2 AND seq = $3";
        sqlx::query(sql).bind(job).bind(&kept).bind(seq).execute(write.connection()).await?;
        insert(write.connection(), job, &kept, seq, chunk).await?;
        write.commit().await?;
        seq += 1;
    }
    Ok(Output { name: name.to_owned(), bytes, sha256: format!("{:x}", digest.finalize()) })
}

/// An input in a folder.
pub(super) struct Unpacked {
    pub(super) path: PathBuf,
    pub(super) length: u64,
}

/// Writes a job's inputs into a folder; returns what is there.
pub(super) async fn unpack(
    database: &Database,
    job: &str,
    folder: &Path,
) -> std::result::Result<Vec<Unpacked>, TransferError> {
    let sql = "SELECT DISTINCT name FROM sigill_chunks WHERE job = $1 AND name LIKE 'i/%'";
    let names: Vec<String> = sqlx::query_scalar(sql).bind(job).fetch_all(&database.pool).await?;
    let mut unpacked = Vec::with_capacity(names.len());
    for name in names {
        // The upload has looked at names; what a database says is looked at again.
        let inner = name.strip_prefix("i/").filter(|inner| is_safe(inner));
        let path = folder.join(inner.ok_or_else(|| io::Error::other("the name of an input leaves the folder"))?);
        if let Some(parent) = path.parent() {
            tokio::fs::create_dir_all(parent).await?;
        }
        let mut file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&path).await?;
        let (mut seq, mut length) = (0, 0);
        while let Some(bytes) = chunk(database, job, &name, seq).await? {
            file.write_all(&bytes).await?;
            length += bytes.len() as u64;
            seq += 1;
        }
        file.flush().await?;
        unpacked.push(Unpacked { path, length });
    }
    Ok(unpacked)
}

/// Streams a file that a job made; `None` when it is gone.
pub(super) async fn open(
    database: &Arc<Database>,
    job: &Job,
    file: &Output,
    file_name: String,
) -> Result<Option<Download>> {
    let name = output_name(job.attempts, &file.name);
    // The first chunk now, so that a job that has just been removed is not found, rather than cut off.
    let Some(first) = chunk(database, &job.id, &name, 0).await.map_err(failed)? else { return Ok(None) };
    let (database, job, length) = (Arc::clone(database), job.id.clone(), file.bytes);
    let rest = stream::try_unfold((1, first.len() as u64), move |(seq, sent)| {
        let (database, job, name) = (Arc::clone(&database), job.clone(), name.clone());
        async move {
            if sent >= length {
                return Ok(None);
            }
            let next = chunk(&database, &job, &name, seq).await.map_err(io::Error::other)?;
            let next = next.ok_or(io::ErrorKind::UnexpectedEof)?;
            let sent = sent + next.len() as u64;
            Ok(Some((Bytes::from(next), (seq + 1, sent))))
        }
    });
    let stream = stream::once(async { Ok(Bytes::from(first)) }).chain(rest).boxed();
    Ok(Some(Download { length, sha256: file.sha256.clone(), file_name, stream }))
}

/// Removes a batch of a job's files within a transaction, except those whose names are like `kept`; returns whether there
/// may be more.
pub(super) async fn remove_batch(tx: &mut AnyConnection, job: &str, kept: &str) -> sqlx::Result<bool> {
    let sql = "DELETE FROM sigill_chunks WHERE (job, name, seq) IN \
               (SELECT job, name, seq FROM sigill_chunks WHERE job = $1 AND name NOT LIKE $2 LIMIT 16)";
    Ok(sqlx::query(sql).bind(job).bind(kept).execute(tx).await?.rows_affected() >= BATCH)
}

/// Removes a job's files, except those whose names are like `kept`.
pub(super) async fn remove(database: &Database, job: &str, kept: &str) -> sqlx::Result<()> {
    loop {
        let mut write = database.write(Durability::Relaxed).await?;
        let more = remove_batch(write.connection(), job, kept).await?;
        write.commit().await?;
        if !more {
            return Ok(());
        }
    }
}
