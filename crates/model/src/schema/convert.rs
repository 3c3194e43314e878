//! From the tree with places to plain JSON values.

use serde_json::{Map, Number, Value};

use crate::json::{Node, NodeValue};

/// The value of a node. A number that binary floating point cannot hold keeps its digits as a string, which amounts
/// accept, so that no digit is lost.
pub fn to_value(node: &Node) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Bool(b) => Value::Bool(*b),
        NodeValue::Number(digits) => number(digits),
        NodeValue::String(s) => Value::String(s.clone()),
        NodeValue::Array(items) => Value::Array(items.iter().map(to_value).collect()),
        NodeValue::Object(members) => {
            Value::Object(members.iter().map(|m| (m.key.clone(), to_value(&m.node))).collect::<Map<_, _>>())
        }
    }
}

fn number(digits: &str) -> Value {
    if let Ok(n) = digits.parse::<i64>() {
        return Value::Number(n.into());
    }
    let significant = digits.bytes().filter(u8::is_ascii_digit).count();
    if significant <= 15
        && !digits.contains(['e', 'E'])
        && let Some(n) = digits.parse().ok().and_then(Number::from_f64)
    {
        return Value::Number(n);
    }
    Value::String(digits.to_owned())
}
