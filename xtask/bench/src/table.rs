//! What was measured, as lines of text.

use xtask_common::error::Result;

use crate::measure::{Comparison, Measurement};
use crate::packs::Packs;
use crate::signing::Signing;

/// What was measured, as lines of text.
#[derive(Default)]
pub struct Table {
    lines: Vec<String>,
}

impl Table {
    /// Two commands that did the same.
    pub fn compared(&mut self, comparison: &Comparison) {
        let Comparison { name, a, b, runs } = comparison;
        let (time_a, time_b, ratio) = (time(a), time(b), comparison.ratio());
        let (peak_a, peak_b) = (peak(a), peak(b));
        let row = format!("{name:<40} {time_a:>11} {time_b:>11} {ratio:>6.2} {peak_a:>9} {peak_b:>9} {runs:>5}");
        self.lines.push(row);
    }

    /// A line of its own about what was measured last.
    pub fn remark(&mut self, remark: &str) {
        self.lines.push(remark.to_owned());
    }

    /// A command alone.
    pub fn measured(&mut self, name: &str, measurement: Measurement) {
        let (time, peak) = (time(&measurement), peak(&measurement));
        self.lines.push(format!("{name:<40} {time:>11} {:>11} {:>6} {peak:>9}", "", ""));
    }

    /// Reports set in a second by one process.
    pub fn throughput(&mut self, threads: &str, per_second: Result<f64>) {
        let name = format!("in one process, --threads {threads}");
        match per_second {
            Ok(per_second) => self.lines.push(format!("{name:<40} {per_second:>9.1}/s")),
            Err(error) => self.left_out(&name, &error.to_string()),
        }
    }

    /// Packs, and bilagor beside the programs that people use for them now.
    pub fn packs(&mut self, packs: &Packs) {
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

    /// Signatures, beside pyHanko.
    pub fn signing(&mut self, signing: &Signing) {
        let Signing { pages, inner: (sign, verify), peer } = signing;
        self.lines.push(format!("in one process, {pages} pages: sign {sign}, verify {verify}"));
        match peer {
            Ok(comparison) => self.compared(comparison),
            Err(error) => self.left_out("pyHanko", &error.to_string()),
        }
    }

    /// What could not be measured, and why.
    fn left_out(&mut self, name: &str, why: &str) {
        self.lines.push(format!("{name:<40} not measured: {why}"));
    }

    /// Prints all of it; `a` and `b` are what the two columns of times are about.
    pub fn print(&self, a: &str, b: &str) {
        println!("\n{:<40} {:>11} {:>11} {:>6} {:>9} {:>9} {:>5}", "median", a, b, "B/A", "peak A", "peak B", "runs");
        println!("{}", self.lines.join("\n"));
    }
}

fn time(measurement: &Measurement) -> String {
    format!("{:.1} ms", measurement.median.as_secs_f64() * 1000.0)
}

fn peak(measurement: &Measurement) -> String {
    measurement.peak.map_or_else(|| "?".to_owned(), |kibibytes| format!("{} MiB", kibibytes / 1024))
}
