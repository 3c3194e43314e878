//! Warm renders in one process, measured for the benchmarks.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use sigill_layout::{Folder, Input, Options};
use sigill_make::engine::LazyEngine;
use sigill_make::files::read_report;
use sigill_make::orders::Settings;
use sigill_make::render::folder_of;
use sigill_model::json::{Node, NodeValue, Source};

use crate::exit::{Exit, Stop};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Rapport · Report
    pub(crate) input: PathBuf,
    /// Threads that render at once.
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: usize,
    /// Renders per thread.
    #[arg(long, default_value_t = 100)]
    pub(crate) renders: usize,
}

pub(crate) fn run(args: &BenchArgs) -> Result<Exit, Stop> {
    let engine = LazyEngine::new(Settings::default());
    let engine = engine.get()?;
    let bytes = read_report(&args.input).map_err(|e| Stop::outside(e.joined()))?;
    let files = Folder(folder_of(&args.input));
    let report = Source::parse(&bytes).root().cloned();
    let report = report.ok_or_else(|| Stop(Exit::Documents, "rapporten går inte att läsa; kör sigill check".into()))?;
    let render = &|number: usize| {
        let mut report = report.clone();
        vary(&mut report, number);
        // Read anew each time: that is part of a render.
        let source = Source::parse(report.to_json().as_bytes());
        engine.render(&Input { source: &source, files: &files }, &Options::default()).rendered.is_some()
    };
    if !render(0) {
        return Err(Stop(Exit::Documents, "rapporten har fel; kör sigill check".into()));
    }
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..args.threads.max(1) {
            let mut numbers = (1..=args.renders).map(move |n| thread * args.renders + n);
            scope.spawn(move || assert!(numbers.all(render), "renders like the first time"));
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    let renders = args.renders * args.threads.max(1);
    output::print(format!("{{\"renders\":{renders},\"seconds\":{seconds:.4}}}\n").as_bytes())?;
    Ok(Exit::Done)
}

/// Makes every running text another one: a document that was set before comes out of the cache, and no pipeline has
/// the same document twice.
fn vary(node: &mut Node, number: usize) {
    match &mut node.value {
        NodeValue::String(text) if text.contains(' ') && text.len() > 30 => {
            text.push_str(&format!(" Exemplar {number}."));
        }
        NodeValue::Array(items) => items.iter_mut().for_each(|item| vary(item, number)),
        NodeValue::Object(members) => members.iter_mut().for_each(|member| vary(&mut member.node, number)),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => {}
    }
}
