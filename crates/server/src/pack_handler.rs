//! Packs are made by a worker process of their own each, which ends with its pack.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sigill_orders::{Answer, Order, Packed, Product, Reason, Refusal};
use sigill_work::{Failure, Frame, Limits};

use crate::etag;
use crate::jobs::{Attempt, Handler, JobOutcome, Pack, PackOrder, PackResult};
use crate::pool::{ServiceWorker, settled, unexpected};
use crate::problem::{Kind, Problem};
use crate::protocol::WorkerSpec;
use crate::state::{App, AuditEvent};

/// When an audit that cannot be written is tried again.
const AUDIT_AGAIN: Duration = Duration::from_secs(2);

/// Makes packs with worker processes.
pub(crate) struct PackHandler {
    spec: WorkerSpec,
    time: Duration,
    app: App,
}

impl PackHandler {
    pub(crate) fn new(spec: WorkerSpec, time: Duration, app: App) -> Self {
        Self { spec, time, app }
    }

    async fn make(&self, attempt: Attempt<PackOrder>) -> JobOutcome<PackResult> {
        let options = match attempt.order.options.chosen() {
            Ok(options) => options,
            Err(problem) => return JobOutcome::Refused(problem),
        };
        let mut worker = match ServiceWorker::start(&self.spec) {
            Ok(worker) => worker,
            Err(error) => {
                tracing::error!(%error, "no worker starts");
                return JobOutcome::Unavailable;
            }
        };
        let order = Order::Pack {
            folder: attempt.inputs.join(PackOrder::FILES),
            meeting: attempt.order.meeting.clone(),
            out: attempt.outputs.clone(),
            sent: attempt.order.sent.then(|| attempt.inputs.join(PackOrder::SENT)),
            options,
        };
        let progress = |progress| attempt.report(progress);
        let mut cancel = attempt.cancel_signal();
        let limits = Limits { time: Some(self.time), processor: None };
        let answer = tokio::select! {
            answer = worker.order::<&[u8]>(&order, &[], limits, &progress) => answer,
            () = cancel.cancelled() => {
                worker.kill().await;
                return JobOutcome::Cancelled;
            }
        };
        let answer = match answer {
            Ok(Frame { message: Answer::Refused { refusal: Refusal { reason: Reason::Unavailable, .. } }, .. }) => {
                tracing::error!(job = attempt.job, "the worker of a pack lacks something of the house");
                return JobOutcome::Unavailable;
            }
            Ok(answer) => answer.message,
            Err(failure) => {
                tracing::warn!(%failure, job = attempt.job, "the worker of a pack came to nothing");
                self.app.metrics.worker_deaths.inc();
                worker.kill().await;
                return match failure {
                    Failure::Late => JobOutcome::Refused(Problem::of(Kind::TooDemanding)),
                    Failure::Start(_) => JobOutcome::Unavailable,
                    Failure::Died(_) | Failure::Frame(_) => JobOutcome::Crashed,
                };
            }
        };
        let Packed { pages, file_name, findings } = match settled(answer) {
            Ok(Product::Packed(packed)) => packed,
            Ok(_) => return JobOutcome::Refused(unexpected()),
            Err(problem) => return JobOutcome::Refused(problem),
        };
        if !self.note(&attempt, pages).await {
            return JobOutcome::Cancelled;
        }
        tracing::info!(job = attempt.job, request = attempt.request, pages, "a pack is made");
        let mut outputs = vec![PackResult::PACK.to_owned()];
        for report in [PackResult::REPORT_PDF, PackResult::REPORT_JSON] {
            match tokio::fs::try_exists(attempt.outputs.join(report)).await {
                Ok(true) => outputs.push(report.to_owned()),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, job = attempt.job, "what a worker made cannot be seen");
                    return JobOutcome::Crashed;
                }
            }
        }
        let file_name = file_name.chars().filter(|c| !c.is_control()).collect();
        JobOutcome::Done { result: PackResult { pages: pages as u64, file_name }, outputs, findings }
    }

    /// Counts a pack, and writes it down in the audit, as often as it takes when nothing may go out without; `false` when it
    /// was cancelled meanwhile.
    async fn note(&self, attempt: &Attempt<PackOrder>, pages: usize) -> bool {
        self.app.metrics.documents.inc();
        self.app.metrics.pages.inc_by(pages as u64);
        let path = attempt.outputs.join(PackResult::PACK);
        let digest = tokio::task::spawn_blocking(move || etag::of_file(&path)).await;
        let (sha256, bytes) = match &digest {
            Ok(Ok((digest, bytes))) => (Some(digest.as_str()), Some(*bytes)),
            _ => (None, None),
        };
        let mut cancel = attempt.cancel_signal();
        loop {
            let made = AuditEvent { what: "pack", sha256, pages: Some(pages), bytes, job: Some(&attempt.job) };
            if self.app.audit(&attempt.owner, attempt.request.as_deref(), made).await.is_ok() {
                return true;
            }
            tokio::select! {
                () = cancel.cancelled() => return false,
                () = tokio::time::sleep(AUDIT_AGAIN) => {}
            }
        }
    }
}

impl Handler for PackHandler {
    type Kind = Pack;

    fn run(&self, attempt: Attempt<PackOrder>) -> BoxFuture<'_, JobOutcome<PackResult>> {
        self.make(attempt).boxed()
    }
}
