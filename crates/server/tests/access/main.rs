//! Who is let in, and how much: keys, and tokens of an issuer that the tests are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

mod audit;
mod fetching;
mod issuer;
mod keys;
mod tokens;

use std::path::Path;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};
use sigill_messages::Lang;
use sigill_server::Config;
use sigill_server::access::Access;
use sigill_server::config::Scope;
use sigill_server::problem::{Kind, Problem};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn bearer(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
    headers
}

fn access(config: &str) -> Arc<Access> {
    Access::new(&Config::read(config, Path::new("/")).unwrap()).unwrap()
}

/// Why a configuration is refused.
fn refused(config: &str) -> String {
    Access::new(&Config::read(config, Path::new("/")).unwrap()).unwrap_err()
}

async fn problem(access: &Access, token: &str, now: DateTime<Utc>) -> Box<Problem> {
    access.enter(&bearer(token), Scope::Render, now).await.unwrap_err()
}

/// What a problem says in English.
fn english(problem: &Problem) -> &str {
    problem.detail.as_ref().unwrap().get(Lang::En)
}

/// That a token is refused with 401, for a reason.
async fn not_authenticated(access: &Access, token: &str, now: DateTime<Utc>, why: &str) {
    let problem = problem(access, token, now).await;
    assert_eq!(problem.kind, Kind::NotAuthenticated, "{problem:?}");
    assert!(english(&problem).contains(why), "{problem:?}");
    assert_eq!(problem.challenge.as_ref().unwrap(), r#"Bearer error="invalid_token""#);
}
