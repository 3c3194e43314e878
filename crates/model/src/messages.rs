//! The rules that reports can break, and what is said of each: made from the files in `messages`, which a translator
//! edits without knowing Rust.
//!
//! A message is a struct in the module of its rule, with one field for each value; its method
//! `at` gives the finding:
//!
//! ```
//! use sigill_model::{Lang, messages::sig002};
//!
//! let finding = sig002::FieldTwice { id: &"ordf" }.at("/signaturer/1/id");
//! assert_eq!(finding.code.as_str(), "SIG002");
//! assert_eq!(finding.message(Lang::En), "two signatures have the field name \"ordf\"");
//! ```
//!
//! Modules in small letters without digits hold pieces that are put into messages as values.

use sigill_messages::{Filled, Lang, Localize, Part, Template, Texts};

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
