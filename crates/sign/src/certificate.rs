//! Certificates (RFC 5280), with the raw parts that signatures are made over.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};
use der::Decode as _;
use der::asn1::ObjectIdentifier as Oid;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage,
    KeyUsage, SubjectKeyIdentifier,
};

use crate::asn1::{self, INTEGER, Malformed};
use crate::crypto::{Algorithm, BadSignature, Digest, PublicKey, hex};
use crate::oids;
use crate::shown::shown;

/// A certificate.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    tbs: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.subject_text())
    }
}

/// Extensions this crate knows; a critical one beside them refuses the certificate (RFC 5280, 4.2).
const KNOWN: [Oid; 7] = [
    oids::BASIC_CONSTRAINTS,
    oids::KEY_USAGE,
    oids::EXTENDED_KEY_USAGE,
    oids::SUBJECT_ALT_NAME,
    oids::CERTIFICATE_POLICIES,
    oids::CRL_DISTRIBUTION_POINTS,
    oids::AUTHORITY_KEY_IDENTIFIER,
];

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_der(der: &[u8]) -> Result<Self, Malformed> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| Malformed)?;
        let place = |part: &[u8]| {
            let start = part.as_ptr() as usize - der.as_ptr() as usize;
            start..start + part.len()
        };
        let tbs = asn1::whole(der)?.inside().next()?;
        let mut inside = tbs.inside();
        inside.optional(asn1::context(0))?;
        let serial = inside.expect(INTEGER)?;
        inside.next()?;
        let issuer = inside.next()?;
        let mut validity = inside.next()?.inside();
        let (not_before, not_after) = (validity.next()?.time()?, validity.next()?.time()?);
        let subject = inside.next()?;
        let spki = inside.next()?;
        Ok(Self {
            tbs: place(tbs.raw),
            serial: place(serial.raw),
            issuer: place(issuer.raw),
            subject: place(subject.raw),
            spki: place(spki.raw),
            not_before,
            not_after,
            parsed,
            der: der.to_vec(),
        })
    }

    /// The certificates of a PEM text, in order; what is not a certificate is passed over.
    ///
    /// # Errors
    /// When a certificate in it is broken.
    pub fn from_pem(text: &str) -> Result<Vec<Self>, Malformed> {
        crate::pem::blocks(text)?
            .iter()
            .filter(|(label, _)| label == "CERTIFICATE")
            .map(|(_, der)| Self::from_der(der))
            .collect()
    }

    /// Its encoding.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn serial(&self) -> &[u8] {
        &self.der[self.serial.clone()]
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.der[self.issuer.clone()]
    }

    pub(crate) fn subject(&self) -> &[u8] {
        &self.der[self.subject.clone()]
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey<'_>, Malformed> {
        PublicKey::parse(&self.der[self.spki.clone()])
    }

    /// First moment of its validity.
    pub fn not_before(&self) -> DateTime<Utc> {
        self.not_before
    }

    /// Last moment of its validity.
    pub fn not_after(&self) -> DateTime<Utc> {
        self.not_after
    }

    /// Whether it is valid at a time.
    pub fn is_valid_at(&self, time: DateTime<Utc>) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }

    /// The subject's common name, or else its whole name.
    pub fn name(&self) -> String {
        let common = self.parsed.tbs_certificate().subject().common_name().ok().flatten();
        common.map_or_else(|| self.subject_text(), |name| shown(&name.value()))
    }

    /// The subject's organisation.
    pub fn organisation(&self) -> Option<String> {
        self.parsed.tbs_certificate().subject().organization().ok().flatten().map(|o| shown(&o.value()))
    }

    /// The subject's whole name (RFC 4514).
    pub fn subject_text(&self) -> String {
        shown(&self.parsed.tbs_certificate().subject().to_string())
    }

    /// The issuer's whole name (RFC 4514).
    pub fn issuer_text(&self) -> String {
        shown(&self.parsed.tbs_certificate().issuer().to_string())
    }

    /// Serial number in hexadecimal digits.
    pub fn serial_text(&self) -> String {
        hex(self.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> Vec<u8> {
        Digest::Sha256.of(&self.der)
    }

    fn extension<T: for<'d> der::Decode<'d, Error = der::Error> + der::oid::AssociatedOid>(&self) -> Option<T> {
        self.parsed.tbs_certificate().filter_extensions::<T>().next()?.ok().map(|(_, value)| value)
    }

    pub(crate) fn has_extension(&self, oid: Oid) -> bool {
        self.parsed.tbs_certificate().extensions().is_some_and(|all| all.iter().any(|e| e.extn_id == oid))
    }

    fn is_critical(&self, oid: Oid) -> bool {
        let all = self.parsed.tbs_certificate().extensions();
        all.is_some_and(|all| all.iter().any(|e| e.extn_id == oid && e.critical))
    }

    /// Whether all its critical extensions are understood and none stands twice.
    pub(crate) fn is_understood(&self) -> bool {
        let Some(all) = self.parsed.tbs_certificate().extensions() else { return true };
        all.iter().enumerate().all(|(i, e)| {
            (!e.critical || KNOWN.contains(&e.extn_id)) && all[..i].iter().all(|other| other.extn_id != e.extn_id)
        })
    }

    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        self.extension()
    }

    /// Whether it is a certificate for electronic signatures or seals: `digitalSignature` or `nonRepudiation`
    /// (ETSI EN 319 412-2, 4.3.2), and no extended usage that is for something else alone.
    pub fn may_sign(&self) -> bool {
        let usage = !self.has_extension(oids::KEY_USAGE)
            || self.key_usage().is_some_and(|u| u.digital_signature() || u.non_repudiation());
        // Certificates of people often name client authentication, alone or beside others; with that of a server it is
        // one for TLS.
        let other = [oids::TIME_STAMPING, oids::OCSP_SIGNING, oids::SERVER_AUTH, oids::CODE_SIGNING];
        let is_other = |u: &Oid| other.contains(u);
        let only_other = self.extended_usage().is_some_and(|all| {
            all.iter().all(|u| is_other(u) || *u == oids::CLIENT_AUTH) && (all.is_empty() || all.iter().any(is_other))
        });
        usage && !only_other
    }

    pub(crate) fn extended_usage(&self) -> Option<Vec<Oid>> {
        self.extension::<ExtendedKeyUsage>().map(|u| u.0)
    }

    /// Whether it is for timestamps and nothing else, and says so critically (RFC 3161, 2.3).
    pub(crate) fn may_timestamp(&self) -> bool {
        self.extended_usage() == Some(vec![oids::TIME_STAMPING])
            && self.is_critical(oids::EXTENDED_KEY_USAGE)
            && self.key_usage().is_none_or(|u| u.digital_signature() || u.non_repudiation())
    }

    /// Path length allowed below it, if it is a certificate of an authority that may issue certificates.
    pub(crate) fn authority(&self) -> Option<Option<u8>> {
        let constraints = self.extension::<BasicConstraints>().filter(|c| c.ca)?;
        let may = !self.has_extension(oids::KEY_USAGE) || self.key_usage().is_some_and(|u| u.key_cert_sign());
        may.then_some(constraints.path_len_constraint)
    }

    pub(crate) fn may_sign_crls(&self) -> bool {
        !self.has_extension(oids::KEY_USAGE) || self.key_usage().is_some_and(|u| u.crl_sign())
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        self.extension::<SubjectKeyIdentifier>().map(|k| k.0.as_bytes().to_vec())
    }

    fn authority_key_identifier(&self) -> Option<Vec<u8>> {
        Some(self.extension::<AuthorityKeyIdentifier>()?.key_identifier?.as_bytes().to_vec())
    }

    /// Whether `issuer` may have issued it, by names and key identifiers alone.
    pub(crate) fn may_be_from(&self, issuer: &Self) -> bool {
        let keys = (self.authority_key_identifier(), issuer.key_identifier());
        self.issuer() == issuer.subject() && !matches!(keys, (Some(a), Some(b)) if a != b)
    }

    /// Whether `issuer`'s key signed it.
    pub(crate) fn verify_by(&self, issuer: &Self) -> Result<(), BadSignature> {
        let mut inside = asn1::whole(&self.der)?.inside();
        inside.next()?;
        let algorithm = Algorithm::parse(inside.next()?)?;
        let signature = inside.next()?.bits()?;
        issuer.public_key()?.verify(algorithm, None, &self.der[self.tbs.clone()], signature)
    }

    fn access(&self, method: Oid) -> Vec<String> {
        let all = self.extension::<AuthorityInfoAccessSyntax>().map(|a| a.0).unwrap_or_default();
        let of_method = all.into_iter().filter(|a| a.access_method == method);
        of_method.filter_map(|a| http_address(&a.access_location)).collect()
    }

    pub(crate) fn ocsp_addresses(&self) -> Vec<String> {
        self.access(oids::ACCESS_OCSP)
    }

    pub(crate) fn issuer_addresses(&self) -> Vec<String> {
        self.access(oids::ACCESS_ISSUERS)
    }

    pub(crate) fn crl_addresses(&self) -> Vec<String> {
        let points = self.extension::<CrlDistributionPoints>().map(|p| p.0).unwrap_or_default();
        let names = points.into_iter().filter_map(|p| match p.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(|n| http_address(&n)).collect()
    }
}

fn http_address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(address) => {
            Some(address.as_str().to_owned()).filter(|a| a.starts_with("http://") || a.starts_with("https://"))
        }
        _ => None,
    }
}
