//! Tables of every width and at every height: all of them on the page, nothing over anything else, and pages that break
//! between rows that have nothing to do with each other.

use serde_json::{Value, json};

use super::Press;
use super::models::{lengthened, lines};
use crate::boxes::{Word, judge};
use crate::support::{PROFILES, page_texts, squeezed};

/// Headings of columns, from short to longer than most columns.
const HEADS: [&str; 8] =
    ["Utfall", "Budget jan–apr", "2025", "Helårsprognos", "Kvinnor", "Januari", "Bruttokostnad per invånare", "Antal"];
const LABELS: [&str; 5] = [
    "Äldreomsorg",
    "Individ- och familjeomsorg",
    "Arbetsmarknadsåtgärder, dnr SN/2012:107",
    "Verksamhetsutvecklingsprogramsuppföljning",
    "Avgifter och anna-karin.ek@exempelkommunen.example",
];

fn wide(columns: usize, digits: u32, texts: usize) -> Value {
    let head = |c: usize| match c {
        _ if c < texts => json!({"id": format!("c{c}"), "title": "Verksamhet"}),
        _ if !columns.is_multiple_of(3) => {
            json!({"id": format!("c{c}"), "title": format!("{} {c}", HEADS[c % HEADS.len()]), "type": "integer"})
        }
        _ => json!({"id": format!("c{c}"), "title": format!("{} {c}", HEADS[c % HEADS.len()]), "type": "integer",
                    "group": format!("Grupp {}", c / 4)}),
    };
    let cell = |r: usize, c: usize| match c {
        _ if c < texts => json!(LABELS[(r + c) % LABELS.len()]),
        _ => json!(figure(r, c, digits)),
    };
    let rows: Vec<_> = (0..5).map(|r| json!({"cells": (0..columns).map(|c| cell(r, c)).collect::<Vec<_>>()})).collect();
    json!({"type": "table", "title": "Bred tabell", "unit": "tkr", "columns": (0..columns).map(head).collect::<Vec<_>>(),
           "rows": rows, "notes": ["En anmärkning."]})
}

/// A figure of so many digits that no other cell has.
fn figure(row: usize, column: usize, digits: u32) -> i64 {
    let least = 10_i64.pow(digits - 1);
    least * 3 + (row * 41 + column) as i64
}

#[test]
fn tables_of_every_width_are_on_their_pages() {
    let mut press = Press::new("wide", 25);
    for columns in 2..=40 {
        for digits in [4, 8] {
            let texts = 1 + columns % 2;
            let what = format!("{columns} columns of {digits} digits");
            let model = lengthened("dokument", json!([lines(3), wide(columns, digits, texts), lines(2)]));
            let rendered = press.print(&what, &model, PROFILES[columns % 2]);
            let Some(words) = press.words(&rendered) else { return };
            judge(&what, &words, &rendered.sizes);
            let all: String = words.iter().map(|w| squeezed(&w.text)).collect();
            for (row, column) in (0..5).flat_map(|r| (texts..columns).map(move |c| (r, c))) {
                let figure = figure(row, column, digits).to_string();
                assert!(all.contains(&figure), "{what}: {figure}");
            }
            // What never breaks stands on one line, and so is one word.
            for solid in ["SN/2012:107", "anna-karin.ek@exempelkommunen.example"] {
                assert!(words.iter().any(|w| w.text.trim_end_matches(',') == solid), "{what}: {solid} is broken");
            }
        }
    }
}

/// A budget in groups, each with its netto, and a total.
fn budget(groups: usize) -> Value {
    let mut rows = Vec::new();
    for group in 0..groups {
        rows.push(json!({"type": "group", "title": format!("GRUPP {group}")}));
        for row in 0..1 + group % 4 {
            rows.push(json!({"cells": [format!("RAD {group}.{row}"), 100, -90, null]}));
        }
        rows.push(json!({"type": "netto", "title": "NETTO"}));
    }
    rows.push(json!({"type": "total", "title": "SUMMA"}));
    json!({
        "type": "table", "title": "Ekonomi", "unit": "tkr", "sign_convention": "minus är underskott",
        "columns": [
            {"id": "p", "title": "Verksamhet"}, {"id": "b", "title": "Budget", "type": "amount"},
            {"id": "u", "title": "Utfall", "type": "amount"}, {"id": "a", "title": "Avvikelse", "type": "amount", "formula": "u - b"},
        ],
        "rows": rows,
    })
}

/// The rows of a budget on a page, as what they are and their place.
fn rows(words: &[Word], page: usize) -> Vec<&str> {
    let named = |w: &&Word| w.page == page && ["GRUPP", "RAD", "NETTO", "SUMMA"].contains(&w.text.as_str());
    words.iter().filter(named).map(|w| w.text.as_str()).collect()
}

#[test]
fn rows_that_belong_together_stand_on_one_page() {
    let mut press = Press::new("rows", 20);
    for before in 0..=60 {
        let what = format!("a budget after {before} lines");
        let model = lengthened("dokument", json!([lines(before), budget(14), lines(2)]));
        let rendered = press.print(&what, &model, PROFILES[before % 2]);
        let Some(words) = press.words(&rendered) else { return };
        let Some(pages) = page_texts("-layout", &press.file(&rendered)) else { return };
        judge(&what, &words, &rendered.sizes);
        let mut begun = false;
        for (page, text) in (1..).zip(&pages) {
            let rows = rows(&words, page);
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else { continue };
            let shown = format!("{what}, page {page}: {rows:?}");
            assert!(rows.len() > 1, "{shown}");
            assert_ne!(*last, "GRUPP", "{shown}");
            assert!(!["NETTO", "SUMMA"].contains(first), "{shown}");
            // What goes on says so, with the unit; what begins has its heading on its page.
            assert_eq!(text.contains("Ekonomi (tkr), forts."), begun, "{shown}");
            assert!(text.contains("Ekonomi"), "{shown}");
            begun = true;
        }
    }
}

#[test]
fn rows_that_fit_on_a_page_are_never_divided() {
    let mut press = Press::new("whole-rows", 20);
    let text = "BÖRJAR med en beskrivning av åtgärden som tar många rader i kolumnen, för att den ska kunna delas mellan två sidor när tabellen är lång och raderna är höga, vilket inte ska ske annat än när de är högre än sidan SLUTAR";
    let row = |i: usize| json!({"cells": [i.to_string(), text.repeat(1 + i % 3), "Förvaltningschefen"]});
    for before in (0..=45).step_by(3) {
        let table = json!({
            "type": "table", "title": "Åtgärder", "rows": (0..14).map(row).collect::<Vec<_>>(),
            "columns": [{"id": "n", "title": "Nr"}, {"id": "t", "title": "Åtgärd"}, {"id": "a", "title": "Ansvarig"}],
        });
        let what = format!("long rows after {before} lines");
        let model = lengthened("dokument", json!([lines(before), table, lines(2)]));
        let rendered = press.print(&what, &model, PROFILES[before % 2]);
        let Some(words) = press.words(&rendered) else { return };
        judge(&what, &words, &rendered.sizes);
        for page in 1..=rendered.pages {
            let count = |text: &str| words.iter().filter(|w| w.page == page && w.text.contains(text)).count();
            assert_eq!(count("BÖRJAR"), count("SLUTAR"), "{what}: page {page}");
        }
    }
}

#[test]
fn a_row_higher_than_a_page_goes_on_and_loses_nothing() {
    let mut press = Press::new("high-rows", 1);
    let text: String = (0..900).map(|i| format!("ord{i} ")).collect();
    let table = json!({
        "type": "table", "title": "Åtgärder", "rows": [{"cells": ["1", text]}, {"cells": ["2", "SIST"]}],
        "columns": [{"id": "n", "title": "Nr"}, {"id": "t", "title": "Åtgärd"}],
    });
    let rendered = press.print("a high row", &lengthened("dokument", json!([lines(4), table])), PROFILES[0]);
    let Some(words) = press.words(&rendered) else { return };
    judge("a high row", &words, &rendered.sizes);
    assert!(
        (0..900).all(|i| words.iter().any(|w| w.text == format!("ord{i}"))) && words.iter().any(|w| w.text == "SIST")
    );
}
