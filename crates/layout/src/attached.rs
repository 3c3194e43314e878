//! The model that a document carries with it (PDF/A-3).

use sigill_model::json::{Node, NodeValue, Source as ReportSource};

/// The model that is attached: as it was written, but for passwords of bilagor, which are nobody's who has the file.
pub(crate) fn attached_model(source: &ReportSource) -> Vec<u8> {
    const PASSWORD: &str = "losenord";
    fn has(node: &Node) -> bool {
        match &node.value {
            NodeValue::Object(members) => members.iter().any(|m| m.key == PASSWORD || has(&m.node)),
            NodeValue::Array(items) => items.iter().any(has),
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => false,
        }
    }
    fn without(node: &mut Node) {
        node.remove(PASSWORD);
        match &mut node.value {
            NodeValue::Object(members) => members.iter_mut().for_each(|m| without(&mut m.node)),
            NodeValue::Array(items) => items.iter_mut().for_each(without),
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => {}
        }
    }
    match source.root().filter(|root| has(root)) {
        Some(root) => {
            let mut root = root.clone();
            without(&mut root);
            root.to_json().into_bytes()
        }
        None => source.json(),
    }
}
