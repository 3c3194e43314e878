//! Files signed to every level.

use sigill_sign::{Entry, Level, extend, sign};

use crate::judges::{openssl, pyhanko, qpdf_and_pdfsig};
use crate::support::{FIELD, Http, NOW, context, keep, pki, reserved, time};

#[test]
fn every_level_is_reached() {
    let Some(pki) = pki() else { return };
    let outside = Http(time(NOW));
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let context = context(&outside, &tsa, &trusted);
    let file = reserved();
    keep("reserved", &file);
    let entry = Entry { field: FIELD, name: Some("Örjan Exempelsson"), reason: Some("Godkänt"), ..Entry::default() };
    let mut files = Vec::new();
    for (name, level) in [("b", Level::B), ("t", Level::T), ("lt", Level::Lt), ("lta", Level::Lta)] {
        let signed = sign(&file, &entry, &pki.identity("ordforande"), level, false, &context).expect("signed");
        assert!(signed.starts_with(&file), "no byte is changed");
        let path = keep(&format!("level-{name}"), &signed);
        qpdf_and_pdfsig(&path, 1);
        openssl(pki, &path);
        files.push(path);
    }
    let first = sign(&file, &entry, &pki.identity("chef"), Level::T, false, &context).expect("signed");
    let second = Entry { field: "justerare", ..entry };
    let second = sign(&first, &second, &pki.identity("justerare"), Level::T, false, &context).expect("signed");
    let both = extend(&second, Level::Lta, &context).expect("extended");
    files.push(keep("two-signers-lta", &both));
    let later = Http(time("2027-11-22T10:00:00+00:00"));
    let renewed = extend(&both, Level::Lta, &crate::support::context(&later, &tsa, &trusted)).expect("renewed");
    let renewed = keep("two-signers-renewed", &renewed);
    for path in [&files[4], &renewed] {
        qpdf_and_pdfsig(path, 2);
        openssl(pki, path);
    }
    let all_pass = |time: &str, mode: &str, files: &[std::path::PathBuf]| {
        for (file, verdict) in files.iter().zip(pyhanko(pki, time, mode, files)) {
            assert!(verdict.passed, "{mode} {}: {}", file.display(), verdict.text);
        }
    };
    // Everything with the services at hand, LT from the file alone, LTA as a long-term proof now and years from now.
    all_pass(NOW, "online", &files);
    all_pass("2026-11-22T10:00:01+00:00", "offline", &files[2..]);
    all_pass("2026-11-22T10:00:01+00:00", "lta", &files[3..]);
    all_pass("2026-11-22T10:00:01+00:00", "2029-01-01T00:00:00+00:00", &files[3..]);
    all_pass("2027-11-22T10:00:05+00:00", "2029-01-01T00:00:00+00:00", &[renewed]);
}
