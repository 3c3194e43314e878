//! The packages that the web page is built and tested with.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::{process, repo, tools};

/// Where the page's sources are.
pub fn folder() -> PathBuf {
    repo::root().join("web")
}

/// npm, started where the page is.
pub fn npm<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder());
    command
}

/// Installs the packages that `web/package-lock.json` names, unless that is done.
///
/// # Errors
/// Node is missing, or npm cannot install them.
pub fn ensure() -> Result<()> {
    tools::ensure_node_tools()?;
    let (lock, installed) = (folder().join("package-lock.json"), folder().join("node_modules/.sigill-lock"));
    if matches!((fs::read(&lock), fs::read(&installed)), (Ok(a), Ok(b)) if a == b) {
        return Ok(());
    }
    process::run(&mut npm(["ci", "--no-audit", "--no-fund"])).map_err(|e| Error::MissingTool(format!("npm ({e})")))?;
    // Copied last: an installation that was cut off is not taken for a current one.
    fs::copy(&lock, &installed).map_err(Error::at(&installed))?;
    Ok(())
}
