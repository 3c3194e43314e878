//! A job, as the database has it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sigill_messages::{Lang, Texts};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use super::kind::JobKind;
use crate::problem::{Finding, Kind, Problem};
pub use crate::protocol::Progress;

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

    /// As the database names it. Cancelled jobs are not in it, and uploads that are under way are no jobs yet.
    pub(super) fn named(name: &str) -> sqlx::Result<Self> {
        match name {
            "queued" => Ok(Self::Queued),
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            other => Err(undecodable(format!("a job's state is {other:?}"))),
        }
    }
}

/// A problem as the database keeps it: in all languages by their order, its findings apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredProblem {
    kind: Kind,
    detail: Option<[String; Lang::COUNT]>,
}

impl StoredProblem {
    pub(super) fn of(problem: &Problem) -> Self {
        Self { kind: problem.kind, detail: problem.detail.clone().map(Texts::into_array) }
    }

    /// The problem, without its findings.
    pub(super) fn problem(&self) -> Box<Problem> {
        let mut problem = Problem::of(self.kind);
        problem.detail = self.detail.clone().map(Texts::from);
        problem
    }
}

/// A file that a job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name among the job's outputs.
    pub name: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A job. [`Job::view`] is what a client reads.
#[derive(Debug, Clone)]
pub struct Job {
    /// Not to be guessed.
    pub id: String,
    /// What kind of job.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// How far it has come.
    pub progress: Progress,
    /// Where it stands in the queue, from 1, while it waits.
    pub place: Option<u64>,
    /// Findings: warnings when it is done, errors when the documents have errors.
    pub findings: Vec<Finding>,
    /// Files that it made.
    pub outputs: Vec<Output>,
    pub(super) created: i64,
    pub(super) started: Option<i64>,
    pub(super) finished: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) attempts: i64,
    pub(super) stored_problem: Option<StoredProblem>,
    result: Option<String>,
}

/// The columns that [`Job::read`] reads.
macro_rules! job_columns {
    () => {
        "id, kind, state, done, total, created, started, finished, expires, attempts, problem, findings, result, outputs"
    };
}
pub(super) use job_columns;

impl Job {
    pub(super) fn read(row: &AnyRow) -> sqlx::Result<Self> {
        let count = |name: &str| usize::try_from(row.try_get::<i64, _>(name)?).map_err(undecodable);
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            state: State::named(&row.try_get::<String, _>("state")?)?,
            progress: Progress { done: count("done")?, total: count("total")? },
            place: None,
            findings: json_in(row, "findings")?.unwrap_or_default(),
            outputs: json_in(row, "outputs")?.unwrap_or_default(),
            created: row.try_get("created")?,
            started: row.try_get("started")?,
            finished: row.try_get("finished")?,
            expires: row.try_get("expires")?,
            attempts: row.try_get("attempts")?,
            stored_problem: json_in(row, "problem")?,
            result: row.try_get("result")?,
        })
    }

    /// Why a failed job failed, with its findings.
    pub fn problem(&self) -> Option<Box<Problem>> {
        Some(self.stored_problem.as_ref()?.problem().with(self.findings.clone()))
    }

    /// What a job of kind `K` made, once it is done.
    ///
    /// # Errors
    /// When it is of another kind, or what the database has is no such result.
    pub fn result<K: JobKind>(&self) -> Result<Option<K::Result>, Box<Problem>> {
        if self.kind != K::NAME {
            tracing::error!(job = self.id, kind = self.kind, "the result of another kind was asked for");
            return Err(Problem::of(Kind::Internal));
        }
        self.result.as_deref().map(serde_json::from_str).transpose().map_err(|error| {
            tracing::error!(%error, job = self.id, "a job's result cannot be read");
            Problem::of(Kind::Internal)
        })
    }

    /// A file that it made.
    pub fn output(&self, name: &str) -> Option<&Output> {
        self.outputs.iter().find(|output| output.name == name)
    }

    /// The same job, removed before it was finished.
    pub(super) fn cancelled(mut self) -> Self {
        self.state = State::Cancelled;
        self
    }

    /// Whether a client would see a difference.
    pub(super) fn differs(&self, other: &Self) -> bool {
        (self.state, self.progress, self.place, self.started, self.finished)
            != (other.state, other.progress, other.place, other.started, other.finished)
            || (&self.stored_problem, &self.result, self.findings.len())
                != (&other.stored_problem, &other.result, other.findings.len())
    }

    /// Its address.
    pub fn href(&self) -> String {
        format!("/v1/jobs/{}", self.id)
    }
}

/// JSON in a column that may be empty.
fn json_in<T: DeserializeOwned>(row: &AnyRow, name: &str) -> sqlx::Result<Option<T>> {
    let text = row.try_get::<Option<String>, _>(name)?;
    text.as_deref().map(serde_json::from_str).transpose().map_err(undecodable)
}

/// What the database holds is not what this program puts there.
pub(super) fn undecodable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

/// A value as JSON, for a column.
pub(super) fn to_json(value: &impl Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(Box::new(e)))
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

impl Counts {
    /// Adds the jobs of a state.
    pub(super) fn add(&mut self, state: State, number: u64) {
        match state {
            State::Queued => self.queued += number,
            State::Running => self.running += number,
            State::Done => self.done += number,
            State::Failed => self.failed += number,
            State::Cancelled => {}
        }
    }
}
