//! PAdES signatures (ETSI EN 319 142-1) for files that are and stay PDF/A and PDF/UA.
//!
//! The stages, each with its own type: [`reserve`] fields, [`prepare`] bytes and digest ([`Prepared`], serialisable),
//! [`SignedAttributes`], [`Cms`], [`Prepared::embed`], [`timestamp`], the document security store and the document
//! timestamp ([`extend`]), and [`verify`]. [`sign`] and [`complete`] run them in a row.
//!
//! Time, randomness and services come in as parameters. Nothing that others have signed is encoded again, and no byte
//! of a file is changed once it is there.
//!
//! ```
//! use sigill_sign::{Certificate, Indication, Policy, Result, verify};
//!
//! /// Fields whose signatures hold at a time, as far as the file alone can tell.
//! fn hold(pdf: &[u8], trusted: &[Certificate], time: chrono::DateTime<chrono::Utc>) -> Result<Vec<String>> {
//!     let report = verify(pdf, &Policy { trusted, time, outside: None })?;
//!     let hold = report.signatures.into_iter().filter(|s| s.indication == Indication::TotalPassed);
//!     Ok(hold.map(|s| s.field).collect())
//! }
//!
//! // What cannot be read is an error, never a file without signatures.
//! assert!(hold(b"no PDF", &[], chrono::DateTime::UNIX_EPOCH).is_err());
//! ```

mod asn1;
mod certificate;
mod cms;
mod crypto;
mod dss;
mod error;
mod examine;
mod field_list;
mod keys;
// Some texts are about keys that other builds have.
#[cfg_attr(not(all(feature = "pkcs11", feature = "pkcs12")), allow(dead_code))]
mod messages;
mod oids;
mod outside;
mod path;
mod pdf;
mod pem;
#[cfg(feature = "pkcs11")]
mod pkcs11;
mod prepare;
mod reserve;
mod revocation;
mod shown;
mod sign;
mod strict;
mod structure;
mod tsp;
mod verify;

pub use asn1::Malformed;
pub use certificate::Certificate;
pub use cms::{Cms, SignedAttributes};
pub use crypto::Digest;
pub use error::{Error, ErrorKind, Result};
pub use examine::examine;
pub use field_list::{FieldInfo, fields};
pub use keys::{Identity, Key, Scheme, Signer};
pub use outside::{Offline, Outside, Request, unreachable};
#[cfg(feature = "pkcs11")]
pub use pkcs11::TokenKey;
pub use prepare::{Entry, PLACE, Prepared, prepare};
pub use reserve::{FieldSpec, reserve};
pub use shown::shown;
pub use sigill_messages::{Lang, Texts};
pub use sigill_orders::Level;
pub use sigill_orders::{Indication, SubIndication};
pub use sign::{Context, Returned, check_certificate, complete, extend, sign};
pub use tsp::timestamp;
pub use verify::{FileVerification, Policy, Signatory, SignatureReport, Stamp, verify};
