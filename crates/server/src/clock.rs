//! The clock, which the service reads in this one place.

use chrono::{DateTime, Utc};

/// Now.
#[expect(clippy::disallowed_methods, reason = "the service is a shell")]
pub(crate) fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
