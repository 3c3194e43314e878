//! `sigill completions`.

use clap::{Args, Command};

use crate::exit::{Exit, Stop};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Skal · Shell
    pub(crate) shell: clap_complete::Shell,
}

pub(crate) fn run(args: &CompletionsArgs, mut command: Command) -> Result<Exit, Stop> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "sigill", &mut text);
    output::print(&text)?;
    Ok(Exit::Done)
}
