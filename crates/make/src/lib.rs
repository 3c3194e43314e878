//! What every shell of Sigill does: render, pack, sign and verify, as functions over one engine, and the same in worker
//! processes.
//!
//! A process has one [`engine::LazyEngine`], made of its settings when it is first needed, and hands it to everything:
//! what is offered by one function is known to all. [`worker::Maker`] carries out orders in a worker process with these
//! same functions; [`processes::Processes`] says how such a process is started.
//!
//! ```
//! use sigill_make::engine::LazyEngine;
//! use sigill_make::orders::{DocumentOptions, Settings};
//! use sigill_make::render;
//!
//! let engine = LazyEngine::new(Settings::default());
//! let model = br#"{"kind": "dokument", "dokumentsort": "Rutin"}"#;
//! let (report, rendered) =
//!     render::report(engine.get()?, "rutin.json", model, ".".into(), &DocumentOptions::default());
//! assert!(report.errors && rendered.is_none());
//! # Ok::<(), sigill_make::Error>(())
//! ```

pub mod certificates;
pub mod engine;
mod error;
pub mod files;
mod http;
mod messages;
pub mod pack;
pub mod processes;
mod readers;
pub mod render;
mod reserve;
pub mod show;
pub mod sign;
mod swedish_time;
pub mod verify;
pub mod worker;

pub use error::Error;
pub use sigill_orders as orders;
