//! Running the binary, and places to work in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a run of `sigill` came to.
pub struct Run {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Codes of all findings, from `--format json` output.
    pub fn codes(&self) -> Vec<String> {
        let lines = self.text();
        let values = lines.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
        let found = values.flat_map(|v| v["diagnostics"].as_array().cloned().unwrap_or_default());
        found.filter_map(|d| d["code"].as_str().map(str::to_owned)).collect()
    }
}

/// Runs `sigill` in the repository's root.
pub fn sigill(args: &[&str]) -> Run {
    finish(Command::new(env!("CARGO_BIN_EXE_sigill")).args(args).current_dir(root()).output())
}

/// Runs `sigill` in a folder, with bytes on standard input.
pub fn sigill_in(folder: &Path, args: &[&str], input: &[u8]) -> Run {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_sigill"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sigill starts");
    // A program that refuses early closes its input.
    let _ = child.stdin.take().map(|mut s| s.write_all(input));
    finish(child.wait_with_output())
}

fn finish(output: std::io::Result<Output>) -> Run {
    let output = output.expect("sigill runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A fresh folder of the test's own, below `target`.
pub fn workspace(name: &str) -> PathBuf {
    let folder = root().join("target/test-work").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("folder made");
    folder
}

/// Where PDFs go that veraPDF and qpdf shall judge afterwards; the name says the standard.
pub fn keep_pdf(name: &str, standard: &str, pdf: &[u8]) {
    let folder = std::env::var_os("SIGILL_PDF_DIR").map_or_else(|| root().join("target/test-pdfs"), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("folder made");
    std::fs::write(folder.join(format!("{name}.{standard}.pdf")), pdf).expect("written");
}
