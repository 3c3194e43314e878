//! Jobs: work that takes longer than a client should hold its breath, done one after another. Jobs survive a restart,
//! and are shared between machines.
//!
//! Everything about a job, its files too, is in one database: a SQLite file of the server's own, or a PostgreSQL that
//! several machines share. The rows of jobs are the queue. A claim loop takes the row that has waited longest and writes
//! a lease into it (`claim`); heartbeats renew the lease while a handler does the job (`execute`); one whose lease has
//! expired waits again, and one that was tried three times in vain is a dead letter: failed, with its problem.
//!
//! The queue reads no orders and no results. What kinds of job there are is said by types ([`JobKind`]), and done by the
//! handlers a server registers ([`Handlers`]).

mod backoff;
mod claim;
mod clock;
mod database;
mod dialect;
mod draft;
mod execute;
mod files;
mod handler;
mod health;
mod job;
mod kind;
mod names;
mod pack;
mod queue;
mod schema;
mod state;
mod sweep;
mod timing;
mod view;
mod watch;
mod work_dir;
mod worker;

pub use draft::Draft;
pub use files::Download;
pub use handler::{Attempt, CancelSignal, Handler, Handlers, JobOutcome};
pub use job::{Counts, Job, Output, Progress, State};
pub use kind::JobKind;
pub use pack::{Pack, PackDraft, PackOrder, PackResult};
pub use queue::Jobs;
pub use timing::Timing;
pub use view::{JobView, ReportFormat, ReportView, ResultView};
