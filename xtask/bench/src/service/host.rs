//! The service itself, started for the measurements and stopped after them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use xtask_common::error::{Error, Result};
use xtask_common::repo;

use crate::programs::sigill;

/// How long it may take to stop by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running service; stopped when dropped.
pub struct Service {
    child: Child,
    /// Kept open, so that it may go on writing.
    _output: BufReader<ChildStdout>,
    address: String,
}

/// What the service has counted of its own time since it started, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// Requests answered.
    pub answers: f64,
    /// From a request's head to that of its answer.
    pub answering: f64,
    /// Orders given to workers.
    pub orders: f64,
    /// From an order to its answer.
    pub working: f64,
}

impl Times {
    /// Means in milliseconds since `before`: of answers, and of the workers' part in them.
    pub fn means_since(&self, before: &Self) -> (f64, f64) {
        let mean = |seconds: f64, count: f64| seconds * 1000.0 / count.max(1.0);
        let answering = mean(self.answering - before.answering, self.answers - before.answers);
        (answering, mean(self.working - before.working, self.orders - before.orders))
    }
}

impl Service {
    /// Starts it in a folder of its own and waits until its workers are warm.
    pub fn start(folder: &Path, workers: usize) -> Result<Self> {
        repo::empty_folder(folder)?;
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(Error::at(&path)).map(|()| path)
        };
        let config = format!("listen = \"127.0.0.1:0\"\naudit = \"audit.jsonl\"\n[limits]\nworkers = {workers}\n");
        let config = write("sigill.toml", &config)?;
        let log = folder.join("log");
        let log = fs::File::create(&log).map_err(Error::at(&log))?;
        let mut command = Command::new(sigill());
        command.arg("serve").arg("--config").arg(config).current_dir(folder);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn();
        let mut child = started.map_err(|error| Error::failed(format!("sigill serve: {error}")))?;
        let Some(output) = child.stdout.take() else { return Err(Error::failed("sigill serve: no output")) };
        let mut service = Self { child, _output: BufReader::new(output), address: String::new() };
        let mut line = String::new();
        service._output.read_line(&mut line).map_err(|error| Error::failed(format!("sigill serve: {error}")))?;
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
        let said = || Error::failed(format!("sigill serve did not start; see {}", repo::shown(&folder.join("log"))));
        service.address = address.ok_or_else(said)?;
        Ok(service)
    }

    /// Where documents are made.
    pub fn render_url(&self) -> String {
        format!("http://{}/v1/render", self.address)
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has counted of rendering so far.
    pub fn times(&self) -> Result<Times> {
        let unreadable = |error: std::io::Error| Error::failed(format!("/metrics: {error}"));
        let mut stream = TcpStream::connect(&self.address).map_err(unreadable)?;
        let head = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).map_err(unreadable)?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map_err(unreadable)?;
        let number = |name: &str| {
            // Nothing is told of what has not happened yet.
            text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0)
        };
        Ok(Times {
            answers: number("sigill_http_seconds_count{route=\"/v1/render\"}"),
            answering: number("sigill_http_seconds_sum{route=\"/v1/render\"}"),
            orders: number("sigill_work_seconds_count"),
            working: number("sigill_work_seconds_sum"),
        })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let told = Instant::now();
        while told.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
