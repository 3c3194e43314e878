//! JSON Schemas of the kinds: generated from the Rust types, or read from a plugin.

mod check;
mod convert;
pub(crate) mod described;
pub(crate) mod tag;
mod walk;

pub use check::check;
pub use convert::to_value;
pub use walk::{Visit, each_named, walk};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::kinds::common::Content;

/// The generated schema of a type, before `finish`.
pub fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// Makes a generated schema strict: unknown fields are errors, optional fields are left out rather than `null`.
pub(crate) fn finish(schema: Schema) -> Value {
    let mut value = schema.to_value();
    strict(&mut value);
    value
}

fn strict(value: &mut Value) {
    match value {
        Value::Object(object) => {
            // `null` has a meaning in cells only.
            if object.get("title").and_then(Value::as_str) == Some("Cell") {
                return;
            }
            drop_null(object);
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
            if object.contains_key("properties") {
                object.insert("additionalProperties".into(), Value::Bool(false));
            }
            object.values_mut().for_each(strict);
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    let Some(Value::Array(options)) = object.get_mut("anyOf") else { return };
    options.retain(|o| o != &json!({"type": "null"}));
    if let [Value::Object(only)] = options.as_slice() {
        let only = only.clone();
        object.remove("anyOf");
        for (key, value) in only {
            object.entry(key).or_insert(value);
        }
    }
}

/// A schema with its definitions at hand.
#[derive(Debug, Clone)]
pub struct KindSchema {
    root: Value,
}

/// A step into a schema: the schema itself and the name of the definition it came from.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'a> {
    /// The schema.
    pub schema: &'a Value,
    /// Its name in `$defs`, if it has one: `Text`, `Table`.
    pub name: Option<&'a str>,
}

impl KindSchema {
    /// Takes a finished schema. A plugin's schema may refer to shared types as `sigill:Text`, `sigill:Table` and so on;
    /// their definitions are added here.
    pub fn new(mut root: Value) -> Self {
        let refers = |v: &Value| v.to_string().contains("\"$ref\":\"sigill:");
        if refers(&root) {
            let shared = shared_definitions();
            rename_refs(&mut root);
            if let Some(object) = root.as_object_mut() {
                let defs = object.entry("$defs").or_insert_with(|| json!({}));
                if let Some(defs) = defs.as_object_mut() {
                    for (name, def) in shared {
                        defs.entry(name).or_insert(def);
                    }
                }
            }
        }
        Self { root }
    }

    /// The whole schema.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// Follows `$ref`.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> Resolved<'a> {
        let mut at = Resolved { schema, name: None };
        // A plugin's schema could refer in a circle.
        for _ in 0..16 {
            let Some(reference) = at.schema.get("$ref").and_then(Value::as_str) else { break };
            let Some(name) = reference.strip_prefix("#/$defs/") else { break };
            match self.root.get("$defs").and_then(|d| d.as_object()).and_then(|d| d.get_key_value(name)) {
                Some((key, target)) => at = Resolved { schema: target, name: Some(key) },
                None => break,
            }
        }
        at
    }
}

fn shared_definitions() -> Map<String, Value> {
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Shared {
        content: Content,
        section: crate::kinds::common::Section,
        line: crate::kinds::common::Line,
        date: crate::kinds::common::Date,
        time: crate::kinds::common::Time,
        signature: crate::kinds::common::Signature,
        bilaga: crate::kinds::common::Bilaga,
        kontakt: crate::kinds::common::Kontakt,
        status: crate::status::Status,
    }
    match finish(of::<Shared>()).get_mut("$defs").map(Value::take) {
        Some(Value::Object(defs)) => defs,
        _ => Map::new(),
    }
}

fn rename_refs(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("sigill:")
            {
                *reference = format!("#/$defs/{name}");
            }
            object.values_mut().for_each(rename_refs);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_refs),
        _ => {}
    }
}
