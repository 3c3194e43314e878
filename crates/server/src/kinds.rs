//! `/v1/kinds`, `/v1/profiles`, `/v1/schemas/{kind}`, `/v1/examples/{kind}`: what can be made.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::asset::Asset;
use crate::catalog::{KindEntry, ProfileEntry};
use crate::messages::request;
use crate::openapi::{OPEN, Problems};
use crate::problem::{self, Kind, Problem};
use crate::state::App;

fn find(all: &[(String, Asset)], kind: &str, headers: &HeaderMap) -> problem::Result<Response> {
    let found = all.iter().find(|(name, _)| name == kind);
    found.map(|(_, asset)| asset.answer(headers)).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
        Problem::new(Kind::NotFound, &request::Kind { names: &names.join(", ") })
    })
}

/// Kinds of document.
#[utoipa::path(
    get,
    path = "/v1/kinds",
    tag = "catalog",
    responses((status = 200, description = "The kinds", body = Vec<KindEntry>), (status = 304, description = "Not changed"), Problems<OPEN>),
)]
pub(crate) async fn kinds(State(app): State<App>, headers: HeaderMap) -> Response {
    app.catalog.kinds.answer(&headers)
}

/// Profiles of municipalities.
#[utoipa::path(
    get,
    path = "/v1/profiles",
    tag = "catalog",
    responses((status = 200, description = "The profiles", body = Vec<ProfileEntry>), (status = 304, description = "Not changed"), Problems<OPEN>),
)]
pub(crate) async fn profiles(State(app): State<App>, headers: HeaderMap) -> Response {
    app.catalog.profiles.answer(&headers)
}

/// The JSON Schema of a kind.
#[utoipa::path(
    get,
    path = "/v1/schemas/{kind}",
    tag = "catalog",
    params(("kind" = String, Path, description = "Name of the kind")),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"), (status = 304, description = "Not changed"), Problems<OPEN>),
)]
pub(crate) async fn schema(
    State(app): State<App>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> problem::Result<Response> {
    find(&app.catalog.schemas, &kind, &headers)
}

/// A model of a kind to start from.
#[utoipa::path(
    get,
    path = "/v1/examples/{kind}",
    tag = "catalog",
    params(("kind" = String, Path, description = "Name of the kind")),
    responses((status = 200, description = "The model", body = Object), (status = 304, description = "Not changed"), Problems<OPEN>),
)]
pub(crate) async fn example(
    State(app): State<App>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> problem::Result<Response> {
    find(&app.catalog.examples, &kind, &headers)
}
