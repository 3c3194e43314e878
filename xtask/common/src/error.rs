//! What can go wrong in a command or a step.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a step gave no result.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// A program the step needs is not on this machine and could not be fetched.
    MissingTool(String),
    /// A part of the Rust toolchain is not installed.
    MissingComponent(String),
    /// Anything else, told in full.
    Failed(String),
}

/// A result with this program's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure in the words given.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// A failure to read, write or start what is at `path`.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Failed(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingTool(what) => write!(formatter, "missing tool: {what}"),
            Self::MissingComponent(what) => write!(formatter, "missing toolchain part: {what}"),
            Self::Failed(message) => formatter.write_str(message),
        }
    }
}
