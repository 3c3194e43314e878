//! The strict reader that verification rests on. It sees every byte, every state of the file and every reading that a
//! viewer could have, and says where there is more than one.
//!
//! Viewers differ in how they mend a file: which of two keys they take, whether an entry's number or an object's own
//! counts, what they do with objects that no cross-reference names. A file whose reading rests on such a choice can show
//! one thing to who signs it and another to who reads it. lopdf, which the writing parts use, is such a reader too; so
//! nothing here rests on it but the filters.

mod body;
mod chain;
mod fault;
mod fields;
mod lexer;
mod numbers;
mod open;
mod packed;
mod parser;
mod reading;
mod references;
mod search;
mod section;
mod state;
mod value;

pub(crate) use fields::{Field, SignatureValue, signature_fields};
pub(crate) use open::open;
pub(crate) use parser::place_of;
pub(crate) use reading::Reading;
pub(crate) use references::Edge;
pub(crate) use state::State;
pub(crate) use value::{Dictionary, Value};
