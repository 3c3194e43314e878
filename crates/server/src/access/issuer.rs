//! The issuer of tokens: its addresses and keys, fetched when needed and kept.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Uri;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How long keys are used without asking whether they still hold.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How long they are used when the issuer does not answer.
const STALE: TimeDelta = TimeDelta::days(1);
/// Shortest time between two questions: a made-up key id must not make us press the issuer.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer, in bytes; the largest in use have some tens of kilobytes.
const MAX_ANSWER: u64 = 512 * 1024;
/// Most keys that are looked at.
const MAX_KEYS: usize = 100;

const RSA: &[Algorithm] =
    &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// Whether tokens may be signed with an algorithm at all. Those with a shared secret may not: the secret would be the
/// public key to whoever asks us to take it for one.
pub(super) fn accepted(algorithm: Algorithm) -> bool {
    RSA.contains(&algorithm) || matches!(algorithm, Algorithm::ES256 | Algorithm::ES384)
}

/// A key, with the algorithms it may be used with.
struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// What the issuer has said.
pub(super) struct Known {
    pub(super) authorization_endpoint: Option<String>,
    pub(super) token_endpoint: Option<String>,
    keys: Vec<Key>,
    fetched: DateTime<Utc>,
}

/// What there is for a token's head.
pub(super) enum Found<'a> {
    /// Its key.
    Key(&'a DecodingKey),
    /// The key there is, is not for that algorithm.
    Unfit,
    /// No such key.
    Unknown,
}

impl Known {
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Found<'_> {
        let mut named = self.keys.iter().filter(|k| id.is_none() || k.id.as_deref() == id).peekable();
        if named.peek().is_none() {
            return Found::Unknown;
        }
        let mut fit = named.filter(|k| k.algorithms.contains(&algorithm));
        match (fit.next(), fit.next()) {
            (None, _) => Found::Unfit,
            // A token that does not name its key is for an issuer that has only one of that sort.
            (Some(_), Some(_)) if id.is_none() => Found::Unknown,
            (Some(key), _) => Found::Key(&key.key),
        }
    }
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

/// The issuer.
pub(super) struct Issuer {
    name: String,
    loopback: bool,
    agent: Agent,
    known: RwLock<Option<Arc<Known>>>,
    /// When it was last asked; locked while it is being asked, so that only one does.
    asked: Mutex<Option<DateTime<Utc>>>,
}

impl Issuer {
    /// None when the address is not one that tokens can be trusted from.
    pub(super) fn new(name: &str) -> Option<Self> {
        let loopback = match place(name)? {
            Place::Loopback => true,
            Place::Secure => false,
        };
        if name.contains(['?', '#']) {
            return None;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        // The certificates this machine trusts: the issuer may be within the house.
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let mut config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // An issuer that has moved has another name.
            .max_redirects(0)
            .https_only(!loopback)
            .user_agent(concat!("sigill/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls);
        if loopback {
            config = config.proxy(None);
        }
        let (known, asked) = (RwLock::new(None), Mutex::new(None));
        Some(Self { name: name.to_owned(), loopback, agent: config.build().into(), known, asked })
    }

    /// What the issuer has said, asking it when that was long ago.
    ///
    /// # Errors
    /// Seconds to wait, when nothing is known and it does not answer.
    pub(super) async fn known(self: &Arc<Self>, now: DateTime<Utc>) -> Result<Arc<Known>, u64> {
        if let Some(known) = self.within(FRESH, now) {
            return Ok(known);
        }
        self.ask(now).await;
        self.within(STALE, now).ok_or_else(|| PAUSE.num_seconds().unsigned_abs())
    }

    /// What it says now, for a key that is not known. The same again if it was asked a moment ago or does not answer.
    pub(super) async fn renewed(self: &Arc<Self>, now: DateTime<Utc>) -> Result<Arc<Known>, u64> {
        self.ask(now).await;
        self.known(now).await
    }

    fn within(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        // Either way: a clock that has been set back must not make keys last longer.
        known.filter(|k| (now - k.fetched).abs() < age)
    }

    async fn ask(self: &Arc<Self>, now: DateTime<Utc>) {
        let issuer = Arc::clone(self);
        // A task of its own, so that the answer is kept even if the one who waits for it goes away.
        let task = tokio::spawn(async move {
            let mut asked = issuer.asked.lock().await;
            if asked.is_some_and(|then| (now - then).abs() < PAUSE) {
                return;
            }
            *asked = Some(now);
            let asker = Arc::clone(&issuer);
            match tokio::task::spawn_blocking(move || asker.fetch(now)).await {
                Ok(Ok(known)) => {
                    *issuer.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(known));
                }
                Ok(Err(why)) => tracing::warn!(issuer = issuer.name, why, "keys of the issuer not fetched"),
                Err(why) => tracing::error!(issuer = issuer.name, %why, "keys of the issuer not fetched"),
            }
        });
        // It fails only by being stopped with the whole service.
        let _ = task.await;
    }

    fn fetch(&self, now: DateTime<Utc>) -> Result<Known, String> {
        let found = format!("{}/.well-known/openid-configuration", self.name.trim_end_matches('/'));
        let found: Discovery = self.get(&found)?;
        if found.issuer != self.name {
            return Err("the discovery document is another issuer's".to_owned());
        }
        if !self.allows(&found.jwks_uri) {
            return Err("jwks_uri is not https".to_owned());
        }
        let set: Set = self.get(&found.jwks_uri)?;
        let keys: Vec<_> = set.keys.into_iter().take(MAX_KEYS).filter_map(key).collect();
        if keys.is_empty() {
            tracing::warn!(issuer = self.name, "the issuer publishes no key for signatures that are accepted");
        }
        // These become links in the page.
        let [authorization_endpoint, token_endpoint] =
            [found.authorization_endpoint, found.token_endpoint].map(|e| e.filter(|e| self.allows(e)));
        Ok(Known { authorization_endpoint, token_endpoint, keys, fetched: now })
    }

    fn allows(&self, address: &str) -> bool {
        match place(address) {
            Some(Place::Secure) => true,
            Some(Place::Loopback) => self.loopback,
            None => false,
        }
    }

    fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, String> {
        let mut answer =
            self.agent.get(address).header("Accept", "application/json").call().map_err(|e| e.to_string())?;
        if answer.status() != 200 {
            return Err(format!("status {}", answer.status()));
        }
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(|e| e.to_string())?;
        serde_json::from_slice(&body).map_err(|e| e.to_string())
    }
}

/// A key that signatures can be checked with; nothing for others, which sets may well hold.
fn key(value: serde_json::Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let common = &jwk.common;
    if common.public_key_use.as_ref().is_some_and(|u| *u != PublicKeyUse::Signature)
        || common.key_operations.as_ref().is_some_and(|o| !o.contains(&KeyOperations::Verify))
    {
        return None;
    }
    // What a key is used with is for the issuer to say, not for whoever sends a token.
    let kind: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => RSA,
        AlgorithmParameters::EllipticCurve(p) if p.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::EllipticCurve(p) if p.curve == EllipticCurve::P384 => &[Algorithm::ES384],
        _ => return None,
    };
    let said = common.key_algorithm;
    let algorithms: Vec<_> =
        kind.iter().copied().filter(|a| said.is_none_or(|said| Algorithm::try_from(said).as_ref() == Ok(a))).collect();
    if algorithms.is_empty() {
        return None;
    }
    Some(Key { id: common.key_id.clone(), algorithms, key: DecodingKey::from_jwk(&jwk).ok()? })
}

enum Place {
    Secure,
    /// This machine, over http.
    Loopback,
}

/// Where an address is; none for what is neither https nor on this machine.
fn place(address: &str) -> Option<Place> {
    let uri: Uri = address.parse().ok()?;
    if uri.authority()?.as_str().contains('@') {
        return None;
    }
    match uri.scheme_str()? {
        "https" => Some(Place::Secure),
        "http" => {
            let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
            let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
            loopback.then_some(Place::Loopback)
        }
        _ => None,
    }
}
