//! What the project's own commands (`xtask`) and its bench (`xtask-bench`) share: starting programs, fetching those that
//! are missing, and where things are. Knows nothing of the program itself, and needs no other crate.
//!
//! ```
//! use xtask_common::{process, repo};
//!
//! let version = process::output(process::cargo(["--version"]).current_dir(repo::root()))?;
//! assert!(version.starts_with("cargo "));
//! # Ok::<(), xtask_common::error::Error>(())
//! ```
// The file system, the clock and the environment are what these commands are for.
#![allow(clippy::disallowed_methods)]

pub mod error;
pub mod manual;
pub mod page;
pub mod process;
pub mod python;
pub mod repo;
pub mod tools;
