//! The tree of a model, each value with its place in the source.

use crate::place::unescape;

/// A value and where it stands in the source (byte offsets).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// First byte and the byte after the last.
    pub span: (usize, usize),
    /// What stands there.
    pub value: NodeValue,
}

/// A JSON value; numbers as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Digits as written in the source.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// Keys with their spans, in source order.
    Object(Vec<Member>),
}

/// One key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// Where the key stands.
    pub key_span: (usize, usize),
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The member with this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            NodeValue::Object(members) => members.iter().find(|m| m.key == key).map(|m| &m.node),
            _ => None,
        }
    }

    /// The string here, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::String(s) => Some(s),
            _ => None,
        }
    }

    /// Name of the JSON type, as the schema spells it.
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            NodeValue::Null => "null",
            NodeValue::Bool(_) => "boolean",
            NodeValue::Number(_) => "number",
            NodeValue::String(_) => "string",
            NodeValue::Array(_) => "array",
            NodeValue::Object(_) => "object",
        }
    }

    fn step(&self, token: &str) -> Option<&Node> {
        match &self.value {
            NodeValue::Object(_) => self.get(token),
            NodeValue::Array(items) => token.parse::<usize>().ok().and_then(|i| items.get(i)),
            _ => None,
        }
    }

    /// The value at a JSON pointer; `None` when nothing stands there.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(self, |node, token| node.step(&unescape(token)))
    }

    /// The value at a JSON pointer, or its nearest ancestor that exists.
    pub fn nearest(&self, pointer: &str) -> &Node {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            match node.step(&unescape(token)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The entries, when this is an array.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            NodeValue::Array(items) => items,
            _ => &[],
        }
    }

    /// The entries of the array under a key; none when there is no such array.
    pub fn items_mut(&mut self, key: &str) -> Option<&mut Vec<Node>> {
        match self.get_mut(key).map(|n| &mut n.value) {
            Some(NodeValue::Array(items)) => Some(items),
            _ => None,
        }
    }

    /// The member with this key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            NodeValue::Object(members) => members.iter_mut().find(|m| m.key == key).map(|m| &mut m.node),
            _ => None,
        }
    }

    /// Sets a member, with the place of this object.
    pub fn set(&mut self, key: &str, value: NodeValue) {
        let node = Node { span: self.span, value };
        if let NodeValue::Object(members) = &mut self.value {
            match members.iter_mut().find(|m| m.key == key) {
                Some(member) => member.node = node,
                None => members.push(Member { key: key.to_owned(), key_span: self.span, node }),
            }
        }
    }

    /// Removes a member.
    pub fn remove(&mut self, key: &str) {
        if let NodeValue::Object(members) = &mut self.value {
            members.retain(|m| m.key != key);
        }
    }
}

impl From<&str> for NodeValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<u64> for NodeValue {
    fn from(number: u64) -> Self {
        Self::Number(number.to_string())
    }
}
