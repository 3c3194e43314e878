//! What handlers share, and how a request is let in to them.

use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::watch;

use crate::access::{Access, Audit, Caller, Entry};
use crate::asset::Asset;
use crate::body::BodyBudget;
use crate::catalog::Catalog;
use crate::clock;
use crate::config::{Config, Scope};
use crate::jobs::Jobs;
use crate::metrics::Metrics;
use crate::pool::ServicePool;
use crate::problem::{Kind, Problem, Result};

/// The state of the service, which all handlers share.
pub(crate) struct ServiceState {
    pub(crate) config: Config,
    pub(crate) access: Arc<Access>,
    pub(crate) audit: Audit,
    pub(crate) pool: ServicePool,
    pub(crate) catalog: Catalog,
    pub(crate) jobs: Jobs,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) openapi: Asset,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) body_budget: BodyBudget,
}

/// The state, as handlers get it.
pub(crate) type App = Arc<ServiceState>;

impl ServiceState {
    /// Whether the service has been told to stop.
    pub(crate) fn stops(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Writes down that something was made or signed. That it cannot be written is no reason to withhold it.
    pub(crate) fn audit(&self, who: &str, request: &str, event: AuditEvent<'_>) {
        let AuditEvent { what, sha256, pages, bytes } = event;
        let (time, outcome, request_id) = (clock::now(), "done", Some(request));
        if let Err(error) = self.audit.write(&Entry { time, who, what, sha256, pages, bytes, outcome, request_id }) {
            tracing::error!(%error, "the audit cannot be written");
        }
    }
}

/// An audited event: what was made or signed.
pub(crate) struct AuditEvent<'a> {
    pub(crate) what: &'a str,
    pub(crate) sha256: Option<&'a str>,
    pub(crate) pages: Option<usize>,
    pub(crate) bytes: Option<u64>,
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
