//! Tokens of single sign-on: which are believed, and what they may be used for.

use std::sync::Arc;

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use sigill_server::access::Access;
use sigill_server::config::Scope;
use sigill_server::problem::Kind;

use super::issuer::{Issuer, Signer, b64, unsigned};
use super::{access, bearer, english, not_authenticated, problem, refused, time};

const NOW: &str = "2026-11-22T12:00:00Z";
const RENDER: &str = "scopes = [\"render\"]";

async fn started(keys: &[(&Signer, &str)], more: &str) -> (Issuer, Arc<Access>) {
    let issuer = Issuer::new(keys.iter().map(|(key, kid)| key.jwk(kid)).collect()).await;
    let access = access(&issuer.config(more));
    (issuer, access)
}

fn with(mut claims: Value, claim: &str, value: Value) -> Value {
    claims[claim] = value;
    claims
}

#[tokio::test]
async fn good_tokens_are_believed() {
    let (rsa, p256, p384) = (Signer::rsa(), Signer::p256(), Signer::p384());
    let (issuer, access) = started(&[(&rsa, "r"), (&p256, "e"), (&p384, "f")], RENDER).await;
    let claims = issuer.claims(time(NOW));
    for (key, kid, algorithms) in [
        (&rsa, "r", &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"][..]),
        (&p256, "e", &["ES256"]),
        (&p384, "f", &["ES384"]),
    ] {
        for algorithm in algorithms {
            let token = key.token(algorithm, kid, &claims);
            let caller = access.enter(&bearer(&token), Scope::Render, time(NOW)).await.unwrap();
            assert_eq!((caller.id.as_str(), caller.name.as_str()), ("oidc:u-17", "Åsa Ek"));
        }
    }
    // More than one audience, no key id where one key is of that sort, a type of RFC 9068.
    let token = p256.raw(&json!({"alg": "ES256", "typ": "at+jwt"}), &with(claims, "aud", json!(["x", "sigill-test"])));
    access.enter(&bearer(&token), Scope::Render, time(NOW)).await.unwrap();
    assert_eq!(access.enter(&bearer(&token), Scope::Pack, time(NOW)).await.unwrap_err().kind, Kind::NotAllowed);
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn times_are_those_of_the_request() {
    let key = Signer::p256();
    let (issuer, access) = started(&[(&key, "e")], RENDER).await;
    let token = key.token("ES256", "e", &with(issuer.claims(time(NOW)), "nbf", json!(time(NOW).timestamp())));
    not_authenticated(&access, &token, time("2026-11-22T11:58:59Z"), "not valid yet").await;
    access.enter(&bearer(&token), Scope::Render, time("2026-11-22T11:59:00Z")).await.unwrap();
    access.enter(&bearer(&token), Scope::Render, time("2026-11-22T12:05:59Z")).await.unwrap();
    not_authenticated(&access, &token, time("2026-11-22T12:06:00Z"), "has expired").await;

    for claims in [json!("soon"), Value::Null] {
        let token = key.token("ES256", "e", &with(issuer.claims(time(NOW)), "nbf", claims.clone()));
        not_authenticated(&access, &token, time(NOW), "cannot be read").await;
        let token = key.token("ES256", "e", &with(issuer.claims(time(NOW)), "exp", claims));
        not_authenticated(&access, &token, time(NOW), "cannot be read").await;
    }
}

#[tokio::test]
async fn claims_must_be_ours() {
    let key = Signer::p256();
    let (issuer, access) = started(&[(&key, "e")], RENDER).await;
    for (claim, value, why) in [
        ("iss", json!("http://127.0.0.1:1"), "another issuer"),
        ("iss", Value::Null, "another issuer"),
        ("aud", json!("somebody-else"), "another service"),
        ("aud", json!([]), "another service"),
        ("aud", Value::Null, "another service"),
        ("sub", Value::Null, "whom it is for"),
        ("sub", json!(""), "whom it is for"),
        ("sub", json!("x".repeat(256)), "whom it is for"),
        ("sub", json!("a\nb"), "whom it is for"),
    ] {
        let mut claims = with(issuer.claims(time(NOW)), claim, value.clone());
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(claim);
        }
        not_authenticated(&access, &key.token("ES256", "e", &claims), time(NOW), why).await;
    }
}

#[tokio::test]
async fn only_the_issuer_signs_and_only_its_way() {
    let (rsa, other) = (Signer::rsa(), Signer::rsa());
    let (issuer, access) = started(&[(&rsa, "r")], RENDER).await;
    let claims = issuer.claims(time(NOW));
    let good = rsa.token("RS256", "r", &claims);
    access.enter(&bearer(&good), Scope::Render, time(NOW)).await.unwrap();

    // Somebody else's signature under the same key id; claims changed after signing; no signature.
    not_authenticated(&access, &other.token("RS256", "r", &claims), time(NOW), "not made with any").await;
    let (message, signature) = good.rsplit_once('.').unwrap();
    let changed =
        unsigned(&json!({"alg": "RS256", "kid": "r", "typ": "JWT"}), &with(claims.clone(), "sub", json!("chef")));
    not_authenticated(&access, &format!("{changed}.{signature}"), time(NOW), "not made with any").await;
    not_authenticated(&access, &format!("{message}."), time(NOW), "not made with any").await;

    // Unsigned.
    for none in ["none", "None", "NONE"] {
        let message = unsigned(&json!({"alg": none, "kid": "r", "typ": "JWT"}), &claims);
        not_authenticated(&access, &format!("{message}."), time(NOW), "cannot be read").await;
    }
    // The public key taken for a secret.
    let secret = rsa.jwk("r")["n"].as_str().unwrap().to_owned();
    let message = unsigned(&json!({"alg": "HS256", "kid": "r", "typ": "JWT"}), &claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes());
    not_authenticated(&access, &format!("{message}.{}", b64(tag.as_ref())), time(NOW), "algorithm is not accepted")
        .await;
    // A key of another sort than the head says.
    not_authenticated(&access, &rsa.token("ES256", "r", &claims), time(NOW), "algorithm is not accepted").await;

    // Heads that must be understood, and tokens that are for something else.
    for (name, value) in [("crit", json!(["b64"])), ("typ", json!("logout+jwt"))] {
        let head = with(json!({"alg": "RS256", "kid": "r"}), name, value);
        not_authenticated(&access, &rsa.raw(&head, &claims), time(NOW), "cannot be read").await;
    }
    for odd in ["..", "a.b.c", "e30.e30.e30"] {
        not_authenticated(&access, odd, time(NOW), "cannot be read").await;
    }
}

#[tokio::test]
async fn a_key_is_used_as_its_set_says() {
    let (signing, bound) = (Signer::rsa(), Signer::rsa());
    let encrypting = with(signing.jwk("enc"), "use", json!("enc"));
    let bound_jwk = with(bound.jwk("b"), "alg", json!("PS256"));
    let secret = json!({"kty": "oct", "kid": "o", "k": b64(b"a secret that everybody knows")});
    let issuer = Issuer::new(vec![json!("no key"), secret, encrypting, bound_jwk]).await;
    let access = access(&issuer.config(RENDER));
    let claims = issuer.claims(time(NOW));
    not_authenticated(&access, &signing.token("RS256", "enc", &claims), time(NOW), "not made with any").await;
    not_authenticated(&access, &bound.token("RS256", "b", &claims), time(NOW), "algorithm is not accepted").await;
    access.enter(&bearer(&bound.token("PS256", "b", &claims)), Scope::Render, time(NOW)).await.unwrap();
}

#[tokio::test]
async fn groups_decide_scopes() {
    let key = Signer::p256();
    let more = "scopes = [\"render\"]\nclaim = \"groups\"\nvalues = { pack = \"sekreterare\", sign = \"chefer\" }";
    let (issuer, access) = started(&[(&key, "e")], more).await;
    for (groups, scopes) in [
        (json!(["sekreterare", "alla"]), &[Scope::Render, Scope::Pack][..]),
        (json!("chefer"), &[Scope::Render, Scope::Sign]),
        (json!(["sekreterare chefer", "Chefer", 7]), &[Scope::Render]),
        (json!("sekreterare chefer"), &[Scope::Render]),
        (Value::Null, &[Scope::Render]),
    ] {
        let token = key.token("ES256", "e", &with(issuer.claims(time(NOW)), "groups", groups));
        let session = access.session(&bearer(&token), time(NOW)).await;
        assert_eq!((session.name.as_deref(), session.scopes.as_slice()), (Some("Åsa Ek"), scopes));
        let pack = access.enter(&bearer(&token), Scope::Pack, time(NOW)).await;
        assert_eq!(pack.is_ok(), scopes.contains(&Scope::Pack));
    }
}

#[tokio::test]
async fn claims_within_claims_and_words_of_a_scope() {
    let key = Signer::p256();
    for (claim, value) in [
        ("realm_access.roles", json!({"realm_access": {"roles": ["sekreterare"]}})),
        ("https://sigill.example/roles", json!({"https://sigill.example/roles": ["sekreterare"]})),
        ("scope", json!({"scope": "openid sekreterare"})),
    ] {
        let (issuer, access) =
            started(&[(&key, "e")], &format!("claim = \"{claim}\"\nvalues = {{ pack = \"sekreterare\" }}")).await;
        let mut claims = issuer.claims(time(NOW));
        assert_eq!(problem(&access, &key.token("ES256", "e", &claims), time(NOW)).await.kind, Kind::NotAllowed);
        claims.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        access.enter(&bearer(&key.token("ES256", "e", &claims)), Scope::Pack, time(NOW)).await.unwrap();
    }
}

#[tokio::test]
async fn each_person_has_limits() {
    let key = Signer::p256();
    let (issuer, access) = started(&[(&key, "e")], "scopes = [\"render\"]\nper_minute = 3\nat_a_time = 1").await;
    let claims = issuer.claims(time(NOW));
    let token = key.token("ES256", "e", &claims);
    let other = key.token("ES256", "e", &with(claims, "sub", json!("u-18")));
    let inside = access.enter(&bearer(&token), Scope::Render, time(NOW)).await.unwrap();
    assert!(english(&*problem(&access, &token, time(NOW)).await).contains("at a time"));
    access.enter(&bearer(&other), Scope::Render, time(NOW)).await.unwrap();
    drop(inside);
    access.enter(&bearer(&token), Scope::Render, time(NOW)).await.unwrap();
    assert!(english(&*problem(&access, &token, time(NOW)).await).contains("At most 3 requests a minute"));
}

#[test]
fn what_cannot_work_is_refused_with_its_reason() {
    let config = |issuer: &str, more: &str| format!("[access.oidc]\nissuer = \"{issuer}\"\n{more}");
    let id = "https://id.example.se";
    for issuer in [
        "http://id.example.se",
        "id.example.se",
        "ftp://id.example.se",
        "https://a@id.example.se",
        "https://id.example.se/?x",
    ] {
        assert!(
            refused(&config(issuer, "audience = \"a\"\nscopes = [\"render\"]")).contains("https address"),
            "{issuer}"
        );
    }
    for (more, why) in [
        ("audience = \"\"\nscopes = [\"render\"]", "any token would do"),
        ("audience = \"a\"", "nobody could do anything"),
        ("audience = \"a\"\nvalues = { pack = \"x\" }", "values needs claim"),
        ("audience = \"a\"\nclaim = \"g\"\nvalues = { pack = \"\" }", "must not be empty"),
        ("audience = \"a\"\nclaim = \"g\"\nscopes = [\"pack\"]\nvalues = { pack = \"x\" }", "choose one"),
    ] {
        let said = refused(&config(id, more));
        assert!(said.contains(why), "{why}: {said}");
    }
}
