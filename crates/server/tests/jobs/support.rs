//! Places for jobs, and a handler that does as it is told.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use sigill_messages::{Lang, Texts};
use sigill_server::Config;
use sigill_server::jobs::{
    Attempt, Download, Handler, Handlers, Job, JobOutcome, Jobs, Pack, PackDraft, PackOrder, PackResult, Progress,
    State, Timing,
};
use sigill_server::problem::{Finding, Kind, Problem};
use sigill_server::protocol::PackJobOptions;
use tokio::sync::watch;

/// Where jobs are: a configuration, and a time that suits tests.
#[derive(Clone)]
pub struct Place {
    pub config: Config,
    pub timing: Timing,
}

impl Place {
    pub fn sqlite(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/test-work/jobs").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let config = Config { data: folder, ..Config::default() };
        let mut timing = Timing::of(&config.limits);
        timing.lease = Duration::from_secs(2);
        timing.poll = Duration::from_millis(100);
        Self { config, timing }
    }

    pub fn postgres(name: &str, database: String) -> Self {
        let mut place = Self::sqlite(name);
        place.config.database = Some(database);
        place
    }

    pub async fn open(&self) -> Jobs {
        Jobs::open_with(&self.config, self.timing.clone()).await.expect("opens")
    }

    pub fn is_sqlite(&self) -> bool {
        self.config.database.is_none()
    }

    /// A connection of the test's own.
    pub async fn pool(&self) -> sqlx::AnyPool {
        sqlx::any::install_default_drivers();
        let file = std::path::absolute(self.config.data.join("sigill.db")).expect("a path");
        let url = self.config.database.clone().unwrap_or_else(|| format!("sqlite://{}?mode=rwc", file.display()));
        sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("connects")
    }

    /// A number out of the database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool().await).await.expect(sql)
    }

    /// Changes the database behind the server's back.
    pub async fn change(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.pool().await).await.expect(sql);
    }
}

/// What the handler does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Act {
    /// Makes the pack: all inputs, one after another.
    Done,
    /// Says half, and makes the pack when the gate opens.
    Gate,
    /// As `Gate`, but does not hear that it is cancelled.
    Deaf,
    Refuse,
    /// Empties the folder of inputs, and says that a document is faulty.
    Emptied,
    Crash,
    Panic,
    /// Says that something of the house is missing.
    Lacking,
}

pub struct Fake {
    pub act: Mutex<Act>,
    pub gate: watch::Sender<bool>,
    pub calls: AtomicUsize,
    pub cancelled: AtomicUsize,
    pub finished: AtomicUsize,
    /// The kallelser of the packs that were made.
    pub made: Mutex<Vec<String>>,
}

impl Fake {
    pub fn new(act: Act) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self {
            act: Mutex::new(act),
            gate: watch::Sender::new(false),
            calls: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
            finished: AtomicUsize::new(0),
            made: Mutex::new(Vec::new()),
        })
    }

    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn two_errors() -> Texts {
    Texts::each(|lang| if lang == Lang::Sv { "Två fel." } else { "Two errors." }.to_owned())
}

pub fn finding(severity: &str) -> Finding {
    serde_json::from_value(serde_json::json!({
        "code": "SUM001", "severity": severity, "pointer": "/a", "file": "arende-1/x.json",
        "message_sv": "å", "message_en": "a", "help_sv": "", "help_en": ""
    }))
    .expect("a finding")
}

impl Handler for Fake {
    type Kind = Pack;

    fn run(&self, work: Attempt<PackOrder>) -> BoxFuture<'_, JobOutcome<PackResult>> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let act = *self.act.lock().expect("act");
            match act {
                Act::Done => {}
                Act::Refuse => {
                    work.report(Progress { done: 1, total: 4 });
                    let problem = Problem::new(Kind::DocumentHasErrors, &two_errors());
                    return JobOutcome::Refused(problem.with(vec![finding("error"), finding("error")]));
                }
                Act::Emptied => {
                    std::fs::remove_dir_all(&work.inputs).expect("removed");
                    return JobOutcome::Refused(Problem::of(Kind::DocumentHasErrors));
                }
                Act::Crash => return JobOutcome::Crashed,
                Act::Panic => panic!("as told"),
                Act::Lacking => return JobOutcome::Unavailable,
                Act::Gate | Act::Deaf => {
                    work.report(Progress { done: 1, total: 2 });
                    let mut gate = self.gate.subscribe();
                    let mut signal = work.cancel_signal();
                    tokio::select! {
                        _ = gate.wait_for(|open| *open) => {}
                        () = signal.cancelled(), if act == Act::Gate => {
                            self.cancelled.fetch_add(1, Ordering::SeqCst);
                            return JobOutcome::Cancelled;
                        }
                    }
                }
            }
            work.report(Progress { done: 2, total: 2 });
            let folder = work.inputs.join(PackOrder::FILES);
            let meeting = std::fs::read_to_string(folder.join(&work.order.meeting)).expect("the kallelse");
            let mut pack = Vec::new();
            for name in files_below(&folder) {
                pack.extend(std::fs::read(folder.join(name)).expect("an input"));
            }
            let sent = work.inputs.join(PackOrder::SENT);
            let sent = work.order.sent.then(|| std::fs::read_to_string(sent).expect("the pack sent before"));
            std::fs::write(work.outputs.join(PackResult::PACK), pack).expect("written");
            std::fs::write(work.outputs.join(PackResult::REPORT_PDF), b"%PDF report").expect("written");
            let report =
                serde_json::json!({"sent": sent, "options": work.order.options, "files": files_below(&folder)});
            std::fs::write(work.outputs.join(PackResult::REPORT_JSON), report.to_string()).expect("written");
            self.made.lock().expect("made").push(meeting);
            self.finished.fetch_add(1, Ordering::SeqCst);
            let outputs = [PackResult::PACK, PackResult::REPORT_PDF, PackResult::REPORT_JSON].map(str::to_owned).into();
            let result = PackResult { pages: 7, file_name: "kallelse-å.pdf".into() };
            JobOutcome::Done { result, outputs, findings: vec![finding("warning")] }
        })
    }
}

/// Every file below a folder, with slashes, in order.
fn files_below(folder: &std::path::Path) -> Vec<String> {
    let (mut out, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => out.push(path.strip_prefix(folder).expect("below").display().to_string()),
            }
        }
    }
    out.sort();
    out
}

/// A server that runs: its jobs, and how to stop it.
pub struct Server {
    pub jobs: Jobs,
    pub stop: watch::Sender<bool>,
    pub task: tokio::task::JoinHandle<()>,
}

pub async fn serve(place: &Place, fake: &std::sync::Arc<Fake>) -> Server {
    let jobs = place.open().await;
    let stop = watch::Sender::new(false);
    let task = jobs.run(Handlers::new().with(1, fake.clone()), stop.subscribe()).expect("runs");
    Server { jobs, stop, task }
}

impl Server {
    /// Stops as `sigill serve` does.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.expect("stops");
    }
}

pub async fn draft(jobs: &Jobs, owner: &str, key: Option<&str>) -> PackDraft {
    PackDraft::begin(jobs, owner, &PackJobOptions::default(), key).await.expect("a draft")
}

/// A small job.
pub async fn small(jobs: &Jobs, owner: &str, text: &str) -> Job {
    let mut draft = draft(jobs, owner, None).await;
    draft.meeting("kallelse.json").await.expect("begun");
    draft.write(text.as_bytes()).await.expect("written");
    let (job, fresh) = draft.commit().await.expect("committed");
    assert!(fresh);
    job
}

/// Waits until a job is in a state; fails after twenty seconds.
pub async fn until(jobs: &Jobs, owner: &str, id: &str, state: State) -> Job {
    let since = Instant::now();
    loop {
        let job = jobs.get(owner, id).await.expect("a job");
        if job.state == state {
            return job;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "{id} is {:?}, not {state:?}", job.state);
        assert!(!job.state.is_final(), "{id} ended as {:?}: {:?}", job.state, job.problem());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until something holds; fails after twenty seconds.
pub async fn soon(what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    since.elapsed()
}

pub async fn bytes(download: Download) -> Vec<u8> {
    let mut out = Vec::new();
    let mut stream = download.stream;
    while let Some(piece) = stream.next().await {
        out.extend_from_slice(&piece.expect("a piece"));
    }
    assert_eq!(out.len() as u64, download.length);
    out
}

pub fn kind<T>(result: sigill_server::problem::Result<T>) -> Kind {
    match result {
        Ok(_) => panic!("no problem"),
        Err(problem) => problem.kind,
    }
}
