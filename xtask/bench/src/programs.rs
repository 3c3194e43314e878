//! The programs that are measured, and how they are called.

use std::path::{Path, PathBuf};
use std::process::Command;

use xtask_common::error::Result;
use xtask_common::{process, repo, tools};

use crate::inputs::Inputs;

/// The Typst command line of the version the program is built on.
const TYPST_CLI_VERSION: &str = "0.15.1";

/// The program as it is in this working copy.
pub fn sigill() -> PathBuf {
    repo::release().join("sigill")
}

/// A document, set by the program.
pub fn render(input: &Path, output: &Path) -> Command {
    render_with(&sigill(), input, output)
}

/// A document, set by a program like it.
pub fn render_with(program: &Path, input: &Path, output: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("render").arg(input).arg("-o").arg(output).current_dir(repo::root());
    command
}

/// The Typst command line, built unless that is done.
pub fn ensure_typst_cli() -> Result<PathBuf> {
    let program = tools::typst_cli_root().join("bin/typst");
    let wanted = format!("typst {TYPST_CLI_VERSION} ");
    if !process::output(Command::new(&program).arg("--version")).is_ok_and(|version| version.starts_with(&wanted)) {
        let mut install =
            process::cargo(["install", "typst-cli", "--version", TYPST_CLI_VERSION, "--locked", "--root"]);
        process::run(install.arg(tools::typst_cli_root()))?;
    }
    Ok(program)
}

/// The same document, set by the Typst command line.
pub fn typst_compile(typst: &Path, inputs: &Inputs, pdf: &Path) -> Command {
    let mut compile = Command::new(typst);
    compile.args(["compile", "--pdf-standard", "a-2a,ua-1"]);
    // Both read the same few fonts: searching the machine for more would count against Typst alone.
    compile.arg("--ignore-system-fonts").arg("--font-path").arg(repo::root().join("fonts"));
    compile.arg(&inputs.typst).arg(pdf);
    compile
}

/// Pages of the file, so that a reader sees that both did the same work.
pub fn pages(pdf: &Path) -> String {
    let info = process::output(Command::new("pdfinfo").arg(pdf)).unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("Pages:"));
    line.map_or_else(|| "?".to_owned(), |count| count.trim().to_owned())
}
