//! `sigill extract`.

use std::path::PathBuf;

use clap::Args;
use sigill_make::files::{read, write_whole};

use crate::exit::{Exit, Stop};
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
    let model = sigill_layout::extract_model(&pdf)
        .map_err(|e| Stop(Exit::Documents, format!("{}: {e}", args.pdf.display())))?;
    match &args.output {
        Some(path) => write_whole(path, &model)?,
        None => output::print(&model)?,
    }
    Ok(Exit::Done)
}
