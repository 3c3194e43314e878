//! What the crate needs from the world: services over HTTP, and randomness. The clock is a parameter.

use sigill_messages::Localize;

use crate::error::{Error, ErrorKind, Result};
use crate::messages::service;
use crate::shown::shown;

/// A question to a service.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where to.
    pub address: &'a str,
    /// What to send; with none, the address is read.
    pub body: Option<&'a [u8]>,
    /// What the body is.
    pub content_type: &'static str,
    /// What the answer should be.
    pub accept: &'static str,
}

/// Services and randomness. Whoever implements it caps sizes and times.
pub trait Outside {
    /// The body of the answer to an HTTP request.
    ///
    /// # Errors
    /// When the service cannot be reached or answers with an error.
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>>;

    /// Random bytes for the nonce of a timestamp request.
    ///
    /// # Errors
    /// When there is no randomness to be had.
    fn random(&self) -> Result<[u8; 16]> {
        let mut bytes = [0; 16];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::new(ErrorKind::Outside, &service::NoRandomness))?;
        Ok(bytes)
    }
}

/// No services at all.
#[derive(Debug, Clone, Copy)]
pub struct Offline;

impl Outside for Offline {
    fn fetch(&self, request: &Request<'_>) -> Result<Vec<u8>> {
        Err(unreachable(request.address, &service::Offline))
    }
}

/// The error of a service that did not answer.
pub fn unreachable(address: &str, why: &dyn Localize) -> Error {
    Error::new(ErrorKind::Outside, &service::Silent { address: &shown(address), reason: why })
}
