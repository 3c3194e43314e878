//! Signing and verifying, with a PKI of the tests' own.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod attacks;
mod deferred;
mod judges;
mod mistakes;
mod signing;
mod support;
mod verifying;
