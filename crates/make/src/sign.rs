//! Signing: in one go, in two steps with the key elsewhere, and renewing.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sigill_layout::Appearance;
use sigill_model::{Diagnostic, Severity};
use sigill_orders::{Digest, Level};
use sigill_sign::{
    Certificate, Context, Entry, ErrorKind, Identity, Prepared, Returned, Scheme, check_certificate, examine, fields,
};

use crate::certificates::trusted;
use crate::engine::LazyEngine;
use crate::error::{Error, finding};
use crate::http::Http;

/// The content of a signature besides the name: reason, location, picture.
#[derive(Debug, Clone, Default)]
pub struct SignatureContent {
    /// The signer's title.
    pub title: Option<String>,
    /// Why the file is signed.
    pub reason: Option<String>,
    /// Where the file is signed.
    pub location: Option<String>,
    /// A picture beside the name: what it is called, and its content (PNG, JPEG or SVG).
    pub image: Option<(String, Vec<u8>)>,
    /// Whether it is the organisation's seal.
    pub seal: bool,
}

/// The terms of signing: time, level, services and trust.
#[derive(Debug, Clone)]
pub struct SigningTerms {
    /// The time.
    pub time: DateTime<Utc>,
    /// Level to reach.
    pub level: Level,
    /// Address of the timestamp service, needed from level T on.
    pub tsa: Option<String>,
    /// Folders and files with trusted certificates.
    pub trust: Vec<PathBuf>,
    /// Whether a certificate that is not valid is used all the same.
    pub force: bool,
}

/// A signed file.
#[derive(Debug)]
pub struct SignedFile {
    /// The file.
    pub pdf: Vec<u8>,
    /// The name it is signed with.
    pub name: String,
    /// A certificate that is not valid and was used all the same, and what is doubtful in the file.
    pub warnings: Vec<Diagnostic>,
}

impl SigningTerms {
    /// Runs something in these surroundings.
    fn within<T>(&self, run: impl FnOnce(&Context<'_>) -> sigill_sign::Result<T>) -> Result<T, Error> {
        let (outside, trusted) = (Http::new(), trusted(&self.trust)?);
        let context = Context { time: self.time, tsa: self.tsa.as_deref(), trusted: &trusted, outside: &outside };
        Ok(run(&context)?)
    }

    /// Warns of a certificate that is used although it is not valid.
    ///
    /// # Errors
    /// When it may not be used.
    fn warn(&self, certificate: &Certificate) -> Result<Vec<Diagnostic>, Error> {
        match check_certificate(certificate, self.time, false) {
            Err(e) if e.kind == ErrorKind::Expired && self.force => Ok(vec![finding(e, Severity::Warning)]),
            other => other.map(|()| Vec::new()).map_err(Error::from),
        }
    }
}

/// Signs a field with a key at hand.
///
/// # Errors
/// When the file, the field, the certificate or a service does not let it.
pub fn sign(
    engine: &LazyEngine,
    pdf: &[u8],
    field: &str,
    identity: &Identity,
    look: &SignatureContent,
    terms: &SigningTerms,
) -> Result<SignedFile, Error> {
    let certificate = identity.certificate();
    let (name, mut warnings) = (shown_name(certificate, look.seal), terms.warn(certificate)?);
    warnings.extend(examine(pdf, field)?.into_iter().map(|doubt| finding(doubt, Severity::Warning)));
    let appearance = appearance(engine, pdf, field, look, &name, Some(terms.level), terms.time)?;
    let entry = entry(field, look, appearance.as_deref(), Some(&name));
    let signed = terms.within(|context| sigill_sign::sign(pdf, &entry, identity, terms.level, terms.force, context))?;
    Ok(SignedFile { pdf: signed, name, warnings })
}

/// A PDF to be signed elsewhere, and what is known of the signature to come.
pub struct UnsignedFile<'a> {
    /// The file.
    pub pdf: &'a [u8],
    /// Name of the field.
    pub field: &'a str,
    /// The signer's certificate, if it is known.
    pub certificate: Option<&'a Certificate>,
    /// When the certificate is not known.
    pub digest: Digest,
    /// When the certificate is not known.
    pub name: Option<String>,
    /// What the signature shows.
    pub look: &'a SignatureContent,
    /// Time of signing.
    pub time: DateTime<Utc>,
}

/// Makes a file ready to be signed elsewhere: the prepared file and its state.
///
/// # Errors
/// When the file, the field or the certificate does not let it.
pub fn prepare(engine: &LazyEngine, unsigned: UnsignedFile<'_>) -> Result<(Vec<u8>, Prepared), Error> {
    let UnsignedFile { pdf, field, certificate, digest, name, look, time } = unsigned;
    let digest = match (certificate, digest) {
        (Some(certificate), _) => {
            check_certificate(certificate, time, false)?;
            Scheme::of_certificate(certificate)?.digest()
        }
        (None, Digest::Sha256) => sigill_sign::Digest::Sha256,
        (None, Digest::Sha384) => sigill_sign::Digest::Sha384,
    };
    let name = name.or_else(|| certificate.map(|c| shown_name(c, look.seal)));
    let appearance = match &name {
        Some(name) => appearance(engine, pdf, field, look, name, None, time)?,
        None => None,
    };
    let entry = entry(field, look, appearance.as_deref(), name.as_deref());
    Ok(sigill_sign::prepare(pdf, &entry, digest, certificate, time)?)
}

/// Puts in a signature made elsewhere.
///
/// # Errors
/// When it does not fit the file, or a service does not let it.
pub fn complete(
    file: Vec<u8>,
    prepared: &Prepared,
    returned: Returned,
    terms: &SigningTerms,
) -> Result<SignedFile, Error> {
    let returned = returned.in_order();
    let (mut warnings, mut name) = (Vec::new(), String::new());
    if let Some(certificate) = returned.chain.first() {
        warnings = terms.warn(certificate)?;
        name = certificate.name();
    }
    let pdf =
        terms.within(|context| sigill_sign::complete(file, prepared, returned, terms.level, terms.force, context))?;
    Ok(SignedFile { pdf, name, warnings })
}

/// Brings a signed file to a higher level, or renews it.
///
/// # Errors
/// When the file or a service does not let it.
pub fn extend(pdf: &[u8], terms: &SigningTerms) -> Result<Vec<u8>, Error> {
    terms.within(|context| sigill_sign::extend(pdf, terms.level, context))
}

/// A person's name, or the organisation's for its seal.
fn shown_name(certificate: &Certificate, seal: bool) -> String {
    if seal { certificate.organisation().unwrap_or_else(|| certificate.name()) } else { certificate.name() }
}

fn entry<'a>(
    field: &'a str,
    look: &'a SignatureContent,
    appearance: Option<&'a [u8]>,
    name: Option<&'a str>,
) -> Entry<'a> {
    let (reason, location) = (look.reason.as_deref(), look.location.as_deref());
    Entry { field, appearance, name, reason, location, place: 0 }
}

/// The look of the signature, as large as its field; none when the field is not seen or not there.
fn appearance(
    engine: &LazyEngine,
    pdf: &[u8],
    field: &str,
    look: &SignatureContent,
    name: &str,
    level: Option<Level>,
    time: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, Error> {
    let all = fields(pdf)?;
    let Some(found) = all.iter().find(|f| f.name == field && f.size.0 > 1.0 && f.size.1 > 1.0) else { return Ok(None) };
    let level = level.map(|l| match l {
        Level::B => "PAdES B-B",
        Level::T => "PAdES B-T",
        Level::Lt => "PAdES B-LT",
        Level::Lta => "PAdES B-LTA",
    });
    let when = [Some(crate::swedish_time::swedish_time(time)), level.map(str::to_owned)];
    let why = [look.reason.clone(), look.location.clone()];
    let joined = |parts: [Option<String>; 2]| parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let lines = [look.title.clone().unwrap_or_default(), joined(when), joined(why)];
    let heading = if look.seal { "Elektroniskt stämplad av" } else { "Elektroniskt undertecknad av" };
    Ok(Some(engine.get()?.signature_appearance(&Appearance {
        width: found.size.0,
        height: found.size.1,
        heading,
        name,
        lines: lines.into_iter().filter(|l| !l.is_empty()).collect(),
        image: look.image.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
    })?))
}
