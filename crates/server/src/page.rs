//! The web page, which lies in the program.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use include_dir::{Dir, File, include_dir};

use crate::asset::Asset;
use crate::clock;
use crate::problem::{Kind, Problem, Result};
use crate::state::App;

static PAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../web/dist");

/// Its files by their paths, each with a digest made once.
static FILES: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let mut files = HashMap::new();
    every_file(&PAGE, &mut |file| {
        let path = file.path().to_string_lossy().into_owned();
        let asset = Asset::new(media_type(&path), file.contents());
        files.insert(path, asset);
    });
    files
});

fn every_file(folder: &'static Dir<'static>, seen: &mut dyn FnMut(&'static File<'static>)) {
    folder.files().for_each(&mut *seen);
    folder.dirs().for_each(|below| every_file(below, seen));
}

/// No script or style but the page's own, nothing from elsewhere. `wasm-unsafe-eval` lets pdf.js decode pictures;
/// `blob:` is what a finished document is shown and downloaded as.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Routes of the page.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(index))
        .route("/favicon.svg", get(|headers| file("favicon.svg".to_owned(), headers)))
        .route("/licences.txt", get(|headers| file("licences.txt".to_owned(), headers)))
        .route("/assets/{*path}", get(|Path(path): Path<String>, headers| file(format!("assets/{path}"), headers)))
}

/// `mime_guess` knows a thousand endings but no character set, which texts need; the page has a few, and a test tells of
/// a new one. `rust-embed` would be a second way beside include_dir, which the layouts need for their folders.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The page itself, which may also ask the issuer for a token when people sign in with one.
async fn index(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let mut response = file("index.html".to_owned(), headers).await?;
    let session = app.access.session(&HeaderMap::new(), clock::now()).await;
    let origin = session.oidc.as_ref().and_then(|oidc| origin(&oidc.token_endpoint));
    if let Some(origin) = origin {
        let policy = POLICY.replace("connect-src 'self'", &format!("connect-src 'self' {origin}"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    Ok(response)
}

/// Scheme, host and port of an address; none when it has anything in it that could end a directive.
fn origin(address: &str) -> Option<String> {
    let uri: axum::http::Uri = address.parse().ok()?;
    let origin = format!("{}://{}", uri.scheme_str()?, uri.authority()?.as_str());
    origin.chars().all(|c| c.is_ascii_alphanumeric() || ".-:/[]".contains(c)).then_some(origin)
}

async fn file(path: String, headers: HeaderMap) -> Result<Response> {
    let mut response = FILES.get(&path).ok_or_else(|| Problem::of(Kind::NotFound))?.answer(&headers);
    let told = response.headers_mut();
    if path.starts_with("assets/") {
        // Their names change with what is in them.
        told.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    }
    told.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// A page of its own without script, as for the explanation of a problem.
pub(crate) fn plain(title: &str, body: &str, language: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title} – Sigill</title>\n\
         <main>\n<h1>{title}</h1>\n{body}\n</main>\n</html>\n"
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_has_a_media_type() {
        let mut count = 0;
        every_file(&PAGE, &mut |file| {
            count += 1;
            let path = file.path().to_string_lossy();
            assert_ne!(media_type(&path), "application/octet-stream", "{path}");
        });
        assert!(count > 0);
    }
}
