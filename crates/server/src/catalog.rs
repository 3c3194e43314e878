//! `/v1/kinds`, `/v1/profiles`, `/v1/schemas/{kind}`, `/v1/examples/{kind}`: what can be made.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use sigill_orders::{Description, ProfileDescription};
use utoipa::ToSchema;

use crate::app::App;
use crate::openapi::{OPEN, Problems};
use crate::page::Asset;
use crate::problem::{self, Kind, Problem};

/// A kind of document.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct KindEntry {
    /// Its name in models.
    name: String,
    /// Its title, in Swedish.
    title_sv: String,
    /// Its title, in English.
    title_en: String,
    /// What it is for, in Swedish.
    help_sv: String,
    /// What it is for, in English.
    help_en: String,
    /// Whether it comes from a folder of layouts rather than the program.
    plugin: bool,
}

/// All of it, written once.
pub(crate) struct Catalog {
    kinds: Asset,
    profiles: Asset,
    schemas: Vec<(String, Asset)>,
    examples: Vec<(String, Asset)>,
    /// The profile that a document has when nobody says.
    pub(crate) first_profile: Option<String>,
}

impl Catalog {
    /// Of what a worker tells. The house's own profile comes first.
    ///
    /// # Errors
    /// When there is no such profile, in Swedish and English.
    pub(crate) fn new(mut description: Description, own: Option<&str>) -> Result<Self, String> {
        if let Some(own) = own {
            if !description.profiles.iter().any(|p| p.name == own) {
                return Err(format!("profile = \"{own}\": profilen finns inte · there is no such profile"));
            }
            description.profiles.sort_by_key(|p| p.name != own);
        }
        let first_profile = description.profiles.first().map(|p| p.name.clone());
        let mut entries = Vec::new();
        let (mut schemas, mut examples) = (Vec::new(), Vec::new());
        for kind in description.kinds {
            schemas.push((kind.name.clone(), Asset::new("application/schema+json", kind.schema.into_bytes())));
            examples.push((kind.name.clone(), Asset::json(kind.example)));
            entries.push(KindEntry {
                name: kind.name,
                title_sv: kind.title_sv,
                title_en: kind.title_en,
                help_sv: kind.help_sv,
                help_en: kind.help_en,
                plugin: kind.plugin,
            });
        }
        let text = |value| serde_json::to_string(&value).unwrap_or_default();
        let kinds = Asset::json(serde_json::to_string(&entries).unwrap_or_default());
        Ok(Self { kinds, profiles: Asset::json(text(description.profiles)), schemas, examples, first_profile })
    }
}

fn find(all: &[(String, Asset)], kind: &str, headers: &HeaderMap) -> problem::Result<Response> {
    let found = all.iter().find(|(name, _)| name == kind);
    found.map(|(_, asset)| asset.answer(headers)).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(", ");
        Problem::new(
            Kind::NotFound,
            format!("Det finns ingen sådan dokumenttyp; välj bland {names}."),
            format!("There is no such kind; choose among {names}."),
        )
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
    responses((status = 200, description = "The profiles", body = Vec<ProfileDescription>), (status = 304, description = "Not changed"), Problems<OPEN>),
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
