//! What handlers have in common in the OpenAPI description.

use std::collections::BTreeMap;

use sigill_messages::Lang;
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify};

use crate::problem::Kind;

/// The way in: an API key or a token of single sign-on.
pub(crate) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Texts in described types, which are one field for each language: the type, what stands before the language's tag in the
/// field's name, and what the text is.
const TEXTS: [(&str, &str, &str); 5] = [
    ("ConformanceCheck", "", "The rule, in"),
    ("Finding", "message_", "What is wrong, in"),
    ("Finding", "help_", "What to do, in"),
    ("KindEntry", "title_", "Its title, in"),
    ("KindEntry", "help_", "What it is for, in"),
];

/// Describes a text, in every language.
pub(crate) fn describe_text(object: &mut Object, field: &str, about: &str) {
    for lang in Lang::ALL {
        let field = format!("{field}{}", lang.tag());
        let about = format!("{about} {}.", lang.english());
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        object.properties.insert(field.clone(), text.into());
        object.required.push(field);
    }
}

/// Describes the fields of [`TEXTS`], which `utoipa` cannot derive.
pub(crate) fn describe_texts(openapi: &mut OpenApi) {
    let schemas = &mut openapi.components.get_or_insert_with(Default::default).schemas;
    for (name, field, about) in TEXTS {
        if let Some(RefOr::T(Schema::Object(object))) = schemas.get_mut(name) {
            describe_text(object, field, about);
        }
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
                let text = kind.title(Lang::En);
                let response =
                    ResponseBuilder::new().description(text).content("application/problem+json", content).build();
                out.entry(status.to_string()).or_insert(RefOr::T(response));
            }
        }
        out
    }
}
