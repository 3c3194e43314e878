//! Reading JSON with the place of every key and value: the one decoder of models.
//!
//! Numbers keep the digits they were written with: an amount never passes through binary floating point.

mod de;
mod locate;
mod node;
mod source;
mod syntax;
mod write;

pub use de::ReadError;
pub use locate::{MAX_DIAGNOSTICS, tidy};
pub use node::{Member, Node, NodeValue};
pub use source::{MAX_BYTES, MAX_DEPTH, Source};
