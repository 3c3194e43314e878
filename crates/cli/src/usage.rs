//! Help and usage errors in Swedish, with clap's English beside them.

use std::io::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _};

use crate::commands::Cli;
use crate::output::safe;

const WITH_COMMANDS: &str = "\
{about-with-newline}
Användning · Usage: {usage}

Kommandon · Commands:
{subcommands}

Val · Options:
{options}
";

const WITHOUT_COMMANDS: &str = "\
{about-with-newline}
Användning · Usage: {usage}

{all-args}
";

/// The command line with its help in both languages.
pub(crate) fn command() -> Command {
    bilingual(Cli::command()).disable_version_flag(true).arg(
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Visa version · Print version"),
    )
}

fn bilingual(command: Command) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpLong)
        .help_heading(OPTIONS)
        .help("Visa hjälp · Print help");
    // What can be done without a subcommand has arguments of its own to tell of.
    let groups_only = command.has_subcommands() && command.get_positionals().next().is_none();
    let template = if groups_only { WITH_COMMANDS } else { WITHOUT_COMMANDS };
    command
        .subcommand_help_heading("Kommandon · Commands")
        .help_template(template)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .mut_args(|a| {
            let heading = if a.is_positional() { "Argument · Arguments" } else { OPTIONS };
            a.help_heading(heading)
        })
        .arg(help)
        .mut_subcommands(bilingual)
}

const OPTIONS: &str = "Val · Options";

/// Reads the command line; ends the program when it asks for help or cannot be read.
pub(crate) fn parse() -> Cli {
    match command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // Nothing is left to do when standard error is closed.
                let _ = writeln!(std::io::stderr(), "sigill: {}", safe(&in_swedish(&error)));
            }
            error.exit()
        }
    }
}

fn in_swedish(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("okänt val ”{argument}”"),
        ErrorKind::InvalidSubcommand => format!("okänt kommando ”{}”", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("det fattas något: {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "säg vilket kommando som ska köras".into()
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("”{argument}” behöver ett värde"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("”{value}” duger inte för {argument}"),
        ErrorKind::ArgumentConflict => format!("{argument} går inte ihop med {}", context(ContextKind::PriorArg)),
        _ => "kommandot går inte att tolka".into(),
    };
    let suggestions = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    match suggestions.map(context).iter().find(|s| !s.is_empty()) {
        Some(meant) => format!("{message}; menade du ”{meant}”?"),
        None => message,
    }
}
