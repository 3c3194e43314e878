//! A worker as its owner sees it.

use std::fmt;
use std::io::{self, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use crate::frame::{self, Frame};
use crate::limits::Limits;
use crate::spec::{FromWorker, Protocol, Spec, ToWorker};

/// Why an order came to nothing.
#[derive(Debug)]
pub enum Failure {
    /// No worker starts.
    Start(io::Error),
    /// The worker died: how.
    Died(String),
    /// The worker took too long and was ended.
    Late,
    /// The order is larger than a frame, or what came back was no answer.
    Frame(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(e) => write!(f, "no worker starts: {e}"),
            Self::Died(how) => write!(f, "the worker died: {how}"),
            Self::Late => f.write_str("the worker took too long"),
            Self::Frame(e) => write!(f, "no frame: {e}"),
        }
    }
}

impl std::error::Error for Failure {}

/// A running worker. It ends when it is dropped, with all that it started.
pub struct Worker<P: Protocol> {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// What is said before the first order.
    setup: Vec<u8>,
    orders: usize,
    protocol: std::marker::PhantomData<fn() -> P>,
}

type Message<P> = FromWorker<<P as Protocol>::Progress, <P as Protocol>::Answer>;

impl<P: Protocol> Worker<P> {
    /// Starts one.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub fn start(spec: &Spec<P>) -> io::Result<Self> {
        let setup = spec.setup()?;
        let mut child = spec.program.command()?.spawn()?;
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
    /// After any the worker is no longer of use: it has been ended.
    pub fn order<B: AsRef<[u8]> + Sync>(
        &mut self,
        order: &P::Order,
        blobs: &[B],
        limits: Limits,
        progress: &mut dyn FnMut(P::Progress),
    ) -> Result<Frame<P::Answer>, Failure> {
        let asked = ToWorker::<&P::Settings, _>::Order { processor: limits.processor, order };
        let head = [std::mem::take(&mut self.setup), frame::head(&asked, blobs).map_err(Failure::Frame)?].concat();
        self.orders += 1;
        let Self { child, input, output, .. } = self;
        let (sender, received) = channel();
        // One thread writes while another reads, so that full pipes never make both ends wait for each other; this one
        // keeps the time.
        let result = thread::scope(|scope| {
            scope.spawn(|| {
                // A worker that does not take its order has died, which the other thread sees.
                let parts = [head.as_slice()].into_iter().chain(blobs.iter().map(AsRef::as_ref));
                let _ = parts.into_iter().try_for_each(|part| input.write_all(part)).and_then(|()| input.flush());
            });
            scope.spawn(move || {
                loop {
                    let frame = frame::receive::<Message<P>>(output);
                    let more = matches!(&frame, Ok(Some(Frame { message: FromWorker::Progress(_), .. })));
                    if sender.send(frame).is_err() || !more {
                        return;
                    }
                }
            });
            let result = answer::<P>(&received, limits, progress);
            if result.is_err() {
                // Closes the pipes, which both threads wait for.
                let _ = child.kill();
            }
            result
        });
        result.map_err(|failure| match failure {
            Failure::Died(_) => Failure::Died(self.child.wait().map_or_else(|e| e.to_string(), |s| s.to_string())),
            other => other,
        })
    }
}

impl<P: Protocol> Drop for Worker<P> {
    fn drop(&mut self) {
        // It does nothing that is worth finishing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the answer, or until the time is up.
fn answer<P: Protocol>(
    received: &Receiver<io::Result<Option<Frame<Message<P>>>>>,
    limits: Limits,
    progress: &mut dyn FnMut(P::Progress),
) -> Result<Frame<P::Answer>, Failure> {
    let end = limits.time.map(|time| Instant::now() + time);
    loop {
        let frame = match end {
            Some(end) => received.recv_timeout(end.saturating_duration_since(Instant::now())),
            None => received.recv().map_err(RecvTimeoutError::from),
        };
        match frame {
            Err(RecvTimeoutError::Timeout) => return Err(Failure::Late),
            Err(RecvTimeoutError::Disconnected) | Ok(Ok(None)) => return Err(Failure::Died(String::new())),
            Ok(Err(e)) => return Err(failed(e)),
            Ok(Ok(Some(Frame { message: FromWorker::Progress(at), .. }))) => progress(at),
            Ok(Ok(Some(Frame { message: FromWorker::Answer(message), blobs }))) => return Ok(Frame { message, blobs }),
        }
    }
}

/// What a fault of reading tells of the worker.
pub(crate) fn failed(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::InvalidData => Failure::Frame(error),
        _ => Failure::Died(error.to_string()),
    }
}
