//! What every number of a table should be, and whether the given ones are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;
use sigill_messages::Localize;

use super::formula::{Formula, Rounded};
use super::names::{MANY, members, parse_formula, unique_ids};
use super::{ColumnType, RowType, Table};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::format;
use crate::messages::{sum_blank, sum001, sum002, sum003, sum004, tab006, tab010};

/// A cell after reading its text by its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    /// Left out.
    Absent,
    /// Empty on purpose.
    Blank,
    /// Uppgift saknas.
    Missing,
    /// Words, dates, statuses, and cells that could not be read.
    Words,
    /// A number.
    Number(Decimal),
}

/// What a cell comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing stands or follows here.
    Nothing,
    /// It depends on a figure that is missing.
    Unknown,
    /// A number.
    Number(Rounded),
}

/// Longest chain of results that follow from results.
const MAX_CHAIN: usize = 100;

#[derive(Debug, Clone, Copy)]
enum State {
    Open,
    Busy,
    Done(Value),
}

pub(super) struct Computation<'a> {
    table: &'a Table,
    given: &'a [Vec<Given>],
    /// Decimals of every column; a row with numbers of its own type has its own.
    decimals: &'a [u32],
    row_decimals: &'a [Option<u32>],
    pointer: &'a str,
    formulas: Vec<Option<Formula>>,
    row_formulas: Vec<Option<Formula>>,
    column_ids: HashMap<&'a str, usize>,
    row_ids: HashMap<&'a str, usize>,
    members: Vec<Vec<usize>>,
    state: Vec<Vec<State>>,
    chain: usize,
    found: Vec<Diagnostic>,
    /// Cells that deviate from the formula of their column, by column.
    deviations: BTreeMap<usize, Vec<Diagnostic>>,
    /// Computed cells with a term that is blank, by column: the first, how many, and the columns of the terms.
    blanks: BTreeMap<usize, Blank>,
}

/// Blank terms in a column that is computed.
struct Blank {
    first: usize,
    rows: usize,
    terms: BTreeSet<usize>,
}

impl<'a> Computation<'a> {
    pub(super) fn new(
        table: &'a Table,
        given: &'a [Vec<Given>],
        decimals: &'a [u32],
        row_decimals: &'a [Option<u32>],
        pointer: &'a str,
    ) -> Self {
        let mut found = Vec::new();
        let column_ids =
            unique_ids(table.columns.iter().map(|c| Some(c.id.as_str())), &format!("{pointer}/columns"), &mut found);
        let row_ids = unique_ids(table.rows.iter().map(|r| r.id.as_deref()), &format!("{pointer}/rows"), &mut found);
        let formulas = table.columns.iter().enumerate().map(|(i, c)| {
            let place = format!("{pointer}/columns/{i}/formula");
            parse_formula(c.formula.as_deref()?, &place, &column_ids, &mut found)
        });
        let formulas: Vec<_> = formulas.collect();
        let row_formulas = table.rows.iter().enumerate().map(|(i, r)| {
            let place = format!("{pointer}/rows/{i}/formula");
            parse_formula(r.formula.as_deref()?, &place, &row_ids, &mut found)
        });
        let row_formulas: Vec<_> = row_formulas.collect();
        let members = members(&table.rows, &row_ids, pointer, &mut found);
        let state = vec![vec![State::Open; table.columns.len()]; table.rows.len()];
        Self {
            table,
            given,
            decimals,
            row_decimals,
            pointer,
            formulas,
            row_formulas,
            column_ids,
            row_ids,
            members,
            state,
            chain: 0,
            found,
            deviations: BTreeMap::new(),
            blanks: BTreeMap::new(),
        }
    }

    /// What the cell comes to: the given number when it holds, else what it should have been.
    pub(super) fn value(&mut self, r: usize, c: usize) -> Value {
        match self.state[r][c] {
            State::Done(v) => return v,
            State::Busy => {
                self.circle(r, c);
                return Value::Unknown;
            }
            State::Open => {}
        }
        if self.chain >= MAX_CHAIN {
            self.circle(r, c);
            return Value::Unknown;
        }
        self.state[r][c] = State::Busy;
        self.chain += 1;
        let value = self.settle(r, c);
        self.chain -= 1;
        self.state[r][c] = State::Done(value);
        value
    }

    fn circle(&mut self, r: usize, c: usize) {
        if !self.found.iter().any(|f| f.code == Code::TAB006) {
            self.found.push(tab006::Circle.at(self.place(r, c)));
        }
    }

    fn settle(&mut self, r: usize, c: usize) -> Value {
        let row = &self.table.rows[r];
        if row.kind == RowType::Group || !self.kind(r, c).is_numeric() {
            return Value::Nothing;
        }
        match self.given[r][c] {
            Given::Missing => Value::Unknown,
            Given::Blank | Given::Words => Value::Nothing,
            Given::Absent => match self.by_formula(r, c) {
                Value::Nothing => self.by_rows(r, c),
                v => {
                    self.note_blanks(r, c);
                    v
                }
            },
            Given::Number(n) => self.check(r, c, n),
        }
    }

    fn check(&mut self, r: usize, c: usize, n: Decimal) -> Value {
        let given = Rounded { value: n, error: self.half_unit(r, c) };
        if let Value::Number(expected) = self.by_rows(r, c) {
            if deviates(n, expected) {
                self.report_rows(r, c, n, expected);
                return Value::Number(expected);
            }
            if self.is_doubtful(r, c, n, expected) {
                let doubtful = sum001::Kronor {
                    label: &self.label(r),
                    heading: &self.heading(c),
                    given: &self.show(r, c, n),
                    expected: &self.show(r, c, expected.value),
                    difference: &self.show(r, c, (n - expected.value).abs()),
                };
                self.found.push(doubtful.at(self.place(r, c)));
            }
        }
        if let Value::Number(mut expected) = self.by_formula(r, c)
            && {
                // A quotient is rounded once more when it is printed, whatever it is a quotient of; a difference of
                // printed figures is not.
                if !self.formulas[c].as_ref().is_some_and(Formula::is_additive) {
                    expected.error += self.half_printed(r, c);
                }
                deviates(n, expected)
            }
        {
            self.report_formula(r, c, n, expected);
            return Value::Number(expected);
        }
        Value::Number(given)
    }

    fn by_formula(&mut self, r: usize, c: usize) -> Value {
        if self.table.rows[r].numbers.is_some_and(|k| k != self.table.columns[c].kind)
            && !self.formulas[c].as_ref().is_some_and(Formula::is_additive)
        {
            return Value::Nothing;
        }
        let Some(formula) = self.formulas[c].clone() else { return Value::Nothing };
        let ids: Vec<_> = formula.names().iter().filter_map(|n| self.column_ids.get(n).copied()).collect();
        let values: HashMap<usize, Value> = ids.into_iter().map(|i| (i, self.value(r, i))).collect();
        let lookup = |name: &str| self.column_ids.get(name).and_then(|i| values.get(i).copied());
        let value = evaluate(&formula, &lookup);
        // What is a part of the whole is 0,88, and 88 per cent.
        let shares = values.keys().all(|&i| self.kind(r, i) != ColumnType::Percent);
        match value {
            Value::Number(n) if self.kind(r, c) == ColumnType::Percent && formula.is_quotient() && shares => {
                n.times(Decimal::ONE_HUNDRED).map_or(Value::Unknown, Value::Number)
            }
            other => other,
        }
    }

    /// The columns of the formula's terms that are blank in a row.
    fn blank_terms(&mut self, r: usize, c: usize) -> Vec<usize> {
        let names = self.formulas[c].as_ref().map(Formula::names).unwrap_or_default();
        let terms: Vec<usize> = names.iter().filter_map(|name| self.column_ids.get(name).copied()).collect();
        terms.into_iter().filter(|&term| self.value(r, term) == Value::Nothing).collect()
    }

    fn note_blanks(&mut self, r: usize, c: usize) {
        if self.table.rows[r].kind.is_result() {
            return;
        }
        let terms = self.blank_terms(r, c);
        if !terms.is_empty() {
            let blank = self.blanks.entry(c).or_insert(Blank { first: r, rows: 0, terms: BTreeSet::new() });
            blank.rows += 1;
            blank.terms.extend(terms);
        }
    }

    fn by_rows(&mut self, r: usize, c: usize) -> Value {
        let row = &self.table.rows[r];
        if !row.kind.is_result() || !self.is_summed(c) {
            return Value::Nothing;
        }
        if let Some(formula) = self.row_formulas[r].clone() {
            let ids: Vec<_> = formula.names().iter().filter_map(|n| self.row_ids.get(n).copied()).collect();
            let values: HashMap<usize, Value> = ids.into_iter().map(|i| (i, self.value(i, c))).collect();
            let lookup = |name: &str| self.row_ids.get(name).and_then(|i| values.get(i).copied());
            return evaluate(&formula, &lookup);
        }
        let mut sum = Value::Nothing;
        for i in self.members[r].clone() {
            sum = match (sum, self.value(i, c)) {
                (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                (s, Value::Nothing) => s,
                (Value::Nothing, v) => v,
                (Value::Number(a), Value::Number(b)) => a.checked_add(b).map_or(Value::Unknown, Value::Number),
            };
        }
        sum
    }

    /// Whether results run over the column.
    fn is_summed(&self, c: usize) -> bool {
        let column = &self.table.columns[c];
        column.sum.unwrap_or_else(|| {
            matches!(column.kind, ColumnType::Amount | ColumnType::Integer)
                && self.formulas[c].as_ref().is_none_or(Formula::is_additive)
        })
    }

    fn kind(&self, r: usize, c: usize) -> ColumnType {
        effective_type(self.table, r, c)
    }

    fn half_unit(&self, r: usize, c: usize) -> Decimal {
        if self.table.exact || self.kind(r, c) == ColumnType::Integer {
            return Decimal::ZERO;
        }
        self.half_printed(r, c)
    }

    /// Half a unit of the last digit printed: 5 one place further down.
    fn half_printed(&self, r: usize, c: usize) -> Decimal {
        Decimal::new(5, self.places(r, c) + 1)
    }

    /// Whether rounding could have moved a sum so far, but hardly has. Amounts in tkr are published so; of those in
    /// kronor, most are whole to begin with. Rounding of n terms spreads by the root of n/12: three times that is taken
    /// for a slip, which two kronor are not.
    fn is_doubtful(&self, r: usize, c: usize, n: Decimal, expected: Rounded) -> bool {
        let unit = self.table.columns[c].unit.as_deref().or(self.table.unit.as_deref());
        let kronor = unit.is_some_and(|unit| ["kr", "kronor", "sek"].contains(&unit.trim().to_lowercase().as_str()));
        let half = self.half_unit(r, c);
        if !kronor || half.is_zero() || self.kind(r, c) != ColumnType::Amount {
            return false;
        }
        let steps = |d: Decimal| d.checked_div(half + half);
        let off = n.checked_sub(expected.value).and_then(|d| steps(d.abs()));
        let terms = steps(expected.error + expected.error);
        let (Some(off), Some(terms)) = (off, terms) else { return false };
        let spread = off.checked_mul(off).is_none_or(|square| square > terms * Decimal::new(75, 2));
        off > Decimal::TWO && spread
    }

    fn places(&self, r: usize, c: usize) -> u32 {
        self.row_decimals[r].unwrap_or(self.decimals[c])
    }

    fn place(&self, r: usize, c: usize) -> String {
        if self.table.rows[r].cells.len() > c {
            format!("{}/rows/{r}/cells/{c}", self.pointer)
        } else {
            format!("{}/rows/{r}", self.pointer)
        }
    }

    fn show(&self, r: usize, c: usize, n: Decimal) -> String {
        format::number(n, self.places(r, c).max(n.normalize().scale().min(format::MAX_DECIMALS)))
    }

    fn label(&self, r: usize) -> String {
        let row = &self.table.rows[r];
        let first = row.title.clone().or_else(|| row.cells.first().and_then(|c| c.value.clone()));
        first.filter(|l| !l.trim().is_empty()).unwrap_or_else(|| format!("rad {}", r + 1))
    }

    fn heading(&self, c: usize) -> &str {
        let column = &self.table.columns[c];
        if column.title.is_empty() { &column.id } else { &column.title }
    }

    fn report_rows(&mut self, r: usize, c: usize, n: Decimal, expected: Rounded) {
        let (label, heading): (&dyn Localize, &dyn Localize) = (&self.label(r), &self.heading(c));
        let given: &dyn Localize = &self.show(r, c, n);
        let difference: &dyn Localize = &self.show(r, c, (n - expected.value).abs());
        let tolerance: &dyn Localize = &self.show(r, c, expected.error);
        let (expected, place): (&dyn Localize, _) = (&self.show(r, c, expected.value), self.place(r, c));
        let d = match self.table.rows[r].kind {
            _ if self.row_formulas[r].is_some() => {
                sum004::Formula { label, heading, given, expected, difference, tolerance }.at(place)
            }
            RowType::Netto => sum003::Netto { label, heading, given, expected, difference, tolerance }.at(place),
            _ => sum001::Rows { label, heading, given, expected, difference, tolerance }.at(place),
        };
        self.found.push(d);
    }

    fn report_formula(&mut self, r: usize, c: usize, n: Decimal, expected: Rounded) {
        let blank: Vec<&str> = self.blank_terms(r, c).into_iter().map(|term| self.heading(term)).collect();
        let formula = self.table.columns[c].formula.as_deref().unwrap_or_default();
        let blank = blank.join(", ");
        let blanks = sum_blank::CountAsZero { columns: &blank };
        let d = sum002::Formula {
            label: &self.label(r),
            heading: &self.heading(c),
            given: &self.show(r, c, n),
            formula: &formula,
            expected: &self.show(r, c, expected.value),
            difference: &self.show(r, c, (n - expected.value).abs()),
            tolerance: &self.show(r, c, expected.error),
            blank: if blank.is_empty() { &"" } else { &blanks },
        };
        let d = d.at(self.place(r, c));
        self.deviations.entry(c).or_default().push(d);
    }

    /// Hands over what was found.
    pub(super) fn report(&mut self, found: &mut Vec<Diagnostic>) {
        found.append(&mut self.found);
        for (c, deviations) in std::mem::take(&mut self.deviations) {
            // A formula that fits no row, or a column that is shifted, is one fault.
            let more = deviations.len().saturating_sub(1);
            if more < MANY {
                found.extend(deviations);
            } else if let Some(first) = deviations.into_iter().next() {
                let heading: &dyn Localize = &self.heading(c);
                found.push(sum002::Column { heading, first: &first.message, more: &more }.at(first.pointer));
            }
        }
        for (c, Blank { first, rows, terms }) in std::mem::take(&mut self.blanks) {
            let terms: Vec<&str> = terms.into_iter().map(|term| self.heading(term)).collect();
            let formula = self.table.columns[c].formula.as_deref().unwrap_or_default();
            let blank = tab010::BlankTerm {
                heading: &self.heading(c),
                terms: &terms.join(", "),
                rows: &rows,
                formula: &formula,
            };
            found.push(blank.at(self.place(first, c)));
        }
    }
}

/// The type of a cell: the column's, unless the row's numbers have a type of their own.
pub(super) fn effective_type(table: &Table, r: usize, c: usize) -> ColumnType {
    let kind = table.columns[c].kind;
    match table.rows[r].numbers {
        Some(own) if kind.is_numeric() => own,
        _ => kind,
    }
}

fn deviates(given: Decimal, expected: Rounded) -> bool {
    given.checked_sub(expected.value).is_none_or(|d| d.abs() > expected.error)
}

fn evaluate(formula: &Formula, lookup: &dyn Fn(&str) -> Option<Value>) -> Value {
    let values: Vec<_> = formula.names().iter().map(|n| lookup(n).unwrap_or(Value::Nothing)).collect();
    if values.contains(&Value::Unknown) {
        return Value::Unknown;
    }
    let blanks = values.iter().filter(|v| **v == Value::Nothing).count();
    // A blank beside figures is a zero in a sum or difference; in a quotient it says nothing.
    if blanks == values.len() || (blanks > 0 && !formula.is_additive()) {
        return Value::Nothing;
    }
    let number = |name: &str| match lookup(name) {
        Some(Value::Number(n)) => Some(n),
        _ => Some(Rounded::exact(Decimal::ZERO)),
    };
    formula.evaluate(&number).map_or(Value::Nothing, Value::Number)
}
