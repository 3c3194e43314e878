//! Workers and a pool for those who wait for many at a time.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use ::tokio::process::{Child, ChildStdin, ChildStdout, Command};
use serde::de::DeserializeOwned;

use crate::frame::{self, Decoder, Frame};
use crate::limits::Limits;
use crate::pool::SUDDEN;
use crate::spec::{FromWorker, Protocol, Spec, ToWorker};
use crate::turns::{NoPlace, Turns};
use crate::worker::{Failure, failed};

/// Receives a frame; `None` when the other end has closed between two.
///
/// # Errors
/// As [`frame::receive`].
pub async fn receive<T: DeserializeOwned>(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Frame<T>>> {
    let mut decoder = Decoder::new();
    loop {
        let input = from.fill_buf().await?;
        if input.is_empty() {
            return decoder.end().map(|()| None);
        }
        let (used, frame) = decoder.decode(input)?;
        from.consume(used);
        if frame.is_some() {
            return Ok(frame);
        }
    }
}

/// A running worker. It is ended when it is dropped, with all that it started.
pub struct AsyncWorker<P: Protocol> {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// What is said before the first order.
    setup: Vec<u8>,
    orders: usize,
    protocol: std::marker::PhantomData<fn() -> P>,
}

impl<P: Protocol> AsyncWorker<P> {
    /// Starts one.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn start(spec: &Spec<P>) -> io::Result<Self> {
        let setup = spec.setup()?;
        let mut child = Command::from(spec.program.command()?).kill_on_drop(true).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        let output = BufReader::with_capacity(1 << 16, output);
        Ok(Self { child, input, output, setup, orders: 0, protocol: std::marker::PhantomData })
    }

    /// Orders it has been given.
    pub fn orders(&self) -> usize {
        self.orders
    }

    /// Whether it runs.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives an order and waits for the answer.
    ///
    /// # Errors
    /// After any the worker is no longer of use. So it is when this is dropped before it ends.
    pub async fn order<B: AsRef<[u8]>>(
        &mut self,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
        progress: &(dyn Fn(P::Progress) + Send + Sync),
    ) -> Result<Frame<P::Answer>, Failure> {
        let asked = ToWorker::<&P::Settings, _>::Order { processor: limits.processor, order };
        let head = [std::mem::take(&mut self.setup), frame::head(&asked, blobs).map_err(Failure::Frame)?].concat();
        self.orders += 1;
        let Self { input, output, .. } = self;
        let write = async {
            input.write_all(&head).await?;
            for blob in blobs {
                input.write_all(blob.as_ref()).await?;
            }
            input.flush().await
        };
        let read = async {
            loop {
                match receive::<FromWorker<P::Progress, P::Answer>>(output).await {
                    Ok(None) => return Err(Failure::Died("it closed its output".to_owned())),
                    Err(e) => return Err(failed(e)),
                    Ok(Some(Frame { message: FromWorker::Progress(at), .. })) => progress(at),
                    Ok(Some(Frame { message: FromWorker::Answer(message), blobs })) => {
                        return Ok(Frame { message, blobs });
                    }
                }
            }
        };
        let both = async {
            ::tokio::pin!(write, read);
            let mut written = false;
            loop {
                ::tokio::select! {
                    answer = &mut read => return answer,
                    // A worker that does not take its order has died, which reading sees.
                    _ = &mut write, if !written => written = true,
                }
            }
        };
        match limits.time {
            Some(time) => ::tokio::time::timeout(time, both).await.unwrap_or(Err(Failure::Late)),
            None => both.await,
        }
    }

    /// Ends it at once, and waits until it is gone.
    pub async fn kill(mut self) {
        let _ = self.child.kill().await;
    }
}

/// Hears how a pool fares.
pub trait Observer: Send + Sync + 'static {
    /// So many wait for a worker.
    fn waiting(&self, now: usize);
    /// A worker was replaced after its orders, or because it was found dead.
    fn replaced(&self);
    /// An order was with a worker for so long.
    fn worked(&self, time: Duration);
    /// A worker died of an order, or was ended.
    fn died(&self, failure: &Failure);
}

/// How many workers a pool has, and how long it holds on to them.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Workers at a time.
    pub workers: usize,
    /// Orders that may wait for one; those of one caller may be half of them.
    pub waiting: usize,
    /// Longest wait.
    pub patience: Duration,
    /// Orders after which a worker is replaced.
    pub most_orders: usize,
}

/// Why an order of a pool came to nothing.
#[derive(Debug)]
pub enum PoolFailure {
    /// Too many wait already.
    Full,
    /// No worker became free in time.
    Busy,
    /// The order was given and failed.
    Order(Failure),
}

/// Workers that stay warm between orders.
pub struct WorkerPool<P: Protocol> {
    spec: Spec<P>,
    bounds: Bounds,
    idle: Mutex<Vec<AsyncWorker<P>>>,
    places: Arc<Turns>,
    observer: Arc<dyn Observer>,
}

impl<P: Protocol> WorkerPool<P> {
    /// A pool without workers yet.
    pub fn new(spec: Spec<P>, bounds: Bounds, observer: Arc<dyn Observer>) -> Arc<Self> {
        let told = Arc::clone(&observer);
        let places = Turns::new(bounds.workers, bounds.waiting, Box::new(move |now| told.waiting(now)));
        Arc::new(Self { spec, bounds, idle: Mutex::default(), places, observer })
    }

    /// Starts all workers and has each carry out an order; gives the answers.
    ///
    /// # Errors
    /// When one does not.
    pub async fn warm(&self, order: &P::Order) -> Result<Vec<P::Answer>, Failure> {
        let mut started = Vec::new();
        for _ in 0..self.bounds.workers {
            started.push(AsyncWorker::start(&self.spec).map_err(Failure::Start)?);
        }
        let mut answers = Vec::new();
        for mut worker in started {
            answers.push(worker.order::<&[u8]>(order, &[], Limits::default(), &|_| ()).await?.message);
            self.rest(worker);
        }
        Ok(answers)
    }

    fn rest(&self, worker: AsyncWorker<P>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    fn fetch(&self) -> Result<AsyncWorker<P>, Failure> {
        loop {
            let resting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut worker) = resting else { return AsyncWorker::start(&self.spec).map_err(Failure::Start) };
            if worker.orders() < self.bounds.most_orders && worker.lives() {
                return Ok(worker);
            }
            self.observer.replaced();
        }
    }

    /// Has an order carried out as soon as a worker is free. Callers that wait get workers in turn, whatever number of orders
    /// each has.
    ///
    /// # Errors
    /// When none becomes free, or the order fails. A worker that was dying before it got the order costs nothing.
    pub async fn run<B: AsRef<[u8]> + Send + Sync + 'static>(
        self: &Arc<Self>,
        caller: &str,
        order: P::Order,
        blobs: Vec<B>,
        limits: Limits,
    ) -> Result<Frame<P::Answer>, PoolFailure>
    where
        P::Order: Sync,
        P::Answer: 'static,
    {
        let place = self.places.take(caller, self.bounds.patience).await.map_err(|why| match why {
            NoPlace::Full => PoolFailure::Full,
            NoPlace::Late => PoolFailure::Busy,
        })?;
        let pool = Arc::clone(self);
        // In a task of its own: a caller that leaves must not take a warm worker with it.
        let task = ::tokio::spawn(async move {
            let result = pool.carry_out(&order, &blobs, limits).await;
            drop(place);
            result
        });
        let ended = task.await.unwrap_or_else(|e| Err(Failure::Died(e.to_string())));
        ended.map_err(PoolFailure::Order)
    }

    async fn carry_out<B: AsRef<[u8]>>(
        &self,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
    ) -> Result<Frame<P::Answer>, Failure> {
        let began = Instant::now();
        let worker = self.fetch()?;
        let rested = worker.orders() > 0;
        match self.give(worker, order, blobs, limits).await {
            Err(Failure::Died(_)) if rested && began.elapsed() < SUDDEN => {
                let fresh = AsyncWorker::start(&self.spec).map_err(Failure::Start)?;
                self.give(fresh, order, blobs, limits).await
            }
            result => result,
        }
    }

    async fn give<B: AsRef<[u8]>>(
        &self,
        mut worker: AsyncWorker<P>,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
    ) -> Result<Frame<P::Answer>, Failure> {
        let began = Instant::now();
        let result = worker.order(order, blobs, limits, &|_| ()).await;
        self.observer.worked(began.elapsed());
        match result {
            Ok(answer) => {
                self.rest(worker);
                Ok(answer)
            }
            Err(failure) => {
                self.observer.died(&failure);
                worker.kill().await;
                Err(failure)
            }
        }
    }
}
