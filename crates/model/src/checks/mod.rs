//! Domain rules that kinds share: what the schema cannot say. Those of one kind stand in its own file.

mod common;
mod parts;
mod tables;

pub(crate) use common::{common, default_signature_id, dnr, require_dnr};
pub(crate) use parts::{absent, decision_points, empty_sections, missing_part, no_lines};
pub use tables::table;
