//! Worker processes: two of them render twice as fast, where two threads share Typst's cache and hardly gain; and a
//! document that takes its process down takes no other document with it.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, mpsc};

use serde::{Deserialize, Serialize};
use sigill_layout::Options;

use crate::args::{RenderArgs, SetupArgs};
use crate::inputs::{Input, Target};
use crate::render::render_one;
use crate::sign_reserve::Reserve;
use crate::{Exit, Stop, setup};

/// One report to render in a worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    input: PathBuf,
    output: PathBuf,
    profile: Option<String>,
    standard: String,
    reserve: Reserve,
}

/// A finding, shown ready in both languages, so that the parent needs no source text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) human_sv: String,
    pub(crate) human_en: String,
    pub(crate) error: bool,
    pub(crate) json: serde_json::Value,
}

/// What became of a report.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct JobResult {
    pub(crate) input: String,
    pub(crate) output: Option<String>,
    pub(crate) pages: usize,
    pub(crate) errors: bool,
    pub(crate) failure: Option<String>,
    pub(crate) signatures: Vec<serde_json::Value>,
    pub(crate) findings: Vec<Finding>,
}

impl JobResult {
    pub(crate) fn failed(input: String, failure: String) -> Self {
        Self { input, failure: Some(failure), ..Self::default() }
    }
}

impl Job {
    pub(crate) fn new(input: &Input, target: &Target, args: &RenderArgs) -> Self {
        let input = match input {
            Input::File { path, .. } => path.clone(),
            Input::Stdin => PathBuf::from("-"),
        };
        let output = match target {
            Target::File(path) => path.clone(),
            Target::Stdout => PathBuf::from("-"),
        };
        Self {
            input,
            output,
            profile: args.profile.clone(),
            standard: args.standard.name().to_owned(),
            reserve: args.reserve,
        }
    }
}

/// The worker: a job per line in, a result per line out.
pub(crate) fn serve(setup: &SetupArgs) -> Result<Exit, Stop> {
    let engine = setup::engine(setup)?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Stop::outside(e.to_string()))?;
        let job: Job = serde_json::from_str(&line).map_err(|e| Stop::usage(e.to_string()))?;
        let standard = job.standard.parse().map_err(Stop::usage)?;
        let options = Options { profile: job.profile, standard, ..Options::default() };
        let input = Input::File { relative: job.input.clone(), path: job.input };
        let result = render_one(&engine, &input, &Target::File(job.output), &options, job.reserve);
        let text = serde_json::to_string(&result).map_err(|e| Stop::outside(e.to_string()))?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|e| Stop::outside(e.to_string()))?;
    }
    Ok(Exit::Done)
}

struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Worker {
    fn start(setup: &SetupArgs) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut command = Command::new(program);
        command.arg("worker");
        for folder in &setup.dirs.layouts {
            command.arg("--layouts").arg(folder);
        }
        for folder in &setup.fonts {
            command.arg("--fonts").arg(folder);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|e| e.to_string())?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("ingen utström")?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    fn work(&mut self, job: &Job) -> Result<JobResult, String> {
        let text = serde_json::to_string(job).map_err(|e| e.to_string())?;
        let input = self.input.as_mut().ok_or("ingen inström")?;
        writeln!(input, "{text}").and_then(|()| input.flush()).map_err(|e| e.to_string())?;
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) | Err(_) => {
                let status = self.child.wait().map(|s| s.to_string()).unwrap_or_default();
                Err(format!("arbetsprocessen dog ({status})"))
            }
            Ok(_) => serde_json::from_str(&line).map_err(|e| e.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Closing its input lets a living worker end by itself.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// Renders jobs in worker processes; results are told in the order of the jobs.
pub(crate) fn run(
    jobs: Vec<Job>,
    workers: u16,
    setup: &SetupArgs,
    tell: &mut dyn FnMut(JobResult),
) -> Result<(), Stop> {
    let count = usize::from(workers).min(jobs.len());
    let total = jobs.len();
    let queue: Mutex<VecDeque<(usize, Job)>> = Mutex::new(jobs.into_iter().enumerate().collect());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..count {
            let sender = sender.clone();
            let queue = &queue;
            scope.spawn(move || {
                let mut worker: Option<Worker> = None;
                while let Some((index, job)) = queue.lock().ok().and_then(|mut q| q.pop_front()) {
                    let result = render_in(&mut worker, setup, &job);
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<JobResult>> = vec![None; total];
        let mut next = 0;
        for (index, result) in receiver {
            waiting[index] = Some(result);
            while let Some(result) = waiting.get_mut(next).and_then(Option::take) {
                tell(result);
                next += 1;
            }
        }
    });
    Ok(())
}

fn render_in(worker: &mut Option<Worker>, setup: &SetupArgs, job: &Job) -> JobResult {
    let name = job.input.display().to_string();
    if worker.is_none() {
        match Worker::start(setup) {
            Ok(started) => *worker = Some(started),
            Err(e) => return JobResult::failed(name, format!("arbetsprocessen startar inte: {e}")),
        }
    }
    let Some(running) = worker else { return JobResult::failed(name, "ingen arbetsprocess".into()) };
    match running.work(job) {
        Ok(result) => result,
        Err(e) => {
            // The next document gets a fresh process.
            *worker = None;
            JobResult::failed(name.clone(), format!("{name}: {e}"))
        }
    }
}
