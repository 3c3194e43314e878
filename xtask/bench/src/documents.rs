//! Documents: beside `typst compile` on the same text, in batches, and in one process.

use std::path::Path;
use std::process::Command;

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo};

use crate::inputs::{self, Inputs};
use crate::measure::{self, Comparison};
use crate::programs::{pages, render, sigill, typst_compile};
use crate::table::Table;

/// Timed runs of a short and of a long document.
const RUNS: [usize; 2] = [21, 7];
/// Documents in the folder for the batch.
const COPIES: u32 = 200;
/// Timed runs of the batch.
const BATCH_RUNS: usize = 3;

/// Measures documents, the shortest first.
pub fn measure(documents: &[Inputs], typst: &Path, out: &Path, table: &mut Table) -> Result<()> {
    for (inputs, runs) in documents.iter().zip(RUNS) {
        table.compared(&against_typst(inputs, typst, out, runs)?);
    }
    if let Some(short) = documents.first() {
        table.compared(&batch(short.pages, out)?);
        for threads in ["1", "2"] {
            table.throughput(threads, in_process(&short.json, threads));
        }
    }
    let delarsrapport = repo::root().join("fixtures/botkyrka-sn-2013-05-28/2-delarsrapport.json");
    table.measured("delårsrapport", measure::single(&mut render(&delarsrapport, &out.join("delars.pdf")), 11)?);
    Ok(())
}

fn against_typst(inputs: &Inputs, typst: &Path, out: &Path, runs: usize) -> Result<Comparison> {
    let pdf = |program: &str| out.join(format!("{}-pages-{program}.pdf", inputs.pages));
    let (ours, theirs) = (pdf("sigill"), pdf("typst"));
    let mut compile = typst_compile(typst, inputs, &theirs);
    let name = format!("{} pages, typst compile (B)", inputs.pages);
    let comparison = measure::compare(&name, &mut render(&inputs.json, &ours), &mut compile, runs)?;
    println!("{}: {} pages, {}: {} pages", repo::shown(&ours), pages(&ours), repo::shown(&theirs), pages(&theirs));
    Ok(comparison)
}

fn batch(pages: u32, out: &Path) -> Result<Comparison> {
    let many = out.join("many");
    repo::empty_folder(&many)?;
    inputs::write_many(pages, COPIES, &many)?;
    let with_jobs = |jobs: &str| {
        let mut command = render(&many, &out.join(format!("many-{jobs}")));
        command.args(["--jobs", jobs]);
        command
    };
    let name = format!("{COPIES} files, --jobs 2 (A), --jobs 1 (B)");
    measure::compare(&name, &mut with_jobs("2"), &mut with_jobs("1"), BATCH_RUNS)
}

fn in_process(json: &Path, threads: &str) -> Result<f64> {
    let mut command = Command::new(sigill());
    command.args(["bench-inprocess", "--threads", threads]).arg(json).current_dir(repo::root());
    let text = process::output(&mut command)?;
    let unreadable = || Error::failed(format!("bench-inprocess: not the JSON expected: {}", text.trim()));
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|_| unreadable())?;
    let number = |key: &str| json.get(key).and_then(serde_json::Value::as_f64).ok_or_else(unreadable);
    Ok(number("renders")? / number("seconds")?)
}
