//! Bad input: a clear error each, and nothing comes out.

use std::cell::RefCell;
use std::fs;
use std::process::Command;

use sigill_sign::{
    Certificate, Context, Entry, ErrorKind, FieldSpec, Identity, Key, Lang, Level, Outside, PLACE, Request, Result,
    Signer as _, reserve, sign, timestamp, verify,
};

use crate::judges::has;
use crate::support::{FIELD, Http, NOW, PASSWORD, Pki, context, document, failure, pki, reserved, root, specs, time};

fn entry() -> Entry<'static> {
    Entry { field: FIELD, ..Entry::default() }
}

#[test]
fn keys_come_in_many_forms() {
    let Some(pki) = pki() else { return };
    for name in ["chef", "ordforande", "justerare", "lang"] {
        let chain = pki.text(&format!("{name}.chain.pem"));
        let own = &pki.identity(name).chain[0];
        for (file, password) in [("key", None), ("old.key", None), ("locked.key", Some(PASSWORD))] {
            let read = Identity::from_pem(&pki.text(&format!("{name}.{file}")), &chain, password);
            assert_eq!(read.expect(file).certificate(), own, "{name}.{file}");
        }
        let read = Identity::from_pkcs12(&pki.read(&format!("{name}.p12")), PASSWORD).expect("read");
        assert_eq!((read.certificate(), read.chain.len()), (own, 3), "{name}");
        assert!(!format!("{read:?}").contains("PRIVATE") && format!("{read:?}").len() < 300, "{read:?}");
    }
    // Files of older programs: RC2, Triple DES and SHA-1.
    let legacy = pki.folder.join("legacy.p12");
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-legacy", "-passout", "pass:hemligt", "-inkey"])
        .arg(pki.folder.join("chef.key"))
        .arg("-in")
        .arg(pki.folder.join("chef.chain.pem"))
        .arg("-out")
        .arg(&legacy)
        .output()
        .is_ok_and(|run| run.status.success());
    if made {
        assert_eq!(failure(Identity::from_pkcs12(&fs::read(&legacy).expect("read"), "hemligt")), None);
    }
}

#[test]
fn wrong_passwords_and_keys_are_told() {
    let Some(pki) = pki() else { return };
    let (chain, p12) = (pki.text("chef.chain.pem"), pki.read("chef.p12"));
    for password in ["", "fel", "hemligt"] {
        let error = Identity::from_pkcs12(&p12, password).expect_err("refused");
        assert_eq!((error.kind, error.message.get(Lang::En)), (ErrorKind::Key, "wrong password for the key"));
        assert!(!error.to_string().contains("hemligt"));
        assert_eq!(
            failure(Identity::from_pem(&pki.text("chef.locked.key"), &chain, Some(password))),
            Some(ErrorKind::Key)
        );
    }
    assert_eq!(failure(Identity::from_pem(&pki.text("chef.locked.key"), &chain, None)), Some(ErrorKind::Key));
    assert_eq!(failure(Identity::from_pem(&chain, &chain, None)), Some(ErrorKind::Key), "no key");
    assert_eq!(
        failure(Identity::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", &chain, None)),
        Some(ErrorKind::Key)
    );
    assert_eq!(failure(Identity::from_pkcs12(b"not a key store", PASSWORD)), Some(ErrorKind::Key));
    assert_eq!(failure(Identity::from_pkcs12(&p12[..500], PASSWORD)), Some(ErrorKind::Key));
    assert_eq!(failure(Identity::from_pem(&pki.text("ordforande.key"), &chain, None)), Some(ErrorKind::KeyMismatch));
    let weak = root().join("target/test-work/weak.key");
    let made = Command::new("openssl").args(["genrsa", "-out"]).arg(&weak).arg("1024").output();
    if made.is_ok_and(|run| run.status.success()) {
        assert_eq!(failure(Key::from_pem(&fs::read_to_string(&weak).expect("read"), None)), Some(ErrorKind::Key));
    }
}

/// A signer whose key is another than its certificate's.
#[test]
fn a_key_that_does_not_fit_never_signs() {
    let Some(pki) = pki() else { return };
    let mut identity = pki.identity("chef");
    identity.signer = Box::new(Key::from_pem(&pki.text("frammande.key"), None).expect("a key"));
    identity.chain = pki.identity("lang").chain;
    let outside = Http(time(NOW));
    assert_eq!(
        failure(sign(&reserved(), &entry(), &identity, Level::B, false, &context(&outside, "", &[]))),
        Some(ErrorKind::KeyMismatch)
    );
}

#[test]
fn fields_must_be_there_and_free() {
    let Some(pki) = pki() else { return };
    let outside = Http(time(NOW));
    let context = context(&outside, "", &[]);
    let identity = pki.identity("chef");
    let attempt =
        |pdf: &[u8], field| sign(pdf, &Entry { field, ..Entry::default() }, &identity, Level::B, false, &context);
    let signed = attempt(&reserved(), FIELD).expect("signed");
    assert_eq!(failure(attempt(&signed, FIELD)), Some(ErrorKind::FieldTaken));
    let absent = attempt(&signed, "kassor").expect_err("absent");
    assert_eq!(absent.kind, ErrorKind::FieldAbsent);
    assert!(absent.message.get(Lang::Sv).contains("lediga fält: justerare"), "{absent}");
    assert_eq!(failure(attempt(&document(), FIELD)), Some(ErrorKind::FieldAbsent));
    // Fields are reserved before the first signature, once, on pages that exist.
    assert_eq!(failure(reserve(&signed, &specs())), Some(ErrorKind::Reserve));
    assert_eq!(failure(reserve(&reserved(), &specs())), Some(ErrorKind::Reserve));
    let spec = &specs()[0];
    for wrong in [
        FieldSpec { page: 0, ..spec.clone() },
        FieldSpec { page: 2, ..spec.clone() },
        FieldSpec { name: String::new(), ..spec.clone() },
        FieldSpec { name: "a.b".into(), ..spec.clone() },
    ] {
        assert_eq!(failure(reserve(&document(), &[wrong])), Some(ErrorKind::Reserve));
    }
    assert_eq!(failure(reserve(&document(), &[spec.clone(), spec.clone()])), Some(ErrorKind::Reserve));
}

#[test]
fn broken_and_encrypted_files_are_refused() {
    let Some(pki) = pki() else { return };
    let outside = Http(time(NOW));
    let context = context(&outside, "", &[]);
    let identity = pki.identity("chef");
    let good = reserved();
    let policy = sigill_sign::Policy { trusted: &[], time: time(NOW), outside: None };
    for bad in [&b""[..], b"%PDF-1.7\n", b"hej", &good[..good.len() / 2], &good[100..]] {
        assert_eq!(failure(sign(bad, &entry(), &identity, Level::B, false, &context)), Some(ErrorKind::Pdf));
        assert_eq!(failure(reserve(bad, &specs())), Some(ErrorKind::Pdf));
        assert_eq!(failure(verify(bad, &policy)), Some(ErrorKind::Pdf));
    }
    if has("qpdf") {
        let folder = root().join("target/test-work");
        let (plain, locked) = (folder.join("plain.pdf"), folder.join("locked.pdf"));
        fs::write(&plain, &good).expect("written");
        for user in ["", "hemligt"] {
            let run = Command::new("qpdf")
                .args(["--encrypt", user, "owner", "256", "--"])
                .args([&plain, &locked])
                .status()
                .expect("qpdf");
            assert!(run.success());
            let bytes = fs::read(&locked).expect("read");
            assert_eq!(
                failure(sign(&bytes, &entry(), &identity, Level::B, false, &context)),
                Some(ErrorKind::Encrypted)
            );
            assert_eq!(failure(reserve(&bytes, &specs())), Some(ErrorKind::Encrypted));
            assert_eq!(failure(verify(&bytes, &policy)), Some(ErrorKind::Encrypted));
        }
    }
}

#[test]
fn a_place_that_is_too_small_is_never_cut() {
    let Some(pki) = pki() else { return };
    let outside = Http(time(NOW));
    let context = context(&outside, "", &[]);
    let attempt =
        |place| sign(&reserved(), &Entry { place, ..entry() }, &pki.identity("chef"), Level::B, false, &context);
    assert_eq!(failure(attempt(500)), Some(ErrorKind::TooSmall));
    assert_eq!(failure(attempt(PLACE)), None);
    // A string has at most 32 767 bytes in PDF/A.
    assert!(attempt(1_000_000).expect("signed").len() < reserved().len() + 2 * 32_767 + 3000);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    assert!(reserved() == reserved());
    let signed = || sign(&reserved(), &entry(), &pki.identity("chef"), Level::B, false, &context).expect("signed");
    assert!(signed() == signed());
}

/// Answers with something else than was asked for.
struct Liar<'a> {
    real: Http,
    lie: Lie<'a>,
    seen: RefCell<Option<Vec<u8>>>,
}

#[derive(Clone, Copy)]
enum Lie<'a> {
    /// The answer to the first question, to all later ones.
    Replay,
    /// A timestamp of other data with the right nonce.
    OtherData,
    /// The service at another address.
    Redirect(&'a str, &'a str),
    Text(&'a [u8]),
    Down,
}

impl Outside for Liar<'_> {
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        match self.lie {
            Lie::Replay => {
                let first = self.seen.borrow().clone();
                let answer = first.map_or_else(|| self.real.fetch(request), Ok)?;
                *self.seen.borrow_mut() = Some(answer.clone());
                Ok(answer)
            }
            Lie::OtherData => {
                let mut body = request.body.expect("a question").to_vec();
                // A byte of the imprint, which is the longest octet string.
                let at = body.windows(2).position(|w| w == [4, 32]).expect("an imprint") + 10;
                body[at] ^= 1;
                self.real.fetch(&Request { body: Some(&body), ..*request })
            }
            Lie::Redirect(from, to) => {
                let address = request.address.replace(from, to);
                self.real.fetch(&Request { address: &address, ..*request })
            }
            Lie::Text(text) => Ok(text.to_vec()),
            Lie::Down => self.real.fetch(&Request { address: "http://127.0.0.1:9/", ..*request }),
        }
    }

    fn random(&self) -> Result<[u8; 16]> {
        let again = self.seen.borrow().is_some();
        Ok([if again { 9 } else { 8 }; 16])
    }
}

fn liar(lie: Lie<'_>) -> Liar<'_> {
    Liar { real: Http(time(NOW)), lie, seen: RefCell::new(None) }
}

#[test]
fn timestamp_services_that_lie_are_caught() {
    let Some(pki) = pki() else { return };
    // A clock three days ahead.
    let ahead = timestamp(&[b"data"], &pki.tsa(), time(NOW), &Http(time("2026-11-25T10:00:00+00:00")));
    assert!(ahead.expect_err("refused").message.get(Lang::Sv).contains("inte har kommit än"));
    let ask = |outside: &Liar<'_>| timestamp(&[b"data"], &pki.tsa(), time(NOW), outside);
    let replay = liar(Lie::Replay);
    assert_eq!(failure(ask(&replay)), None);
    let error = ask(&replay).expect_err("refused");
    assert!(error.kind == ErrorKind::Timestamp && error.message.get(Lang::En).contains("nonce"), "{error}");
    let error = ask(&liar(Lie::OtherData)).expect_err("refused");
    assert!(error.kind == ErrorKind::Timestamp && error.message.get(Lang::En).contains("imprint"), "{error}");
    let error = ask(&liar(Lie::Redirect("tsa/tsa", "tsa/tsa-wrong"))).expect_err("refused");
    assert!(
        error.kind == ErrorKind::Timestamp && error.message.get(Lang::En).contains("no certificate for timestamps"),
        "{error}"
    );
    for text in [&b"<html>"[..], b"", &[0x30, 5, 0x30, 3, 2, 1, 2]] {
        assert_eq!(failure(ask(&liar(Lie::Text(text)))), Some(ErrorKind::Timestamp));
    }
    assert_eq!(failure(ask(&liar(Lie::Down))), Some(ErrorKind::Outside));
    // Nothing comes out of a signature whose timestamp fails.
    let (tsa, down) = (pki.tsa(), liar(Lie::Down));
    let context = Context { time: time(NOW), tsa: Some(&tsa), trusted: &[], outside: &down };
    assert_eq!(
        failure(sign(&reserved(), &entry(), &pki.identity("chef"), Level::T, false, &context)),
        Some(ErrorKind::Outside)
    );
    let without = Context { tsa: None, ..context };
    assert_eq!(
        failure(sign(&reserved(), &entry(), &pki.identity("chef"), Level::T, false, &without)),
        Some(ErrorKind::Timestamp)
    );
}

/// OCSP answers about the first certificate asked about, whatever the later questions.
struct Forgetful(Http, RefCell<Option<Vec<u8>>>);

impl Outside for Forgetful {
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        if !request.address.contains("ocsp") {
            return self.0.fetch(request);
        }
        let first = self.1.borrow().clone();
        let answer = first.map_or_else(|| self.0.fetch(request), Ok)?;
        *self.1.borrow_mut() = Some(answer.clone());
        Ok(answer)
    }
}

fn lt(pki: &Pki, name: &str, outside: &dyn Outside, trusted: &[Certificate]) -> Option<ErrorKind> {
    let tsa = pki.tsa();
    let context = Context { time: time(NOW), tsa: Some(&tsa), trusted, outside };
    failure(sign(&reserved(), &entry(), &pki.identity(name), Level::Lt, false, &context))
}

#[test]
fn evidence_about_another_certificate_is_none() {
    let Some(pki) = pki() else { return };
    let trusted = pki.trusted();
    let forgetful = Forgetful(Http(time(NOW)), RefCell::new(None));
    assert_eq!(lt(pki, "chef", &forgetful, &trusted), None);
    assert_eq!(lt(pki, "ordforande", &forgetful, &trusted), Some(ErrorKind::Revocation));
    assert_eq!(lt(pki, "ordforande", &Http(time(NOW)), &trusted), None);
}

#[test]
fn keys_sign_what_they_are_given() {
    let Some(pki) = pki() else { return };
    let key = Key::from_pem(&pki.text("chef.key"), None).expect("a key");
    assert_eq!(key.sign(b"x").expect("signed"), key.sign(b"x").expect("signed"));
    assert_eq!(format!("{key:?}"), "Key");
}
