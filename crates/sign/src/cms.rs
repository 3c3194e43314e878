//! The signature itself: CMS SignedData (RFC 5652) as CAdES uses it in PDF (ETSI EN 319 142-1, 5.3).

use der::asn1::ObjectIdentifier as Oid;

use crate::asn1::{
    self, Elements, INTEGER, Malformed, NULL, OCTET_STRING, SEQUENCE, SET, Tlv, context, nest, set_of, tlv,
};
use crate::certificate::Certificate;
use crate::crypto::{Algorithm, BadSignature, Digest};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::{Identity, Scheme};
use crate::messages::key;
use crate::oids;

/// What is signed: the DER `SET OF Attribute` whose bytes the key signs (RFC 5652, 5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
}

impl SignedAttributes {
    /// Content type, digest of the document, and which certificate signs (ESSCertIDv2, RFC 5035). No signing time: a
    /// PDF says it in the signature dictionary (ETSI EN 319 142-1, 5.3).
    pub fn new(document_digest: &[u8], certificate: Option<&Certificate>) -> Self {
        let attribute = |oid, value: &[u8]| nest(SEQUENCE, &[&asn1::oid(oid), &tlv(SET, value)]);
        let mut all = vec![
            attribute(oids::CONTENT_TYPE, &asn1::oid(oids::DATA)),
            attribute(oids::MESSAGE_DIGEST, &tlv(OCTET_STRING, document_digest)),
        ];
        if let Some(certificate) = certificate {
            let names = nest(SEQUENCE, &[&tlv(context(4), certificate.issuer())]);
            let issuer = nest(SEQUENCE, &[&names, certificate.serial()]);
            // SHA-256 is the default and therefore left out.
            let id = nest(SEQUENCE, &[&tlv(OCTET_STRING, &certificate.fingerprint()), &issuer]);
            all.push(attribute(oids::SIGNING_CERTIFICATE_V2, &nest(SEQUENCE, &[&nest(SEQUENCE, &[&id])])));
        }
        Self { der: set_of(all) }
    }

    /// Takes attributes as they came, without encoding them again.
    ///
    /// # Errors
    /// When they are not a DER set of attributes, each once.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        let attributes = Self { der: der.to_vec() };
        let mut seen = Vec::new();
        for (oid, _) in attributes.all()? {
            if seen.contains(&oid) {
                return Err(Malformed.into());
            }
            seen.push(oid);
        }
        Ok(attributes)
    }

    /// The bytes that the key signs.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The same as a set in DER.
    fn sorted(&self) -> std::result::Result<Vec<u8>, Malformed> {
        let all = asn1::whole(&self.der)?.inside().all()?;
        Ok(set_of(all.iter().map(|attribute| attribute.raw.to_vec()).collect()))
    }

    fn all(&self) -> std::result::Result<Vec<(Oid, Tlv<'_>)>, Malformed> {
        let set = asn1::whole(&self.der)?;
        if set.tag != SET {
            return Err(Malformed);
        }
        attributes(set.inside())
    }

    /// The one value of an attribute.
    pub(crate) fn get(&self, oid: Oid) -> std::result::Result<Option<Tlv<'_>>, Malformed> {
        let mut found = self.all()?.into_iter().filter(|(o, _)| *o == oid);
        let Some((_, values)) = found.next() else { return Ok(None) };
        match (values.inside().all()?.as_slice(), found.next()) {
            ([value], None) => Ok(Some(*value)),
            _ => Err(Malformed),
        }
    }

    /// The digest of the document that they hold.
    pub(crate) fn message_digest(&self) -> std::result::Result<Option<Vec<u8>>, Malformed> {
        match self.get(oids::MESSAGE_DIGEST)? {
            Some(value) if value.tag == OCTET_STRING => Ok(Some(value.value.to_vec())),
            Some(_) => Err(Malformed),
            None => Ok(None),
        }
    }

    /// Whether they say what kind of content is signed, and it is this one.
    pub(crate) fn is_about(&self, content_type: Oid) -> bool {
        self.get(oids::CONTENT_TYPE).ok().flatten().and_then(|v| v.oid().ok()) == Some(content_type)
    }

    /// Whether they name the certificate by its digest (RFC 5035, 3; RFC 2634, 5.4). `None` when they name none.
    pub(crate) fn names(&self, certificate: &Certificate) -> std::result::Result<Option<bool>, Malformed> {
        let (first, old) = match (self.get(oids::SIGNING_CERTIFICATE_V2)?, self.get(oids::SIGNING_CERTIFICATE)?) {
            (Some(value), _) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Ok(None),
        };
        let ids = first.inside().expect(SEQUENCE)?;
        let mut id = ids.inside().expect(SEQUENCE)?.inside();
        let mut digest = Some(Digest::Sha256);
        if !old && let Some(algorithm) = id.optional(SEQUENCE)? {
            digest = Digest::from_oid(Algorithm::parse(algorithm)?.oid);
        }
        let hash = id.expect(OCTET_STRING)?.value;
        let expected = match digest {
            _ if old => crate::crypto::sha1(certificate.der()),
            Some(digest) => digest.of(certificate.der()),
            None => return Ok(Some(false)),
        };
        let mut same = hash == expected;
        if let Some(issuer) = id.optional(SEQUENCE)? {
            let mut issuer = issuer.inside();
            issuer.expect(SEQUENCE)?;
            same &= issuer.expect(INTEGER)?.raw == certificate.serial();
        }
        Ok(Some(same))
    }
}

/// Identifier and set of values of each attribute.
fn attributes(elements: Elements<'_>) -> std::result::Result<Vec<(Oid, Tlv<'_>)>, Malformed> {
    let one = |tlv: Tlv<'_>| -> std::result::Result<Oid, Malformed> { tlv.inside().next()?.oid() };
    let mut out = Vec::new();
    for attribute in elements.all()? {
        let oid = one(attribute)?;
        let mut inside = attribute.inside();
        inside.next()?;
        out.push((oid, inside.expect(SET)?));
    }
    Ok(out)
}

/// A finished signature, to be put into the document.
#[derive(Debug, Clone)]
pub struct Cms {
    scheme: Scheme,
    chain: Vec<Certificate>,
    attributes: SignedAttributes,
    signature: Vec<u8>,
    timestamp: Option<Vec<u8>>,
}

impl Cms {
    /// Signs the attributes.
    ///
    /// # Errors
    /// When the key cannot be used, or is not the certificate's.
    pub fn sign(identity: &Identity, attributes: SignedAttributes) -> Result<Self> {
        let signature = identity.signer.sign(attributes.der())?;
        Self::assemble(identity.signer.scheme(), identity.chain.clone(), attributes, signature)
    }

    /// Takes a signature made elsewhere, after checking it.
    ///
    /// # Errors
    /// When the signature is not the first certificate's over the attributes.
    pub fn assemble(
        scheme: Scheme,
        chain: Vec<Certificate>,
        attributes: SignedAttributes,
        signature: Vec<u8>,
    ) -> Result<Self> {
        let mismatch = || Error::new(ErrorKind::KeyMismatch, &key::OtherKey);
        let certificate = chain.first().ok_or_else(mismatch)?;
        let key = certificate.public_key().map_err(|_| mismatch())?;
        let identifier = scheme.identifier();
        let algorithm = Algorithm::parse(asn1::whole(&identifier)?)?;
        key.verify(algorithm, Some(scheme.digest()), attributes.der(), &signature).map_err(|_| mismatch())?;
        Ok(Self { scheme, chain, attributes, signature, timestamp: None })
    }

    /// The raw signature, which a timestamp is made over.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// How it was signed.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Adds a timestamp token over the signature (RFC 3161, appendix A), as it came.
    pub fn set_timestamp(&mut self, token: Vec<u8>) {
        self.timestamp = Some(token);
    }

    /// Its encoding.
    pub fn to_der(&self) -> Vec<u8> {
        let certificate = &self.chain[0];
        let sid = nest(SEQUENCE, &[certificate.issuer(), certificate.serial()]);
        let signed = asn1::whole(self.attributes.der()).map(|t| tlv(context(0), t.value)).unwrap_or_default();
        let unsigned = self.timestamp.as_ref().map(|token| {
            let attribute = nest(SEQUENCE, &[&asn1::oid(oids::SIGNATURE_TIMESTAMP), &tlv(SET, token)]);
            tlv(context(1), &attribute)
        });
        let digest = self.scheme.digest().identifier();
        let signer = nest(
            SEQUENCE,
            &[
                &asn1::unsigned(&[1]),
                &sid,
                &digest,
                &signed,
                &self.scheme.identifier(),
                &tlv(OCTET_STRING, &self.signature),
                &unsigned.unwrap_or_default(),
            ],
        );
        let mut certificates: Vec<Vec<u8>> = self.chain.iter().map(|c| c.der().to_vec()).collect();
        certificates.sort();
        certificates.dedup();
        let content = tlv(SEQUENCE, &asn1::oid(oids::DATA));
        let data = nest(
            SEQUENCE,
            &[
                &asn1::unsigned(&[1]),
                &tlv(SET, &digest),
                &content,
                &tlv(context(0), &certificates.concat()),
                &tlv(SET, &signer),
            ],
        );
        nest(SEQUENCE, &[&asn1::oid(oids::SIGNED_DATA), &tlv(context(0), &data)])
    }
}

/// SignedData as read, with one signer.
#[derive(Debug, Clone)]
pub(crate) struct SignedData {
    pub(crate) content_type: Oid,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
    signer_issuer: Vec<u8>,
    signer_serial: Vec<u8>,
    signer_key: Option<Vec<u8>>,
    pub(crate) digest: Option<Digest>,
    pub(crate) attributes: Option<SignedAttributes>,
    algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) timestamps: Vec<Vec<u8>>,
}

impl SignedData {
    /// Reads a `ContentInfo`, in BER as many services write it (RFC 5652, 1). Zeros after it, as a PDF's placeholder
    /// leaves them, are passed over.
    pub(crate) fn parse(bytes: &[u8]) -> std::result::Result<Self, Malformed> {
        let (whole, rest) = asn1::definite(bytes)?;
        if rest.iter().any(|&b| b != 0) {
            return Err(Malformed);
        }
        let info = asn1::whole(&whole)?;
        let mut inside = info.inside();
        if inside.next()?.oid()? != oids::SIGNED_DATA {
            return Err(Malformed);
        }
        let mut data = inside.expect(context(0))?.inside().expect(SEQUENCE)?.inside();
        data.expect(INTEGER)?;
        data.expect(SET)?;
        let mut encapsulated = data.expect(SEQUENCE)?.inside();
        let content_type = encapsulated.next()?.oid()?;
        let content = match encapsulated.optional(context(0))? {
            Some(explicit) => Some(explicit.inside().expect(OCTET_STRING)?.value.to_vec()),
            None => None,
        };
        let mut certificates = Vec::new();
        if let Some(set) = data.optional(context(0))? {
            // Attribute certificates and the like are no certificates of signers.
            let plain = set.inside().all()?.into_iter().filter(|c| c.tag == SEQUENCE);
            certificates.extend(plain.filter_map(|c| Certificate::from_der(c.raw).ok()));
        }
        data.optional(context(1))?;
        let signers = data.expect(SET)?.inside().all()?;
        let [signer] = signers.as_slice() else { return Err(Malformed) };
        let mut out = Self {
            content_type,
            content,
            certificates,
            signer_issuer: Vec::new(),
            signer_serial: Vec::new(),
            signer_key: None,
            digest: None,
            attributes: None,
            algorithm: Vec::new(),
            signature: Vec::new(),
            timestamps: Vec::new(),
        };
        out.read_signer(signer.inside())?;
        Ok(out)
    }

    fn read_signer(&mut self, mut signer: Elements<'_>) -> std::result::Result<(), Malformed> {
        signer.expect(INTEGER)?;
        let sid = signer.next()?;
        if sid.tag == SEQUENCE {
            let mut inside = sid.inside();
            self.signer_issuer = inside.next()?.raw.to_vec();
            self.signer_serial = inside.expect(INTEGER)?.raw.to_vec();
        } else {
            self.signer_key = Some(sid.value.to_vec());
        }
        self.digest = Digest::from_oid(Algorithm::parse(signer.next()?)?.oid);
        if let Some(signed) = signer.optional(context(0))? {
            let set = tlv(SET, signed.value);
            self.attributes = Some(SignedAttributes::from_der(&set).map_err(|_| Malformed)?);
        }
        let algorithm = signer.next()?;
        Algorithm::parse(algorithm)?;
        self.algorithm = algorithm.raw.to_vec();
        self.signature = signer.expect(OCTET_STRING)?.value.to_vec();
        if let Some(unsigned) = signer.optional(context(1))? {
            for (oid, values) in attributes(unsigned.inside())? {
                if oid == oids::SIGNATURE_TIMESTAMP {
                    self.timestamps.extend(values.inside().all()?.iter().map(|t| t.raw.to_vec()));
                }
            }
        }
        Ok(())
    }

    /// The certificate the signer is said to have, among its own and `others`.
    pub(crate) fn signer_among<'a>(&'a self, others: &'a [Certificate]) -> Option<&'a Certificate> {
        self.certificates.iter().chain(others).find(|c| match &self.signer_key {
            Some(key) => c.key_identifier().as_ref() == Some(key),
            None => c.issuer() == self.signer_issuer && c.serial() == self.signer_serial,
        })
    }

    /// Whether the certificate's key made the signature over the content itself, as it may without signed attributes
    /// (RFC 5652, 5.4).
    pub(crate) fn verify_over(
        &self,
        certificate: &Certificate,
        parts: &[&[u8]],
    ) -> std::result::Result<(), BadSignature> {
        let algorithm = Algorithm::parse(asn1::whole(&self.algorithm)?)?;
        let digest = self.digest.ok_or(BadSignature::Algorithm)?;
        certificate.public_key()?.verify(algorithm, Some(digest), &parts.concat(), &self.signature)
    }

    /// Whether the certificate's key made the signature over the signed attributes.
    pub(crate) fn verify_signature(&self, certificate: &Certificate) -> std::result::Result<(), BadSignature> {
        let attributes = self.attributes.as_ref().ok_or(BadSignature::Algorithm)?;
        let digest = self.digest.ok_or(BadSignature::Algorithm)?;
        let algorithm = Algorithm::parse(asn1::whole(&self.algorithm)?)?;
        let key = certificate.public_key()?;
        let as_sent = key.verify(algorithm, Some(digest), attributes.der(), &self.signature);
        // Signed is the DER encoding, in which a set is sorted, whatever order BER sent it in (RFC 5652, 5.4).
        match as_sent {
            Err(BadSignature::Wrong) => key.verify(algorithm, Some(digest), &attributes.sorted()?, &self.signature),
            other => other,
        }
    }
}

/// `MessageImprint` (RFC 3161, 2.4.1).
pub(crate) fn imprint(digest: Digest, hash: &[u8]) -> Vec<u8> {
    let algorithm = nest(SEQUENCE, &[&asn1::oid(digest.oid()), NULL]);
    nest(SEQUENCE, &[&algorithm, &tlv(OCTET_STRING, hash)])
}
