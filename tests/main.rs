//! The program as its users meet it: the binary, real files, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

mod attacks;
mod bad_input;
mod bounds;
mod commands;
mod docs;
mod help;
mod known_bad;
mod layouts;
mod meant;
mod pack;
mod same_bytes;
mod service;
mod sign;
mod support;
mod workers;
