//! Keys in hardware, with SoftHSM2 in its place.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use sigill_sign::{Certificate, Entry, ErrorKind, Identity, Level, TokenKey, sign};

use crate::judges::{has, openssl, qpdf_and_pdfsig};
use crate::support::{FIELD, Http, NOW, context, failure, keep, pki, reserved, root, time};
use crate::verifying::report;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";

fn softhsm(arguments: &[&str]) {
    let run = Command::new("softhsm2-util").args(arguments).output().expect("softhsm2-util");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The library reads where its tokens are from the environment, which a test must not change once threads run. The test
/// therefore runs itself again with the variable set.
#[test]
fn keys_in_hardware_sign() {
    if !has("softhsm2-util") {
        return;
    }
    let folder = root().join("target/test-work/softhsm");
    if env::var_os("SOFTHSM2_CONF").is_none() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tokens")).expect("made");
        let settings = format!("directories.tokendir = {}\nlog.level = ERROR\n", folder.join("tokens").display());
        fs::write(folder.join("softhsm2.conf"), settings).expect("written");
        let again = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "pkcs11::keys_in_hardware_sign", "--nocapture"])
            .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
            .output()
            .expect("run");
        let text = String::from_utf8_lossy(&again.stdout).into_owned() + &String::from_utf8_lossy(&again.stderr);
        assert!(again.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let Some(pki) = pki() else { return };
    softhsm(&["--init-token", "--free", "--label", "prov", "--so-pin", "12345678", "--pin", "2580"]);
    for (name, id) in [("chef", "01"), ("ordforande", "02"), ("justerare", "03")] {
        let key = pki.folder.join(format!("{name}.key")).display().to_string();
        let place = ["--token", "prov", "--pin", "2580", "--label", name, "--id", id];
        softhsm(&[&["--import", &key], &place[..]].concat());
    }
    let chain = |name: &str| Certificate::from_pem(&pki.text(&format!("{name}.chain.pem"))).expect("certificates");
    let place = |token, key| TokenKey { module: Path::new(MODULE), token, key };
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let context = context(&outside, &tsa, &trusted);
    let entry = Entry { field: FIELD, ..Entry::default() };
    for name in ["chef", "ordforande", "justerare"] {
        let identity = Identity::from_pkcs11(place("prov", name), "2580", chain(name)).expect("an identity");
        let signed = sign(&reserved(), &entry, &identity, Level::Lt, false, &context).expect("signed");
        let path = keep(&format!("pkcs11-{name}"), &signed);
        qpdf_and_pdfsig(&path, 1);
        openssl(pki, &path);
        assert!(report(pki, &signed, NOW, false).passed());
    }
    // The key of another certificate is noticed when it signs, and all else before.
    let identity = Identity::from_pkcs11(place("prov", "chef"), "2580", chain("lang")).expect("an identity");
    assert_eq!(failure(sign(&reserved(), &entry, &identity, Level::B, false, &context)), Some(ErrorKind::KeyMismatch));
    // A token that is open takes any PIN, so it is not opened twice.
    assert_eq!(failure(Identity::from_pkcs11(place("prov", "chef"), "0000", chain("chef"))), Some(ErrorKind::Key));
    drop(identity);
    for (token, key, pin) in [("annan", "chef", "2580"), ("prov", "annan", "2580")] {
        assert_eq!(
            failure(Identity::from_pkcs11(place(token, key), pin, chain("chef"))),
            Some(ErrorKind::Key),
            "{token} {key}"
        );
    }
    let missing = TokenKey { module: Path::new("/finns/inte.so"), token: "prov", key: "chef" };
    assert_eq!(failure(Identity::from_pkcs11(missing, "2580", chain("chef"))), Some(ErrorKind::Key));
    let wrong = Identity::from_pkcs11(place("prov", "chef"), "0000", chain("chef"));
    assert_eq!(failure(wrong), Some(ErrorKind::Key));
}
