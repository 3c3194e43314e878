//! `sigill check`.

use std::path::PathBuf;

use clap::Args;
use sigill_make::orders::Lang;
use sigill_make::render::{RenderReport, check_report};

use crate::exit::{Exit, Stop};
use crate::inputs;
use crate::output::Format;
use crate::setup::SetupArgs;
use crate::summary::Summary;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Rapporter (.json), mappar, eller - för standard in · Reports, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Kommunprofil i stället för rapportens egen · Profile instead of the report's own
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    /// Hur anmärkningarna skrivs · How findings are written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Lang,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let inputs = inputs::expand(&args.inputs)?;
    let engine = args.setup.engine();
    let engine = engine.get()?;
    let mut summary = Summary::new(args.format, args.lang, inputs.len());
    for input in &inputs {
        let name = input.name();
        let report = match input.read() {
            Err(e) => RenderReport::failed(&name, format!("{name}: {}", e.joined())),
            Ok(model) => check_report(engine, &name, &model, input.folder(), args.profile.as_deref()),
        };
        summary.add(&report);
    }
    summary.checking = true;
    summary.finish()
}
