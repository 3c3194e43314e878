//! The European Commission's Digital Signature Service: it agrees on level and result, and we on its files.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use sigill_sign::{Entry, FileVerification, Indication, Level, extend, sign};

use crate::ambiguity::{set_free, sound};
use crate::support::{FIELD, Http, NOW, Pki, context, document, keep, pki, reserved, root, time};
use crate::verifying::{report, told};

/// The command that runs `xtask/dss/Judge.java`; its absence fails where nobody would read the warning.
fn judge() -> Option<Command> {
    let folder = root().join("target/tools/dss");
    if !folder.join("classes/Judge.class").exists() {
        let notice = format!("{} is missing: run `cargo xtask test`", folder.display());
        assert!(!env::var("CI").is_ok_and(|v| v == "true"), "{notice}");
        eprintln!("!!! SKIPPED: {notice}");
        return None;
    }
    let class_path = env::join_paths([folder.join("classes"), folder.join("jars/*")]).expect("a class path");
    let mut java = Command::new("java");
    java.arg("-cp").arg(class_path).arg("Judge");
    Some(java)
}

/// Level and result of each signature, as DSS names them.
fn dss(mut judge: Command, pki: &Pki, at: &str, file: &PathBuf) -> Vec<(String, String)> {
    let run = judge.arg(pki.folder.join("trust/root.pem")).arg(at).arg(file).output().expect("java");
    let text = String::from_utf8(run.stdout).expect("text");
    let lines = text.lines().map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        (fields[1].to_owned(), fields[2].to_owned())
    });
    lines.collect()
}

/// The same of our report, in the words of DSS.
fn ours(report: &FileVerification) -> Vec<(String, String)> {
    let signatures = report.signatures.iter().filter(|s| !s.is_timestamp);
    let each = signatures.map(|s| {
        let level = s.level.map(|l| l.name().replace("B-", "PAdES-BASELINE-")).unwrap_or_default();
        (level, s.indication.name().replace('-', "_"))
    });
    each.collect()
}

#[test]
fn dss_agrees_on_level_and_result() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    let entry = Entry { field: FIELD, ..Entry::default() };
    let signed = |level| sign(&reserved(), &entry, &pki.identity("chef"), level, false, &context).expect("signed");
    let second = Entry { field: "justerare", ..Entry::default() };
    let first = signed(Level::T);
    let both = sign(&first, &second, &pki.identity("ordforande"), Level::Lta, false, &context).expect("signed");
    let extended = extend(&signed(Level::B), Level::Lt, &context).expect("extended");
    for (name, file) in [("lt", signed(Level::Lt)), ("lta", signed(Level::Lta)), ("both", both), ("extended", extended)]
    {
        let Some(judge) = judge() else { return };
        let path = keep(&format!("dss-{name}"), &file);
        let found = report(pki, &file, NOW, false);
        assert!(found.passed(), "{found:#?}");
        assert_eq!(dss(judge, pki, "2026-11-22T10:00:01Z", &path), ours(&found), "{name}");
    }
    // Without evidence neither can say.
    let basic = signed(Level::T);
    let path = keep("dss-t", &basic);
    let found = report(pki, &basic, NOW, false);
    assert_eq!(found.signatures[0].indication, Indication::Indeterminate);
    let Some(judge) = judge() else { return };
    let theirs = dss(judge, pki, NOW, &path);
    assert_eq!(theirs, [("PAdES-BASELINE-T".to_owned(), "INDETERMINATE".to_owned())]);
}

#[test]
fn dss_lets_pass_what_honest_programs_do() {
    let Some(pki) = pki() else { return };
    let mut files = sound(pki);
    files.push(("object-set-free", set_free(pki)));
    let folder = root().join("target/test-work/dss-sound");
    fs::create_dir_all(&folder).expect("made");
    let Some(mut judge) = judge() else { return };
    judge.arg(pki.folder.join("trust/root.pem")).arg("2026-11-22T10:00:01Z");
    for (name, file) in &files {
        let path = folder.join(format!("{name}.pdf"));
        fs::write(&path, file).expect("written");
        judge.arg(path);
    }
    let run = judge.output().expect("java");
    let text = String::from_utf8(run.stdout).expect("text");
    assert!(text.lines().count() >= files.len(), "{text}");
    for line in text.lines() {
        // Without evidence in the files no more can be said than that they are whole.
        assert!(line.contains("\tINDETERMINATE\t") && !line.contains("FORMAT_FAILURE"), "{line}");
    }
}

#[test]
fn files_signed_by_dss_hold() {
    let Some(pki) = pki() else { return };
    let folder = root().join("target/test-work/dss");
    fs::create_dir_all(&folder).expect("made");
    let place = |name: &str| folder.join(name);
    fs::write(place("in.pdf"), document()).expect("written");
    let key = der::pem::decode_vec(pki.text("chef.key").as_bytes()).expect("a key").1;
    fs::write(place("key.der"), key).expect("written");
    for (level, input, output) in
        [("PAdES-BASELINE-B", "in.pdf", "one.pdf"), ("PAdES-BASELINE-T", "one.pdf", "two.pdf")]
    {
        let Some(mut judge) = judge() else { return };
        let run = judge
            .arg("sign")
            .args([pki.folder.join("chef.chain.pem"), place("key.der")])
            .args([&pki.tsa(), NOW, level])
            .args([place(input), place(output)])
            .output()
            .expect("java");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let two = report(pki, &fs::read(place("two.pdf")).expect("read"), NOW, true);
    let levels: Vec<_> = two.signatures.iter().map(|s| s.level.map(|level| level.name())).collect();
    assert!(two.passed(), "{:?}", told(&two));
    assert_eq!(levels, [Some("B-B"), Some("B-T")]);
}
