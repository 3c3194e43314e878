//! Lines for those who look after the service: the log, and the audit when it has no file. A thread of its own writes them,
//! so that a pipe that nobody reads, or a disk that is full, stops nothing but the lines; those that are lost are counted.

use std::io::{self, BufRead as _, BufReader, PipeReader, Read as _, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

/// Lines that wait to be written.
const MOST: usize = 4096;
/// Longest line of a worker that is passed on.
const LONGEST: u64 = 8192;
/// How often it is told that lines were lost.
const PAUSE: Duration = Duration::from_secs(5);

/// Lines lost of the log, which is the process's as standard error is.
static LOG: LazyLock<Arc<AtomicU64>> = LazyLock::new(Arc::default);

/// How many lines of the log were lost since the start.
pub fn lost() -> u64 {
    LOG.load(Ordering::Relaxed)
}

enum Message {
    Line(Vec<u8>),
    /// Says when all before it is written.
    Mark(Sender<()>),
}

/// A bounded queue of lines.
#[derive(Debug, Clone)]
pub struct LineQueue {
    lines: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

impl LineQueue {
    /// The log, on standard error.
    ///
    /// # Errors
    /// When no thread starts.
    pub fn log() -> io::Result<Self> {
        Self::to(io::stderr(), Arc::clone(&LOG))
    }

    /// To any output. `lost` counts the lines that do not get there.
    ///
    /// # Errors
    /// When no thread starts.
    pub(crate) fn to(out: impl Write + Send + 'static, lost: Arc<AtomicU64>) -> io::Result<Self> {
        let (lines, queue) = sync_channel(MOST);
        let counted = Arc::clone(&lost);
        thread::Builder::new().name("lines".to_owned()).spawn(move || write_all(&queue, out, &counted))?;
        Ok(Self { lines, lost })
    }

    /// Puts a line in the queue; `false` when it is lost.
    pub(crate) fn push(&self, line: Vec<u8>) -> bool {
        let taken = self.lines.try_send(Message::Line(line)).is_ok();
        if !taken {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    /// Something to write one line to, which is put in the queue when it is dropped.
    pub fn line(&self) -> Line {
        Line { queue: self.clone(), text: Vec::new() }
    }

    /// Waits until what is in the queue is written, and no longer than this.
    pub fn flush(&self, within: Duration) {
        let (written, seen) = channel();
        if self.lines.try_send(Message::Mark(written)).is_ok() {
            // Nothing can be done about a line that cannot be written.
            let _ = seen.recv_timeout(within);
        }
    }
}

fn write_all(queue: &Receiver<Message>, mut out: impl Write, lost: &AtomicU64) {
    let (mut told, mut at) = (0, Instant::now());
    while let Ok(message) = queue.recv() {
        match message {
            Message::Line(line) => {
                if out.write_all(&line).and_then(|()| out.flush()).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
            }
            Message::Mark(written) => {
                // Whoever waited may have gone.
                let _ = written.send(());
                continue;
            }
        }
        let now = lost.load(Ordering::Relaxed);
        if now > told && at.elapsed() >= PAUSE {
            tracing::warn!(lines = now, "lines of the log or the audit were lost since the start");
            (told, at) = (now, Instant::now());
        }
    }
}

/// A line that is being written.
pub struct Line {
    queue: LineQueue,
    text: Vec<u8>,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.text.is_empty() {
            self.queue.push(std::mem::take(&mut self.text));
        }
    }
}

/// Logs what panics say, which would otherwise wait for whoever reads standard error.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a panic")));
}

/// Logs what workers write to their standard error, for ever.
///
/// # Errors
/// When no thread starts.
pub fn log_workers(said: PipeReader) -> io::Result<()> {
    let read = move || {
        let mut said = BufReader::new(said);
        let mut line = Vec::new();
        loop {
            line.clear();
            match said.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) => tracing::warn!(said = %String::from_utf8_lossy(&line).trim_end(), "a worker says"),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::error!(%error, "workers are not heard any more");
                    return;
                }
            }
        }
    };
    thread::Builder::new().name("workers-say".to_owned()).spawn(read).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_that_nobody_reads_costs_lines_and_no_time() {
        let (read, write) = io::pipe().unwrap();
        let lost = Arc::new(AtomicU64::new(0));
        let queue = LineQueue::to(write, Arc::clone(&lost)).unwrap();
        let began = Instant::now();
        for number in 0..20_000 {
            let mut line = queue.line();
            writeln!(line, "{number:100}").unwrap();
        }
        queue.flush(Duration::from_millis(50));
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        let lost = lost.load(Ordering::Relaxed);
        assert!(lost > 10_000, "{lost}");
        // Once somebody reads, what was kept comes in order.
        drop(queue);
        let lines: Vec<u32> = BufReader::new(read).lines().map(|l| l.unwrap().trim().parse().unwrap()).collect();
        assert_eq!(lines.len() as u64 + lost, 20_000);
        assert!(lines.is_sorted());
    }
}
