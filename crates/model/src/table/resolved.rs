//! Tables ready to set: every cell a text, and what a layout must know to place them.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{ColumnType, RowType};
use crate::status::Status;
use crate::text::Inline;

/// A table ready to set.
#[derive(Debug, Clone, Serialize)]
pub struct ResolvedTable {
    /// Short name, for charts.
    pub id: Option<String>,
    /// Heading.
    pub title: Vec<Inline>,
    /// Unit, said once.
    pub unit: Option<String>,
    /// How signs are to be read.
    pub sign_convention: Option<Vec<Inline>>,
    /// Columns.
    pub columns: Vec<ResolvedColumn>,
    /// Whether any column has a heading shared with others.
    pub grouped: bool,
    /// Rows.
    pub rows: Vec<ResolvedRow>,
    /// Notes below the table: mark and text; remarks have no mark.
    pub notes: Vec<Note>,
    /// Whether the table stands on a landscape page.
    pub landscape: bool,
}

/// A note below a table.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// The mark in the cell; empty for a remark on the whole table.
    pub mark: String,
    /// Its text.
    pub c: Vec<Inline>,
}

/// A column ready to set.
#[derive(Debug, Clone, Serialize)]
pub struct ResolvedColumn {
    /// Heading with the column's own unit.
    pub title: Vec<Inline>,
    /// Shared heading above.
    pub group: Option<String>,
    /// What it holds.
    pub kind: ColumnType,
    /// Relative width of a text column, when the report gives it; otherwise its texts say it.
    pub width: Option<u32>,
    /// Decimals shown.
    pub decimals: u32,
    /// Its widest texts.
    pub extent: Extent,
    /// The series it belongs to: columns of one are equally wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<usize>,
}

/// A row ready to set.
#[derive(Debug, Clone, Serialize)]
pub struct ResolvedRow {
    /// What it is.
    pub kind: RowType,
    /// Cells, one per column; a group row has one for all.
    pub cells: Vec<ResolvedCell>,
    /// Whether the next row stands on the same page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
    /// Characters of its longest text; 0 when none of its cells can take a second line.
    #[serde(skip_serializing_if = "is_zero")]
    pub long: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(long: &usize) -> bool {
    *long == 0
}

/// A cell ready to set.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResolvedCell {
    /// Text, or the number as printed.
    pub c: Vec<Inline>,
    /// Characters to keep free on the right so that decimal commas line up.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pad: String,
    /// Mark of a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Status, for its symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The exact value of a number; charts are drawn from it. Layouts print `c` and need no more.
    #[serde(skip)]
    pub number: Option<Decimal>,
}

/// The widest texts of a column, a few of each sort, for a layout to measure.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Extent {
    /// What never breaks in its cells: figures, diarienummer, dates, addresses, and words as far as they cannot be hyphenated.
    pub solid: Vec<String>,
    /// Whole cells.
    pub lines: Vec<String>,
    /// Words of its heading.
    pub head: Vec<String>,
    /// The longest mark of a note on one of its figures.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// Whether words with figures in them stand in its cells, which a line must not end within.
    pub guarded: bool,
}
