//! What only these measurements need, fetched when it is missing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::{process, repo, tools, web};

/// Libraries that WeasyPrint opens while it runs.
const PANGO: [&str; 3] = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"];

/// The load tool.
pub fn wrk() -> Result<()> {
    if tools::is_installed("wrk") || debian(&["wrk"]) && tools::is_installed("wrk") {
        return Ok(());
    }
    Err(Error::MissingTool("wrk (Debian: apt-get install wrk)".to_owned()))
}

/// Node's driver of browsers, from the packages of the web page.
pub fn puppeteer() -> Result<()> {
    if repo::root().join("web/node_modules/puppeteer-core").is_dir() { Ok(()) } else { web::ensure() }
}

/// A browser.
pub fn chromium() -> Result<&'static str> {
    if tools::is_installed("chromium") || debian(&["chromium"]) && tools::is_installed("chromium") {
        return Ok("/usr/bin/chromium");
    }
    Err(Error::MissingTool("chromium (Debian: apt-get install chromium)".to_owned()))
}

/// WeasyPrint in a virtual environment of its own, pinned with all it needs; the environment's Python.
pub fn weasyprint() -> Result<PathBuf> {
    let folder = tools::folder().join("weasyprint");
    let python = folder.join("bin/python");
    let (wanted, installed) = (repo::root().join("xtask/bench/weasyprint.txt"), folder.join("requirements.txt"));
    if matches!((fs::read(&wanted), fs::read(&installed)), (Ok(a), Ok(b)) if a == b) && python.exists() {
        return Ok(python);
    }
    tools::ensure_signature_tools()?;
    repo::empty_folder(&folder)?;
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"]).arg(&wanted);
    process::run(&mut pip)?;
    process::run(Command::new(folder.join("bin/pip")).args(["check", "--disable-pip-version-check"]))?;
    let probe = || process::output(Command::new(&python).args(["-c", "import weasyprint"]));
    if probe().is_err() {
        debian(&PANGO);
        probe().map_err(|error| Error::MissingTool(format!("{} ({error})", PANGO.join(", "))))?;
    }
    // Copied last: an installation that was cut off is not taken for a current one.
    fs::copy(&wanted, &installed).map_err(Error::at(&installed))?;
    Ok(python)
}

/// Installs Debian packages, if this user may. True if apt says that it did.
fn debian(packages: &[&str]) -> bool {
    let is_root = process::output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0");
    if !is_root || !tools::is_installed("apt-get") {
        return false;
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        process::run(command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q").args(arguments))
    };
    apt(&["update"]).and_then(|()| apt(&[&["install", "-y"], packages].concat())).is_ok()
}
