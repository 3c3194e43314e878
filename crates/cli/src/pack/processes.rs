//! Bilagor are written anew in processes of their own, each with limits on time and memory: a file made to bring a
//! reader down takes its process with it and nothing else.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sigill_pack::foreign::Refused;
use sigill_pack::reader::{ForeignReader, ReadAnswer, ReadOrder, ReadTask, Reading, carry_out};

use crate::{Exit, Stop};

/// Seconds of processor time for one bilaga, and more for each megabyte: a small file has no reason to take long.
#[cfg(unix)]
const MAX_SECONDS: (u64, u64) = (15, 4);
/// Bytes of memory for one bilaga.
#[cfg(unix)]
const MAX_MEMORY: u64 = 2 << 30;

/// Runs this program once for each order.
pub(super) struct Processes;

impl ForeignReader for Processes {
    fn read(&self, tasks: &[ReadTask<'_>], done: &(dyn Fn() + Sync)) -> Vec<Result<Reading, Refused>> {
        let workers = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
        let next = Mutex::new(tasks.iter().enumerate());
        let results: Mutex<Vec<Option<Result<Reading, Refused>>>> = Mutex::new(tasks.iter().map(|_| None).collect());
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

/// Carries out an order in a process; `None` when the process came to no result.
fn one(task: &ReadTask<'_>) -> Option<Result<Reading, Refused>> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg("bilaga-worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let (mut input, mut output) = (child.stdin.take()?, child.stdout.take()?);
    // The process reads all before it writes. One that dies closes its end.
    let written = input.write_all(&frame(&task.order, task.bytes));
    drop(input);
    let mut answer = Vec::new();
    let read = output.read_to_end(&mut answer);
    let ended = child.wait();
    if written.is_err() || read.is_err() || !ended.is_ok_and(|e| e.success()) {
        return None;
    }
    let (answer, pdf) = unframe::<Result<ReadAnswer, Refused>>(&answer)?;
    Some(answer.map(|answer| Reading { answer, pdf }))
}

/// The process: one order in, the result out.
pub(crate) fn serve() -> Result<Exit, Stop> {
    let mut order = Vec::new();
    std::io::stdin().lock().read_to_end(&mut order).map_err(|e| Stop::outside(e.to_string()))?;
    limit(order.len() as u64);
    let (order, bytes) = unframe::<ReadOrder>(&order).ok_or_else(|| Stop::usage("ingen bilaga"))?;
    let answer = match carry_out(&order, &bytes) {
        Ok(Reading { answer, pdf }) => frame(&Ok::<_, Refused>(answer), &pdf),
        Err(refused) => frame(&Err::<ReadAnswer, _>(refused), &[]),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&answer).and_then(|()| out.flush()).map_err(|e| Stop::outside(e.to_string()))?;
    Ok(Exit::Done)
}

fn frame<T: Serialize>(head: &T, pdf: &[u8]) -> Vec<u8> {
    let head = serde_json::to_vec(head).unwrap_or_default();
    [&(head.len() as u64).to_be_bytes()[..], &head, pdf].concat()
}

fn unframe<T: DeserializeOwned>(bytes: &[u8]) -> Option<(T, Vec<u8>)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let head = serde_json::from_slice(rest.get(..length)?).ok()?;
    Some((head, rest.get(length..)?.to_vec()))
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
