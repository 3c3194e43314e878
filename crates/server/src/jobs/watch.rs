//! Following a job.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::sync::broadcast::Receiver;
use tokio::time::Instant;

use super::job::Job;
use super::state::{JobEvent, Shared};
use crate::problem::Result;

/// How often the database is asked; what this server does itself is told at once.
const ASK: Duration = Duration::from_millis(250);

struct Watch {
    shared: Arc<Shared>,
    owner: String,
    id: String,
    events: Receiver<JobEvent>,
    last: Option<Job>,
}

/// A job at each change, the first time as it is now; ends after a final state.
pub(super) async fn follow(
    shared: Arc<Shared>,
    owner: &str,
    id: &str,
) -> Result<impl Stream<Item = Job> + Send + use<>> {
    // Before the first look, so that no change falls between.
    let events = shared.events.subscribe();
    let first = shared.get(owner, id).await?;
    let watch = Watch { shared, owner: owner.to_owned(), id: id.to_owned(), events, last: None };
    Ok(stream::unfold((watch, Some(first)), |(mut watch, first)| async move {
        let job = match first {
            Some(first) => first,
            None => watch.change().await?,
        };
        watch.last = Some(job.clone());
        Some((job, (watch, None)))
    }))
}

impl Watch {
    /// The next change.
    async fn change(&mut self) -> Option<Job> {
        let last = self.last.take().filter(|last| !last.state.is_final())?;
        loop {
            self.wait().await;
            match self.shared.find(&self.owner, &self.id).await {
                Ok(Some(job)) if job.differs(&last) => return Some(job),
                // Not there any more, and it was not finished.
                Ok(None) => return Some(last.cancelled()),
                // A database that does not answer is asked again.
                Ok(Some(_)) | Err(_) => {}
            }
        }
    }

    async fn wait(&mut self) {
        let until = Instant::now() + ASK;
        loop {
            match tokio::time::timeout_at(until, self.events.recv()).await {
                Ok(Ok(event)) if event.id != self.id => {}
                _ => return,
            }
        }
    }
}
