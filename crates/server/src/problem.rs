//! Problems (RFC 9457): what a client gets when a request does not come to what it asked for.
//!
//! Each has a stable `type`, which is also the address of a page that explains it. Nothing internal stands in them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sigill_messages::{In, Lang, Localize, Texts};
pub use sigill_orders::Finding;
use utoipa::ToSchema;

use crate::messages;

macro_rules! kinds {
    ($($variant:ident $slug:literal $status:literal $texts:ident;)*) => {
        /// Kinds of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Kind {
            $(#[doc = concat!("`/problems/", $slug, "`")] #[serde(rename = $slug)] $variant,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in addresses.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug),* }
            }

            /// The status it is sent with.
            pub fn status(self) -> StatusCode {
                let number: u16 = match self { $(Self::$variant => $status),* };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// Its title.
            pub fn title(self, lang: Lang) -> String {
                match self { $(Self::$variant => In(lang, &messages::$texts::Title).to_string()),* }
            }

            /// What it means and what to do.
            pub fn explanation(self, lang: Lang) -> String {
                match self { $(Self::$variant => In(lang, &messages::$texts::Explanation).to_string()),* }
            }
        }
    };
}

// Each with its name in addresses, its status and the group of its texts.
kinds! {
    BadRequest "bad-request" 400 bad_request;
    NotAuthenticated "not-authenticated" 401 not_authenticated;
    NotAllowed "not-allowed" 403 not_allowed;
    OtherOrigin "other-origin" 403 other_origin;
    NotFound "not-found" 404 not_found;
    MethodNotAllowed "method-not-allowed" 405 method_not_allowed;
    NotAcceptable "not-acceptable" 406 not_acceptable;
    JobNotDone "job-not-done" 409 job_not_done;
    IdempotencyConflict "idempotency-conflict" 409 idempotency_conflict;
    SignatureConflict "signature-conflict" 409 signature_conflict;
    TooLarge "too-large" 413 too_large;
    UnsupportedType "unsupported-type" 415 unsupported_type;
    OtherHost "other-host" 421 other_host;
    DocumentHasErrors "document-has-errors" 422 document_has_errors;
    UnreadablePdf "unreadable-pdf" 422 unreadable_pdf;
    SignatureRefused "signature-refused" 422 signature_refused;
    TooDemanding "too-demanding" 422 too_demanding;
    TooManyRequests "too-many-requests" 429 too_many_requests;
    Internal "internal" 500 internal;
    Overloaded "overloaded" 503 overloaded;
    ShuttingDown "shutting-down" 503 shutting_down;
    OutsideFailed "outside-failed" 503 outside_failed;
    StorageFull "storage-full" 507 storage_full;
}

/// A problem, before it is written for a client.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What is wrong in this case.
    pub detail: Option<Texts>,
    /// Findings about the document.
    pub findings: Vec<Finding>,
    /// Seconds to wait.
    pub retry_after: Option<u64>,
    /// What `WWW-Authenticate` says; with 401 it says `Bearer` when nothing more can be said (RFC 6750, 3).
    pub challenge: Option<HeaderValue>,
}

/// The result of what can end in a problem.
pub type Result<T> = std::result::Result<T, Box<Problem>>;

impl Problem {
    /// A problem of a kind, explained by the kind alone.
    pub fn of(kind: Kind) -> Box<Self> {
        Box::new(Self { kind, detail: None, findings: Vec::new(), retry_after: None, challenge: None })
    }

    /// A problem with a detail.
    pub fn new(kind: Kind, detail: &dyn Localize) -> Box<Self> {
        let mut problem = Self::of(kind);
        problem.detail = Some(Texts::of(detail));
        problem
    }

    /// With findings.
    pub fn with(mut self: Box<Self>, findings: Vec<Finding>) -> Box<Self> {
        self.findings = findings;
        self
    }

    /// With seconds to wait.
    pub fn after(mut self: Box<Self>, seconds: u64) -> Box<Self> {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// With what `WWW-Authenticate` says.
    pub fn challenge(mut self: Box<Self>, challenge: HeaderValue) -> Box<Self> {
        self.challenge = Some(challenge);
        self
    }

    /// As the client reads it.
    pub fn body(&self, lang: Lang, instance: Option<&str>, request_id: Option<&str>) -> Body {
        let detail = match &self.detail {
            Some(detail) => detail.get(lang).to_owned(),
            None => self.kind.explanation(lang),
        };
        Body {
            r#type: format!("/problems/{}", self.kind.slug()),
            title: self.kind.title(lang),
            status: self.kind.status().as_u16(),
            detail,
            instance: instance.map(str::to_owned),
            request_id: request_id.map(str::to_owned),
            findings: self.findings.clone(),
        }
    }
}

/// A problem as the client reads it: `application/problem+json`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem, title = "Problem")]
pub struct Body {
    /// Stable type, also the address of a page that explains it: `/problems/document-has-errors`.
    pub r#type: String,
    /// What kind of problem it is.
    pub title: String,
    /// The status, as in the answer.
    pub status: u16,
    /// What is wrong in this case.
    pub detail: String,
    /// The address that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub instance: Option<String>,
    /// Names the request in the service's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
    /// Findings about the document, in both languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl IntoResponse for Box<Problem> {
    /// An answer without a body: `app::dress` knows the client's language and writes it.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let bearer = (self.kind == Kind::NotAuthenticated).then(|| HeaderValue::from_static("Bearer"));
        if let Some(challenge) = self.challenge.clone().or(bearer) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(AttachedProblem(self));
        response
    }
}

/// The problem behind a response, attached to it until it is written to the client in the language asked for.
#[derive(Clone)]
pub(crate) struct AttachedProblem(pub(crate) Box<Problem>);
