//! Bilagor are read in processes of their own, each with limits on time and memory: a file made to bring a reader down
//! takes its process with it and nothing else.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sigill_pack::convert::{Converter, Task};
use sigill_pack::foreign::{Converted, Foreign, Refused};
use sigill_work::{Failure, Limits, Pool, in_parallel};

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
pub(crate) struct Readers(Pool<LocalProtocol>);

impl Readers {
    pub(crate) fn new(processes: &Processes) -> Self {
        let mut spec = processes.spec(Arc::default());
        spec.memory = Some(MEMORY);
        // What libraries say of a broken file is of no use to anybody.
        spec.program.silent = true;
        Self(Pool::new(spec, MOST_ORDERS))
    }

    fn read(&self, task: &Task<'_>) -> Result<Converted, Refused> {
        let Foreign { bytes, title, password, alt, date } = *task.foreign;
        let order = LocalOrder::ReadPdf {
            title: title.to_owned(),
            password: password.map(str::to_owned),
            alt: alt.map(str::to_owned),
            date,
            examine: task.examine,
        };
        let processor = SECONDS.0 + SECONDS.1 * (bytes.len() as u64 >> 20);
        let limits = Limits { processor: Some(processor), time: Some(Duration::from_secs(processor * PATIENCE)) };
        match self.0.run(&order, &[bytes], limits, &mut |_| ()) {
            Ok(frame) => match (frame.message, frame.blobs.into_iter().next()) {
                (LocalAnswer::Read { result: Ok(report) }, pdf) => {
                    Ok(Converted { pdf: pdf.unwrap_or_default(), report })
                }
                (LocalAnswer::Read { result: Err(refused) }, _) => Err(refused),
                (LocalAnswer::Rendered { .. }, _) => Err(Refused::Writing("another answer than asked for".to_owned())),
            },
            Err(Failure::Died(_) | Failure::Late) => Err(Refused::Limits),
            Err(failure @ (Failure::Start(_) | Failure::Frame(_))) => Err(Refused::Writing(failure.to_string())),
        }
    }
}

impl Converter for Readers {
    fn convert(&self, tasks: &[Task<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Converted, Refused>> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let read = |task: &Task<'_>| {
            let result = self.read(task);
            done();
            result
        };
        let mut results = Vec::with_capacity(tasks.len());
        in_parallel(tasks, threads, read, |result| results.push(result));
        results
    }
}
