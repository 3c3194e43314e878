//! What does the work: one handler for each kind of job.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

use super::job::Progress;
use super::kind::JobKind;
use crate::problem::{Finding, Kind, Problem};

/// An attempt at a job.
#[derive(Debug)]
pub struct Attempt<O> {
    /// The job.
    pub job: String,
    /// Whose it is.
    pub owner: String,
    /// The request that ordered it, as the log names it.
    pub request: Option<String>,
    /// Which attempt it is, from 1.
    pub number: i64,
    /// What was ordered.
    pub order: O,
    /// Folder with the inputs, under their names.
    pub inputs: PathBuf,
    /// Folder for the outputs.
    pub outputs: PathBuf,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) cancel: CancelSignal,
}

impl<O> Attempt<O> {
    /// Tells how far it has come.
    pub fn report(&self, progress: Progress) {
        self.progress.send_replace(progress);
    }

    /// Tells when it is to end.
    pub fn cancel_signal(&self) -> CancelSignal {
        self.cancel.clone()
    }

    /// The same attempt, at an order that has been read.
    fn with_order<P>(self, order: P) -> Attempt<P> {
        let Self { job, owner, request, number, inputs, outputs, progress, cancel, .. } = self;
        Attempt { job, owner, request, number, order, inputs, outputs, progress, cancel }
    }
}

/// What came of an attempt.
#[derive(Debug)]
pub enum JobOutcome<R> {
    /// It is done.
    Done {
        /// What is known of what was made.
        result: R,
        /// Names of the files in the folder for outputs that are the job's.
        outputs: Vec<String>,
        /// Warnings.
        findings: Vec<Finding>,
    },
    /// It cannot be done; trying again would come to the same.
    Refused(Box<Problem>),
    /// It was cancelled when told to.
    Cancelled,
    /// What does it came down. It is tried again, three times in all.
    Crashed,
    /// Something that it needs of the house is not there. It waits and is tried again, and the attempt is not counted.
    Unavailable,
}

impl<R> JobOutcome<R> {
    fn try_map<S, E>(self, map: impl FnOnce(R) -> Result<S, E>) -> Result<JobOutcome<S>, E> {
        Ok(match self {
            Self::Done { result, outputs, findings } => JobOutcome::Done { result: map(result)?, outputs, findings },
            Self::Refused(problem) => JobOutcome::Refused(problem),
            Self::Cancelled => JobOutcome::Cancelled,
            Self::Crashed => JobOutcome::Crashed,
            Self::Unavailable => JobOutcome::Unavailable,
        })
    }
}

/// Does the jobs of one kind.
pub trait Handler: Send + Sync + 'static {
    /// The kind.
    type Kind: JobKind;

    /// Does one. The future is dropped when it does not end soon after it is told to. A panic is a crash.
    fn run(
        &self,
        attempt: Attempt<<Self::Kind as JobKind>::Order>,
    ) -> BoxFuture<'_, JobOutcome<<Self::Kind as JobKind>::Result>>;
}

/// Tells a handler to end.
#[derive(Debug, Clone)]
pub struct CancelSignal(pub(super) watch::Receiver<bool>);

impl CancelSignal {
    /// Whether it has been told.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is told.
    pub async fn cancelled(&mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Whoever could have told it is gone, and drops this future.
            std::future::pending().await
        }
    }
}

/// A handler whose kind the queue need not know: orders and results are JSON.
pub(super) trait JsonHandler: Send + Sync {
    fn run(&self, attempt: Attempt<String>) -> BoxFuture<'_, JobOutcome<String>>;
}

impl<H: Handler> JsonHandler for H {
    fn run(&self, attempt: Attempt<String>) -> BoxFuture<'_, JobOutcome<String>> {
        let job = attempt.job.clone();
        let order = match serde_json::from_str(&attempt.order) {
            Ok(order) => order,
            Err(error) => {
                tracing::error!(%error, job, "a job's order cannot be read");
                let refused = JobOutcome::Refused(Problem::of(Kind::Internal));
                return std::future::ready(refused).boxed();
            }
        };
        let outcome = Handler::run(self, attempt.with_order(order));
        let written = outcome.map(move |outcome| {
            outcome.try_map(|result| serde_json::to_string(&result)).unwrap_or_else(|error| {
                tracing::error!(%error, job, "a job's result cannot be written");
                JobOutcome::Crashed
            })
        });
        written.boxed()
    }
}

/// The handlers of a server: each kind with the number of its jobs that are done at a time.
#[derive(Default)]
pub struct Handlers(pub(super) Vec<Registered>);

/// A kind that a server does.
pub(super) struct Registered {
    pub(super) kind: &'static str,
    pub(super) concurrency: usize,
    pub(super) handler: Arc<dyn JsonHandler>,
}

impl Handlers {
    /// No handlers.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more. When `concurrency` is 0, this server takes jobs of the kind in and leaves doing them to others.
    #[must_use]
    pub fn with<H: Handler>(mut self, concurrency: usize, handler: Arc<H>) -> Self {
        self.0.push(Registered { kind: <H::Kind as JobKind>::NAME, concurrency, handler });
        self
    }
}
