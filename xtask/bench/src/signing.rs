//! Signatures: in one process with the key loaded once, and as a process beside pyHanko.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use xtask_common::error::{Error, Result};
use xtask_common::{process, repo, tools};

use crate::measure::{self, Comparison};
use crate::programs::{pages, render, sigill};

/// Sections of the documents: three pages, and about 300.
const SECTIONS: [usize; 2] = [3, 400];
/// Timed runs.
const RUNS: usize = 7;

/// What was measured of one document.
pub struct Signing {
    /// Its pages.
    pub pages: String,
    /// Median times in one process, as the program says them: signing, verifying.
    pub inner: (String, String),
    /// As a process, beside pyHanko; an error says why not.
    pub peer: Result<Comparison>,
}

/// Measures B-B signatures with RSA-2048.
pub fn measure(out: &Path) -> Result<Vec<Signing>> {
    let (key, cert) = (out.join("nyckel.pem"), out.join("certifikat.pem"));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "4000", "-subj", "/CN=Anna Exempelsson"]);
    openssl
        .args(["-addext", "keyUsage=nonRepudiation,digitalSignature"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert);
    process::output(&mut openssl)?;
    process::run(&mut process::cargo(["build", "--release", "-p", "sigill-sign", "--example", "speed"]))?;
    SECTIONS.iter().map(|&sections| one(sections, out, &key, &cert)).collect()
}

fn one(sections: usize, out: &Path, key: &Path, cert: &Path) -> Result<Signing> {
    let file = |name: &str| out.join(format!("sign-{sections}-{name}"));
    let (model, pdf) = (file("modell.json"), file("modell.pdf"));
    fs::write(&model, document(sections).to_string()).map_err(Error::at(&model))?;
    process::output(&mut render(&model, &pdf))?;
    let speed = repo::release().join("examples/speed");
    let said = process::output(Command::new(speed).arg(&pdf).arg("chef").arg(key).arg(cert))?;
    let time = |label: &str| said.lines().find_map(|l| l.strip_prefix(label)).unwrap_or("?").trim().to_owned();
    let mut ours = Command::new(sigill());
    ours.arg("sign").arg(&pdf).arg("-o").arg(file("sigill.pdf")).args(["--field", "chef"]);
    ours.arg("--key").arg(key).arg("--cert").arg(cert);
    let pages = pages(&pdf);
    let name = format!("sign {pages} pages, pyHanko (B)");
    let peer = python().and_then(|program| {
        let mut theirs = Command::new(program);
        theirs.args(["-m", "pyhanko", "sign", "addsig", "--field", "chef", "--use-pades", "pemder", "--no-pass"]);
        theirs.arg("--key").arg(key).arg("--cert").arg(cert).arg(&pdf).arg(file("pyhanko.pdf"));
        measure::compare(&name, &mut ours, &mut theirs, RUNS)
    });
    Ok(Signing { pages, inner: (time("sign"), time("verify")), peer })
}

fn python() -> Result<PathBuf> {
    let program = tools::folder().join("python/bin/python");
    if program.is_file() { Ok(program) } else { Err(Error::MissingTool("pyHanko: run `cargo xtask test`".to_owned())) }
}

fn document(sections: usize) -> Value {
    let text = "Nämnden ställer sig bakom bedömningen och ger förvaltningen i uppdrag att återkomma. ".repeat(9);
    let section = |i: usize| json!({"title": format!("Avsnitt {i}"), "content": format!("{text}\n\n{text}\n\n{text}")});
    json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Beslut", "title": "Beslut", "date": "2026-05-04",
        "sections": (0..sections).map(section).collect::<Vec<_>>(),
        "signaturer": [{"id": "chef", "name": "Anna Exempelsson", "method": "digital"}],
    })
}
