//! `cargo xtask bench`: a program of its own, which is compiled when somebody measures and not before.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use xtask_common::process;

/// Builds the bench and runs it where the caller stands, so that paths mean what they say.
pub fn run(arguments: &[OsString]) -> ExitCode {
    let mut bench = process::cargo(["run", "--quiet", "--release", "--package", "xtask-bench", "--"]);
    bench.args(arguments);
    match env::current_dir().and_then(|here| bench.current_dir(here).status()) {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("error: could not start `{}`: {error}", process::shown(&bench));
            ExitCode::FAILURE
        }
    }
}
