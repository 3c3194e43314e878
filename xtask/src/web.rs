//! The web page: what is built from it, and what people do with it in real browsers.

use std::fs;
use std::path::{Path, PathBuf};

use xtask_common::error::{Error, Result};
use xtask_common::page::{ensure, folder, npm};
use xtask_common::{process, repo, tools};

/// Types, also that those of the service follow from its description, and unit tests; and that what is committed as built
/// is what the sources give.
pub fn page() -> Result<()> {
    ensure()?;
    process::run(&mut npm(["run", "--silent", "check"]))?;
    process::run(&mut npm(["run", "--silent", "unit"]))?;
    let built = repo::target().join("web-dist");
    repo::empty_folder(&built)?;
    build_in(&built)?;
    let (ours, theirs) = (contents(&folder().join("dist"))?, contents(&built)?);
    if ours == theirs {
        return Ok(());
    }
    let differ: Vec<_> = ours.iter().chain(&theirs).filter(|f| !(ours.contains(f) && theirs.contains(f))).collect();
    let mut names: Vec<_> = differ.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    Err(Error::failed(format!(
        "web/dist is not what web/src gives (`cargo xtask web` builds it): {}",
        names.join(", ")
    )))
}

/// Builds the page where it is kept, after writing its types of the service.
pub fn build() -> Result<()> {
    ensure()?;
    process::run(&mut npm(["run", "--silent", "types"]))?;
    build_in(&folder().join("dist"))
}

fn build_in(target: &Path) -> Result<()> {
    let mut command = npm(["run", "--silent", "build", "--", "--emptyOutDir", "--outDir"]);
    process::run(command.arg(target))
}

fn contents(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let files = repo::files_under(folder, "")?;
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        fs::read(path).map(|bytes| (name, bytes)).map_err(Error::at(path))
    };
    files.iter().map(read).collect()
}

/// What people do with the page, in Chromium and Firefox, against the program itself.
pub fn journeys() -> Result<()> {
    ensure()?;
    tools::ensure_browsers()?;
    let program = repo::release().join("sigill");
    for script in ["journeys", "journeys:firefox"] {
        process::run(npm(["run", "--silent", script]).env("SIGILL_BIN", &program))?;
    }
    Ok(())
}
