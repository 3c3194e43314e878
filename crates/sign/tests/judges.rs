//! Other programs' opinion of signed files.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::support::{Pki, python, root};

/// What pyHanko says of a file.
pub struct Verdict {
    /// Whether there are signatures and all are good.
    pub passed: bool,
    pub text: String,
}

/// Asks pyHanko; `mode` as in `tests/pki/judge.py`.
pub fn pyhanko(pki: &Pki, time: &str, mode: &str, files: &[PathBuf]) -> Vec<Verdict> {
    let run = Command::new(python().expect("python"))
        .arg(root().join("tests/pki/judge.py"))
        .arg(pki.folder.join("trust/root.pem"))
        .args([time, mode])
        .args(files)
        .output()
        .expect("run");
    let text = String::from_utf8(run.stdout).expect("text");
    let verdicts: Vec<_> = text.lines().map(verdict).collect();
    assert_eq!(verdicts.len(), files.len(), "{text}\n{}", String::from_utf8_lossy(&run.stderr));
    verdicts
}

fn verdict(line: &str) -> Verdict {
    let passed = line.contains("\"ok\": true") && !line.contains("\"ok\": false");
    Verdict { passed, text: line.to_owned() }
}

/// Whether a program is there; its absence fails where nobody would read the warning.
pub fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|p| p.join(program).is_file());
    assert!(found || !env::var("CI").is_ok_and(|v| v == "true"), "{program} is missing");
    if !found {
        eprintln!("!!! SKIPPED: {program} is missing");
    }
    found
}

fn run(program: &str, arguments: &[&str]) -> (bool, String) {
    let run = Command::new(program).args(arguments).output().expect("run");
    let text = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// qpdf and pdfsig find nothing wrong, and pdfsig finds this many signatures besides timestamps.
pub fn qpdf_and_pdfsig(file: &Path, signatures: usize) {
    let name = file.to_string_lossy();
    if has("qpdf") {
        let (good, text) = run("qpdf", &["--check", &name]);
        assert!(good && text.contains("No syntax or stream encoding errors"), "{name}: {text}");
    }
    if has("pdfsig") {
        let (_, text) = run("pdfsig", &["-nocert", &name]);
        assert_eq!(text.matches("Signature is Valid").count(), signatures, "{name}: {text}");
    }
}

/// OpenSSL checks the CMS of each signature over the bytes it covers.
pub fn openssl(pki: &Pki, file: &Path) {
    if !has("openssl") {
        return;
    }
    let pdf = fs::read(file).expect("read");
    let document = lopdf::Document::load_mem(&pdf).expect("loaded");
    let mut count = 0;
    for object in document.objects.values() {
        let Ok(dictionary) = object.as_dict() else { continue };
        if !dictionary.get(b"SubFilter").is_ok_and(|s| s.as_name().is_ok_and(|n| n == b"ETSI.CAdES.detached")) {
            continue;
        }
        let range = dictionary.get(b"ByteRange").and_then(lopdf::Object::as_array).expect("a range");
        let range: Vec<usize> = range.iter().map(|n| n.as_i64().expect("a number") as usize).collect();
        let content = dictionary.get(b"Contents").and_then(lopdf::Object::as_str).expect("content");
        let place = |ending: &str| file.with_extension(ending).to_string_lossy().into_owned();
        let (cms, data) = (place("cms"), place("data"));
        fs::write(&cms, content).expect("written");
        let data_bytes = [&pdf[range[0]..range[1]], &pdf[range[2]..range[2] + range[3]]].concat();
        fs::write(&data, data_bytes).expect("written");
        let root = pki.folder.join("trust/root.pem").to_string_lossy().into_owned();
        let (good, text) = run(
            "openssl",
            &[
                "cms",
                "-verify",
                "-cades",
                "-binary",
                "-inform",
                "DER",
                "-in",
                &cms,
                "-content",
                &data,
                "-CAfile",
                &root,
                "-purpose",
                "any",
                "-attime",
                "1795341600",
                "-out",
                "/dev/null",
            ],
        );
        assert!(good, "{}: {text}", file.display());
        fs::remove_file(&cms).and_then(|()| fs::remove_file(&data)).expect("removed");
        count += 1;
    }
    assert!(count > 0, "{}: no signature", file.display());
}
