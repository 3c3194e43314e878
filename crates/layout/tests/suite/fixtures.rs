//! Every fixture in every profile that takes it: what came out, compared with what went in.

mod heads;
mod metadata;
mod pages;
mod repeat;
mod signatures;
mod tags;
mod text;

use crate::support::{Fixture, fixture_named};

/// One fixture of each kind, small, and between them with everything a model can hold.
const KINDS: [&str; 6] = [
    "exempel/delarsrapport",
    "exempel/dokument",
    "exempel/kallelse",
    "exempel/ordforandeforslag",
    "exempel/projektuppfoljning",
    "exempel/tjansteskrivelse",
];

fn of_each_kind() -> impl Iterator<Item = &'static Fixture> {
    KINDS.into_iter().map(fixture_named)
}
