//! Walking a model along its schema, so that built-in kinds and plugins are treated alike.

use serde_json::{Map, Value};

use super::{KindSchema, Resolved, to_value};
use crate::json::{Node, NodeValue};
use crate::place::{push_index, push_token};

/// Gets every value whose schema has a name, and may replace it.
pub trait Visit {
    /// A value of the named definition (`Text`, `Table`, `Date`, …) at `pointer`. `Some` replaces it and ends the walk
    /// below it.
    fn named(&mut self, name: &str, node: &Node, pointer: &str) -> Option<Value>;
}

/// Walks a model along its schema and returns it as data, with the visitor's replacements.
pub fn walk(schema: &KindSchema, node: &Node, visit: &mut dyn Visit) -> Value {
    let mut pointer = String::new();
    step(schema, schema.root(), node, &mut pointer, visit)
}

fn step(schema: &KindSchema, at: &Value, node: &Node, pointer: &mut String, visit: &mut dyn Visit) -> Value {
    let Resolved { schema: at, name } = schema.resolve(at);
    if let Some(replaced) = name.and_then(|n| visit.named(n, node, pointer)) {
        return replaced;
    }
    if let Some(options) = alternatives(at) {
        return match choose(schema, options, node) {
            Some(option) => step(schema, option, node, pointer, visit),
            None => to_value(node),
        };
    }
    let length = pointer.len();
    match &node.value {
        NodeValue::Object(members) => {
            let properties = at.get("properties");
            let mut out = Map::new();
            for member in members {
                push_token(pointer, &member.key);
                let value = match properties.and_then(|p| p.get(&member.key)) {
                    Some(below) => step(schema, below, &member.node, pointer, visit),
                    None => to_value(&member.node),
                };
                out.insert(member.key.clone(), value);
                pointer.truncate(length);
            }
            Value::Object(out)
        }
        NodeValue::Array(items) => {
            let Some(below) = at.get("items") else { return to_value(node) };
            let mut out = Vec::with_capacity(items.len());
            for (i, item) in items.iter().enumerate() {
                push_index(pointer, i);
                out.push(step(schema, below, item, pointer, visit));
                pointer.truncate(length);
            }
            Value::Array(out)
        }
        _ => to_value(node),
    }
}

/// Every value of a named definition, in order, with its pointer. What stands below one is not looked at.
pub fn each_named<'n>(schema: &KindSchema, node: &'n Node, wanted: &str, found: &mut dyn FnMut(&'n Node, &str)) {
    look(schema, schema.root(), node, wanted, &mut String::new(), found);
}

fn look<'n>(
    schema: &KindSchema,
    at: &Value,
    node: &'n Node,
    wanted: &str,
    pointer: &mut String,
    found: &mut dyn FnMut(&'n Node, &str),
) {
    let Resolved { schema: at, name } = schema.resolve(at);
    if name == Some(wanted) {
        return found(node, pointer);
    }
    if let Some(options) = alternatives(at) {
        if let Some(option) = choose(schema, options, node) {
            look(schema, option, node, wanted, pointer, found);
        }
        return;
    }
    let length = pointer.len();
    match &node.value {
        NodeValue::Object(members) => {
            let Some(properties) = at.get("properties") else { return };
            for member in members {
                let Some(below) = properties.get(&member.key) else { continue };
                push_token(pointer, &member.key);
                look(schema, below, &member.node, wanted, pointer, found);
                pointer.truncate(length);
            }
        }
        NodeValue::Array(items) => {
            let Some(below) = at.get("items") else { return };
            for (i, item) in items.iter().enumerate() {
                push_index(pointer, i);
                look(schema, below, item, wanted, pointer, found);
                pointer.truncate(length);
            }
        }
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => {}
    }
}

pub(super) fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
}

/// The alternative a value belongs to: by JSON type, and among objects by the constant in `type`.
fn choose<'a>(schema: &'a KindSchema, options: &'a [Value], node: &Node) -> Option<&'a Value> {
    let tag = node.get("type").and_then(Node::as_str);
    options.iter().find(|option| {
        let option = schema.resolve(option).schema;
        let constant = option.get("properties").and_then(|p| p.get("type")).and_then(|t| t.get("const"));
        match (&node.value, option.get("type").and_then(Value::as_str)) {
            (NodeValue::Object(_), Some("object")) => constant.is_none_or(|c| c.as_str() == tag),
            (NodeValue::String(_), Some("string")) | (NodeValue::Array(_), Some("array")) => true,
            _ => false,
        }
    })
}
