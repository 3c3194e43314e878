//! `sigill render`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use sigill_make::files::write_whole;
use sigill_make::orders::{DocumentOptions, Reserve, Standard};
use sigill_make::processes::{LocalAnswer, LocalOrder, LocalProtocol, Processes};
use sigill_make::render::{self, RenderReport};
use sigill_work::{Failure, Limits, Pool, in_parallel};

use crate::exit::{Exit, Stop};
use crate::inputs::{self, Input, Target};
use crate::output;
use crate::setup::SetupArgs;
use crate::summary::Summary;
use crate::told::ToldArgs;

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// Rapporter (.json), mappar, eller - för standard in · Reports, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Fil, mapp, eller - för standard ut; annars bredvid rapporten · File, folder or -; otherwise beside the report
    #[arg(short, long, value_name = "FIL|MAPP|-")]
    pub(crate) output: Option<PathBuf>,
    /// Kommunprofil i stället för rapportens egen · Profile instead of the report's own
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    /// a-2a+ua-1 | a-3a+ua-1 (modellen bifogas) | a-2u | a-1a | a-1b | none
    #[arg(long, value_enum, hide_possible_values = true, default_value = "a-2a+ua-1", value_name = "STANDARD")]
    pub(crate) standard: Standard,
    /// Underskriftsrutor som blir fält · Signature blocks that become fields
    #[arg(long, value_enum, default_value = "digital", value_name = "RUTOR")]
    pub(crate) reserve: Reserve,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    /// Antal arbetsprocesser · Number of worker processes
    #[arg(long, short, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64), value_name = "N")]
    pub(crate) jobs: u16,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

/// Orders after which a worker is replaced: none, a run ends.
const MOST_ORDERS: usize = usize::MAX;

pub(crate) fn run(args: &RenderArgs) -> Result<Exit, Stop> {
    let inputs = inputs::expand(&args.inputs)?;
    let targets = inputs::targets(&inputs, &args.inputs, args.output.as_deref())?;
    let options = DocumentOptions {
        profile: args.profile.clone(),
        standard: args.standard,
        reserve: args.reserve,
        max_pages: None,
    };
    let mut summary = Summary::new(args.told.format, args.told.lang, inputs.len());
    // PDF bytes and findings must not share standard output.
    summary.to_stderr = targets.contains(&Target::Stdout);
    let pairs: Option<Vec<_>> = inputs.iter().zip(&targets).map(from_file_to_file).collect();
    match pairs.filter(|pairs| args.jobs > 1 && pairs.len() > 1) {
        Some(pairs) => in_workers(args, pairs, &options, |report| summary.add(&report))?,
        None => {
            let engine = args.setup.engine();
            let engine = engine.get()?;
            for (input, target) in inputs.iter().zip(&targets) {
                summary.add(&here(engine, input, target, &options));
            }
        }
    }
    summary.finish()
}

fn from_file_to_file(pair: (&Input, &Target)) -> Option<(PathBuf, PathBuf)> {
    match pair {
        (Input::File { path, .. }, Target::File(target)) => Some((path.clone(), target.clone())),
        (Input::Stdin, _) | (_, Target::Stdout) => None,
    }
}

/// Renders one report in this process and writes its PDF.
fn here(engine: &sigill_layout::Engine, input: &Input, target: &Target, options: &DocumentOptions) -> RenderReport {
    if let (Input::File { path, .. }, Target::File(target)) = (input, target) {
        return render::file(engine, path, target, options);
    }
    let name = input.name();
    let model = match input.read() {
        Ok(model) => model,
        Err(e) => return RenderReport::failed(&name, format!("{name}: {}", e.joined())),
    };
    let (mut report, rendered) = render::report(engine, &name, &model, input.folder(), options);
    let Some(rendered) = rendered else { return report };
    let written = match target {
        Target::Stdout => output::print(&rendered.pdf).map(|()| "-".to_owned()),
        Target::File(path) => write_whole(path, &rendered.pdf).map(|()| path.display().to_string()).map_err(Stop::from),
    };
    match written {
        Ok(written) => report.output = Some(written),
        Err(Stop(_, why)) => return RenderReport { failure: Some(why), pages: 0, signatures: Vec::new(), ..report },
    }
    report
}

/// Renders reports in worker processes: two of them render twice as fast, where two threads share Typst's cache and
/// hardly gain; and a document that takes its process down takes no other document with it.
fn in_workers(
    args: &RenderArgs,
    pairs: Vec<(PathBuf, PathBuf)>,
    options: &DocumentOptions,
    tell: impl FnMut(RenderReport),
) -> Result<(), Stop> {
    let spec = Processes::of_this_program()?.spec::<LocalProtocol>(Arc::new(args.setup.settings()));
    let pool = Pool::new(spec, MOST_ORDERS);
    let render = |(input, output): &(PathBuf, PathBuf)| {
        let order = LocalOrder::RenderFile { input: input.clone(), output: output.clone(), options: options.clone() };
        let name = input.display().to_string();
        match pool.run::<&[u8]>(&order, &[], Limits::default(), &mut |_| ()) {
            Ok(frame) => match frame.message {
                LocalAnswer::Rendered { report } => report,
                LocalAnswer::Read { .. } => {
                    RenderReport::failed(&name, format!("{name}: arbetsprocessen svarade på annat"))
                }
            },
            Err(failure) => RenderReport::failed(&name, format!("{name}: {}", in_swedish(&failure))),
        }
    };
    in_parallel(&pairs, usize::from(args.jobs), render, tell);
    Ok(())
}

fn in_swedish(failure: &Failure) -> String {
    match failure {
        Failure::Start(e) => format!("arbetsprocessen startar inte: {e}"),
        Failure::Died(how) => format!("arbetsprocessen dog ({how})"),
        Failure::Late => "arbetsprocessen tog för lång tid".to_owned(),
        Failure::Frame(e) => format!("arbetsprocessen går inte att förstå: {e}"),
    }
}
