//! Worker processes: what may take too much time or memory, or bring its process down, is done in one.
//!
//! A worker is a program that calls [`serve`]. Whoever orders work starts it from a [`Spec`], one at a time or through a
//! [`Pool`]. The two speak in frames: a line of JSON that announces blobs, then the blobs. Each order gets any number of
//! progress messages and one answer. What orders mean is their owner's: this crate is generic over a [`Protocol`].
//!
//! **A worker ends with whoever started it.** Its standard input is held open by its owner; a thread of the worker reads
//! it all the time and ends the process at once when it closes in the middle of an order. That needs no `unsafe`, works
//! on every system, knows no race between start and watch, and goes on down: a worker that is killed closes the input of
//! the workers it started. Linux' own signal (`PR_SET_PDEATHSIG`) comes when the *thread* ends that started the process,
//! and threads of pools and runtimes end all the time.
//!
//! ```
//! use sigill_work::frame;
//!
//! let mut wire = Vec::new();
//! frame::send(&mut wire, &"render", &[b"{}".as_slice()])?;
//! let received = frame::receive::<String>(&mut wire.as_slice())?.expect("a frame");
//! assert_eq!((received.message.as_str(), received.blobs), ("render", vec![b"{}".to_vec()]));
//! # Ok::<(), std::io::Error>(())
//! ```

#[cfg(feature = "tokio")]
pub mod asynchronous;
pub mod frame;
mod limits;
mod parallel;
mod pool;
mod serve;
mod spec;
#[cfg(feature = "tokio")]
mod turns;
mod worker;

pub use frame::Frame;
pub use limits::Limits;
pub use parallel::in_parallel;
pub use pool::Pool;
pub use serve::{Handler, serve};
pub use spec::{Environment, Errors, Program, Protocol, Spec};
pub use worker::{Failure, Worker};
