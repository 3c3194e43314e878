//! `sigill help`.

use clap::{Args, Command};

use crate::exit::{Exit, Stop};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// Kommandot, till exempel layouts new · The command, such as layouts new
    #[arg(value_name = "KOMMANDO")]
    pub(crate) words: Vec<String>,
}

/// Prints the help of a command, or of the program when none is named.
pub(crate) fn run(args: &HelpArgs, mut program: Command) -> Result<Exit, Stop> {
    program.build();
    let mut command = &mut program;
    for word in &args.words {
        command = command
            .find_subcommand_mut(word)
            .filter(|found| !found.is_hide_set())
            .ok_or_else(|| Stop::usage(format!("okänt kommando ”{word}”; sigill help visar alla")))?;
    }
    output::print(command.render_long_help().to_string().as_bytes())?;
    Ok(Exit::Done)
}
