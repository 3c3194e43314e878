//! One job: what makes it, and what comes of that.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::Instant;

use super::claim::Claim;
use super::job::Result as Files;
use super::{Shared, chunks};
use crate::problem::{Finding, Kind, Problem};
use crate::protocol::{PackOptions, Progress};

/// A job that has brought down what makes it so many times is not tried again.
pub(super) const ATTEMPTS: i64 = 3;
/// How often the database hears that a job is alive, and is asked whether it still is wanted.
const BEAT: Duration = Duration::from_secs(1);
/// Progress is not written more often than this.
const PROGRESS: Duration = Duration::from_millis(200);
/// What a maker gets to end itself in when it is told to.
const GRACE: Duration = Duration::from_secs(10);

/// What a pack is made from.
#[derive(Debug, Clone)]
pub struct PackWork {
    /// The job.
    pub job: String,
    /// Whose it is.
    pub owner: String,
    /// Folder with the kallelse and all it names.
    pub folder: PathBuf,
    /// The kallelse's file in it.
    pub meeting: String,
    /// Folder for `pack.pdf`, `report.pdf` and `report.json`.
    pub out: PathBuf,
    /// The pack sent before, if this one is a tilläggslista.
    pub sent: Option<PathBuf>,
    /// How.
    pub options: PackOptions,
}

/// What came of making a pack.
#[derive(Debug)]
pub enum Made {
    /// `pack.pdf` lies in the folder, and the reports as far as there are any.
    Done {
        /// Pages of the pack.
        pages: u64,
        /// Name for the pack.
        file_name: String,
        /// Warnings.
        findings: Vec<Finding>,
    },
    /// It cannot be made; trying again would come to the same.
    Refused(Box<Problem>),
    /// It was cancelled when told to.
    Cancelled,
    /// What makes it came down; it may be tried again.
    Crashed,
}

/// Makes packs.
pub trait Maker: Send + Sync + 'static {
    /// Makes one. The future is dropped when it does not end soon after it is told to.
    fn make<'a>(
        &'a self,
        work: &'a PackWork,
        progress: &'a (dyn Fn(Progress) + Send + Sync),
        cancelled: Cancelled,
    ) -> BoxFuture<'a, Made>;
}

/// Tells a maker to end.
#[derive(Debug, Clone)]
pub struct Cancelled(watch::Receiver<bool>);

impl Cancelled {
    /// Whether it has been told.
    pub fn is(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is told.
    pub async fn told(&mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Whoever could have told it is gone, and drops this future.
            std::future::pending().await
        }
    }
}

/// Why a job ended before it was made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It was removed, or another server has it.
    Lost,
    /// This server stops.
    Stopped,
}

/// What making came to.
enum Outcome {
    /// Recorded.
    Settled,
    Cancelled,
    Crashed,
}

/// Makes a claimed job and records what came of it.
pub(super) async fn execute(
    shared: &Arc<Shared>,
    maker: &dyn Maker,
    place: &std::path::Path,
    claim: &Claim,
    hurry: watch::Receiver<bool>,
) {
    let (cancel, told) = watch::channel(false);
    let (said, progress) = watch::channel(Progress::default());
    let mut ended = None;
    let outcome = {
        let mut work = std::pin::pin!(make(shared, maker, place, claim, &said, Cancelled(told)));
        tokio::select! {
            outcome = &mut work => outcome,
            why = guard(shared, claim, progress, hurry) => {
                ended = Some(why);
                let _ = cancel.send(true);
                tokio::time::timeout(GRACE, work).await.unwrap_or(Outcome::Cancelled)
            }
        }
    };
    let recorded = match (outcome, ended) {
        (Outcome::Settled, _) => chunks::remove(&shared.database, &claim.id, &format!("o{}/%", claim.attempt)).await,
        // Whoever removed the job removes its files, or the sweep does.
        (_, Some(Why::Lost)) => Ok(()),
        // Not the job's fault.
        (_, Some(Why::Stopped)) => claim.put_back(shared, 1, Duration::ZERO).await,
        _ if claim.attempt >= ATTEMPTS => claim.give_up(shared).await,
        _ => claim.put_back(shared, 0, Duration::from_secs(1)).await,
    };
    if let Err(e) = recorded {
        // Its lease runs out, and the sweep or another server takes it up.
        tracing::error!(error = %e, job = %claim.id, "job");
    }
    shared.tell(&claim.id);
}

async fn make(
    shared: &Arc<Shared>,
    maker: &dyn Maker,
    place: &std::path::Path,
    claim: &Claim,
    said: &watch::Sender<Progress>,
    cancelled: Cancelled,
) -> Outcome {
    let folder = match tempfile::TempDir::new_in(place) {
        Ok(folder) => folder,
        Err(e) => return crashed(claim, &e),
    };
    let inside = |name: &str| folder.path().join(name);
    let mut work = PackWork {
        job: claim.id.clone(),
        owner: claim.owner.clone(),
        folder: inside("in"),
        meeting: claim.meeting.clone(),
        out: inside("out"),
        sent: None,
        options: claim.options.clone(),
    };
    let unpacked = async {
        tokio::fs::create_dir(&work.folder).await?;
        tokio::fs::create_dir(&work.out).await?;
        chunks::unpack(&shared.database, &claim.id, &work.folder, &inside("sent.pdf")).await
    };
    match unpacked.await {
        Ok(true) => work.sent = Some(inside("sent.pdf")),
        Ok(false) => {}
        Err(e) => return crashed(claim, &e),
    }
    let progress = |at: Progress| {
        said.send_replace(at);
    };
    let making = std::panic::AssertUnwindSafe(maker.make(&work, &progress, cancelled));
    let made = making.catch_unwind().await.unwrap_or(Made::Crashed);
    let at = *said.borrow();
    let recorded = match made {
        Made::Cancelled => return Outcome::Cancelled,
        Made::Crashed => return crashed(claim, &"the maker came down"),
        Made::Refused(problem) => claim.fail(shared, &problem, at).await,
        Made::Done { pages, file_name, findings } => match store(shared, claim, &work.out).await {
            Ok((pack, report_pdf, report_json)) => {
                let file_name = file_name.chars().filter(|c| !c.is_control()).collect();
                let files = Files { pages, file_name, pack, report_pdf, report_json };
                claim.finish(shared, &files, &findings, at).await
            }
            Err(e) => return crashed(claim, &e),
        },
    };
    match recorded {
        Ok(()) => Outcome::Settled,
        Err(e) => crashed(claim, &e),
    }
}

fn crashed(claim: &Claim, why: &dyn std::fmt::Display) -> Outcome {
    tracing::error!(error = %why, job = %claim.id, attempt = claim.attempt, "job");
    Outcome::Crashed
}

type Stored = (super::job::File, Option<super::job::File>, Option<super::job::File>);

async fn store(shared: &Shared, claim: &Claim, out: &std::path::Path) -> std::io::Result<Stored> {
    let store = async |name: &str| {
        let path = out.join(name);
        if !tokio::fs::try_exists(&path).await? {
            return Ok(None);
        }
        let kept = format!("o{}/{name}", claim.attempt);
        chunks::store(&shared.database, &claim.id, &kept, &path).await.map(Some)
    };
    let pack = store("pack.pdf").await?.ok_or(std::io::ErrorKind::NotFound)?;
    Ok((pack, store("report.pdf").await?, store("report.json").await?))
}

/// Writes progress and signs of life; ends when the job is to end.
async fn guard(
    shared: &Shared,
    claim: &Claim,
    mut progress: watch::Receiver<Progress>,
    mut hurry: watch::Receiver<bool>,
) -> Why {
    let mut bell = shared.bell.subscribe();
    let mut next = Instant::now() + BEAT;
    loop {
        tokio::select! {
            _ = hurry.wait_for(|hurry| *hurry) => return Why::Stopped,
            () = tokio::time::sleep_until(next) => {}
            // Removed on this server: no need to wait for the next beat.
            rung = bell.recv() => if !rung.is_ok_and(|ring| ring.gone && ring.id == claim.id) { continue },
            Ok(()) = progress.changed() => {
                next = next.min(Instant::now() + PROGRESS);
                continue;
            }
        }
        next = Instant::now() + BEAT;
        let at = *progress.borrow_and_update();
        match claim.beat(shared, at).await {
            Ok(Some(changed)) if changed => shared.tell(&claim.id),
            Ok(Some(_)) => {}
            Ok(None) => return Why::Lost,
            Err(e) => tracing::error!(error = %e, job = %claim.id, "beat"),
        }
    }
}

/// What a job that was tried too often gets.
pub(super) fn too_often() -> Box<Problem> {
    Problem::new(
        Kind::TooDemanding,
        "Det som gör handlingarna stannade tre gånger i rad. Dela upp dem, eller ta bort den bilaga som är störst.",
        "What makes the pack came down three times in a row. Divide it, or leave out the largest bilaga.",
    )
}
