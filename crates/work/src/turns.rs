//! Places that callers take in turn: whoever asks for many waits behind those who ask for one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::tokio::sync::oneshot::{Receiver, Sender, channel};

/// Why there was no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// Too many wait.
    Full,
    /// None became free in time.
    Late,
}

/// A number of places. Those who wait stand in a line for each caller, and the lines are served round robin.
pub(crate) struct Turns {
    most: usize,
    state: Mutex<State>,
    observer: Box<dyn Fn(usize) + Send + Sync>,
}

struct State {
    free: usize,
    waiting: usize,
    /// The next to be served first.
    lines: VecDeque<Line>,
}

/// Those of one caller who wait.
struct Line {
    caller: String,
    waiting: VecDeque<Sender<Place>>,
}

/// A place, until dropped.
pub(crate) struct Place {
    turns: Option<Arc<Turns>>,
    caller: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.pass_on(&self.caller);
        }
    }
}

/// One who waits; out of its line when dropped.
struct Waiter<'a> {
    turns: &'a Turns,
    caller: &'a str,
    place: Receiver<Place>,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.place.close();
        let mut state = self.turns.lock();
        state.waiting -= 1;
        if let Some(line) = state.lines.iter_mut().find(|line| line.caller == self.caller) {
            line.waiting.retain(|waiter| !waiter.is_closed());
        }
        state.lines.retain(|line| !line.waiting.is_empty());
        let now = state.waiting;
        drop(state);
        (self.turns.observer)(now);
    }
}

impl Turns {
    /// So many places, for which so many may wait; `observer` hears how many do.
    pub(crate) fn new(places: usize, most: usize, observer: Box<dyn Fn(usize) + Send + Sync>) -> Arc<Self> {
        let state = Mutex::new(State { free: places, waiting: 0, lines: VecDeque::new() });
        Arc::new(Self { most, state, observer })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place, or waits for one. One caller may be half of those who wait.
    pub(crate) async fn take(self: &Arc<Self>, caller: &str, patience: Duration) -> Result<Place, NoPlace> {
        let (mut waiter, now) = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return Ok(self.place(caller));
            }
            let own = state.lines.iter().find(|line| line.caller == caller).map_or(0, |line| line.waiting.len());
            if state.waiting >= self.most || own >= self.most.div_ceil(2) {
                return Err(NoPlace::Full);
            }
            let (sender, place) = channel();
            match state.lines.iter_mut().find(|line| line.caller == caller) {
                Some(line) => line.waiting.push_back(sender),
                None => state.lines.push_back(Line { caller: caller.to_owned(), waiting: [sender].into() }),
            }
            state.waiting += 1;
            (Waiter { turns: self, caller, place }, state.waiting)
        };
        (self.observer)(now);
        match ::tokio::time::timeout(patience, &mut waiter.place).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(NoPlace::Late),
        }
    }

    fn place(self: &Arc<Self>, caller: &str) -> Place {
        Place { turns: Some(Arc::clone(self)), caller: caller.to_owned() }
    }

    /// Gives the place of a caller to the next who waits, or sets it free. Whoever has just had one is the last to get it.
    fn pass_on(self: &Arc<Self>, from: &str) {
        let mut state = self.lock();
        if let Some(at) = state.lines.iter().position(|line| line.caller == from)
            && let Some(line) = state.lines.remove(at)
        {
            state.lines.push_back(line);
        }
        while let Some(mut line) = state.lines.pop_front() {
            let Some(next) = line.waiting.pop_front() else { continue };
            let place = self.place(&line.caller);
            if !line.waiting.is_empty() {
                state.lines.push_back(line);
            }
            match next.send(place) {
                Ok(()) => return,
                // One who has just gone: the place is not passed on from within.
                Err(mut place) => place.turns = None,
            }
        }
        state.free += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LONG: Duration = Duration::from_secs(20);

    fn run(test: impl Future<Output = ()>) {
        ::tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
    }

    #[test]
    fn callers_are_served_in_turn() {
        run(async {
            let turns = Turns::new(1, 100, Box::new(|_| ()));
            let held = turns.take("many", LONG).await.expect("a place");
            let order = Arc::new(Mutex::new(Vec::new()));
            let mut tasks = Vec::new();
            for caller in ["many", "many", "many", "one", "two", "one"] {
                let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
                tasks.push(::tokio::spawn(async move {
                    let _place = turns.take(caller, LONG).await.expect("a place");
                    order.lock().expect("order").push(caller);
                }));
                ::tokio::task::yield_now().await;
            }
            drop(held);
            for task in tasks {
                task.await.expect("served");
            }
            assert_eq!(*order.lock().expect("order"), ["one", "two", "many", "one", "many", "many"]);
            assert!(turns.lock().lines.is_empty() && turns.lock().free == 1);
        });
    }

    #[test]
    fn those_who_leave_lose_no_place() {
        run(async {
            let now = Arc::new(AtomicUsize::new(0));
            let seen = Arc::clone(&now);
            let turns = Turns::new(1, 4, Box::new(move |n| seen.store(n, Ordering::SeqCst)));
            let held = turns.take("a", LONG).await.expect("a place");
            let short = Duration::from_millis(5);
            assert!(matches!(turns.take("b", short).await, Err(NoPlace::Late)));
            let mut left: Vec<_> = (0..2).map(|_| Box::pin(turns.take("c", LONG))).collect();
            for waiter in &mut left {
                assert!(futures_poll(waiter).await, "it waits");
            }
            assert_eq!(now.load(Ordering::SeqCst), 2);
            assert!(matches!(turns.take("c", LONG).await, Err(NoPlace::Full)), "half is theirs");
            assert!(matches!(turns.take("d", short).await, Err(NoPlace::Late)), "others may still wait");
            // The first has been given the place and goes without having seen it.
            drop(held);
            drop(left);
            assert!(turns.take("e", short).await.is_ok());
            assert_eq!(now.load(Ordering::SeqCst), 0);
        });
    }

    /// Whether a future is not done yet.
    async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
