//! `/v1/packs` and `/v1/jobs/…`: packs are made as jobs, since they take longer than a client should hold its breath.

use std::future::ready;

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event as ServerEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::config::Scope;
use crate::documents::disposition;
use crate::jobs::{Download, JobView, PackDraft, ReportFormat};
use crate::language::Language;
use crate::messages::request;
use crate::openapi::{DOCUMENT, KEYED, Problems};
use crate::problem::{Kind, Problem, Result};
use crate::protocol::PackJobOptions;
use crate::signatures::options_of;
use crate::state::{App, RequestId, admit};
use crate::upload::{self, Names, one_more, path_of, twice, unknown};
use crate::{accept, clock, etag};

/// A kallelse with all that it names.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct PackForm {
    /// The kallelse's model, as JSON.
    #[schema(value_type = String, content_media_type = "application/json")]
    meeting: String,
    /// Documents and bilagor; the file name of each part is the path the kallelse has it under.
    #[schema(value_type = Vec<String>, format = Binary, required = false)]
    file: Option<Vec<String>>,
    /// How the pack is made.
    #[schema(value_type = PackJobOptions, required = false)]
    options: Option<PackJobOptions>,
    /// The pack sent before, as PDF: what is made is then the tilläggslista that follows it.
    #[schema(value_type = String, format = Binary, required = false)]
    sent: Option<String>,
}

/// An event of the stream.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
pub(crate) struct JobEvent {
    /// `job`.
    event: String,
    /// The job as it is now, as JSON.
    data: String,
}

/// The kallelse's file, when its part has no file name.
const MEETING: &str = "kallelse.json";
/// The part `options`, as a client writes it. Whom the pack is for and what for must be said when it is named: `null` is no
/// way to ask for the full edition. What is kept of a job is [`PackJobOptions`], which has `null` for what was left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AskedOptions {
    #[serde(deserialize_with = "said")]
    copy: Option<String>,
    #[serde(deserialize_with = "said")]
    edition: Option<String>,
    keep_going: bool,
    profile: Option<String>,
    reserve: Option<String>,
}

fn said<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<Option<String>, D::Error> {
    String::deserialize(d).map(Some)
}

impl From<AskedOptions> for PackJobOptions {
    fn from(asked: AskedOptions) -> Self {
        let AskedOptions { copy, edition, keep_going, profile, reserve } = asked;
        Self { copy, edition, keep_going, profile, reserve }
    }
}

/// Longest `Idempotency-Key`, in bytes.
const MAX_KEY: usize = 200;

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > MAX_KEY {
        return Err(Problem::new(Kind::BadRequest, &request::IdempotencyKey { most: &MAX_KEY }));
    }
    Ok(Some(text.to_owned()))
}

/// Make a pack, as a job.
#[utoipa::path(
    post,
    path = "/v1/packs",
    tag = "packs",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request gives the same job")),
    request_body(content = PackForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "The job", body = JobView, headers(("Location" = String, description = "The job's address"))),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn create(
    State(app): State<App>,
    Language(lang): Language,
    Extension(id): Extension<RequestId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let caller = admit(&app, &headers, Scope::Pack).await?;
    if query.is_some_and(|query| !query.is_empty()) {
        // Passed over, `?edition=offentlig` would give the full edition.
        return Err(Problem::new(Kind::BadRequest, &request::NoQuery));
    }
    accept::choose(&headers, &["application/json"])?;
    let key = idempotency_key(&headers)?;
    app.jobs.room()?;
    let limits = &app.config.limits;
    let mut parts = upload::multipart(&headers, body, limits.pack_mb, limits, None)?;
    let mut draft = PackDraft::begin(&app.jobs, &caller.id, &PackJobOptions::default(), key.as_deref()).await?;
    draft.bound(caller.disk);
    draft.name_request(&id.0);
    let (mut names, mut options, mut has_sent) = (Names::default(), None, false);
    while let Some(mut part) = parts.next().await? {
        match part.name()?.as_str() {
            "meeting" => {
                let path = if part.file_name().is_some() { path_of(&part)? } else { MEETING.to_owned() };
                one_more(&mut names, &path, limits)?;
                draft.meeting(&path).await?;
            }
            "file" => {
                let path = path_of(&part)?;
                one_more(&mut names, &path, limits)?;
                draft.file(&path).await?;
            }
            "sent" if has_sent => return Err(twice("sent")),
            "sent" => {
                has_sent = true;
                draft.sent().await?;
            }
            "options" if options.is_some() => return Err(twice("options")),
            "options" => {
                let bytes = part.small().await?;
                options = Some(PackJobOptions::from(options_of::<AskedOptions>(&bytes)?));
                continue;
            }
            other => return Err(unknown(other, "meeting, file, options, sent")),
        }
        while let Some(chunk) = part.chunk().await? {
            draft.write(&chunk).await?;
        }
    }
    let options = options.unwrap_or_default();
    // Refused at once rather than by the job.
    options.chosen()?;
    draft.set_options(options);
    let (job, fresh) = draft.commit().await?;
    tracing::info!(job = job.id, fresh, "a pack is ordered");
    let mut response = (StatusCode::ACCEPTED, Json(job.view(lang)?)).into_response();
    if let Ok(location) = HeaderValue::from_str(&job.href()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// A job.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}",
    tag = "packs",
    params(("id" = String, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobView), Problems<KEYED>),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn job(
    State(app): State<App>,
    Language(lang): Language,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<JobView>> {
    let caller = app.access.enter(&headers, Scope::Pack, clock::now()).await?;
    app.jobs.get(&caller.id, &id).await?.view(lang).map(Json)
}

/// Cancel a job if it is not done, and remove it with all that it made.
#[utoipa::path(
    delete,
    path = "/v1/jobs/{id}",
    tag = "packs",
    params(("id" = String, Path, description = "The job")),
    responses((status = 204, description = "It is gone"), Problems<KEYED>),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn remove(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<StatusCode> {
    let caller = app.access.enter(&headers, Scope::Pack, clock::now()).await?;
    app.jobs.delete(&caller.id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A job's changes, as server-sent events named `job`; the stream ends when the job has.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}/events",
    tag = "packs",
    params(("id" = String, Path, description = "The job")),
    responses((status = 200, description = "The job at each change", body = JobEvent, content_type = "text/event-stream"), Problems<KEYED>),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn events(
    State(app): State<App>,
    Language(lang): Language,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let caller = app.access.enter(&headers, Scope::Pack, clock::now()).await?;
    let changes = app.jobs.watch(&caller.id, &id).await?;
    let mut stopping = app.stopping.clone();
    // What cannot be shown ends the stream: the client asks for the job, and is told why.
    let views = changes.map(move |job| job.view(lang)).take_while(|view| ready(view.is_ok()));
    let events = views.map(|view| {
        let view = view.map_err(|problem| std::io::Error::other(problem.kind.slug()))?;
        ServerEvent::default().event("job").json_data(view).map_err(std::io::Error::other)
    });
    // The caller's place is kept while the stream lasts, and given up when the service stops.
    let stop = async move { drop(stopping.wait_for(|stops| *stops).await) };
    let events = events.take_until(Box::pin(stop)).map(move |event| {
        let _place = &caller;
        event
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    // Proxies that collect answers would hold the progress back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

fn download(headers: &HeaderMap, media: &'static str, way: &str, found: Download) -> Response {
    let Download { length, sha256, file_name, stream } = found;
    let mut response = etag::conditional(headers, &sha256, || {
        let body = Body::from_stream(stream);
        ([(header::CONTENT_TYPE, media)], [(header::CONTENT_LENGTH, length.to_string())], body).into_response()
    });
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition(way, &file_name));
    response
}

/// What a job has made.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}/result",
    tag = "packs",
    params(("id" = String, Path, description = "The job")),
    responses(
        (status = 200, description = "The pack", body = Vec<u8>, content_type = "application/pdf"),
        (status = 304, description = "Not changed"),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn result(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let caller = app.access.enter(&headers, Scope::Pack, clock::now()).await?;
    accept::choose(&headers, &["application/pdf"])?;
    let found = app.jobs.result(&caller.id, &id).await?;
    Ok(download(&headers, "application/pdf", "attachment", found))
}

/// The conformance report on a pack.
#[utoipa::path(
    get,
    path = "/v1/jobs/{id}/report",
    tag = "packs",
    params(("id" = String, Path, description = "The job")),
    responses(
        (status = 200, description = "The report", content((Vec<u8> = "application/pdf"), (Object = "application/json"))),
        (status = 304, description = "Not changed"),
        Problems<DOCUMENT>,
    ),
    security(("bearer" = ["pack"])),
)]
pub(crate) async fn report(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let caller = app.access.enter(&headers, Scope::Pack, clock::now()).await?;
    let media = accept::choose(&headers, &["application/pdf", "application/json"])?;
    let format = if media == "application/json" { ReportFormat::Json } else { ReportFormat::Pdf };
    let found = app.jobs.report(&caller.id, &id, format).await?;
    let mut response = download(&headers, media, "attachment", found);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}
