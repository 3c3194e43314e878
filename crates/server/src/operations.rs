//! What those who run the service ask of it: health, readiness, metrics, its description; and who the client is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sigill_messages::Lang;

use crate::access::Session;
use crate::config::Scope;
use crate::language::Language;
use crate::metrics::StateLabels;
use crate::openapi::{KEYED, OPEN, Problems};
use crate::problem::{Kind, Problem, Result};
use crate::state::App;
use crate::{clock, page};

/// Whether the process lives.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operations",
    responses((status = 200, description = "It lives", body = String, content_type = "text/plain"), Problems<OPEN>),
)]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether the service takes work: its workers and its database answer, and it has not been told to stop.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses((status = 200, description = "It takes work", body = String, content_type = "text/plain"), Problems<KEYED>),
)]
pub(crate) async fn ready(State(app): State<App>) -> Result<&'static str> {
    if app.stops() {
        return Err(Problem::of(Kind::ShuttingDown).after(10));
    }
    if !app.jobs.ready().await {
        return Err(Problem::of(Kind::OutsideFailed).after(5));
    }
    Ok("ok\n")
}

/// Counts and times, for Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "OpenMetrics", body = String, content_type = "application/openmetrics-text"), Problems<KEYED>),
    security(("bearer" = ["metrics"])),
)]
pub(crate) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    // Also while the service stops: that is when one wants to see.
    let _caller = app.access.enter(&headers, Scope::Metrics, clock::now()).await?;
    // A database that does not answer is no reason to withhold the rest.
    if let Ok(counts) = app.jobs.counts().await {
        let states =
            [("queued", counts.queued), ("running", counts.running), ("done", counts.done), ("failed", counts.failed)];
        for (state, count) in states {
            let labels = StateLabels { state: state.to_owned() };
            app.metrics.jobs.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
    let text = app.metrics.text(app.audit.failures()).ok_or_else(|| Problem::of(Kind::Internal))?;
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, media)], text).into_response())
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operations",
    responses((status = 200, description = "OpenAPI 3.1", body = Object), (status = 304, description = "Not changed"), Problems<OPEN>),
)]
pub(crate) async fn openapi(State(app): State<App>, headers: HeaderMap) -> Response {
    app.openapi.answer(&headers)
}

/// Whether a key is needed, and whether the one sent is good.
#[utoipa::path(
    get,
    path = "/v1/session",
    tag = "operations",
    responses((status = 200, description = "Who is asking", body = Session), Problems<OPEN>),
)]
pub(crate) async fn session(State(app): State<App>, headers: HeaderMap) -> Json<Session> {
    Json(Arc::clone(&app.access).session(&headers, clock::now()).await)
}

/// Explains a kind of problem.
#[utoipa::path(
    get,
    path = "/problems/{name}",
    tag = "operations",
    params(("name" = String, Path, description = "The last part of a problem's type")),
    responses((status = 200, description = "The explanation", body = String, content_type = "text/html"), Problems<OPEN>),
)]
pub(crate) async fn explain(Language(lang): Language, Path(name): Path<String>) -> Result<Response> {
    let kind = Kind::ALL.iter().find(|k| k.slug() == name).ok_or_else(|| Problem::of(Kind::NotFound))?;
    let mut body = format!("<p>{}</p>\n<p>HTTP {}</p>", kind.explanation(lang), kind.status().as_u16());
    for other in Lang::ALL.iter().copied().filter(|other| *other != lang) {
        let (tag, title, explanation) = (other.tag(), kind.title(other), kind.explanation(other));
        body += &format!("\n<hr>\n<h2 lang=\"{tag}\">{title}</h2>\n<p lang=\"{tag}\">{explanation}</p>");
    }
    let mut response = page::plain(&kind.title(lang), &body, lang.tag());
    let told = response.headers_mut();
    told.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    told.insert(header::VARY, HeaderValue::from_static("accept-language"));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(response)
}
