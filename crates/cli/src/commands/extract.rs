//! `sigill extract`.

use std::path::PathBuf;

use clap::Args;
use sigill_layout::{ExtractError, extract_model};
use sigill_make::files::{read, write_whole};
use sigill_messages::joined;

use crate::exit::{Exit, Stop};
use crate::messages::extract as texts;
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// PDF-fil · PDF file
    pub(crate) pdf: PathBuf,
    /// Fil att skriva till; annars standard ut · File to write; otherwise standard output
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: Option<PathBuf>,
}

pub(crate) fn run(args: &ExtractArgs) -> Result<Exit, Stop> {
    if let Some(output) = &args.output {
        output::differ(&[&args.pdf], &[output])?;
    }
    let pdf = read(&args.pdf)?;
    let model = extract_model(&pdf).map_err(|error| {
        let why = match error {
            ExtractError::NotPdf(reason) => joined(&texts::NotPdf { reason: &reason }),
            ExtractError::NoModel => joined(&texts::NoModel),
        };
        Stop(Exit::Documents, format!("{}: {why}", args.pdf.display()))
    })?;
    match &args.output {
        Some(path) => write_whole(path, &model)?,
        None => output::print(&model)?,
    }
    Ok(Exit::Done)
}
