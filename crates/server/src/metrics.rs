//! What `/metrics` tells (Prometheus, OpenMetrics text).

use std::sync::Mutex;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::lines;

/// Labels of a response. The path is that of the route, so that a stranger cannot make up labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ResponseLabels {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
}

/// Labels of what is measured by route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RouteLabels {
    pub(crate) route: String,
}

/// Labels of the numbers of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct StateLabels {
    pub(crate) state: String,
}

type Times = Family<RouteLabels, Histogram, fn() -> Histogram>;

/// All that is counted.
pub struct Metrics {
    registry: Mutex<Registry>,
    pub(crate) answers: Family<ResponseLabels, Counter>,
    pub(crate) seconds: Times,
    pub(crate) documents: Counter,
    pub(crate) pages: Counter,
    pub(crate) work: Histogram,
    pub(crate) waiting: Gauge,
    pub(crate) connections: Gauge,
    pub(crate) connections_refused: Counter,
    audit_failures: Counter,
    log_lines_lost: Counter,
    pub(crate) workers_replaced: Counter,
    pub(crate) worker_deaths: Counter,
    pub(crate) jobs: Family<StateLabels, Gauge>,
}

fn seconds() -> Histogram {
    Histogram::new([0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 30.0])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("sigill");
        let answers = Family::default();
        let times = Times::new_with_constructor(seconds);
        let (documents, pages, work) = (Counter::default(), Counter::default(), seconds());
        let (waiting, connections) = (Gauge::default(), Gauge::default());
        let (connections_refused, audit_failures) = (Counter::default(), Counter::default());
        let log_lines_lost = Counter::default();
        let (workers_replaced, worker_deaths) = (Counter::default(), Counter::default());
        let jobs = Family::default();
        registry.register("http_answers", "Answers by route and status", answers.clone());
        registry.register("http_seconds", "Time to the head of an answer", times.clone());
        registry.register("documents", "Documents made", documents.clone());
        registry.register("pages", "Pages of documents made", pages.clone());
        registry.register("work_seconds", "Time that workers took", work.clone());
        registry.register("waiting", "Requests waiting for a worker", waiting.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register(
            "connections_refused",
            "Connections over the bound of their address",
            connections_refused.clone(),
        );
        registry.register("audit_failures", "Audit lines that were not written", audit_failures.clone());
        registry.register("log_lines_lost", "Lines of the log that nobody took", log_lines_lost.clone());
        registry.register("workers_replaced", "Workers found dead or retired while idle", workers_replaced.clone());
        registry.register("worker_deaths", "Workers that died of an order", worker_deaths.clone());
        registry.register("jobs", "Jobs by state", jobs.clone());
        Self {
            registry: Mutex::new(registry),
            answers,
            seconds: times,
            documents,
            pages,
            work,
            waiting,
            connections,
            connections_refused,
            audit_failures,
            log_lines_lost,
            workers_replaced,
            worker_deaths,
            jobs,
        }
    }

    /// As Prometheus reads it.
    pub(crate) fn text(&self, audit_failures: u64) -> Option<String> {
        self.audit_failures.inc_by(audit_failures.saturating_sub(self.audit_failures.get()));
        let lost = lines::lost().saturating_sub(self.log_lines_lost.get());
        self.log_lines_lost.inc_by(lost);
        let mut out = String::new();
        encode(&mut out, &*self.registry.lock().ok()?).ok()?;
        Some(out)
    }
}
