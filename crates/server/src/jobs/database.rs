//! The database that jobs are in: a SQLite file of the server's own, or a PostgreSQL that several machines share.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Any, AnyConnection, AnyPool, Executor as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::clock::Clock;
use super::dialect::{Dialect, Durability};
use crate::config::Config;
use crate::problem::{Kind, Problem};
use crate::random;

/// How long a connection is waited for. All that a client waits for comes to less than five seconds: what does not answer by
/// then is told to be away.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long the turn to write, and all that begins a transaction, may take.
const BEGINNING: Duration = Duration::from_millis(4_500);
/// How long a SQLite file that another process writes is waited for.
const BUSY: Duration = Duration::from_secs(4);
/// What each connection to a SQLite file is told: what is deleted (passwords of bilagor) is overwritten.
const PRAGMAS: &str = "PRAGMA busy_timeout = 4000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                       PRAGMA journal_size_limit = 67108864;";
/// Seconds after which a client may try again when the database does not take what it sends.
const TRY_AGAIN: u64 = 5;

/// Connections and clock.
pub(super) struct Database {
    pub(super) pool: AnyPool,
    pub(super) dialect: Dialect,
    pub(super) clock: Clock,
    /// SQLite takes one writer at a time: those of this process stand in line here, in order, instead of in its lock.
    turn: Option<Arc<Semaphore>>,
}

/// A transaction that writes. Unless it was committed or rolled back, its connection is closed with it and never used
/// again: whatever state an error or a cancelled request left it in, nobody else meets it.
pub(super) struct WriteTransaction {
    connection: PoolConnection<Any>,
    ended: bool,
    // After the connection: fields are dropped in this order.
    _turn: Option<OwnedSemaphorePermit>,
}

impl WriteTransaction {
    /// The connection, for statements within the transaction.
    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    pub(super) async fn commit(mut self) -> sqlx::Result<()> {
        self.connection.execute("COMMIT").await?;
        self.ended = true;
        Ok(())
    }

    pub(super) async fn rollback(mut self) -> sqlx::Result<()> {
        self.connection.execute("ROLLBACK").await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

impl Database {
    /// Opens the database.
    pub(super) async fn open(config: &Config) -> sqlx::Result<Self> {
        sqlx::any::install_default_drivers();
        match &config.database {
            Some(url) => Self::postgres(url).await,
            None => Self::sqlite(&config.data).await,
        }
    }

    async fn postgres(url: &str) -> sqlx::Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(sqlx::Error::Configuration("database: postgres://…".into()));
        }
        let pool = AnyPoolOptions::new().max_connections(12).acquire_timeout(PATIENCE).connect(url).await?;
        Self::with(pool, Dialect::Postgres, None).await
    }

    async fn sqlite(folder: &Path) -> sqlx::Result<Self> {
        let file = std::path::absolute(folder)?.join("sigill.db");
        make_private(&file)?;
        prepare_file(&file).await?;
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) }))
            .connect(&address(&file)?)
            .await?;
        Self::with(pool, Dialect::Sqlite, Some(Arc::new(Semaphore::new(1)))).await
    }

    async fn with(pool: AnyPool, dialect: Dialect, turn: Option<Arc<Semaphore>>) -> sqlx::Result<Self> {
        let now = sqlx::query_scalar(dialect.now()).fetch_one(&pool).await?;
        Ok(Self { pool, dialect, clock: Clock::starting_at(now), turn })
    }

    /// A transaction that writes.
    pub(super) async fn write(&self, durability: Durability) -> sqlx::Result<WriteTransaction> {
        tokio::time::timeout(BEGINNING, self.begin(durability)).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    async fn begin(&self, durability: Durability) -> sqlx::Result<WriteTransaction> {
        let turn = match &self.turn {
            Some(turn) => Some(Arc::clone(turn).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?),
            None => None,
        };
        let connection = self.pool.acquire().await?;
        let mut write = WriteTransaction { connection, ended: false, _turn: turn };
        write.connection.execute(self.dialect.begin(durability)).await?;
        Ok(write)
    }

    /// A transaction in which no other server decides whether a job fits into the queue.
    pub(super) async fn write_queue(&self, durability: Durability) -> sqlx::Result<WriteTransaction> {
        let mut write = self.write(durability).await?;
        if let Some(lock) = self.dialect.lock_queue() {
            sqlx::query(lock).execute(write.connection()).await?;
        }
        Ok(write)
    }

    /// Milliseconds since 1970, by the database's clock.
    pub(super) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Asks the database for the time.
    pub(super) async fn read_clock(&self) -> sqlx::Result<()> {
        let mut connection = self.pool.acquire().await?;
        let asked = Instant::now();
        let read = sqlx::query_scalar(self.dialect.now()).fetch_one(&mut *connection).await?;
        let jump = self.clock.set(read, asked, Instant::now());
        if jump != 0 {
            tracing::warn!(milliseconds = jump, "the clock of the database has been set");
        }
        Ok(())
    }
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
async fn prepare_file(file: &Path) -> sqlx::Result<()> {
    use sqlx::ConnectOptions as _;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(BUSY)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .synchronous(SqliteSynchronous::Full)
        .journal_mode(SqliteJournalMode::Wal);
    let mut left = 100;
    loop {
        match options.connect().await {
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
pub(super) fn failed(error: sqlx::Error) -> Box<Problem> {
    tracing::error!(%error, "database of jobs");
    if is_outage(&error) { Problem::of(Kind::OutsideFailed).after(TRY_AGAIN) } else { Problem::of(Kind::Internal) }
}

/// Whether an error passes by itself or by what an operator does, and says nothing about what was asked for.
fn is_outage(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::Tls(_) | E::WorkerCrashed => true,
        E::Database(e) => e.code().is_some_and(|code| match code.parse::<u32>() {
            // Of SQLite, whose codes are short: busy, locked, read only, input or output, full, cannot be opened.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
            // Classes of SQLSTATE: connection, transaction rolled back, resources, state, operator, system.
            _ => ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}

/// 128 bits that nobody guesses, fit for an address.
pub(super) fn random() -> Result<String, Box<Problem>> {
    random::token::<16>().map_err(|e| {
        tracing::error!(error = %e, "random numbers");
        Problem::of(Kind::Internal)
    })
}
