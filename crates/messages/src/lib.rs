//! Texts in every language of the program, as data: what people read stands in TOML files that a translator edits, and
//! becomes types that only fit together rightly.
//!
//! A crate keeps a folder with one file for each language, and its build script calls [`generate::build`]. Each text becomes a struct with one field for each placeholder, so that a misspelt message or a value too
//! few does not compile; a text missing in a language, or other placeholders there, fails the build with file and line.
//! A further language is a line in the list of [`Lang`] and a file in each folder.
//!
//! ```
//! use sigill_messages::{Filled, Lang, Part, Texts};
//!
//! let template = [&[Part::Words("sida "), Part::Value(0)] as &[_], &[Part::Words("page "), Part::Value(0)]];
//! let texts = Texts::of(&Filled(&template, &[&12]));
//! assert_eq!((texts.get(Lang::Sv), texts.get(Lang::En)), ("sida 12", "page 12"));
//! ```
//!
//! # Why not Fluent
//! `fluent-bundle` was weighed against this. It is read at run time and knows messages and values by name only, so that
//! a typo is found when the message is shown, if then, and it brings some ten crates into the program. By
//! itself it puts invisible marks (U+2068, U+2069) around every value, which the terminal output and PDFs would carry.
//! What it has more, plural rules and grammatical cases, no message here needs: they are worded so that they do without
//! (`anmärkningar: 3`). A language with many plural forms would be a reason to look again; the files would then be
//! translated, while the generated types and every place that uses them would stay.

pub mod generate;
mod lang;
mod text;

pub use lang::Lang;
pub use text::{Filled, In, Localize, Part, Template, Texts, joined, write};
