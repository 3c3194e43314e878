//! What handlers share, and how a request is let in to them.

use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::watch;

use crate::access::{Access, Audit, Caller, Entry};
use crate::asset::Asset;
use crate::body::Room;
use crate::catalog::Catalog;
use crate::clock;
use crate::config::{Config, Scope};
use crate::jobs::Jobs;
use crate::metrics::Metrics;
use crate::pool::Pool;
use crate::problem::{Kind, Problem, Result};

/// What handlers share.
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) access: Arc<Access>,
    pub(crate) audit: Audit,
    pub(crate) pool: Pool,
    pub(crate) catalog: Catalog,
    pub(crate) jobs: Jobs,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) openapi: Asset,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) room: Room,
}

/// Shared by all requests.
pub(crate) type App = Arc<Inner>;

impl Inner {
    /// Whether the service has been told to stop.
    pub(crate) fn stops(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Writes down that something was made or signed. That it cannot be written is no reason to withhold it.
    pub(crate) fn audit(&self, who: &str, request: &str, made: Made<'_>) {
        let Made { what, sha256, pages, bytes } = made;
        let (time, outcome, request_id) = (clock::now(), "done", Some(request));
        if let Err(error) = self.audit.write(&Entry { time, who, what, sha256, pages, bytes, outcome, request_id }) {
            tracing::error!(%error, "the audit cannot be written");
        }
    }
}

/// What was made, for the audit.
pub(crate) struct Made<'a> {
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
