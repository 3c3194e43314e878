//! `sigill schema`.

use clap::Args;

use crate::exit::{Exit, Stop};
use crate::kinds::find;
use crate::output;
use crate::setup::LayoutDirs;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Dokumenttyp, se `sigill kinds` · Kind, see `sigill kinds`
    pub(crate) kind: String,
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Stop> {
    let kind = find(&args.dirs.layouts()?, &args.kind)?;
    let text = serde_json::to_string_pretty(kind.schema.root()).map_err(|e| Stop::outside(e.to_string()))?;
    output::print((text + "\n").as_bytes())?;
    Ok(Exit::Done)
}
