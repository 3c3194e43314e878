//! Signing and verifying, with a PKI of the tests' own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

mod ambiguity;
mod attacks;
mod deferred;
mod dss;
mod examining;
mod foreign;
mod forge;
mod grammar;
mod judges;
mod mistakes;
#[cfg(feature = "pkcs11")]
mod pkcs11;
mod reserving;
mod robust;
mod signing;
mod support;
mod verifying;
