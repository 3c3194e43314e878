//! How much a caller may ask: requests a minute, and requests at a time.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::messages::access;
use crate::problem::{Kind, Problem, Result};

/// Persons whose limits are remembered at the same time.
const MOST_PEOPLE: usize = 10_000;
/// A rate is whole again after a minute of silence, so that nothing is lost by forgetting it.
const SILENCE: Duration = Duration::from_secs(60);
/// Shortest time between two cleanings of a full table, each of which looks at all of it.
const CLEANING: Duration = Duration::from_secs(1);

/// So many a minute. It runs on the machine's monotonic clock, which no adjustment of time stops.
pub(super) struct Rate(DefaultDirectRateLimiter);

impl Rate {
    /// None for 0, which means no limit.
    pub(super) fn a_minute(number: u32) -> Option<Self> {
        Some(Self(RateLimiter::direct(Quota::per_minute(NonZeroU32::new(number)?))))
    }

    /// Takes one.
    ///
    /// # Errors
    /// Seconds until there is one to take.
    pub(super) fn take(&self) -> std::result::Result<(), u64> {
        self.0.check().map_err(|later| {
            let wait = later.wait_time_from(DefaultClock::default().now());
            wait.as_millis().div_ceil(1000).try_into().unwrap_or(60).max(1)
        })
    }
}

/// The limits of one caller.
pub(super) struct Limit {
    per_minute: u32,
    rate: Option<Rate>,
    at_a_time: usize,
    places: Option<Arc<Semaphore>>,
}

impl Limit {
    pub(super) fn new(per_minute: u32, at_a_time: usize) -> Self {
        let places = (at_a_time > 0).then(|| Arc::new(Semaphore::new(at_a_time)));
        Self { per_minute, rate: Rate::a_minute(per_minute), at_a_time, places }
    }

    /// Counts a request.
    pub(super) fn count(&self) -> Result<()> {
        let Some(rate) = &self.rate else { return Ok(()) };
        rate.take().map_err(|seconds| {
            let most = self.per_minute;
            let text = access::PerMinute { most: &most, seconds: &seconds };
            Problem::new(Kind::TooManyRequests, &text).after(seconds)
        })
    }

    /// A place among the requests at a time, taken for as long as the permit lives.
    pub(super) fn place(&self) -> Result<Option<OwnedSemaphorePermit>> {
        let Some(places) = &self.places else { return Ok(None) };
        Arc::clone(places).try_acquire_owned().map(Some).map_err(|_| {
            let most = self.at_a_time;
            Problem::new(Kind::TooManyRequests, &access::AtATime { most: &most }).after(1)
        })
    }

    fn idle(&self) -> bool {
        self.places.as_ref().is_none_or(|p| p.available_permits() == self.at_a_time)
    }
}

/// The limits of everybody who signs in. The table is bounded: whoever can have tokens made for many names must not be
/// able to fill the memory.
pub(super) struct People {
    per_minute: u32,
    at_a_time: usize,
    most: usize,
    table: Mutex<Table>,
}

struct Table {
    seen: HashMap<String, (Arc<Limit>, Instant)>,
    cleaned: Option<Instant>,
}

impl People {
    pub(super) fn new(per_minute: u32, at_a_time: usize) -> Self {
        Self::bounded(per_minute, at_a_time, MOST_PEOPLE)
    }

    fn bounded(per_minute: u32, at_a_time: usize, most: usize) -> Self {
        let table = Mutex::new(Table { seen: HashMap::new(), cleaned: None });
        Self { per_minute, at_a_time, most, table }
    }

    /// The limits of one person.
    pub(super) fn of(&self, sub: &str, at: Instant) -> Result<Arc<Limit>> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((limit, seen)) = table.seen.get_mut(sub) {
            *seen = at;
            return Ok(Arc::clone(limit));
        }
        let since = table.cleaned.map_or(SILENCE, |then| at.duration_since(then));
        if since >= SILENCE || (table.seen.len() >= self.most && since >= CLEANING) {
            table.cleaned = Some(at);
            // Whoever is inside keeps what they have taken, however long it lasts.
            table.seen.retain(|_, (limit, seen)| {
                at.duration_since(*seen) < SILENCE || !limit.idle() || Arc::strong_count(limit) > 1
            });
        }
        if table.seen.len() >= self.most {
            return Err(Problem::of(Kind::Overloaded).after(5));
        }
        let limit = Arc::new(Limit::new(self.per_minute, self.at_a_time));
        table.seen.insert(sub.to_owned(), (Arc::clone(&limit), at));
        Ok(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_bounded_and_forgets_the_silent() {
        let people = People::bounded(60, 1, 3);
        let start = Instant::now();
        let inside = people.of("a", start).unwrap().place().unwrap();
        people.of("b", start).unwrap();
        people.of("c", start).unwrap();
        let full = people.of("d", start + Duration::from_secs(2)).err().unwrap();
        assert_eq!((full.kind, full.retry_after), (Kind::Overloaded, Some(5)));

        // A minute later b and c are forgotten; a is not, being inside, and is still held to one at a time.
        let later = start + SILENCE + Duration::from_secs(2);
        people.of("d", later).unwrap();
        people.of("e", later).unwrap();
        assert_eq!(people.table.lock().unwrap().seen.len(), 3);
        assert_eq!(people.of("a", later).unwrap().place().err().unwrap().kind, Kind::TooManyRequests);
        drop(inside);
        assert!(people.of("a", later).unwrap().place().is_ok());
    }

    #[test]
    fn a_person_keeps_the_same_limits() {
        let people = People::bounded(2, 0, 3);
        let at = Instant::now();
        people.of("a", at).unwrap().count().unwrap();
        people.of("a", at).unwrap().count().unwrap();
        assert_eq!(people.of("a", at).unwrap().count().err().unwrap().kind, Kind::TooManyRequests);
        people.of("b", at).unwrap().count().unwrap();
    }
}
