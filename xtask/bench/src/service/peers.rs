//! What others take to make the same document out of HTML.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use xtask_common::error::{Error, Result};
use xtask_common::{process, repo};

use super::{memory, provide};
use crate::content::{Content, MARK};
use crate::programs::pages;
use crate::{html, measure};

/// The richest variant that WeasyPrint makes; it makes one at a time.
const VARIANT: &str = "pdf/a-2a";
/// Timed documents of each.
const RUNS: usize = 21;
/// Timed runs as a process.
const PROCESS_RUNS: usize = 5;

/// Another program.
pub struct Peer {
    /// What it is, and how it was used.
    pub name: &'static str,
    /// How it did; an error says why it was not measured.
    pub outcome: Result<Outcome>,
}

/// How it did.
pub struct Outcome {
    /// Median in milliseconds.
    pub median: f64,
    /// Peak memory in KiB.
    pub peak: u64,
    /// Pages of what it made.
    pub pages: String,
}

/// Measures them all.
pub fn measure(pages: u32, folder: &Path) -> Result<Vec<Peer>> {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(Error::at(&path)).map(|()| path)
    };
    let style = write("page.css", &html::style())?;
    let page = write("page.html", &html::page(&Content::of(pages).marked(MARK)))?;
    Ok(vec![
        Peer { name: "WeasyPrint, warm, pdf/a-2a", outcome: weasyprint_warm(&page, &style, folder) },
        Peer { name: "WeasyPrint, as a process, pdf/a-2a", outcome: weasyprint_process(&page, folder) },
        Peer { name: "Chromium, warm, a tab each", outcome: chromium(&page, folder) },
    ])
}

fn helper(name: &str) -> PathBuf {
    repo::root().join("xtask/bench").join(name)
}

fn weasyprint_warm(page: &Path, style: &Path, folder: &Path) -> Result<Outcome> {
    let pdf = folder.join("weasyprint-warm.pdf");
    let mut command = Command::new(provide::weasyprint()?);
    command.arg(helper("weasyprint_warm.py")).arg(page).arg(style).arg(&pdf).args([VARIANT, &RUNS.to_string()]);
    watched(&mut command, &folder.join("weasyprint.log"), memory::resident).map(|(median, peak)| Outcome {
        median,
        peak,
        pages: pages(&pdf),
    })
}

fn weasyprint_process(page: &Path, folder: &Path) -> Result<Outcome> {
    let pdf = folder.join("weasyprint.pdf");
    let mut command = Command::new(provide::weasyprint()?);
    command.args(["-m", "weasyprint", "--quiet", "--pdf-variant", VARIANT]).arg(page).arg(&pdf);
    let measured = measure::single(&mut command, PROCESS_RUNS)?;
    let median = measured.median.as_secs_f64() * 1000.0;
    Ok(Outcome { median, peak: measured.peak.unwrap_or(0), pages: pages(&pdf) })
}

fn chromium(page: &Path, folder: &Path) -> Result<Outcome> {
    let pdf = folder.join("chromium.pdf");
    let mut command = Command::new("node");
    command.arg(helper("chromium.mjs")).arg(page).arg(&pdf).args([provide::chromium()?, &RUNS.to_string()]);
    // Node only drives the browser.
    watched(&mut command, &folder.join("chromium.log"), memory::resident_below).map(|(median, peak)| Outcome {
        median,
        peak,
        pages: pages(&pdf),
    })
}

/// Runs a program that prints its median, and looks at its memory ten times a second.
fn watched(command: &mut Command, log: &Path, memory: impl Fn(u32) -> u64) -> Result<(f64, u64)> {
    let shown = process::shown(command);
    println!("$ {shown}");
    let failed = |what: String| Error::failed(format!("`{shown}`: {what}"));
    let errors = fs::File::create(log).map_err(Error::at(log))?;
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn();
    let mut child = started.map_err(|error| failed(error.to_string()))?;
    let mut peak = 0;
    while matches!(child.try_wait(), Ok(None)) {
        peak = peak.max(memory(child.id()));
        thread::sleep(Duration::from_millis(100));
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(format!("ended with {}; see {}", output.status, repo::shown(log))));
    }
    let json: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    let median = json.and_then(|json| json.get("median")?.as_f64());
    median.map(|median| (median, peak)).ok_or_else(|| failed("not the output expected".to_owned()))
}
