//! Tables that add up: what is computed, what is refused, and what rounding explains.

#![allow(clippy::expect_used, reason = "tests fail by panicking")]

use proptest::prelude::*;
use serde_json::{Value, json};
use sigill_model::table::{ResolvedTable, Table, resolve};

fn table(columns: Value, rows: Value) -> Table {
    serde_json::from_value(json!({"type": "table", "unit": "tkr", "columns": columns, "rows": rows})).expect("a table")
}

fn run(table: &Table) -> (ResolvedTable, Vec<(String, String)>) {
    let mut found = Vec::new();
    let resolved = resolve(table, "", &mut found);
    (resolved, found.into_iter().map(|d| (d.code.to_string(), d.pointer)).collect())
}

fn columns() -> Value {
    json!([
        {"id": "post"},
        {"id": "budget", "type": "amount"},
        {"id": "prognos", "type": "amount"},
        {"id": "avvikelse", "type": "amount", "formula": "prognos - budget"}
    ])
}

/// Figures of a row as exact values, blanks as nothing.
fn figures(resolved: &ResolvedTable, row: usize) -> Vec<Option<String>> {
    resolved.rows[row].cells.iter().skip(1).map(|c| c.number.map(|n| n.normalize().to_string())).collect()
}

fn some(figures: [&str; 3]) -> Vec<Option<String>> {
    figures.iter().map(|f| Some((*f).to_owned())).collect()
}

#[test]
fn what_is_left_out_is_computed() {
    let (resolved, found) = run(&table(
        columns(),
        json!([
            {"type": "group", "title": "Gator"},
            {"cells": ["Avgifter", 1200, 1250, null]},
            {"cells": ["Bidrag", 300, 310, null]},
            {"type": "subtotal", "title": "Intäkter"},
            {"cells": ["Personal", -5200, -5100, null]},
            {"type": "varav", "cells": ["varav vikarier", -900, -1000, null]},
            {"type": "subtotal", "title": "Kostnader"},
            {"type": "netto", "title": "Netto"},
            {"type": "group", "title": "Parker"},
            {"cells": ["Skötsel", -100, -90, null]},
            {"type": "netto", "title": "Netto"},
            {"type": "total", "title": "Summa"}
        ]),
    ));
    assert_eq!(found, []);
    assert_eq!(figures(&resolved, 1), some(["1200", "1250", "50"]));
    assert_eq!(figures(&resolved, 3), some(["1500", "1560", "60"]));
    assert_eq!(figures(&resolved, 5), some(["-900", "-1000", "-100"]), "a varav row is shown");
    assert_eq!(figures(&resolved, 6), some(["-5200", "-5100", "100"]), "and not summed");
    assert_eq!(figures(&resolved, 7), some(["-3700", "-3540", "160"]));
    assert_eq!(figures(&resolved, 10), some(["-100", "-90", "10"]));
    assert_eq!(figures(&resolved, 11), some(["-3800", "-3630", "170"]));
}

#[test]
fn uppgift_saknas_makes_results_unknown_and_blanks_do_not() {
    let (resolved, found) = run(&table(
        columns(),
        json!([
            {"cells": ["A", 10, "us", null]},
            {"cells": ["B", 20, "", null]},
            {"type": "total", "title": "Summa"}
        ]),
    ));
    // A blank beside a figure counts as nothing, and that is told.
    assert_eq!(found, [("TAB010".to_owned(), "/rows/1/cells/3".to_owned())]);
    assert_eq!(figures(&resolved, 0), [Some("10".to_owned()), None, None]);
    assert_eq!(figures(&resolved, 1), [Some("20".to_owned()), None, Some("-20".to_owned())]);
    assert_eq!(figures(&resolved, 2), [Some("30".to_owned()), None, None]);
    let shown = |row: usize, cell: usize| json!(resolved.rows[row].cells[cell]).to_string();
    assert!(shown(2, 2).contains("us") && shown(0, 3).contains("us"), "{}", shown(2, 2));
}

/// 34.85… per cent of figures rounded to whole thousands: both 34.8 and 34.9 may have been computed from the exact ones.
#[test]
fn a_quotient_of_rounded_figures_is_as_uncertain_as_they_are() {
    let columns = json!([
        {"id": "post"},
        {"id": "budget", "type": "amount"},
        {"id": "utfall", "type": "amount"},
        {"id": "andel", "type": "percent", "formula": "utfall / budget * 100", "decimals": 1}
    ]);
    let of = |share: f64| run(&table(columns.clone(), json!([{"cells": ["Städning", -1811, -631, share]}]))).1;
    assert_eq!((of(34.8), of(34.9)), (vec![], vec![]));
    assert_eq!(of(35.2), [("SUM002".to_owned(), "/rows/0/cells/3".to_owned())]);
}

#[test]
fn exact_tables_and_counts_have_no_tolerance() {
    let rows =
        json!([{"cells": ["A", 1, 2, 1]}, {"cells": ["B", 3, 3, 0]}, {"type": "total", "cells": ["Summa", 4, 6, 2]}]);
    let mut exact = table(columns(), rows.clone());
    assert_eq!(run(&exact).1, [], "one unit is rounding");
    exact.exact = true;
    let pointers: Vec<_> = run(&exact).1.into_iter().map(|(_, pointer)| pointer).collect();
    assert!(pointers.contains(&"/rows/2/cells/2".to_owned()), "{pointers:?}");
    let counts = json!([{"id": "post"}, {"id": "antal", "type": "integer"}]);
    let off = json!([{"cells": ["A", 1]}, {"cells": ["B", 3]}, {"type": "total", "cells": ["Summa", 5]}]);
    assert_eq!(run(&table(counts, off)).1, [("SUM001".to_owned(), "/rows/2/cells/1".to_owned())]);
}

/// Half away from zero, as published figures are rounded.
fn thousands(kronor: i64) -> i64 {
    (kronor.abs() + 500) / 1000 * kronor.signum()
}

proptest! {
    /// Every figure is rounded from the exact one, also sums and deviations: nothing to find, however odd they look.
    #[test]
    fn rounding_alone_is_never_a_finding(lines in prop::collection::vec((-90_000_000i64..90_000_000, -90_000_000i64..90_000_000), 1..40)) {
        let (table, _) = published(&lines);
        prop_assert_eq!(run(&table).1, []);
    }

    /// A figure that is further off than rounding explains is found, in whichever row it stands.
    #[test]
    fn a_wrong_deviation_is_always_found(
        lines in prop::collection::vec((-90_000_000i64..90_000_000, -90_000_000i64..90_000_000), 1..40),
        at in any::<prop::sample::Index>(),
        off in prop_oneof![3i64..1_000_000, -1_000_000i64..-2],
    ) {
        let (mut table, mut rows) = published(&lines);
        let row = at.index(lines.len());
        let wrong = rows[row]["cells"][3].as_i64().expect("a figure") + off;
        rows[row]["cells"][3] = wrong.into();
        table.rows = serde_json::from_value(Value::Array(rows)).expect("rows");
        let found = run(&table).1;
        let wanted = ("SUM002".to_owned(), format!("/rows/{row}/cells/3"));
        prop_assert!(found.contains(&wanted), "{:?}", found);
    }
}

fn published(lines: &[(i64, i64)]) -> (Table, Vec<Value>) {
    let row = |name: &str, budget: i64, forecast: i64| {
        json!([name, thousands(budget), thousands(forecast), thousands(forecast - budget)])
    };
    let mut rows: Vec<_> = lines.iter().map(|&(b, p)| json!({"cells": row("Rad", b, p)})).collect();
    let (budget, forecast) = (lines.iter().map(|l| l.0).sum(), lines.iter().map(|l| l.1).sum());
    rows.push(json!({"type": "total", "cells": row("Summa", budget, forecast)}));
    (table(columns(), Value::Array(rows.clone())), rows)
}

#[test]
fn a_computed_difference_is_as_precise_as_its_terms() {
    let columns = json!([
        {"id": "post"},
        {"id": "b", "type": "amount"},
        {"id": "c", "type": "amount"},
        {"id": "d", "type": "amount", "formula": "b - c"},
        {"id": "e", "type": "amount", "formula": "d + c"},
        {"id": "f", "type": "amount", "formula": "b * c"}
    ]);
    let written = |b: &str, c: &str| json!({"cells": ["x", b, c, null, null, null]});
    let rows = json!([written("10.50", "10"), written("3.25", "3"), {"type": "total", "title": "Summa"}]);
    let (resolved, found) = run(&table(columns, rows));
    assert_eq!(found, []);
    let decimals: Vec<u32> = resolved.columns.iter().map(|c| c.decimals).collect();
    assert_eq!(decimals, [0, 2, 0, 2, 2, 0]);
    let printed = |row: usize| {
        let cells = resolved.rows[row].cells.iter().skip(1).take(4);
        cells.map(|c| sigill_model::text::plain(&[sigill_model::text::Block::P { c: c.c.clone() }])).collect::<Vec<_>>()
    };
    assert_eq!(printed(0), ["10,50", "10", "0,50", "10,50"]);
    assert_eq!(printed(2), ["13,75", "13", "0,75", "13,75"]);
}
