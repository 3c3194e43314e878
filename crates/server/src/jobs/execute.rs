//! One attempt at a job: its inputs are unpacked, its handler does it, and what came of that is recorded.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::claim::{ATTEMPTS, Claim, Ending};
use super::files::{self, TransferError, Unpacked};
use super::handler::{Attempt, CancelSignal, JobOutcome, JsonHandler};
use super::health::Beat;
use super::job::{Output, Progress};
use super::state::Shared;
use super::work_dir;
use crate::problem::{Finding, Problem};

/// Progress is not written more often than this.
const PROGRESS: Duration = Duration::from_millis(200);
/// What a handler gets to end itself in when it is told to.
const GRACE: Duration = Duration::from_secs(10);
/// When a job that came down is tried again.
const AFTER_CRASH: Duration = Duration::from_secs(1);
/// When a job that the house failed is tried again.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// What an attempt needs of its claim loop.
pub(super) struct WorkerContext<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) handler: &'a dyn JsonHandler,
    pub(super) folder: &'a Path,
    pub(super) beat: &'a Beat,
    /// Turns true when what still runs is to be put back.
    pub(super) hurry: watch::Receiver<bool>,
}

/// Why an attempt was ended from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Interruption {
    /// The job was removed, or another server holds its lease.
    LeaseLost,
    /// This server stops.
    Stopping,
}

/// What an attempt came to.
enum Verdict {
    /// Recorded.
    Recorded,
    /// It ended because it was told to.
    Cancelled,
    /// It came down, and the attempt counts.
    Crashed,
    /// The house failed it.
    HouseFault,
}

/// Makes an attempt at a claimed job. `false`: the house could not do it, and will hardly do better with the next.
pub(super) async fn execute(worker: &WorkerContext<'_>, claim: &Claim) -> bool {
    let (cancel, told) = watch::channel(false);
    let (said, progress) = watch::channel(Progress::default());
    let mut interruption = None;
    let verdict = {
        let mut work = std::pin::pin!(attempt(worker, claim, said, CancelSignal(told)));
        tokio::select! {
            verdict = &mut work => verdict,
            why = keep_lease(worker, claim, progress) => {
                interruption = Some(why);
                let _ = cancel.send(true);
                tokio::time::timeout(GRACE, work).await.unwrap_or(Verdict::Cancelled)
            }
        }
    };
    let lease = &claim.lease;
    let recorded = match (&verdict, interruption) {
        (Verdict::Recorded, _) => Ok(()),
        // Whoever removed the job removes its files, or the sweep does.
        (_, Some(Interruption::LeaseLost)) => Ok(()),
        // Not the job's fault.
        (_, Some(Interruption::Stopping)) => lease.put_back(worker.shared, false, Duration::ZERO).await,
        (Verdict::HouseFault, None) => lease.put_back(worker.shared, false, AFTER_FAULT).await,
        (Verdict::Crashed | Verdict::Cancelled, None) if claim.attempt >= ATTEMPTS => {
            lease.give_up(worker.shared).await
        }
        (Verdict::Crashed | Verdict::Cancelled, None) => lease.put_back(worker.shared, true, AFTER_CRASH).await,
    };
    if let Err(error) = recorded {
        // Its lease expires, and it is taken back then.
        tracing::error!(%error, job = lease.job, "what became of a job cannot be written");
        return false;
    }
    !matches!(verdict, Verdict::HouseFault)
}

async fn attempt(
    worker: &WorkerContext<'_>,
    claim: &Claim,
    progress: watch::Sender<Progress>,
    cancel: CancelSignal,
) -> Verdict {
    let (shared, job) = (worker.shared, &claim.lease.job);
    let folder = match tempfile::TempDir::new_in(worker.folder) {
        Ok(folder) => folder,
        Err(error) => return house_fault(claim, &error),
    };
    let (inputs, outputs) = (folder.path().join("in"), folder.path().join("out"));
    let unpacked = async {
        tokio::fs::create_dir(&inputs).await?;
        tokio::fs::create_dir(&outputs).await?;
        files::unpack(&shared.database, job, &inputs).await
    };
    let unpacked = match unpacked.await {
        Ok(unpacked) => unpacked,
        Err(error) => return house_fault(claim, &error),
    };
    let at = progress.subscribe();
    let handled = worker.handler.run(Attempt {
        job: job.clone(),
        owner: claim.owner.clone(),
        request: claim.request.clone(),
        number: claim.attempt,
        order: claim.order.clone(),
        inputs: inputs.clone(),
        outputs: outputs.clone(),
        progress,
        cancel,
    });
    let outcome = std::panic::AssertUnwindSafe(handled).catch_unwind().await.unwrap_or(JobOutcome::Crashed);
    let at = *at.borrow();
    let product = match outcome {
        JobOutcome::Done { result, outputs: names, findings } => Product::Done { result, names, findings },
        JobOutcome::Refused(problem) => {
            // What the job is told it did wrong may be what happened to the folder it was done in.
            if let Err(error) = prove(worker.folder, unpacked).await {
                return house_fault(claim, &error);
            }
            Product::Refused(problem)
        }
        JobOutcome::Cancelled => return Verdict::Cancelled,
        JobOutcome::Crashed => return crashed(claim, &"the handler came down"),
        JobOutcome::Unavailable => return house_fault(claim, &"the handler lacks something"),
    };
    // As often as it takes: what is made is not made anew because the database was away. Whoever keeps the lease ends this
    // when it is lost.
    let mut backoff = Backoff::default();
    loop {
        match product.record(shared, claim, &outputs, at).await {
            Ok(()) => return Verdict::Recorded,
            Err(TransferError::Folder(error)) => match prove(worker.folder, Vec::new()).await {
                Ok(()) => return crashed(claim, &error),
                Err(error) => return house_fault(claim, &error),
            },
            Err(TransferError::Database(error)) => {
                tracing::error!(%error, job, "what a job came to cannot be written yet");
                tokio::time::sleep(backoff.next()).await;
            }
        }
    }
}

/// Whether the folder for work takes a write, and inputs are in it as they were put there.
async fn prove(folder: &Path, unpacked: Vec<Unpacked>) -> io::Result<()> {
    for Unpacked { path, length } in unpacked {
        if tokio::fs::metadata(&path).await?.len() != length {
            return Err(io::Error::other("an input has changed"));
        }
    }
    let folder = folder.to_path_buf();
    tokio::task::spawn_blocking(move || work_dir::try_write(&folder)).await.map_err(io::Error::other)?
}

/// What a handler came to that is to be recorded.
enum Product {
    Done { result: String, names: Vec<String>, findings: Vec<Finding> },
    Refused(Box<Problem>),
}

impl Product {
    async fn record(&self, shared: &Shared, claim: &Claim, folder: &Path, at: Progress) -> Result<(), TransferError> {
        let (lease, attempt) = (&claim.lease, claim.attempt);
        match self {
            Self::Refused(problem) => lease.end(shared, Ending::DeadLetter(problem), Some(at)).await?,
            Self::Done { result, names, findings } => {
                let mut outputs: Vec<Output> = Vec::with_capacity(names.len());
                for name in names {
                    outputs.push(files::store(&shared.database, &lease.job, attempt, name, folder).await?);
                }
                let ending = Ending::Done { result, outputs: &outputs, findings, attempt };
                lease.end(shared, ending, Some(at)).await?;
            }
        }
        Ok(())
    }
}

fn crashed(claim: &Claim, error: &dyn std::fmt::Display) -> Verdict {
    tracing::error!(%error, job = claim.lease.job, attempt = claim.attempt, "an attempt came down");
    Verdict::Crashed
}

fn house_fault(claim: &Claim, error: &dyn std::fmt::Display) -> Verdict {
    tracing::error!(%error, job = claim.lease.job, attempt = claim.attempt, "an attempt could not be made");
    Verdict::HouseFault
}

/// Renews the lease and writes progress; ends when the attempt is to end.
async fn keep_lease(
    worker: &WorkerContext<'_>,
    claim: &Claim,
    mut progress: watch::Receiver<Progress>,
) -> Interruption {
    let (shared, lease) = (worker.shared, &claim.lease);
    let mut events = shared.events.subscribe();
    let mut hurry = worker.hurry.clone();
    let mut next = Instant::now() + shared.timing.heartbeat;
    let mut written = Progress::default();
    loop {
        tokio::select! {
            _ = hurry.wait_for(|hurry| *hurry) => return Interruption::Stopping,
            () = tokio::time::sleep_until(next) => {}
            // Removed on this server: no need to wait for the next heartbeat.
            event = events.recv() => if !event.is_ok_and(|event| event.removed && event.id == lease.job) { continue },
            Ok(()) = progress.changed() => {
                next = next.min(Instant::now() + PROGRESS);
                continue;
            }
        }
        next = Instant::now() + shared.timing.heartbeat;
        let at = *progress.borrow_and_update();
        match lease.renew(shared, at).await {
            Ok(true) => {
                worker.beat.mark();
                if std::mem::replace(&mut written, at) != at {
                    shared.changed(&lease.job);
                }
            }
            Ok(false) => return Interruption::LeaseLost,
            Err(error) => tracing::error!(%error, job = lease.job, "the lease cannot be renewed"),
        }
    }
}
