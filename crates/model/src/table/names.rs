//! Short names of columns and rows, the formulas that use them, and which rows a result sums.

use std::collections::HashMap;

use super::formula::Formula;
use super::{Row, RowType};
use crate::diagnostic::Diagnostic;
use crate::messages::{tab002, tab008};
use crate::suggest::did_you_mean;

/// From how many faults beside the first a whole column is taken to be wrong.
pub(super) const MANY: usize = 3;

pub(super) fn unique_ids<'a>(
    ids: impl Iterator<Item = Option<&'a str>>,
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) -> HashMap<&'a str, usize> {
    let mut seen = HashMap::new();
    for (i, id) in ids.enumerate() {
        let Some(id) = id else { continue };
        if seen.contains_key(id) {
            found.push(tab008::IdTwice { id: &id }.at(format!("{pointer}/{i}/id")));
        } else {
            seen.insert(id, i);
        }
    }
    seen
}

pub(super) fn parse_formula(
    text: &str,
    place: &str,
    ids: &HashMap<&str, usize>,
    found: &mut Vec<Diagnostic>,
) -> Option<Formula> {
    let formula = match Formula::parse(text) {
        Ok(f) => f,
        Err(e) => {
            found.push(tab002::Unreadable { formula: &text, found: &e.found }.at(place));
            return None;
        }
    };
    let unknown: Vec<_> = formula.names().into_iter().filter(|n| !ids.contains_key(n)).collect();
    for name in &unknown {
        found.push(unknown_id(name, place, ids));
    }
    unknown.is_empty().then_some(formula)
}

fn unknown_id(name: &str, place: &str, ids: &HashMap<&str, usize>) -> Diagnostic {
    let mut known: Vec<_> = ids.keys().copied().collect();
    known.sort_unstable();
    tab002::UnknownId { id: &name, suggestion: &did_you_mean(name, &known) }.at(place)
}

pub(super) fn members(
    rows: &[Row],
    ids: &HashMap<&str, usize>,
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let (mut since_break, mut since_group, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(rows.len());
    for (r, row) in rows.iter().enumerate() {
        let named = row.sum_of.as_ref().map(|names| {
            names
                .iter()
                .enumerate()
                .filter_map(|(i, name)| {
                    let index = ids.get(name.as_str()).copied();
                    if index.is_none() {
                        found.push(unknown_id(name, &format!("{pointer}/rows/{r}/sum_of/{i}"), ids));
                    }
                    index
                })
                .collect()
        });
        let usual = match row.kind {
            RowType::Subtotal => std::mem::take(&mut since_break),
            RowType::Netto => {
                since_break.clear();
                std::mem::take(&mut since_group)
            }
            RowType::Total => all.clone(),
            RowType::Group => {
                since_break.clear();
                since_group.clear();
                Vec::new()
            }
            RowType::Line => {
                since_break.push(r);
                since_group.push(r);
                all.push(r);
                Vec::new()
            }
            RowType::Varav => Vec::new(),
        };
        out.push(named.unwrap_or(usual));
    }
    out
}
