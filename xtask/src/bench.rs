//! `cargo xtask bench`: the program against others that do the same, and against itself.

mod content;
mod html;
mod inputs;
mod measure;
mod packs;
mod service;
mod signing;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::{process, repo, tools};
use inputs::Inputs;
use measure::{Comparison, Measurement};

/// The Typst command line of the version the program is built on.
const TYPST_CLI_VERSION: &str = "0.15.1";
/// Lengths of the documents that both programs set.
const PAGES: [u32; 2] = [3, 50];
/// Timed runs of a short and of a long document.
const RUNS: [usize; 2] = [21, 7];
/// Documents in the folder for the batch.
const COPIES: u32 = 200;
/// Timed runs of the batch.
const BATCH_RUNS: usize = 3;

/// Measures and prints the tables: all of them, or that of the service alone.
pub fn run(parts: &[PathBuf]) -> Result<()> {
    let service_alone = match parts {
        [] => false,
        [part] if part.as_os_str() == "service" => true,
        _ => return Err(Error::failed("bench takes no argument, or `service`")),
    };
    process::run(&mut process::cargo(["build", "--release", "-p", "sigill"]))?;
    let typst = ensure_typst_cli();
    let out = repo::target().join("bench");
    repo::empty_folder(&out)?;
    if service_alone {
        service::measure(&typst, &out).print();
        return Ok(());
    }
    let typst = typst?;
    let documents = PAGES.map(inputs::write).into_iter().collect::<Result<Vec<_>>>()?;

    let mut table = Table::default();
    for (inputs, runs) in documents.iter().zip(RUNS) {
        table.compared(&against_typst(inputs, &typst, &out, runs)?);
    }
    if let Some(short) = documents.first() {
        table.compared(&batch(short.pages, &out)?);
        for threads in ["1", "2"] {
            table.throughput(threads, in_process(&short.json, threads));
        }
    }
    let delarsrapport = repo::root().join("fixtures/botkyrka-sn-2013-05-28/2-delarsrapport.json");
    table.measured("delårsrapport", measure::single(&mut render(&delarsrapport, &out.join("delars.pdf")), 11)?);
    table.packs(&packs::measure(&out)?);
    for signing in signing::measure(&out)? {
        table.signing(&signing);
    }
    let service = service::measure(&Ok(typst), &out);
    table.print();
    service.print();
    Ok(())
}

/// Writes the inputs and measures nothing.
pub fn write_inputs() -> Result<()> {
    for pages in PAGES {
        let inputs = inputs::write(pages)?;
        println!("{}", repo::shown(&inputs.typst));
        println!("{}", repo::shown(&inputs.json));
    }
    Ok(())
}

fn sigill() -> PathBuf {
    repo::release().join("sigill")
}

fn render(input: &Path, output: &Path) -> Command {
    let mut command = Command::new(sigill());
    command.arg("render").arg(input).arg("-o").arg(output).current_dir(repo::root());
    command
}

fn ensure_typst_cli() -> Result<PathBuf> {
    let program = tools::typst_cli_root().join("bin/typst");
    let wanted = format!("typst {TYPST_CLI_VERSION} ");
    if !process::output(Command::new(&program).arg("--version")).is_ok_and(|version| version.starts_with(&wanted)) {
        let mut install =
            process::cargo(["install", "typst-cli", "--version", TYPST_CLI_VERSION, "--locked", "--root"]);
        process::run(install.arg(tools::typst_cli_root()))?;
    }
    Ok(program)
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

fn typst_compile(typst: &Path, inputs: &Inputs, pdf: &Path) -> Command {
    let mut compile = Command::new(typst);
    compile.args(["compile", "--pdf-standard", "a-2a,ua-1"]);
    // Both read the same few fonts: searching the machine for more would count against Typst alone.
    compile.arg("--ignore-system-fonts").arg("--font-path").arg(repo::root().join("fonts"));
    compile.arg(&inputs.typst).arg(pdf);
    compile
}

/// Pages of the file, so that a reader sees that both did the same work.
fn pages(pdf: &Path) -> String {
    let info = process::output(Command::new("pdfinfo").arg(pdf)).unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("Pages:"));
    line.map_or_else(|| "?".to_owned(), |count| count.trim().to_owned())
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

/// What was measured, as lines of text.
#[derive(Default)]
struct Table {
    lines: Vec<String>,
}

impl Table {
    fn compared(&mut self, comparison: &Comparison) {
        let Comparison { name, a, b, runs } = comparison;
        let (time_a, time_b, ratio) = (time(a), time(b), comparison.ratio());
        let (peak_a, peak_b) = (peak(a), peak(b));
        let row = format!("{name:<40} {time_a:>11} {time_b:>11} {ratio:>6.2} {peak_a:>9} {peak_b:>9} {runs:>5}");
        self.lines.push(row);
    }

    fn measured(&mut self, name: &str, measurement: Measurement) {
        let (time, peak) = (time(&measurement), peak(&measurement));
        self.lines.push(format!("{name:<40} {time:>11} {:>11} {:>6} {peak:>9}", "", ""));
    }

    fn throughput(&mut self, threads: &str, per_second: Result<f64>) {
        let name = format!("in one process, --threads {threads}");
        match per_second {
            Ok(per_second) => self.lines.push(format!("{name:<40} {per_second:>9.1}/s")),
            Err(error) => self.left_out(&name, &error.to_string()),
        }
    }

    fn packs(&mut self, packs: &packs::Packs) {
        for (name, measurement) in ["archive", "reading"].iter().zip(packs.botkyrka) {
            self.measured(&format!("Botkyrka pack, {name}"), measurement);
        }
        for (pages, measurement) in &packs.meetings {
            let count: f64 = pages.parse().unwrap_or(f64::NAN);
            let each = measurement.median.as_secs_f64() * 1000.0 / count;
            self.measured(&format!("pack of {pages} pages, {each:.2} ms a page"), *measurement);
        }
        for (name, peer) in ["gs", "qpdf"].iter().zip(&packs.peers) {
            match peer {
                Ok(comparison) => self.compared(comparison),
                Err(error) => self.left_out(name, &error.to_string()),
            }
        }
        let sizes: Vec<_> = packs.sizes.iter().map(|(name, part)| format!("{name} {part:.2}")).collect();
        self.lines.push(format!("size by that of the bilagor: {}", sizes.join(", ")));
    }

    fn signing(&mut self, signing: &signing::Signing) {
        let signing::Signing { pages, inner: (sign, verify), peer } = signing;
        self.lines.push(format!("in one process, {pages} pages: sign {sign}, verify {verify}"));
        match peer {
            Ok(comparison) => self.compared(comparison),
            Err(error) => self.left_out("pyHanko", &error.to_string()),
        }
    }

    fn left_out(&mut self, name: &str, why: &str) {
        self.lines.push(format!("{name:<40} not measured: {why}"));
    }

    fn print(&self) {
        println!(
            "\n{:<40} {:>11} {:>11} {:>6} {:>9} {:>9} {:>5}",
            "median", "sigill (A)", "B", "B/A", "peak A", "peak B", "runs"
        );
        println!("{}", self.lines.join("\n"));
    }
}

fn time(measurement: &Measurement) -> String {
    format!("{:.1} ms", measurement.median.as_secs_f64() * 1000.0)
}

fn peak(measurement: &Measurement) -> String {
    measurement.peak.map_or_else(|| "?".to_owned(), |kibibytes| format!("{} MiB", kibibytes / 1024))
}
