//! Private keys and their certificates. Secrets are wiped when dropped and never shown.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{self as sig, EcdsaKeyPair, KeyPair as _};
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::crypto::{Digest, PublicKey};
use crate::error::{Error, ErrorKind, Result};
use crate::messages::key;
use crate::{asn1, oids, pem};

/// How a key signs: the digest goes with the key's strength (ETSI TS 119 312, 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// RSA, PKCS#1 v1.5, SHA-256.
    RsaSha256,
    /// RSA, PSS, SHA-256 for message, mask and salt, as federated services use it.
    RsaPssSha256,
    /// P-256 with SHA-256.
    P256Sha256,
    /// P-384 with SHA-384.
    P384Sha384,
}

impl Scheme {
    /// The digest of document and attributes.
    pub fn digest(self) -> Digest {
        match self {
            Self::RsaSha256 | Self::RsaPssSha256 | Self::P256Sha256 => Digest::Sha256,
            Self::P384Sha384 => Digest::Sha384,
        }
    }

    /// `AlgorithmIdentifier` of the signature (RFC 4055, 5; RFC 5758, 3.2).
    pub(crate) fn identifier(self) -> Vec<u8> {
        match self {
            Self::RsaSha256 => asn1::nest(asn1::SEQUENCE, &[&asn1::oid(oids::RSA_SHA256), asn1::NULL]),
            Self::RsaPssSha256 => pss_identifier(),
            Self::P256Sha256 => asn1::tlv(asn1::SEQUENCE, &asn1::oid(oids::ECDSA_SHA256)),
            Self::P384Sha384 => asn1::tlv(asn1::SEQUENCE, &asn1::oid(oids::ECDSA_SHA384)),
        }
    }

    /// The schemes that a certificate's key may have signed with, likeliest first.
    pub(crate) fn possible(self) -> Vec<Self> {
        match self {
            Self::RsaSha256 => vec![self, Self::RsaPssSha256],
            other => vec![other],
        }
    }

    /// The scheme a certificate's key signs with.
    ///
    /// # Errors
    /// When the key is not RSA, P-256 or P-384.
    pub fn of_certificate(certificate: &Certificate) -> Result<Self> {
        let unknown = || Error::new(ErrorKind::Key, &key::Kind);
        let key = certificate.public_key().map_err(|_| unknown())?;
        let scheme = match key.kind() {
            (oids::RSA, _) => Self::RsaSha256,
            (oids::RSA_PSS, _) => Self::RsaPssSha256,
            (oids::EC, Some(oids::P256)) => Self::P256Sha256,
            (oids::EC, Some(oids::P384)) => Self::P384Sha384,
            _ => return Err(unknown()),
        };
        Ok(scheme)
    }
}

/// RSASSA-PSS with SHA-256 throughout (RFC 4055, 3.1).
fn pss_identifier() -> Vec<u8> {
    let digest = asn1::nest(asn1::SEQUENCE, &[&asn1::oid(oids::SHA256), asn1::NULL]);
    let mask = asn1::nest(asn1::SEQUENCE, &[&asn1::oid(oids::MGF1), &digest]);
    let salt = asn1::unsigned(&[32]);
    let parts = [(0, &digest), (1, &mask), (2, &salt)].map(|(n, part)| asn1::tlv(asn1::context(n), part));
    let parameters = asn1::tlv(asn1::SEQUENCE, &parts.concat());
    asn1::nest(asn1::SEQUENCE, &[&asn1::oid(oids::RSA_PSS), &parameters])
}

/// Something that signs: a key in memory, or one that stays in its own hardware.
pub trait Signer {
    /// How it signs.
    fn scheme(&self) -> Scheme;

    /// The signature over `message`, which is digested by the scheme.
    ///
    /// # Errors
    /// When the key cannot be used.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

enum Inner {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair, Scheme),
}

/// A private key in memory: RSA of 2048 to 4096 bits, P-256 or P-384.
pub struct Key(Inner);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// Reads a key in PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// When it is not a key that is taken.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let ec = |alg, scheme| EcdsaKeyPair::from_pkcs8(alg, der).map(|k| Inner::Ec(k, scheme));
        RsaKeyPair::from_pkcs8(der)
            .map(Inner::Rsa)
            .or_else(|_| ec(&sig::ECDSA_P256_SHA256_ASN1_SIGNING, Scheme::P256Sha256))
            .or_else(|_| ec(&sig::ECDSA_P384_SHA384_ASN1_SIGNING, Scheme::P384Sha384))
            .map_err(|_| unusable())
            .and_then(Self::checked)
    }

    /// Reads the first key of a PEM text: PKCS#8, encrypted or not, or the older forms of RSA and EC keys.
    ///
    /// # Errors
    /// When there is none, or the password is wrong.
    pub fn from_pem(text: &str, password: Option<&str>) -> Result<Self> {
        let blocks = pem::blocks(text).map_err(|_| unusable())?;
        let found = blocks.iter().find(|(label, _)| label.ends_with("PRIVATE KEY"));
        let (label, der) = found.ok_or_else(|| Error::new(ErrorKind::Key, &key::NoPem))?;
        match label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(der),
            "ENCRYPTED PRIVATE KEY" => {
                let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(der.as_slice()).map_err(|_| unusable())?;
                let open = info.decrypt(password.unwrap_or_default()).map_err(|_| wrong_password())?;
                Self::from_pkcs8(open.as_bytes())
            }
            "RSA PRIVATE KEY" => {
                RsaKeyPair::from_der(der).map_err(|_| unusable()).and_then(|k| Self::checked(Inner::Rsa(k)))
            }
            "EC PRIVATE KEY" => {
                let ec = |alg, scheme| EcdsaKeyPair::from_private_key_der(alg, der).map(|k| Self(Inner::Ec(k, scheme)));
                ec(&sig::ECDSA_P256_SHA256_ASN1_SIGNING, Scheme::P256Sha256)
                    .or_else(|_| ec(&sig::ECDSA_P384_SHA384_ASN1_SIGNING, Scheme::P384Sha384))
                    .map_err(|_| unusable())
            }
            _ => Err(unusable()),
        }
    }

    fn checked(inner: Inner) -> Result<Self> {
        match &inner {
            Inner::Rsa(key) if !(256..=512).contains(&key.public_modulus_len()) => {
                Err(Error::new(ErrorKind::Key, &key::RsaSize))
            }
            _ => Ok(Self(inner)),
        }
    }

    fn public(&self) -> &[u8] {
        match &self.0 {
            Inner::Rsa(key) => key.public_key().as_ref(),
            Inner::Ec(key, _) => key.public_key().as_ref(),
        }
    }
}

impl Signer for Key {
    fn scheme(&self) -> Scheme {
        match &self.0 {
            Inner::Rsa(_) => Scheme::RsaSha256,
            Inner::Ec(_, scheme) => *scheme,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::new(ErrorKind::Key, &key::Unused);
        let random = SystemRandom::new();
        match &self.0 {
            Inner::Rsa(key) => {
                let mut out = vec![0; key.public_modulus_len()];
                key.sign(&sig::RSA_PKCS1_SHA256, &random, message, &mut out).map_err(failed)?;
                Ok(out)
            }
            Inner::Ec(key, _) => key.sign(&random, message).map(|s| s.as_ref().to_vec()).map_err(failed),
        }
    }
}

/// A key with its certificate and those of its issuers.
pub struct Identity {
    /// What signs.
    pub signer: Box<dyn Signer + Send + Sync>,
    /// The signer's certificate first, then its issuers'.
    pub chain: Vec<Certificate>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain).finish_non_exhaustive()
    }
}

impl Identity {
    /// A key in memory and certificates in any order. The certificate with the key's own public key becomes the
    /// signer's, and the chain is put in order from it.
    ///
    /// # Errors
    /// When no certificate is the key's.
    pub fn new(key: Key, certificates: Vec<Certificate>) -> Result<Self> {
        let own = certificates.iter().position(|c| c.public_key().is_ok_and(|p| p.bits == key.public()));
        let own = own.ok_or_else(|| Error::new(ErrorKind::KeyMismatch, &key::NoCertificates))?;
        Ok(Self { signer: Box::new(key), chain: ordered(certificates, own) })
    }

    /// Reads key and certificates from PEM texts; they may be the same text.
    ///
    /// # Errors
    /// When a part is missing or broken, or the password is wrong.
    pub fn from_pem(key: &str, certificates: &str, password: Option<&str>) -> Result<Self> {
        let key = Key::from_pem(key, password)?;
        Self::new(key, Certificate::from_pem(certificates).map_err(|_| unusable())?)
    }

    /// Reads a PKCS#12 file (RFC 7292), modern or legacy.
    ///
    /// # Errors
    /// When the password is wrong, or there is no key in it.
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12(data: &[u8], password: &str) -> Result<Self> {
        use p12_keystore::Pkcs12Archive;
        use p12_keystore::error::Error as P12;
        let archive = Pkcs12Archive::from_pkcs12(data, password).map_err(|e| match e {
            P12::MacError(_) | P12::UnpadError | P12::Pkcs5Error(_) => wrong_password(),
            _ => unusable(),
        })?;
        let key = archive.keys.first().ok_or_else(|| Error::new(ErrorKind::Key, &key::NoPkcs12))?;
        let der = Zeroizing::new(key.key.as_der().to_vec());
        let certificates = archive.certs.iter().map(|c| Certificate::from_der(c.cert.as_der()));
        Self::new(Key::from_pkcs8(&der)?, certificates.collect::<std::result::Result<_, _>>().map_err(|_| unusable())?)
    }

    /// The signer's own certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }
}

/// The certificates from `own` upwards, then the others.
pub(crate) fn ordered(mut certificates: Vec<Certificate>, own: usize) -> Vec<Certificate> {
    let mut chain = vec![certificates.remove(own)];
    while let Some(next) = chain.last().and_then(|c| certificates.iter().position(|i| c.may_be_from(i))) {
        chain.push(certificates.remove(next));
    }
    chain.extend(certificates);
    chain
}

fn unusable() -> Error {
    Error::new(ErrorKind::Key, &key::Unreadable)
}

fn wrong_password() -> Error {
    Error::new(ErrorKind::Key, &key::Password)
}

impl PublicKey<'_> {
    fn kind(&self) -> (der::asn1::ObjectIdentifier, Option<der::asn1::ObjectIdentifier>) {
        let algorithm = self.algorithm();
        (algorithm.oid, algorithm.parameters.and_then(|p| p.oid().ok()))
    }
}
