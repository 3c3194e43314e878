//! Waiting longer after each failure.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

/// How long to wait after the failures so far.
#[derive(Default)]
pub(super) struct Backoff(u32);

impl Backoff {
    /// Something has worked.
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }

    /// Something has failed; how long to wait.
    pub(super) fn next(&mut self) -> Duration {
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(self.0)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_start_again() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..7).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
        backoff.reset();
        assert_eq!(backoff.next(), FIRST);
    }
}
