//! The project's own commands, run as `cargo xtask <command>`; [`COMMANDS`] is the list of them.
// The file system, the clock and the environment are what this program is for.
#![allow(clippy::disallowed_methods)]

mod bench;
mod claim;
mod dss;
#[cfg(test)]
mod manual;
mod pdf_checks;
mod steps;
mod tally;
mod tidy;
mod update;
mod verapdf;
mod web;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use xtask_common::error::Result;

/// One command.
struct Command {
    name: &'static str,
    /// What it takes, as a person would read it; empty for nothing.
    arguments: &'static str,
    /// What it does, in Markdown, for docs/testing.md.
    what: &'static str,
    run: fn(&[OsString]) -> ExitCode,
}

/// The commands. A new one is an entry here.
const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        arguments: "",
        what: "every check, in order: format, lints, house rules, tests, docs, PDF validation",
        run: |_| steps::run(steps::ALL),
    },
    Command {
        name: "soak",
        arguments: "",
        what: "the long rounds, which `cargo xtask test` leaves out: tests whose names begin with `soak` and that are ignored \
               otherwise. Many rounds of the service being killed, cut off and asked by many at once",
        run: |_| steps::run(steps::SOAK),
    },
    Command {
        name: "tidy",
        arguments: "",
        what: "the house rules alone, in a moment",
        run: |_| steps::run(steps::TIDY),
    },
    Command {
        name: "validate",
        arguments: "PATH...",
        what: "qpdf and veraPDF over PDF files and folders",
        run: validate,
    },
    Command {
        name: "update",
        arguments: "",
        what: "runs the tests with `SIGILL_UPDATE=1`, so that they rewrite their references, and shows what changed: \
               read it before committing",
        run: |_| exit_code(update::run()),
    },
    Command {
        name: "web",
        arguments: "",
        what: "writes the page's types of the service, and builds the page that the program carries",
        run: |_| exit_code(web::build()),
    },
    Command {
        name: "bench",
        arguments: "",
        what: "times the program against `typst compile` on the same text, packs beside qpdf and Ghostscript, signatures \
               beside pyHanko, and the service under load (wrk) beside WeasyPrint and Chromium, with medians and peak \
               memory; the first run builds the Typst command line, which takes long",
        run: bench::run,
    },
    Command { name: "bench", arguments: "service", what: "measures the service alone", run: bench::run },
    Command {
        name: "bench",
        arguments: "--against PATH",
        what: "times the program beside an older one, turn by turn: its start, a render, a pack of some 600 pages and a \
               second run of it. Keep a copy of the older program outside the target folder",
        run: bench::run,
    },
    Command {
        name: "bench-inputs",
        arguments: "",
        what: "writes the documents the bench sets to the folder bench-inputs in target",
        run: |_| bench::run(&["inputs".into()]),
    },
];

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let name = arguments.next();
    let rest: Vec<OsString> = arguments.collect();
    if matches!(name.as_deref().and_then(|name| name.to_str()), Some("help" | "--help" | "-h")) {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    match COMMANDS.iter().find(|command| name.as_deref().is_some_and(|name| name == command.name)) {
        Some(command) => (command.run)(&rest),
        None => wrong_usage(),
    }
}

/// The commands, with the start of what is said of each.
fn usage() -> String {
    let mut text = String::from("usage: cargo xtask <command>\n\n");
    for Command { name, arguments, what, .. } in COMMANDS {
        let short = what.split([':', ';', ',']).next().unwrap_or(what).replace('`', "");
        text.push_str(&format!("  {:<23} {short}\n", format!("{name} {arguments}")));
    }
    text
}

fn wrong_usage() -> ExitCode {
    eprint!("{}", usage());
    ExitCode::from(2)
}

fn validate(paths: &[OsString]) -> ExitCode {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    if paths.is_empty() { wrong_usage() } else { exit_code(pdf_checks::validate_paths(&paths)) }
}

fn exit_code(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
