//! Why a merge fails.

use std::fmt;

/// The reason why parts cannot be merged: they are made by the program itself, so this is never the user's mistake.
#[derive(Debug)]
pub struct MergeError {
    /// Which part, from 0.
    pub part: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Some(part) => write!(f, "part {part}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for MergeError {}

impl MergeError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { part: None, message: message.into() }
    }
}

impl From<lopdf::Error> for MergeError {
    fn from(error: lopdf::Error) -> Self {
        Self::new(error.to_string())
    }
}
