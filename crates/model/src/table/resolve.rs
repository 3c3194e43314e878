//! From a table as written to a table ready to set: every cell a text, every result computed, every figure checked.

use rust_decimal::Decimal;
use sigill_messages::Localize;

use super::compute::{Computation, Given, Value, effective_type};
use super::fit;
use super::formula::Formula;
use super::names::MANY;
use super::resolved::{Note, ResolvedCell, ResolvedColumn, ResolvedRow, ResolvedTable};
use super::sense;
use super::{Column, ColumnType, RowType, Table};
use crate::diagnostic::Diagnostic;
use crate::format::{self, NBSP};
use crate::messages::{cell, tab001, tab003, tab005};
use crate::status::Status;
use crate::text::{self, Block, Inline};

/// Computes and checks a table. Findings point below `pointer`.
pub fn resolve(table: &Table, pointer: &str, found: &mut Vec<Diagnostic>) -> ResolvedTable {
    let sound = check_shape(table, pointer, found);
    let given = read_cells(table, pointer, found);
    let (decimals, row_decimals) = precision(table, &given);
    let mut computation = Computation::new(table, &given, &decimals, &row_decimals, pointer);
    let mut marks = Marks::default();
    let inline = |field: &str, value: &Option<String>, found: &mut Vec<Diagnostic>| {
        value.as_ref().map(|v| text::parse_inline(v, &format!("{pointer}/{field}"), found))
    };
    // In the order of reading, which is the order of the marks.
    let title = marks.marked(inline("title", &table.title, found).unwrap_or_default());
    let headings = headings(table, pointer, &mut marks, found);
    let mut rows = Vec::with_capacity(table.rows.len());
    for (r, row_decimals) in row_decimals.iter().enumerate() {
        // A row of the wrong length has been reported; its cells cannot be told apart.
        let values: Vec<_> =
            (0..table.columns.len()).map(|c| if sound { computation.value(r, c) } else { Value::Nothing }).collect();
        rows.push(set_row(table, r, &values, &decimals, *row_decimals, pointer, &mut marks, found));
    }
    computation.report(found);
    fit::keep_together(&mut rows);
    for (i, note) in table.notes.iter().enumerate() {
        let c = text::parse_inline(note, &format!("{pointer}/notes/{i}"), found);
        marks.notes.push(Note { mark: String::new(), c });
    }
    sense::check(table, &rows, pointer, found);
    ResolvedTable {
        id: table.id.clone(),
        title,
        unit: table.unit.clone(),
        sign_convention: inline("sign_convention", &table.sign_convention, found),
        grouped: table.columns.iter().any(|c| c.group.is_some()),
        columns: columns(table, headings, &decimals, &rows),
        rows,
        notes: marks.notes,
        landscape: table.landscape,
    }
}

fn check_shape(table: &Table, pointer: &str, found: &mut Vec<Diagnostic>) -> bool {
    let expected = table.columns.len();
    let mut sound = true;
    for (r, row) in table.rows.iter().enumerate() {
        let length = row.cells.len();
        let may_be_short = row.kind == RowType::Group || (row.kind.is_result() && row.title.is_some());
        if length == expected || (length == 0 && may_be_short) {
            continue;
        }
        sound = false;
        let wrong = tab001::Cells { cells: &length, columns: &expected };
        found.push(wrong.at(format!("{pointer}/rows/{r}/cells")));
    }
    sound
}

fn read_cells(table: &Table, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Vec<Given>> {
    let mut out = Vec::with_capacity(table.rows.len());
    let mut wrong: Vec<Vec<Diagnostic>> = vec![Vec::new(); table.columns.len()];
    for (r, row) in table.rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(table.columns.len());
        for (c, column) in table.columns.iter().enumerate() {
            let Some(cell) = row.cells.get(c) else {
                cells.push(Given::Absent);
                continue;
            };
            let place = || format!("{pointer}/rows/{r}/cells/{c}");
            cells.push(match &cell.value {
                None => Given::Absent,
                Some(_) if cell.is_blank() => Given::Blank,
                Some(_) if cell.is_missing() => Given::Missing,
                Some(v) => match effective_type(table, r, c) {
                    ColumnType::Text => Given::Words,
                    ColumnType::Date => {
                        if format::parse_date(v).is_none() {
                            wrong[c].push(wrong_cell(&place(), v, &column.title, &cell::ADate));
                        }
                        Given::Words
                    }
                    ColumnType::Status => {
                        if Status::parse(v).is_none() {
                            wrong[c].push(wrong_cell(&place(), v, &column.title, &cell::AStatus));
                        }
                        Given::Words
                    }
                    kind => read_number(v, kind, &place(), &column.title, &mut wrong[c]),
                },
            });
        }
        out.push(cells);
    }
    // A column of the wrong type is one fault, not one in each row.
    for (column, wrong) in table.columns.iter().zip(wrong) {
        let more = wrong.len().saturating_sub(1);
        found.extend(if more < MANY { wrong } else { vec![many_wrong(column, wrong, more)] });
    }
    out
}

fn many_wrong(column: &Column, wrong: Vec<Diagnostic>, more: usize) -> Diagnostic {
    let (place, message) = wrong.into_iter().next().map(|d| (d.pointer, d.message)).unwrap_or_default();
    tab003::WrongColumn { first: &message, column: &column.title, more: &more }.at(place)
}

fn read_number(v: &str, kind: ColumnType, place: &str, column: &str, found: &mut Vec<Diagnostic>) -> Given {
    let digits = v.trim().trim_end_matches('%').trim_end();
    let text = if kind == ColumnType::Percent { digits } else { v };
    match format::parse_number(text) {
        Ok(Some(n)) if kind == ColumnType::Integer && !n.fract().is_zero() => {
            found.push(wrong_cell(place, v, column, &cell::AWholeNumber));
            Given::Words
        }
        Ok(Some(n)) if kind == ColumnType::Integer => Given::Number(n.normalize()),
        Ok(Some(n)) => Given::Number(n),
        Ok(None) => {
            found.push(wrong_cell(place, v, column, &cell::ANumber));
            Given::Words
        }
        Err(format::TooLarge) => {
            found.push(tab005::TooLarge.at(place));
            Given::Words
        }
    }
}

fn wrong_cell(place: &str, value: &str, column: &str, wanted: &dyn Localize) -> Diagnostic {
    tab003::WrongCell { given: &format_args!("{value:.40}"), column: &column, wanted }.at(place)
}

/// Decimals of each column, and of each row whose numbers have a type of their own.
fn precision(table: &Table, given: &[Vec<Given>]) -> (Vec<u32>, Vec<Option<u32>>) {
    let scale = |g: &Given| match g {
        Given::Number(n) => n.scale().min(format::MAX_DECIMALS),
        _ => 0,
    };
    let own = |r: usize| table.rows[r].numbers.is_some();
    let columns = table.columns.iter().enumerate().map(|(c, column)| {
        let widest = (0..given.len()).filter(|&r| !own(r)).map(|r| scale(&given[r][c])).max();
        column.decimals.unwrap_or_else(|| widest.unwrap_or(0))
    });
    let mut columns: Vec<u32> = columns.collect();
    widen_sums(table, given, &mut columns);
    let rows = (0..given.len()).map(|r| own(r).then(|| given[r].iter().map(scale).max().unwrap_or(0)));
    (columns, rows.collect())
}

/// A column that is wholly computed, by adding and subtracting others, is as precise as the most precise of them:
/// 12,10 - 0,10 kr is 12,00 kr.
fn widen_sums(table: &Table, given: &[Vec<Given>], decimals: &mut [u32]) {
    let computed = |c: usize| !given.iter().any(|row| matches!(row[c], Given::Number(_)));
    let sums: Vec<(usize, Formula)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(c, column)| column.decimals.is_none() && computed(*c))
        // A formula that cannot be read has a finding of its own.
        .filter_map(|(c, column)| Some((c, Formula::parse(column.formula.as_deref()?).ok()?)))
        .filter(|(_, formula)| formula.is_additive())
        .collect();
    // A sum may be one of other sums: as many times as there are, at most.
    for _ in 0..sums.len() {
        for (c, formula) in &sums {
            let terms = formula.names();
            let terms = table.columns.iter().enumerate().filter(|(_, column)| terms.contains(&column.id.as_str()));
            decimals[*c] = terms.map(|(t, _)| decimals[t]).max().unwrap_or(0).max(decimals[*c]);
        }
    }
}

#[derive(Default)]
struct Marks {
    notes: Vec<Note>,
}

impl Marks {
    /// A text whose footnotes stand below the table, as its notes do.
    fn marked(&mut self, text: Vec<Inline>) -> Vec<Inline> {
        let marked = text.into_iter().map(|inline| match inline {
            Inline::Fn { c } => Inline::Mark { v: self.mark(c) },
            Inline::Em { c } => Inline::Em { c: self.marked(c) },
            Inline::Strong { c } => Inline::Strong { c: self.marked(c) },
            Inline::Link { url, c } => Inline::Link { url, c: self.marked(c) },
            Inline::Text { .. } | Inline::Br | Inline::Wbr | Inline::Mark { .. } => inline,
        });
        marked.collect()
    }

    /// a, b, … z, aa, ab: letters, so that no mark reads as part of a figure.
    fn mark(&mut self, c: Vec<Inline>) -> String {
        if let Some(same) = self.notes.iter().find(|n| n.c == c) {
            return same.mark.clone();
        }
        let mut index = self.notes.len();
        let mut mark = String::new();
        loop {
            mark.insert(0, char::from(b'a' + (index % 26) as u8));
            index /= 26;
            if index == 0 {
                break;
            }
            index -= 1;
        }
        self.notes.push(Note { mark: mark.clone(), c });
        mark
    }
}

#[expect(clippy::too_many_arguments, reason = "one row's share of the table's state; a struct would only rename it")]
fn set_row(
    table: &Table,
    r: usize,
    values: &[Value],
    decimals: &[u32],
    row_decimals: Option<u32>,
    pointer: &str,
    marks: &mut Marks,
    found: &mut Vec<Diagnostic>,
) -> ResolvedRow {
    let row = &table.rows[r];
    let place = format!("{pointer}/rows/{r}");
    if row.kind == RowType::Group {
        let title = row.title.clone().or_else(|| row.cells.iter().find_map(|c| c.value.clone()));
        let c = marks.marked(text::parse_inline(&title.unwrap_or_default(), &format!("{place}/title"), found));
        return ResolvedRow {
            kind: row.kind,
            cells: vec![ResolvedCell { c, ..Default::default() }],
            keep: false,
            long: 0,
        };
    }
    let cells = (0..table.columns.len()).map(|c| {
        let cell = row.cells.get(c);
        let kind = effective_type(table, r, c);
        let at = format!("{place}/cells/{c}");
        let mut set = ResolvedCell::default();
        let written = cell.and_then(|x| x.value.as_deref()).filter(|v| !v.trim().is_empty());
        let missing = cell.is_some_and(super::Cell::is_missing);
        match values[c] {
            _ if missing => set.c = vec![Inline::Text { v: "us".into() }],
            Value::Number(n) => {
                let places = row_decimals.unwrap_or(decimals[c]);
                set.number = Some(n.value);
                let (printed, pad) = print(n.value, places, decimals[c], kind);
                set.pad = pad;
                set.c = vec![Inline::Text { v: printed }];
            }
            Value::Unknown => set.c = vec![Inline::Text { v: "us".into() }],
            Value::Nothing => {
                let title = row.title.as_deref().filter(|_| c == 0 && written.is_none());
                if let Some(v) = written.or(title) {
                    match kind {
                        ColumnType::Status => {
                            set.status = Status::parse(v);
                            let word = set.status.map_or(v, |s| s.word());
                            set.c = vec![Inline::Text { v: word.to_owned() }];
                        }
                        ColumnType::Text => set.c = marks.marked(text::parse_inline(v, &at, found)),
                        _ => set.c = vec![Inline::Text { v: v.to_owned() }],
                    }
                }
            }
        }
        if let Some(note) = cell.and_then(|x| x.note.as_deref()) {
            let c = text::parse_inline(note, &format!("{at}/note"), found);
            set.mark = Some(marks.mark(c));
        }
        set
    });
    let cells: Vec<_> = cells.collect();
    let long = fit::longest(table, &cells);
    ResolvedRow { kind: row.kind, cells, keep: false, long }
}

/// The printed number, and what to keep free behind it so that its comma stands under the column's.
fn print(value: Decimal, places: u32, column: u32, kind: ColumnType) -> (String, String) {
    let mut printed = format::number(value, places);
    let mut pad = String::new();
    if kind == ColumnType::Percent {
        printed.push(NBSP);
        printed.push('%');
    } else if places < column {
        if places == 0 {
            pad.push(',');
        }
        pad.push_str(&"0".repeat((column - places) as usize));
    }
    (printed, pad)
}

/// Headings with the columns' own units.
fn headings(table: &Table, pointer: &str, marks: &mut Marks, found: &mut Vec<Diagnostic>) -> Vec<Vec<Inline>> {
    let set = table.columns.iter().enumerate().map(|(c, column)| {
        let title = text::parse_inline(column.title.trim(), &format!("{pointer}/columns/{c}/title"), found);
        let mut title = marks.marked(title);
        let unit = column.unit.as_deref().filter(|u| Some(*u) != table.unit.as_deref() && !column.title.contains(u));
        if let Some(unit) = unit {
            let space = if title.is_empty() { "" } else { " " };
            title.push(Inline::Text { v: format!("{space}({unit})") });
        }
        title
    });
    set.collect()
}

fn columns(table: &Table, headings: Vec<Vec<Inline>>, decimals: &[u32], rows: &[ResolvedRow]) -> Vec<ResolvedColumn> {
    let words = headings.iter().map(|title| text::plain(&[Block::P { c: title.clone() }]));
    let titles: Vec<_> = table.columns.iter().map(|c| c.kind).zip(words).collect();
    let series = fit::series(&titles);
    let set = table.columns.iter().zip(headings).zip(series).enumerate().map(|(c, ((column, title), series))| {
        let kind = column.kind;
        ResolvedColumn {
            extent: fit::extent(rows, c, kind, &title),
            title,
            group: column.group.clone(),
            kind,
            width: column.width.filter(|_| kind == ColumnType::Text),
            decimals: decimals[c],
            series,
        }
    });
    set.collect()
}
