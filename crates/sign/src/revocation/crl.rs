//! Certificate revocation lists (RFC 5280, 5).

use super::statement::Statement;
use crate::asn1::{
    self, BIT_STRING, BOOLEAN, Elements, GENERALIZED_TIME, INTEGER, Malformed, OCTET_STRING, SEQUENCE, Tlv, UTC_TIME,
    context,
};
use crate::certificate::Certificate;
use crate::crypto::Algorithm;
use crate::oids;

/// What a list says of a certificate, once its signature and its scope are checked. Indirect lists and lists of some
/// reasons alone are not taken.
pub(super) fn statement(der: &[u8], certificate: &Certificate, issuer: &Certificate) -> Result<Statement, Malformed> {
    let mut inside = asn1::whole(der)?.inside();
    let signed = inside.expect(SEQUENCE)?;
    let algorithm = Algorithm::parse(inside.next()?)?;
    let signature = inside.expect(BIT_STRING)?.bits()?;
    let mut list = signed.inside();
    list.optional(INTEGER)?;
    list.expect(SEQUENCE)?;
    if list.next()?.raw != issuer.subject() || certificate.issuer() != issuer.subject() || !issuer.may_sign_crls() {
        return Err(Malformed);
    }
    issuer.public_key()?.verify(algorithm, None, signed.raw, signature).map_err(|_| Malformed)?;
    let this_update = list.next()?.time()?;
    let next_update = match time(&mut list)? {
        Some(time) => Some(time.time()?),
        None => None,
    };
    let entries = list.optional(SEQUENCE)?;
    if let Some(extensions) = list.optional(context(0))? {
        check_scope(extensions.inside().expect(SEQUENCE)?.inside(), certificate)?;
    }
    let mut revoked = None;
    let mut entries = entries.map_or(Elements(&[]), Tlv::inside);
    while !entries.is_empty() {
        let mut entry = entries.next()?.inside();
        if entry.next()?.raw == certificate.serial() {
            revoked = Some(entry.next()?.time()?);
        }
    }
    Ok(Statement { revoked, this_update, next_update })
}

fn time<'a>(elements: &mut Elements<'a>) -> Result<Option<Tlv<'a>>, Malformed> {
    match elements.optional(UTC_TIME)? {
        Some(time) => Ok(Some(time)),
        None => elements.optional(GENERALIZED_TIME),
    }
}

/// Critical extensions must be understood; the issuing distribution point must not leave the certificate out.
fn check_scope(extensions: Elements<'_>, certificate: &Certificate) -> Result<(), Malformed> {
    for extension in extensions.all()? {
        let mut inside = extension.inside();
        let oid = inside.next()?.oid()?;
        let critical = inside.optional(BOOLEAN)?.is_some_and(|b| b.value != [0]);
        let value = inside.expect(OCTET_STRING)?.value;
        if oid == oids::ISSUING_DISTRIBUTION_POINT {
            let is_ca = certificate.authority().is_some();
            for part in asn1::whole(value)?.inside().all()? {
                match part.tag {
                    // The point's name.
                    0xA0 => {}
                    0x81 if !is_ca => {}
                    0x82 if is_ca => {}
                    _ => return Err(Malformed),
                }
            }
        } else if critical && oid != oids::CRL_NUMBER && oid != oids::AUTHORITY_KEY_IDENTIFIER {
            return Err(Malformed);
        }
    }
    Ok(())
}
