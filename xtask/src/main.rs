//! The project's own commands, run as `cargo xtask <command>`.
//!
//! | command | what it does |
//! | --- | --- |
//! | `test` | every check, in order; the one that must be green |
//! | `tidy` | the house rules alone |
//! | `validate PATH...` | qpdf and veraPDF over PDF files and folders |
//! | `update` | lets the tests rewrite their references |
//! | `web` | builds the web page that the program carries |
//! | `bench` | measures the program against `typst compile`, and its service under load |
//! | `bench-inputs` | writes the documents that `bench` sets |
// The file system, the clock and the environment are what this program is for.
#![allow(clippy::disallowed_methods)]

mod bench;
mod claim;
mod dss;
mod error;
mod pdf_checks;
mod process;
mod python;
mod repo;
mod steps;
mod tidy;
mod tools;
mod update;
mod verapdf;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  test               every check: format, lints, house rules, tests, docs, PDF validation
  tidy               the house rules alone
  validate PATH...   qpdf and veraPDF over PDF files and folders
  update             run the tests so that they rewrite their references
  web                build the web page that the program carries
  bench              measure against `typst compile`, and the service under load
  bench service      the service alone
  bench-inputs       write the documents that bench sets, and measure nothing
";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next();
    let rest: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    match command.as_deref().and_then(|name| name.to_str()) {
        Some("test") => steps::run(steps::ALL),
        Some("tidy") => steps::run(steps::TIDY),
        Some("validate") if !rest.is_empty() => exit_code(pdf_checks::validate_paths(&rest)),
        Some("update") => exit_code(update::run()),
        Some("web") => exit_code(web::build()),
        Some("bench-inputs") => exit_code(bench::write_inputs()),
        Some("bench") => exit_code(bench::run(&rest)),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn exit_code(result: error::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
