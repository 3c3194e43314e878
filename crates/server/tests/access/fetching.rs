//! How the issuer is asked: seldom, and without believing all it says.

use std::sync::Arc;

use axum::http::HeaderMap;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sigill_server::access::Access;
use sigill_server::config::Scope;
use sigill_server::problem::Kind;

use super::issuer::{Answer, Issuer, Signer, good};
use super::{access, bearer, english, not_authenticated, problem, time};

const NOW: &str = "2026-11-22T12:00:00Z";

/// What an issuer at an address says instead of what it should.
type Hostile = fn(&str) -> Answer;

async fn started(key: &Signer) -> (Issuer, Arc<Access>) {
    let issuer = Issuer::new(vec![key.jwk("old")]).await;
    let access = access(&issuer.config("scopes = [\"render\"]\nclient_id = \"sigill-page\""));
    (issuer, access)
}

#[tokio::test]
async fn new_keys_are_fetched_when_a_token_names_one() {
    let (old, new) = (Signer::p256(), Signer::p256());
    let (issuer, access) = started(&old).await;
    let (start, second) = (time(NOW), TimeDelta::seconds(1));
    let claims = issuer.claims(start);
    let (old_token, new_token) = (old.token("ES256", "old", &claims), new.token("ES256", "new", &claims));
    access.enter(&bearer(&old_token), Scope::Render, start).await.unwrap();
    issuer.set(|says| says.keys = vec![new.jwk("new")]);
    // Asked a moment ago: whoever makes up key ids does not make us ask again.
    for _ in 0..20 {
        not_authenticated(&access, &new_token, start + second * 29, "not made with any").await;
    }
    assert_eq!(issuer.asked(), 1);
    access.enter(&bearer(&new_token), Scope::Render, start + second * 30).await.unwrap();
    assert_eq!(issuer.asked(), 2);
    not_authenticated(&access, &old_token, start + second * 30, "not made with any").await;
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn many_at_once_ask_once() {
    let key = Signer::p256();
    let (issuer, access) = started(&key).await;
    let token = key.token("ES256", "old", &issuer.claims(time(NOW)));
    let all: Vec<_> = (0..10)
        .map(|_| {
            let (access, headers) = (Arc::clone(&access), bearer(&token));
            tokio::spawn(async move { access.enter(&headers, Scope::Render, time(NOW)).await.is_ok() })
        })
        .collect();
    for one in all {
        assert!(one.await.unwrap());
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn keys_last_an_hour_or_a_day_without_the_issuer() {
    let key = Signer::p256();
    let (issuer, access) = started(&key).await;
    let (start, minute) = (time(NOW), TimeDelta::minutes(1));
    let mut claims = issuer.claims(start);
    claims["exp"] = json!(start.timestamp() + 200_000);
    let token = key.token("ES256", "old", &claims);
    let enter = async |at| access.enter(&bearer(&token), Scope::Render, at).await;
    enter(start).await.unwrap();
    enter(start + minute * 59).await.unwrap();
    assert_eq!(issuer.asked(), 1);
    enter(start + minute * 61).await.unwrap();
    assert_eq!(issuer.asked(), 2);

    issuer.set(|says| says.down = true);
    let fetched = start + minute * 61;
    enter(fetched + minute * 61).await.unwrap();
    enter(fetched + minute * 61).await.unwrap();
    assert_eq!(issuer.asked(), 3);
    enter(fetched + minute * 1439).await.unwrap();
    let down = enter(fetched + minute * 1440).await.unwrap_err();
    assert_eq!((down.kind, down.retry_after), (Kind::OutsideFailed, Some(30)));
    assert!(down.challenge.is_none());
    issuer.set(|says| says.down = false);
    enter(fetched + minute * 1441).await.unwrap();
}

#[tokio::test]
async fn keys_that_are_gone_after_an_hour_are_gone() {
    let (old, new) = (Signer::p256(), Signer::p256());
    let (issuer, access) = started(&old).await;
    let start = time(NOW);
    let mut claims = issuer.claims(start);
    claims["exp"] = json!(start.timestamp() + 200_000);
    let token = old.token("ES256", "old", &claims);
    access.enter(&bearer(&token), Scope::Render, start).await.unwrap();
    issuer.set(|says| says.keys = vec![new.jwk("new")]);
    not_authenticated(&access, &token, start + TimeDelta::hours(2), "not made with any").await;
}

#[tokio::test]
async fn without_the_issuer_nobody_is_told_that_their_token_is_bad() {
    let key = Signer::p256();
    let (issuer, access) = started(&key).await;
    issuer.set(|says| says.down = true);
    let token = key.token("ES256", "old", &issuer.claims(time(NOW)));
    let down = problem(&access, &token, time(NOW)).await;
    assert_eq!(down.kind, Kind::OutsideFailed);
    assert!(!english(&down).contains("127.0.0.1"));
    let session = access.session(&bearer(&token), time(NOW)).await;
    assert!(session.required && !session.authenticated && session.oidc.is_none());
}

#[tokio::test]
async fn hostile_discovery_is_not_believed() {
    let key = Signer::p256();
    let cases: [(&str, Hostile); 7] = [
        ("huge", |_| Answer::Huge),
        ("redirect", |a| Answer::Redirect(format!("{a}/moved"))),
        ("other issuer", |a| Answer::Json(with(good(a), "issuer", json!("https://id.example.se")))),
        ("keys elsewhere without https", |a| {
            Answer::Json(with(good(a), "jwks_uri", json!("http://id.example.se/keys")))
        }),
        // It would be answered if it were asked.
        ("keys behind a name", |a| {
            Answer::Json(with(good(a), "jwks_uri", json!(format!("{}/keys", a.replace("//", "//x@")))))
        }),
        ("keys in a file", |a| Answer::Json(with(good(a), "jwks_uri", json!("file:///etc/passwd")))),
        ("not an object", |_| Answer::Json(json!([1, 2]))),
    ];
    for (name, answer) in cases {
        let (issuer, access) = started(&key).await;
        issuer.set(|says| says.discovery = Some(answer(&issuer.address)));
        let token = key.token("ES256", "old", &issuer.claims(time(NOW)));
        assert_eq!(problem(&access, &token, time(NOW)).await.kind, Kind::OutsideFailed, "{name}");
        assert_eq!(issuer.says.lock().unwrap().sets, 0, "{name}");
        // Once it says what it should, all is well.
        issuer.set(|says| says.discovery = None);
        access.enter(&bearer(&token), Scope::Render, time(NOW) + TimeDelta::seconds(31)).await.unwrap();
    }
}

#[tokio::test]
async fn the_page_learns_where_to_sign_in() {
    let key = Signer::p256();
    let (issuer, access) = started(&key).await;
    let session = access.session(&HeaderMap::new(), time(NOW)).await;
    let told = serde_json::to_value(&session).unwrap();
    assert_eq!(told["oidc"]["authorization_endpoint"], format!("{}/authorize", issuer.address));
    assert_eq!(told["oidc"]["client_id"], "sigill-page");
    assert_eq!((&told["name"], &told["authenticated"], &told["required"]), (&Value::Null, &json!(false), &json!(true)));

    // What would become a link that runs in the page does not.
    let (issuer, access) = started(&key).await;
    let evil = with(good(&issuer.address), "authorization_endpoint", json!("javascript:alert(1)"));
    issuer.set(|says| says.discovery = Some(Answer::Json(evil)));
    assert!(access.session(&HeaderMap::new(), time(NOW)).await.oidc.is_none());
    access
        .enter(&bearer(&key.token("ES256", "old", &issuer.claims(time(NOW)))), Scope::Render, time(NOW))
        .await
        .unwrap();
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}
