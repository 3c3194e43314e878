//! What only these measurements need, fetched when it is missing.

use std::path::PathBuf;

use xtask_common::error::Result;
use xtask_common::python::{self, Set};
use xtask_common::{page, tools};

/// WeasyPrint; the libraries it opens while it runs are Debian's.
const WEASYPRINT: Set =
    Set { name: "weasyprint", wanted: "xtask/bench/weasyprint.txt", probe: &["-c", "import weasyprint"] };

/// Node's driver of browsers, from the packages of the web page, and a browser.
pub fn chromium() -> Result<&'static str> {
    page::ensure()?;
    tools::ensure_browsers()?;
    Ok("/usr/bin/chromium")
}

/// WeasyPrint in a virtual environment of its own, pinned with all it needs; the environment's Python.
pub fn weasyprint() -> Result<PathBuf> {
    tools::ensure_pango();
    python::install(&WEASYPRINT)?;
    Ok(tools::folder().join(WEASYPRINT.name).join("bin/python"))
}
