//! Workers that are used again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::frame::Frame;
use crate::limits::Limits;
use crate::spec::{Protocol, Spec};
use crate::worker::{Failure, Worker};

/// A worker that dies so soon after it got an order was dying already.
pub(crate) const SUDDEN: Duration = Duration::from_millis(100);

/// Workers for as many callers as ask at a time.
pub struct Pool<P: Protocol> {
    spec: Spec<P>,
    most_orders: usize,
    idle: Mutex<Vec<Worker<P>>>,
}

impl<P: Protocol> Pool<P> {
    /// A pool whose workers are replaced after so many orders.
    pub fn new(spec: Spec<P>, most_orders: usize) -> Self {
        Self { spec, most_orders, idle: Mutex::default() }
    }

    /// Has an order carried out by an idle worker, or a new one.
    ///
    /// # Errors
    /// When it came to nothing. A worker that was dying before it got the order costs nothing.
    pub fn run<B: AsRef<[u8]> + Sync>(
        &self,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
        progress: &mut dyn FnMut(P::Progress),
    ) -> Result<Frame<P::Answer>, Failure> {
        let began = Instant::now();
        let worker = self.fetch()?;
        let rested = worker.orders() > 0;
        match self.give(worker, order, blobs, limits, progress) {
            Err(Failure::Died(_)) if rested && began.elapsed() < SUDDEN => {
                let fresh = Worker::start(&self.spec).map_err(Failure::Start)?;
                self.give(fresh, order, blobs, limits, progress)
            }
            result => result,
        }
    }

    fn give<B: AsRef<[u8]> + Sync>(
        &self,
        mut worker: Worker<P>,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
        progress: &mut dyn FnMut(P::Progress),
    ) -> Result<Frame<P::Answer>, Failure> {
        let answer = worker.order(order, blobs, limits, progress)?;
        if worker.orders() < self.most_orders {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
        Ok(answer)
    }

    fn fetch(&self) -> Result<Worker<P>, Failure> {
        loop {
            let resting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut worker) = resting else { return Worker::start(&self.spec).map_err(Failure::Start) };
            if worker.lives() {
                return Ok(worker);
            }
        }
    }
}
