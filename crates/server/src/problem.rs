//! Problems (RFC 9457): what a client gets when a request does not come to what it asked for.
//!
//! Each has a stable `type`, which is also the address of a page that explains it. Nothing internal stands in them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
pub use sigill_orders::Finding;
use utoipa::ToSchema;

use crate::language::Language;

macro_rules! kinds {
    ($($variant:ident $slug:literal $status:literal $sv:literal $en:literal $why_sv:literal $why_en:literal;)*) => {
        /// Kinds of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum Kind {
            $(#[doc = $why_en] #[serde(rename = $slug)] $variant,)*
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
            pub fn title(self, language: Language) -> &'static str {
                match (self, language) { $((Self::$variant, Language::Sv) => $sv, (Self::$variant, Language::En) => $en),* }
            }

            /// What it means and what to do.
            pub fn explanation(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Sv) => $why_sv, (Self::$variant, Language::En) => $why_en),*
                }
            }
        }
    };
}

kinds! {
    BadRequest "bad-request" 400 "Begäran går inte att läsa" "The request cannot be read"
        "Något i adressen, huvudena eller kroppen är fel skrivet. Detaljen säger vad."
        "Something in the address, the headers or the body is written wrongly. The detail says what.";
    NotAuthenticated "not-authenticated" 401 "Nyckel eller inloggning saknas" "A key or token is needed"
        "Tjänsten kräver en API-nyckel eller en inloggning som gäller: Authorization: Bearer …"
        "The service requires a valid API key or token: Authorization: Bearer …";
    NotAllowed "not-allowed" 403 "Nyckeln räcker inte till detta" "The key does not allow this"
        "Nyckeln eller inloggningen gäller, men inte för det som begärs."
        "The key or token is valid, but not for what is asked for.";
    OtherOrigin "other-origin" 403 "En annan webbsida får inte använda tjänsten" "A page elsewhere may not use the service"
        "Webbläsaren säger att begäran kommer från en annan webbplats än tjänstens egen."
        "The browser says that the request comes from another site than the service's own.";
    NotFound "not-found" 404 "Finns inte" "Not found"
        "Det finns inget på adressen, eller så har det tagits bort."
        "There is nothing at the address, or it has been removed.";
    MethodNotAllowed "method-not-allowed" 405 "Fel metod för adressen" "Method not allowed"
        "Adressen finns men tar en annan metod; huvudet Allow säger vilken."
        "The address exists but takes another method; the Allow header says which.";
    NotAcceptable "not-acceptable" 406 "Svaret finns inte i det formatet" "Not available in that format"
        "Huvudet Accept ber om ett format som svaret inte finns i."
        "The Accept header asks for a format the answer is not available in.";
    JobNotDone "job-not-done" 409 "Jobbet är inte klart" "The job is not done"
        "Resultatet finns först när jobbets tillstånd är done."
        "The result exists once the state of the job is done.";
    IdempotencyConflict "idempotency-conflict" 409 "Idempotency-Key är redan använd" "Idempotency-Key already used"
        "Samma Idempotency-Key har använts för en annan begäran. Ta en ny nyckel för en ny begäran."
        "The same Idempotency-Key was used for another request. Use a new one for a new request.";
    SignatureConflict "signature-conflict" 409 "Filen är inte den som förbereddes" "The file is not the one prepared"
        "Filen eller tillståndet har ändrats sedan underskriften förbereddes. Förbered den på nytt."
        "The file or the state has changed since the signature was prepared. Prepare it again.";
    TooLarge "too-large" 413 "För stort" "Too large"
        "Begäran eller dokumentet är större än tjänsten är inställd att ta emot."
        "The request or the document is larger than the service is set to take.";
    UnsupportedType "unsupported-type" 415 "Fel innehållstyp" "Unsupported content type"
        "Content-Type är inte en av dem adressen tar emot, eller så är kroppen komprimerad."
        "The Content-Type is not one that the address takes, or the body is compressed.";
    OtherHost "other-host" 421 "Tjänsten heter inte så" "The service is not known by that name"
        "Namnet i Host är inget av tjänstens. Andra namn än localhost anges i inställningarna, under hosts."
        "The name in Host is none of the service's. Names other than localhost stand in its configuration, under hosts.";
    DocumentHasErrors "document-has-errors" 422 "Dokumentet har fel" "The document has errors"
        "Inget dokument gjordes. Varje fel står i findings med kod, plats och hjälp."
        "No document was made. Each error stands in findings with code, place and help.";
    UnreadablePdf "unreadable-pdf" 422 "PDF-filen går inte att läsa" "The PDF cannot be read"
        "Filen är skadad, krypterad eller ingen PDF."
        "The file is damaged, encrypted or no PDF.";
    SignatureRefused "signature-refused" 422 "Underskriften går inte att göra" "The signature cannot be made"
        "Fältet, certifikatet, underskriften eller tidsstämpeln håller inte. Detaljen säger vad."
        "The field, the certificate, the signature or the timestamp does not hold. The detail says what.";
    TooDemanding "too-demanding" 422 "Dokumentet kräver för mycket" "The document demands too much"
        "Dokumentet tog mer tid eller minne än ett dokument får ta. Dela det eller gör bilderna mindre."
        "The document took more time or memory than one document may. Divide it or make its pictures smaller.";
    TooManyRequests "too-many-requests" 429 "För många begäranden" "Too many requests"
        "Nyckeln har nått sin gräns. Vänta så länge som Retry-After säger."
        "The key has reached its limit. Wait as long as Retry-After says.";
    Internal "internal" 500 "Något gick fel i tjänsten" "Something failed in the service"
        "Felet är tjänstens. Det står i dess logg under request_id."
        "The fault is the service's. It stands in its log under request_id.";
    Overloaded "overloaded" 503 "Tjänsten är upptagen" "The service is busy"
        "Kön är full. Försök igen efter den tid som Retry-After säger."
        "The queue is full. Try again after the time Retry-After says.";
    ShuttingDown "shutting-down" 503 "Tjänsten stängs" "The service is stopping"
        "Tjänsten tar inte emot nytt arbete. Försök igen om en stund."
        "The service takes no new work. Try again in a while.";
    OutsideFailed "outside-failed" 503 "En annan tjänst svarade inte" "Another service did not answer"
        "En tidsstämplingstjänst, spärrtjänst eller databas svarade inte. Försök igen om en stund."
        "A timestamp service, revocation service or database did not answer. Try again in a while.";
    StorageFull "storage-full" 507 "Utrymmet är slut" "There is no space left"
        "Tjänstens disk är full, eller så har nyckeln fyllt sin del. Ta bort färdiga jobb eller försök igen senare."
        "The service's disk is full, or the key has filled its part of it. Remove finished jobs, or try again later.";
}

/// A problem, before it is written for a client.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What is wrong in this case, in Swedish and English.
    pub detail: Option<(String, String)>,
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

    /// A problem with a detail in Swedish and English.
    pub fn new(kind: Kind, sv: impl Into<String>, en: impl Into<String>) -> Box<Self> {
        let mut problem = Self::of(kind);
        problem.detail = Some((sv.into(), en.into()));
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
    pub fn body(&self, language: Language, instance: Option<&str>, request_id: Option<&str>) -> Body {
        let detail = match (&self.detail, language) {
            (Some((sv, _)), Language::Sv) => sv.clone(),
            (Some((_, en)), Language::En) => en.clone(),
            (None, _) => self.kind.explanation(language).to_owned(),
        };
        Body {
            r#type: format!("/problems/{}", self.kind.slug()),
            title: self.kind.title(language).to_owned(),
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
