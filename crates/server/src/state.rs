//! What handlers share, and how a request is let in to them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::sync::watch;

use crate::access::{Access, Audit, Caller, Entry};
use crate::asset::Asset;
use crate::budget::BodyBudget;
use crate::catalog::Catalog;
use crate::clock;
use crate::config::{Config, Scope};
use crate::jobs::Jobs;
use crate::messages::jobs as texts;
use crate::metrics::Metrics;
use crate::pool::ServicePool;
use crate::problem::{Kind, Problem, Result};

/// The state of the service, which all handlers share.
pub(crate) struct ServiceState {
    pub(crate) config: Config,
    pub(crate) access: Arc<Access>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) pool: ServicePool,
    pub(crate) catalog: Catalog,
    pub(crate) jobs: Jobs,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) openapi: Asset,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) body_budget: Arc<BodyBudget>,
}

/// How long a line of the audit may take: a disk that hangs must not hold documents for ever.
const AUDIT: Duration = Duration::from_secs(10);

/// The state, as handlers get it.
pub(crate) type App = Arc<ServiceState>;

impl ServiceState {
    /// Whether the service has been told to stop.
    pub(crate) fn stops(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Writes down that something was made or signed.
    ///
    /// # Errors
    /// When it cannot be written and the configuration says that nothing is made then.
    pub(crate) async fn audit(&self, who: &str, request: Option<&str>, event: AuditEvent<'_>) -> Result<()> {
        let AuditEvent { what, sha256, pages, bytes, job } = event;
        let (time, outcome, request_id) = (clock::now(), "done", request);
        let entry = Entry { time, who, what, sha256, pages, bytes, outcome, request_id, job };
        let (audit, line) = (Arc::clone(&self.audit), entry.line());
        let written = async {
            let line = line?;
            let append = tokio::task::spawn_blocking(move || audit.append(line));
            match tokio::time::timeout(AUDIT, append).await {
                Ok(written) => written.map_err(io::Error::other)?,
                Err(_) => {
                    self.audit.fail();
                    Err(io::ErrorKind::TimedOut.into())
                }
            }
        };
        let Err(error) = written.await else { return Ok(()) };
        tracing::error!(%error, what, who, "the audit cannot be written");
        if !self.config.audit_required {
            return Ok(());
        }
        Err(Problem::new(Kind::StorageFull, &texts::NoAudit).after(30))
    }
}

/// An audited event: what was made or signed.
pub(crate) struct AuditEvent<'a> {
    pub(crate) what: &'a str,
    pub(crate) sha256: Option<&'a str>,
    pub(crate) pages: Option<usize>,
    pub(crate) bytes: Option<u64>,
    /// The job that made it.
    pub(crate) job: Option<&'a str>,
}

/// Names a request in the log and in problems.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Lets a request in, if its caller may do what it asks for. Handlers do this before a byte of the body is read.
pub(crate) async fn admit(app: &App, headers: &HeaderMap, scope: Scope) -> Result<Caller> {
    if app.stops() {
        return Err(Problem::of(Kind::ShuttingDown).after(10));
    }
    app.access.enter(headers, scope, clock::now()).await
}
