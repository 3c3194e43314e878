//! How the queue keeps time.

use std::time::Duration;

use crate::config::Limits;

/// How the queue keeps time.
#[derive(Debug, Clone)]
pub struct Timing {
    /// Between two heartbeats of a running job, each of which renews its lease.
    pub heartbeat: Duration,
    /// Silence after which a lease has expired and the job goes to another.
    pub lease: Duration,
    /// How often the queue is asked for work that another server put in.
    pub poll: Duration,
    /// How long a claim loop may go without a successful pass over the queue before the service is not ready.
    pub stale: Duration,
    /// How often what has expired is removed.
    pub sweep: Duration,
    /// How long a finished job and its result are kept.
    pub keep: Duration,
    /// How long running jobs may take when the service is told to stop.
    pub stop: Duration,
}

impl Timing {
    /// As the configuration has it.
    pub fn of(limits: &Limits) -> Self {
        Self {
            heartbeat: Duration::from_secs(1),
            lease: Duration::from_secs(16),
            poll: Duration::from_millis(250),
            stale: Duration::from_secs(15),
            sweep: Duration::from_secs(60),
            keep: Duration::from_secs(limits.keep_hours.saturating_mul(3600)),
            stop: Duration::from_secs(limits.stop_seconds),
        }
    }
}
