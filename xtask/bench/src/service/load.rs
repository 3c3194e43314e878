//! Load on the service, by wrk.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use xtask_common::error::{Error, Result};
use xtask_common::{process, repo};

use super::host::Service;

/// Requests one run may make and still have numbers of its own.
const NUMBERS: u32 = 100_000;

/// How the service is loaded.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// Models, one in each line, with marks where a number goes.
    pub models: &'a Path,
    /// True if the number is another in each request.
    pub new_text: bool,
    /// Connections, each with one request at a time.
    pub connections: usize,
    /// How long.
    pub seconds: u32,
    /// Milliseconds between requests, on average, from all connections; 0: each as soon as its last is answered.
    pub every: f64,
}

/// What came of it. Times are in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Half of the answers took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// Answers in a second.
    pub per_second: f64,
    /// Answers other than 200 with a PDF, those that never came, and what went wrong with connections.
    pub errors: u64,
    /// Means that the service has counted itself: of answers, and of the workers' part in them.
    pub inside: (f64, f64),
}

/// Loads the service and waits until that is done.
pub fn run(service: &Service, load: &Load<'_>) -> Result<Outcome> {
    static RUNS: AtomicU32 = AtomicU32::new(100);
    // Of the same length in every run, and never the same twice.
    let first = if load.new_text { RUNS.fetch_add(1, Ordering::Relaxed) * NUMBERS } else { 0 };
    let before = service.times()?;
    let mut wrk = Command::new("wrk");
    // One thread is enough to make a hundred requests a second, and leaves the cores to the service.
    wrk.args(["--threads", "1", "--timeout", "60s", "--connections"]).arg(load.connections.to_string());
    wrk.arg("--duration").arg(format!("{}s", load.seconds));
    wrk.arg("--script").arg(repo::root().join("xtask/bench/render.lua")).arg(service.render_url()).arg("--");
    wrk.arg(load.models).arg(first.to_string()).arg(format!("{:.3}", load.every));
    let said = process::output(&mut wrk)?;
    let inside = service.times()?.means_since(&before);
    outcome(&said, load.connections as u64, inside)
        .ok_or_else(|| Error::failed(format!("wrk: not the output expected:\n{said}")))
}

fn outcome(said: &str, connections: u64, inside: (f64, f64)) -> Option<Outcome> {
    let line = said.lines().find_map(|line| line.strip_prefix("bench "))?;
    let json: Value = serde_json::from_str(line).ok()?;
    let number = |key: &str| json.get(key)?.as_f64();
    let count = |key: &str| json.get(key)?.as_u64();
    // When time is up each connection may have a request under way, and wrk makes one beforehand to look at it.
    let lost = count("sent")?.saturating_sub(count("answered")? + connections + 1);
    Some(Outcome {
        p50: number("p50")?,
        p90: number("p90")?,
        p99: number("p99")?,
        max: number("max")?,
        mean: number("mean")?,
        per_second: number("per_second")?,
        errors: count("errors")? + lost,
        inside,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_without_an_answer_are_errors() {
        let said = "Running 1s test\nbench {\"p50\":17.5,\"p90\":20,\"p99\":31,\"max\":40,\"mean\":18,\
                    \"per_second\":110.5,\"errors\":1,\"sent\":120,\"answered\":110}\n";
        let outcome = outcome(said, 4, (0.0, 0.0));
        assert!(outcome.is_some_and(|outcome| outcome.errors == 6 && outcome.p50 == 17.5));
    }
}
