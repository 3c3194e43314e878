//! What was measured of the service, as lines of text.

use super::load::Outcome;
use super::peers::Peer;

/// Goals: half and the slowest hundredth at half load, as parts of the time of `typst compile`; two workers over one.
const P50: f64 = 0.6;
const P99: f64 = 2.5;
const THROUGHPUT: f64 = 1.8;
/// What counts as half load: a machine with other work has another capacity from one moment to the next.
const HALF: std::ops::RangeInclusive<f64> = 0.4..=0.6;
/// Memory at the end over that at half time: what is above this is growth.
const GROWTH: f64 = 1.05;

/// Lines, by what they are about.
#[derive(Default)]
pub struct Report {
    machine: String,
    loads: Vec<String>,
    goals: Vec<String>,
    inside: Vec<String>,
    peers: Vec<String>,
}

impl Report {
    /// The machine, and how much others ask of it before anything is measured.
    pub fn machine(&mut self) {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let loads = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = loads.split_whitespace().next().unwrap_or("?");
        self.machine = format!("{cores} cores, load average {load} before the service was measured");
    }

    /// A run of the load tool.
    pub fn load(&mut self, name: &str, outcome: &Outcome) {
        let Outcome { p50, p90, p99, max, per_second, errors, .. } = outcome;
        let row = format!("{name:<40} {p50:>7.1} {p90:>7.1} {p99:>7.1} {max:>7.1} {per_second:>8.1} {errors:>6}");
        self.loads.push(row);
    }

    /// Where the time of a run went.
    pub fn inside(&mut self, name: &str, outcome: &Outcome) {
        let (answering, working) = outcome.inside;
        let part = |time: f64| format!("{:.1} %", time * 100.0 / outcome.mean);
        let (worker, service, rest) = (part(working), part(answering - working), part(outcome.mean - answering));
        self.inside.push(format!(
            "{name}: workers {worker}, service with waiting for a worker {service}, connection and load tool {rest}"
        ));
    }

    /// Two workers over one.
    pub fn throughput(&mut self, ratio: f64) {
        self.goal("throughput, workers = 2 over 1", ratio, THROUGHPUT, ratio >= THROUGHPUT);
    }

    /// Half load, beside `typst compile` of so many milliseconds, if there is one.
    pub fn half_load(&mut self, name: &str, outcome: &Outcome, of_capacity: f64, typst: Option<f64>) {
        self.goals.push(format!("{name}: {of_capacity:.2} of capacity"));
        if !HALF.contains(&of_capacity) {
            return self.goals.push(format!("{name}: NOT JUDGED, since that is not half load"));
        }
        let Some(typst) = typst else { return };
        let (p50, p99) = (outcome.p50 / typst, outcome.p99 / typst);
        self.goals.push(format!("{name}: typst compile, as a process before and after: {typst:.1} ms"));
        self.goal(&format!("{name}, p50 by typst"), p50, P50, p50 <= P50);
        self.goal(&format!("{name}, p99 by typst"), p99, P99, p99 <= P99);
    }

    /// Memory of the service with its workers during the long run, by seconds, and the errors of that run.
    pub fn memory(&mut self, seen: &[(u32, u64)], errors: u64) {
        let at = seen.iter().map(|(second, kib)| format!("{second} s {} MiB", kib / 1024)).collect::<Vec<_>>();
        let [.., (_, half), (_, end)] = seen else { return };
        let ratio = *end as f64 / *half as f64;
        let grows = if ratio > GROWTH { "GROWS" } else { "does not grow" };
        self.goals.push(format!("memory, service and workers: {}; {grows} ({ratio:.3})", at.join(", ")));
        self.goal("errors in the long run", errors as f64, 0.0, errors == 0);
    }

    /// Another program; `alone` is the median of the service's answers to one connection.
    pub fn peer(&mut self, peer: &Peer, alone: Option<f64>) {
        let name = peer.name;
        match &peer.outcome {
            Ok(outcome) => {
                let ratio = alone.map_or_else(|| "?".to_owned(), |alone| format!("{:.1}", outcome.median / alone));
                let (median, peak, pages) = (outcome.median, outcome.peak / 1024, &outcome.pages);
                self.peers.push(format!("{name:<40} {median:>7.1} ms {ratio:>7} {peak:>5} MiB {pages:>5}"));
            }
            Err(error) => self.peers.push(format!("{name:<40} NOT MEASURED: {error}")),
        }
    }

    /// What could not be measured, and why.
    pub fn left_out(&mut self, name: &str, why: &str) {
        self.goals.push(format!("{name:<40} NOT MEASURED: {why}"));
    }

    fn goal(&mut self, name: &str, found: f64, goal: f64, met: bool) {
        let verdict = if met { "met" } else { "MISSED" };
        self.goals.push(format!("{name:<40} {found:>7.2}, goal {goal}: {verdict}"));
    }

    /// Prints all of it.
    pub fn print(&self) {
        println!("\n{}", self.machine);
        println!(
            "{:<40} {:>7} {:>7} {:>7} {:>7} {:>8} {:>6}",
            "POST /v1/render, 3 pages (ms)", "p50", "p90", "p99", "max", "1/s", "errors"
        );
        println!("{}", self.loads.join("\n"));
        println!("\n{}", self.goals.join("\n"));
        println!("\nmean time of a request\n{}", self.inside.join("\n"));
        println!(
            "\n{:<40} {:>10} {:>7} {:>9} {:>5}\n{}",
            "the same text from HTML",
            "median",
            "by ours",
            "peak",
            "pages",
            self.peers.join("\n")
        );
        println!(
            "Ours is the median of one connection, and is PDF/A-2a and PDF/UA-1 at once. What the others make is less: \
             WeasyPrint one of the two, Chromium a tagged PDF of neither."
        );
    }
}
