//! Timestamps (RFC 3161; ETSI EN 319 422).

use chrono::{DateTime, TimeDelta, Utc};
use sigill_messages::Localize;

use crate::asn1::{self, BOOLEAN, GENERALIZED_TIME, INTEGER, Malformed, OCTET_STRING, SEQUENCE, nest, tlv, unsigned};
use crate::certificate::Certificate;
use crate::cms::{SignedData, imprint};
use crate::crypto::{Algorithm, Digest};
use crate::error::{Error, ErrorKind, Result};
use crate::messages::timestamp;
use crate::oids;
use crate::outside::{Outside, Request};

/// A timestamp token as read.
#[derive(Debug, Clone)]
pub(crate) struct TimestampToken {
    pub(crate) cms: SignedData,
    /// When the service says that what it stamped existed.
    pub(crate) time: DateTime<Utc>,
    digest: Option<Digest>,
    imprint: Vec<u8>,
    nonce: Option<Vec<u8>>,
}

/// The fault for which a timestamp token does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// It is of other data.
    Imprint,
    /// Its service's certificate is missing, is not the one named, or is not for timestamps.
    Certificate,
    /// Its signature or digest is wrong.
    Signature,
}

impl TimestampToken {
    pub(crate) fn parse(bytes: &[u8]) -> std::result::Result<Self, Malformed> {
        let cms = SignedData::parse(bytes)?;
        if cms.content_type != oids::TST_INFO {
            return Err(Malformed);
        }
        let content = cms.content.clone().ok_or(Malformed)?;
        let mut info = asn1::whole(&content)?.inside();
        info.expect(INTEGER)?;
        info.next()?.oid()?;
        let mut stamped = info.expect(SEQUENCE)?.inside();
        let digest = Digest::from_oid(Algorithm::parse(stamped.next()?)?.oid);
        let hash = stamped.expect(OCTET_STRING)?.value.to_vec();
        info.expect(INTEGER)?;
        let time = info.expect(GENERALIZED_TIME)?.time()?;
        info.optional(SEQUENCE)?;
        info.optional(BOOLEAN)?;
        let nonce = info.optional(INTEGER)?.map(|n| n.raw.to_vec());
        Ok(Self { cms, time, digest, imprint: hash, nonce })
    }

    /// Checks everything but trust: what was stamped, the signature, and that the certificate is for timestamps. Gives
    /// the service's certificate.
    pub(crate) fn check<'a>(
        &'a self,
        stamped: &[&[u8]],
        others: &'a [Certificate],
    ) -> std::result::Result<&'a Certificate, TokenFault> {
        let digest = self.digest.ok_or(TokenFault::Imprint)?;
        if digest.of_parts(stamped) != self.imprint {
            return Err(TokenFault::Imprint);
        }
        let certificate = self.cms.signer_among(others).ok_or(TokenFault::Certificate)?;
        let attributes = self.cms.attributes.as_ref().ok_or(TokenFault::Signature)?;
        let content = self.cms.content.as_deref().ok_or(TokenFault::Signature)?;
        let expected = self.cms.digest.map(|d| d.of(content));
        let held = attributes.message_digest().map_err(|_| TokenFault::Signature)?;
        if held.is_none() || held != expected || !attributes.is_about(oids::TST_INFO) {
            return Err(TokenFault::Signature);
        }
        self.cms.verify_signature(certificate).map_err(|_| TokenFault::Signature)?;
        if attributes.names(certificate) != Ok(Some(true)) || !certificate.may_timestamp() {
            return Err(TokenFault::Certificate);
        }
        Ok(certificate)
    }
}

/// How far the clock of a timestamp service may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Asks a service at a time for a timestamp over `data` and checks the answer: status, imprint, nonce, signature, usage,
/// the validity of the service's certificate, and that its time has come.
///
/// # Errors
/// When the service cannot be reached or answers something else than it was asked.
pub fn timestamp(data: &[&[u8]], address: &str, time: DateTime<Utc>, outside: &dyn Outside) -> Result<Vec<u8>> {
    let digest = Digest::Sha256;
    let nonce = unsigned(&outside.random()?);
    let body =
        nest(SEQUENCE, &[&unsigned(&[1]), &imprint(digest, &digest.of_parts(data)), &nonce, &tlv(BOOLEAN, &[0xFF])]);
    let answer = outside.fetch(&Request {
        address,
        body: Some(&body),
        content_type: "application/timestamp-query",
        accept: "application/timestamp-reply",
    })?;
    let refused =
        |reason: &dyn Localize| Error::new(ErrorKind::Timestamp, &timestamp::Refused { address: &address, reason });
    let token = token_in(&answer).map_err(|_| refused(&timestamp::NoReply))?;
    let Some(token) = token else {
        return Err(refused(&timestamp::NotGranted));
    };
    let read = TimestampToken::parse(&token).map_err(|_| refused(&timestamp::Broken))?;
    if read.nonce.as_deref() != Some(&nonce) {
        return Err(refused(&timestamp::Nonce));
    }
    let certificate = read.check(data, &[]).map_err(|flaw| match flaw {
        TokenFault::Imprint => refused(&timestamp::Imprint),
        TokenFault::Certificate => refused(&timestamp::Certificate),
        TokenFault::Signature => refused(&timestamp::Signature),
    })?;
    if !certificate.is_valid_at(read.time) {
        return Err(refused(&timestamp::Time));
    }
    // A file with a time that has not come does not verify before it does.
    if read.time > time + AHEAD {
        let shown = read.time.format("%Y-%m-%d %H:%M:%S");
        return Err(refused(&timestamp::Ahead { time: &shown }));
    }
    Ok(token)
}

/// The token of a `TimeStampResp`, when it was granted.
fn token_in(answer: &[u8]) -> std::result::Result<Option<Vec<u8>>, Malformed> {
    let mut inside = asn1::whole(answer)?.inside();
    let status = inside.expect(SEQUENCE)?.inside().expect(INTEGER)?.value;
    let token = inside.optional(SEQUENCE)?.map(|t| t.raw.to_vec());
    // 0 granted, 1 granted with changes.
    Ok(if matches!(status, [0] | [1]) { token } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_no_token() {
        let refusal = nest(SEQUENCE, &[&nest(SEQUENCE, &[&unsigned(&[2])])]);
        assert_eq!(token_in(&refusal), Ok(None));
        assert_eq!(token_in(b"<html>"), Err(Malformed));
    }
}
