//! A second kind of job, which needs nothing of the queue but its type and its handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sigill_orders::Lang;
use sigill_server::jobs::{Attempt, Handler, Handlers, JobKind, JobOutcome, Output, Pack, State};
use sigill_server::problem::Kind;
use tokio::sync::watch;

use crate::support::{Act, Fake, Place, kind, serve, small, until};

/// Counts the letters of a word and of its files.
enum Count {}

#[derive(Serialize, Deserialize)]
struct Word(String);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Letters {
    word: usize,
    files: usize,
}

impl JobKind for Count {
    const NAME: &'static str = "count";
    type Order = Word;
    type Result = Letters;
}

#[derive(Default)]
struct Counter(AtomicUsize);

impl Handler for Counter {
    type Kind = Count;

    fn run(&self, attempt: Attempt<Word>) -> BoxFuture<'_, JobOutcome<Letters>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let files = std::fs::read_to_string(attempt.inputs.join("text/a.txt")).expect("an input");
        std::fs::write(attempt.outputs.join("letters.txt"), "written").expect("written");
        let result = Letters { word: attempt.order.0.chars().count(), files: files.chars().count() };
        std::future::ready(JobOutcome::Done { result, outputs: vec!["letters.txt".into()], findings: vec![] }).boxed()
    }
}

pub async fn a_second_kind(place: Place) {
    // A server that does not know the kind leaves it alone.
    let fake = Fake::new(Act::Done);
    let packs = serve(&place, &fake).await;
    let mut draft = packs.jobs.begin::<Count>("anna", Some("key")).await.expect("a draft");
    draft.input("text/a.txt").await.expect("begun");
    draft.write("åäö".as_bytes()).await.expect("written");
    let (job, fresh) = draft.commit(&Word("sigill".into())).await.expect("committed");
    assert!(fresh);
    let pack = small(&packs.jobs, "anna", "1").await;
    until(&packs.jobs, "anna", &pack.id, State::Done).await;
    assert_eq!(packs.jobs.get("anna", &job.id).await.expect("a job").state, State::Queued);

    let counter = Arc::new(Counter::default());
    let jobs = place.open().await;
    let stop = watch::Sender::new(false);
    let handlers = Handlers::new().with(0, Fake::new(Act::Panic)).with(2, counter.clone());
    let task = jobs.run(handlers, stop.subscribe()).expect("runs");
    let job = until(&jobs, "anna", &job.id, State::Done).await;
    assert_eq!(job.result::<Count>().expect("a result"), Some(Letters { word: 6, files: 3 }));
    let Output { name, bytes, sha256 } = &job.outputs[0];
    assert_eq!((name.as_str(), *bytes, sha256.len()), ("letters.txt", 7, 64));
    assert_eq!(kind(job.result::<Pack>()), Kind::Internal, "it is no pack");
    assert_eq!(kind(job.view(Lang::Sv)), Kind::Internal, "clients are not shown it before it has a view");
    assert_eq!((counter.0.load(Ordering::SeqCst), fake.calls()), (1, 1));
    stop.send_replace(true);
    task.await.expect("stops");
    packs.stop().await;
}
