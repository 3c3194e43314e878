//! The service as a whole: its routes, and what every answer is dressed in.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;
use tracing::field::Empty;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::DrainedBody;
use crate::language::asked_language;
use crate::listen::Peer;
use crate::metrics::{ResponseLabels, RouteLabels};
use crate::openapi::{Bearer, describe_texts};
use crate::problem::{AttachedProblem, Kind, Problem};
use crate::state::{App, RequestId};
use crate::{documents, kinds, operations, origin, packs, page, random, signatures};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sigill",
        description = "Gör officiella PDF:er av JSON-modeller: dokument, kallelsepackar, underskrifter. \
                       Turns JSON models into official PDFs: documents, kallelse packs, signatures.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(crate::problem::Body)),
    modifiers(&Bearer),
)]
struct Api;

/// Routes and their description, which is made from the same lines.
fn routes() -> (Router<App>, utoipa::openapi::OpenApi) {
    let routes = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(documents::render))
        .routes(routes!(documents::check))
        .routes(routes!(packs::create))
        .routes(routes!(packs::job, packs::remove))
        .routes(routes!(packs::events))
        .routes(routes!(packs::result))
        .routes(routes!(packs::report))
        .routes(routes!(signatures::prepare))
        .routes(routes!(signatures::complete))
        .routes(routes!(signatures::verify))
        .routes(routes!(operations::metrics))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(kinds::kinds))
                .routes(routes!(kinds::profiles))
                .routes(routes!(kinds::schema))
                .routes(routes!(kinds::example))
                .routes(routes!(operations::openapi))
                .routes(routes!(operations::session)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(operations::health))
                .routes(routes!(operations::ready))
                .routes(routes!(operations::explain)),
        );
    let (router, mut description) = routes.split_for_parts();
    describe_texts(&mut description);
    (router, description)
}

/// Describes the service, as `/openapi.json` does.
pub fn description() -> String {
    routes().1.to_pretty_json().unwrap_or_default()
}

/// All routes.
pub(crate) fn router(app: App) -> Router {
    let (routes, _) = routes();
    routes
        .merge(page::routes())
        .fallback(|| async { Problem::of(Kind::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::of(Kind::MethodNotAllowed) })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            Problem::of(Kind::Internal).into_response()
        }))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), dress))
        .with_state(app)
}

/// Longest path and address of a proxy's client in the log.
const SHOWN: usize = 200;

/// Answers within a span, so that every line of the log about a request names it, where it comes from and what it asks for;
/// who asks is added once that is known.
async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = random::request_id();
    let shown = |text: &str| text.chars().take(SHOWN).collect::<String>();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_string());
    let forwarded =
        request.headers().get("x-forwarded-for").map(|value| shown(&String::from_utf8_lossy(value.as_bytes())));
    let path = shown(request.uri().path());
    let span = tracing::info_span!("request", request = %id, peer, forwarded, path, caller = Empty);
    answer(app, request, next, id).instrument(span).await
}

/// Gives every answer its headers, writes problems in the client's language, counts and logs.
async fn answer(app: App, request: Request, next: Next, id: String) -> Response {
    let began = Instant::now();
    let lang = asked_language(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("-", |m| m.as_str()).to_owned();
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(RequestId(id.clone()));
    let body = DrainedBody::wrap(body);
    let mut response = match origin::check(&app.config, &parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => {
            tracing::info!(problem = problem.kind.slug(), host = ?parts.headers.get(header::HOST), "not let in");
            problem.into_response()
        }
    };
    if is_bare(&response) {
        response = Problem::of(bare_kind(response.status())).into_response();
    }
    if let Some(AttachedProblem(problem)) = response.extensions_mut().remove::<AttachedProblem>() {
        let body = problem.body(lang, Some(&path), Some(&id));
        if let Ok(json) = serde_json::to_vec(&body) {
            *response.body_mut() = json.into();
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        headers.remove(header::CONTENT_LENGTH);
    }
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status();
    app.metrics.seconds.get_or_create(&RouteLabels { route: route.clone() }).observe(seconds);
    // A made-up method must not become a label of its own.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::DELETE].contains(&method);
    let labels = ResponseLabels {
        method: if known { method.to_string() } else { "other".to_owned() },
        route: route.clone(),
        status: status.as_u16(),
    };
    app.metrics.answers.get_or_create(&labels).inc();
    tracing::info!(%method, %route, status = status.as_u16(), milliseconds = seconds * 1000.0, "answered");
    let headers = response.headers_mut();
    for (name, value) in STRICT {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    response
}

/// Whether an answer is an error that the framework made, of a path that is no text for instance.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && response.extensions().get::<AttachedProblem>().is_none()
}

fn bare_kind(status: StatusCode) -> Kind {
    let same = Kind::ALL.iter().find(|kind| kind.status() == status).copied();
    same.unwrap_or(if status.is_client_error() { Kind::BadRequest } else { Kind::Internal })
}

/// Headers of every answer. Nothing is shown in frames, guessed at, or told to others.
const STRICT: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cache-control", "private, no-store"),
];
