//! Bearer tokens of single sign-on.
//!
//! jsonwebtoken checks the signature, and what else is asked of a token is ours. `openidconnect` was weighed: it is for
//! the side that signs people in, reads ID tokens and not access tokens (RFC 9068), keeps no keys, knows neither `nbf`
//! nor leeway, and builds on the crate `rsa` with its open advisory (RUSTSEC-2023-0071). `openid` brings reqwest and a
//! second reader of tokens.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::issuer::{Found, Issuer, accepted};
use super::keys::{check_at_a_time, wrong};
use super::limits::People;
use super::refusal::AccessDenial;
use crate::config::{self, Scope};
use crate::messages::oidc;

/// How far clocks may be apart, in seconds.
const LEEWAY: f64 = 60.0;
/// Longest name of a person in OpenID Connect, in bytes.
const MAX_SUB: usize = 255;
/// Longest name that is shown, in characters.
const MAX_NAME: usize = 200;
/// Claims that hold words with spaces between them, rather than values (RFC 8693, 4.2; Entra ID).
const WORDS: [&str; 2] = ["scope", "scp"];

/// Somebody who has signed in.
pub(super) struct Person {
    pub(super) sub: String,
    pub(super) name: String,
    pub(super) scopes: Vec<Scope>,
}

/// How the page signs somebody in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignIn {
    /// The issuer.
    pub issuer: String,
    /// The client that the page is.
    pub client_id: String,
    /// Where to send the person.
    pub authorization_endpoint: String,
    /// Where to change the code for a token.
    pub token_endpoint: String,
    /// What to ask for.
    pub scope: String,
}

/// Single sign-on.
pub(super) struct Oidc {
    config: config::Oidc,
    issuer: Arc<Issuer>,
    pub(super) people: People,
}

impl Oidc {
    /// # Errors
    /// What is wrong, in Swedish and English.
    pub(super) fn new(config: &config::Oidc) -> Result<Self, String> {
        let Some(issuer) = Issuer::new(&config.issuer) else {
            return wrong(&oidc::Issuer { issuer: &format_args!("{:?}", config.issuer) });
        };
        if config.audience.is_empty() {
            return wrong(&oidc::Audience);
        }
        if config.claim.as_ref().is_some_and(String::is_empty) || config.values.values().any(String::is_empty) {
            return wrong(&oidc::Empty);
        }
        if config.claim.is_none() && !config.values.is_empty() {
            return wrong(&oidc::NoClaim);
        }
        if config.values.is_empty() && config.scopes.is_empty() {
            return wrong(&oidc::Nobody);
        }
        if let Some(scope) = config.scopes.iter().find(|s| config.values.contains_key(s)) {
            return wrong(&oidc::Both { scope });
        }
        check_at_a_time("access.oidc", config.at_a_time)?;
        let people = People::new(config.per_minute, config.at_a_time);
        Ok(Self { config: config.clone(), issuer: Arc::new(issuer), people })
    }

    /// Most bytes that the jobs of one person may take up.
    pub(super) fn disk(&self) -> Option<u64> {
        (self.config.disk_mb > 0).then(|| self.config.disk_mb * 1_000_000)
    }

    /// Whose token it is.
    pub(super) async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Person, AccessDenial> {
        let head = decode_header(token).map_err(|_| AccessDenial::Malformed)?;
        if !plain(&head) {
            return Err(AccessDenial::Malformed);
        }
        if !accepted(head.alg) {
            return Err(AccessDenial::Algorithm);
        }
        let id = head.kid.as_deref();
        let mut known = self.issuer.known(now).await.map_err(AccessDenial::IssuerDown)?;
        if matches!(known.find(id, head.alg), Found::Unknown) {
            known = self.issuer.renewed(now).await.map_err(AccessDenial::IssuerDown)?;
        }
        let key = match known.find(id, head.alg) {
            Found::Key(key) => key,
            Found::Unfit => return Err(AccessDenial::Algorithm),
            Found::Unknown => return Err(AccessDenial::Signature),
        };
        let claims = self.claims(token, key, head.alg)?;
        timely(&claims, now)?;
        self.person(&claims)
    }

    /// The claims of a token with a good signature, from the right issuer, for this service.
    fn claims(&self, token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Map<String, Value>, AccessDenial> {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked against the time of the request instead, see `timely`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        match decode::<Map<String, Value>>(token, key, &validation) {
            Ok(token) => Ok(token.claims),
            Err(e) => Err(match e.kind() {
                ErrorKind::InvalidSignature => AccessDenial::Signature,
                ErrorKind::InvalidAlgorithm => AccessDenial::Algorithm,
                ErrorKind::InvalidIssuer => AccessDenial::Issuer,
                ErrorKind::InvalidAudience => AccessDenial::Audience,
                ErrorKind::MissingRequiredClaim(claim) => match claim.as_str() {
                    "iss" => AccessDenial::Issuer,
                    "aud" => AccessDenial::Audience,
                    "sub" => AccessDenial::Subject,
                    _ => AccessDenial::Malformed,
                },
                _ => AccessDenial::Malformed,
            }),
        }
    }

    fn person(&self, claims: &Map<String, Value>) -> Result<Person, AccessDenial> {
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
        let sub = text("sub").filter(|s| !s.is_empty() && s.len() <= MAX_SUB && !s.contains(char::is_control));
        let sub = sub.ok_or(AccessDenial::Subject)?.to_owned();
        let name = ["name", "preferred_username", "email"].into_iter().filter_map(text).find(|n| !n.trim().is_empty());
        let name = name.unwrap_or(&sub).chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
        Ok(Person { sub, name, scopes: self.scopes(claims) })
    }

    fn scopes(&self, claims: &Map<String, Value>) -> Vec<Scope> {
        let claim = self.config.claim.as_deref().unwrap_or_default();
        let held = held(claims, claim);
        let decided = self.config.values.iter().filter(|(_, value)| held.contains(&value.as_str())).map(|(s, _)| *s);
        let mut scopes: Vec<_> = decided.chain(self.config.scopes.iter().copied()).collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// What the page needs to sign somebody in; nothing if it is not to, or the issuer does not say.
    pub(super) async fn sign_in(&self, now: DateTime<Utc>) -> Option<SignIn> {
        let client_id = self.config.client_id.clone()?;
        let known = self.issuer.known(now).await.ok()?;
        Some(SignIn {
            issuer: self.config.issuer.clone(),
            client_id,
            authorization_endpoint: known.authorization_endpoint.clone()?,
            token_endpoint: known.token_endpoint.clone()?,
            scope: self.config.request_scope.clone(),
        })
    }
}

/// Whether a head says nothing that would have to be understood. Other kinds of token that an issuer signs with the
/// same keys (of logging out, of events) are not for letting anybody in.
fn plain(head: &Header) -> bool {
    let kind = head.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
    let kind = kind.strip_prefix("application/").unwrap_or(&kind);
    head.crit.is_none() && matches!(kind, "jwt" | "at+jwt")
}

/// Whether a token is valid at a time.
fn timely(claims: &Map<String, Value>, now: DateTime<Utc>) -> Result<(), AccessDenial> {
    let now = now.timestamp() as f64;
    let expires = claims.get("exp").and_then(Value::as_f64).ok_or(AccessDenial::Malformed)?;
    if now >= expires + LEEWAY {
        return Err(AccessDenial::Expired);
    }
    if let Some(from) = claims.get("nbf") {
        let from = from.as_f64().ok_or(AccessDenial::Malformed)?;
        if from > now + LEEWAY {
            return Err(AccessDenial::NotYet);
        }
    }
    Ok(())
}

/// The values of a claim. A claim within another is named with dots (`realm_access.roles`), unless there is one that is
/// called just that: some issuers name claims with addresses.
fn held<'a>(claims: &'a Map<String, Value>, claim: &str) -> Vec<&'a str> {
    let nested = || {
        let mut steps = claim.split('.');
        let first = claims.get(steps.next()?)?;
        steps.try_fold(first, |at, step| at.get(step))
    };
    match claims.get(claim).or_else(nested) {
        Some(Value::String(words)) if WORDS.contains(&claim) => words.split_whitespace().collect(),
        Some(Value::String(value)) => vec![value],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
