//! Workers: they take tickets out of the queue, one at a time each, and stop in an orderly manner.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use apalis::prelude::*;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::claim::{Claim, Claimed};
use super::database::{Queue, Ticket};
use super::place::Place;
use super::work::{self, Maker};
use super::{Shared, sweep};

/// What a worker needs.
struct Bench {
    shared: Arc<Shared>,
    maker: Arc<dyn Maker>,
    place: Place,
    stop: watch::Receiver<bool>,
    hurry: watch::Receiver<bool>,
}

/// Starts workers and sweeping; ends when all have stopped after `stop`.
pub(super) fn start(shared: Arc<Shared>, maker: Arc<dyn Maker>, mut stop: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let place = match Place::open(&shared.data) {
            Ok(place) => place,
            Err(e) => {
                tracing::error!(error = %e, "no folder to make packs in; this server makes none");
                let sweep = sweep::regularly(&shared);
                tokio::select! { () = sweep => {}, _ = stop.wait_for(|stop| *stop) => {} }
                return;
            }
        };
        let (hurry, hurried) = watch::channel(false);
        let bench = Bench { shared: Arc::clone(&shared), maker, place, stop: stop.clone(), hurry: hurried };
        let bench = Arc::new(bench);
        let mut workers = JoinSet::new();
        for _ in 0..shared.limits.jobs {
            workers.spawn(serve(Arc::clone(&bench)));
        }
        tokio::select! {
            () = sweep::regularly(&shared) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        let all = async { while workers.join_next().await.is_some() {} };
        let mut all = std::pin::pin!(all);
        if tokio::time::timeout(shared.timing.stop, &mut all).await.is_err() {
            // Time is up: what runs is put back in the queue.
            let _ = hurry.send(true);
            all.await;
        }
    })
}

/// A worker, made anew when the database has failed it.
async fn serve(bench: Arc<Bench>) {
    let mut stop = bench.stop.clone();
    while !stopped(&stop) {
        let name = match super::database::random() {
            Ok(random) => format!("sigill-{random}"),
            Err(_) => return,
        };
        match bench.shared.database.queue.clone() {
            Queue::Sqlite(queue) => drive!(queue, &name, bench),
            Queue::Postgres(queue) => drive!(queue, &name, bench),
        }
        // A ticket that was on its way when the worker stopped is anybody's again, at once.
        if let Err(e) = sweep::release(&bench.shared, &name).await {
            tracing::error!(error = %e, "queue");
        }
        let _ = tokio::time::timeout(Duration::from_secs(1), stop.wait_for(|stop| *stop)).await;
    }
}

/// Runs one worker of apalis to its end; the same for each storage, whose types have nothing in common.
macro_rules! drive {
    ($queue:expr, $name:expr, $bench:expr) => {{
        let context = WorkerContext::new($name);
        let worker = WorkerBuilder::new(&context)
            .backend($queue.poll_with_strategy(Knock::new(&$bench.shared)))
            .concurrency(1)
            .data(Arc::clone(&$bench))
            .build(handle);
        let mut events = std::pin::pin!(worker.stream());
        let mut stop = $bench.stop.clone();
        let mut told = false;
        loop {
            tokio::select! {
                event = events.next() => match event {
                    None => break,
                    Some(Ok(_)) => {}
                    Some(Err(e)) => {
                        tracing::error!(error = %e, "worker of the queue");
                        // What runs is finished; then the worker ends.
                        let _ = context.stop();
                    }
                },
                // Only after its first event has it started, and can be told to stop.
                _ = stop.wait_for(|stop| *stop), if !told && !context.is_pending() => {
                    told = true;
                    let _ = context.stop();
                }
            }
        }
    }};
}
use drive;

fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Handles a ticket.
async fn handle(ticket: Ticket, bench: Data<Arc<Bench>>) -> Result<(), BoxDynError> {
    let bench = Arc::clone(&bench);
    // A task of its own: when the queue fails, the worker ends, and the job goes on.
    let handled = tokio::spawn(async move { look(&ticket, &bench).await }).await;
    match handled {
        Ok(Ok(())) => Ok(()),
        Ok(Err(e)) => {
            tracing::error!(error = %e, "ticket");
            // The queue gives the ticket out again; a database that is away is not asked without pause.
            tokio::time::sleep(Duration::from_secs(1)).await;
            Err(e.into())
        }
        Err(e) => Err(e.into()),
    }
}

async fn look(ticket: &Ticket, bench: &Bench) -> sqlx::Result<()> {
    let shared = &bench.shared;
    if stopped(&bench.stop) {
        return Claim::later(shared, ticket, Duration::ZERO).await;
    }
    let claim = match Claim::by(shared, ticket).await? {
        Claimed::Mine(claim) => claim,
        Claimed::Busy => return Claim::later(shared, ticket, shared.timing.orphan()).await,
        Claimed::Void => return Ok(()),
    };
    shared.tell(&claim.id);
    if claim.attempt > work::ATTEMPTS {
        claim.give_up(shared).await?;
        shared.tell(&claim.id);
        return Ok(());
    }
    work::execute(shared, &*bench.maker, bench.place.path(), &claim, bench.hurry.clone()).await;
    Ok(())
}

/// When to ask for a ticket: at intervals, and at once when this server has put one in.
struct Knock(BoxStream<'static, ()>);

impl Knock {
    fn new(shared: &Shared) -> Self {
        let ticks = stream::unfold(tokio::time::interval(shared.timing.poll), |mut interval| async {
            interval.tick().await;
            Some(((), interval))
        });
        let knocks = stream::unfold(shared.knock.subscribe(), |mut knock| async {
            knock.changed().await.ok()?;
            Some(((), knock))
        });
        Self(stream::select(ticks, knocks).boxed())
    }
}

impl PollStrategy for Knock {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut driven = Poll::Pending;
        // Until nothing is ready: only then will the stream wake the worker again.
        while let Poll::Ready(Some(())) = self.0.poll_next_unpin(cx) {
            driven = Poll::Ready(Some(()));
        }
        driven
    }
}
