//! Jobs as clients see them, and what they may fetch of those that are done.

use serde::Serialize;
use sigill_messages::Lang;
use utoipa::ToSchema;

use super::files::{self, Download};
use super::job::{Job, Output, Progress, State};
use super::kind::JobKind as _;
use super::pack::{Pack, PackFiles};
use super::queue::Jobs;
use super::state::Shared;
use crate::problem::{self, Finding, Kind, Problem, Result};

/// Which file of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    Pdf,
    /// For programs.
    Json,
}

/// What clients fetch, by the kind of job. A kind that has no part here is not shown to clients.
enum Fetchable<'a> {
    Pack(PackFiles<'a>),
}

impl<'a> Fetchable<'a> {
    fn of(job: &'a Job) -> Result<Option<Self>> {
        if job.kind == Pack::NAME {
            return Ok(PackFiles::of(job)?.map(Self::Pack));
        }
        tracing::error!(job = job.id, kind = job.kind, "clients cannot be shown this kind of job");
        Err(Problem::of(Kind::Internal))
    }
}

impl Job {
    /// As a client reads it.
    ///
    /// # Errors
    /// When what the database has of its result cannot be read, or clients are not shown its kind.
    pub fn view(&self, lang: Lang) -> Result<JobView> {
        let (result, report) = match Fetchable::of(self)? {
            Some(Fetchable::Pack(files)) => {
                let result = ResultView {
                    href: format!("{}/result", self.href()),
                    bytes: files.pack.bytes,
                    sha256: files.pack.sha256.clone(),
                    pages: files.result.pages,
                    file_name: files.result.file_name,
                };
                let report = files.report_pdf.or(files.report_json);
                (Some(result), report.map(|_| ReportView { href: format!("{}/report", self.href()) }))
            }
            None => (None, None),
        };
        let problem = self.stored_problem.as_ref();
        Ok(JobView {
            id: self.id.clone(),
            kind: self.kind.clone(),
            state: self.state,
            progress: self.progress,
            place: self.place,
            created: rfc3339(self.created),
            started: self.started.map(rfc3339),
            finished: self.finished.map(rfc3339),
            expires: self.expires.map(rfc3339),
            result,
            report,
            findings: self.findings.clone(),
            problem: problem.map(|stored| stored.problem().body(lang, Some(&self.href()), None)),
        })
    }
}

impl Jobs {
    /// The pack that a job made.
    ///
    /// # Errors
    /// When it is not done, or failed, or gone.
    pub async fn result(&self, owner: &str, id: &str) -> Result<Download> {
        let job = finished(&self.0, owner, id).await?;
        match Fetchable::of(&job)? {
            Some(Fetchable::Pack(files)) => open(&self.0, &job, files.pack, files.result.file_name).await,
            None => Err(Problem::of(Kind::NotFound)),
        }
    }

    /// The report on the pack.
    ///
    /// # Errors
    /// When the job is not done, or failed, or gone, or made no such report.
    pub async fn report(&self, owner: &str, id: &str, format: ReportFormat) -> Result<Download> {
        let job = finished(&self.0, owner, id).await?;
        let Some(Fetchable::Pack(files)) = Fetchable::of(&job)? else { return Err(Problem::of(Kind::NotFound)) };
        let (report, extension) = match format {
            ReportFormat::Pdf => (files.report_pdf, "pdf"),
            ReportFormat::Json => (files.report_json, "json"),
        };
        let report = report.ok_or_else(|| Problem::of(Kind::NotFound))?;
        let shown = format!("{}-rapport.{extension}", files.result.file_name.trim_end_matches(".pdf"));
        open(&self.0, &job, report, shown).await
    }
}

async fn finished(shared: &Shared, owner: &str, id: &str) -> Result<Job> {
    let job = shared.get(owner, id).await?;
    match (job.state, job.problem()) {
        (State::Done, _) => Ok(job),
        (State::Failed, Some(problem)) => Err(problem),
        _ => Err(Problem::of(Kind::JobNotDone)),
    }
}

async fn open(shared: &Shared, job: &Job, file: &Output, shown: String) -> Result<Download> {
    files::open(&shared.database, job, file, shown).await?.ok_or_else(|| Problem::of(Kind::NotFound))
}

/// A time, RFC 3339.
fn rfc3339(milliseconds: i64) -> String {
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
    /// Where it stands in the queue, from 1, while it waits; callers are served in turn.
    pub place: Option<u64>,
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
