//! Jobs: packs that are made one after another, survive a restart, and are shared between machines.
//!
//! Everything about a job, its files too, is in one database: a SQLite file of the server's own, or a PostgreSQL that
//! several machines share. apalis does the queueing; what it carries are tickets that say which job it is time for.
//! A job is made by whoever has claimed it in the database (`claim`), so that nothing is made twice whatever the
//! queue believes about who is alive.

mod chunks;
mod claim;
mod database;
mod draft;
mod job;
mod names;
mod place;
mod run;
mod schema;
mod sweep;
mod watch;
mod work;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use sqlx::Row as _;
use tokio::sync::{broadcast, watch as tell};
use tokio::task::JoinHandle;

pub use chunks::Download;
pub use draft::Draft;
pub use job::{Counts, Job, JobView, ReportView, ResultView, State};
pub use work::{Cancelled, Made, Maker, PackWork};

use crate::config::{Config, Limits};
use crate::problem::{Kind, Problem, Result};
use crate::protocol::PackOptions;
use database::{Database, failed};
use job::job_columns;

/// How the queue keeps time.
#[derive(Debug, Clone)]
pub struct Timing {
    /// Between two signs of life of a worker; whole seconds.
    pub heartbeat: Duration,
    /// Missed signs of life after which a worker counts as dead and its job goes to another.
    pub missed: usize,
    /// How often the queue is asked for work that another server put in.
    pub poll: Duration,
    /// How often what has expired is removed.
    pub sweep: Duration,
    /// How long a finished job and its result are kept.
    pub keep: Duration,
    /// How long running jobs may take when the service is told to stop.
    pub stop: Duration,
}

impl Timing {
    /// As the configuration has it.
    pub fn of(limits: &Limits) -> Self {
        Self {
            heartbeat: Duration::from_secs(4),
            missed: 4,
            poll: Duration::from_millis(250),
            sweep: Duration::from_secs(60),
            keep: Duration::from_secs(limits.keep_hours.saturating_mul(3600)),
            stop: Duration::from_secs(limits.stop_seconds),
        }
    }

    /// Silence after which a job goes to another server.
    fn orphan(&self) -> Duration {
        self.heartbeat * u32::try_from(self.missed).unwrap_or(u32::MAX)
    }
}

/// The jobs of this server, and of those it shares a database with.
#[derive(Clone)]
pub struct Jobs(Arc<Shared>);

struct Shared {
    database: Arc<Database>,
    limits: Limits,
    timing: Timing,
    data: PathBuf,
    /// Rings at each change that this server makes to a job.
    bell: broadcast::Sender<Ring>,
    /// Tells this server's workers that there is work.
    knock: tell::Sender<()>,
}

/// A change of a job.
#[derive(Clone)]
struct Ring {
    id: String,
    gone: bool,
}

/// Which file of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    Pdf,
    /// For programs.
    Json,
}

impl Jobs {
    /// Opens the database, and makes its tables when they are not there.
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
        let database = Arc::new(Database::open(config, &timing).await?);
        let (limits, data) = (config.limits.clone(), config.data.clone());
        let (bell, knock) = (broadcast::Sender::new(256), tell::Sender::new(()));
        Ok(Self(Arc::new(Shared { database, limits, timing, data, bell, knock })))
    }

    /// Begins to take a job in. `key` is the client's `Idempotency-Key`: with the same key, the same request gives the
    /// same job as long as that is kept.
    ///
    /// # Errors
    /// When the queue, or the owner's half of it, is full.
    pub async fn begin(&self, owner: &str, options: &PackOptions, key: Option<&str>) -> Result<Draft> {
        Draft::begin(&self.0, owner, options, key).await
    }

    /// A job of an owner.
    ///
    /// # Errors
    /// When there is none.
    pub async fn get(&self, owner: &str, id: &str) -> Result<Job> {
        self.0.get(owner, id).await
    }

    /// The pack that a job made.
    ///
    /// # Errors
    /// When it is not done, or failed, or gone.
    pub async fn result(&self, owner: &str, id: &str) -> Result<Download> {
        let job = self.finished(owner, id).await?;
        let result = job.result.as_ref().ok_or_else(|| Problem::of(Kind::NotFound))?;
        self.open_file(&job, "pack.pdf", &result.pack, result.file_name.clone()).await
    }

    /// The report on the pack.
    ///
    /// # Errors
    /// When the job is not done, or failed, or gone, or made no such report.
    pub async fn report(&self, owner: &str, id: &str, format: ReportFormat) -> Result<Download> {
        let job = self.finished(owner, id).await?;
        let (name, file) = match (format, &job.result) {
            (ReportFormat::Pdf, Some(result)) => ("report.pdf", result.report_pdf.as_ref()),
            (ReportFormat::Json, Some(result)) => ("report.json", result.report_json.as_ref()),
            (_, None) => ("", None),
        };
        let file = file.ok_or_else(|| Problem::of(Kind::NotFound))?;
        let stem = job.result.as_ref().map_or("", |r| r.file_name.trim_end_matches(".pdf"));
        let shown = format!("{stem}-{}", name.replace("report", "rapport"));
        self.open_file(&job, name, file, shown).await
    }

    async fn finished(&self, owner: &str, id: &str) -> Result<Job> {
        let job = self.0.get(owner, id).await?;
        match (job.state, job.problem()) {
            (State::Done, _) => Ok(job),
            (State::Failed, Some(problem)) => Err(problem),
            _ => Err(Problem::of(Kind::JobNotDone)),
        }
    }

    async fn open_file(&self, job: &Job, name: &str, file: &job::File, shown: String) -> Result<Download> {
        let kept = format!("o{}/{name}", job.attempts);
        let download = chunks::open(Arc::clone(&self.0.database), &job.id, kept, file, shown).await?;
        download.ok_or_else(|| Problem::of(Kind::NotFound))
    }

    /// A job at each change, as it is now first; ends after a final state. A job that is removed before it is finished
    /// ends as cancelled.
    ///
    /// # Errors
    /// When there is none.
    pub async fn watch(&self, owner: &str, id: &str) -> Result<impl Stream<Item = Job> + Send + use<>> {
        watch::follow(Arc::clone(&self.0), owner, id).await
    }

    /// Cancels a job, on whichever machine it is made, and removes all of it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn delete(&self, owner: &str, id: &str) -> Result<()> {
        // One that has expired is as gone as one that never was.
        self.0.get(owner, id).await?;
        let gone = async {
            let mut write = self.0.database.write().await?;
            let sql = "DELETE FROM sigill_jobs WHERE id = $1 AND owner = $2 AND state <> 'draft'";
            let gone = sqlx::query(sql).bind(id).bind(owner).execute(&mut *write.tx).await?.rows_affected() > 0;
            write.commit().await?;
            self.0.gone(id);
            chunks::remove(&self.0.database, id, "").await?;
            Ok(gone)
        };
        if gone.await.map_err(failed)? { Ok(()) } else { Err(Problem::of(Kind::NotFound)) }
    }

    /// How many jobs of all owners and servers there are in each state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts> {
        let sql = "SELECT state, COUNT(*) AS number FROM sigill_jobs GROUP BY state";
        let rows = sqlx::query(sql).fetch_all(&self.0.database.pool).await.map_err(failed)?;
        let mut counts = Counts::default();
        for row in rows {
            let number = u64::try_from(row.try_get::<i64, _>("number").map_err(failed)?).unwrap_or_default();
            match row.try_get::<String, _>("state").map_err(failed)?.as_str() {
                "queued" => counts.queued = number,
                "running" => counts.running = number,
                "done" => counts.done = number,
                "failed" => counts.failed = number,
                _ => {}
            }
        }
        Ok(counts)
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        let ask = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM sigill_schema").fetch_one(&self.0.database.pool);
        matches!(tokio::time::timeout(Duration::from_secs(3), ask).await, Ok(Ok(_)))
    }

    /// Starts as many workers as the configuration says, and the removal of what has expired. When `stop` turns true,
    /// or whoever could turn it is gone, no new job is taken; the task ends when the running ones are finished, or are
    /// put back in the queue because time is up.
    pub fn run(&self, maker: Arc<dyn Maker>, stop: tell::Receiver<bool>) -> JoinHandle<()> {
        run::start(Arc::clone(&self.0), maker, stop)
    }
}

impl Shared {
    /// Tells this server's watchers of a change.
    fn tell(&self, id: &str) {
        let _ = self.bell.send(Ring { id: id.to_owned(), gone: false });
    }

    /// Tells this server's watchers and workers that a job is gone.
    fn gone(&self, id: &str) {
        let _ = self.bell.send(Ring { id: id.to_owned(), gone: true });
    }

    /// Tells this server's workers that there is work.
    fn wake(&self) {
        self.knock.send_replace(());
    }

    async fn get(&self, owner: &str, id: &str) -> Result<Job> {
        self.find(owner, id).await.map_err(failed)?.ok_or_else(|| Problem::of(Kind::NotFound))
    }

    async fn find(&self, owner: &str, id: &str) -> sqlx::Result<Option<Job>> {
        let sql = concat!(
            "SELECT ",
            job_columns!(),
            " FROM sigill_jobs WHERE id = $1 AND owner = $2 AND state <> 'draft' AND (expires IS NULL OR expires > $3)"
        );
        let query = sqlx::query(sql).bind(id).bind(owner).bind(self.database.now());
        query.fetch_optional(&self.database.pool).await?.as_ref().map(Job::read).transpose()
    }

    /// Removes a job in a state, and its files.
    async fn erase(&self, id: &str, state: &str) -> sqlx::Result<()> {
        let mut write = self.database.write().await?;
        let sql = "DELETE FROM sigill_jobs WHERE id = $1 AND state = $2";
        let gone = sqlx::query(sql).bind(id).bind(state).execute(&mut *write.tx).await?.rows_affected() > 0;
        write.commit().await?;
        if gone { chunks::remove(&self.database, id, "").await } else { Ok(()) }
    }
}
