//! What comes out of rendering, judged with tools of others: text, tags, pages, conformance.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

mod boxes;
mod expected;
mod fixtures;
mod kinds;
mod lengths;
mod proof;
mod sidor;
mod structure;
mod support;
