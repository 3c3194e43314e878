//! Packs: the kind of job that makes a kallelse with all it names into one file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::job::{Job, Output};
use super::kind::{JobKind, sha256_of};
use super::names::Names;
use super::queue::Jobs;
use crate::messages::jobs;
use crate::problem::{Kind, Problem, Result};
use crate::protocol::PackJobOptions;

/// The kind.
pub enum Pack {}

/// What a pack is made from, beside its files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PackOrder {
    /// The kallelse's file among [`PackOrder::FILES`].
    pub meeting: String,
    /// Whether the pack sent before is there ([`PackOrder::SENT`]): what is made is then the tilläggslista after it.
    pub sent: bool,
    /// How.
    pub options: PackJobOptions,
}

impl PackOrder {
    /// Folder among the inputs that has the kallelse and all it names.
    pub const FILES: &str = "files";
    /// The pack sent before, among the inputs.
    pub const SENT: &str = "sent.pdf";
}

/// What a pack came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackResult {
    /// Pages of the pack.
    pub pages: u64,
    /// Name for the pack.
    pub file_name: String,
}

impl PackResult {
    /// The pack, among the outputs.
    pub const PACK: &str = "pack.pdf";
    /// The report on it for people, if one was made.
    pub const REPORT_PDF: &str = "report.pdf";
    /// The report on it for programs, if one was made.
    pub const REPORT_JSON: &str = "report.json";
}

impl JobKind for Pack {
    const NAME: &'static str = "pack";
    type Order = PackOrder;
    type Result = PackResult;

    /// As version 1 of the tables had it: what was ordered then is still known by its key.
    fn fingerprint(order: &PackOrder, inputs: &BTreeMap<String, String>) -> serde_json::Result<String> {
        let name = |name: &str| match name.strip_prefix("files/") {
            Some(name) => format!("i/{name}"),
            None => "s".to_owned(),
        };
        let inputs: BTreeMap<_, _> = inputs.iter().map(|(path, digest)| (name(path), digest)).collect();
        sha256_of(&(serde_json::to_string(&order.options)?, &order.meeting, inputs))
    }
}

/// What clients fetch of a pack.
pub(super) struct PackFiles<'a> {
    pub(super) result: PackResult,
    pub(super) pack: &'a Output,
    pub(super) report_pdf: Option<&'a Output>,
    pub(super) report_json: Option<&'a Output>,
}

impl<'a> PackFiles<'a> {
    /// Those of a job; `None` while it has made none.
    pub(super) fn of(job: &'a Job) -> Result<Option<Self>> {
        let Some(result) = job.result::<Pack>()? else { return Ok(None) };
        let Some(pack) = job.output(PackResult::PACK) else {
            tracing::error!(job = job.id, "a job is done and has no pack");
            return Err(Problem::of(Kind::Internal));
        };
        let report = |name| job.output(name);
        let (report_pdf, report_json) = (report(PackResult::REPORT_PDF), report(PackResult::REPORT_JSON));
        Ok(Some(Self { result, pack, report_pdf, report_json }))
    }
}

/// A pack that is being ordered: its parts come in any order.
pub struct PackDraft {
    draft: Draft<Pack>,
    names: Names,
    meeting: Option<String>,
    sent: bool,
    options: PackJobOptions,
}

impl PackDraft {
    /// Begins to take an order in; see [`Jobs::begin`].
    ///
    /// # Errors
    /// When the queue, or the owner's half of it, is full.
    pub async fn begin(jobs: &Jobs, owner: &str, options: &PackJobOptions, key: Option<&str>) -> Result<Self> {
        let draft = jobs.begin::<Pack>(owner, key).await?;
        Ok(Self { draft, names: Names::default(), meeting: None, sent: false, options: options.clone() })
    }

    /// Bounds what all jobs of its owner may take up, in bytes.
    pub fn bound(&mut self, most: Option<u64>) {
        self.draft.bound(most);
    }

    /// Names the request that orders it, as the log does.
    pub fn name_request(&mut self, request: &str) {
        self.draft.name_request(request);
    }

    /// Options other than those it was begun with.
    pub fn set_options(&mut self, options: PackJobOptions) {
        self.options = options;
    }

    /// Begins the kallelse. `name` is its file in the folder, which nothing else may have.
    ///
    /// # Errors
    /// When there is one already, or the name is no path in a folder.
    pub async fn meeting(&mut self, name: &str) -> Result<()> {
        if self.meeting.is_some() {
            return Err(Problem::new(Kind::BadRequest, &jobs::Twice { part: &"meeting" }));
        }
        self.file(name).await?;
        self.meeting = Some(name.to_owned());
        Ok(())
    }

    /// Begins a file that the kallelse names.
    ///
    /// # Errors
    /// When the name is taken or no path in a folder.
    pub async fn file(&mut self, name: &str) -> Result<()> {
        self.names.take(name)?;
        self.draft.input(&format!("{}/{name}", PackOrder::FILES)).await
    }

    /// Begins the pack that was sent before.
    ///
    /// # Errors
    /// When there is one already.
    pub async fn sent(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.sent, true) {
            return Err(Problem::new(Kind::BadRequest, &jobs::Twice { part: &"sent" }));
        }
        self.draft.input(PackOrder::SENT).await
    }

    /// The next bytes of the file begun last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.draft.write(bytes).await
    }

    /// Puts the job in the queue; see [`Draft::commit`].
    ///
    /// # Errors
    /// When there is no kallelse, the key was used for another request, or the database fails.
    pub async fn commit(self) -> Result<(Job, bool)> {
        let Some(meeting) = self.meeting else {
            return Err(Problem::new(Kind::BadRequest, &jobs::NoMeeting));
        };
        self.draft.commit(&PackOrder { meeting, sent: self.sent, options: self.options }).await
    }
}
