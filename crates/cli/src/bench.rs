//! Warm renders in one process, measured for the benchmarks.

use std::time::Instant;

use serde_json::Value;
use sigill_layout::{Folder, Input as Report, Options};
use sigill_model::json::Source;

use crate::args::{BenchArgs, SetupArgs};
use crate::inputs::Input;
use crate::{Exit, Stop, output, setup};

pub(crate) fn run(args: &BenchArgs) -> Result<Exit, Stop> {
    let engine = setup::engine(&SetupArgs::default())?;
    let input = Input::File { relative: args.input.clone(), path: args.input.clone() };
    let bytes = input.read().map_err(Stop::outside)?;
    let files = Folder(input.folder());
    let report: Value = serde_json::from_slice(&bytes).map_err(|e| Stop(Exit::Documents, e.to_string()))?;
    let render = &|number: usize| {
        let mut report = report.clone();
        vary(&mut report, number);
        let source = Source::parse(report.to_string().as_bytes());
        engine.render(&Report { source: &source, files: &files }, &Options::default()).rendered.is_some()
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
fn vary(value: &mut Value, number: usize) {
    match value {
        Value::String(text) if text.contains(' ') && text.len() > 30 => text.push_str(&format!(" Exemplar {number}.")),
        Value::Array(items) => items.iter_mut().for_each(|v| vary(v, number)),
        Value::Object(members) => members.values_mut().for_each(|v| vary(v, number)),
        _ => {}
    }
}
