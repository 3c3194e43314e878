//! Packs are made by a worker process of their own each, which ends with its pack.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::etag;
use crate::jobs::{Cancelled, Made, Maker, PackWork};
use crate::pool::{Worker, WorkerCommand, settled};
use crate::problem::{Finding, Kind, Problem};
use crate::protocol::{Order, Progress};
use crate::state::{App, Made as Audited};

/// Makes packs with worker processes.
pub(crate) struct PackMaker {
    command: WorkerCommand,
    time: Duration,
    app: App,
}

/// What the worker says of a finished pack.
#[derive(Deserialize)]
struct Finished {
    pages: usize,
    file_name: String,
    findings: Vec<Finding>,
}

impl PackMaker {
    pub(crate) fn new(command: WorkerCommand, time: Duration, app: App) -> Self {
        Self { command, time, app }
    }

    async fn run(
        &self,
        work: &PackWork,
        progress: &(dyn Fn(Progress) + Send + Sync),
        mut cancelled: Cancelled,
    ) -> Made {
        let mut worker = match Worker::start(&self.command) {
            Ok(worker) => worker,
            Err(error) => {
                tracing::error!(%error, "no worker starts");
                return Made::Crashed;
            }
        };
        let order = Order::Pack {
            folder: work.folder.clone(),
            meeting: work.meeting.clone(),
            out: work.out.clone(),
            sent: work.sent.clone(),
            options: work.options.clone(),
        };
        let answer = tokio::select! {
            answer = tokio::time::timeout(self.time, worker.order(&order, &[], progress)) => answer,
            () = cancelled.told() => {
                worker.kill().await;
                return Made::Cancelled;
            }
        };
        let answer = match answer {
            Ok(Ok((answer, _))) => answer,
            Ok(Err(error)) => {
                tracing::warn!(%error, job = work.job, "the worker of a pack died");
                self.app.metrics.worker_deaths.inc();
                worker.kill().await;
                return Made::Crashed;
            }
            Err(_) => {
                self.app.metrics.worker_deaths.inc();
                worker.kill().await;
                return Made::Refused(Problem::of(Kind::TooDemanding));
            }
        };
        let finished = settled(answer).and_then(|value| {
            serde_json::from_value::<Finished>(value).map_err(|error| {
                tracing::error!(%error, "a worker's answer cannot be read");
                Problem::of(Kind::Internal)
            })
        });
        match finished {
            Ok(Finished { pages, file_name, findings }) => {
                self.note(work, pages).await;
                Made::Done { pages: pages as u64, file_name, findings }
            }
            Err(problem) => Made::Refused(problem),
        }
    }

    /// Counts a pack, and writes it down in the audit.
    async fn note(&self, work: &PackWork, pages: usize) {
        self.app.metrics.documents.inc();
        self.app.metrics.pages.inc_by(pages as u64);
        let path = work.out.join("pack.pdf");
        let digest = tokio::task::spawn_blocking(move || etag::of_file(&path)).await;
        let (sha256, bytes) = match &digest {
            Ok(Ok((digest, bytes))) => (Some(digest.as_str()), Some(*bytes)),
            _ => (None, None),
        };
        self.app.audit(&work.owner, &work.job, Audited { what: "pack", sha256, pages: Some(pages), bytes });
    }
}

impl Maker for PackMaker {
    fn make<'a>(
        &'a self,
        work: &'a PackWork,
        progress: &'a (dyn Fn(Progress) + Send + Sync),
        cancelled: Cancelled,
    ) -> BoxFuture<'a, Made> {
        self.run(work, progress, cancelled).boxed()
    }
}
