//! Whether certificates were revoked: OCSP (RFC 6960) and CRLs (RFC 5280, 5).

mod crl;
mod ocsp;
mod statement;

use chrono::{DateTime, Utc};
use sigill_messages::Texts;

use crate::certificate::Certificate;
use crate::messages::certificate as texts;
use crate::outside::{Outside, Request};
pub(crate) use statement::Statement;

/// Evidence at hand, in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) ocsps: Vec<Vec<u8>>,
}

impl Evidence {
    /// What the evidence says of a certificate, signed by its issuer or whom the issuer appointed.
    pub(crate) fn about(&self, certificate: &Certificate, issuer: &Certificate) -> Vec<Statement> {
        let responses = self.ocsps.iter().filter_map(|der| ocsp::statement(der, certificate, issuer).ok());
        let lists = self.crls.iter().filter_map(|der| crl::statement(der, certificate, issuer).ok());
        responses.chain(lists).collect()
    }

    /// Answers about a certificate that do not count, and why.
    pub(crate) fn rejected(&self, certificate: &Certificate, issuer: &Certificate) -> Vec<Texts> {
        let name = certificate.name();
        let told = self.ocsps.iter().filter_map(|der| ocsp::flaw(der, certificate, issuer));
        told.filter(|flaw| *flaw != ocsp::Flaw::OtherCertificate).map(|flaw| flaw.words(&name)).collect()
    }

    /// The certificates that OCSP responders sent of themselves.
    pub(crate) fn responders(&self) -> Vec<Certificate> {
        self.ocsps.iter().filter_map(|der| ocsp::certificates(der).ok()).flatten().collect()
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (mine, theirs) in [(&mut self.crls, other.crls), (&mut self.ocsps, other.ocsps)] {
            for item in theirs {
                if !mine.contains(&item) {
                    mine.push(item);
                }
            }
        }
    }
}

/// Evidence that was fetched, and what is to be said of answers that were not taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fetched {
    pub(crate) evidence: Evidence,
    pub(crate) rejected: Vec<Texts>,
}

/// Fetches evidence about a certificate: OCSP first, then a CRL. Only evidence that speaks of this certificate, is
/// rightly signed and fresh at `time` is taken. `Ok(None)` when the certificate names no service; otherwise the last
/// reason why none would do.
pub(crate) fn fetch(
    certificate: &Certificate,
    issuer: &Certificate,
    time: DateTime<Utc>,
    outside: &dyn Outside,
) -> Result<Option<Fetched>, Texts> {
    let mut last = None;
    let mut rejected = Vec::new();
    let unusable = |address: &str| Texts::of(&texts::NoAnswer { address: &address, name: &certificate.name() });
    let fresh = |s: &Statement| s.this_update <= time + chrono::Duration::minutes(5) && s.covers(time);
    for address in certificate.ocsp_addresses() {
        let question = ocsp::request(certificate, issuer);
        let answer = outside.fetch(&Request {
            address: &address,
            body: Some(&question),
            content_type: "application/ocsp-request",
            accept: "application/ocsp-response",
        });
        match answer {
            Ok(der) if ocsp::statement(&der, certificate, issuer).is_ok_and(|s| fresh(&s)) => {
                let evidence = Evidence { ocsps: vec![der], ..Evidence::default() };
                return Ok(Some(Fetched { evidence, rejected }));
            }
            Ok(der) => {
                let flaw = ocsp::flaw(&der, certificate, issuer).map(|flaw| flaw.words(&certificate.name()));
                last = Some(flaw.clone().unwrap_or_else(|| unusable(&address)));
                rejected.extend(flaw);
            }
            Err(e) => last = Some(e.message),
        }
    }
    for address in certificate.crl_addresses() {
        let answer =
            outside.fetch(&Request { address: &address, body: None, content_type: "", accept: "application/pkix-crl" });
        match answer {
            Ok(der) if crl::statement(&der, certificate, issuer).is_ok_and(|s| fresh(&s)) => {
                let evidence = Evidence { crls: vec![der], ..Evidence::default() };
                return Ok(Some(Fetched { evidence, rejected }));
            }
            Ok(_) => last = Some(unusable(&address)),
            Err(e) => last = Some(e.message),
        }
    }
    match last {
        Some(reason) => Err(reason),
        None => Ok(None),
    }
}
