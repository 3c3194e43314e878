//! `sigill new`.

use clap::Args;

use crate::exit::{Exit, Stop};
use crate::kinds::find;
use crate::output;
use crate::setup::LayoutDirs;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Dokumenttyp, se `sigill kinds` · Kind, see `sigill kinds`
    pub(crate) kind: String,
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
}

pub(crate) fn run(args: &NewArgs) -> Result<Exit, Stop> {
    let layouts = args.dirs.layouts()?;
    let kind = find(&layouts, &args.kind)?;
    let example = layouts.read(&format!("kinds/{}/example.json", kind.name));
    let example = example.ok_or_else(|| Stop::usage(format!("dokumenttypen {} har ingen mall", kind.name)))?;
    output::print(example)?;
    Ok(Exit::Done)
}
