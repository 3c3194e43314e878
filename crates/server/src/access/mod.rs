//! Who may use the service, and how much.
//!
//! Callers show an API key or a token of single sign-on. A key is looked up by its digest (`keys`); a token is
//! checked against the keys its issuer publishes (`oidc`, `issuer`). Whoever is known has limits of their own
//! (`limits`), so that one caller's eagerness is not another's wait.

mod audit;
mod issuer;
mod keys;
mod limits;
mod oidc;
mod refusal;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::VariantArray as _;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

pub use audit::{Audit, Entry};
pub use keys::{entry, new_key};
pub use oidc::SignIn;

use crate::config::{Config, Scope};
use crate::problem;
use keys::Keys;
use limits::{Limit, Rate};
use oidc::{Oidc, Person};
use refusal::AccessDenial;

/// Longest key or token, in bytes.
const MAX_TOKEN: usize = 16 * 1024;
/// Failed attempts a minute, of all together, that are answered and logged one by one.
const FAILURES: u32 = 120;

/// Who may use the service.
pub struct Access {
    required: bool,
    keys: Keys,
    oidc: Option<Oidc>,
    /// Behind a proxy nobody knows whose attempts they are, so that all share one limit. A good key is let in before
    /// anything is counted: the limit keeps loops of wrong keys from filling the log, and locks nobody out.
    failures: Option<Rate>,
}

/// Somebody who has been let in. While any clone lives, it takes a place among the caller's requests at a time.
#[derive(Clone)]
pub struct Caller {
    /// Stable: `key:NAME`, `oidc:SUB` or `local`.
    pub id: String,
    /// As people know them.
    pub name: String,
    /// Most bytes that their jobs may take up.
    pub disk: Option<u64>,
    _place: Option<Arc<OwnedSemaphorePermit>>,
}

/// What `/v1/session` tells the page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// Whether a key or token that holds was sent.
    pub authenticated: bool,
    /// Whether one is required.
    pub required: bool,
    /// Whose it is.
    #[schema(required)]
    pub name: Option<String>,
    /// What the caller may do.
    pub scopes: Vec<Scope>,
    /// Version of the service.
    pub version: &'static str,
    /// How to sign in; null when that is not set up, or the issuer does not answer.
    #[schema(required)]
    pub oidc: Option<SignIn>,
}

/// Whom a request comes from, before it is counted.
enum Who<'a> {
    Key(&'a keys::Known),
    Person(&'a Oidc, Person),
}

impl Access {
    /// Of a configuration. The issuer is not asked for anything until somebody shows a token.
    ///
    /// # Errors
    /// What is wrong, in Swedish and English.
    pub fn new(config: &Config) -> Result<Arc<Self>, String> {
        Ok(Arc::new(Self {
            required: config.access_required(),
            keys: Keys::new(&config.access.keys)?,
            oidc: config.access.oidc.as_ref().map(Oidc::new).transpose()?,
            failures: Rate::a_minute(FAILURES),
        }))
    }

    /// Who is asking; checks the scope and the caller's limits.
    ///
    /// # Errors
    /// 401, 403 or 429; 503 when the issuer of a token cannot be asked.
    pub async fn enter(&self, headers: &HeaderMap, scope: Scope, now: DateTime<Utc>) -> problem::Result<Caller> {
        if !self.required {
            tracing::Span::current().record("caller", "local");
            return Ok(Caller::local());
        }
        let who = self.who(headers, now).await.map_err(|refusal| self.refuse(refusal))?;
        let id = who.id();
        tracing::Span::current().record("caller", &id);
        let over = |problem: Box<problem::Problem>| {
            tracing::info!(problem = problem.kind.slug(), "not let in");
            problem
        };
        let limit = who.limit().map_err(over)?;
        // Counted first, so that asking for what is not allowed has a limit too.
        limit.count().map_err(over)?;
        if !who.scopes().contains(&scope) {
            tracing::info!(%scope, "not let in: the scope is lacking");
            return Err(refusal::not_allowed(scope));
        }
        let place = limit.place().map_err(over)?.map(Arc::new);
        let (name, disk) = match who {
            Who::Key(key) => (key.name.clone(), key.disk),
            Who::Person(oidc, person) => (person.name, oidc.disk()),
        };
        Ok(Caller { id, name, disk, _place: place })
    }

    /// As `/v1/session` tells it. Takes no place and is not counted.
    pub async fn session(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Session {
        let who = if self.required { self.who(headers, now).await.ok() } else { None };
        let scopes = match &who {
            Some(who) => who.scopes().to_vec(),
            None if self.required => Vec::new(),
            None => Scope::VARIANTS.to_vec(),
        };
        let oidc = match &self.oidc {
            Some(oidc) => oidc.sign_in(now).await,
            None => None,
        };
        Session {
            authenticated: who.is_some(),
            required: self.required,
            name: who.map(|who| who.name().to_owned()),
            scopes,
            version: env!("CARGO_PKG_VERSION"),
            oidc,
        }
    }

    async fn who(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Result<Who<'_>, AccessDenial> {
        let token = bearer(headers)?;
        match &self.oidc {
            // Keys have no dots.
            Some(oidc) if token.bytes().filter(|b| *b == b'.').count() == 2 => {
                Ok(Who::Person(oidc, oidc.verify(token, now).await?))
            }
            _ => Ok(Who::Key(self.keys.find(token, now)?)),
        }
    }

    fn refuse(&self, refusal: AccessDenial) -> Box<problem::Problem> {
        if refusal.guessed()
            && let Some(Err(seconds)) = self.failures.as_ref().map(Rate::take)
        {
            return refusal::too_many_failures(seconds);
        }
        tracing::info!(?refusal, "not let in");
        refusal.problem()
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("required", &self.required).finish_non_exhaustive()
    }
}

impl Who<'_> {
    fn id(&self) -> String {
        match self {
            Self::Key(key) => format!("key:{}", key.name),
            Self::Person(_, person) => format!("oidc:{}", person.sub),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Key(key) => &key.name,
            Self::Person(_, person) => &person.name,
        }
    }

    fn scopes(&self) -> &[Scope] {
        match self {
            Self::Key(key) => &key.scopes,
            Self::Person(_, person) => &person.scopes,
        }
    }

    fn limit(&self) -> problem::Result<Arc<Limit>> {
        match self {
            Self::Key(key) => Ok(Arc::clone(&key.limit)),
            Self::Person(oidc, person) => oidc.people.of(&person.sub, Instant::now()),
        }
    }
}

impl Caller {
    /// Whoever sits at the machine, when nothing needs to be shown.
    pub fn local() -> Self {
        Self { id: "local".to_owned(), name: "local".to_owned(), disk: None, _place: None }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// The key or token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, AccessDenial> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(AccessDenial::Missing)?;
    if values.next().is_some() {
        // Somebody between us and the client may have looked at the other one.
        return Err(AccessDenial::Header);
    }
    let value = value.to_str().map_err(|_| AccessDenial::Header)?;
    let (scheme, token) = value.trim().split_once(' ').ok_or(AccessDenial::Header)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > MAX_TOKEN {
        return Err(AccessDenial::Header);
    }
    Ok(token)
}
