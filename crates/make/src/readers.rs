//! Bilagor are read in processes of their own, each with limits on time and memory: a file made to bring a reader down
//! takes its process with it and nothing else.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use sigill_pack::foreign::Refused;
use sigill_pack::reader::{ForeignReader, ReadTask, Reading};
use sigill_work::{Errors, Failure, Limits, Pool, in_parallel};

use crate::processes::{LocalAnswer, LocalOrder, LocalProtocol, Processes};

/// Seconds of processor time for one bilaga, and more for each megabyte: a small file has no reason to take long.
const SECONDS: (u64, u64) = (15, 4);
/// Time on the clock for each second of processor time: a busy machine is no fault of the file.
const PATIENCE: u64 = 20;
/// Bytes of memory for one bilaga.
const MEMORY: u64 = 2 << 30;
/// A reader that has read one file ends: nothing of it reaches the next.
const MOST_ORDERS: usize = 1;

/// Reads bilagor in worker processes, as many at a time as there are cores.
pub(crate) struct Readers {
    pool: Pool<LocalProtocol>,
    /// Why a process could not be started, if that happened: no fault of any file.
    fault: Mutex<Option<String>>,
}

impl Readers {
    pub(crate) fn new(processes: &Processes) -> Self {
        let mut spec = processes.spec(Arc::default());
        spec.memory = Some(MEMORY);
        // What libraries say of a broken file is of no use to anybody.
        spec.program.errors = Errors::Dropped;
        Self { pool: Pool::new(spec, MOST_ORDERS), fault: Mutex::new(None) }
    }

    /// Why a process could not be started, if that happened.
    pub(crate) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn one(&self, task: &ReadTask<'_>) -> Result<Reading, Refused> {
        let order = LocalOrder::ReadForeign { task: task.order.clone() };
        let processor = SECONDS.0 + SECONDS.1 * (task.bytes.len() as u64 >> 20);
        let limits = Limits { processor: Some(processor), time: Some(Duration::from_secs(processor * PATIENCE)) };
        match self.pool.run(&order, &[task.bytes], limits, &mut |_| ()) {
            Ok(frame) => match (frame.message, frame.blobs.into_iter().next()) {
                (LocalAnswer::Read { result: Ok(answer) }, pdf) => Ok(Reading { answer, pdf: pdf.unwrap_or_default() }),
                (LocalAnswer::Read { result: Err(refused) }, _) => Err(refused),
                (LocalAnswer::Rendered { .. }, _) => Err(Refused::Writing("another answer than asked for".to_owned())),
            },
            Err(Failure::Died(_) | Failure::Late) => Err(Refused::Limits),
            Err(failure @ Failure::Start(_)) => {
                *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure.to_string());
                Err(Refused::Writing(failure.to_string()))
            }
            Err(failure @ Failure::Frame(_)) => Err(Refused::Writing(failure.to_string())),
        }
    }
}

impl ForeignReader for Readers {
    fn read(&self, tasks: &[ReadTask<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Reading, Refused>> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let read = |task: &ReadTask<'_>| {
            let result = self.one(task);
            done();
            result
        };
        let mut results = Vec::with_capacity(tasks.len());
        in_parallel(tasks, threads, read, |result| results.push(result));
        results
    }
}
