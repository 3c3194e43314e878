//! Packs are made by a worker process of their own each, which ends with its pack.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sigill_orders::{Order, Packed, Product};
use sigill_work::{Failure, Limits};

use crate::etag;
use crate::jobs::{Cancelled, Made, Maker, PackWork};
use crate::pool::{Worker, settled, unexpected};
use crate::problem::{Kind, Problem};
use crate::protocol::{Progress, WorkerSpec};
use crate::state::{App, Made as Audited};

/// Makes packs with worker processes.
pub(crate) struct PackMaker {
    command: WorkerSpec,
    time: Duration,
    app: App,
}

impl PackMaker {
    pub(crate) fn new(command: WorkerSpec, time: Duration, app: App) -> Self {
        Self { command, time, app }
    }

    async fn run(
        &self,
        work: &PackWork,
        progress: &(dyn Fn(Progress) + Send + Sync),
        mut cancelled: Cancelled,
    ) -> Made {
        let options = match work.options.chosen() {
            Ok(options) => options,
            Err(problem) => return Made::Refused(problem),
        };
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
            options,
        };
        let limits = Limits { time: Some(self.time), processor: None };
        let answer = tokio::select! {
            answer = worker.order::<&[u8]>(&order, &[], limits, progress) => answer,
            () = cancelled.told() => {
                worker.kill().await;
                return Made::Cancelled;
            }
        };
        let answer = match answer {
            Ok(answer) => answer.message,
            Err(failure) => {
                tracing::warn!(%failure, job = work.job, "the worker of a pack came to nothing");
                self.app.metrics.worker_deaths.inc();
                worker.kill().await;
                return match failure {
                    Failure::Late => Made::Refused(Problem::of(Kind::TooDemanding)),
                    Failure::Died(_) | Failure::Start(_) | Failure::Frame(_) => Made::Crashed,
                };
            }
        };
        match settled(answer) {
            Ok(Product::Packed(Packed { pages, file_name, findings })) => {
                self.note(work, pages).await;
                Made::Done { pages: pages as u64, file_name, findings }
            }
            Ok(_) => Made::Refused(unexpected()),
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
