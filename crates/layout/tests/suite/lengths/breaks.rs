//! Page breaks at every line of running text, and around everything that stands in it.

use serde_json::{Value, json};

use super::models::{lengthened, lines, merge, smallest};
use super::{Press, Word};
use crate::support::{PROFILES, tool_text};

/// A kind with running text of so many lines renders in both profiles.
fn every_length(press: &mut Press, kind: &str, lengths: impl Iterator<Item = usize>) {
    for length in lengths {
        let model = lengthened(kind, json!(lines(length)));
        for profile in PROFILES {
            press.print(&format!("{kind} of {length} lines"), &model, profile);
        }
    }
}

#[test]
fn text_of_every_length_renders() {
    let mut press = Press::new("text", 151);
    every_length(&mut press, "dokument", 0..=120);
    for kind in ["kallelse", "ordforandeforslag", "tjansteskrivelse", "delarsrapport", "projektuppfoljning"] {
        every_length(&mut press, kind, (0..=120).step_by(9));
    }
}

/// Pushes content down line by line, over more than a page.
fn pushed_down(press: &mut Press, what: &str, content: &[Value], step: usize, mut judge: impl FnMut(&[Word], usize)) {
    for before in (0..=60).step_by(step) {
        let mut parts = vec![json!(lines(before))];
        parts.extend(content.iter().cloned());
        parts.push(json!(lines(3)));
        let model = lengthened("dokument", json!(parts));
        let rendered = press.print(&format!("{what} after {before} lines"), &model, PROFILES[before / step % 2]);
        if let Some(words) = press.words(&rendered) {
            judge(&words, before);
        }
    }
}

fn found<'a>(words: &'a [Word], text: &str) -> &'a Word {
    words.iter().find(|w| w.text == text).unwrap_or_else(|| panic!("{text} is not in the document"))
}

/// Footer of the first page and lower margin begin here.
const BODY_ENDS: f64 = 842.0 - 70.0;

#[test]
fn a_note_stands_on_the_page_of_its_mark() {
    let mut press = Press::new("notes", 70);
    let text = "Ett stycke vars noter är flera: MÄRKE[^1] och ett till[^2].\n\n[^1]: NOT med *betoning* och [länk](https://exempel.example).\n\n[^2]: Andra noten är längre än en rad, och det är för att den ska kunna brytas mitt itu om den måste delas på två sidor.";
    pushed_down(&mut press, "a note", &[json!(text)], 1, |words, before| {
        let note = found(words, "NOT");
        let mark = words.iter().find(|w| w.text.starts_with("MÄRKE")).expect("the mark");
        assert_eq!(note.page, mark.page, "after {before} lines: mark and note");
        assert!(note.top > mark.top && note.bottom < 842.0 - 25.0, "after {before} lines: the note at {note:?}");
    });
}

#[test]
fn lists_and_quotes_break_anywhere() {
    let mut press = Press::new("lists", 70);
    let item = "- en punkt som är så lång att den tar minst två rader på sidan, och därför kan delas mellan två sidor när den hamnar längst ned\n\n  1. under[^1]\n  2. nästa *under*\n     - innerst [länk](https://exempel.example)\n\n  > citerat\n  >\n  > - i punkt\n";
    let list =
        format!("{}\n\n> Ett citat.\n>\n> {}\n\n[^1]: En not.", item.repeat(3), lines(4).replace("\n\n", "\n>\n> "));
    pushed_down(&mut press, "a list", &[json!(list), json!(lines(20))], 1, |words, before| {
        assert_eq!(words.iter().filter(|w| w.text == "innerst").count(), 3, "after {before} lines: items");
    });
}

fn table() -> Value {
    json!({
        "type": "table", "id": "siffror", "title": "TABELLRUBRIK", "unit": "tkr",
        "columns": [{"id": "a", "title": "KOLUMN"}, {"id": "b", "title": "2025", "type": "amount"}, {"id": "c", "title": "2026", "type": "amount"}],
        "rows": [{"cells": ["RAD", 12, 14]}, {"cells": ["Andra", 9, -8.5]}, {"type": "total", "title": "Summa"}],
        "notes": ["En anmärkning."],
    })
}

fn chart(kind: &str) -> Value {
    json!({"type": "chart", "chart": kind, "table": "siffror", "title": "DIAGRAM"})
}

#[test]
fn charts_and_pictures_stand_anywhere() {
    let mut press = Press::new("pictures", 70);
    let picture = json!({"type": "image", "file": "bred.png", "alt": "En bild", "caption": "BILDTEXT", "width": 60});
    let drawing = json!({"type": "image", "file": "logga.svg", "alt": "Ett märke", "width": 20});
    let content = [table(), chart("bar"), picture, drawing, chart("line")];
    pushed_down(&mut press, "pictures", &content, 1, |words, before| {
        let caption = found(words, "BILDTEXT");
        assert!(caption.bottom < BODY_ENDS, "after {before} lines: the caption at {caption:?}");
        // A chart stands whole: its heading and the names along its axis are on one page.
        let titles: Vec<_> = words.iter().filter(|w| w.text == "DIAGRAM").collect();
        assert_eq!(titles.len(), 2, "after {before} lines: charts");
        for title in titles {
            let below = words.iter().any(|w| w.page == title.page && w.text == "2025" && w.top > title.top);
            assert!(below, "after {before} lines: the chart under {title:?} is split");
        }
    });
}

#[test]
fn a_picture_taller_than_the_page_is_shown_whole() {
    let mut press = Press::new("tall", 1);
    let picture =
        json!({"type": "image", "file": "lang.png", "alt": "En lång bild", "caption": "BILDTEXT", "width": 100});
    let rendered = press.print("a tall picture", &lengthened("dokument", json!([picture])), PROFILES[0]);
    let Some(words) = press.words(&rendered) else { return };
    let caption = found(&words, "BILDTEXT");
    assert!(caption.bottom < BODY_ENDS, "the caption at {caption:?}");
    // Its 400 pixels, at so many to the inch, fit above the caption: what does not fit would be cut off.
    let Some(list) = tool_text("pdfimages", &["-list"], &press.file(&rendered)) else { return };
    let columns: Vec<_> = list.lines().nth(2).expect("a picture").split_whitespace().collect();
    let per_inch: f64 = columns[13].parse().expect("pixels per inch");
    assert!(400.0 / per_inch * 72.0 < caption.top, "the picture goes beyond the page:\n{list}");
}

/// What may follow a heading, and a word of it that must stand on the heading's page.
fn followers() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("text", json!("FÖLJER efter."), "FÖLJER"),
        ("a list", json!("- FÖLJER\n- sedan"), "FÖLJER"),
        ("a quote", json!("> FÖLJER\n> efter"), "FÖLJER"),
        ("a table", table(), "RAD"),
        ("a form", json!({"type": "form", "title": "Blankett", "fields": [{"label": "FÖLJER", "lines": 3}]}), "FÖLJER"),
        ("facts", json!({"type": "facts", "items": [{"label": "FÖLJER", "value": "x"}]}), "FÖLJER"),
        (
            "a picture",
            json!({"type": "image", "file": "bred.png", "alt": "En bild", "caption": "FÖLJER", "width": 80}),
            "FÖLJER",
        ),
    ]
}

#[test]
fn no_heading_is_last_on_a_page() {
    let mut press = Press::new("headings", 400);
    for (what, follower, word) in followers() {
        for before in 10..=60 {
            let mut model = lengthened("dokument", json!(lines(before)));
            let below = json!({"title": "UNDERRUBRIK", "content": [follower, lines(2)]});
            merge(&mut model, json!({"sections": [{"title": "HUVUDRUBRIK", "sections": [below]}]}));
            let rendered =
                press.print(&format!("{what} under headings after {before} lines"), &model, PROFILES[before % 2]);
            let Some(words) = press.words(&rendered) else { return };
            let page = found(&words, word).page;
            for heading in ["HUVUDRUBRIK", "UNDERRUBRIK"] {
                assert_eq!(found(&words, heading).page, page, "{what} after {before} lines: {heading}");
            }
        }
    }
}

#[test]
fn the_smallest_model_of_every_kind_renders() {
    let mut press = Press::new("smallest", 1000);
    for kind in ["kallelse", "ordforandeforslag", "tjansteskrivelse", "delarsrapport", "projektuppfoljning", "dokument"]
    {
        for profile in PROFILES {
            press.print(kind, &smallest(kind), profile);
        }
    }
}
