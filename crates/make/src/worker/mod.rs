//! What a worker process does: orders are carried out with the functions of this crate.

mod documents;
mod maker;
mod refusal;
mod signatures;

pub use maker::Maker;
