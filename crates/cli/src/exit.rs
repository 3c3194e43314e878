//! What a run comes to.

use sigill_make::Error;

/// What a run came to; the numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All done.
    Done = 0,
    /// Some documents have errors.
    Documents = 1,
    /// The command was used wrongly.
    Usage = 2,
    /// Something outside failed: disk, process.
    Outside = 3,
}

/// Why a command stopped: a message for people and the exit code.
#[derive(Debug)]
pub(crate) struct Stop(pub(crate) Exit, pub(crate) String);

impl Stop {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self(Exit::Usage, message.into())
    }

    pub(crate) fn outside(message: impl Into<String>) -> Self {
        Self(Exit::Outside, message.into())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        let exit = match error {
            Error::Findings(_) => Exit::Documents,
            Error::Usage(_) => Exit::Usage,
            Error::Service(_) | Error::System(_) => Exit::Outside,
        };
        Self(exit, error.to_string())
    }
}
