//! `cargo xtask test`: every check, in order, and a summary. A failing step does not stop the ones after it.

use std::env;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use xtask_common::error::{Error, Result};
use xtask_common::{page, process, python, repo, tools};

use crate::tally::Tally;
use crate::{dss, pdf_checks, tidy, verapdf, web};

/// One step: a heading of its own in the output and a line in the summary.
pub struct Step {
    pub name: &'static str,
    /// What must hold, in Markdown, for docs/testing.md.
    pub holds: &'static str,
    run: fn() -> Result<Tally>,
}

/// The steps of `cargo xtask test`. A new check is an entry here.
pub const ALL: &[Step] = &[
    Step {
        name: "tools",
        holds: "qpdf, poppler-utils, mutool, Node, Java, Maven, Python, OpenSSL, SoftHSM2, PostgreSQL, Chromium and Firefox \
                are there (installed with apt when run as root); veraPDF, pdf.js, pyHanko, certomancer, DSS, schemathesis \
                and the page's packages are fetched on the first run",
        run: fetch_tools,
    },
    Step { name: "format", holds: "`cargo fmt --check`", run: format },
    Step { name: "clippy", holds: "no warning from clippy", run: clippy },
    TIDY_STEP,
    Step {
        name: "page",
        holds: "its types, of which those of the service follow from `web/openapi.json`; its unit tests; `web/dist` is byte for byte what its sources give",
        run: || one(web::page()),
    },
    Step {
        name: "build",
        holds: "the program and its tests compile, optimised, since typesetting is slow otherwise",
        run: build,
    },
    Step {
        name: "tests",
        holds: "every test, against that program; of keys in hardware too (feature `pkcs11`), with SoftHSM2 in their place",
        run: tests,
    },
    Step {
        name: "browser",
        holds: "what people do with the page, in Chromium and Firefox, against the program itself",
        run: || one(web::journeys()),
    },
    Step { name: "docs", holds: "`cargo doc` without warnings", run: docs },
    Step { name: "fixtures", holds: "the models under `fixtures/` render", run: fixtures },
    Step { name: "qpdf", holds: "`qpdf --check` finds neither error nor warning in any PDF", run: pdf_checks::qpdf },
    Step { name: "veraPDF", holds: "every PDF keeps to the standards it claims", run: pdf_checks::verapdf },
];

/// The steps of `cargo xtask tidy`.
pub const TIDY: &[Step] = &[TIDY_STEP];

/// The steps of `cargo xtask soak`.
pub const SOAK: &[Step] =
    &[Step { name: "soak", holds: "the long rounds: nothing is lost and nothing doubled, whatever dies", run: soak }];

const TIDY_STEP: Step = Step {
    name: "tidy",
    holds: "the house rules in `xtask/src/tidy.rs`: file length, unfinished work, white space, font licences, paths and \
            links in Markdown, which crate may use which, no circles between files, an example in every library",
    run: tidy::run,
};

/// Folders of models that must render as they are.
const FIXTURES: [&str; 2] = ["fixtures/botkyrka-sn-2013-05-28", "fixtures/exempel"];

/// Runs the steps and prints how it went.
pub fn run(steps: &[Step]) -> ExitCode {
    let start = Instant::now();
    let mut total = Tally::default();
    let mut summary = Vec::new();
    for step in steps {
        println!("\n=== {}: {}", step.name, step.holds);
        let step_start = Instant::now();
        let (outcome, tally) = judge((step.run)(), is_ci());
        let line = format!("{:<9} {:<7} {:>8}", step.name, outcome, seconds(step_start.elapsed()));
        println!("--- {line}");
        summary.push(line);
        total.add(tally);
    }
    println!("\n=== summary\n{}", summary.join("\n"));
    println!("\n{}", result_line(total, start.elapsed()));
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A word for how the step went, and its checks. A missing tool fails the step only where nobody would read the warning.
fn judge(result: Result<Tally>, ci: bool) -> (&'static str, Tally) {
    match result {
        Ok(tally) if tally.failed > 0 => ("FAILED", tally),
        Ok(tally) => ("ok", tally),
        Err(error @ Error::MissingTool(_)) if !ci => skipped(&error),
        Err(error @ Error::MissingComponent(_)) => skipped(&error),
        Err(error) => {
            println!("error: {error}");
            ("FAILED", Tally::ONE_FAILED)
        }
    }
}

fn skipped(error: &Error) -> (&'static str, Tally) {
    println!("!!!\n!!! SKIPPED, NOTHING WAS CHECKED: {error}\n!!!");
    ("SKIPPED", Tally::ONE_IGNORED)
}

fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn result_line(total: Tally, time: Duration) -> String {
    let word = if total.failed == 0 { "ok" } else { "FAILED" };
    let Tally { passed, failed, ignored } = total;
    let time = time.as_secs_f64();
    format!("test result: {word}. {passed} passed; {failed} failed; {ignored} ignored; finished in {time:.2}s")
}

fn one(result: Result<()>) -> Result<Tally> {
    result.map(|()| Tally::ONE_PASSED)
}

/// First, so that what cannot be fetched is known before the long steps, and the tests find the programs.
fn fetch_tools() -> Result<Tally> {
    let signatures = python::ensure().and(dss::ensure()).and(tools::ensure_token_tools());
    let service = tools::ensure_postgresql().and(tools::ensure_browsers()).and(page::ensure());
    one(tools::ensure_pdf_tools().and(tools::ensure_pdfjs()).and(verapdf::ensure()).and(signatures).and(service))
}

fn format() -> Result<Tally> {
    component("rustfmt", "fmt")?;
    one(process::run(&mut process::cargo(["fmt", "--all", "--check"])))
}

fn clippy() -> Result<Tally> {
    component("clippy", "clippy")?;
    // The profile of the build, so that what C code is built and run on the way is built once.
    let mut command = process::cargo(["clippy", "--release", "--workspace", "--all-targets"]);
    // What is behind a feature is looked at here too.
    one(process::run(command.args(["--features", "sigill/pkcs11", "--", "-D", "warnings"])))
}

/// Sees that a part of the toolchain is there, and asks rustup for it if not.
fn component(name: &str, cargo_command: &str) -> Result<()> {
    let works = || process::succeeds(&mut process::cargo([cargo_command, "--version"]));
    let added = || tools::is_installed("rustup") && add_component(name) && works();
    if works() || added() { Ok(()) } else { Err(Error::MissingComponent(name.to_owned())) }
}

fn add_component(name: &str) -> bool {
    process::run(Command::new("rustup").args(["component", "add", name])).is_ok()
}

/// Builds the program together with its tests, so that both have the same features and nothing is compiled twice.
/// Optimised, since typesetting is slow otherwise.
fn build() -> Result<Tally> {
    one(process::run(&mut cargo_test(["--no-run"])))
}

/// `cargo test` as every step runs it: over all packages, since cargo unifies features over those that are chosen, and
/// another choice compiles hundreds of dependencies anew. Keys in hardware are behind a feature that adds little.
pub fn cargo_test<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = process::cargo(["test", "--workspace", "--release", "--features", "sigill-sign/pkcs11"]);
    command.args(arguments);
    command
}

fn tests() -> Result<Tally> {
    let pdfs = repo::test_pdfs();
    repo::empty_folder(&pdfs)?;
    let mut command = cargo_test(["--no-fail-fast"]);
    command.env("SIGILL_PDF_DIR", &pdfs).env("PATH", tools::search_path()?);
    counted(&mut command)
}

fn soak() -> Result<Tally> {
    tools::ensure_postgresql()?;
    // One after another: each is as much as the machine can do.
    let mut command = cargo_test(["--no-fail-fast", "--", "--ignored", "--test-threads=1", "soak"]);
    counted(command.env("PATH", tools::search_path()?))
}

/// Runs tests, and counts them.
fn counted(command: &mut Command) -> Result<Tally> {
    let mut tally = Tally::default();
    let all_well = process::run_reading(command, |line| tally.add(test_result(line).unwrap_or_default()))?;
    // Tests that did not compile, or a test program that died, leave no line to count.
    if !all_well && tally.failed == 0 {
        tally.failed = 1;
    }
    if all_well && tally.passed == 0 {
        return Err(Error::failed("no test ran"));
    }
    Ok(tally)
}

/// The counts of a line `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
fn test_result(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut tally = Tally::default();
    for part in counts.split("; ") {
        match part.split_once(' ') {
            Some((count, "passed")) => tally.passed = count.parse().ok()?,
            Some((count, "failed")) => tally.failed = count.parse().ok()?,
            Some((count, "ignored")) => tally.ignored = count.parse().ok()?,
            _ => {}
        }
    }
    Some(tally)
}

fn docs() -> Result<Tally> {
    let mut command = process::cargo(["doc", "--release", "--workspace", "--no-deps"]);
    one(process::run(command.env("RUSTDOCFLAGS", "-D warnings")))
}

fn fixtures() -> Result<Tally> {
    let mut command = Command::new(repo::release().join("sigill"));
    command.arg("render").current_dir(repo::root());
    command.args(FIXTURES).arg("-o").arg(repo::test_pdfs().join("fixtures"));
    one(process::run(&mut command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_cargos_result_line() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(test_result(line), Some(Tally { passed: 12, failed: 2, ignored: 1 }));
        assert_eq!(test_result("test tidy::tests::x ... ok"), None);
    }

    #[test]
    fn a_missing_tool_fails_only_under_ci() {
        let missing = || Err(Error::MissingTool("qpdf".to_owned()));
        assert_eq!(judge(missing(), false), ("SKIPPED", Tally::ONE_IGNORED));
        assert_eq!(judge(missing(), true), ("FAILED", Tally::ONE_FAILED));
    }

    #[test]
    fn one_failed_check_fails_the_run() {
        let total = Tally { passed: 4, failed: 1, ignored: 0 };
        let line = result_line(total, Duration::from_millis(1500));
        assert_eq!(line, "test result: FAILED. 4 passed; 1 failed; 0 ignored; finished in 1.50s");
        assert_eq!(judge(Ok(total), false).0, "FAILED");
    }
}
