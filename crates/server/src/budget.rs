//! The memory for bodies that are read whole. It is counted as they come, by caller: what a client only announces, or sends a
//! byte at a time, takes nothing from others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::problem::{Kind, Problem, Result};

/// How many of the largest bodies there is memory for.
const AT_A_TIME: u64 = 10;

/// A budget of memory, of which one caller may take half.
pub(crate) struct BodyBudget {
    most: u64,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: u64,
    by_caller: HashMap<String, u64>,
}

/// What the body of one request takes, given back when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Share(Arc<Bytes>);

struct Bytes {
    budget: Arc<BodyBudget>,
    caller: String,
    taken: Mutex<u64>,
}

impl BodyBudget {
    /// Memory for some bodies of this size.
    pub(crate) fn new(megabytes: u64) -> Arc<Self> {
        Arc::new(Self { most: AT_A_TIME * megabytes * 1_000_000, taken: Mutex::default() })
    }

    /// A share of a caller, of nothing yet.
    pub(crate) fn share(self: &Arc<Self>, caller: &str) -> Share {
        Share(Arc::new(Bytes { budget: Arc::clone(self), caller: caller.to_owned(), taken: Mutex::new(0) }))
    }
}

impl Share {
    /// Takes more.
    ///
    /// # Errors
    /// [`Kind::Overloaded`] when the budget, or the caller's half of it, is used up.
    pub(crate) fn take(&self, bytes: u64) -> Result<()> {
        let Bytes { budget, caller, taken: own } = &*self.0;
        let mut taken = budget.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_caller = taken.by_caller.get(caller).copied().unwrap_or_default();
        if taken.all + bytes > budget.most || of_caller + bytes > budget.most / 2 {
            return Err(Problem::of(Kind::Overloaded).after(2));
        }
        taken.all += bytes;
        taken.by_caller.insert(caller.clone(), of_caller + bytes);
        *own.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
        Ok(())
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        let own = *self.taken.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut taken = self.budget.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(own);
        if let Some(of_caller) = taken.by_caller.get_mut(&self.caller) {
            *of_caller = of_caller.saturating_sub(own);
            if *of_caller == 0 {
                taken.by_caller.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_takes_half_and_gives_it_back() {
        let budget = BodyBudget::new(1);
        let many: Vec<_> = (0..5).map(|_| budget.share("many")).collect();
        many.iter().for_each(|share| share.take(1_000_000).unwrap());
        assert_eq!(budget.share("many").take(1).err().unwrap().kind, Kind::Overloaded);
        let others: Vec<_> = (0..5).map(|n| budget.share(&n.to_string())).collect();
        others.iter().for_each(|share| share.take(1_000_000).unwrap());
        assert_eq!(budget.share("one").take(1).err().unwrap().kind, Kind::Overloaded);
        drop((many, others));
        budget.share("many").take(4_000_000).unwrap();
        assert!(budget.taken.lock().unwrap().by_caller.is_empty());
    }
}
