//! Keys that stay in their hardware (PKCS#11).

use std::fmt;
use std::path::Path;
use std::sync::Mutex;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;

use crate::asn1::{SEQUENCE, nest, unsigned};
use crate::certificate::Certificate;
use crate::error::{Error, ErrorKind, Result};
use crate::keys::{Identity, Scheme, Signer};
use crate::messages::key as texts;

/// Where a key is.
#[derive(Debug, Clone, Copy)]
pub struct TokenKey<'a> {
    /// The library of the hardware's maker.
    pub module: &'a Path,
    /// Label of the token.
    pub token: &'a str,
    /// Label of the private key.
    pub key: &'a str,
}

/// A key in a token, with an open session.
struct Token {
    session: Mutex<Session>,
    key: ObjectHandle,
    scheme: Scheme,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Identity {
    /// A key in hardware. The first certificate is the signer's; whether the key is its own shows when it signs.
    ///
    /// # Errors
    /// When the library, the token or the key is not there, the PIN is wrong, or the token is open in this process.
    pub fn from_pkcs11(place: TokenKey<'_>, pin: &str, chain: Vec<Certificate>) -> Result<Self> {
        let certificate = chain.first().ok_or_else(|| Error::new(ErrorKind::Key, &texts::CertificateMissing))?;
        let scheme = Scheme::of_certificate(certificate)?;
        let failed = |error: TokenError| failure(place, &error);
        let library = Pkcs11::new(place.module).map_err(failed)?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error)),
        }
        let slots = library.get_slots_with_token().map_err(failed)?;
        let is_it = |slot: &&cryptoki::slot::Slot| {
            library.get_token_info(**slot).is_ok_and(|info| info.label().trim_end() == place.token)
        };
        let slot = *slots
            .iter()
            .find(is_it)
            .ok_or_else(|| Error::new(ErrorKind::Key, &texts::NoToken { label: &place.token }))?;
        let session = library.open_ro_session(slot).map_err(failed)?;
        // A token that is open already would take any PIN: that is an error too.
        session.login(UserType::User, Some(&AuthPin::new(pin.into()))).map_err(failed)?;
        let template = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Label(place.key.as_bytes().to_vec())];
        let keys = session.find_objects(&template).map_err(failed)?;
        let [key] = keys.as_slice() else {
            return Err(Error::new(ErrorKind::Key, &texts::NoSingleKey { label: &place.key }));
        };
        let token = Token { key: *key, session: Mutex::new(session), scheme };
        Ok(Self { signer: Box::new(token), chain })
    }
}

fn failure(place: TokenKey<'_>, error: &TokenError) -> Error {
    match error {
        TokenError::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid, _) => {
            Error::new(ErrorKind::Key, &texts::Pin)
        }
        error => Error::new(ErrorKind::Key, &texts::Hardware { module: &place.module.display(), reason: error }),
    }
}

impl Signer for Token {
    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let failed = |error: String| Error::new(ErrorKind::Key, &texts::HardwareSigning { reason: &error });
        let session = self.session.lock().map_err(|e| failed(e.to_string()))?;
        let signed = match self.scheme {
            Scheme::RsaSha256 => session.sign(&Mechanism::Sha256RsaPkcs, self.key, message),
            Scheme::RsaPssSha256 => return Err(Error::new(ErrorKind::Key, &texts::Kind)),
            Scheme::P256Sha256 | Scheme::P384Sha384 => {
                session.sign(&Mechanism::Ecdsa, self.key, &self.scheme.digest().of(message)).map(|pair| {
                    // Tokens give both numbers side by side; CMS wants them in DER (RFC 3279, 2.2.3).
                    let (r, s) = pair.split_at(pair.len() / 2);
                    nest(SEQUENCE, &[&unsigned(r), &unsigned(s)])
                })
            }
        };
        signed.map_err(|error| failed(error.to_string()))
    }
}
