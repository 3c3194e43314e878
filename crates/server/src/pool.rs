//! Worker processes of the service: how they fare stands in its metrics, and what they refuse becomes a problem.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sigill_messages::joined;
use sigill_orders::{Answer, Order, Product, Reason, Refusal};
use sigill_work::asynchronous::{AsyncWorker, Bounds, Observer, PoolFailure, WorkerPool};
use sigill_work::{Failure, Limits};

use crate::messages::config;
use crate::metrics::Metrics;
use crate::problem::{Kind, Problem, Result};
use crate::protocol::{ServiceProtocol, WorkerSpec};

/// A running worker.
pub(crate) type ServiceWorker = AsyncWorker<ServiceProtocol>;

/// Orders after which a worker is replaced, so that no leak of whatever it calls can add up.
const MOST_ORDERS: usize = 5000;

/// The metrics, as a pool tells them.
struct PoolMetrics(Arc<Metrics>);

impl Observer for PoolMetrics {
    fn waiting(&self, now: usize) {
        self.0.waiting.set(i64::try_from(now).unwrap_or(i64::MAX));
    }

    fn replaced(&self) {
        self.0.workers_replaced.inc();
    }

    fn worked(&self, time: Duration) {
        self.0.work.observe(time.as_secs_f64());
    }

    fn died(&self, failure: &Failure) {
        tracing::warn!(why = %failure, "a worker is replaced");
        self.0.worker_deaths.inc();
    }
}

/// What a worker says, as the service goes on with it.
pub(crate) fn settled(answer: Answer) -> Result<Product> {
    match answer {
        Answer::Done { product } => Ok(product),
        Answer::Refused { refusal } => Err(problem(refusal)),
    }
}

fn problem(refusal: Refusal) -> Box<Problem> {
    let Refusal { reason, message, findings } = refusal;
    let kind = match reason {
        Reason::Internal => return Problem::of(Kind::Internal),
        Reason::BadRequest => Kind::BadRequest,
        Reason::DocumentErrors => Kind::DocumentHasErrors,
        Reason::TooLarge => Kind::TooLarge,
        Reason::UnreadablePdf => Kind::UnreadablePdf,
        Reason::SignatureConflict => Kind::SignatureConflict,
        Reason::SignatureRefused => Kind::SignatureRefused,
        Reason::OutsideFailed => Kind::OutsideFailed,
        Reason::Unavailable => return Problem::of(Kind::StorageFull).after(30),
    };
    Problem::new(kind, &message).with(findings)
}

/// An answer of another sort than the order's is a fault of ours.
pub(crate) fn unexpected() -> Box<Problem> {
    tracing::error!("a worker answered something else than it was asked");
    Problem::of(Kind::Internal)
}

/// Workers that stay warm between documents.
pub struct ServicePool {
    workers: Arc<WorkerPool<ServiceProtocol>>,
    limits: Limits,
}

impl ServicePool {
    pub(crate) fn new(spec: WorkerSpec, workers: usize, waiting: usize, time: Duration, metrics: Arc<Metrics>) -> Self {
        let bounds = Bounds { workers, waiting, patience: 2 * time, most_orders: MOST_ORDERS };
        let limits = Limits { time: Some(time), processor: None };
        Self { workers: WorkerPool::new(spec, bounds, Arc::new(PoolMetrics(metrics))), limits }
    }

    /// Starts all workers and waits until they are warm.
    pub(crate) async fn warm(&self) -> std::result::Result<(), String> {
        for answer in self.workers.warm(&Order::Ping).await.map_err(|e| e.to_string())? {
            settled(answer).map_err(|_| joined(&config::Log))?;
        }
        Ok(())
    }

    /// Carries out an order as soon as a worker is free: what it comes to, and its blobs. Callers get workers in turn.
    ///
    /// # Errors
    /// The worker's own refusal; [`Kind::Overloaded`] when too many wait; [`Kind::TooDemanding`] when the worker died
    /// of the order or was killed for taking too long.
    pub async fn run(&self, caller: &str, order: Order, blobs: Vec<Bytes>) -> Result<(Product, Vec<Bytes>)> {
        let answer = self.workers.run(caller, order, blobs, self.limits).await.map_err(|failure| match failure {
            PoolFailure::Full => Problem::of(Kind::Overloaded).after(2),
            PoolFailure::Busy => Problem::of(Kind::Overloaded).after(5),
            PoolFailure::Order(Failure::Died(_) | Failure::Late) => Problem::of(Kind::TooDemanding),
            PoolFailure::Order(failure @ (Failure::Start(_) | Failure::Frame(_))) => {
                tracing::error!(error = %failure, "an order came to nothing");
                Problem::of(Kind::Internal)
            }
        })?;
        let product = settled(answer.message)?;
        Ok((product, answer.blobs.into_iter().map(Bytes::from).collect()))
    }
}
