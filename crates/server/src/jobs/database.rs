//! The database that jobs are in: a SQLite file of the server's own, or a PostgreSQL that several machines share.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use apalis::prelude::{TaskBuilder, TaskSink as _};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Any, AnyPool, Executor as _, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Timing, schema};
use crate::config::Config;
use crate::problem::{Kind, Problem};

/// Queue of the tickets, in the queue's own tables.
const QUEUE: &str = "sigill-packs";
/// How long a writer of a SQLite file waits for those of other processes.
const BUSY: Duration = Duration::from_secs(30);
/// What each connection to a SQLite file is told: what is deleted (passwords of bilagor) is overwritten, and what has
/// been answered for is on the disk.
const PRAGMAS: &str = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                       PRAGMA journal_size_limit = 67108864;";

/// What the queue carries: not the job, but that it is time to look at it. A ticket that is no longer the job's is void.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) job: String,
    pub(super) ticket: String,
}

/// The queue's storage.
#[derive(Clone)]
pub(super) enum Queue {
    Sqlite(SqliteStorage<Ticket>),
    Postgres(PostgresStorage<Ticket>),
}

/// Pools and clock.
pub(super) struct Database {
    pub(super) pool: AnyPool,
    pub(super) queue: Queue,
    /// SQLite takes one writer at a time: those of this process stand in line here, in order, instead of in its lock.
    turn: Option<Arc<Semaphore>>,
    /// Milliseconds that the database's clock is ahead: machines that share it need not agree on the time.
    ahead: AtomicI64,
}

/// A transaction that writes.
pub(super) struct Write {
    pub(super) tx: Transaction<'static, Any>,
    // After the transaction: fields are dropped in this order.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Write {
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }
}

impl Database {
    pub(super) async fn open(config: &Config, timing: &Timing) -> Result<Self, String> {
        sqlx::any::install_default_drivers();
        let workers = u32::try_from(config.limits.jobs).unwrap_or(u32::MAX).min(64);
        let opened = match &config.database {
            Some(url) => Self::postgres(url, timing, workers).await,
            None => Self::sqlite(&config.data, timing, workers).await,
        };
        let database = opened.map_err(|e| {
            // The address may hold a password.
            let place =
                config.database.as_ref().map_or_else(|| config.data.display().to_string(), |_| "database".into());
            format!("{place}: databasen för jobb går inte att öppna · the database of jobs cannot be opened: {e}")
        })?;
        database.set_clock().await.map_err(|e| e.to_string())?;
        Ok(database)
    }

    async fn postgres(url: &str, timing: &Timing, workers: u32) -> sqlx::Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(sqlx::Error::Configuration("database: postgres://…".into()));
        }
        let own = PgPoolOptions::new().max_connections(workers + 3).acquire_timeout(BUSY).connect(url).await?;
        schema::postgres(&own).await?;
        let settings = apalis_postgres::Config::default()
            .queue(QUEUE)
            .batch_size(1)
            .lock_tasks(false)
            .heartbeat_interval(timing.heartbeat)
            .missed_heartbeats(timing.missed);
        let pool = AnyPoolOptions::new().max_connections(12).acquire_timeout(BUSY).connect(url).await?;
        let queue = Queue::Postgres(PostgresStorage::new(&own).with_config(settings));
        Ok(Self { pool, queue, turn: None, ahead: AtomicI64::new(0) })
    }

    async fn sqlite(folder: &Path, timing: &Timing, workers: u32) -> sqlx::Result<Self> {
        let file = std::path::absolute(folder)?.join("sigill.db");
        make_private(&file)?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .busy_timeout(BUSY)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .synchronous(SqliteSynchronous::Full);
        settle(&options).await?;
        let own = SqlitePoolOptions::new().max_connections(workers + 2).acquire_timeout(BUSY);
        let own = own.connect_with(options).await?;
        schema::sqlite(&own).await?;
        let settings = apalis_sqlite::Config::default()
            .queue(QUEUE)
            // A worker that holds more than it runs gives no sign of life while they wait.
            .batch_size(1)
            .lock_tasks(false)
            .heartbeat_interval(timing.heartbeat)
            .missed_heartbeats(timing.missed);
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(BUSY)
            .after_connect(|connection, _| Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) }))
            .connect(&address(&file)?)
            .await?;
        let queue = Queue::Sqlite(SqliteStorage::new(&own).with_config(settings));
        Ok(Self { pool, queue, turn: Some(Arc::new(Semaphore::new(1))), ahead: AtomicI64::new(0) })
    }

    /// Whether it is a SQLite file.
    pub(super) fn is_sqlite(&self) -> bool {
        self.turn.is_some()
    }

    /// A transaction that writes; on SQLite it is the only one.
    pub(super) async fn write(&self) -> sqlx::Result<Write> {
        let turn = match &self.turn {
            Some(turn) => Some(Arc::clone(turn).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?),
            None => None,
        };
        let begin = if turn.is_some() { "BEGIN IMMEDIATE" } else { "BEGIN" };
        Ok(Write { tx: self.pool.begin_with(begin).await?, _turn: turn })
    }

    /// A transaction in which no other server decides whether a job fits into the queue.
    pub(super) async fn decide(&self) -> sqlx::Result<Write> {
        let mut write = self.write().await?;
        if !self.is_sqlite() {
            // The function answers void, which the generic driver has no type for.
            let lock = "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) AS locked";
            sqlx::query(lock).bind(schema::LOCK_QUEUE).execute(&mut *write.tx).await?;
        }
        Ok(write)
    }

    /// Milliseconds since 1970, by the database's clock.
    pub(super) fn now(&self) -> i64 {
        local() + self.ahead.load(Ordering::Relaxed)
    }

    /// Asks the database for the time.
    pub(super) async fn set_clock(&self) -> sqlx::Result<()> {
        if self.is_sqlite() {
            // It has no clock but this machine's.
            return Ok(());
        }
        let ask = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        let before = local();
        let there: i64 = sqlx::query_scalar(ask).fetch_one(&self.pool).await?;
        self.ahead.store(there - (before + local()) / 2, Ordering::Relaxed);
        Ok(())
    }

    /// Puts a ticket in the queue, to be looked at after a while.
    pub(super) async fn push(&self, ticket: &Ticket, after: Duration) -> Result<(), String> {
        // Whole seconds, and in the past when there is nothing to wait for: the queue asks whether the time has passed.
        let at = u64::try_from(self.now()).unwrap_or_default().div_euclid(1000).saturating_sub(1);
        let at = if after.is_zero() { at } else { at + 2 + after.as_secs() };
        // The sweep finds lost tickets by this key.
        let task = TaskBuilder::new(ticket.clone()).run_at_timestamp(at).idempotency_key(&ticket.ticket).build();
        match self.queue.clone() {
            Queue::Sqlite(mut queue) => queue.push_task(task).await.map_err(|e| e.to_string()),
            Queue::Postgres(mut queue) => queue.push_task(task).await.map_err(|e| e.to_string()),
        }
    }
}

/// This machine's time.
#[expect(clippy::disallowed_methods, reason = "a server keeps time: when a job came in, and when it is to go")]
fn local() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Makes the file's folder, and the file so that nobody else may read it: it holds what is not public yet.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    let mut options = std::fs::OpenOptions::new();
    folder.recursive(true);
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        options.mode(0o600);
    }
    file.parent().map_or(Ok(()), |parent| folder.create(parent))?;
    options.open(file).map(drop)
}

/// Sets what stays with the file. Only the first server changes anything; SQLite does not wait when two do so at once.
async fn settle(options: &SqliteConnectOptions) -> sqlx::Result<()> {
    use sqlx::ConnectOptions as _;
    let mut left = 100;
    loop {
        match options.clone().journal_mode(SqliteJournalMode::Wal).connect().await {
            Ok(connection) => return sqlx::Connection::close(connection).await,
            Err(sqlx::Error::Database(e)) if left > 0 && e.message().contains("locked") => left -= 1,
            Err(e) => return Err(e),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A file as the generic driver wants it: an address, whatever characters the path has.
fn address(file: &Path) -> sqlx::Result<String> {
    use std::fmt::Write as _;
    let text = file.to_str().ok_or_else(|| sqlx::Error::Configuration("data: UTF-8".into()))?;
    let mut out = String::from("sqlite://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Ok(out)
}

/// What a client gets when the database does not do as it is told; what it said goes to the log.
pub(super) fn failed(e: sqlx::Error) -> Box<Problem> {
    use sqlx::Error as E;
    tracing::error!(error = %e, "database of jobs");
    match e {
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::Tls(_) | E::WorkerCrashed => Problem::of(Kind::OutsideFailed),
        _ => Problem::of(Kind::Internal),
    }
}

/// 128 bits that nobody guesses, fit for an address.
pub(super) fn random() -> Result<String, Box<Problem>> {
    use base64::Engine as _;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| {
        tracing::error!(error = %e, "random numbers");
        Problem::of(Kind::Internal)
    })?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}
