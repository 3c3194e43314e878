//! What the figures of a table must be to one another, beside sums and formulas.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::resolved::ResolvedRow;
use super::{ColumnType, RowType, Table};
use crate::diagnostic::Diagnostic;
use crate::format::parse_date;
use crate::messages::{tab011, tab012};

/// Reports parts that are larger than their whole, and ends before their beginnings.
pub(super) fn check(table: &Table, rows: &[ResolvedRow], pointer: &str, found: &mut Vec<Diagnostic>) {
    parts(table, rows, pointer, found);
    dates(table, pointer, found);
}

/// A row of which another is a part: no part of the same sign is larger than the whole. A net of income and costs has
/// larger parts, so this warns.
fn parts(table: &Table, rows: &[ResolvedRow], pointer: &str, found: &mut Vec<Diagnostic>) {
    let mut whole = None;
    for (r, row) in table.rows.iter().enumerate() {
        if row.kind != RowType::Varav {
            whole = Some(r).filter(|_| row.kind != RowType::Group);
            continue;
        }
        let Some(whole) = whole else { continue };
        // Shares of it are measured otherwise.
        if row.numbers != table.rows[whole].numbers {
            continue;
        }
        let number = |row: usize, c: usize| rows[row].cells.get(c).and_then(|cell| cell.number);
        for (c, column) in table.columns.iter().enumerate() {
            if !matches!(column.kind, ColumnType::Amount | ColumnType::Integer) || column.formula.is_some() {
                continue;
            }
            let (Some(part), Some(all)) = (number(r, c), number(whole, c)) else { continue };
            if part.is_sign_negative() == all.is_sign_negative() && part.abs() > all.abs() {
                let larger = tab011::PartLarger { part: &shown(part), whole: &shown(all), column: &column.title };
                found.push(larger.at(format!("{pointer}/rows/{r}/cells/{c}")));
            }
        }
    }
}

fn shown(number: Decimal) -> String {
    crate::format::number(number, number.normalize().scale())
}

/// The words of headings over beginnings and ends.
const STARTS: [&str; 5] = ["start", "från", "fr.o.m", "påbörj", "inled"];
const ENDS: [&str; 6] = ["slut", "till", "t.o.m", "klar", "avslut", "färdig"];

fn dates(table: &Table, pointer: &str, found: &mut Vec<Diagnostic>) {
    let column = |words: &[&str]| {
        table.columns.iter().position(|column| {
            let title = column.title.to_lowercase();
            column.kind == ColumnType::Date && words.iter().any(|word| title.contains(word))
        })
    };
    let (Some(start), Some(end)) = (column(&STARTS), column(&ENDS)) else { return };
    for (r, row) in table.rows.iter().enumerate() {
        let written = |c: usize| row.cells.get(c).and_then(|cell| cell.value.as_deref());
        let date = |c: usize| written(c).and_then(parse_date);
        let dates: BTreeMap<usize, _> = [start, end].into_iter().filter_map(|c| Some((c, date(c)?))).collect();
        let (Some(first), Some(last)) = (dates.get(&start), dates.get(&end)) else { continue };
        if last < first {
            let before = tab012::EndsBeforeStart { start: &first.to_string(), end: &last.to_string() };
            found.push(before.at(format!("{pointer}/rows/{r}/cells/{end}")));
        }
    }
}
