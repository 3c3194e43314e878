//! veraPDF: fetched once, then run over many files in one JVM.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo, tools};

use crate::claim::Flavour;

/// One file to be judged by one standard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Job {
    /// The standard.
    pub flavour: Flavour,
    /// The file.
    pub path: PathBuf,
}

/// What veraPDF found. A job without an answer is a failed one: silence never means that all is well.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// True if veraPDF said that the file keeps to the standard.
    pub compliant: bool,
    /// Time taken for this file, if it was judged at all.
    pub milliseconds: Option<u64>,
    /// Failed rules and errors, a line each.
    pub findings: Vec<String>,
}

/// Where veraPDF is, and what it was made from.
struct Installation {
    folder: PathBuf,
    sources: PathBuf,
}

/// Files that decide what is installed: if one changes, it is installed anew.
const SOURCES: [&str; 2] = ["pom.xml", "Validate.java"];

impl Installation {
    fn here() -> Self {
        Self { folder: tools::folder().join("verapdf"), sources: repo::root().join("xtask/verapdf") }
    }

    fn jars(&self) -> PathBuf {
        self.folder.join("jars")
    }

    fn classes(&self) -> PathBuf {
        self.folder.join("classes")
    }

    /// The jars, as `java` and `javac` read a folder of them.
    fn jars_as_class_path(&self) -> PathBuf {
        self.jars().join("*")
    }

    fn is_current(&self) -> bool {
        SOURCES.iter().all(|name| {
            let installed = fs::read(self.folder.join(name));
            let wanted = fs::read(self.sources.join(name));
            matches!((installed, wanted), (Ok(installed), Ok(wanted)) if installed == wanted)
        })
    }

    fn install(&self) -> Result<()> {
        tools::ensure_java_tools()?;
        repo::empty_folder(&self.folder)?;
        let mut maven = Command::new("mvn");
        maven
            .args(["--batch-mode", "--quiet", "--strict-checksums", "--file"])
            .arg(self.sources.join("pom.xml"))
            .arg("dependency:copy-dependencies")
            .arg(format!("-DoutputDirectory={}", self.jars().display()));
        process::run(&mut maven)?;
        let mut compiler = Command::new("javac");
        compiler.arg("-cp").arg(self.jars_as_class_path()).arg("-d").arg(self.classes());
        process::run(compiler.arg(self.sources.join("Validate.java")))?;
        // Copied last: an installation that was cut off is not taken for a current one.
        for name in SOURCES {
            let copy = self.folder.join(name);
            fs::copy(self.sources.join(name), &copy).map_err(Error::at(&copy))?;
        }
        Ok(())
    }
}

/// Fetches and compiles what is needed, unless that is done.
pub fn ensure() -> Result<()> {
    let installation = Installation::here();
    if installation.is_current() && tools::is_installed("java") { Ok(()) } else { installation.install() }
}

/// Validates every job; the verdicts are in the order of the jobs.
pub fn validate(jobs: &[Job]) -> Result<Vec<Verdict>> {
    ensure()?;
    let installation = Installation::here();
    let class_path = env::join_paths([installation.classes(), installation.jars_as_class_path()])
        .map_err(|error| Error::failed(format!("class path: {error}")))?;
    let mut java = Command::new("java");
    // A run is short and holds one document per thread: the simplest collector is the fastest here.
    java.args(["-XX:+UseSerialGC", "-Xss8m", "-cp"]).arg(class_path).arg("Validate");
    java.arg(process::parallelism().to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = java.spawn().map_err(Error::at(Path::new("java")))?;

    let mut request = String::new();
    for job in jobs {
        request.push_str(&format!("{}\t{}\n", job.flavour.id(), checked_path(&job.path)?));
    }
    let input = child.stdin.take();
    let writer = thread::spawn(move || input.map(|mut input| input.write_all(request.as_bytes())));
    let mut answers = Answers::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            answers.read(&line.map_err(Error::at(Path::new("java")))?);
        }
    }
    // A write that failed shows as jobs without an answer.
    drop(writer.join());
    let status = child.wait().map_err(Error::at(Path::new("java")))?;
    if !status.success() || answers.jobs_read != Some(jobs.len()) {
        return Err(Error::failed(format!("veraPDF did not finish ({status})")));
    }
    Ok(jobs.iter().map(|job| answers.verdict(job)).collect())
}

/// The protocol has a file per line and tabs between fields.
fn checked_path(path: &Path) -> Result<&str> {
    path.to_str()
        .filter(|text| !text.contains(['\t', '\n', '\r']))
        .ok_or_else(|| Error::failed(format!("{}: not a name veraPDF can be given", path.display())))
}

/// What the validator wrote, sorted by job.
#[derive(Default)]
struct Answers {
    verdicts: HashMap<(String, String), Verdict>,
    jobs_read: Option<usize>,
}

impl Answers {
    fn read(&mut self, line: &str) {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["rule", flavour, path, clause, test, count, description] => {
                let finding = format!("{clause} test {test}, {count} times: {description}");
                self.at(flavour, path).findings.push(finding);
            }
            ["done", flavour, path, outcome, milliseconds, _checks] => {
                let verdict = self.at(flavour, path);
                verdict.compliant = outcome == "ok" && verdict.findings.is_empty();
                verdict.milliseconds = milliseconds.parse().ok();
            }
            ["error", flavour, path, message] => self.at(flavour, path).findings.push(message.to_owned()),
            ["end", count] => self.jobs_read = count.parse().ok(),
            // Libraries print at times; what is not an answer is shown and otherwise ignored.
            _ => println!("veraPDF: {line}"),
        }
    }

    fn at(&mut self, flavour: &str, path: &str) -> &mut Verdict {
        self.verdicts.entry((flavour.to_owned(), path.to_owned())).or_default()
    }

    fn verdict(&self, job: &Job) -> Verdict {
        let key = (job.flavour.id().to_owned(), job.path.to_string_lossy().into_owned());
        self.verdicts.get(&key).cloned().unwrap_or_else(|| Verdict {
            findings: vec!["veraPDF gave no answer for this file".to_owned()],
            ..Verdict::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str) -> Job {
        Job { flavour: Flavour::A2a, path: PathBuf::from(name) }
    }

    #[test]
    fn only_a_clear_yes_is_compliant() {
        let mut answers = Answers::default();
        for line in
            ["done\t2a\tgood\tok\t80\t1200", "rule\t2a\tbad\tISO 6.6.4\t1\t3\tWhy", "done\t2a\tbad\tfailed\t70\t9"]
        {
            answers.read(line);
        }
        answers.read("error\t2a\ttorn\tCouldn't parse stream");
        assert!(answers.verdict(&job("good")).compliant);
        assert_eq!(answers.verdict(&job("bad")).findings, ["ISO 6.6.4 test 1, 3 times: Why"]);
        assert!(!answers.verdict(&job("bad")).compliant);
        assert!(!answers.verdict(&job("torn")).compliant);
        assert!(!answers.verdict(&job("never seen")).compliant);
    }
}
