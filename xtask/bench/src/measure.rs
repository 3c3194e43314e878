//! Measuring programs from outside: time and peak memory of a process.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo, tools};

/// How long a command takes, and how much memory it needs at most.
#[derive(Debug, Clone, Copy)]
pub struct Measurement {
    /// Median of the runs.
    pub median: Duration,
    /// Peak resident memory in KiB, if it could be had.
    pub peak: Option<u64>,
}

/// Two commands that do the same, measured side by side.
#[derive(Debug)]
pub struct Comparison {
    /// What is compared.
    pub name: String,
    /// The first command.
    pub a: Measurement,
    /// The second.
    pub b: Measurement,
    /// Timed runs of each.
    pub runs: usize,
}

impl Comparison {
    /// How many times the time of the first the second takes.
    pub fn ratio(&self) -> f64 {
        self.b.median.as_secs_f64() / self.a.median.as_secs_f64()
    }
}

/// Times both commands, turn by turn, so that what else the machine does falls on both alike.
pub fn compare(name: &str, cmd_a: &mut Command, cmd_b: &mut Command, runs: usize) -> Result<Comparison> {
    // The first run of each, untimed, brings their files into the page cache.
    let (peak_a, peak_b) = (peak_memory(cmd_a)?, peak_memory(cmd_b)?);
    let (mut times_a, mut times_b) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        times_a.push(timed(cmd_a)?);
        times_b.push(timed(cmd_b)?);
    }
    Ok(Comparison {
        name: name.to_owned(),
        a: Measurement { median: median(times_a), peak: peak_a },
        b: Measurement { median: median(times_b), peak: peak_b },
        runs,
    })
}

/// Times one command.
pub fn single(command: &mut Command, runs: usize) -> Result<Measurement> {
    let peak = peak_memory(command)?;
    let times = (0..runs).map(|_| timed(command)).collect::<Result<Vec<_>>>()?;
    Ok(Measurement { median: median(times), peak })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    match times.len() {
        0 => Duration::ZERO,
        count if count.is_multiple_of(2) => (times[count / 2 - 1] + times[count / 2]) / 2,
        count => times[count / 2],
    }
}

/// From before the process starts until it has ended, as a caller in a shell has to wait.
fn timed(command: &mut Command) -> Result<Duration> {
    let start = Instant::now();
    process::output(command)?;
    Ok(start.elapsed())
}

/// Peak resident memory in KiB of the command or of any process it waited for, whichever is largest.
///
/// A run of its own: watching must not slow down a timed run.
fn peak_memory(command: &mut Command) -> Result<Option<u64>> {
    // GNU time reads what the kernel kept at exit; polling may miss a short peak at the end.
    if tools::is_installed("time") { peak_by_time(command) } else { peak_by_polling(command) }
}

fn peak_by_time(command: &mut Command) -> Result<Option<u64>> {
    let folder = repo::target();
    fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
    let report = folder.join("bench-time.txt");
    let mut watched = Command::new("time");
    watched.arg("-v").arg("-o").arg(&report).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        watched.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => watched.env(name, value),
            None => watched.env_remove(name),
        };
    }
    process::output(&mut watched)?;
    let text = fs::read_to_string(&report).map_err(Error::at(&report))?;
    Ok(kibibytes(&text, "Maximum resident set size (kbytes):"))
}

fn peak_by_polling(command: &mut Command) -> Result<Option<u64>> {
    let shown = process::shown(command);
    let failed = |what: String| Error::failed(format!("`{shown}`: {what}"));
    let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = silent.spawn().map_err(|error| failed(error.to_string()))?;
    let mut peak = None;
    loop {
        peak = peak.max(high_water_mark(&child));
        if let Some(status) = child.try_wait().map_err(|error| failed(error.to_string()))? {
            return if status.success() { Ok(peak) } else { Err(failed(format!("ended with {status}"))) };
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn high_water_mark(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    kibibytes(&status, "VmHWM:")
}

/// The number after a label, such as `VmHWM:     1234 kB`.
fn kibibytes(text: &str, label: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let seconds = |values: &[u64]| values.iter().map(|&value| Duration::from_secs(value)).collect();
        assert_eq!(median(seconds(&[9, 1, 2])), Duration::from_secs(2));
        assert_eq!(median(seconds(&[4, 1, 2, 9])), Duration::from_secs(3));
    }

    #[test]
    fn memory_is_read_from_either_report() {
        assert_eq!(kibibytes("VmPeak: 9 kB\nVmHWM:\t   1234 kB\n", "VmHWM:"), Some(1234));
        let time = "\tMaximum resident set size (kbytes): 56\n";
        assert_eq!(kibibytes(time, "Maximum resident set size (kbytes):"), Some(56));
    }

    #[test]
    fn a_program_is_timed_and_its_memory_seen() {
        let measured = single(&mut Command::new("true"), 3);
        assert!(measured.is_ok_and(|measured| measured.median > Duration::ZERO));
    }
}
