//! Why somebody was not let in, and how that is told.

use axum::http::HeaderValue;
use sigill_messages::Localize;

use crate::config::Scope;
use crate::messages::access;
use crate::problem::{Kind, Problem};

/// Why a caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessDenial {
    /// Nothing was shown.
    Missing,
    /// Something other than one bearer token was shown.
    Header,
    /// No such key.
    Unknown,
    /// The key was good once.
    KeyExpired,
    /// Not a token that can be read.
    Malformed,
    /// Signed in a way that is not accepted, or not the way its key is for.
    Algorithm,
    /// Signed by somebody else, or with a key that the issuer does not publish.
    Signature,
    /// From another issuer.
    Issuer,
    /// For another service.
    Audience,
    /// Does not say whose it is.
    Subject,
    /// The token was good once.
    Expired,
    /// The token will be good later.
    NotYet,
    /// The issuer's keys are not known, and it does not answer; seconds until it is asked again.
    IssuerDown(u64),
}

impl AccessDenial {
    /// Whether this is how a guess would end. Whoever shows what was good once, or what a real issuer has signed, has
    /// not guessed.
    pub(super) fn guessed(self) -> bool {
        matches!(self, Self::Unknown | Self::Malformed | Self::Algorithm | Self::Signature)
    }

    fn text(self) -> &'static dyn Localize {
        match self {
            Self::Missing => &access::Missing,
            Self::Header => &access::Header,
            Self::Unknown => &access::Unknown,
            Self::KeyExpired => &access::KeyExpired,
            Self::Malformed => &access::Malformed,
            Self::Algorithm => &access::Algorithm,
            Self::Signature => &access::Signature,
            Self::Issuer => &access::Issuer,
            Self::Audience => &access::Audience,
            Self::Subject => &access::Subject,
            Self::Expired => &access::Expired,
            Self::NotYet => &access::NotYet,
            Self::IssuerDown(_) => &access::IssuerDown,
        }
    }

    pub(super) fn problem(self) -> Box<Problem> {
        let text = self.text();
        match self {
            Self::IssuerDown(seconds) => Problem::new(Kind::OutsideFailed, text).after(seconds),
            Self::Missing => Problem::new(Kind::NotAuthenticated, text),
            _ => Problem::new(Kind::NotAuthenticated, text)
                .challenge(HeaderValue::from_static(r#"Bearer error="invalid_token""#)),
        }
    }
}

/// The caller is known but may not do this.
pub(super) fn not_allowed(scope: Scope) -> Box<Problem> {
    Problem::new(Kind::NotAllowed, &access::Scope { scope: &scope })
        .challenge(HeaderValue::from_static(r#"Bearer error="insufficient_scope""#))
}

/// So many have failed lately that nobody is told more.
pub(super) fn too_many_failures(seconds: u64) -> Box<Problem> {
    Problem::new(Kind::TooManyRequests, &access::TooManyFailures).after(seconds)
}
