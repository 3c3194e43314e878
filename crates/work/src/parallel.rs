//! Several orders at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

/// Does jobs on so many threads; tells what came of each in the order of the jobs, as soon as that is known.
pub fn in_parallel<J: Sync, R: Send>(
    jobs: &[J],
    threads: usize,
    work: impl Fn(&J) -> R + Sync,
    mut tell: impl FnMut(R),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((index, job)) = take(jobs, next) {
                    if sender.send((index, work(job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<R>> = jobs.iter().map(|_| None).collect();
        let mut told = 0;
        for (index, result) in receiver {
            if let Some(place) = waiting.get_mut(index) {
                *place = Some(result);
            }
            while let Some(result) = waiting.get_mut(told).and_then(Option::take) {
                tell(result);
                told += 1;
            }
        }
    });
}

fn take<'a, J>(jobs: &'a [J], next: &AtomicUsize) -> Option<(usize, &'a J)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}
