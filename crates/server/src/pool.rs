//! Worker processes: each takes an order at a time, and is killed when it takes too long.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

use crate::metrics::Metrics;
use crate::problem::{Kind, Problem, Result};
use crate::protocol::{self, Answer, Envelope, MAX_LINE, Order, Progress, Said};

/// How a worker process is started.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Whether it keeps to one thread: where there is a worker for each core, threads within one would fight for them.
    pub one_thread: bool,
}

/// What a worker gets of the service's environment: passwords of databases are none of its business.
const ENVIRONMENT: &[&str] =
    &["PATH", "TMPDIR", "TEMP", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_BACKTRACE", "LD_LIBRARY_PATH"];

/// A running worker.
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    orders: usize,
}

/// Why an order came to nothing.
enum Failed {
    /// The worker says why.
    Refused(Box<Problem>),
    /// The worker died.
    Died,
    /// The worker was killed for taking too long.
    Late,
}

/// A worker that dies so soon after it got an order was dying already.
const SUDDEN: Duration = Duration::from_millis(100);

/// Orders after which a worker is replaced, so that no leak of whatever it calls can add up.
const RETIREMENT: usize = 5000;

impl Worker {
    pub(crate) fn start(command: &WorkerCommand) -> io::Result<Self> {
        let mut started = Command::new(&command.program);
        started.args(&command.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).env_clear();
        started.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        if command.one_thread {
            started.env("RAYON_NUM_THREADS", "1");
        }
        let mut child = started.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        Ok(Self { child, input, output: BufReader::with_capacity(1 << 16, output), orders: 0 })
    }

    fn lives(&mut self) -> bool {
        self.orders < RETIREMENT && matches!(self.child.try_wait(), Ok(None))
    }

    /// Carries out an order; an error means that the worker is no longer of use.
    pub(crate) async fn order(
        &mut self,
        order: &Order,
        blobs: &[Bytes],
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> io::Result<(Answer, Vec<Bytes>)> {
        self.orders += 1;
        let slices: Vec<&[u8]> = blobs.iter().map(|b| &b[..]).collect();
        self.input.write_all(&protocol::head(order, &slices)?).await?;
        for blob in slices {
            self.input.write_all(blob).await?;
        }
        self.input.flush().await?;
        loop {
            let mut line = Vec::new();
            let read = (&mut self.output).take(MAX_LINE).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Envelope { message, blobs } = serde_json::from_slice::<Envelope<Said>>(&line)?;
            match message {
                Said::Progress(at) => progress(at),
                Said::Answer(answer) => {
                    let mut out = Vec::with_capacity(blobs.len());
                    for length in blobs {
                        let length = usize::try_from(length).map_err(io::Error::other)?;
                        let mut blob = vec![0; length];
                        self.output.read_exact(&mut blob).await?;
                        out.push(Bytes::from(blob));
                    }
                    return Ok((answer, out));
                }
            }
        }
    }

    /// Ends it at once.
    pub(crate) async fn kill(mut self) {
        let _ = self.child.kill().await;
    }
}

/// What a worker says, as the service goes on with it.
pub(crate) fn settled(answer: Answer) -> Result<Value> {
    match answer {
        Answer::Done { value } => Ok(value),
        Answer::Refused { kind, sv, en, findings } => Err(Problem::new(kind, sv, en).with(findings)),
    }
}

/// Workers that stay warm between documents.
pub struct Pool {
    command: WorkerCommand,
    idle: Mutex<Vec<Worker>>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    may_wait: usize,
    time: Duration,
    metrics: Arc<Metrics>,
}

/// Counts itself out when a wait ends, however it ends.
struct Waits<'a>(&'a Pool);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        let left = self.0.waiting.fetch_sub(1, Ordering::Relaxed) - 1;
        self.0.metrics.waiting.set(i64::try_from(left).unwrap_or(i64::MAX));
    }
}

impl Pool {
    pub(crate) fn new(
        command: WorkerCommand,
        workers: usize,
        may_wait: usize,
        time: Duration,
        metrics: Arc<Metrics>,
    ) -> Arc<Self> {
        let idle = Mutex::default();
        let places = Arc::new(Semaphore::new(workers));
        Arc::new(Self { command, idle, places, waiting: AtomicUsize::new(0), may_wait, time, metrics })
    }

    /// Starts all workers and waits until they are warm.
    pub(crate) async fn warm(&self) -> io::Result<()> {
        let mut started = Vec::new();
        for _ in 0..self.places.available_permits() {
            started.push(Worker::start(&self.command)?);
        }
        for mut worker in started {
            worker.order(&Order::Ping, &[], &|_| ()).await?;
            self.rest(worker);
        }
        Ok(())
    }

    fn rest(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    fn fetch(&self) -> io::Result<Worker> {
        loop {
            let resting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut worker) = resting else { return Worker::start(&self.command) };
            if worker.lives() {
                return Ok(worker);
            }
            self.metrics.workers_replaced.inc();
        }
    }

    /// Carries out an order as soon as a worker is free.
    ///
    /// # Errors
    /// The worker's own refusal; [`Kind::Overloaded`] when too many wait; [`Kind::TooDemanding`] when the worker died
    /// of the order or was killed for taking too long.
    pub async fn run(self: &Arc<Self>, order: Order, blobs: Vec<Bytes>) -> Result<(Value, Vec<Bytes>)> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                let now = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
                let _waits = Waits(self);
                self.metrics.waiting.set(i64::try_from(now).unwrap_or(i64::MAX));
                if now > self.may_wait {
                    return Err(Problem::of(Kind::Overloaded).after(2));
                }
                let place = Arc::clone(&self.places).acquire_owned();
                let place = tokio::time::timeout(2 * self.time, place).await;
                let place = place.map_err(|_| Problem::of(Kind::Overloaded).after(5))?;
                place.map_err(|_| Problem::of(Kind::ShuttingDown))?
            }
        };
        let pool = Arc::clone(self);
        // In a task of its own: a client that leaves must not take a warm worker with it.
        let task = tokio::spawn(async move {
            let result = pool.carry_out(&order, &blobs).await;
            drop(place);
            result
        });
        task.await.unwrap_or_else(|_| Err(Problem::of(Kind::Internal)))
    }

    async fn carry_out(&self, order: &Order, blobs: &[Bytes]) -> Result<(Value, Vec<Bytes>)> {
        let none = |e: io::Error| {
            tracing::error!(error = %e, "no worker starts");
            Problem::of(Kind::Internal)
        };
        let began = Instant::now();
        let worker = self.fetch().map_err(none)?;
        let rested = worker.orders > 0;
        match self.give(worker, order, blobs).await {
            // It was dying before it got the order, which a fresh one may well survive.
            Err(Failed::Died) if rested && began.elapsed() < SUDDEN => {
                let fresh = Worker::start(&self.command).map_err(none)?;
                self.give(fresh, order, blobs).await
            }
            result => result,
        }
        .map_err(|failed| match failed {
            Failed::Refused(problem) => problem,
            Failed::Died | Failed::Late => Problem::of(Kind::TooDemanding),
        })
    }

    async fn give(
        &self,
        mut worker: Worker,
        order: &Order,
        blobs: &[Bytes],
    ) -> std::result::Result<(Value, Vec<Bytes>), Failed> {
        let began = Instant::now();
        let done = tokio::time::timeout(self.time, worker.order(order, blobs, &|_| ())).await;
        self.metrics.work.observe(began.elapsed().as_secs_f64());
        let (failed, why) = match done {
            Ok(Ok((answer, out))) => {
                self.rest(worker);
                return settled(answer).map(|value| (value, out)).map_err(Failed::Refused);
            }
            Ok(Err(e)) => (Failed::Died, format!("died: {e}")),
            Err(_) => (Failed::Late, "took too long".to_owned()),
        };
        tracing::warn!(%why, "a worker is replaced");
        self.metrics.worker_deaths.inc();
        worker.kill().await;
        Err(failed)
    }
}
