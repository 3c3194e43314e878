//! Signature blocks at every place of a page: whole, with their words, within the margins.

use serde_json::{Value, json};
use sigill_layout::RenderedDocument;

use super::models::{lengthened, lines, merge};
use super::{Press, Word};
use crate::support::PROFILES;

fn signature(number: usize) -> Value {
    json!({
        "id": format!("falt-{number}"), "name": format!("Namn{number}"), "title": format!("Titel{number}"),
        "role": format!("Roll{number}"), "place_date": true, "method": if number.is_multiple_of(2) { "ink" } else { "digital" },
    })
}

/// Lowest place of the text on a page: the height of A4 without the lower margin of letters.
const BODY_ENDS: f64 = 841.89 - 102.0 + 1.0;

fn judge(rendered: &RenderedDocument, words: &[Word], count: usize, what: &str) {
    assert_eq!(rendered.signatures.len(), count, "{what}: fields");
    for (number, field) in (0..count).zip(&rendered.signatures) {
        let [left, bottom, _, top] = field.rect;
        let (upper, lower) = (841.89 - top, 841.89 - bottom);
        assert!(upper > 70.0 && lower < BODY_ENDS, "{what}: field {number} reaches from {upper} to {lower}");
        for label in ["Namn", "Titel", "Roll"] {
            let label = format!("{label}{number}");
            let word = words.iter().find(|w| w.text == label).unwrap_or_else(|| panic!("{what}: no {label}"));
            assert_eq!(word.page, field.page, "{what}: {label} stands on another page than its field");
            let near = word.top > lower - 2.0 && word.bottom < lower + 50.0 && (word.left - left).abs() < 2.0;
            assert!(near, "{what}: {label} at {word:?}, its field down to {lower}");
        }
        // The line for place and date stands above the field.
        let above =
            |w: &Word| w.text == "Ort" && w.page == field.page && (w.left - left).abs() < 2.0 && w.bottom < upper;
        assert!(words.iter().any(above), "{what}: place and date of field {number} stand elsewhere");
    }
}

fn at_every_place(kind: &str, press: &mut Press, counts: &[usize], step: usize) {
    for &count in counts {
        for before in (0..=66).step_by(step) {
            let mut model = lengthened(kind, json!(lines(before)));
            let signatures: Vec<_> = (0..count).map(signature).collect();
            merge(&mut model, json!({"signaturer": signatures, "bilagor": [{"title": "Karta"}, {"title": "Budget"}]}));
            let what = format!("{kind}: {count} signatures after {before} lines");
            let rendered = press.print(&what, &model, PROFILES[before / step % 2]);
            let Some(words) = press.words(&rendered) else { return };
            judge(&rendered, &words, count, &what);
        }
    }
}

#[test]
fn signature_blocks_are_never_split() {
    let mut press = Press::new("signatures", 130);
    at_every_place("dokument", &mut press, &[1, 2, 3, 6], 1);
    at_every_place("tjansteskrivelse", &mut press, &[2, 5], 3);
}
