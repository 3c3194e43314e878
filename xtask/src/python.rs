//! Python packages of the tests: the test PKI and pyHanko, in a virtual environment of their own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::{process, repo, tools};

/// Versions of all packages, those they need too.
fn wanted() -> PathBuf {
    repo::root().join("tests/pki/requirements.txt")
}

/// Installs the packages, unless that is done.
pub fn ensure() -> Result<()> {
    let folder = tools::folder().join("python");
    let installed = folder.join("requirements.txt");
    let same = matches!((fs::read(&installed), fs::read(wanted())), (Ok(a), Ok(b)) if a == b);
    if same && folder.join("bin/python").exists() {
        return Ok(());
    }
    tools::ensure_signature_tools()?;
    repo::empty_folder(&folder)?;
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"]).arg(wanted());
    process::run(&mut pip)?;
    // Without `--no-deps` nothing would be pinned; with it a package missing from the list has to be found here.
    process::run(Command::new(folder.join("bin/pip")).args(["check", "--disable-pip-version-check"]))?;
    process::run(Command::new(folder.join("bin/python")).args(["-m", "pyhanko", "--version"]))?;
    // Copied last: an installation that was cut off is not taken for a current one.
    fs::copy(wanted(), &installed).map_err(Error::at(&installed))?;
    Ok(())
}
