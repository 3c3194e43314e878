//! Charts from the figures of a table: scaled and labelled here, drawn by the layout.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::format;
use crate::kinds::common::{Chart, ChartType};
use crate::messages::{cha001, cha002};
use crate::suggest::did_you_mean;
use crate::table::{ResolvedTable, RowType, Table};
use crate::text::{self, Inline};

/// A chart ready to draw: heights are shares of the axis.
#[derive(Debug, Clone, Serialize)]
pub struct ResolvedChart {
    /// Bars or lines.
    pub chart: ChartType,
    /// Heading.
    pub title: Vec<Inline>,
    /// Unit of the axis.
    pub unit: Option<String>,
    /// Names along the horizontal axis.
    pub categories: Vec<String>,
    /// One series per bar colour or line.
    pub series: Vec<Series>,
    /// Marks on the vertical axis, from the lowest.
    pub ticks: Vec<Tick>,
    /// Where zero lies on the axis, 0 to 1.
    pub zero: f64,
    /// Text alternative.
    pub alt: String,
}

/// A series of values.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Position on the axis (0 to 1) and the figure as printed; `null` where there is none.
    pub points: Vec<Option<Point>>,
}

/// One value.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    /// Position on the axis, 0 to 1.
    pub at: f64,
    /// The figure as printed.
    pub label: String,
}

/// A mark on the vertical axis.
#[derive(Debug, Clone, Serialize)]
pub struct Tick {
    /// Position on the axis, 0 to 1.
    pub at: f64,
    /// The figure as printed.
    pub label: String,
}

/// Most categories or series of one chart that can still be told apart.
const MAX_SERIES: usize = 6;
const MAX_CATEGORIES: usize = 24;

/// Draws a chart's figures out of its table. Findings point below `pointer`.
pub fn resolve(
    chart: &Chart,
    table: Option<(&Table, &ResolvedTable)>,
    known: &[&str],
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<ResolvedChart> {
    let Some((table, resolved)) = table else {
        let suggestion = did_you_mean(&chart.table, known);
        found.push(cha001::NoTable { id: &chart.table, suggestion: &suggestion }.at(format!("{pointer}/table")));
        return None;
    };
    let column_ids: Vec<_> = table.columns.iter().map(|c| Some(c.id.as_str())).collect();
    let row_ids: Vec<_> = table.rows.iter().map(|r| r.id.as_deref()).collect();
    let usual_columns = || (0..table.columns.len()).filter(|&c| table.columns[c].kind.is_numeric()).collect();
    let usual_rows = || (0..table.rows.len()).filter(|&r| table.rows[r].kind == RowType::Line).collect();
    let columns: Vec<usize> =
        pick(chart.columns.as_deref(), &column_ids, usual_columns, &format!("{pointer}/columns"), found)?;
    let rows: Vec<usize> = pick(chart.rows.as_deref(), &row_ids, usual_rows, &format!("{pointer}/rows"), found)?;
    let column_names: Vec<_> = columns.iter().map(|&c| table.columns[c].title.clone()).collect();
    let row_names: Vec<_> = rows.iter().map(|&r| row_name(table, r)).collect();
    let figure = |r: usize, c: usize| resolved.rows.get(r).and_then(|row| row.cells.get(c)).and_then(|x| x.number);
    let (categories, names, figures): (Vec<String>, Vec<String>, Vec<Vec<Option<Decimal>>>) = match chart.chart {
        ChartType::Bar => {
            (row_names, column_names, columns.iter().map(|&c| rows.iter().map(|&r| figure(r, c)).collect()).collect())
        }
        ChartType::Line => {
            (column_names, row_names, rows.iter().map(|&r| columns.iter().map(|&c| figure(r, c)).collect()).collect())
        }
    };
    let all: Vec<Decimal> = figures.iter().flatten().flatten().copied().collect();
    if all.is_empty() || names.len() > MAX_SERIES || categories.len() > MAX_CATEGORIES {
        let unreadable = cha002::Unreadable {
            series: &names.len(),
            groups: &categories.len(),
            figures: &all.len(),
            most_series: &MAX_SERIES,
            most_groups: &MAX_CATEGORIES,
        };
        found.push(unreadable.at(pointer));
        return None;
    }
    let decimals = columns.iter().map(|&c| resolved.columns[c].decimals).max().unwrap_or(0);
    let axis = Axis::over(&all);
    let series: Vec<_> = names
        .into_iter()
        .zip(figures)
        .map(|(name, values)| Series {
            name,
            points: values
                .into_iter()
                .map(|v| v.map(|v| Point { at: axis.at(v), label: format::number(v, decimals) }))
                .collect(),
        })
        .collect();
    let alt = chart.alt.clone().filter(|a| !a.trim().is_empty());
    let alt = alt.unwrap_or_else(|| read_out(chart.chart, &categories, &series, resolved.unit.as_deref()));
    Some(ResolvedChart {
        chart: chart.chart,
        title: chart
            .title
            .as_ref()
            .map(|t| text::parse_inline(&t.0, &format!("{pointer}/title"), found))
            .unwrap_or_default(),
        unit: resolved.unit.clone(),
        categories,
        series,
        zero: axis.at(Decimal::ZERO),
        ticks: axis.ticks(),
        alt,
    })
}

fn pick(
    wanted: Option<&[String]>,
    ids: &[Option<&str>],
    usual: impl Fn() -> Vec<usize>,
    pointer: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<usize>> {
    let Some(wanted) = wanted else { return Some(usual()) };
    let mut out = Vec::new();
    let mut sound = true;
    for (i, name) in wanted.iter().enumerate() {
        match ids.iter().position(|id| *id == Some(name.as_str())) {
            Some(index) => out.push(index),
            None => {
                sound = false;
                let known: Vec<_> = ids.iter().flatten().copied().collect();
                let suggestion = did_you_mean(name, &known);
                found.push(cha001::NotInTable { id: name, suggestion: &suggestion }.at(format!("{pointer}/{i}")));
            }
        }
    }
    sound.then_some(out)
}

fn row_name(table: &Table, r: usize) -> String {
    let row = &table.rows[r];
    let text = table.columns.iter().position(|c| !c.kind.is_numeric());
    let cell = text.and_then(|c| row.cells.get(c)).and_then(|c| c.value.clone());
    cell.or_else(|| row.title.clone()).unwrap_or_default()
}

fn read_out(kind: ChartType, categories: &[String], series: &[Series], unit: Option<&str>) -> String {
    let mut out = String::from(match kind {
        ChartType::Bar => "Stapeldiagram",
        ChartType::Line => "Linjediagram",
    });
    if let Some(unit) = unit {
        out.push_str(&format!(" i {unit}"));
    }
    out.push('.');
    for s in series {
        let points: Vec<_> = s
            .points
            .iter()
            .zip(categories)
            .filter_map(|(p, category)| p.as_ref().map(|p| format!("{category} {}", p.label)))
            .collect();
        out.push_str(&format!(" {}: {}.", s.name, points.join("; ")));
    }
    out
}

/// A vertical axis with round marks that holds zero and every figure.
struct Axis {
    low: Decimal,
    high: Decimal,
    step: Decimal,
}

impl Axis {
    fn over(values: &[Decimal]) -> Self {
        let low = values.iter().copied().min().unwrap_or_default().min(Decimal::ZERO);
        let high = values.iter().copied().max().unwrap_or_default().max(Decimal::ZERO);
        let span = high - low;
        if span.is_zero() {
            return Self { low, high: Decimal::ONE, step: Decimal::ONE };
        }
        let step = round_step(span / Decimal::from(5));
        let down = (low / step).floor() * step;
        let up = (high / step).ceil() * step;
        Self { low: down, high: up, step }
    }

    /// Share of the axis; drawing only, never arithmetic that is printed.
    fn at(&self, value: Decimal) -> f64 {
        ((value - self.low) / (self.high - self.low)).round_dp(6).to_f64().unwrap_or(0.0)
    }

    fn ticks(&self) -> Vec<Tick> {
        let mut out = Vec::new();
        let mut value = self.low;
        while value <= self.high && out.len() < 20 {
            out.push(Tick { at: self.at(value), label: format::number(value, self.step.normalize().scale()) });
            value += self.step;
        }
        out
    }
}

/// The least of 1, 2, 5 times a power of ten that is not below `raw`.
fn round_step(raw: Decimal) -> Decimal {
    let mut power = Decimal::ONE;
    while power > raw && power.scale() < 20 {
        power /= Decimal::TEN;
    }
    while power * Decimal::TEN <= raw {
        power *= Decimal::TEN;
    }
    for factor in [1, 2, 5, 10] {
        let step = power * Decimal::from(factor);
        if step >= raw {
            return step.normalize();
        }
    }
    power * Decimal::TEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_round_marks_and_holds_zero_and_all_figures() {
        let axis = Axis::over(&[Decimal::new(-5760, 1), Decimal::new(643, 1)]);
        let labels: Vec<_> = axis.ticks().into_iter().map(|t| t.label).collect();
        assert_eq!(labels, ["−600", "−400", "−200", "0", "200"]);
        assert!((axis.at(Decimal::ZERO) - 0.75).abs() < 1e-9);
    }

    #[test]
    fn small_figures_get_small_steps() {
        assert_eq!(round_step(Decimal::new(3, 3)), Decimal::new(5, 3));
        assert_eq!(round_step(Decimal::new(1, 0)), Decimal::ONE);
        assert_eq!(round_step(Decimal::new(70_000, 0)), Decimal::new(100_000, 0));
    }
}
