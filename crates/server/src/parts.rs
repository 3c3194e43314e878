//! The parts of a multipart body, each within bounds: what the service reads of them itself is small, and the rest is
//! passed on as it comes.
//!
//! `multer` takes as much as there is into memory while it looks for the end of a part's head. It is given one piece at a
//! time, and no more of them for a head than one can have.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use multer::{Field, Multipart};

use crate::body::{BodyFault, LimitedBody, broken};
use crate::file_name;
use crate::messages::upload as texts;
use crate::problem::{Kind, Problem, Result};

/// Bytes in which the head of a part must have come. Pieces of a body are as large as the buffer of a connection.
const HEAD: usize = 128 * 1024;
/// Most bytes of a part that the service reads itself.
pub(crate) const SMALL: usize = 1_000_000;

/// A multipart body.
pub(crate) struct Parts {
    multipart: Multipart<'static>,
    reason: BodyFault,
    /// Bytes that may still come before the next head is whole.
    head: Arc<AtomicUsize>,
}

/// A part of it.
pub(crate) struct Part {
    field: Field<'static>,
    reason: BodyFault,
}

/// A body that gives one piece each time it is asked in earnest.
struct Paced {
    body: LimitedBody,
    head: Arc<AtomicUsize>,
    rests: bool,
}

impl Stream for Paced {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if std::mem::take(&mut this.rests) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut this.body).poll_next(context);
        if let Poll::Ready(Some(Ok(piece))) = &polled {
            this.rests = true;
            let left = this.head.load(Ordering::Relaxed);
            let Some(left) = left.checked_sub(piece.len()) else {
                let long = Problem::new(Kind::TooLarge, &texts::LongHead);
                return Poll::Ready(Some(Err(this.body.reason().tell(long))));
            };
            if left < HEAD {
                this.head.store(left, Ordering::Relaxed);
            }
        }
        polled
    }
}

/// What a broken multipart body means to the client.
fn failed(reason: &BodyFault) -> impl Fn(multer::Error) -> Box<Problem> + '_ {
    move |error| match (reason.problem(), error) {
        (Some(problem), _) => problem,
        (None, multer::Error::IncompleteStream | multer::Error::IncompleteFieldData { .. }) => broken(),
        (None, _) => Problem::new(Kind::BadRequest, &texts::Unreadable),
    }
}

impl Parts {
    /// The parts of a body.
    pub(crate) fn new(body: LimitedBody, boundary: String) -> Self {
        let (reason, head) = (body.reason(), Arc::new(AtomicUsize::new(usize::MAX)));
        let paced = Paced { body, head: Arc::clone(&head), rests: false };
        Self { multipart: Multipart::new(paced, boundary), reason, head }
    }

    /// The next part.
    pub(crate) async fn next(&mut self) -> Result<Option<Part>> {
        self.head.store(HEAD, Ordering::Relaxed);
        let field = self.multipart.next_field().await.map_err(failed(&self.reason))?;
        self.head.store(usize::MAX, Ordering::Relaxed);
        Ok(field.map(|field| Part { field, reason: self.reason.clone() }))
    }
}

impl Part {
    /// Its name, which every part must have.
    pub(crate) fn name(&self) -> Result<String> {
        self.field.name().map(str::to_owned).ok_or_else(|| Problem::new(Kind::BadRequest, &texts::NoName))
    }

    /// Its file name.
    pub(crate) fn file_name(&self) -> Option<String> {
        file_name::of(self.field.headers())
    }

    /// The next bytes of it.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>> {
        self.field.chunk().await.map_err(failed(&self.reason))
    }

    /// All of it, to be passed on: the body's own bounds hold.
    pub(crate) async fn whole(mut self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// All of it, to be read by the service.
    ///
    /// # Errors
    /// [`Kind::TooLarge`] when it has more than [`SMALL`] bytes.
    pub(crate) async fn small(mut self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if all.len() + chunk.len() > SMALL {
                let name = self.name()?;
                return Err(Problem::new(
                    Kind::TooLarge,
                    &texts::LargePart { name: &name, kilobytes: &(SMALL / 1000) },
                ));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }
}
