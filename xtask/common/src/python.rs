//! Python packages of the tests, each set in a virtual environment of its own.

use std::fs;
use std::process::Command;

use crate::error::{Error, Result};
use crate::{process, repo, tools};

/// A set of packages.
pub struct Set {
    /// Its folder among the tools.
    pub name: &'static str,
    /// Versions of all packages, those they need too.
    pub wanted: &'static str,
    /// What Python is called with, once, to see that all is there.
    pub probe: &'static [&'static str],
}

const SETS: &[Set] = &[
    // The test PKI and pyHanko.
    Set { name: "python", wanted: "tests/pki/requirements.txt", probe: &["-m", "pyhanko", "--version"] },
    Set { name: "schemathesis", wanted: "tests/service/requirements.txt", probe: &["-c", "import schemathesis.cli"] },
];

/// Installs the sets of the tests, unless that is done.
pub fn ensure() -> Result<()> {
    SETS.iter().try_for_each(install)
}

/// Installs a set, unless that is done.
pub fn install(set: &Set) -> Result<()> {
    let folder = tools::folder().join(set.name);
    let (wanted, installed) = (repo::root().join(set.wanted), folder.join("requirements.txt"));
    let same = matches!((fs::read(&installed), fs::read(&wanted)), (Ok(a), Ok(b)) if a == b);
    if same && folder.join("bin/python").exists() {
        return Ok(());
    }
    tools::ensure_signature_tools()?;
    repo::empty_folder(&folder)?;
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"]).arg(&wanted);
    process::run(&mut pip)?;
    // Without `--no-deps` nothing would be pinned; with it a package missing from the list has to be found here.
    process::run(Command::new(folder.join("bin/pip")).args(["check", "--disable-pip-version-check"]))?;
    process::run(Command::new(folder.join("bin/python")).args(set.probe))?;
    // Copied last: an installation that was cut off is not taken for a current one.
    fs::copy(&wanted, &installed).map_err(Error::at(&installed))?;
    Ok(())
}
