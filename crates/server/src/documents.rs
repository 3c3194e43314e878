//! `/v1/render` and `/v1/check`: a model in, a document or findings out.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sigill_orders::{Checked, DocumentOptions, Order, Product, Reserve, SignaturePlace, Standard};
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::config::Scope;
use crate::messages::request;
use crate::openapi::{DOCUMENT, Problems};
use crate::pool::unexpected;
use crate::problem::{Finding, Kind, Problem, Result};
use crate::protocol::choice;
use crate::state::{App, AuditEvent, RequestId, admit};
use crate::{accept, etag, upload};

/// How a document is rendered.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RenderQuery {
    /// Profile instead of the model's own.
    profile: Option<String>,
    /// PDF standard: `a-2a+ua-1` (default), `a-3a+ua-1`, `a-2u`, `a-1a`, `a-1b`, `none`.
    standard: Option<String>,
    /// Signature blocks that become fields; `digital` when left out.
    #[param(inline)]
    reserve: Option<Reserve>,
}

/// How a document is checked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CheckQuery {
    /// Profile instead of the model's own.
    profile: Option<String>,
}

/// A document and what was found about it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Rendered {
    /// Number of pages.
    pages: usize,
    /// PDF standard.
    standard: String,
    /// SHA-256 of the PDF, in hexadecimal.
    #[serde(default)]
    #[schema(required)]
    sha256: String,
    /// A name for the file.
    file_name: String,
    /// Places to sign, in order.
    signatures: Vec<SignaturePlace>,
    /// Warnings.
    findings: Vec<Finding>,
    /// The PDF, in base 64.
    #[serde(default)]
    #[schema(required)]
    pdf: String,
}

/// A model with the files it names.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct DocumentForm {
    /// The model, as JSON.
    #[schema(value_type = String, content_media_type = "application/json")]
    model: String,
    /// Files; the file name of each part is the path the model has it under.
    #[schema(value_type = Vec<String>, format = Binary, required = false)]
    file: Option<Vec<String>>,
}

pub(crate) fn query<T>(query: std::result::Result<Query<T>, QueryRejection>) -> Result<T> {
    query.map(|q| q.0).map_err(|e| {
        let why = e.body_text();
        Problem::new(Kind::BadRequest, &request::Query { reason: &why })
    })
}

/// What stands in a name as `%` and digits: all but some of the characters that need not (RFC 8187, 3.2.1).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// `Content-Disposition` with a name of any letters (RFC 6266, RFC 8187).
pub(crate) fn disposition(way: &str, name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let encoded = utf8_percent_encode(name, ENCODED);
    HeaderValue::from_str(&format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Reads a document's request, and has a worker carry out an order about it.
async fn ordered(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
    order: impl FnOnce(Vec<String>) -> Order,
) -> Result<(Product, Vec<Bytes>)> {
    let share = app.body_budget.share(&caller.id);
    let document = upload::document(headers, body, &app.config.limits, &share).await?;
    let mut blobs = vec![document.model];
    blobs.extend(document.files);
    app.pool.run(&caller.id, order(document.names), blobs).await
}

/// Make a PDF of a model.
#[utoipa::path(
    post,
    path = "/v1/render",
    tag = "documents",
    params(RenderQuery),
    request_body(content(
        (Value = "application/json"),
        (DocumentForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "The document", content((Vec<u8> = "application/pdf"), (Rendered = "application/json"))),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["render"])),
)]
pub(crate) async fn render(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    asked: std::result::Result<Query<RenderQuery>, QueryRejection>,
    body: Body,
) -> Result<Response> {
    let caller = admit(&app, &headers, Scope::Render).await?;
    let RenderQuery { profile, standard, reserve } = query(asked)?;
    let media = accept::choose(&headers, &["application/pdf", "application/json"])?;
    let standard: Standard = choice(standard.as_deref(), "standard")?;
    let reserve = reserve.unwrap_or_default();
    let max_pages = Some(app.config.limits.pages);
    let options = DocumentOptions { profile, standard, reserve, max_pages };
    let (product, mut out) = ordered(&app, &caller, &headers, body, |files| Order::Render { options, files }).await?;
    let (Product::Rendered(document), Some(pdf)) = (product, out.pop()) else { return Err(unexpected()) };
    let sigill_orders::Rendered { pages, file_name, signatures, findings } = document;
    let (standard, sha256) = (standard.name().to_owned(), etag::sha256(&pdf));
    let mut rendered = Rendered { pages, standard, sha256, file_name, signatures, findings, pdf: String::new() };
    app.metrics.documents.inc();
    app.metrics.pages.inc_by(rendered.pages as u64);
    let made = AuditEvent {
        what: "render",
        sha256: Some(&rendered.sha256),
        pages: Some(rendered.pages),
        bytes: Some(pdf.len() as u64),
        job: None,
    };
    app.audit(&caller.id, Some(&id.0), made).await?;
    let warnings = rendered.findings.len();
    let (tag, name, pages) = (etag::tag(&rendered.sha256), rendered.file_name.clone(), rendered.pages);
    let mut response = if media == "application/json" {
        rendered.pdf = STANDARD.encode(&pdf);
        Json(rendered).into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response()
    };
    let told = response.headers_mut();
    told.insert(header::VARY, HeaderValue::from_static("accept"));
    told.insert(header::CONTENT_DISPOSITION, disposition("inline", &name));
    told.insert("sigill-pages", HeaderValue::from(pages));
    told.insert("sigill-warnings", HeaderValue::from(warnings));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        told.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Tell what is wrong with a model, without making a PDF.
#[utoipa::path(
    post,
    path = "/v1/check",
    tag = "documents",
    params(CheckQuery),
    request_body(content(
        (Value = "application/json"),
        (DocumentForm = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "What was found, which may be errors", body = Checked),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["render"])),
)]
pub(crate) async fn check(
    State(app): State<App>,
    headers: HeaderMap,
    asked: std::result::Result<Query<CheckQuery>, QueryRejection>,
    body: Body,
) -> Result<Json<Checked>> {
    let caller = admit(&app, &headers, Scope::Render).await?;
    let profile = query(asked)?.profile;
    accept::choose(&headers, &["application/json"])?;
    match ordered(&app, &caller, &headers, body, |files| Order::Check { profile, files }).await? {
        (Product::Checked(checked), _) => Ok(Json(checked)),
        _ => Err(unexpected()),
    }
}
