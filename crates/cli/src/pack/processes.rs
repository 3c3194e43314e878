//! Bilagor are written anew in processes of their own, each with limits on time and memory: a file made to bring a
//! reader down takes its process with it and nothing else.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use serde::{Deserialize, Serialize};
use sigill_pack::convert::{Converter, Task, run};
use sigill_pack::foreign::{Converted, FileReport, Foreign, Refused};
use sigill_pack::store::{frame, unframe};

use crate::{Exit, Stop};

/// Seconds of processor time for one bilaga, and more for each megabyte: a small file has no reason to take long.
#[cfg(unix)]
const MAX_SECONDS: (u64, u64) = (15, 4);
/// Bytes of memory for one bilaga.
#[cfg(unix)]
const MAX_MEMORY: u64 = 2 << 30;

/// What a process is told beside the file.
#[derive(Serialize, Deserialize)]
struct Order {
    title: String,
    password: Option<String>,
    alt: Option<String>,
    date: (u16, u8, u8),
    examine: bool,
}

/// Runs this program once for each bilaga.
pub(super) struct Processes;

impl Converter for Processes {
    fn convert(&self, tasks: &[Task<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Converted, Refused>> {
        let workers = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
        let next = Mutex::new(tasks.iter().enumerate());
        let results: Mutex<Vec<Option<Result<Converted, Refused>>>> = Mutex::new(tasks.iter().map(|_| None).collect());
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some((i, task)) = next.lock().ok().and_then(|mut n| n.next()) {
                        let result = one(task).unwrap_or(Err(Refused::Limits));
                        if let Ok(mut results) = results.lock() {
                            results[i] = Some(result);
                        }
                        done();
                    }
                });
            }
        });
        let results = results.into_inner().unwrap_or_default();
        results.into_iter().map(|r| r.unwrap_or(Err(Refused::Limits))).collect()
    }
}

/// Does a task in a process; `None` when the process came to no result.
fn one(task: &Task<'_>) -> Option<Result<Converted, Refused>> {
    let Foreign { bytes, title, password, alt, date } = *task.foreign;
    let order = Order {
        title: title.to_owned(),
        password: password.map(str::to_owned),
        alt: alt.map(str::to_owned),
        date,
        examine: task.examine,
    };
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg("bilaga-worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let (mut input, mut output) = (child.stdin.take()?, child.stdout.take()?);
    // The process reads all before it writes. One that dies closes its end.
    let written = input.write_all(&frame(&order, bytes));
    drop(input);
    let mut answer = Vec::new();
    let read = output.read_to_end(&mut answer);
    let ended = child.wait();
    if written.is_err() || read.is_err() || !ended.is_ok_and(|e| e.success()) {
        return None;
    }
    let (report, pdf) = unframe::<Result<FileReport, Refused>>(&answer)?;
    Some(report.map(|report| Converted { pdf, report }))
}

/// The process: one bilaga in, the result out.
pub(crate) fn serve() -> Result<Exit, Stop> {
    let mut order = Vec::new();
    std::io::stdin().lock().read_to_end(&mut order).map_err(|e| Stop::outside(e.to_string()))?;
    limit(order.len() as u64);
    let (order, bytes) = unframe::<Order>(&order).ok_or_else(|| Stop::usage("ingen bilaga"))?;
    let foreign = Foreign {
        bytes: &bytes,
        title: &order.title,
        password: order.password.as_deref(),
        alt: order.alt.as_deref(),
        date: order.date,
    };
    let answer = match run(&Task { foreign: &foreign, examine: order.examine }) {
        Ok(Converted { pdf, report }) => frame(&Ok::<_, Refused>(report), &pdf),
        Err(refused) => frame(&Err::<FileReport, _>(refused), &[]),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&answer).and_then(|()| out.flush()).map_err(|e| Stop::outside(e.to_string()))?;
    Ok(Exit::Done)
}

/// Bounds what this process may take for a file of so many bytes. A system that cannot do so runs without bounds.
#[cfg(unix)]
fn limit(bytes: u64) {
    let seconds = MAX_SECONDS.0 + MAX_SECONDS.1 * (bytes >> 20);
    for (resource, most) in [(rlimit::Resource::CPU, seconds), (rlimit::Resource::AS, MAX_MEMORY)] {
        let _ = resource.set(most, most);
    }
}

#[cfg(not(unix))]
fn limit(_: u64) {}
