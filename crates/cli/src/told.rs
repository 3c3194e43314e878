//! What commands have in common: the time they take for now, and how they tell what came of it.

use chrono::{DateTime, Utc};
use clap::Args;
use sigill_make::orders::Lang;
use sigill_messages::joined;

use crate::messages;
use crate::output::Format;

/// How the outcome is told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ToldArgs {
    /// Hur resultatet skrivs · How the result is written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Lang,
}

/// A time as it is given.
pub(crate) fn time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|t| t.to_utc())
        .map_err(|_| format!("{} 2026-11-22T10:00:00Z", joined(&messages::time::Form)))
}

/// The time it is.
#[expect(clippy::disallowed_methods, reason = "the shell looks at the clock")]
pub(crate) fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
