//! A job, as the database has it and as a client reads it.

use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::language::Language;
use crate::problem::{self, Finding, Kind, Problem};
use crate::protocol::Progress;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It waits.
    Queued,
    /// It is being made.
    Running,
    /// There is a result.
    Done,
    /// There is none, and the problem says why.
    Failed,
    /// It was removed before it was finished.
    Cancelled,
}

impl State {
    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    fn named(name: &str) -> Self {
        match name {
            "queued" | "draft" => Self::Queued,
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Cancelled,
        }
    }
}

/// A problem as it is kept: in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    kind: Kind,
    detail: Option<(String, String)>,
}

/// A problem, without its findings, as the database keeps it.
pub(super) fn keep(problem: &Problem) -> String {
    serde_json::to_string(&Kept { kind: problem.kind, detail: problem.detail.clone() }).unwrap_or_default()
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Result {
    pub(super) pages: u64,
    pub(super) file_name: String,
    pub(super) pack: File,
    pub(super) report_pdf: Option<File>,
    pub(super) report_json: Option<File>,
}

/// A job. [`Job::view`] is what a client reads.
#[derive(Debug, Clone)]
pub struct Job {
    /// Not to be guessed.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// How far it has come.
    pub progress: Progress,
    /// Findings: warnings when it is done, errors when the documents have errors.
    pub findings: Vec<Finding>,
    kind: String,
    created: i64,
    started: Option<i64>,
    finished: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) attempts: i64,
    problem: Option<Kept>,
    pub(super) result: Option<Result>,
    raw: (Option<String>, Option<String>),
}

/// The columns that [`Job::read`] reads.
macro_rules! job_columns {
    () => {
        "id, kind, state, done, total, created, started, finished, expires, attempts, problem, findings, made"
    };
}
pub(super) use job_columns;

impl Job {
    pub(super) fn read(row: &AnyRow) -> sqlx::Result<Self> {
        let count = |name: &str| row.try_get::<i64, _>(name).map(|n| usize::try_from(n).unwrap_or_default());
        let text = |name: &str| row.try_get::<Option<String>, _>(name);
        let (problem, findings, made) = (text("problem")?, text("findings")?, text("made")?);
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            state: State::named(&row.try_get::<String, _>("state")?),
            progress: Progress { done: count("done")?, total: count("total")? },
            created: row.try_get("created")?,
            started: row.try_get("started")?,
            finished: row.try_get("finished")?,
            expires: row.try_get("expires")?,
            attempts: row.try_get("attempts")?,
            problem: problem.as_deref().and_then(|t| serde_json::from_str(t).ok()),
            findings: findings.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default(),
            result: made.as_deref().and_then(|t| serde_json::from_str(t).ok()),
            raw: (problem, findings),
        })
    }

    /// Why a failed job failed, with its findings.
    pub fn problem(&self) -> Option<Box<Problem>> {
        let kept = self.problem.as_ref()?;
        let mut problem = Problem::of(kept.kind);
        problem.detail.clone_from(&kept.detail);
        Some(problem.with(self.findings.clone()))
    }

    /// The same job, removed before it was finished.
    pub(super) fn cancelled(mut self) -> Self {
        self.state = State::Cancelled;
        self
    }

    /// Whether a client would see a difference.
    pub(super) fn differs(&self, other: &Self) -> bool {
        (self.state, self.progress, self.started, self.finished)
            != (other.state, other.progress, other.started, other.finished)
            || self.raw != other.raw
    }

    /// Its address.
    pub fn href(&self) -> String {
        format!("/v1/jobs/{}", self.id)
    }

    /// As a client reads it.
    pub fn view(&self, language: Language) -> JobView {
        let result = self.result.as_ref().filter(|_| self.state == State::Done);
        let report = result.filter(|r| r.report_pdf.is_some() || r.report_json.is_some());
        let problem = self.problem.as_ref().map(|kept| {
            let mut problem = Problem::of(kept.kind);
            problem.detail.clone_from(&kept.detail);
            problem.body(language, Some(&self.href()), None)
        });
        JobView {
            id: self.id.clone(),
            kind: self.kind.clone(),
            state: self.state,
            progress: self.progress,
            created: written(self.created),
            started: self.started.map(written),
            finished: self.finished.map(written),
            expires: self.expires.map(written),
            result: result.map(|made| ResultView {
                href: format!("{}/result", self.href()),
                bytes: made.pack.bytes,
                sha256: made.pack.sha256.clone(),
                pages: made.pages,
                file_name: made.file_name.clone(),
            }),
            report: report.map(|_| ReportView { href: format!("{}/report", self.href()) }),
            findings: self.findings.clone(),
            problem,
        }
    }
}

/// A time, RFC 3339.
fn written(milliseconds: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// A job as a client reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(title = "Job")]
pub struct JobView {
    /// Not to be guessed.
    pub id: String,
    /// What kind of job: `pack`.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// How far it has come.
    pub progress: Progress,
    /// When it came in, RFC 3339.
    pub created: String,
    /// When work on it began.
    pub started: Option<String>,
    /// When it was finished.
    pub finished: Option<String>,
    /// When it and its result are removed.
    pub expires: Option<String>,
    /// The pack, once it is done.
    pub result: Option<ResultView>,
    /// The report on the pack, once it is done.
    pub report: Option<ReportView>,
    /// Findings, in both languages.
    pub findings: Vec<Finding>,
    /// Why a failed job failed.
    pub problem: Option<problem::Body>,
}

/// Where a result is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(title = "JobResult")]
pub struct ResultView {
    /// Address.
    pub href: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// Pages.
    pub pages: u64,
    /// Name for the file.
    pub file_name: String,
}

/// Where a report is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(title = "JobReport")]
pub struct ReportView {
    /// Address.
    pub href: String,
}

/// How many jobs there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting.
    pub queued: u64,
    /// Being made.
    pub running: u64,
    /// Done, and not removed yet.
    pub done: u64,
    /// Failed, and not removed yet.
    pub failed: u64,
}
