//! Files changed at random: none passes, none brings the program down.

use sigill_sign::{Certificate, Entry, Level, Policy, sign, verify};

use crate::support::{FIELD, Http, NOW, Pki, context, pki, reserved, time};

/// Numbers that look random and are the same in every run (Knuth's MMIX).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn signed(pki: &Pki, level: Level) -> Vec<u8> {
    let (tsa, trusted) = (pki.tsa(), pki.trusted());
    let outside = Http(time(NOW));
    let entry = Entry { field: FIELD, ..Entry::default() };
    let context = context(&outside, &tsa, &trusted);
    sign(&reserved(), &entry, &pki.identity("chef"), level, false, &context).expect("signed")
}

fn passes(pdf: &[u8], trusted: &[Certificate]) -> bool {
    verify(pdf, &Policy { trusted, time: time(NOW), outside: None }).is_ok_and(|report| report.passed())
}

/// Where the digits of signatures stand; all other bytes are signed by one signature or a later timestamp.
fn gaps(pdf: &[u8]) -> Vec<std::ops::Range<usize>> {
    let starts = pdf.windows(11).enumerate().filter(|(_, w)| *w == b"/Contents <").map(|(i, _)| i + 10);
    let end = |start: usize| start + pdf[start..].iter().position(|b| *b == b'>').expect("an end");
    starts.map(|start| start..end(start) + 1).collect()
}

#[test]
fn no_byte_can_be_changed() {
    let Some(pki) = pki() else { return };
    let trusted = pki.trusted();
    let good = signed(pki, Level::Lta);
    assert!(passes(&good, &trusted));
    let gaps = gaps(&good);
    assert_eq!(gaps.len(), 2);
    let mut numbers = Numbers(1);
    for _ in 0..1500 {
        let at = numbers.below(good.len());
        // White space after the last update says nothing, and digits may be capital letters.
        if gaps.iter().any(|g| g.contains(&at)) || at >= good.len() - 1 {
            continue;
        }
        let mut changed = good.clone();
        changed[at] ^= 1 << numbers.below(8);
        assert!(!passes(&changed, &trusted), "byte {at} of {}", good.len());
    }
}

#[test]
fn signatures_of_random_bytes_are_refused() {
    let Some(pki) = pki() else { return };
    let trusted = pki.trusted();
    let good = signed(pki, Level::Lt);
    let gap = gaps(&good)[0].clone();
    let mut numbers = Numbers(2);
    let digits = b"0123456789abcdef";
    // The first kilobytes hold the signature, what follows is padding.
    for _ in 0..1500 {
        let mut changed = good.clone();
        let at = gap.start + 1 + numbers.below(16_000);
        let new = digits[numbers.below(16)];
        let same = changed[at] == new;
        changed[at] = new;
        // Certificates of issuers that the store holds too may be lost; all else counts.
        let report = verify(&changed, &Policy { trusted: &trusted, time: time(NOW), outside: None }).expect("read");
        let before = &report.signatures[0];
        assert!(
            same || !report.passed() || before.signatory.as_ref().is_some_and(|s| s.name == "Åsa Provström"),
            "{at}"
        );
    }
}

#[test]
fn torn_files_are_refused() {
    let Some(pki) = pki() else { return };
    let trusted = pki.trusted();
    let good = signed(pki, Level::Lta);
    let mut numbers = Numbers(3);
    for _ in 0..300 {
        let length = numbers.below(good.len() - 8);
        assert!(!passes(&good[..length], &trusted) || good[..length].trim_ascii_end().ends_with(b"%%EOF"), "{length}");
        // A piece taken out, and one put in twice.
        let (from, to) = (numbers.below(good.len()), numbers.below(good.len()));
        let (from, to) = (from.min(to), from.max(to) + 1);
        assert!(!passes(&[&good[..from], &good[to.min(good.len())..]].concat(), &trusted), "{from}..{to} left out");
        assert!(!passes(&[&good[..to.min(good.len())], &good[from..]].concat(), &trusted), "{from}..{to} twice");
    }
}
