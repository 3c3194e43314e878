//! Why somebody was not let in, and how that is told.

use axum::http::HeaderValue;

use crate::config::Scope;
use crate::problem::{Kind, Problem};

/// Why a caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
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

impl Refusal {
    /// Whether this is how a guess would end. Whoever shows what was good once, or what a real issuer has signed, has
    /// not guessed.
    pub(super) fn guessed(self) -> bool {
        matches!(self, Self::Unknown | Self::Malformed | Self::Algorithm | Self::Signature)
    }

    /// Swedish and English.
    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Missing => (
                "Skicka en API-nyckel eller en inloggning med begäran: Authorization: Bearer …",
                "Send an API key or a token with the request: Authorization: Bearer …",
            ),
            Self::Header => (
                "Huvudet Authorization ska stå en gång, som Authorization: Bearer … med nyckeln eller inloggningen.",
                "The Authorization header must stand once, as Authorization: Bearer … with the key or token.",
            ),
            Self::Unknown => (
                "Nyckeln finns inte. Kontrollera att hela nyckeln kom med, eller be om en ny.",
                "There is no such key. Check that all of the key was sent, or ask for a new one.",
            ),
            Self::KeyExpired => (
                "Nyckelns sista giltighetsdag har passerat. Be om en ny nyckel.",
                "The key has expired. Ask for a new one.",
            ),
            Self::Malformed => (
                "Inloggningen går inte att läsa som en signerad token (JWT).",
                "The token cannot be read as a signed token (JWT).",
            ),
            Self::Algorithm => {
                ("Inloggningens signaturmetod godtas inte.", "The token's signature algorithm is not accepted.")
            }
            Self::Signature => (
                "Inloggningens signatur är inte gjord med någon av utfärdarens nycklar.",
                "The token's signature was not made with any of the issuer's keys.",
            ),
            Self::Issuer => ("Inloggningen kommer från en annan utfärdare.", "The token comes from another issuer."),
            Self::Audience => ("Inloggningen gäller en annan tjänst (aud).", "The token is for another service (aud)."),
            Self::Subject => {
                ("Inloggningen säger inte vem den gäller (sub).", "The token does not say whom it is for (sub).")
            }
            Self::Expired => ("Inloggningen har gått ut. Logga in igen.", "The token has expired. Sign in again."),
            Self::NotYet => ("Inloggningen gäller inte än.", "The token is not valid yet."),
            Self::IssuerDown(_) => (
                "Inloggningstjänsten svarar inte, så inloggningen går inte att kontrollera. Försök igen om en stund.",
                "The sign-in service does not answer, so the token cannot be checked. Try again in a while.",
            ),
        }
    }

    pub(super) fn problem(self) -> Box<Problem> {
        let (sv, en) = self.text();
        match self {
            Self::IssuerDown(seconds) => Problem::new(Kind::OutsideFailed, sv, en).after(seconds),
            Self::Missing => Problem::new(Kind::NotAuthenticated, sv, en),
            _ => Problem::new(Kind::NotAuthenticated, sv, en)
                .challenge(HeaderValue::from_static(r#"Bearer error="invalid_token""#)),
        }
    }
}

/// The caller is known but may not do this.
pub(super) fn not_allowed(scope: Scope) -> Box<Problem> {
    Problem::new(
        Kind::NotAllowed,
        format!("Nyckeln eller inloggningen gäller inte för {scope}."),
        format!("The key or token is not for {scope}."),
    )
    .challenge(HeaderValue::from_static(r#"Bearer error="insufficient_scope""#))
}

/// So many have failed lately that nobody is told more.
pub(super) fn too_many_failures(seconds: u64) -> Box<Problem> {
    Problem::new(
        Kind::TooManyRequests,
        "Nyckeln eller inloggningen gäller inte, och det har varit många sådana försök. Vänta så länge som \
         Retry-After säger.",
        "The key or token is not valid, and there have been many such attempts. Wait as long as Retry-After says.",
    )
    .after(seconds)
}
