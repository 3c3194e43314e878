//! The HTTP service of Sigill: documents, packs, signatures, and the web page that uses them.
//!
//! The service takes requests in, keeps jobs, and knows who may do what. Documents and PDFs are read by worker
//! processes alone ([`protocol`]), so that one made to bring a reader down takes its worker with it and nothing else.
//!
//! ```
//! use std::path::Path;
//!
//! use sigill_server::{Config, Workers, serve};
//!
//! /// Serves on loopback until `stop`, with workers that somebody else provides.
//! async fn run(workers: Workers, stop: impl Future<Output = ()>) -> Result<(), String> {
//!     let config = Config::read("listen = \"127.0.0.1:0\"", Path::new("."))?;
//!     serve(config, workers, |address| println!("http://{address}"), stop).await
//! }
//!
//! // A key that is misspelt is an error, never a default.
//! assert!(Config::read("lisen = \"127.0.0.1:0\"", Path::new(".")).is_err());
//! ```

mod accept;
pub mod access;
mod app;
mod asset;
mod body;
mod budget;
mod catalog;
mod clock;
pub mod config;
mod documents;
mod etag;
mod file_name;
pub mod jobs;
mod kinds;
mod language;
pub mod lines;
mod listen;
mod messages;
mod metrics;
mod openapi;
mod operations;
mod origin;
mod pack_handler;
mod packs;
mod page;
mod parts;
mod paths;
mod peers;
mod pool;
pub mod problem;
pub mod protocol;
mod random;
mod serve;
pub mod signatures;
mod stall;
mod state;
mod upload;
mod verification;
mod weight;

pub use app::description;
pub use config::Config;
pub use serve::{Workers, serve};
