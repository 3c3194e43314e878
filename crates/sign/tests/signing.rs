//! Files signed to every level.

use sigill_sign::{Entry, Level, extend, sign};

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
    for (name, level) in [("b", Level::B), ("t", Level::T), ("lt", Level::Lt), ("lta", Level::Lta)] {
        let signed = sign(&file, &entry, &pki.identity("ordforande"), level, false, &context).expect("signed");
        assert!(signed.starts_with(&file), "no byte is changed");
        keep(&format!("level-{name}"), &signed);
    }
    let first = sign(&file, &entry, &pki.identity("chef"), Level::T, false, &context).expect("signed");
    let second = Entry { field: "justerare", ..entry };
    let second = sign(&first, &second, &pki.identity("justerare"), Level::T, false, &context).expect("signed");
    let both = extend(&second, Level::Lta, &context).expect("extended");
    keep("two-signers-lta", &both);
    let later = Http(time("2027-11-22T10:00:00+00:00"));
    let renewed = extend(&both, Level::Lta, &crate::support::context(&later, &tsa, &trusted)).expect("renewed");
    keep("two-signers-renewed", &renewed);
}
