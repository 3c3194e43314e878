//! What the verification says of good files, and of bad certificates.

use sigill_sign::{
    Entry, ErrorKind, FileVerification, Identity, Indication, Lang, Level, Outside, Policy, Request, extend, sign,
    verify,
};

use crate::support::{FIELD, Http, NOW, Pki, context, document, failure, keep, pki, reserved, time};

pub fn report(pki: &Pki, pdf: &[u8], at: &str, online: bool) -> FileVerification {
    let outside = Http(time(at));
    let trusted = pki.trusted();
    let policy = Policy { trusted: &trusted, time: time(at), outside: if online { Some(&outside) } else { None } };
    verify(pdf, &policy).expect("verified")
}

/// Field, result and level of each.
pub fn told(report: &FileVerification) -> Vec<(String, String, Option<&'static str>)> {
    let each = report.signatures.iter();
    each.map(|s| {
        let result =
            s.sub_indication.map_or(s.indication.name().to_owned(), |sub| format!("{} {sub}", s.indication.name()));
        (s.field.clone(), result, s.level.map(|level| level.name()))
    })
    .collect()
}

fn signed_by(pki: &Pki, identity: &Identity, level: Level, force: bool) -> Result<Vec<u8>, sigill_sign::Error> {
    let outside = Http(time(NOW));
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let entry = Entry { field: FIELD, ..Entry::default() };
    sign(&reserved(), &entry, identity, level, force, &context(&outside, &tsa, &trusted))
}

fn passed(field: &str, level: Option<&'static str>) -> (String, String, Option<&'static str>) {
    (field.to_owned(), "TOTAL-PASSED".to_owned(), level)
}

#[test]
fn levels_are_recognised() {
    let Some(pki) = pki() else { return };
    for (level, name) in [(Level::B, "B-B"), (Level::T, "B-T"), (Level::Lt, "B-LT"), (Level::Lta, "B-LTA")] {
        let signed = signed_by(pki, &pki.identity("chef"), level, false).expect("signed");
        let found = report(pki, &signed, NOW, true);
        let mut wanted = vec![passed(FIELD, Some(name))];
        if level == Level::Lta {
            wanted.push(passed("tidsstampel-1", None));
        }
        assert_eq!(told(&found), wanted, "{found:#?}");
        assert_eq!(found.unsigned_fields, ["justerare"]);
        let signature = &found.signatures[0];
        assert_eq!(signature.covers_file, level < Level::Lt);
        assert_eq!(signature.claimed_time.as_deref(), Some("2026-11-22T10:00:00Z"));
        assert_eq!(signature.proven_time.is_some(), level > Level::B);
        assert_eq!(signature.signatory.as_ref().map(|s| s.name.as_str()), Some("Åsa Provström"));
        // From the file alone, and long after the certificate has expired.
        let alone = report(pki, &signed, NOW, false).signatures[0].sub_indication.map(|sub| sub.name());
        assert_eq!(alone, (level < Level::Lt).then_some("CERTIFICATE_CHAIN_GENERAL_FAILURE"));
        let later =
            report(pki, &signed, "2031-01-01T00:00:00+00:00", false).signatures[0].sub_indication.map(|sub| sub.name());
        let wanted = match level {
            Level::B => Some("OUT_OF_BOUNDS_NO_POE"),
            Level::T => Some("CERTIFICATE_CHAIN_GENERAL_FAILURE"),
            _ => None,
        };
        assert_eq!(later, wanted, "{name}");
    }
}

#[test]
fn signers_in_turn_and_renewals_hold() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let now = context(&outside, &tsa, &trusted);
    let first = signed_by(pki, &pki.identity("ordforande"), Level::Lt, false).expect("signed");
    let entry = Entry { field: "justerare", ..Entry::default() };
    let both = sign(&first, &entry, &pki.identity("justerare"), Level::Lta, false, &now).expect("signed");
    let found = report(pki, &both, NOW, false);
    let wanted = [passed(FIELD, Some("B-LTA")), passed("justerare", Some("B-LTA")), passed("tidsstampel-1", None)];
    assert_eq!(told(&found), wanted, "{found:#?}");
    let later = Http(time("2027-06-01T12:00:00+00:00"));
    let renewed = extend(&both, Level::Lta, &context(&later, &tsa, &trusted)).expect("renewed");
    keep("renewed", &renewed);
    let found = report(pki, &renewed, "2035-01-01T00:00:00+00:00", false);
    assert_eq!(told(&found)[..3], wanted, "{found:#?}");
    assert_eq!(told(&found)[3], passed("tidsstampel-2", None));
    assert!(found.passed());
    assert_eq!(found.signatures[0].proven_time, Some(time(NOW)));
}

#[test]
fn each_signer_adds_one_timestamp_over_the_file() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let now = context(&outside, &tsa, &trusted);
    let first = signed_by(pki, &pki.identity("chef"), Level::Lta, false).expect("signed");
    let entry = Entry { field: "justerare", ..Entry::default() };
    let both = sign(&first, &entry, &pki.identity("justerare"), Level::Lta, false, &now).expect("signed");
    let found = report(pki, &both, NOW, false);
    let names: Vec<_> = found.signatures.iter().map(|s| s.field.as_str()).collect();
    assert_eq!(names, [FIELD, "tidsstampel-1", "justerare", "tidsstampel-2"]);
    assert!(found.passed(), "{found:#?}");
}

/// Answers of the services, OCSP answers with a wrong signature.
struct Forger(Http);

impl Outside for Forger {
    fn fetch(&self, request: &Request<'_>) -> sigill_sign::Result<Vec<u8>> {
        let mut answer = self.0.fetch(request)?;
        if request.accept == "application/ocsp-response" {
            // Within the answer's own text: the time it was made.
            let at = answer.windows(4).position(|w| w == b"2026").expect("a time") + 3;
            answer[at] = b'5';
        }
        Ok(answer)
    }
}

#[test]
fn revocation_answers_that_do_not_count_are_told() {
    let Some(pki) = pki() else { return };
    let signed = signed_by(pki, &pki.identity("chef"), Level::B, false).expect("signed");
    let (outside, trusted) = (Forger(Http(time(NOW))), pki.trusted());
    let policy = Policy { trusted: &trusted, time: time(NOW), outside: Some(&outside) };
    let found = verify(&signed, &policy).expect("read");
    let notes: Vec<_> = found.signatures[0].notes.iter().map(|n| n.get(Lang::Sv)).collect();
    assert!(!found.passed() && notes.iter().any(|n| n.contains("Åsa Provström har fel underskrift")), "{notes:?}");
}

#[test]
fn a_changed_file_is_told_in_words_that_agree() {
    let Some(pki) = pki() else { return };
    let mut changed = signed_by(pki, &pki.identity("chef"), Level::B, false).expect("signed");
    changed[2000] ^= 1;
    let found = report(pki, &changed, NOW, true);
    let signature = &found.signatures[0];
    assert_eq!(told(&found)[0].1, "TOTAL-FAILED HASH_FAILURE");
    assert_eq!(signature.signatory.as_ref().map(|s| s.name.as_str()), Some("Åsa Provström"), "named all the same");
    assert!(!signature.covers_file && signature.covered_bytes == 0);
    assert_eq!(signature.later_changes, signature.notes[..1]);
}

#[test]
fn basic_signatures_are_extended() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let now = context(&outside, &tsa, &trusted);
    let basic = signed_by(pki, &pki.identity("lang"), Level::B, false).expect("signed");
    for (level, name) in [(Level::T, "B-T"), (Level::Lt, "B-LT"), (Level::Lta, "B-LTA")] {
        let extended = extend(&basic, level, &now).expect("extended");
        keep(&format!("extended-{name}"), &extended);
        let found = report(pki, &extended, NOW, true);
        assert_eq!(told(&found)[0], passed(FIELD, Some(name)), "{found:#?}");
        assert!(found.passed());
    }
    assert_eq!(failure(extend(&reserved(), Level::Lta, &now)), Some(ErrorKind::FieldAbsent));
    assert_eq!(failure(extend(&document(), Level::Lta, &now)), Some(ErrorKind::FieldAbsent));
}

#[test]
fn bad_certificates_are_told_apart() {
    let Some(pki) = pki() else { return };
    for (name, force, wanted) in [
        ("utgangen", true, "INDETERMINATE OUT_OF_BOUNDS_NO_POE"),
        ("sparrad", true, "INDETERMINATE REVOKED_NO_POE"),
        ("frammande", false, "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND"),
    ] {
        let signed = signed_by(pki, &pki.identity(name), Level::B, force).expect("signed");
        let found = report(pki, &signed, NOW, true);
        assert_eq!(told(&found)[0].1, wanted, "{found:#?}");
        assert!(!found.passed());
        assert_eq!(found.signatures[0].indication, Indication::Indeterminate);
    }
    assert_eq!(failure(signed_by(pki, &pki.identity("utgangen"), Level::B, false)), Some(ErrorKind::Expired));
    assert_eq!(failure(signed_by(pki, &pki.identity("fel-bruk"), Level::B, true)), Some(ErrorKind::Usage));
    assert_eq!(
        failure(signed_by(pki, &pki.identity("webbplats"), Level::B, true)),
        Some(ErrorKind::Usage),
        "for TLS alone"
    );
    // A revoked certificate is refused at every level, where its issuer can be asked.
    for level in [Level::B, Level::T, Level::Lt] {
        assert_eq!(failure(signed_by(pki, &pki.identity("sparrad"), level, false)), Some(ErrorKind::Revocation));
    }
    assert_eq!(failure(signed_by(pki, &pki.identity("frammande"), Level::Lt, false)), Some(ErrorKind::Revocation));
}

#[test]
fn a_timestamp_from_before_the_revocation_saves_a_signature() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let before = Http(time("2026-02-01T00:00:00+00:00"));
    let entry = Entry { field: FIELD, ..Entry::default() };
    let context = context(&before, &tsa, &trusted);
    let signed = sign(&reserved(), &entry, &pki.identity("sparrad"), Level::T, false, &context).expect("signed");
    let found = report(pki, &signed, NOW, true);
    assert_eq!(told(&found), [passed(FIELD, Some("B-T"))], "{found:#?}");
}

#[test]
fn a_file_without_signatures_does_not_pass() {
    let Some(pki) = pki() else { return };
    for file in [document(), reserved()] {
        let found = report(pki, &file, NOW, false);
        assert!(found.signatures.is_empty() && !found.passed());
    }
}
