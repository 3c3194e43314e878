//! What handlers have in common in the OpenAPI description.

use std::collections::BTreeMap;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify};

use crate::problem::Kind;

/// The way in: an API key or a token of single sign-on.
pub(crate) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The problems an address may answer with, by status.
pub(crate) struct Problems<const SET: u8>;

/// Of addresses anyone may read.
pub(crate) const OPEN: u8 = 0;
/// Of addresses that need a key.
pub(crate) const KEYED: u8 = 1;
/// Of those that take a document as well.
pub(crate) const DOCUMENT: u8 = 2;

impl<const SET: u8> IntoResponses for Problems<SET> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut out = BTreeMap::new();
        for kind in Kind::ALL {
            let status = kind.status().as_u16();
            let told = match status {
                500 => true,
                400 | 403 | 404 | 406 | 421 => true,
                401 | 429 | 503 => SET >= KEYED,
                409 | 413 | 415 | 422 | 507 => SET >= DOCUMENT,
                _ => false,
            };
            if told {
                let reference = Ref::from_schema_name("Problem");
                let content = ContentBuilder::new().schema(Some(reference)).build();
                let text = kind.title(crate::language::Language::En);
                let response =
                    ResponseBuilder::new().description(text).content("application/problem+json", content).build();
                out.entry(status.to_string()).or_insert(RefOr::T(response));
            }
        }
        out
    }
}
