//! What to verify by.

use chrono::{DateTime, Utc};

use crate::certificate::Certificate;
use crate::outside::Outside;

/// What to verify by.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// Certificates that are trusted.
    pub trusted: &'a [Certificate],
    /// As of when.
    pub time: DateTime<Utc>,
    /// Where to ask for revocation that the file does not tell; the file alone when none.
    pub outside: Option<&'a dyn Outside>,
}
