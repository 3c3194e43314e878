//! Warm renders in one process, measured for the benchmarks.

use std::time::Instant;

use sigill_layout::{Folder, Input as Report, Options};

use crate::args::{BenchArgs, SetupArgs};
use crate::inputs::Input;
use crate::{Exit, Stop, output, setup};

pub(crate) fn run(args: &BenchArgs) -> Result<Exit, Stop> {
    let engine = setup::engine(&SetupArgs::default())?;
    let input = Input::File { relative: args.input.clone(), path: args.input.clone() };
    let bytes = input.read().map_err(Stop::outside)?;
    let files = Folder(input.folder());
    let render = || engine.render(&Report { bytes: &bytes, files: &files }, &Options::default()).rendered.is_some();
    if !render() {
        return Err(Stop(Exit::Documents, "rapporten har fel; kör sigill check".into()));
    }
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..args.threads.max(1) {
            scope.spawn(|| (0..args.renders).for_each(|_| assert!(render(), "renders like the first time")));
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    let renders = args.renders * args.threads.max(1);
    output::print(format!("{{\"renders\":{renders},\"seconds\":{seconds:.4}}}\n").as_bytes())?;
    Ok(Exit::Done)
}
