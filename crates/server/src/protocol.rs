//! What the service orders of its worker processes. It reads no document and no PDF itself: what a made-up file can
//! bring down is a worker.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
pub use sigill_orders::Progress;
use sigill_orders::{Answer, Order, Settings, UnknownChoice};
use sigill_work::{Protocol, Spec};

use crate::messages::request;
use crate::problem::{Kind, Problem, Result};

/// The types the service and its workers speak in.
pub struct ServiceProtocol;

impl Protocol for ServiceProtocol {
    type Settings = Settings;
    type Order = Order;
    type Progress = Progress;
    type Answer = Answer;
}

/// How workers of the service are started.
pub type WorkerSpec = Spec<ServiceProtocol>;

/// How a pack is made, as clients say it; fields as of `sigill pack`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PackOptions)]
pub struct PackJobOptions {
    /// `archive` (default) or `reading`.
    #[schema(nullable = false)]
    pub copy: Option<String>,
    /// `full` (default) or `offentlig`.
    #[schema(nullable = false)]
    pub edition: Option<String>,
    /// Whether an unreadable bilaga becomes a page that says so.
    pub keep_going: bool,
    /// Profile instead of the documents' own.
    pub profile: Option<String>,
    /// Signature blocks that become fields: `digital` (default), `all`, `none`.
    pub reserve: Option<String>,
}

impl PackJobOptions {
    /// As workers are ordered.
    ///
    /// # Errors
    /// When a choice is none there is.
    pub fn chosen(&self) -> Result<sigill_orders::PackOptions> {
        Ok(sigill_orders::PackOptions {
            copy: choice(self.copy.as_deref(), "options.copy")?,
            edition: choice(self.edition.as_deref(), "options.edition")?,
            keep_going: self.keep_going,
            profile: self.profile.clone(),
            reserve: choice(self.reserve.as_deref(), "options.reserve")?,
        })
    }
}

/// The choice that a client's word stands for; the default when it says none.
pub(crate) fn choice<T: FromStr<Err = UnknownChoice> + Default>(named: Option<&str>, key: &str) -> Result<T> {
    let chosen = named.map(str::parse::<T>).transpose();
    chosen
        .map(Option::unwrap_or_default)
        .map_err(|choices| Problem::new(Kind::BadRequest, &request::Choice { key: &key, choices: &choices }))
}
