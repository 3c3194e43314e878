//! What evidence says of a certificate.

use chrono::{DateTime, Utc};

/// What a piece of evidence says of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// When it was revoked, if it was.
    pub(crate) revoked: Option<DateTime<Utc>>,
    /// From when the evidence speaks.
    pub(crate) this_update: DateTime<Utc>,
    /// When newer evidence is due.
    pub(crate) next_update: Option<DateTime<Utc>>,
}

impl Statement {
    /// Whether it can tell of the state at `time`: made then or later, or still fresh then. An answer that does not say
    /// when the next one is due is good for a day (RFC 6960, 2.4, leaves it to the asker).
    pub(crate) fn covers(&self, time: DateTime<Utc>) -> bool {
        let due = self.next_update.unwrap_or_else(|| self.this_update + chrono::Duration::days(1));
        self.this_update >= time || time <= due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_fresh_until_the_next_is_due() {
        let day = |n: i64| DateTime::from_timestamp(n * 86_400, 0).expect("a time");
        let statement = |next_update| Statement { revoked: None, this_update: day(10), next_update };
        let covered = |s: Statement| (0..20).filter(|n| s.covers(day(*n))).max();
        assert_eq!(covered(statement(Some(day(15)))), Some(15));
        assert_eq!(covered(statement(None)), Some(11));
        assert!(statement(None).covers(day(0)), "made later, it tells of earlier times too");
    }
}
