//! Programs the checks need: found, or fetched.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::{env, iter};

use crate::error::{Error, Result};
use crate::{process, repo};

/// A program and the Debian package that has it.
struct Tool {
    program: &'static str,
    package: &'static str,
}

const PDF_TOOLS: &[Tool] = &[
    Tool { program: "qpdf", package: "qpdf" },
    Tool { program: "pdftotext", package: "poppler-utils" },
    Tool { program: "pdfinfo", package: "poppler-utils" },
    Tool { program: "mutool", package: "mupdf-tools" },
];

const NODE_TOOLS: &[Tool] = &[Tool { program: "node", package: "nodejs" }, Tool { program: "npm", package: "npm" }];

const JAVA_TOOLS: &[Tool] = &[
    Tool { program: "java", package: "default-jdk-headless" },
    Tool { program: "javac", package: "default-jdk-headless" },
    Tool { program: "mvn", package: "maven" },
];

const SIGNATURE_TOOLS: &[Tool] = &[
    Tool { program: "python3", package: "python3-venv" },
    Tool { program: "pdfsig", package: "poppler-utils" },
    Tool { program: "openssl", package: "openssl" },
];

const BROWSERS: &[Tool] =
    &[Tool { program: "chromium", package: "chromium" }, Tool { program: "firefox-esr", package: "firefox-esr" }];

const TOKEN_TOOLS: &[Tool] = &[Tool { program: "softhsm2-util", package: "softhsm2" }];

/// Where programs fetched by this one are.
pub fn folder() -> PathBuf {
    repo::target().join("tools")
}

/// Where `cargo install` puts the Typst command line.
pub fn typst_cli_root() -> PathBuf {
    folder().join("typst-cli")
}

/// `PATH` with the fetched programs first.
pub fn search_path() -> Result<OsString> {
    let current = env::var_os("PATH").unwrap_or_default();
    let fetched = typst_cli_root().join("bin");
    env::join_paths(iter::once(fetched).chain(env::split_paths(&current)))
        .map_err(|error| Error::failed(format!("PATH cannot be extended: {error}")))
}

/// True if the program is on `PATH`.
pub fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// qpdf and the poppler programs, installed if this user may.
pub fn ensure_pdf_tools() -> Result<()> {
    ensure(PDF_TOOLS)
}

/// pdf.js from npm, pinned with all it needs by `xtask/pdfjs/package-lock.json`.
pub fn ensure_pdfjs() -> Result<()> {
    ensure(NODE_TOOLS)?;
    let (source, target) = (repo::root().join("xtask/pdfjs"), folder().join("pdfjs"));
    let lock = "package-lock.json";
    let read = |folder: &std::path::Path| std::fs::read(folder.join(lock)).ok();
    if target.join("node_modules/pdfjs-dist").is_dir() && read(&source) == read(&target) {
        return Ok(());
    }
    let fail = |error: std::io::Error| Error::failed(format!("{}: {error}", target.display()));
    std::fs::create_dir_all(&target).map_err(fail)?;
    let mut command = Command::new("npm");
    for file in ["package.json", lock] {
        std::fs::copy(source.join(file), target.join(file)).map_err(fail)?;
    }
    process::run(command.args(["ci", "--no-audit", "--no-fund"]).current_dir(&target)).map_err(|error| {
        // Without the lock beside it the next run tries again.
        let _ = std::fs::remove_file(target.join(lock));
        Error::MissingTool(format!("pdf.js ({error})"))
    })
}

/// A Java development kit and Maven, installed if this user may.
pub fn ensure_java_tools() -> Result<()> {
    ensure(JAVA_TOOLS)
}

/// Python, pdfsig and OpenSSL, installed if this user may.
pub fn ensure_signature_tools() -> Result<()> {
    ensure(SIGNATURE_TOOLS)
}

/// Node and npm, installed if this user may.
pub fn ensure_node_tools() -> Result<()> {
    ensure(NODE_TOOLS)
}

/// Chromium and Firefox, installed if this user may.
pub fn ensure_browsers() -> Result<()> {
    ensure(BROWSERS)
}

/// The load tool of the benchmarks, installed if this user may.
pub fn ensure_load_tool() -> Result<()> {
    ensure(&[Tool { program: "wrk", package: "wrk" }])
}

/// Libraries that WeasyPrint opens while it runs, installed if this user may; without them it says itself what it misses.
pub fn ensure_pango() {
    let there = || std::fs::exists("/usr/share/doc/libpangoft2-1.0-0").unwrap_or(false);
    if !there() && is_root() && is_installed("apt-get") {
        install(&["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]);
    }
}

/// PostgreSQL, installed if this user may. Its programs are not on `PATH`.
pub fn ensure_postgresql() -> Result<()> {
    let there = || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| versions.next().is_some());
    if !there() && is_root() && is_installed("apt-get") {
        install(&["postgresql"]);
    }
    if there() { Ok(()) } else { Err(Error::MissingTool("PostgreSQL (Debian: apt-get install postgresql)".to_owned())) }
}

/// A PKCS#11 token in software, installed if this user may.
pub fn ensure_token_tools() -> Result<()> {
    ensure(TOKEN_TOOLS)
}

fn ensure(tools: &[Tool]) -> Result<()> {
    let missing = || tools.iter().filter(|tool| !is_installed(tool.program)).collect::<Vec<_>>();
    let absent = missing();
    if absent.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = absent.iter().map(|tool| tool.package).collect();
    packages.dedup();
    if is_root() && is_installed("apt-get") {
        install(&packages);
    }
    let still_absent: Vec<&str> = missing().iter().map(|tool| tool.program).collect();
    if still_absent.is_empty() {
        return Ok(());
    }
    let list = still_absent.join(", ");
    Err(Error::MissingTool(format!("{list} (Debian: apt-get install {})", packages.join(" "))))
}

/// What went wrong is told by apt itself; whether it worked is seen by looking for the programs again.
fn install(packages: &[&str]) {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q").args(arguments);
        process::run(&mut command)
    };
    if let Err(error) = apt(&["update"]).and_then(|()| apt(&[&["install", "-y"], packages].concat())) {
        eprintln!("{error}");
    }
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}
