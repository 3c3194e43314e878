//! Files of jobs, kept in pieces: memory holds one piece at a time, whatever a file's size.
//!
//! Names say what a file is: `i/…` are inputs, `s` is the pack sent before, `o3/…` is what the third attempt made.

use std::path::Path;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::database::Database;
use super::job::File;
use crate::problem::Result;

/// Length of a piece.
pub(super) const CHUNK: usize = 1_000_000;
/// Pieces that one transaction removes: others shall not wait long for it.
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
    pub stream: BoxStream<'static, std::io::Result<Bytes>>,
}

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

async fn piece(database: &Database, job: &str, name: &str, seq: i64) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM sigill_chunks WHERE job = $1 AND name = $2 AND seq = $3";
    sqlx::query_scalar(sql).bind(job).bind(name).bind(seq).fetch_optional(&database.pool).await
}

/// Stores a file that an attempt made.
pub(super) async fn store(database: &Database, job: &str, name: &str, path: &Path) -> std::io::Result<File> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut digest, mut length, mut seq) = (Sha256::new(), 0, 0);
    loop {
        let mut piece = Vec::with_capacity(CHUNK);
        (&mut file).take(CHUNK as u64).read_to_end(&mut piece).await?;
        if piece.is_empty() && seq > 0 {
            break;
        }
        digest.update(&piece);
        length += piece.len() as u64;
        let stored = async {
            let mut write = database.write().await?;
            insert(&mut write.tx, job, name, seq, piece).await?;
            write.commit().await
        };
        stored.await.map_err(std::io::Error::other)?;
        seq += 1;
    }
    Ok(File { bytes: length, sha256: format!("{:x}", digest.finalize()) })
}

/// Writes a job's inputs into a folder.
pub(super) async fn unpack(database: &Database, job: &str, folder: &Path, sent: &Path) -> std::io::Result<bool> {
    let sql = "SELECT DISTINCT name FROM sigill_chunks WHERE job = $1 AND (name LIKE 'i/%' OR name = 's')";
    let names: Vec<String> =
        sqlx::query_scalar(sql).bind(job).fetch_all(&database.pool).await.map_err(std::io::Error::other)?;
    let mut has_sent = false;
    for name in names {
        let path = match name.strip_prefix("i/") {
            // The upload has looked at names; what a database says is looked at again.
            Some(inner) if super::names::is_safe(inner) => folder.join(inner),
            Some(_) => return Err(std::io::Error::other("the name of an input leaves the folder")),
            None => sent.to_owned(),
        };
        has_sent |= name == "s";
        if let Some(parent) = path.parent() {
            tokio::fs::create_dir_all(parent).await?;
        }
        let mut file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&path).await?;
        let mut seq = 0;
        while let Some(bytes) = piece(database, job, &name, seq).await.map_err(std::io::Error::other)? {
            file.write_all(&bytes).await?;
            seq += 1;
        }
        file.flush().await?;
    }
    Ok(has_sent)
}

/// Streams a file; `None` when it is gone.
pub(super) async fn open(
    database: std::sync::Arc<Database>,
    job: &str,
    name: String,
    file: &File,
    file_name: String,
) -> Result<Option<Download>> {
    // The first piece now, so that a job that has just been removed is not found, rather than cut off.
    let first = piece(&database, job, &name, 0).await.map_err(super::database::failed)?;
    let Some(first) = first else { return Ok(None) };
    let (length, job) = (file.bytes, job.to_owned());
    let rest = stream::try_unfold((1, first.len() as u64), move |(seq, sent)| {
        let (database, job, name) = (std::sync::Arc::clone(&database), job.clone(), name.clone());
        async move {
            if sent >= length {
                return Ok(None);
            }
            let next = piece(&database, &job, &name, seq).await.map_err(std::io::Error::other)?;
            let next = next.ok_or(std::io::ErrorKind::UnexpectedEof)?;
            let sent = sent + next.len() as u64;
            Ok(Some((Bytes::from(next), (seq + 1, sent))))
        }
    });
    let stream = stream::once(async { Ok(Bytes::from(first)) }).chain(rest).boxed();
    Ok(Some(Download { length, sha256: file.sha256.clone(), file_name, stream }))
}

/// Removes a job's files, except those whose names are like `kept`.
pub(super) async fn remove(database: &Database, job: &str, kept: &str) -> sqlx::Result<()> {
    let sql = "DELETE FROM sigill_chunks WHERE (job, name, seq) IN \
               (SELECT job, name, seq FROM sigill_chunks WHERE job = $1 AND name NOT LIKE $2 LIMIT 16)";
    loop {
        let mut write = database.write().await?;
        let gone = sqlx::query(sql).bind(job).bind(kept).execute(&mut *write.tx).await?.rows_affected();
        write.commit().await?;
        if gone < BATCH {
            return Ok(());
        }
    }
}
