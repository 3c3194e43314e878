//! Bodies of requests, within limits of size and time; and what is left of one that nobody wants.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::budget::Share;
use crate::config::Limits;
use crate::messages::body;
use crate::problem::{Kind, Problem, Result};

/// A request body that is read until it breaks a limit. Why it ended early is told by [`BodyFault::problem`].
pub(crate) struct LimitedBody {
    inner: BodyDataStream,
    left: u64,
    silent: Duration,
    silence: Pin<Box<Sleep>>,
    end: Pin<Box<Sleep>>,
    reason: BodyFault,
    share: Option<Share>,
}

/// How long a body says it is.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The reason why a body ended early, shared with whoever reads it.
#[derive(Clone, Default)]
pub(crate) struct BodyFault(Arc<Mutex<Option<Box<Problem>>>>);

impl BodyFault {
    /// The problem, if a limit was broken.
    pub(crate) fn problem(&self) -> Option<Box<Problem>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Records why, and gives what the reader of the body is told.
    pub(crate) fn tell(&self, problem: Box<Problem>) -> std::io::Error {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
        std::io::Error::other("limit")
    }
}

fn too_large(megabytes: u64) -> Box<Problem> {
    Problem::new(Kind::TooLarge, &body::TooLong { megabytes: &megabytes })
}

/// What a compressed body swells to is not known until it has: none is taken.
fn plain(headers: &HeaderMap) -> Result<()> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => Err(Problem::new(Kind::UnsupportedType, &body::Compressed)),
        _ => Ok(()),
    }
}

impl LimitedBody {
    /// A body of at most so many megabytes.
    pub(crate) fn new(headers: &HeaderMap, body: Body, megabytes: u64, limits: &Limits) -> Result<Self> {
        plain(headers)?;
        let most = megabytes * 1_000_000;
        if announced(headers).is_some_and(|length| length > most) {
            return Err(too_large(megabytes));
        }
        let silent = Duration::from_secs(limits.silent_seconds);
        Ok(Self {
            inner: body.into_data_stream(),
            left: most,
            silent,
            silence: Box::pin(tokio::time::sleep(silent)),
            end: Box::pin(tokio::time::sleep(Duration::from_secs(limits.body_seconds))),
            reason: BodyFault::default(),
            share: None,
        })
    }

    /// Counts what comes in a share of the memory for bodies.
    pub(crate) fn within(mut self, share: Option<&Share>) -> Self {
        self.share = share.cloned();
        self
    }

    /// Tells why the body ended early, also after it has been given away.
    pub(crate) fn reason(&self) -> BodyFault {
        self.reason.clone()
    }

    /// The whole body.
    pub(crate) async fn whole(mut self) -> Result<Bytes> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(part) = self.next().await {
            let part = part.map_err(|_| self.reason.problem().unwrap_or_else(broken))?;
            // Most bodies come in one piece and need no copy.
            if first.is_empty() && all.is_empty() {
                first = part;
            } else {
                if all.is_empty() {
                    all.extend_from_slice(&std::mem::take(&mut first));
                }
                all.extend_from_slice(&part);
            }
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }
}

/// The client left in the middle, or its chunks were malformed.
pub(crate) fn broken() -> Box<Problem> {
    Problem::new(Kind::BadRequest, &body::Broken)
}

impl Stream for LimitedBody {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        match this.inner.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(part))) => {
                let length = part.len() as u64;
                if length > this.left {
                    let most = Problem::new(Kind::TooLarge, &body::TooLarge);
                    return Poll::Ready(Some(Err(this.reason.tell(most))));
                }
                this.left -= length;
                if let Some(Err(full)) = this.share.as_ref().map(|share| share.take(length)) {
                    return Poll::Ready(Some(Err(this.reason.tell(full))));
                }
                let next = Instant::now() + this.silent;
                this.silence.as_mut().reset(next);
                Poll::Ready(Some(Ok(part)))
            }
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(this.reason.tell(broken())))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                if this.silence.as_mut().poll(context).is_ready() || this.end.as_mut().poll(context).is_ready() {
                    let slow = Problem::new(Kind::BadRequest, &body::Slow);
                    return Poll::Ready(Some(Err(this.reason.tell(slow))));
                }
                Poll::Pending
            }
        }
    }
}

/// What is read of a body after it has been answered, and for how long.
const DREGS: u64 = 64 << 20;
const DREGS_TIME: Duration = Duration::from_secs(10);

/// A request body that is drained when it is dropped early: its rest is read and thrown away. A client that is still sending would otherwise
/// find its connection closed, and never read why it was refused.
pub(crate) struct DrainedBody(Option<Body>);

impl DrainedBody {
    /// Wraps a body.
    pub(crate) fn wrap(body: Body) -> Body {
        if body.is_end_stream() { body } else { Body::new(Self(Some(body))) }
    }
}

impl HttpBody for DrainedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.0 else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if !matches!(polled, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.0 = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for DrainedBody {
    fn drop(&mut self) {
        let Some(body) = self.0.take().filter(|b| !b.is_end_stream()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(DREGS_TIME, async move {
            let mut rest = body.into_data_stream();
            let mut left = DREGS;
            while let Some(Ok(part)) = rest.next().await {
                left = left.saturating_sub(part.len() as u64);
                if left == 0 {
                    break;
                }
            }
        }));
    }
}
