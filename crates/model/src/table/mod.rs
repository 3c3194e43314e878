//! Tables that add up: typed columns, groups, subtotals, netto and totals.
//!
//! What is left out is computed; what is given is checked within the rounding of published figures.

mod cell;
mod compute;
mod fit;
pub mod formula;
mod names;
mod resolve;
mod resolved;
mod sense;

pub use cell::Cell;
pub use resolve::resolve;
pub use resolved::{Extent, Note, ResolvedCell, ResolvedColumn, ResolvedRow, ResolvedTable};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Kolumntyp", extend("x-title-en" = "Column type"))]
pub enum ColumnType {
    /// Words.
    #[default]
    #[schemars(title = "Text", extend("x-title-en" = "Text"))]
    Text,
    /// Money or another measured, rounded quantity.
    #[schemars(title = "Belopp", extend("x-title-en" = "Amount"))]
    #[schemars(extend("x-hjalp" = "Pengar eller annat som mäts och avrundas."))]
    Amount,
    /// A count: exact.
    #[schemars(title = "Antal", extend("x-title-en" = "Count", "x-hjalp" = "Hela tal som räknas exakt."))]
    Integer,
    /// Per cent; the sign `%` is set in every cell.
    #[schemars(title = "Procent", extend("x-title-en" = "Per cent"))]
    #[schemars(extend("x-hjalp" = "Procenttecknet skrivs ut av sig självt."))]
    Percent,
    /// A date.
    #[schemars(title = "Datum", extend("x-title-en" = "Date"))]
    Date,
    /// Fulfilled or not, as a word and a symbol.
    #[schemars(title = "Status", extend("x-title-en" = "Status"))]
    #[schemars(extend("x-hjalp" = "Om något är uppnått, som ord och symbol."))]
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
#[schemars(title = "Kolumn", extend("x-title-en" = "Column", "x-hjalp" = "En kolumn i tabellen."))]
pub struct Column {
    /// Short name for formulas: letters, digits and `_`.
    #[schemars(title = "Kortnamn", regex(pattern = r"^[a-zåäö_][a-zåäö0-9_]*$"), extend("x-title-en" = "Short name"))]
    #[schemars(extend(
        "x-hjalp" = "Kort namn som används i formler, till exempel budget; små bokstäver, siffror och _."
    ))]
    pub id: String,
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Det som står överst i kolumnen, till exempel Budget 2013."))]
    pub title: String,
    /// Heading shared with the neighbours of the same group, above the column headings.
    #[serde(default)]
    #[schemars(title = "Gemensam rubrik", extend("x-title-en" = "Shared heading"))]
    #[schemars(extend("x-hjalp" = "En rubrik ovanför flera kolumner intill varandra, till exempel Helår."))]
    pub group: Option<String>,
    /// What the column holds.
    #[serde(default, rename = "type")]
    #[schemars(title = "Typ", extend("x-title-en" = "Type"))]
    #[schemars(extend("x-hjalp" = "Välj vad som står i kolumnen; belopp, antal och procent går att räkna med."))]
    pub kind: ColumnType,
    /// Unit of this column when the table's columns differ: `antal`, `kr/elev`.
    #[serde(default)]
    #[schemars(title = "Enhet", extend("x-title-en" = "Unit"))]
    #[schemars(extend("x-hjalp" = "Kolumnens egen enhet, om kolumnerna har olika, till exempel kr/elev."))]
    pub unit: Option<String>,
    /// How the column follows from others: `prognos - budget`.
    #[serde(default)]
    #[schemars(title = "Formel", extend("x-title-en" = "Formula"))]
    #[schemars(extend("x-hjalp" = "Hur kolumnen räknas ut ur andra, till exempel prognos - budget."))]
    pub formula: Option<String>,
    /// Decimals shown; otherwise as many as the most precise figure given.
    #[serde(default)]
    #[schemars(title = "Decimaler", range(max = 6), extend("x-title-en" = "Decimals"))]
    #[schemars(extend("x-hjalp" = "Hur många decimaler som visas; utelämnas fältet styr den noggrannaste siffran."))]
    pub decimals: Option<u32>,
    /// Whether sums run over this column. Default: yes for amounts and counts without a multiplying formula.
    #[serde(default)]
    #[schemars(title = "Summeras", extend("x-title-en" = "Is summed"))]
    #[schemars(extend("x-hjalp" = "Nej om kolumnen inte ska summeras, till exempel en andel eller ett årtal."))]
    pub sum: Option<bool>,
    /// Relative width of a text column (1 to 20).
    #[serde(default)]
    #[schemars(title = "Bredd", range(min = 1, max = 20), extend("x-title-en" = "Width"))]
    #[schemars(extend("x-hjalp" = "Hur bred en textkolumn är jämfört med de andra, från 1 till 20."))]
    pub width: Option<u32>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Radtyp", extend("x-title-en" = "Row type"))]
pub enum RowType {
    /// An ordinary row; counts in sums.
    #[default]
    #[schemars(title = "Vanlig rad", extend("x-title-en" = "Ordinary row", "x-hjalp" = "Räknas in i summorna."))]
    Line,
    /// A heading over the rows that follow.
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading", "x-hjalp" = "Står över raderna som följer."))]
    Group,
    /// Sum of the lines since the last group, subtotal or netto.
    #[schemars(title = "Delsumma", extend("x-title-en" = "Subtotal"))]
    #[schemars(extend("x-hjalp" = "Summan av raderna sedan förra rubriken, delsumman eller nettot."))]
    Subtotal,
    /// Sum of all lines since the last group or netto: income and costs together.
    #[schemars(title = "Netto", extend("x-title-en" = "Net"))]
    #[schemars(extend("x-hjalp" = "Intäkter och kostnader tillsammans sedan förra rubriken eller nettot."))]
    Netto,
    /// Sum of all lines of the table.
    #[schemars(title = "Totalsumma", extend("x-title-en" = "Total"))]
    #[schemars(extend("x-hjalp" = "Summan av alla vanliga rader i tabellen."))]
    Total,
    /// Of which: shown, not summed.
    #[schemars(title = "Varav", extend("x-title-en" = "Of which", "x-hjalp" = "Visas men räknas inte in i summorna."))]
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
#[schemars(title = "Rad", extend("x-title-en" = "Row", "x-hjalp" = "En rad i tabellen."))]
pub struct Row {
    /// What the row is.
    #[serde(default, rename = "type")]
    #[schemars(title = "Radtyp", extend("x-title-en" = "Row type"))]
    #[schemars(extend("x-hjalp" = "Välj om raden är vanlig, en rubrik eller ett resultat av andra rader."))]
    pub kind: RowType,
    /// Short name for `sum_of` and `formula`.
    #[serde(default)]
    #[schemars(title = "Kortnamn", regex(pattern = r"^[a-zåäö0-9_]+$"), extend("x-title-en" = "Short name"))]
    #[schemars(extend("x-hjalp" = "Kort namn som används i formler och summor, till exempel intakter."))]
    pub id: Option<String>,
    /// Heading of a group, or the label of a result row whose cells are left out.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Rubriken över en grupp, eller namnet på en resultatrad utan celler."))]
    pub title: Option<String>,
    /// One cell per column. A result row may leave them out.
    #[serde(default)]
    #[schemars(title = "Celler", extend("x-title-en" = "Cells"))]
    #[schemars(extend("x-hjalp" = "Fyll i en cell för varje kolumn; en resultatrad kan lämnas tom och räknas då ut."))]
    pub cells: Vec<Cell>,
    /// Ids of the rows a result row sums, when not the usual ones.
    #[serde(default)]
    #[schemars(title = "Summan av", extend("x-title-en" = "Sum of"))]
    #[schemars(extend("x-hjalp" = "Kortnamn på de rader som summeras, om det inte är de vanliga."))]
    pub sum_of: Option<Vec<String>>,
    /// How a result row follows from other rows: `intakter - kostnader`.
    #[serde(default)]
    #[schemars(title = "Formel", extend("x-title-en" = "Formula"))]
    #[schemars(extend("x-hjalp" = "Hur resultatraden räknas ut ur andra rader, till exempel intakter - kostnader."))]
    pub formula: Option<String>,
    /// Type of this row's numbers when they differ from the columns': indicators mix counts and per cent.
    #[serde(default)]
    #[schemars(title = "Talens typ", extend("x-title-en" = "Type of its numbers"))]
    #[schemars(extend(
        "x-hjalp" = "Fyll i om radens tal är av annan sort än kolumnens, till exempel procent bland antal."
    ))]
    pub numbers: Option<ColumnType>,
}

/// A table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Tabell", transform = crate::schema::tag::tagged("table"), extend("x-title-en" = "Table"))]
#[schemars(extend("x-hjalp" = "En tabell som räknas ut och räknas efter."))]
pub struct Table {
    /// Short name for charts.
    #[serde(default)]
    #[schemars(title = "Kortnamn", extend("x-title-en" = "Short name"))]
    #[schemars(extend("x-hjalp" = "Kort namn som diagram hänvisar till, till exempel resultat."))]
    pub id: Option<String>,
    /// Heading above the table.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Rubriken ovanför tabellen, till exempel Resultat per verksamhet."))]
    pub title: Option<String>,
    /// The one unit of its amounts: `tkr`, `mnkr`, `kr`.
    #[serde(default)]
    #[schemars(title = "Enhet", extend("x-title-en" = "Unit"))]
    #[schemars(extend("x-hjalp" = "Beloppens enhet, till exempel tkr, mnkr eller kr."))]
    pub unit: Option<String>,
    /// Whether amounts are exact; otherwise they are taken as rounded to their last digit.
    #[serde(default)]
    #[schemars(title = "Exakta belopp", extend("x-title-en" = "Exact amounts"))]
    #[schemars(extend(
        "x-hjalp" = "Kryssa för om beloppen inte är avrundade; då måste summorna stämma på sista siffran."
    ))]
    pub exact: bool,
    /// How signs are to be read: `avvikelse = prognos − budget, kostnader med minus`.
    #[serde(default)]
    #[schemars(title = "Teckenregel", extend("x-title-en" = "Sign rule"))]
    #[schemars(extend("x-hjalp" = "Säg hur plus och minus ska läsas, till exempel kostnader med minus."))]
    pub sign_convention: Option<String>,
    /// The columns, from the left.
    #[schemars(title = "Kolumner", length(min = 1, max = 40), extend("x-title-en" = "Columns"))]
    #[schemars(extend("x-hjalp" = "Lägg till kolumnerna från vänster till höger."))]
    pub columns: Vec<Column>,
    /// The rows, from the top.
    #[schemars(title = "Rader", extend("x-title-en" = "Rows", "x-hjalp" = "Lägg till raderna uppifrån och ned."))]
    pub rows: Vec<Row>,
    /// Remarks below the table.
    #[serde(default)]
    #[schemars(title = "Anmärkningar", extend("x-title-en" = "Remarks"))]
    #[schemars(extend("x-hjalp" = "Lägg till anmärkningar som ska stå under tabellen."))]
    pub notes: Vec<String>,
    /// Whether the table gets a landscape page of its own.
    #[serde(default)]
    #[schemars(title = "Liggande sida", extend("x-title-en" = "Landscape page"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om tabellen är bred och behöver en egen liggande sida."))]
    pub landscape: bool,
}
