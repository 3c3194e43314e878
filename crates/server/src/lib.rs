//! The HTTP service of Sigill: documents, packs, signatures, and the web page that uses them.
//!
//! The service takes requests in, keeps jobs, and knows who may do what. Documents and PDFs are read by worker
//! processes alone ([`protocol`]), so that one made to bring a reader down takes its worker with it and nothing else.

mod accept;
pub mod access;
mod app;
mod body;
mod catalog;
mod clock;
pub mod config;
mod documents;
mod etag;
pub mod jobs;
pub mod language;
mod listen;
mod metrics;
mod openapi;
mod operations;
mod pack_handler;
mod packs;
mod page;
pub mod pool;
pub mod problem;
pub mod protocol;
mod serve;
pub mod signatures;
mod upload;

pub use app::description;
pub use config::Config;
pub use serve::{Workers, serve};
