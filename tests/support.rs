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

/// What a run came to.
pub fn finish(output: std::io::Result<Output>) -> Run {
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

/// A path as an argument.
pub fn path_text(path: &Path) -> String {
    path.display().to_string()
}

/// Copies a report of `fixtures/exempel`, making its folder.
pub fn copy_of(report: &str, to: &Path) {
    std::fs::create_dir_all(to.parent().expect("a folder")).expect("folder made");
    std::fs::copy(root().join(format!("fixtures/exempel/{report}.json")), to).expect("copied");
}

/// Every file below a folder, hidden ones too, with slashes, in order.
pub fn files_below(folder: &Path) -> Vec<String> {
    let (mut out, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("below the folder");
                out.push(below.display().to_string().replace('\\', "/"));
            }
        }
    }
    out.sort();
    out
}

/// The lines of `--format json`.
#[track_caller]
pub fn json_lines(run: &Run) -> Vec<serde_json::Value> {
    let parsed = |l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}\n{}", run.err));
    run.text().lines().map(parsed).collect()
}

/// Standard output of a tool of poppler; `None`, after a loud notice, when it is missing. With `CI=true` that fails.
pub fn tool(name: &str, args: &[&str]) -> Option<String> {
    use std::io::Write as _;
    match Command::new(name).args(args).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name} {args:?}: {} {said}", output.status);
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let notice = format!("\n*** SKIPPED: {name} is not installed, so what it would judge goes unjudged\n");
            assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
            // Past the capture of test output: nobody reads what passing tests print.
            std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
            None
        }
        Err(e) => panic!("{name}: {e}"),
    }
}

/// Words of a PDF with page (from 1), left, top, right and bottom, in points from the top left corner.
pub fn words(pdf: &Path) -> Option<Vec<Word>> {
    let html = tool("pdftotext", &["-bbox", &path_text(pdf), "-"])?;
    let (mut out, mut page, mut size) = (Vec::new(), 0, (0.0, 0.0));
    for line in html.lines().map(str::trim) {
        let number = |key: &str| {
            let value = line.split_once(&format!(" {key}=\""))?.1.split_once('"')?.0;
            value.parse::<f64>().ok()
        };
        if line.starts_with("<page ") {
            page += 1;
            size = number("width").zip(number("height")).expect("the size of the page");
        } else if line.starts_with("<word ") {
            let text = line.split_once('>').and_then(|(_, t)| t.strip_suffix("</word>")).expect("a word");
            let [left, top, right, bottom] =
                ["xMin", "yMin", "xMax", "yMax"].map(|key| number(key).expect("a coordinate"));
            out.push(Word { text: text.to_owned(), page, size, left, top, right, bottom });
        }
    }
    Some(out)
}

/// A word on a page.
pub struct Word {
    pub text: String,
    pub page: u64,
    /// Width and height of the page.
    pub size: (f64, f64),
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}
