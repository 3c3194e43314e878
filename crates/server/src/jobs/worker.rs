//! Claim loops: each takes a job of one kind out of the queue, does it, and takes the next. They end when the server
//! stops, and for no other reason.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tracing::Instrument as _;

use super::backoff::Backoff;
use super::claim::{self, Claim};
use super::execute::{WorkerContext, execute};
use super::handler::{Handlers, JsonHandler};
use super::health::Beat;
use super::state::Shared;
use super::sweep;
use super::work_dir::WorkDir;

/// What all loops of a server have in common.
struct LoopContext {
    shared: Arc<Shared>,
    folder: WorkDir,
    stop: watch::Receiver<bool>,
    hurry: watch::Receiver<bool>,
}

/// What a pass over the queue came to.
enum Pass {
    /// There may be more.
    Worked,
    /// Nothing waits.
    Idle,
    /// What is needed to do jobs is not there.
    Faulty,
}

/// Starts the loops; the task ends when all have, after `stop`.
pub(super) fn start(
    shared: Arc<Shared>,
    handlers: Handlers,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<JoinHandle<()>> {
    let folder = WorkDir::open(&shared.data)?;
    shared.health.watch_folder(Some(folder.path().to_path_buf()));
    let (hurry, hurried) = watch::channel(false);
    let context = LoopContext { shared: Arc::clone(&shared), folder, stop: stop.clone(), hurry: hurried };
    let context = Arc::new(context);
    Ok(tokio::spawn(async move {
        let mut loops = JoinSet::new();
        for registered in handlers.0 {
            for _ in 0..registered.concurrency {
                let (context, handler) = (Arc::clone(&context), Arc::clone(&registered.handler));
                loops.spawn(async move { claim_jobs(&context, registered.kind, &*handler).await });
            }
        }
        tokio::select! {
            () = watch_leases(&shared) => {}
            () = sweep::regularly(&shared) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        let all = async { while loops.join_next().await.is_some() {} };
        let mut all = std::pin::pin!(all);
        if tokio::time::timeout(shared.timing.stop, &mut all).await.is_err() {
            // Time is up: what runs is put back in the queue.
            let _ = hurry.send(true);
            all.await;
        }
        shared.health.watch_folder(None);
    }))
}

fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Takes jobs of a kind, one after another, whatever happens to any of them or to the database.
async fn claim_jobs(context: &LoopContext, kind: &str, handler: &dyn JsonHandler) {
    let beat = context.shared.health.watch_loop();
    let mut wakeup = context.shared.wakeup.subscribe();
    let mut stop = context.stop.clone();
    let mut backoff = Backoff::default();
    while !stopped(&stop) {
        // Before the look, so that no job falls between.
        wakeup.mark_unchanged();
        let pass = AssertUnwindSafe(pass(context, kind, handler, &beat)).catch_unwind().await;
        let wait = match pass {
            Ok(Ok(Pass::Worked)) => {
                backoff.reset();
                continue;
            }
            Ok(Ok(Pass::Idle)) => {
                backoff.reset();
                let woken = tokio::time::timeout(context.shared.timing.poll, wakeup.changed());
                tokio::select! { _ = woken => {}, _ = stop.wait_for(|stop| *stop) => {} }
                continue;
            }
            Ok(Ok(Pass::Faulty)) => backoff.next(),
            Ok(Err(error)) => {
                tracing::error!(%error, kind, "the queue cannot be asked");
                backoff.next()
            }
            Err(_) => {
                tracing::error!(kind, "a claim loop panicked, and goes on");
                backoff.next()
            }
        };
        let _ = tokio::time::timeout(wait, stop.wait_for(|stop| *stop)).await;
    }
}

async fn pass(context: &LoopContext, kind: &str, handler: &dyn JsonHandler, beat: &Beat) -> sqlx::Result<Pass> {
    let shared = &context.shared;
    if !shared.room().is_there() {
        // Jobs wait until there is room.
        beat.mark();
        return Ok(Pass::Faulty);
    }
    let Some(claim) = Claim::next(shared, kind).await? else {
        beat.mark();
        return Ok(Pass::Idle);
    };
    shared.changed(&claim.lease.job);
    let hurry = context.hurry.clone();
    let worker = WorkerContext { shared, handler, folder: context.folder.path(), beat, hurry };
    let span = tracing::info_span!("job", job = claim.lease.job, request = claim.request);
    if !execute(&worker, &claim).instrument(span).await {
        return Ok(Pass::Faulty);
    }
    beat.mark();
    Ok(Pass::Worked)
}

/// Reads the database's clock and takes back jobs whose lease has expired, for ever.
async fn watch_leases(shared: &Shared) {
    let beat = shared.health.watch_loop();
    let mut interval = tokio::time::interval(shared.timing.heartbeat.min(Duration::from_secs(1)));
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let pass = async {
            shared.database.read_clock().await?;
            claim::take_back_expired(shared).await
        };
        match AssertUnwindSafe(pass).catch_unwind().await {
            Ok(Ok(())) => beat.mark(),
            Ok(Err(error)) => {
                tracing::error!(%error, "leases cannot be looked at");
                // Nor could they be renewed.
                shared.database.clock.unsettle();
            }
            Err(_) => tracing::error!("the look at leases panicked, and goes on"),
        }
    }
}
