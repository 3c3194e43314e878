//! Signatures made elsewhere: the document never leaves the house.

use std::io::Write as _;
use std::process::{Command, Stdio};

use sigill_sign::{Digest, Entry, ErrorKind, Level, Prepared, Returned, Scheme, SignedAttributes, complete, prepare};

use crate::judges::{openssl, pyhanko, qpdf_and_pdfsig};
use crate::support::{FIELD, Http, NOW, Pki, context, failure, keep, pki, reserved, time};
use crate::verifying::report;

/// A federated signing service's habit: it adds the signing time and names the certificate itself.
fn altered(own: &SignedAttributes, named: &SignedAttributes) -> Vec<u8> {
    let tlv = |tag: u8, value: &[u8]| {
        let mut out = vec![tag];
        match value.len() {
            n @ 0..=127 => out.push(n as u8),
            n @ 128..=255 => out.extend([0x81, n as u8]),
            n => out.extend([0x82, (n >> 8) as u8, n as u8]),
        }
        [out, value.to_vec()].concat()
    };
    let body =
        |der: &[u8]| if der[1] < 0x80 { der[2..].to_vec() } else { der[2 + usize::from(der[1] & 0x7F)..].to_vec() };
    // Attributes one by one.
    let split = |mut rest: Vec<u8>| {
        let mut out = Vec::new();
        while !rest.is_empty() {
            let (head, length) = match rest[1] {
                n @ 0..=127 => (2, usize::from(n)),
                0x81 => (3, usize::from(rest[2])),
                _ => (4, usize::from(rest[2]) << 8 | usize::from(rest[3])),
            };
            let tail = rest.split_off(head + length);
            out.push(std::mem::replace(&mut rest, tail));
        }
        out
    };
    let mut all = split(body(named.der()));
    assert!(split(body(own.der())).iter().all(|a| all.contains(a)));
    let time =
        [&[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5], tlv(0x31, &tlv(0x17, b"261122100000Z")).as_slice()]
            .concat();
    all.push(tlv(0x30, &time));
    all.sort();
    tlv(0x31, &all.concat())
}

/// Signs with OpenSSL, which knows nothing of PDF.
fn sign_elsewhere(pki: &Pki, name: &str, data: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign"])
        .arg(pki.folder.join(format!("{name}.key")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    child.stdin.take().expect("piped").write_all(data).expect("written");
    child.wait_with_output().expect("signed").stdout
}

fn entry() -> Entry<'static> {
    Entry { field: FIELD, ..Entry::default() }
}

#[test]
fn a_raw_signature_completes_the_file() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    for name in ["chef", "ordforande"] {
        let chain = pki.identity(name).chain;
        let (file, prepared) =
            prepare(&reserved(), &entry(), Digest::Sha256, Some(&chain[0]), time(NOW)).expect("prepared");
        let state = serde_json::to_string(&prepared).expect("state");
        assert!(state.len() < 2000, "small");
        let prepared: Prepared = serde_json::from_str(&state).expect("state");
        let signature = sign_elsewhere(pki, name, prepared.attributes().expect("attributes").der());
        let returned = Returned { signature, chain, attributes: None };
        let signed = complete(file, &prepared, returned, Level::Lt, false, &context).expect("complete");
        let path = keep(&format!("deferred-{name}"), &signed);
        qpdf_and_pdfsig(&path, 1);
        openssl(pki, &path);
        assert!(pyhanko(pki, NOW, "online", &[path])[0].passed);
        assert_eq!(report(pki, &signed, NOW, false).signatures[0].level.map(|level| level.name()), Some("B-LT"));
    }
}

#[test]
fn chains_come_in_any_order_and_rsa_signs_in_two_ways() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    let chain = pki.identity("chef").chain;
    let (file, prepared) =
        prepare(&reserved(), &entry(), Digest::Sha256, Some(&chain[0]), time(NOW)).expect("prepared");
    let attributes = prepared.attributes().expect("attributes");
    let signature = sign_elsewhere(pki, "chef", attributes.der());
    let place = |name: &str| pki.folder.join(name);
    std::fs::write(place("pss.data"), attributes.der()).expect("written");
    let made = std::process::Command::new("openssl")
        .args(["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sign"])
        .args([place("chef.key"), "-out".into(), place("pss.sig"), place("pss.data")])
        .status()
        .expect("openssl");
    assert!(made.success());
    let pss = std::fs::read(place("pss.sig")).expect("read");
    for (name, signature) in [("chain-turned", signature), ("pss", pss)] {
        let chain: Vec<_> = chain.iter().rev().cloned().collect();
        let returned = Returned { signature, chain, attributes: None };
        let signed = complete(file.clone(), &prepared, returned, Level::B, false, &context).expect(name);
        let path = keep(&format!("deferred-{name}"), &signed);
        openssl(pki, &path);
        assert!(pyhanko(pki, NOW, "online", &[path])[0].passed, "{name}");
        let found = report(pki, &signed, NOW, true);
        assert!(found.passed(), "{name}: {found:#?}");
        assert_eq!(found.signatures[0].signatory.as_ref().map(|s| s.name.as_str()), Some("Åsa Provström"));
    }
}

#[test]
fn altered_attributes_are_taken_as_they_came() {
    let Some(pki) = pki() else { return };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    let chain = pki.identity("chef").chain;
    let (file, prepared) = prepare(&reserved(), &entry(), Digest::Sha256, None, time(NOW)).expect("prepared");
    let own = prepared.attributes().expect("attributes");
    let digest: Vec<u8> =
        (0..64).step_by(2).map(|i| u8::from_str_radix(&prepared.digest[i..i + 2], 16).expect("hex")).collect();
    let named = SignedAttributes::new(&digest, Some(&chain[0]));
    let attributes = altered(&own, &named);
    let signature = sign_elsewhere(pki, "chef", &attributes);
    let returned = Returned { signature, chain: chain.clone(), attributes: Some(attributes.clone()) };
    let signed = complete(file.clone(), &prepared, returned.clone(), Level::B, false, &context).expect("complete");
    let digits: String = attributes[3..].iter().map(|b| format!("{b:02x}")).collect();
    assert!(String::from_utf8_lossy(&signed).contains(&digits), "not encoded anew");
    let path = keep("deferred-altered", &signed);
    qpdf_and_pdfsig(&path, 1);
    openssl(pki, &path);
    assert!(report(pki, &signed, NOW, true).passed());

    // What does not belong together is refused.
    let attempt = |returned: Returned| failure(complete(file.clone(), &prepared, returned, Level::B, false, &context));
    assert_eq!(attempt(returned.clone()), None);
    assert_eq!(
        attempt(Returned { attributes: None, ..returned.clone() }),
        Some(ErrorKind::Returned),
        "names no certificate"
    );
    let other = SignedAttributes::new(&[1; 32], Some(&chain[0])).der().to_vec();
    let signature = sign_elsewhere(pki, "chef", &other);
    let wrong = Returned { signature, attributes: Some(other), ..returned.clone() };
    assert_eq!(attempt(wrong), Some(ErrorKind::Returned), "another document");
    let stranger = pki.identity("justerare").chain;
    assert_eq!(
        attempt(Returned { chain: stranger, ..returned.clone() }),
        Some(ErrorKind::Returned),
        "another certificate"
    );
    assert_eq!(
        attempt(Returned { chain: Vec::new(), ..returned.clone() }),
        Some(ErrorKind::Returned),
        "no certificate"
    );
    let mut broken = returned.clone();
    broken.signature[10] ^= 1;
    assert_eq!(attempt(broken), Some(ErrorKind::KeyMismatch), "another signature");
    let mut torn = attributes.clone();
    torn.pop();
    assert_eq!(attempt(Returned { attributes: Some(torn), ..returned.clone() }), Some(ErrorKind::Returned), "torn");
    assert_eq!(
        attempt(Returned { chain: pki.identity("utgangen").chain, ..returned.clone() }),
        Some(ErrorKind::Expired)
    );
    assert_eq!(attempt(Returned { chain: pki.identity("fel-bruk").chain, ..returned.clone() }), Some(ErrorKind::Usage));

    // So are a changed file and a changed state.
    let mut changed = file.clone();
    changed[100] ^= 1;
    assert_eq!(
        failure(complete(changed, &prepared, returned.clone(), Level::B, false, &context)),
        Some(ErrorKind::Stale)
    );
    let other = Prepared { digest: "00".repeat(32), ..prepared.clone() };
    assert_eq!(
        failure(complete(file.clone(), &other, returned.clone(), Level::B, false, &context)),
        Some(ErrorKind::Stale)
    );
    let other = Prepared { byte_range: [0, 10, 20, usize::MAX], ..prepared.clone() };
    assert_eq!(
        failure(complete(file.clone(), &other, returned.clone(), Level::B, false, &context)),
        Some(ErrorKind::Stale)
    );
    // A newer update of the same file makes the older state stale.
    let (newer, _) =
        prepare(&reserved(), &entry(), Digest::Sha256, None, time("2026-11-23T10:00:00+00:00")).expect("prepared");
    assert_eq!(failure(complete(newer, &prepared, returned, Level::B, false, &context)), Some(ErrorKind::Stale));
}

#[test]
fn the_digest_goes_with_the_key() {
    let Some(pki) = pki() else { return };
    for (name, scheme) in
        [("chef", Scheme::RsaSha256), ("ordforande", Scheme::P256Sha256), ("justerare", Scheme::P384Sha384)]
    {
        assert_eq!(Scheme::of_certificate(&pki.identity(name).chain[0]).expect("a scheme"), scheme);
    }
}
