//! The report model of Sigill: JSON in, a checked document out.
//!
//! Knows neither Typst nor files nor HTTP. [`prepare::prepare`] is the way through: source text, schema and profile in,
//! data for the layout and diagnostics out.
//!
//! ```
//! use sigill_model::edition::redact;
//! use sigill_model::json::Source;
//!
//! let source = Source::parse(br#"{"kind": "dokument", "title": "Till [Anna](personuppgift:)"}"#);
//! let public = redact(&source).expect("marks that can be read");
//! assert_eq!(public.masked[0].texts, ["Anna"]);
//! assert!(!public.source.root().expect("a tree").get("title").unwrap().as_str().unwrap().contains("Anna"));
//!
//! // A model that cannot be read has findings and no tree.
//! let broken = Source::parse(b"{\"kind\": ");
//! assert!(broken.root().is_none() && !broken.findings().is_empty());
//! ```

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
pub use prepare::{Preparation, PreparedReport, prepare};
pub use profile::Profile;
pub use sigill_messages::{Lang, Localize, Texts};
