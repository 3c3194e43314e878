//! Digests and the checking of signatures.

use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::signature::{self as sig, UnparsedPublicKey, VerificationAlgorithm};
use der::asn1::ObjectIdentifier as Oid;
use serde::{Deserialize, Serialize};

use crate::asn1::{self, Elements, Malformed, NULL, SEQUENCE, Tlv};
use crate::oids;

/// A digest that may be used in new signatures (ETSI TS 119 312).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    pub(crate) fn from_oid(oid: Oid) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|d| d.oid() == oid)
    }

    pub(crate) fn oid(self) -> Oid {
        match self {
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
        }
    }

    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    /// The digest of `data`.
    pub fn of(self, data: &[u8]) -> Vec<u8> {
        digest(self.algorithm(), data).as_ref().to_vec()
    }

    /// The digest of parts that follow each other.
    pub(crate) fn of_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(self.algorithm());
        parts.iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }

    /// `AlgorithmIdentifier` without parameters (RFC 5754, 2).
    pub(crate) fn identifier(self) -> Vec<u8> {
        asn1::tlv(SEQUENCE, &asn1::oid(self.oid()))
    }
}

/// SHA-1, for the identifiers of OCSP alone (RFC 6960, 4.1.1; RFC 5019).
pub(crate) fn sha1(data: &[u8]) -> Vec<u8> {
    digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref().to_vec()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Bytes of hexadecimal digits; `None` when they are not.
pub(crate) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadSignature {
    /// The signature is not the key's over the message.
    Wrong,
    /// The algorithm is unknown, too weak, or not the key's.
    Algorithm,
}

impl From<Malformed> for BadSignature {
    fn from(_: Malformed) -> Self {
        Self::Algorithm
    }
}

/// An `AlgorithmIdentifier`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Algorithm<'a> {
    pub(crate) oid: Oid,
    pub(crate) parameters: Option<Tlv<'a>>,
}

impl<'a> Algorithm<'a> {
    pub(crate) fn parse(sequence: Tlv<'a>) -> Result<Self, Malformed> {
        if sequence.tag != SEQUENCE {
            return Err(Malformed);
        }
        let mut inside = sequence.inside();
        let oid = inside.next()?.oid()?;
        let parameters = if inside.is_empty() { None } else { Some(inside.next()?) };
        Ok(Self { oid, parameters })
    }
}

/// A public key: its algorithm and its bits.
pub(crate) struct PublicKey<'a> {
    algorithm: Algorithm<'a>,
    pub(crate) bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    pub(crate) fn algorithm(&self) -> Algorithm<'a> {
        self.algorithm
    }

    /// Reads a `SubjectPublicKeyInfo`.
    pub(crate) fn parse(spki: &'a [u8]) -> Result<Self, Malformed> {
        let mut inside = asn1::whole(spki)?.inside();
        let algorithm = Algorithm::parse(inside.next()?)?;
        Ok(Self { algorithm, bits: inside.next()?.bits()? })
    }

    /// Checks a signature over `message`. `digest` is what the signer says it was made with, where the algorithm
    /// itself does not say it.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm<'_>,
        digest: Option<Digest>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let chosen = self.choose(algorithm, digest)?;
        if self.rsa_bits().is_some_and(|bits| bits < 2048) {
            return Err(self.weak(algorithm, digest, message, signature));
        }
        UnparsedPublicKey::new(chosen, self.bits).verify(message, signature).map_err(|_| BadSignature::Wrong)
    }

    /// How many bits the modulus of an RSA key has.
    fn rsa_bits(&self) -> Option<usize> {
        if self.algorithm.oid != oids::RSA && self.algorithm.oid != oids::RSA_PSS {
            return None;
        }
        let modulus = asn1::whole(self.bits).ok()?.inside().expect(asn1::INTEGER).ok()?.value;
        let digits = &modulus[modulus.iter().take_while(|b| **b == 0).count()..];
        Some(digits.first().map_or(0, |first| digits.len() * 8 - first.leading_zeros() as usize))
    }

    /// A signature of a key that is too short is told from one that is wrong.
    fn weak(&self, algorithm: Algorithm<'_>, digest: Option<Digest>, message: &[u8], signature: &[u8]) -> BadSignature {
        let legacy: &dyn VerificationAlgorithm = match (algorithm.oid, digest) {
            (oids::RSA_SHA256, _) | (oids::RSA, Some(Digest::Sha256)) => {
                &sig::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
            }
            (oids::RSA_SHA512, _) | (oids::RSA, Some(Digest::Sha512)) => {
                &sig::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
            }
            _ => return BadSignature::Algorithm,
        };
        match UnparsedPublicKey::new(legacy, self.bits).verify(message, signature) {
            Err(_) if self.rsa_bits().is_some_and(|bits| bits >= 1024) => BadSignature::Wrong,
            _ => BadSignature::Algorithm,
        }
    }

    fn choose(
        &self,
        algorithm: Algorithm<'_>,
        digest: Option<Digest>,
    ) -> Result<&'static dyn VerificationAlgorithm, BadSignature> {
        use Digest::{Sha256, Sha384, Sha512};
        let key = self.algorithm.oid;
        let stated = match algorithm.oid {
            oids::RSA_SHA256 | oids::ECDSA_SHA256 => Some(Sha256),
            oids::RSA_SHA384 | oids::ECDSA_SHA384 => Some(Sha384),
            oids::RSA_SHA512 | oids::ECDSA_SHA512 => Some(Sha512),
            oids::RSA => digest,
            oids::RSA_PSS => Some(pss_digest(algorithm)?),
            oids::ED25519 if key == oids::ED25519 => return Ok(&sig::ED25519),
            _ => None,
        };
        let stated = stated.ok_or(BadSignature::Algorithm)?;
        if digest.is_some_and(|d| d != stated) {
            return Err(BadSignature::Algorithm);
        }
        let ecdsa = matches!(algorithm.oid, oids::ECDSA_SHA256 | oids::ECDSA_SHA384 | oids::ECDSA_SHA512);
        match (key, ecdsa, algorithm.oid == oids::RSA_PSS) {
            (oids::RSA, false, false) => Ok(match stated {
                Sha256 => &sig::RSA_PKCS1_2048_8192_SHA256,
                Sha384 => &sig::RSA_PKCS1_2048_8192_SHA384,
                Sha512 => &sig::RSA_PKCS1_2048_8192_SHA512,
            }),
            (oids::RSA | oids::RSA_PSS, false, true) => Ok(match stated {
                Sha256 => &sig::RSA_PSS_2048_8192_SHA256,
                Sha384 => &sig::RSA_PSS_2048_8192_SHA384,
                Sha512 => &sig::RSA_PSS_2048_8192_SHA512,
            }),
            (oids::EC, true, false) => {
                let curve = self.algorithm.parameters.ok_or(BadSignature::Algorithm)?.oid()?;
                Ok(match (curve, stated) {
                    (oids::P256, Sha256) => &sig::ECDSA_P256_SHA256_ASN1,
                    (oids::P256, Sha384) => &sig::ECDSA_P256_SHA384_ASN1,
                    (oids::P256, Sha512) => &sig::ECDSA_P256_SHA512_ASN1,
                    (oids::P384, Sha256) => &sig::ECDSA_P384_SHA256_ASN1,
                    (oids::P384, Sha384) => &sig::ECDSA_P384_SHA384_ASN1,
                    (oids::P384, Sha512) => &sig::ECDSA_P384_SHA512_ASN1,
                    (oids::P521, Sha256) => &sig::ECDSA_P521_SHA256_ASN1,
                    (oids::P521, Sha384) => &sig::ECDSA_P521_SHA384_ASN1,
                    (oids::P521, Sha512) => &sig::ECDSA_P521_SHA512_ASN1,
                    _ => return Err(BadSignature::Algorithm),
                })
            }
            _ => Err(BadSignature::Algorithm),
        }
    }
}

/// The digest of RSASSA-PSS parameters (RFC 4055, 3.1), when mask and salt are of the same one: the only combination
/// that is checked.
fn pss_digest(algorithm: Algorithm<'_>) -> Result<Digest, BadSignature> {
    let mut inside = algorithm.parameters.ok_or(BadSignature::Algorithm)?.inside();
    let digest_of = |elements: Elements<'_>| -> Result<Digest, BadSignature> {
        let mut elements = elements;
        let named = Algorithm::parse(elements.next()?)?;
        if named.parameters.is_some_and(|p| p.raw != NULL) {
            return Err(BadSignature::Algorithm);
        }
        Digest::from_oid(named.oid).ok_or(BadSignature::Algorithm)
    };
    let hash = digest_of(inside.expect(asn1::context(0))?.inside())?;
    let mask = Algorithm::parse(inside.expect(asn1::context(1))?.inside().next()?)?;
    let mask = digest_of(Elements(mask.parameters.ok_or(BadSignature::Algorithm)?.raw))?;
    let salt = inside.expect(asn1::context(2))?.inside().expect(asn1::INTEGER)?.value;
    let length = match hash {
        Digest::Sha256 => 32,
        Digest::Sha384 => 48,
        Digest::Sha512 => 64,
    };
    if mask == hash && salt == [length] { Ok(hash) } else { Err(BadSignature::Algorithm) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_read_strictly() {
        assert_eq!(unhex(b"00fFa9"), Some(vec![0, 255, 0xA9]));
        for bad in [b"0".as_slice(), b"0g", b"+1", b" 1"] {
            assert_eq!(unhex(bad), None);
        }
        assert_eq!(hex(&[0, 255, 0xA9]), "00ffa9");
    }
}
