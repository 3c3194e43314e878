//! The rules that reports can break, and what is said of each: made from the files in `messages`, which a translator
//! edits without knowing Rust.
//!
//! [`Code`] has every rule. A message is a struct in the module of its rule, with one field for each value; its method
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

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use sigill_messages::{Filled, Lang, Localize, Part, Template, Texts};

use crate::diagnostic::{Diagnostic, Severity};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// There is no rule with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCode;

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
