//! The service under load, beside `typst compile` and programs that print HTML.

mod host;
mod load;
mod memory;
mod peers;
mod provide;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use xtask_common::error::{Error, Result};
use xtask_common::{repo, tools};

use crate::content::{Content, MARK};
use crate::inputs;
use crate::measure::{self, Measurement};
use crate::programs::typst_compile;
use host::Service;
use load::{Load, Outcome};
use report::Report;

/// Length of the document.
const PAGES: u32 = 3;
/// Documents of which no two have a paragraph or a figure in common.
const DIFFERENT: u32 = 200;
/// Workers, where nothing else is said.
const WORKERS: usize = 2;
/// Seconds of a measurement.
const SECONDS: u32 = 10;
/// Turns of one worker and of two.
const TURNS: usize = 2;
/// Seconds at half load, each time.
const HALF_SECONDS: u32 = 20;
/// Connections at half load: as many as workers, so that none waits for another, and as strangers come.
const HALF_CONNECTIONS: [usize; 2] = [WORKERS, 16];
/// Timed runs of `typst compile`, before half load and after it.
const TYPST_RUNS: usize = 11;
/// Connections and seconds of the long run, and when memory is looked at.
const LONG: (usize, u32) = (64, 60);
const LOOKS: [u32; 3] = [10, 30, 59];

/// Measures all of it. What cannot be measured is told in its place.
pub fn measure(typst: &Result<PathBuf>, out: &Path) -> Report {
    let mut report = Report::default();
    report.machine();
    let folder = out.join("service");
    let all = repo::empty_folder(&folder).and_then(|()| tools::ensure_load_tool());
    let alone = all.and_then(|()| of_service(typst, &folder, &mut report));
    let alone = alone.map_err(|error| report.left_out("the service", &error.to_string())).ok();
    match peers::measure(PAGES, &folder) {
        Ok(peers) => peers.iter().for_each(|peer| report.peer(peer, alone)),
        Err(error) => report.left_out("WeasyPrint and Chromium", &error.to_string()),
    }
    report
}

/// Measures the service; gives the median of a request that has it for itself.
fn of_service(typst: &Result<PathBuf>, folder: &Path, report: &mut Report) -> Result<f64> {
    let (same, different) = models(folder)?;
    let closed =
        |connections: usize, seconds: u32| Load { models: &same, new_text: true, connections, seconds, every: 0.0 };
    let (one, two) = (Service::start(&folder.join("one"), 1)?, Service::start(&folder.join("two"), WORKERS)?);
    told("warming");
    for service in [&one, &two] {
        load::run(service, &closed(4, 2))?;
    }
    told("a request at a time");
    let alone = load::run(&two, &closed(1, SECONDS))?;
    report.load("one connection", &alone);
    report.inside("one connection", &alone);

    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for ((service, workers), rates) in [(&one, 1), (&two, WORKERS)].into_iter().zip(&mut rates) {
            told(&format!("as fast as it goes, workers = {workers}"));
            let outcome = load::run(service, &closed(workers * 2, SECONDS))?;
            report.load(&format!("{} connections, workers = {workers}", workers * 2), &outcome);
            rates.push(outcome.per_second);
        }
    }
    drop(one);
    let [single, double] = rates.map(|rates| rates.iter().sum::<f64>() / rates.len() as f64);
    report.throughput(double / single);

    told("other documents");
    report.load(
        "4 connections, 200 documents in turn",
        &load::run(&two, &Load { models: &different, ..closed(4, SECONDS) })?,
    );
    report
        .load("4 connections, IDENTICAL documents", &load::run(&two, &Load { new_text: false, ..closed(4, SECONDS) })?);

    if let Err(error) = typst {
        report.left_out("typst compile", &error.to_string());
    }
    let compile = || {
        let Ok(typst) = typst else { return Ok(None) };
        let inputs = inputs::write(PAGES)?;
        measure::single(&mut typst_compile(typst, &inputs, &folder.join("typst.pdf")), TYPST_RUNS).map(Some)
    };
    for connections in HALF_CONNECTIONS {
        let name = format!("half load, {connections} connections");
        told(&name);
        let before = compile()?;
        let outcome = load::run(&two, &Load { every: 2000.0 / double, ..closed(connections, HALF_SECONDS) })?;
        let typst = before.zip(compile()?).map(|(before, after)| between(&before, &after));
        report.load(&name, &outcome);
        report.inside(&name, &outcome);
        report.half_load(&name, &outcome, outcome.per_second / double, typst);
    }

    told("the long run");
    let (outcome, seen) = long_run(&two, &closed(LONG.0, LONG.1))?;
    report.load(&format!("{} connections, {} s", LONG.0, LONG.1), &outcome);
    report.memory(&seen, outcome.errors);
    Ok(alone.p50)
}

fn told(what: &str) {
    println!("service: {what}");
}

/// Models to send, one in each line: the document of the bench, and many that are unlike each other.
fn models(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let write = |name: &str, models: Vec<String>| {
        let path = folder.join(name);
        fs::write(&path, models.join("\n") + "\n").map_err(Error::at(&path)).map(|()| path)
    };
    let model = |number| inputs::report_json(&Content::other(PAGES, number).marked(MARK));
    Ok((write("model.jsonl", vec![model(0)])?, write("models.jsonl", (1..=DIFFERENT).map(model).collect())?))
}

/// The mean of two medians, in milliseconds.
fn between(before: &Measurement, after: &Measurement) -> f64 {
    (before.median + after.median).as_secs_f64() * 500.0
}

/// Memory in KiB and when it was looked at, in seconds.
type Seen = Vec<(u32, u64)>;

fn long_run(service: &Service, load: &Load<'_>) -> Result<(Outcome, Seen)> {
    let mut seen = vec![(0, memory::resident(service.process()))];
    let outcome = thread::scope(|scope| {
        let running = scope.spawn(|| load::run(service, load));
        let began = Instant::now();
        for second in LOOKS {
            thread::sleep(Duration::from_secs(second.into()).saturating_sub(began.elapsed()));
            seen.push((second, memory::resident(service.process())));
        }
        running.join().unwrap_or_else(|_| Err(Error::failed("the run ended early")))
    })?;
    Ok((outcome, seen))
}
