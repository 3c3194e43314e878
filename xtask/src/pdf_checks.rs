//! qpdf and veraPDF over every PDF the tests made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo, tools};

use crate::claim::{self, Flavour};
use crate::tally::Tally;
use crate::verapdf::{self, Job, Verdict};

/// A sound file that keeps to no standard: every flavour must refuse it.
const NO_STANDARD: &str = "xtask/testdata/no-metadata-no-tags.pdf";
/// A file that ends in the middle: it cannot be read at all.
const TRUNCATED: &str = "xtask/testdata/truncated.pdf";

/// The qpdf step.
pub fn qpdf() -> Result<Tally> {
    check_with_qpdf(&test_pdfs()?)
}

/// The veraPDF step.
pub fn verapdf() -> Result<Tally> {
    // The self-test is worth something also when there is no PDF to judge.
    let pdfs = test_pdfs();
    let tally = check_with_verapdf(pdfs.as_deref().unwrap_or_default())?;
    pdfs.map(|_| tally)
}

/// `cargo xtask validate`: both, over the files and folders given.
pub fn validate_paths(paths: &[PathBuf]) -> Result<()> {
    let mut pdfs = Vec::new();
    for path in paths {
        if path.is_dir() {
            pdfs.extend(repo::files_under(path, ".pdf")?);
        } else {
            pdfs.push(path.clone());
        }
    }
    let failed = check_with_qpdf(&pdfs)?.failed + check_with_verapdf(&pdfs)?.failed;
    if failed == 0 { Ok(()) } else { Err(Error::failed(format!("{failed} checks failed"))) }
}

fn test_pdfs() -> Result<Vec<PathBuf>> {
    let folder = repo::test_pdfs();
    let pdfs = if folder.is_dir() { repo::files_under(&folder, ".pdf")? } else { Vec::new() };
    if pdfs.is_empty() {
        return Err(Error::failed(format!("no PDF under {}: the tests made none", repo::shown(&folder))));
    }
    Ok(pdfs)
}

/// qpdf's complaint about the file, if any. It ends with a code other than 0 also for a mere warning.
fn qpdf_complaint(pdf: &Path) -> Option<String> {
    match Command::new("qpdf").arg("--check").arg(pdf).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            Some(format!("{}\n{}", output.status, String::from_utf8_lossy(&said).trim_end()))
        }
        Err(error) => Some(error.to_string()),
    }
}

fn check_with_qpdf(pdfs: &[PathBuf]) -> Result<Tally> {
    tools::ensure_pdf_tools()?;
    if qpdf_complaint(&repo::root().join(TRUNCATED)).is_none() {
        return Err(Error::failed(format!("self-test: qpdf accepts {TRUNCATED}")));
    }
    let complaints = process::in_parallel(pdfs, |pdf| qpdf_complaint(pdf));
    let mut tally = Tally::default();
    for (pdf, complaint) in pdfs.iter().zip(complaints) {
        match complaint {
            None => tally.passed += 1,
            Some(complaint) => {
                tally.failed += 1;
                println!("FAILED {}: {complaint}", repo::shown(pdf));
            }
        }
    }
    println!("{} of {} files without error or warning", tally.passed, pdfs.len());
    Ok(tally)
}

/// Files that must be refused. They go through the same JVM as the rest, so a dead validator cannot pass.
fn self_test_jobs() -> Vec<Job> {
    let mut jobs: Vec<Job> =
        Flavour::ALL.iter().map(|&flavour| Job { flavour, path: repo::root().join(NO_STANDARD) }).collect();
    jobs.push(Job { flavour: Flavour::A2a, path: repo::root().join(TRUNCATED) });
    jobs
}

/// The self-test holds if each file was refused for a reason, not for want of an answer.
fn refused_for_a_reason(job: &Job, verdict: &Verdict) -> bool {
    let judged = verdict.milliseconds.is_some();
    let should_be_judged = job.path.ends_with(NO_STANDARD);
    !verdict.compliant && !verdict.findings.is_empty() && judged == should_be_judged
}

fn check_with_verapdf(pdfs: &[PathBuf]) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut jobs = self_test_jobs();
    let self_tests = jobs.len();
    for pdf in pdfs {
        match claim::of(pdf) {
            Ok(flavours) => jobs.extend(flavours.iter().map(|&flavour| Job { flavour, path: pdf.clone() })),
            Err(error) => {
                tally.failed += 1;
                println!("FAILED {error}");
            }
        }
    }
    // Before the clock starts: fetching is no part of validating.
    verapdf::ensure()?;
    let start = Instant::now();
    let verdicts = verapdf::validate(&jobs)?;
    let wall = start.elapsed().as_secs_f64();
    let results: Vec<(&Job, &Verdict)> = jobs.iter().zip(&verdicts).collect();
    let (self_test, real) = results.split_at(self_tests.min(results.len()));

    for (job, verdict) in self_test {
        if refused_for_a_reason(job, verdict) {
            tally.passed += 1;
        } else {
            tally.failed += 1;
            let name = repo::shown(&job.path);
            println!("FAILED self-test: {name} as {} should be refused: {verdict:?}", job.flavour.id());
        }
    }
    for (job, verdict) in real {
        if verdict.compliant {
            tally.passed += 1;
            continue;
        }
        tally.failed += 1;
        println!("FAILED {} as {}", repo::shown(&job.path), job.flavour.id());
        for finding in &verdict.findings {
            println!("       {finding}");
        }
    }
    print_times(real, wall);
    Ok(tally)
}

fn print_times(results: &[(&Job, &Verdict)], wall: f64) {
    let mut times: Vec<u64> = results.iter().filter_map(|(_, verdict)| verdict.milliseconds).collect();
    times.sort_unstable();
    let compliant = results.iter().filter(|(_, verdict)| verdict.compliant).count();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let longest = times.last().copied().unwrap_or_default();
    println!(
        "{compliant} of {} validations without failure, {wall:.1} s; each {median} ms (median), {longest} ms (longest)",
        results.len()
    );
}
