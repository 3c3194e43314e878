//! OCSP (RFC 6960).

use sigill_messages::{Localize, Texts};

use super::statement::Statement;
use crate::asn1::{
    self, BIT_STRING, ENUMERATED, GENERALIZED_TIME, INTEGER, Malformed, NULL, OCTET_STRING, SEQUENCE, Tlv, context,
    nest, tlv,
};
use crate::certificate::Certificate;
use crate::crypto::{Algorithm, Digest, sha1};
use crate::messages::certificate as texts;
use crate::oids;

/// Asks about one certificate. Without a nonce: responders that answer from prepared responses refuse it (RFC 5019).
pub(super) fn request(certificate: &Certificate, issuer: &Certificate) -> Vec<u8> {
    let key = issuer.public_key().map(|k| sha1(k.bits)).unwrap_or_default();
    let id = nest(
        SEQUENCE,
        &[
            &nest(SEQUENCE, &[&asn1::oid(oids::SHA1), NULL]),
            &tlv(OCTET_STRING, &sha1(issuer.subject())),
            &tlv(OCTET_STRING, &key),
            certificate.serial(),
        ],
    );
    let list = nest(SEQUENCE, &[&nest(SEQUENCE, &[&id])]);
    nest(SEQUENCE, &[&nest(SEQUENCE, &[&list])])
}

/// A `BasicOCSPResponse`, in parts.
struct Basic<'a> {
    data: Tlv<'a>,
    algorithm: Tlv<'a>,
    signature: &'a [u8],
    certificates: Vec<Certificate>,
}

fn basic(der: &[u8]) -> Result<Basic<'_>, Malformed> {
    let mut inside = asn1::whole(der)?.inside();
    if inside.expect(ENUMERATED)?.value != [0] {
        return Err(Malformed);
    }
    let mut bytes = inside.expect(context(0))?.inside().expect(SEQUENCE)?.inside();
    if bytes.next()?.oid()? != oids::OCSP_BASIC {
        return Err(Malformed);
    }
    let mut response = asn1::whole(bytes.expect(OCTET_STRING)?.value)?.inside();
    let data = response.expect(SEQUENCE)?;
    let algorithm = response.expect(SEQUENCE)?;
    let signature = response.expect(BIT_STRING)?.bits()?;
    let mut certificates = Vec::new();
    if let Some(explicit) = response.optional(context(0))? {
        for certificate in explicit.inside().expect(SEQUENCE)?.inside().all()? {
            certificates.push(Certificate::from_der(certificate.raw)?);
        }
    }
    Ok(Basic { data, algorithm, signature, certificates })
}

/// The certificates sent with a response.
pub(super) fn certificates(der: &[u8]) -> Result<Vec<Certificate>, Malformed> {
    Ok(basic(der)?.certificates)
}

/// What a response says of a certificate, once its signature and its signer's right to speak are checked (RFC 6960,
/// 3.2 and 4.2.2.2).
pub(super) fn statement(der: &[u8], certificate: &Certificate, issuer: &Certificate) -> Result<Statement, Malformed> {
    let response = basic(der)?;
    let algorithm = Algorithm::parse(response.algorithm)?;
    let signed_by = |signer: &Certificate| {
        let key = signer.public_key().map_err(|_| ())?;
        key.verify(algorithm, None, response.data.raw, response.signature).map_err(|_| ())
    };
    let mut data = response.data.inside();
    data.optional(context(0))?;
    let responder = data.next()?;
    let produced = data.expect(GENERALIZED_TIME)?.time()?;
    let is_named = |c: &Certificate| match responder.tag {
        0xA1 => responder.value == c.subject(),
        0xA2 => {
            let hash = responder.inside().expect(OCTET_STRING).map(|h| h.value);
            let key = c.public_key().map(|k| sha1(k.bits));
            matches!((hash, key), (Ok(hash), Ok(key)) if hash == key)
        }
        _ => false,
    };
    let appointed = |c: &Certificate| {
        is_named(c)
            && c.may_be_from(issuer)
            && c.extended_usage().is_some_and(|u| u.contains(&oids::OCSP_SIGNING))
            && c.is_valid_at(produced)
            && c.is_understood()
            && c.verify_by(issuer).is_ok()
            && signed_by(c).is_ok()
    };
    let direct = is_named(issuer) && signed_by(issuer).is_ok();
    if !direct && !response.certificates.iter().any(appointed) {
        return Err(Malformed);
    }
    for single in data.expect(SEQUENCE)?.inside().all()? {
        let mut single = single.inside();
        if !is_about(single.expect(SEQUENCE)?, certificate, issuer)? {
            continue;
        }
        let status = single.next()?;
        let revoked = match status.tag {
            0x80 => None,
            0xA1 => Some(status.inside().expect(GENERALIZED_TIME)?.time()?),
            _ => return Err(Malformed),
        };
        let this_update = single.expect(GENERALIZED_TIME)?.time()?;
        let next_update = match single.optional(context(0))? {
            Some(explicit) => Some(explicit.inside().expect(GENERALIZED_TIME)?.time()?),
            None => None,
        };
        return Ok(Statement { revoked, this_update, next_update });
    }
    Err(Malformed)
}

/// Why an answer about a certificate does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is no answer.
    Broken,
    /// It speaks of other certificates alone.
    OtherCertificate,
    /// The one who signed it was not appointed by the issuer, or was so no longer.
    Signer,
    /// Its signature is wrong.
    Signature,
}

impl Flaw {
    pub(super) fn words(self, name: &str) -> Texts {
        let name = &name;
        let words: &dyn Localize = match self {
            Self::Broken => &texts::OcspBroken { name },
            Self::OtherCertificate => &texts::OcspOther { name },
            Self::Signer => &texts::OcspSigner { name },
            Self::Signature => &texts::OcspSignature { name },
        };
        Texts::of(words)
    }
}

/// Why a response does not count for a certificate, when it does not.
pub(super) fn flaw(der: &[u8], certificate: &Certificate, issuer: &Certificate) -> Option<Flaw> {
    if statement(der, certificate, issuer).is_ok() {
        return None;
    }
    let Ok(response) = basic(der) else { return Some(Flaw::Broken) };
    if !speaks_of(&response, certificate, issuer).unwrap_or(false) {
        return Some(Flaw::OtherCertificate);
    }
    let signed = |signer: &Certificate| {
        let algorithm = Algorithm::parse(response.algorithm).map_err(|_| ())?;
        let key = signer.public_key().map_err(|_| ())?;
        key.verify(algorithm, None, response.data.raw, response.signature).map_err(|_| ())
    };
    let any = response.certificates.iter().chain([issuer]).any(|c| signed(c).is_ok());
    Some(if any { Flaw::Signer } else { Flaw::Signature })
}

/// Whether one of the answers in a response is about a certificate.
fn speaks_of(response: &Basic<'_>, certificate: &Certificate, issuer: &Certificate) -> Result<bool, Malformed> {
    let mut data = response.data.inside();
    data.optional(context(0))?;
    data.next()?;
    data.expect(GENERALIZED_TIME)?;
    for single in data.expect(SEQUENCE)?.inside().all()? {
        if is_about(single.inside().expect(SEQUENCE)?, certificate, issuer)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a `CertID` is this certificate's.
fn is_about(id: Tlv<'_>, certificate: &Certificate, issuer: &Certificate) -> Result<bool, Malformed> {
    let mut id = id.inside();
    let oid = Algorithm::parse(id.next()?)?.oid;
    let hash = |data: &[u8]| match Digest::from_oid(oid) {
        Some(digest) => digest.of(data),
        None if oid == oids::SHA1 => sha1(data),
        None => Vec::new(),
    };
    let name = id.expect(OCTET_STRING)?.value == hash(issuer.subject());
    let key = id.expect(OCTET_STRING)?.value == hash(issuer.public_key()?.bits);
    Ok(name && key && id.expect(INTEGER)?.raw == certificate.serial())
}
