//! Signatures, as the service orders them.

use chrono::{DateTime, Utc};
use sigill_model::Localize;
use sigill_orders::{
    CompleteOptions, Lang, Level, PrepareOptions, PreparedSignature, Product, Reason, Refusal, Settings, Verified,
    VerifyFormat,
};
use sigill_sign::{Prepared, Returned};

use super::refusal::{OrderOutcome, internal, refusal, refused};
use crate::certificates::certificates_in;
use crate::engine::LazyEngine;
use crate::messages::order;
use crate::sign::{self, SignatureContent, SigningTerms, UnsignedFile};
use crate::verify::{self, conformance};

fn bad(message: &dyn Localize) -> Refusal {
    refusal(Reason::BadRequest, message)
}

fn time_of(text: &str) -> Result<DateTime<Utc>, Refusal> {
    DateTime::parse_from_rfc3339(text).map(|t| t.to_utc()).map_err(internal)
}

fn blob<'a>(blobs: &'a [Vec<u8>], index: usize, what: &str) -> Result<&'a Vec<u8>, Refusal> {
    blobs.get(index).ok_or_else(|| internal(format!("an order without its {what}")))
}

pub(super) fn prepare(engine: &LazyEngine, options: PrepareOptions, time: &str, blobs: &[Vec<u8>]) -> OrderOutcome {
    let PrepareOptions { field, certificate_pem, digest, name, title, reason, location, seal } = options;
    let chain = match &certificate_pem {
        Some(pem) => certificates_in(pem.as_bytes(), "certificate_pem").map_err(refused)?,
        None => Vec::new(),
    };
    let look = SignatureContent { title, reason, location, image: None, seal };
    let unsigned = UnsignedFile {
        pdf: blob(blobs, 0, "PDF")?,
        field: &field,
        certificate: chain.first(),
        digest,
        name,
        look: &look,
        time: time_of(time)?,
    };
    let (file, prepared) = sign::prepare(engine, unsigned).map_err(refused)?;
    let attributes = prepared.attributes().map_err(internal)?;
    let told = PreparedSignature {
        state: serde_json::to_value(&prepared).map_err(internal)?,
        digest: prepared.digest_algorithm.of(attributes.der()),
        attributes: attributes.der().to_vec(),
    };
    Ok((Product::Prepared(told), vec![file]))
}

pub(super) fn complete(settings: &Settings, options: CompleteOptions, time: &str, blobs: &[Vec<u8>]) -> OrderOutcome {
    let CompleteOptions { state, certificates_pem, level } = options;
    let prepared: Prepared = serde_json::from_value(state).map_err(|e| bad(&format_args!("options.state: {e}")))?;
    if level > Level::B && settings.tsa.is_none() {
        return Err(bad(&order::NoTsa));
    }
    // Evidence is fetched from addresses in certificates: only those of trusted issuers may name any.
    if level > Level::T && settings.trust.is_empty() {
        return Err(bad(&order::NoTrust));
    }
    let chain = certificates_in(certificates_pem.as_bytes(), "certificates_pem").map_err(refused)?;
    let signature = blob(blobs, 1, "signature")?.clone();
    let returned = Returned { signature, chain, attributes: blobs.get(2).cloned() };
    let terms = SigningTerms {
        time: time_of(time)?,
        level,
        tsa: settings.tsa.clone(),
        trust: settings.trust.clone(),
        force: false,
    };
    let signed = sign::complete(blob(blobs, 0, "PDF")?.clone(), &prepared, returned, &terms).map_err(refused)?;
    Ok((Product::Signed, vec![signed.pdf]))
}

/// What is asked of a verification.
pub(super) struct Verification<'a> {
    pub(super) time: &'a str,
    pub(super) profile: Option<&'a str>,
    pub(super) format: VerifyFormat,
    pub(super) lang: Lang,
}

pub(super) fn verify(engine: &LazyEngine, asked: &Verification<'_>, blobs: &[Vec<u8>]) -> OrderOutcome {
    let pdf = blob(blobs, 0, "PDF")?;
    let Settings { trust, online, .. } = engine.settings();
    let report = verify::verify(pdf, trust, time_of(asked.time)?, *online).map_err(refused)?;
    // The name a client has for its file is the client's; the digest in the report tells which file it was.
    let name = "fil.pdf";
    match asked.format {
        VerifyFormat::Pdf => {
            let engine = engine.get().map_err(internal)?;
            let profiles = engine.layouts().profile_names();
            let profile = match asked.profile {
                Some(named) if profiles.contains(&named) => named,
                Some(_) => {
                    return Err(bad(&order::UnknownProfile));
                }
                None => return Err(bad(&order::NoProfile)),
            };
            let page = verify::pdf(engine, &report, name, profile).map_err(refused)?;
            Ok((Product::Report, vec![page]))
        }
        VerifyFormat::Text => Ok((Product::Report, vec![verify::text(&report, name, asked.lang).into_bytes()])),
        VerifyFormat::Json => {
            let verified = Verified { report: verify::json(&report, name), conformance: conformance(pdf) };
            Ok((Product::Verified(verified), Vec::new()))
        }
    }
}
