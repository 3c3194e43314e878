//! The report model of Sigill: JSON in, a checked document out.
//!
//! Knows neither Typst nor files nor HTTP. [`prepare::prepare`] is the way through: source text, schema and profile in,
//! data for the layout and diagnostics out.

pub mod chart;
pub mod checks;
pub mod code;
pub mod diagnostic;
pub mod edition;
pub mod format;
pub mod json;
pub mod kinds;
pub mod messages;
pub mod place;
pub mod prepare;
pub mod profile;
pub mod schema;
pub mod secrecy;
pub mod status;
pub mod suggest;
pub mod table;
pub mod text;

pub use code::{Code, Severity};
pub use diagnostic::Diagnostic;
pub use prepare::{Preparation, Prepared, prepare};
pub use profile::Profile;
pub use sigill_messages::{Lang, Localize, Texts};
