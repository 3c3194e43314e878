//! The stages in one go: signing to a level, and bringing signed files to a higher one.

use chrono::{DateTime, Utc};
use sigill_messages::Localize;
use sigill_orders::Level;

use crate::certificate::Certificate;
use crate::cms::{Cms, SignedAttributes, SignedData};
use crate::dss::{self, SecurityAddition};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::{Identity, Scheme, ordered};
use crate::messages::{certificate as texts, field, key, returned, timestamp, verified};
use crate::outside::{Outside, Request};
use crate::path::{self, CertificatePool};
use crate::pdf::{Pdf, fields};
use crate::prepare::{Entry, Prepared, fill, prepare, prepare_timestamp, ranges};
use crate::revocation::{self, Evidence};
use crate::strict;
use crate::tsp::{TimestampToken, timestamp};

/// The surroundings of signing.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The time.
    pub time: DateTime<Utc>,
    /// Address of the timestamp service; needed from level T on.
    pub tsa: Option<&'a str>,
    /// Certificates that paths end at; the self-issued ones of the chain when empty.
    pub trusted: &'a [Certificate],
    /// The world.
    pub outside: &'a dyn Outside,
}

impl Context<'_> {
    fn tsa(&self) -> Result<&str> {
        self.tsa.ok_or_else(|| Error::new(ErrorKind::Timestamp, &timestamp::NoService))
    }
}

/// Whether a certificate may be used for a signature at a time.
///
/// # Errors
/// When it is not for signatures, or (unless `force`) not valid then.
pub fn check_certificate(certificate: &Certificate, time: DateTime<Utc>, force: bool) -> Result<()> {
    if !certificate.may_sign() {
        return Err(Error::new(ErrorKind::Usage, &texts::Usage { name: &certificate.name() }));
    }
    if !force && !certificate.is_valid_at(time) {
        let (from, to) = (certificate.not_before().format("%Y-%m-%d"), certificate.not_after().format("%Y-%m-%d"));
        let expired = texts::Expired { name: &certificate.name(), from: &from, to: &to };
        return Err(Error::new(ErrorKind::Expired, &expired));
    }
    Ok(())
}

/// Signs a reserved field.
///
/// # Errors
/// When any stage fails; nothing comes out then.
pub fn sign(
    pdf: &[u8],
    entry: &Entry<'_>,
    identity: &Identity,
    level: Level,
    force: bool,
    context: &Context<'_>,
) -> Result<Vec<u8>> {
    check_certificate(identity.certificate(), context.time, force)?;
    if level > Level::B {
        context.tsa()?;
    }
    if !force && level < Level::Lt {
        let own = context.trusted.iter().chain(&identity.chain);
        refuse_revoked(identity.certificate(), own, context)?;
    }
    let digest = identity.signer.scheme().digest();
    let (file, prepared) = prepare(pdf, entry, digest, Some(identity.certificate()), context.time)?;
    let cms = Cms::sign(identity, prepared.attributes()?)?;
    finish(file, &prepared, cms, level, context)
}

/// Refuses a certificate that its issuer says is revoked, where that can be asked. A service that does not answer keeps
/// nobody from signing at the levels without evidence: those who verify ask again.
fn refuse_revoked<'c>(
    certificate: &Certificate,
    mut issuers: impl Iterator<Item = &'c Certificate>,
    context: &Context<'_>,
) -> Result<()> {
    let issued = |issuer: &&Certificate| {
        *issuer != certificate && certificate.may_be_from(issuer) && certificate.verify_by(issuer).is_ok()
    };
    let Some(issuer) = issuers.find(issued) else { return Ok(()) };
    let Ok(Some(found)) = revocation::fetch(certificate, issuer, context.time, context.outside) else { return Ok(()) };
    let revoked = found.evidence.about(certificate, issuer).into_iter().find_map(|s| s.revoked);
    match revoked.filter(|when| *when <= context.time) {
        Some(when) => {
            let revoked = texts::Revoked { name: &certificate.name(), time: &when.format("%Y-%m-%d %H:%M") };
            Err(Error::new(ErrorKind::Revocation, &revoked))
        }
        None => Ok(()),
    }
}

/// The last stages, from a signature to its level.
fn finish(file: Vec<u8>, prepared: &Prepared, mut cms: Cms, level: Level, context: &Context<'_>) -> Result<Vec<u8>> {
    if level > Level::B {
        cms.set_timestamp(timestamp(&[cms.signature()], context.tsa()?, context.time, context.outside)?);
    }
    let signed = prepared.embed(file, &cms)?;
    if level > Level::T { extend(&signed, level, context) } else { Ok(signed) }
}

/// What a signing service gave back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The raw signature.
    pub signature: Vec<u8>,
    /// The signer's certificate and its issuers', in any order.
    pub chain: Vec<Certificate>,
    /// The attributes that were signed, when the service altered them.
    pub attributes: Option<Vec<u8>>,
}

impl Returned {
    /// The same with the chain in order, in whichever it came: the signer's certificate is the one that issued none of
    /// the others.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        let issued = |c: &Certificate| self.chain.iter().any(|other| other != c && other.may_be_from(c));
        let own: Vec<usize> = (0..self.chain.len()).filter(|i| !issued(&self.chain[*i])).collect();
        if let [own] = own.as_slice() {
            self.chain = ordered(self.chain, *own);
        }
        self
    }
}

/// Completes a prepared file with a signature made elsewhere, after checking that it belongs there: the file is the
/// prepared one, the attributes are of this document and name the certificate, and its key signed them.
///
/// # Errors
/// When any of that does not hold.
pub fn complete(
    file: Vec<u8>,
    prepared: &Prepared,
    returned: Returned,
    level: Level,
    force: bool,
    context: &Context<'_>,
) -> Result<Vec<u8>> {
    prepared.check(&file)?;
    let returned = returned.in_order();
    let refused = |why: &dyn Localize| Err(Error::new(ErrorKind::Returned, why));
    let Some(certificate) = returned.chain.first() else {
        return refused(&returned::NoCertificate);
    };
    check_certificate(certificate, context.time, force)?;
    let own = prepared.attributes()?;
    let attributes = match &returned.attributes {
        Some(der) => SignedAttributes::from_der(der)?,
        None => own.clone(),
    };
    let digest = attributes.message_digest()?;
    if digest.is_none()
        || digest != own.message_digest()?
        || digest.map(|d| crate::crypto::hex(&d)).as_deref() != Some(&prepared.digest)
    {
        return refused(&returned::OtherDocument);
    }
    if !attributes.is_about(crate::oids::DATA) {
        return refused(&returned::NoContentType);
    }
    match attributes.names(certificate)? {
        Some(true) => {}
        Some(false) => return refused(&returned::OtherCertificate),
        None => return refused(&returned::UnnamedCertificate),
    }
    let scheme = Scheme::of_certificate(certificate)?;
    if scheme.digest() != prepared.digest_algorithm {
        return refused(&returned::OtherDigest);
    }
    // Addresses are asked only when someone trusted has named them.
    if !force && level < Level::Lt {
        refuse_revoked(certificate, context.trusted.iter(), context)?;
    }
    // RSA keys sign in two ways, and services seldom say which.
    let Returned { chain, signature, .. } = returned;
    let assembled = |scheme| Cms::assemble(scheme, chain.clone(), attributes.clone(), signature.clone());
    let mut attempts = scheme.possible().into_iter().map(assembled);
    let first = attempts.next().ok_or_else(|| Error::new(ErrorKind::KeyMismatch, &key::OtherKey))?;
    let cms = first.or_else(|error| attempts.find_map(Result::ok).ok_or(error))?;
    finish(file, prepared, cms, level, context)
}

/// Brings a signed file to LT or LTA, or renews an LTA file: evidence for every signature and timestamp in it, then
/// (LTA) a timestamp over all. A file without any timestamp gets one first.
///
/// # Errors
/// When evidence cannot be had, or says that a certificate is revoked.
pub fn extend(pdf: &[u8], level: Level, context: &Context<'_>) -> Result<Vec<u8>> {
    let mut file = pdf.to_vec();
    let signatures = signatures(&file)?;
    if signatures.is_empty() {
        return Err(Error::new(ErrorKind::FieldAbsent, &field::NotSigned));
    }
    // Each has a timestamp of its own, or one over the document after it.
    let after = |i: usize| signatures[i..].iter().any(|s| s.is_timestamp);
    let stamped = signatures.iter().enumerate().all(|(i, s)| !s.cms.timestamps.is_empty() || after(i));
    if !stamped {
        file = document_timestamp(&file, context)?;
    }
    if level >= Level::Lt {
        let additions = collect(&file, context)?;
        file = dss::add(&file, &additions)?;
    }
    if level >= Level::Lta {
        file = document_timestamp(&file, context)?;
    }
    Ok(file)
}

fn document_timestamp(pdf: &[u8], context: &Context<'_>) -> Result<Vec<u8>> {
    let (mut file, range) = prepare_timestamp(pdf)?;
    let parts = ranges(&file, range).ok_or_else(|| Error::pdf(&verified::RangeOutside))?;
    let token = timestamp(&parts, context.tsa()?, context.time, context.outside)?;
    fill(&mut file, range, &token)?;
    Ok(file)
}

struct Signed {
    content: Vec<u8>,
    cms: SignedData,
    is_timestamp: bool,
}

fn signatures(pdf: &[u8]) -> Result<Vec<Signed>> {
    let pdf = Pdf::load(pdf)?;
    let mut out = Vec::new();
    for field in fields::all(&pdf.document) {
        let Some(value) = field.value else { continue };
        let content = value.dictionary.get(b"Contents")?.as_str()?.to_vec();
        let cms = SignedData::parse(&content).map_err(|_| Error::pdf(&verified::NoCms))?;
        let kind = value.dictionary.get(b"SubFilter").and_then(lopdf::Object::as_name).unwrap_or_default();
        let end = value
            .dictionary
            .get(b"ByteRange")
            .and_then(lopdf::Object::as_array)
            .ok()
            .and_then(|r| Some(r.get(2)?.as_i64().ok()? + r.get(3)?.as_i64().ok()?));
        out.push((end, Signed { content, cms, is_timestamp: kind == b"ETSI.RFC3161" }));
    }
    out.sort_by_key(|(end, _)| *end);
    Ok(out.into_iter().map(|(_, s)| s).collect())
}

/// Evidence for every signature and timestamp of a file.
fn collect(pdf: &[u8], context: &Context<'_>) -> Result<Vec<SecurityAddition>> {
    let unpacked = strict::open(pdf)?;
    let store = dss::read(&unpacked.reading().newest());
    let signatures = signatures(pdf)?;
    let mut additions = Vec::new();
    for signed in signatures.iter().filter(|s| !store.has_entry(&s.content)) {
        let mut all = vec![&signed.cms];
        let tokens: Vec<TimestampToken> =
            signed.cms.timestamps.iter().filter_map(|t| TimestampToken::parse(t).ok()).collect();
        all.extend(tokens.iter().map(|t| &t.cms));
        let mut addition = SecurityAddition {
            signature: Some(signed.content.clone()),
            certificates: Vec::new(),
            evidence: Evidence::default(),
        };
        for cms in all {
            let mut pool = cms.certificates.clone();
            pool.extend(store.certificates.iter().cloned());
            let Some(certificate) = cms.signer_among(&pool) else { continue };
            gather(certificate, &pool, &mut addition, context)?;
        }
        additions.push(addition);
    }
    Ok(additions)
}

/// Adds a certificate's path and the evidence for each certificate of it, and for the responders of that evidence.
fn gather(
    certificate: &Certificate,
    pool: &[Certificate],
    addition: &mut SecurityAddition,
    context: &Context<'_>,
) -> Result<()> {
    let path = path_of(certificate, pool, context)?;
    for pair in path.windows(2) {
        let (certificate, issuer) = (&pair[0], &pair[1]);
        if certificate.has_extension(crate::oids::OCSP_NO_CHECK) {
            continue;
        }
        let missing = |why: &dyn Localize| Error::new(ErrorKind::Revocation, why);
        let found = revocation::fetch(certificate, issuer, context.time, context.outside)
            .map_err(|why| missing(&why))?
            .ok_or_else(|| missing(&texts::NoAddress { name: &certificate.name() }))?
            .evidence;
        if let Some(when) = found.about(certificate, issuer).iter().find_map(|s| s.revoked) {
            let time = when.format("%Y-%m-%d %H:%M");
            return Err(missing(&texts::Revoked { name: &certificate.name(), time: &time }));
        }
        let responders = found.responders();
        addition.evidence.add(found);
        for responder in responders {
            if responder != *issuer && !addition.certificates.contains(&responder) {
                addition.certificates.push(responder.clone());
                if !responder.has_extension(crate::oids::OCSP_NO_CHECK) {
                    let mut wider = pool.to_vec();
                    wider.extend(path.iter().cloned());
                    gather(&responder, &wider, addition, context)?;
                }
            }
        }
    }
    for certificate in path {
        if !addition.certificates.contains(&certificate) {
            addition.certificates.push(certificate);
        }
    }
    Ok(())
}

/// The path of a certificate; issuers that are missing are fetched from where the certificates say they are.
fn path_of(certificate: &Certificate, pool: &[Certificate], context: &Context<'_>) -> Result<Vec<Certificate>> {
    let mut others = pool.to_vec();
    for _ in 0..4 {
        let own: Vec<_> = others.iter().filter(|c| c.is_self_issued()).cloned().collect();
        let trusted = if context.trusted.is_empty() { own.as_slice() } else { context.trusted };
        if let Ok(path) = path::build(certificate, CertificatePool { trusted, others: &others }) {
            return Ok(path);
        }
        let wanted = others.iter().chain([certificate]).flat_map(|c| c.issuer_addresses()).collect::<Vec<_>>();
        let before = others.len();
        for address in wanted {
            let request = Request { address: &address, body: None, content_type: "", accept: "application/pkix-cert" };
            let fetched = context.outside.fetch(&request).ok().and_then(|der| Certificate::from_der(&der).ok());
            others.extend(fetched.filter(|c| !others.contains(c)));
        }
        if others.len() == before {
            break;
        }
    }
    Err(Error::new(ErrorKind::Revocation, &texts::Chain { name: &certificate.name() }))
}
