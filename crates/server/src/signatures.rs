//! `/v1/sign/prepare`, `/v1/sign/complete` and `/v1/verify`. The private key is never here: what is signed elsewhere
//! is a digest, or signed attributes.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigill_orders::{Conformance, Order, Product, VerifyFormat};
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::body::LimitedBody;
use crate::budget::Share;
use crate::config::Scope;
use crate::documents::{disposition, query};
use crate::language::Language;
use crate::messages::request;
use crate::openapi::{DOCUMENT, Problems};
use crate::pool::unexpected;
use crate::problem::{Kind, Problem, Result};
use crate::protocol::choice;
use crate::state::{App, AuditEvent, RequestId, admit};
use crate::verification::VerificationReport;
use crate::{accept, clock, etag, upload};

/// How a signature is prepared.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareOptions {
    /// Name of the signature field.
    pub field: String,
    /// The signer's certificate in PEM, if it is known.
    pub certificate_pem: Option<String>,
    /// `sha256` (default) or `sha384`, when the certificate is not known.
    pub digest: Option<String>,
    /// Name that is shown, when the certificate is not known.
    pub name: Option<String>,
    /// The signer's title, which is shown.
    pub title: Option<String>,
    /// Why the file is signed.
    pub reason: Option<String>,
    /// Where the file is signed.
    pub location: Option<String>,
    /// Whether it is the organisation's seal.
    #[serde(default)]
    pub seal: bool,
}

/// How a signature is completed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteOptions {
    /// The state from prepare, unchanged.
    #[schema(value_type = Object)]
    pub state: Value,
    /// The signature's bytes, in base 64.
    pub signature: String,
    /// Certificates in PEM, the signer's first.
    pub certificates_pem: String,
    /// The signed attributes in DER and base 64, if the signing service altered them.
    pub attributes: Option<String>,
    /// PAdES level: `b` (default), `t`, `lt`, `lta`.
    pub level: Option<String>,
}

/// A prepared signature: the digest and the attributes go to the one who signs, the rest stays.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Prepared {
    /// State that complete needs.
    #[schema(value_type = Object)]
    pub state: Value,
    /// Digest of the signed attributes, in base 64: what is signed.
    pub digest: String,
    /// The signed attributes in DER, in base 64.
    pub attributes: String,
    /// The prepared PDF, in base 64, which complete needs.
    #[serde(default)]
    #[schema(required)]
    pub pdf: String,
}

/// A PDF with options in JSON.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct PrepareForm {
    /// The PDF.
    #[schema(value_type = String, format = Binary)]
    pdf: String,
    options: PrepareOptions,
}

/// A prepared PDF with options in JSON.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct CompleteForm {
    /// The prepared PDF.
    #[schema(value_type = String, format = Binary)]
    pdf: String,
    options: CompleteOptions,
}

/// A PDF.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct PdfForm {
    /// The PDF.
    #[schema(value_type = String, format = Binary)]
    pdf: String,
}

/// How a PDF is verified.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerifyQuery {
    /// Verify as of a time: `2026-11-22T10:00:00Z`.
    #[param(format = DateTime)]
    at: Option<String>,
    /// Profile whose style a report in PDF has.
    profile: Option<String>,
}

/// What verifying came to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Verified {
    /// The report on signatures, as `sigill verify --format json` writes it.
    pub report: VerificationReport,
    /// What a validator is expected to say of the file.
    pub conformance: Conformance,
}

impl Verified {
    /// Of what a worker says, all of it or nothing.
    fn of(said: sigill_orders::Verified) -> Result<Self> {
        let sigill_orders::Verified { report, conformance } = said;
        let report = serde_json::from_value(report).map_err(|e| {
            tracing::error!(error = %e, "a worker's report cannot be read");
            Problem::of(Kind::Internal)
        })?;
        Ok(Self { report, conformance })
    }
}

async fn form<T: serde::de::DeserializeOwned>(
    app: &App,
    share: &Share,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, T)> {
    let [pdf, options] = upload::once(headers, body, &app.config.limits, share, ["pdf", "options"]).await?;
    let pdf = pdf.ok_or_else(|| upload::missing("pdf"))?;
    let options = options.ok_or_else(|| upload::missing("options"))?;
    Ok((pdf, options_of(&options)?))
}

/// Reads a part in JSON. It has to be an object: serde takes a list for one as well.
pub(crate) fn options_of<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // Into the type at once: a field that stands twice is an error there, and the last one where all goes into a map.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(wrong_options(&serde::de::Error::custom("an object is expected")));
    }
    serde_json::from_slice(bytes).map_err(|e| wrong_options(&e))
}

fn wrong_options(error: &serde_json::Error) -> Box<Problem> {
    // What serde says quotes nothing but the client's own field names and values.
    Problem::new(Kind::BadRequest, &request::Options { reason: &error })
}

/// Bytes that a client has sent in base 64.
fn base64(text: &str, name: &str) -> Result<Bytes> {
    STANDARD
        .decode(text.trim())
        .map(Bytes::from)
        .map_err(|_| Problem::new(Kind::BadRequest, &request::NoBase64 { name: &name }))
}

/// Make a PDF ready to be signed elsewhere.
#[utoipa::path(
    post,
    path = "/v1/sign/prepare",
    tag = "signatures",
    request_body(content = PrepareForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What to sign", body = Prepared), Problems<DOCUMENT>),
    security(("bearer" = ["sign"])),
)]
pub(crate) async fn prepare(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Prepared>> {
    let caller = admit(&app, &headers, Scope::Sign).await?;
    accept::choose(&headers, &["application/json"])?;
    let share = app.body_budget.share(&caller.id);
    let (pdf, options) = form::<PrepareOptions>(&app, &share, &headers, body).await?;
    let PrepareOptions { field, certificate_pem, digest, name, title, reason, location, seal } = options;
    let digest = choice(digest.as_deref(), "options.digest")?;
    let options = sigill_orders::PrepareOptions { field, certificate_pem, digest, name, title, reason, location, seal };
    let order = Order::SignPrepare { options, time: clock::now().to_rfc3339() };
    let (product, mut out) = app.pool.run(&caller.id, order, vec![pdf]).await?;
    let (Product::Prepared(prepared), Some(pdf)) = (product, out.pop()) else { return Err(unexpected()) };
    audit(&app, "sign-prepare", &caller, &pdf, &id).await?;
    Ok(Json(Prepared {
        state: prepared.state,
        digest: STANDARD.encode(prepared.digest),
        attributes: STANDARD.encode(prepared.attributes),
        pdf: STANDARD.encode(&pdf),
    }))
}

async fn audit(app: &App, what: &str, who: &Caller, pdf: &Bytes, id: &RequestId) -> Result<()> {
    let digest = etag::sha256(pdf);
    let bytes = Some(pdf.len() as u64);
    let made = AuditEvent { what, sha256: Some(&digest), pages: None, bytes, job: None };
    app.audit(&who.id, Some(&id.0), made).await
}

/// Put in a signature made elsewhere.
#[utoipa::path(
    post,
    path = "/v1/sign/complete",
    tag = "signatures",
    request_body(content = CompleteForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The signed PDF", body = Vec<u8>, content_type = "application/pdf"), Problems<DOCUMENT>),
    security(("bearer" = ["sign"])),
)]
pub(crate) async fn complete(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let caller = admit(&app, &headers, Scope::Sign).await?;
    accept::choose(&headers, &["application/pdf"])?;
    let share = app.body_budget.share(&caller.id);
    let (pdf, options) = form::<CompleteOptions>(&app, &share, &headers, body).await?;
    let CompleteOptions { state, signature, certificates_pem, attributes, level } = options;
    let mut blobs = vec![pdf, base64(&signature, "signature")?];
    if let Some(attributes) = attributes {
        blobs.push(base64(&attributes, "attributes")?);
    }
    let level = choice(level.as_deref(), "options.level")?;
    let options = sigill_orders::CompleteOptions { state, certificates_pem, level };
    let order = Order::SignComplete { options, time: clock::now().to_rfc3339() };
    let (product, mut out) = app.pool.run(&caller.id, order, blobs).await?;
    let (Product::Signed, Some(pdf)) = (product, out.pop()) else { return Err(unexpected()) };
    audit(&app, "sign", &caller, &pdf, &id).await?;
    let tag = HeaderValue::from_str(&etag::tag(&etag::sha256(&pdf)));
    let mut response = ([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response();
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition("attachment", "undertecknad.pdf"));
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Verify the signatures of a PDF, and see whether it keeps PDF/A and PDF/UA.
#[utoipa::path(
    post,
    path = "/v1/verify",
    tag = "signatures",
    params(VerifyQuery),
    request_body(content((Vec<u8> = "application/pdf"), (PdfForm = "multipart/form-data"))),
    responses(
        (status = 200, description = "The report, whatever it came to",
         content((Verified = "application/json"), (Vec<u8> = "application/pdf"), (String = "text/plain"))),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["verify"])),
)]
pub(crate) async fn verify(
    State(app): State<App>,
    Language(lang): Language,
    headers: HeaderMap,
    asked: std::result::Result<Query<VerifyQuery>, QueryRejection>,
    body: Body,
) -> Result<Response> {
    let caller = admit(&app, &headers, Scope::Verify).await?;
    let VerifyQuery { at, profile } = query(asked)?;
    let time = match at {
        Some(at) => DateTime::parse_from_rfc3339(&at).map_err(|_| Problem::new(Kind::BadRequest, &request::Time))?,
        None => clock::now().fixed_offset(),
    };
    let media = accept::choose(&headers, &["application/json", "application/pdf", "text/plain"])?;
    let share = app.body_budget.share(&caller.id);
    let pdf = match upload::media_type(&headers).as_str() {
        "application/pdf" => {
            let body = LimitedBody::new(&headers, body, app.config.limits.body_mb, &app.config.limits)?;
            body.within(Some(&share)).whole().await?
        }
        "multipart/form-data" => {
            let [pdf] = upload::once(&headers, body, &app.config.limits, &share, ["pdf"]).await?;
            pdf.ok_or_else(|| upload::missing("pdf"))?
        }
        _ => return Err(upload::neither("application/pdf")),
    };
    let format = match media {
        "application/pdf" => VerifyFormat::Pdf,
        "text/plain" => VerifyFormat::Text,
        _ => VerifyFormat::Json,
    };
    let profile = profile.or_else(|| app.catalog.first_profile.clone());
    let order = Order::Verify { time: time.to_utc().to_rfc3339(), profile, format, lang };
    let (product, mut out) = app.pool.run(&caller.id, order, vec![pdf]).await?;
    let file = |media: &'static str, file: Bytes| ([(header::CONTENT_TYPE, media)], file).into_response();
    let mut response = match (format, product, out.pop()) {
        (VerifyFormat::Json, Product::Verified(verified), _) => Json(Verified::of(verified)?).into_response(),
        (VerifyFormat::Pdf, Product::Report, Some(report)) => file("application/pdf", report),
        (VerifyFormat::Text, Product::Report, Some(report)) => file("text/plain; charset=utf-8", report),
        _ => return Err(unexpected()),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    Ok(response)
}
