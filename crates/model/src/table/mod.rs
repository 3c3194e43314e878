//! Tables that add up: typed columns, groups, subtotals, netto and totals.
//!
//! What is left out is computed; what is given is checked within the rounding of published figures.

mod cell;
mod compute;
pub mod formula;
mod resolve;

pub use cell::Cell;
pub use resolve::{ResolvedCell, ResolvedColumn, ResolvedRow, ResolvedTable, resolve};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Kolumntyp")]
pub enum ColumnType {
    /// Words.
    #[default]
    Text,
    /// Money or another measured, rounded quantity.
    Amount,
    /// A count: exact.
    Integer,
    /// Per cent; the sign `%` is set in every cell.
    Percent,
    /// A date.
    Date,
    /// Fulfilled or not, as a word and a symbol.
    Status,
}

impl ColumnType {
    /// Whether cells hold numbers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Amount | Self::Integer | Self::Percent)
    }
}

/// A column.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Kolumn")]
pub struct Column {
    /// Short name for formulas: letters, digits and `_`.
    #[schemars(title = "Kortnamn", regex(pattern = r"^[a-zåäö_][a-zåäö0-9_]*$"))]
    pub id: String,
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: String,
    /// Heading shared with the neighbours of the same group, above the column headings.
    #[serde(default)]
    #[schemars(title = "Gemensam rubrik")]
    pub group: Option<String>,
    /// What the column holds.
    #[serde(default, rename = "type")]
    #[schemars(title = "Typ")]
    pub kind: ColumnType,
    /// Unit of this column when the table's columns differ: `antal`, `kr/elev`.
    #[serde(default)]
    #[schemars(title = "Enhet")]
    pub unit: Option<String>,
    /// How the column follows from others: `prognos - budget`.
    #[serde(default)]
    #[schemars(title = "Formel")]
    pub formula: Option<String>,
    /// Decimals shown; otherwise as many as the most precise figure given.
    #[serde(default)]
    #[schemars(title = "Decimaler", range(max = 6))]
    pub decimals: Option<u32>,
    /// Whether sums run over this column. Default: yes for amounts and counts without a multiplying formula.
    #[serde(default)]
    #[schemars(title = "Summeras")]
    pub sum: Option<bool>,
    /// Relative width of a text column (1 to 20).
    #[serde(default)]
    #[schemars(title = "Bredd", range(min = 1, max = 20))]
    pub width: Option<u32>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Radtyp")]
pub enum RowType {
    /// An ordinary row; counts in sums.
    #[default]
    Line,
    /// A heading over the rows that follow.
    Group,
    /// Sum of the lines since the last group, subtotal or netto.
    Subtotal,
    /// Sum of all lines since the last group or netto: income and costs together.
    Netto,
    /// Sum of all lines of the table.
    Total,
    /// Of which: shown, not summed.
    Varav,
}

impl RowType {
    /// Whether the row is a result of others.
    pub fn is_result(self) -> bool {
        matches!(self, Self::Subtotal | Self::Netto | Self::Total)
    }
}

/// A row.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Rad")]
pub struct Row {
    /// What the row is.
    #[serde(default, rename = "type")]
    #[schemars(title = "Radtyp")]
    pub kind: RowType,
    /// Short name for `sum_of` and `formula`.
    #[serde(default)]
    #[schemars(title = "Kortnamn", regex(pattern = r"^[a-zåäö0-9_]+$"))]
    pub id: Option<String>,
    /// Heading of a group, or the label of a result row whose cells are left out.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: Option<String>,
    /// One cell per column. A result row may leave them out.
    #[serde(default)]
    #[schemars(title = "Celler")]
    pub cells: Vec<Cell>,
    /// Ids of the rows a result row sums, when not the usual ones.
    #[serde(default)]
    #[schemars(title = "Summan av")]
    pub sum_of: Option<Vec<String>>,
    /// How a result row follows from other rows: `intakter - kostnader`.
    #[serde(default)]
    #[schemars(title = "Formel")]
    pub formula: Option<String>,
    /// Type of this row's numbers when they differ from the columns': indicators mix counts and per cent.
    #[serde(default)]
    #[schemars(title = "Talens typ")]
    pub numbers: Option<ColumnType>,
}

/// A table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Tabell", transform = tag_table)]
pub struct Table {
    /// Short name for charts.
    #[serde(default)]
    #[schemars(title = "Kortnamn")]
    pub id: Option<String>,
    /// Heading above the table.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: Option<String>,
    /// The one unit of its amounts: `tkr`, `mnkr`, `kr`.
    #[serde(default)]
    #[schemars(title = "Enhet")]
    pub unit: Option<String>,
    /// Whether amounts are exact; otherwise they are taken as rounded to their last digit.
    #[serde(default)]
    #[schemars(title = "Exakta belopp")]
    pub exact: bool,
    /// How signs are to be read: `avvikelse = prognos − budget, kostnader med minus`.
    #[serde(default)]
    #[schemars(title = "Teckenregel")]
    pub sign_convention: Option<String>,
    /// The columns, from the left.
    #[schemars(title = "Kolumner", length(min = 1, max = 30))]
    pub columns: Vec<Column>,
    /// The rows, from the top.
    #[schemars(title = "Rader")]
    pub rows: Vec<Row>,
    /// Remarks below the table.
    #[serde(default)]
    #[schemars(title = "Anmärkningar")]
    pub notes: Vec<String>,
    /// Whether the table gets a landscape page of its own.
    #[serde(default)]
    #[schemars(title = "Liggande sida")]
    pub landscape: bool,
}

fn tag_table(schema: &mut schemars::Schema) {
    crate::kinds::common::tag(schema, "table");
}
