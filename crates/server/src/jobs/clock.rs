//! The time that leases are measured in: the database's clock, so that machines that share it need not agree on the time.
//!
//! Between two readings it goes on by this process's monotonic clock. A reading that differs from what was expected means
//! that the database's clock has been set; then, as after a time in which the database did not answer, nobody's lease is
//! taken for expired until each holder has had time to renew it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A difference, in milliseconds, that is no inaccuracy any more.
pub(super) const JUMP: i64 = 2_000;

/// The database's clock, as last read.
pub(super) struct Clock {
    origin: Instant,
    /// Milliseconds since 1970 at the origin.
    base: AtomicI64,
    unsettled: Mutex<Option<Instant>>,
}

impl Clock {
    /// A clock that shows `now`, in milliseconds since 1970.
    pub(super) fn starting_at(now: i64) -> Self {
        Self { origin: Instant::now(), base: AtomicI64::new(now), unsettled: Mutex::new(None) }
    }

    /// Milliseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.at(Instant::now())
    }

    fn at(&self, instant: Instant) -> i64 {
        self.base.load(Ordering::Relaxed).saturating_add(milliseconds(instant.duration_since(self.origin)))
    }

    /// Sets it by what the database said between two instants; returns the milliseconds by which the database's clock has
    /// been set since the last time, or 0.
    pub(super) fn set(&self, read: i64, asked: Instant, answered: Instant) -> i64 {
        let middle = asked + answered.duration_since(asked) / 2;
        let difference = read.saturating_sub(self.at(middle));
        self.base.fetch_add(difference, Ordering::Relaxed);
        // A slow answer is an inaccurate one.
        let slack = JUMP.saturating_add(milliseconds(answered.duration_since(asked)));
        if difference.saturating_abs() <= slack {
            return 0;
        }
        self.unsettle();
        difference
    }

    /// Gives holders of leases time to renew them.
    pub(super) fn unsettle(&self) {
        *self.unsettled.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether leases that look expired are, since holders have had some time to renew them.
    pub(super) fn is_settled(&self, after: Duration) -> bool {
        self.unsettled.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|at| at.elapsed() > after)
    }
}

/// A duration as the database counts.
pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_corrections_are_no_jumps() {
        let clock = Clock::starting_at(1_000_000);
        let now = Instant::now();
        assert_eq!(clock.set(1_001_500, now, now), 0);
        assert!((1_001_500..1_002_500).contains(&clock.now()));
        assert!(clock.is_settled(Duration::from_secs(60)));
    }

    #[test]
    fn a_clock_set_forwards_or_back_is_noticed_and_followed() {
        for hour in [3_600_000, -3_600_000] {
            let clock = Clock::starting_at(10_000_000);
            let now = Instant::now();
            let jump = clock.set(10_000_000 + hour, now, now);
            assert!((jump - hour).abs() < 1000, "{jump}");
            assert!((clock.now() - 10_000_000 - hour).abs() < 1000);
            assert!(!clock.is_settled(Duration::from_secs(60)));
        }
    }

    #[test]
    fn a_slow_answer_is_no_jump() {
        let clock = Clock::starting_at(10_000_000);
        let now = Instant::now();
        assert_eq!(clock.set(10_004_000, now, now + Duration::from_secs(5)), 0);
    }
}
