//! API keys and their limits.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use sigill_server::access::{entry, new_key};
use sigill_server::config::Scope;
use sigill_server::problem::Kind;

use super::{access, bearer, english, not_authenticated, problem, refused, time};

const NOW: &str = "2026-11-22T12:00:00Z";

#[tokio::test]
async fn a_new_key_opens_for_its_scopes_alone() {
    let (key, sha256) = new_key().unwrap();
    assert!(key.starts_with("sigill_") && key.len() == 50, "{key}");
    assert_ne!(key, new_key().unwrap().0);
    // A name that would break out of a string written carelessly.
    let name = "E-arkiv \"nord\" \\ \u{7f}å";
    let access = access(&entry("ekonomi", &sha256, &[Scope::Render, Scope::Pack], None));
    assert!(refused(&entry(name, &sha256, &[Scope::Render], None)).contains("name"));

    let caller = access.enter(&bearer(&key), Scope::Pack, time(NOW)).await.unwrap();
    assert_eq!((caller.id.as_str(), caller.name.as_str()), ("key:ekonomi", "ekonomi"));
    assert!(!format!("{access:?} {caller:?}").contains(&sha256));

    let problem = access.enter(&bearer(&key), Scope::Sign, time(NOW)).await.unwrap_err();
    assert_eq!(problem.kind, Kind::NotAllowed);
    assert!(english(&problem).contains("not for sign"));
    let answer = problem.into_response();
    assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], r#"Bearer error="insufficient_scope""#);

    let session = access.session(&bearer(&key), time(NOW)).await;
    assert!(session.authenticated && session.required && session.oidc.is_none());
    assert_eq!(
        (session.name.as_deref(), session.scopes.as_slice()),
        (Some("ekonomi"), &[Scope::Render, Scope::Pack][..])
    );
}

#[tokio::test]
async fn names_are_written_as_toml() {
    let (key, sha256) = new_key().unwrap();
    let access = access(&entry("E-arkiv \"nord\" \\ å", &sha256, &[Scope::Render], None));
    let caller = access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
    assert_eq!(caller.name, "E-arkiv \"nord\" \\ å");
}

#[tokio::test]
async fn what_is_not_a_key_does_not_open() {
    let (key, sha256) = new_key().unwrap();
    let access = access(&entry("ekonomi", &sha256, &[Scope::Render], None));
    for wrong in [new_key().unwrap().0.as_str(), &key[..49], &sha256, "a.b.c"] {
        not_authenticated(&access, wrong, time(NOW), "no such key").await;
    }
    let problem = access.enter(&HeaderMap::new(), Scope::Render, time(NOW)).await.unwrap_err();
    assert!(english(&problem).contains("Send an API key"));
    assert_eq!(problem.into_response().headers()[header::WWW_AUTHENTICATE], "Bearer");

    let mut two = bearer(&key);
    two.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let mut basic = HeaderMap::new();
    basic.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Basic {key}")).unwrap());
    for headers in [two, basic] {
        let problem = access.enter(&headers, Scope::Render, time(NOW)).await.unwrap_err();
        assert!(english(&problem).contains("must stand once"), "{problem:?}");
    }
    let session = access.session(&bearer("sigill_x"), time(NOW)).await;
    assert!(!session.authenticated && session.required && session.name.is_none() && session.scopes.is_empty());
}

#[tokio::test]
async fn a_key_holds_to_the_end_of_its_last_day() {
    let (key, sha256) = new_key().unwrap();
    let text = entry("gäst", &sha256, &[Scope::Render], Some("2026-11-22".parse().unwrap()));
    // As text, and as a date of TOML.
    for text in [text.clone(), text.replace("\"2026-11-22\"", "2026-11-22")] {
        let access = access(&text);
        access.enter(&bearer(&key), Scope::Render, time("2026-11-22T23:59:59Z")).await.unwrap();
        not_authenticated(&access, &key, time("2026-11-23T00:00:00Z"), "has expired").await;
        assert!(!access.session(&bearer(&key), time("2026-11-23T00:00:00Z")).await.authenticated);
    }
}

#[tokio::test]
async fn so_many_a_minute() {
    let ((key, sha256), (other, other_sha256)) = (new_key().unwrap(), new_key().unwrap());
    let text = entry("a", &sha256, &[Scope::Render], None) + "per_minute = 3\n";
    let access = access(&(text + &entry("b", &other_sha256, &[Scope::Render], None)));
    for _ in 0..3 {
        access.session(&bearer(&key), time(NOW)).await;
        access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
    }
    let problem = problem(&access, &key, time(NOW)).await;
    assert_eq!(problem.kind, Kind::TooManyRequests);
    assert!((18..=20).contains(&problem.retry_after.unwrap()), "{problem:?}");
    assert!(english(&problem).contains("At most 3 requests a minute"));
    // Asking for what is not allowed is counted too, and others are not held up.
    assert_eq!(access.enter(&bearer(&key), Scope::Sign, time(NOW)).await.unwrap_err().kind, Kind::TooManyRequests);
    access.enter(&bearer(&other), Scope::Render, time(NOW)).await.unwrap();
}

#[tokio::test]
async fn so_many_at_a_time_for_as_long_as_a_clone_lives() {
    let (key, sha256) = new_key().unwrap();
    let access = access(&(entry("a", &sha256, &[Scope::Render], None) + "at_a_time = 2\n"));
    let first = access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
    let _second = access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
    let clone = first.clone();
    drop(first);
    let full = problem(&access, &key, time(NOW)).await;
    assert_eq!((full.kind, full.retry_after), (Kind::TooManyRequests, Some(1)));
    assert!(english(&full).contains("At most 2 requests at a time"));
    assert!(access.session(&bearer(&key), time(NOW)).await.authenticated);
    drop(clone);
    access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
}

#[tokio::test]
async fn zero_is_no_limit() {
    let (key, sha256) = new_key().unwrap();
    let access = access(&(entry("a", &sha256, &[Scope::Render], None) + "at_a_time = 0\nper_minute = 0\n"));
    let mut inside = Vec::new();
    for _ in 0..1000 {
        inside.push(access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap());
    }
}

#[tokio::test]
async fn guessing_is_slowed_and_good_keys_are_not_locked_out() {
    let (key, sha256) = new_key().unwrap();
    let access = access(&entry("a", &sha256, &[Scope::Render], None));
    let mut kinds = Vec::new();
    for i in 0..200 {
        kinds.push(problem(&access, &format!("sigill_{i}"), time(NOW)).await.kind);
    }
    assert_eq!(kinds[0], Kind::NotAuthenticated);
    assert_eq!(kinds[199], Kind::TooManyRequests);
    assert!(problem(&access, "sigill_x", time(NOW)).await.retry_after.is_some());
    access.enter(&bearer(&key), Scope::Render, time(NOW)).await.unwrap();
    // Who shows nothing has guessed nothing.
    let problem = access.enter(&HeaderMap::new(), Scope::Render, time(NOW)).await.unwrap_err();
    assert_eq!(problem.kind, Kind::NotAuthenticated);
}

#[tokio::test]
async fn without_keys_everybody_is_local() {
    let access = access("");
    let caller = access.enter(&bearer("what.ever.this-is"), Scope::Metrics, time(NOW)).await.unwrap();
    assert_eq!(caller.id, "local");
    let session = access.session(&HeaderMap::new(), time(NOW)).await;
    assert!(!session.required && !session.authenticated && session.scopes.len() == 5);
}

#[test]
fn what_cannot_work_is_refused_with_its_reason() {
    let (key, sha256) = new_key().unwrap();
    let good = entry("a", &sha256, &[Scope::Render], None);
    let twice = good.clone() + &entry("b", &sha256, &[Scope::Render], None);
    let same = good.clone() + &entry("a", &format!("{:x}", Sha256::digest("b")), &[Scope::Render], None);
    let leaked = refused(&good.replace(&sha256, &key));
    assert!(leaked.contains("the key itself") && !leaked.contains(&key), "{leaked}");
    for (config, why) in [
        (good.replace(&sha256, &sha256[1..]), "64 hexadecimal digits"),
        (good.replace(&sha256, &"ø".repeat(32)), "64 hexadecimal digits"),
        (good.replace("\"render\"", ""), "good for nothing"),
        (good.replace("\"a\"", "\"\""), "1–100 characters"),
        (good.clone() + "at_a_time = 9000000000", "from 0 to 100000"),
        (twice, "the same key"),
        (same, "two keys are named"),
    ] {
        let said = refused(&config);
        assert!(said.contains(why), "{why}: {said}");
    }
}
