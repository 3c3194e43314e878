//! `cargo xtask update`: the only way references are written.

use std::process::Command;

use xtask_common::error::Result;
use xtask_common::{process, repo, tools};

use crate::steps;

/// Runs the tests with leave to rewrite their references, then shows what changed.
pub fn run() -> Result<()> {
    let mut tests = steps::cargo_test(["--no-fail-fast"]);
    tests.env("SIGILL_UPDATE", "1").env("PATH", tools::search_path()?);
    let tested = process::run(&mut tests);
    // Shown also after a failure: some references may have been written.
    process::run(Command::new("git").args(["status", "--short"]).current_dir(repo::root()))?;
    tested
}
