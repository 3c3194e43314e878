//! The European Commission's DSS, which judges signatures in the tests: fetched and compiled once.

use std::fs;
use std::process::Command;

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo, tools};

/// Files that decide what is installed: if one changes, it is installed anew.
const SOURCES: [&str; 2] = ["pom.xml", "Judge.java"];

/// Fetches and compiles what is needed, unless that is done.
pub fn ensure() -> Result<()> {
    let (folder, sources) = (tools::folder().join("dss"), repo::root().join("xtask/dss"));
    let is_current = SOURCES.iter().all(|name| {
        let found = (fs::read(folder.join(name)), fs::read(sources.join(name)));
        matches!(found, (Ok(installed), Ok(wanted)) if installed == wanted)
    });
    if is_current && tools::is_installed("java") {
        return Ok(());
    }
    tools::ensure_java_tools()?;
    repo::empty_folder(&folder)?;
    let jars = folder.join("jars");
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--quiet", "--strict-checksums", "--file"])
        .arg(sources.join("pom.xml"))
        .arg("dependency:copy-dependencies")
        .arg(format!("-DoutputDirectory={}", jars.display()));
    process::run(&mut maven)?;
    let mut compiler = Command::new("javac");
    compiler.arg("-cp").arg(jars.join("*")).arg("-d").arg(folder.join("classes"));
    process::run(compiler.arg(sources.join("Judge.java")))?;
    // Copied last: an installation that was cut off is not taken for a current one.
    for name in SOURCES {
        let copy = folder.join(name);
        fs::copy(sources.join(name), &copy).map_err(Error::at(&copy))?;
    }
    Ok(())
}
