//! Files signed by other programs.

use sigill_sign::Lang;
use std::fs;
use std::process::Command;

use crate::support::{NOW, document, pki, python, root};
use crate::verifying::{report, told};

#[test]
fn files_signed_by_pyhanko_hold() {
    let Some(pki) = pki() else { return };
    let folder = root().join("target/test-work/foreign");
    fs::create_dir_all(&folder).expect("made");
    let place = |name: &str| folder.join(name);
    fs::write(place("in.pdf"), document()).expect("written");
    let run = Command::new(python().expect("python"))
        .arg(root().join("tests/pki/foreign.py"))
        .arg(&pki.folder)
        .args([&pki.port.to_string(), NOW])
        .args([place("in.pdf"), place("basic.pdf"), place("long-term.pdf")])
        .output()
        .expect("run");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let passed = |field: &str, level| (field.to_owned(), "TOTAL-PASSED".to_owned(), level);
    let basic = fs::read(place("basic.pdf")).expect("read");
    assert_eq!(told(&report(pki, &basic, NOW, true)), [passed("pyhanko1", Some("B-B"))]);
    let long_term = report(pki, &fs::read(place("long-term.pdf")).expect("read"), NOW, true);
    assert_eq!(told(&long_term)[1], passed("pyhanko2", Some("B-LTA")), "{long_term:#?}");
    // The document timestamp over both raises the first one too, though its own evidence is not in the file.
    assert_eq!(told(&long_term)[0], passed("pyhanko1", Some("B-T")), "{long_term:#?}");
    assert!(long_term.passed());
    // Its second signature covers a part of the page that nobody had reserved: the reader is told.
    assert!(
        long_term.signatures[0].later_changes.iter().any(|n| n.get(Lang::En).contains("hides nothing")),
        "{long_term:#?}"
    );
    // A flipped byte is still seen in them.
    let mut changed = basic;
    changed[3000] ^= 1;
    assert!(!report(pki, &changed, NOW, true).passed());
}
