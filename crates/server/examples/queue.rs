//! Measures what the queue costs a job that does nothing: `queue [JOBS] [postgres://…]`, in a SQLite file of its own when
//! no PostgreSQL is named.

#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a program for measuring")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sigill_server::Config;
use sigill_server::jobs::{Attempt, Handler, Handlers, JobKind, JobOutcome, Jobs};
use tokio::sync::watch;

/// Does nothing.
enum Noop {}

impl JobKind for Noop {
    const NAME: &'static str = "noop";
    type Order = ();
    type Result = ();
}

struct NoopHandler;

impl Handler for NoopHandler {
    type Kind = Noop;

    fn run(&self, _: Attempt<()>) -> BoxFuture<'_, JobOutcome<()>> {
        std::future::ready(JobOutcome::Done { result: (), outputs: Vec::new(), findings: Vec::new() }).boxed()
    }
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let number = args.next().map_or(1000, |text| text.parse::<u32>().expect("a number of jobs"));
    let folder = tempfile::tempdir_in(".").expect("a folder");
    let mut config = Config { data: folder.path().to_path_buf(), database: args.next(), ..Config::default() };
    config.limits.queued_jobs = u64::from(number) * 2;
    let jobs = Jobs::open(&config).await.expect("opens");
    let since = Instant::now();
    for _ in 0..number {
        let draft = jobs.begin::<Noop>("bench", None).await.expect("a draft");
        draft.commit(&()).await.expect("committed");
    }
    let taken_in = since.elapsed();
    let stop = watch::Sender::new(false);
    let since = Instant::now();
    let task = jobs.run(Handlers::new().with(1, Arc::new(NoopHandler)), stop.subscribe()).expect("runs");
    while jobs.counts().await.expect("counts").done < u64::from(number) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let done = since.elapsed();
    stop.send_replace(true);
    task.await.expect("stops");
    let each = |time: Duration| time.as_secs_f64() * 1000.0 / f64::from(number);
    println!(
        "{number} jobs: taken in {:.3} ms each, claimed, done and recorded {:.3} ms each",
        each(taken_in),
        each(done)
    );
}
