//! Walking a model along its schema, so that built-in kinds and plugins are treated alike.

use serde_json::{Map, Value};

use super::{KindSchema, Resolved};
use crate::json::{push_index, push_token};

/// Gets every value whose schema has a name, and may replace it.
pub trait Visit {
    /// A value of the named definition (`Text`, `Table`, `Date`, …) at `pointer`. `Some` replaces it and ends the walk
    /// below it.
    fn named(&mut self, name: &str, value: &Value, pointer: &str) -> Option<Value>;
}

/// Walks a value along its schema and returns it with the visitor's replacements.
pub fn walk(schema: &KindSchema, value: &Value, visit: &mut dyn Visit) -> Value {
    let mut pointer = String::new();
    step(schema, schema.root(), value, &mut pointer, visit)
}

fn step(schema: &KindSchema, at: &Value, value: &Value, pointer: &mut String, visit: &mut dyn Visit) -> Value {
    let Resolved { schema: at, name } = schema.resolve(at);
    if let Some(replaced) = name.and_then(|n| visit.named(n, value, pointer)) {
        return replaced;
    }
    if let Some(options) = alternatives(at) {
        return match choose(schema, options, value) {
            Some(option) => step(schema, option, value, pointer, visit),
            None => value.clone(),
        };
    }
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            let properties = at.get("properties");
            let mut out = Map::new();
            for (key, member) in object {
                push_token(pointer, key);
                let below = properties.and_then(|p| p.get(key));
                out.insert(
                    key.clone(),
                    below.map_or_else(|| member.clone(), |s| step(schema, s, member, pointer, visit)),
                );
                pointer.truncate(length);
            }
            Value::Object(out)
        }
        Value::Array(items) => {
            let Some(below) = at.get("items") else { return value.clone() };
            let mut out = Vec::with_capacity(items.len());
            for (i, item) in items.iter().enumerate() {
                push_index(pointer, i);
                out.push(step(schema, below, item, pointer, visit));
                pointer.truncate(length);
            }
            Value::Array(out)
        }
        _ => value.clone(),
    }
}

pub(super) fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
}

/// The alternative a value belongs to: by JSON type, and among objects by the constant in `type`.
fn choose<'a>(schema: &'a KindSchema, options: &'a [Value], value: &Value) -> Option<&'a Value> {
    let tag = value.get("type");
    options.iter().find(|option| {
        let option = schema.resolve(option).schema;
        let constant = option.get("properties").and_then(|p| p.get("type")).and_then(|t| t.get("const"));
        match (value, option.get("type").and_then(Value::as_str)) {
            (Value::Object(_), Some("object")) => constant.is_none() || constant == tag,
            (Value::String(_), Some("string")) | (Value::Array(_), Some("array")) => true,
            _ => false,
        }
    })
}
