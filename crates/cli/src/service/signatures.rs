//! Signatures, as the service orders them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sigill_layout::Engine;
use sigill_model::Lang;
use sigill_pack::verdict::examine;
use sigill_server::problem::Kind as Problem;
use sigill_server::signatures::{CompleteOptions, PrepareOptions};
use sigill_sign::{
    Context, Kind, Level, Outside, Policy, Prepared, Returned, complete as complete_pdf, verify as verify_pdf,
};

use super::worker::{Outcome, Refusal, finding};
use crate::args::ServiceWorkerArgs;
use crate::sign::{Failure, Unsigned, certificates_in, prepare_pdf, trusted};
use crate::sign_args::{DigestName, LookArgs};
use crate::sign_http::Http;
use crate::sign_report;

fn bad(sv: &str, en: &str) -> Refusal {
    Refusal::new(Problem::BadRequest, sv, en)
}

fn refused(failure: Failure) -> Refusal {
    let (findings, outside) = match failure {
        Failure::Findings(findings) => (findings, false),
        Failure::Outside(finding) => (vec![*finding], true),
        Failure::Stop(stop) => return Refusal::internal(stop.1),
    };
    let kind = match findings.first().map(|f| f.code.as_str()) {
        _ if outside => Problem::OutsideFailed,
        Some(code) if code == Kind::Pdf.code() || code == Kind::Encrypted.code() => Problem::UnreadablePdf,
        Some(code) if code == Kind::Stale.code() || code == Kind::FieldTaken.code() => Problem::SignatureConflict,
        _ => Problem::SignatureRefused,
    };
    let (sv, en) =
        findings.first().map(|f| (f.message(Lang::Sv).to_owned(), f.message(Lang::En).to_owned())).unwrap_or_default();
    Refusal { findings: findings.iter().filter_map(|f| finding(f, None)).collect(), ..Refusal::new(kind, sv, en) }
}

fn time_of(text: &str) -> Result<DateTime<Utc>, Refusal> {
    DateTime::parse_from_rfc3339(text).map(|t| t.to_utc()).map_err(Refusal::internal)
}

fn pdf_of(blobs: &[Vec<u8>]) -> Result<&Vec<u8>, Refusal> {
    blobs.first().ok_or_else(|| Refusal::internal("an order without its PDF"))
}

fn base64(text: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(text.trim()).map_err(|_| {
        Refusal::new(
            Problem::BadRequest,
            format!("options.{name} är inte base64."),
            format!("options.{name} is not base 64."),
        )
    })
}

pub(super) fn prepare(options: Value, time: &str, blobs: &[Vec<u8>]) -> Outcome {
    let options: PrepareOptions = serde_json::from_value(options).map_err(Refusal::internal)?;
    let chain = match &options.certificate_pem {
        Some(pem) => certificates_in(pem.as_bytes(), "certificate_pem").map_err(refused)?,
        None => Vec::new(),
    };
    let digest = match options.digest.as_deref() {
        None | Some("sha256") => DigestName::Sha256,
        Some("sha384") => DigestName::Sha384,
        Some(_) => {
            return Err(bad(
                "options.digest ska vara sha256 eller sha384.",
                "options.digest must be sha256 or sha384.",
            ));
        }
    };
    let look = LookArgs {
        title: options.title,
        reason: options.reason,
        location: options.location,
        image: None,
        seal: options.seal,
    };
    let unsigned = Unsigned {
        pdf: pdf_of(blobs)?,
        field: &options.field,
        certificate: chain.first(),
        digest,
        name: options.name,
        look: &look,
        time: time_of(time)?,
    };
    let (file, prepared) = prepare_pdf(unsigned).map_err(refused)?;
    let attributes = prepared.attributes().map_err(Refusal::internal)?;
    let value = json!({
        "state": prepared,
        "digest": STANDARD.encode(prepared.digest_algorithm.of(attributes.der())),
        "attributes": STANDARD.encode(attributes.der()),
    });
    Ok((value, vec![file]))
}

pub(super) fn complete(args: &ServiceWorkerArgs, options: Value, time: &str, blobs: &[Vec<u8>]) -> Outcome {
    let options: CompleteOptions = serde_json::from_value(options).map_err(Refusal::internal)?;
    let prepared: Prepared = serde_json::from_value(options.state)
        .map_err(|e| Refusal::new(Problem::BadRequest, format!("options.state: {e}"), format!("options.state: {e}")))?;
    let level = match options.level.as_deref() {
        None | Some("b") => Level::B,
        Some("t") => Level::T,
        Some("lt") => Level::Lt,
        Some("lta") => Level::Lta,
        Some(_) => {
            return Err(bad("options.level ska vara b, t, lt eller lta.", "options.level must be b, t, lt or lta."));
        }
    };
    if level > Level::B && args.tsa.is_none() {
        return Err(bad(
            "Tjänsten har ingen tidsstämplingstjänst (sign.tsa); bara nivå b går att göra.",
            "The service has no timestamp service (sign.tsa); only level b can be made.",
        ));
    }
    // Evidence is fetched from addresses in certificates: only those of trusted issuers may name any.
    if level > Level::T && args.trust.is_empty() {
        return Err(bad(
            "Tjänsten har inga betrodda certifikat (sign.trust), som nivåerna lt och lta kräver.",
            "The service has no trusted certificates (sign.trust), which levels lt and lta need.",
        ));
    }
    let chain = certificates_in(options.certificates_pem.as_bytes(), "certificates_pem").map_err(refused)?;
    let attributes = options.attributes.as_deref().map(|a| base64(a, "attributes")).transpose()?;
    let returned = Returned { signature: base64(&options.signature, "signature")?, chain, attributes };
    let (outside, trusted) = (Http::new(), trusted(&args.trust).map_err(refused)?);
    let context = Context { time: time_of(time)?, tsa: args.tsa.as_deref(), trusted: &trusted, outside: &outside };
    let signed = complete_pdf(pdf_of(blobs)?.clone(), &prepared, returned, level, false, &context)
        .map_err(|e| refused(e.into()))?;
    Ok((Value::Null, vec![signed]))
}

pub(super) fn verify(
    engine: &Engine,
    args: &ServiceWorkerArgs,
    time: &str,
    profile: Option<&str>,
    format: &str,
    english: bool,
    blobs: &[Vec<u8>],
) -> Outcome {
    let pdf = pdf_of(blobs)?;
    let trusted = trusted(&args.trust).map_err(refused)?;
    let http = Http::new();
    let outside: Option<&dyn Outside> = if args.online { Some(&http) } else { None };
    let policy = Policy { trusted: &trusted, time: time_of(time)?, outside };
    let report = verify_pdf(pdf, &policy).map_err(|e| refused(e.into()))?;
    // The name a client has for its file is the client's; the digest in the report tells which file it was.
    let name = "fil.pdf";
    match format {
        "pdf" => {
            let profiles = engine.layouts().profile_names();
            let profile = match profile {
                Some(named) if profiles.contains(&named) => named,
                Some(_) => {
                    return Err(bad(
                        "Profilen finns inte; se /v1/profiles.",
                        "There is no such profile; see /v1/profiles.",
                    ));
                }
                None => return Err(bad("Ange profile; se /v1/profiles.", "Give a profile; see /v1/profiles.")),
            };
            Ok((Value::Null, vec![sign_report::pdf(&report, name, profile).map_err(refused)?]))
        }
        "text" => {
            let lang = if english { Lang::En } else { Lang::Sv };
            Ok((Value::Null, vec![sign_report::text(&report, name, lang).into_bytes()]))
        }
        _ => {
            let verdict = examine(pdf);
            let checks: Vec<_> = verdict
                .checks
                .iter()
                .map(|c| json!({"clause": c.clause, "passed": c.faults == 0, "sv": c.sv, "en": c.en}))
                .collect();
            let conformance =
                json!({"archival": verdict.archival(), "accessible": verdict.accessible(), "checks": checks});
            Ok((json!({"report": sign_report::json(&report, name), "conformance": conformance}), Vec::new()))
        }
    }
}
