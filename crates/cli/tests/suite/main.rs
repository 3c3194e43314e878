//! The program as its users meet it: the binary, real files, exit codes.

mod bad_input;
mod commands;
mod known_bad;
mod layouts;
mod support;
