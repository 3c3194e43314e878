//! The mark of a block in its schema.

use schemars::Schema;
use serde_json::{Value, json};

/// Adds the required `type` that tells one block from another.
pub(crate) fn tagged(name: &'static str) -> impl FnMut(&mut Schema) {
    move |schema| tag(schema, name)
}

fn tag(schema: &mut Schema, name: &str) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let mut tagged = serde_json::Map::new();
        tagged.insert("type".into(), json!({"title": "Sort", "x-title-en": "Sort", "const": name}));
        tagged.append(properties);
        *properties = tagged;
    }
    let mut required = vec![Value::from("type")];
    if let Some(Value::Array(rest)) = schema.get("required") {
        required.extend(rest.iter().cloned());
    }
    schema.insert("required".into(), Value::Array(required));
}
