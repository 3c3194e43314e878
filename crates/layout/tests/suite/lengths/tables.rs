//! Tables of every length.

use serde_json::{Value, json};

use super::Press;
use super::models::{lengthened, lines};
use crate::support::{PROFILES, page_texts};

/// A figure of a line of the table; every column has its own.
fn figure(row: usize, column: usize) -> i64 {
    (row * 37 + column * 11) as i64 % 900 - 250
}

/// So many rows: groups of ten with subtotals and netto, `varav` rows and notes in between, a total last.
fn table(rows: usize, landscape: bool) -> Value {
    let mut out = Vec::new();
    for row in 0..rows {
        out.push(match row % 13 {
            0 => json!({"type": "group", "title": format!("Grupp {row}")}),
            10 => json!({"type": "subtotal", "title": format!("Delsumma {row}")}),
            11 => json!({"type": "varav", "cells": [format!("varav {row}"), 1, "us", "", null]}),
            12 => json!({"type": "netto", "title": format!("Netto {row}")}),
            5 => json!({"cells": [{"value": format!("Rad {row}"), "note": format!("Not {}", row % 4)}, figure(row, 1), figure(row, 2), figure(row, 3), null]}),
            _ => json!({"cells": [format!("Rad {row}"), figure(row, 1), figure(row, 2), figure(row, 3), null]}),
        });
    }
    if rows > 0 {
        out.push(json!({"type": "total", "title": "Summa"}));
    }
    json!({
        "type": "table", "title": "Verksamheter", "unit": "tkr", "landscape": landscape, "sign_convention": "minus är underskott",
        "columns": [
            {"id": "namn", "title": "Verksamhet"},
            {"id": "utfall", "title": "Utfall", "type": "amount", "group": "Året"},
            {"id": "budget", "title": "Budget", "type": "amount", "group": "Året"},
            {"id": "prognos", "title": "Prognos", "type": "amount"},
            {"id": "avvikelse", "title": "Avvikelse", "type": "amount", "formula": "prognos - budget"},
        ],
        "rows": out, "notes": ["Beloppen är avrundade."],
    })
}

#[test]
fn tables_of_every_length_render() {
    let mut press = Press::new("tables", 90);
    let lengths = (0..=60).chain((75..=400).step_by(65));
    for (i, rows) in lengths.enumerate() {
        for landscape in [false, true] {
            // Different text before, so that the same length breaks elsewhere in the two profiles.
            for (j, profile) in PROFILES.into_iter().enumerate().filter(|(j, _)| rows <= 60 || *j == i % 2) {
                let parts = json!([lines((i * 7 + j * 5) % 40), table(rows, landscape), lines(4)]);
                press.print(
                    &format!("a table of {rows} rows, landscape: {landscape}"),
                    &lengthened("dokument", parts),
                    profile,
                );
            }
        }
    }
}

#[test]
fn tables_in_every_kind_render() {
    let mut press = Press::new("tables-in-kinds", 1000);
    for kind in ["ordforandeforslag", "tjansteskrivelse", "delarsrapport", "projektuppfoljning"] {
        for rows in (0..=90).step_by(15) {
            for (landscape, profile) in [(false, PROFILES[0]), (true, PROFILES[1])] {
                let parts = json!([lines(rows / 4), table(rows, landscape), lines(2)]);
                press.print(&format!("{kind}: a table of {rows} rows"), &lengthened(kind, parts), profile);
            }
        }
    }
}

/// Three columns' sums as they are printed.
fn printed(sums: [i64; 3]) -> Vec<String> {
    let all = [sums[0], sums[1], sums[2], sums[2] - sums[1]];
    let one = |n: i64| sigill_model::format::number(n.into(), 0).replace('\u{a0}', " ");
    all.into_iter().map(one).collect()
}

#[test]
fn every_page_of_a_long_table_has_its_heads_and_the_sums_are_right() {
    let mut press = Press::new("heads", 1);
    for landscape in [false, true] {
        let model = lengthened("dokument", json!([lines(5), table(300, landscape), lines(2)]));
        let rendered = press.print("a table of 300 rows", &model, PROFILES[usize::from(landscape)]);
        let Some(pages) = page_texts("-layout", &press.file(&rendered)) else { return };
        let held = |page: &str| {
            page.lines().any(|l| ["Rad ", "varav ", "Delsumma ", "Netto "].iter().any(|r| l.trim().starts_with(r)))
        };
        let with_rows: Vec<_> = pages.iter().filter(|p| held(p)).collect();
        assert!(with_rows.len() >= 5, "300 rows on {} pages", with_rows.len());
        for (i, page) in with_rows.iter().enumerate() {
            let heads = page
                .lines()
                .filter(|l| ["Verksamhet", "Utfall", "Budget", "Prognos", "Avvikelse"].iter().all(|h| l.contains(h)));
            assert_eq!(heads.count(), 1, "page {} with rows, landscape {landscape}:\n{page}", i + 1);
            assert!(page.lines().any(|l| l.trim() == "Året"), "page {} lacks the shared head", i + 1);
        }
        // Every row once and in order, and every sum that of its rows.
        let all: Vec<&str> = pages.iter().flat_map(|p| p.lines()).map(str::trim).collect();
        let (mut next, mut group, mut part, mut total) = (0, [0; 3], [0; 3], [0; 3]);
        for row in 0..=300 {
            let name = match row % 13 {
                _ if row == 300 => "Summa".to_owned(),
                0 => format!("Grupp {row}"),
                10 => format!("Delsumma {row}"),
                11 => format!("varav {row}"),
                12 => format!("Netto {row}"),
                _ => format!("Rad {row}"),
            };
            let same = |l: &&str| {
                l.strip_prefix(name.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
            };
            let at = all[next..].iter().position(same).unwrap_or_else(|| panic!("{name} is missing or out of order"));
            let line = all[next + at];
            next += at + 1;
            let wanted = match row % 13 {
                _ if row == 300 => total,
                0 => {
                    (group, part) = ([0; 3], [0; 3]);
                    continue;
                }
                10 => part,
                12 => group,
                11 => continue,
                _ => {
                    for sum in [&mut group, &mut part, &mut total] {
                        (0..3).for_each(|c| sum[c] += figure(row, c + 1));
                    }
                    continue;
                }
            };
            let words: Vec<_> = line.split_whitespace().collect();
            let figures = printed(wanted).join(" ");
            assert!(words.join(" ").ends_with(&figures), "{name}: {line}, wanted {figures}");
        }
    }
}

#[test]
fn heads_with_links_and_notes_render_on_many_pages() {
    let mut press = Press::new("linked-heads", 2);
    let rows: Vec<_> = (0..120).map(|row| json!({"cells": [format!("Rad {row}")]})).collect();
    for title in ["Se [sidan](https://www.exempel.example)", "*Märkt[^1]*\n\n[^1]: Noten till rubriken."] {
        let table = json!({"type": "table", "columns": [{"id": "a", "title": title}], "rows": rows});
        let rendered = press.print(title, &lengthened("dokument", json!([table])), PROFILES[0]);
        assert!(rendered.pages > 2, "{title}: the head does not repeat on {} pages", rendered.pages);
    }
}
