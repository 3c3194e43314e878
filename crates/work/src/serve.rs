//! The worker's end: orders in, answers out, until its owner closes or is gone.

use std::io::{self, ErrorKind, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde::de::DeserializeOwned;

use crate::frame::{self, Frame};
use crate::limits;
use crate::spec::{FromWorker, Protocol, ToWorker};

/// Carries out orders.
pub trait Handler<P: Protocol> {
    /// Carries out one; the answer's blobs go with it.
    fn carry_out(
        &mut self,
        order: P::Order,
        blobs: Vec<Vec<u8>>,
        progress: &(dyn Fn(P::Progress) + Sync),
    ) -> Frame<P::Answer>;
}

/// Serves orders from standard input on standard output, which nothing else may write to. `start` makes the handler of
/// what the worker is told first; the limits it is given are set before that.
///
/// # Errors
/// When what comes is no order, a limit cannot be set, or the owner no longer reads. There is nobody to tell then.
pub fn serve<P: Protocol, H: Handler<P>>(start: impl FnOnce(P::Settings) -> H) -> io::Result<()> {
    let inbox = Inbox::<ToWorker<P::Settings, P::Order>>::open();
    let Some(first) = inbox.next()? else { return Ok(()) };
    let ToWorker::Setup { memory, settings } = first.message else { return Err(disorder("an order before the setup")) };
    if let Some(bytes) = memory {
        limits::memory(bytes)?;
    }
    let mut handler = start(settings);
    inbox.handled();
    while let Some(frame) = inbox.next()? {
        let ToWorker::Order { processor, order } = frame.message else { return Err(disorder("a second setup")) };
        limits::processor(processor)?;
        let progress = |at| {
            let said = FromWorker::<_, &P::Answer>::Progress(at);
            // An owner that has gone ends this process.
            drop(frame::send::<_, &[u8]>(&mut stdout().lock(), &said, &[]));
        };
        let Frame { message, blobs } = handler.carry_out(order, frame.blobs, &progress);
        limits::processor(None)?;
        frame::send(&mut stdout().lock(), &FromWorker::<&P::Progress, _>::Answer(message), &blobs)?;
        inbox.handled();
    }
    Ok(())
}

fn disorder(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Frames from standard input, read by a thread of their own, so that its end is noticed in the middle of an order and
/// the owner can write an order while this process writes an answer.
struct Inbox<T> {
    frames: Receiver<io::Result<Frame<T>>>,
    /// Frames received and not yet handled.
    open: Arc<AtomicUsize>,
}

impl<T: DeserializeOwned + Send + 'static> Inbox<T> {
    fn open() -> Self {
        let (sender, frames) = channel();
        let open = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&open);
        thread::spawn(move || {
            let mut input = io::BufReader::with_capacity(1 << 16, stdin());
            loop {
                let frame = match frame::receive::<T>(&mut input) {
                    Ok(Some(frame)) => {
                        counted.fetch_add(1, Ordering::SeqCst);
                        Ok(frame)
                    }
                    Ok(None) if counted.load(Ordering::SeqCst) == 0 => return,
                    Ok(None) => end(),
                    Err(_) if counted.load(Ordering::SeqCst) > 0 => end(),
                    Err(e) => Err(e),
                };
                let last = frame.is_err();
                if sender.send(frame).is_err() || last {
                    return;
                }
            }
        });
        Self { frames, open }
    }

    /// The next frame; `None` when the owner has closed.
    fn next(&self) -> io::Result<Option<Frame<T>>> {
        self.frames.recv().ok().transpose()
    }

    fn handled(&self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Ends this process at once, whatever its other threads are doing: nobody is left to take an answer. Nothing runs at
/// exit, as that could wait for a thread that never ends.
fn end() -> ! {
    #[cfg(unix)]
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}
