//! Timestamp and revocation services over HTTP, with bounds on sizes and times.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use sigill_messages::{Localize, Texts};
use sigill_sign::{Outside, Request, Result, unreachable};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use crate::messages::service as texts;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest wait for a connection.
const CONNECTION: Duration = Duration::from_secs(5);
/// Largest answer; the largest lists of revoked certificates in use have a few megabytes.
const MAX_ANSWER: u64 = 32 * 1024 * 1024;

/// The services of the world.
pub(crate) struct Http(Agent);

impl Http {
    /// A client that trusts the certificates this machine trusts.
    pub(crate) fn new() -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        // The certificates this machine trusts: services may be within the house.
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(CONNECTION))
            .max_redirects(3)
            .user_agent(concat!("sigill/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls);
        Self(config.build().into())
    }
}

impl Outside for Http {
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        let answer = match request.body {
            Some(body) => self
                .0
                .post(request.address)
                .header("Content-Type", request.content_type)
                .header("Accept", request.accept)
                .send(body),
            None => self.0.get(request.address).header("Accept", request.accept).call(),
        };
        answer
            .and_then(|mut a| a.body_mut().with_config().limit(MAX_ANSWER).read_to_vec())
            .map_err(|e| unreachable(request.address, reason(&e).as_ref()))
    }
}

/// Why a service did not answer, in words.
fn reason(error: &ureq::Error) -> Box<dyn Localize> {
    match error {
        ureq::Error::StatusCode(status) => Box::new(Texts::of(&texts::Status { status })),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Box::new(texts::Address),
        ureq::Error::Timeout(_) => Box::new(texts::Timeout),
        ureq::Error::HostNotFound => Box::new(texts::Unknown),
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => Box::new(texts::Redirects),
        ureq::Error::BodyExceedsLimit(_) => Box::new(texts::TooLarge),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Box::new(texts::Tls),
        ureq::Error::Io(e) => match e.kind() {
            ErrorKind::ConnectionRefused => Box::new(texts::Refused),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Box::new(texts::Timeout),
            ErrorKind::InvalidData => Box::new(texts::Tls),
            _ => Box::new(texts::Broken),
        },
        _ => Box::new(texts::Broken),
    }
}
