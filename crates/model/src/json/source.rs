//! A model as it was written: its text, its tree, and what is wrong with the text.

use std::collections::HashSet;
use std::sync::Arc;

use jsonc_parser::ast;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::node::{Member, Node, NodeValue};
use super::syntax::explain;
use crate::diagnostic::Diagnostic;
use crate::messages::{jsn001, jsn002, jsn003, jsn004, jsn005};
use crate::place::{Position, push_index, push_token, unescape};

/// Largest report read, in bytes. The largest real report seen is under 1 MB.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Deepest nesting of objects and arrays. Real reports stay under 20.
pub const MAX_DEPTH: usize = 100;

/// The mark that Windows tools put before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A model as text and as a tree. Bytes become a source once; whoever needs the model takes the source, or a type read
/// from it ([`Node::read`]). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    text: Arc<Text>,
    root: Option<Arc<Node>>,
    /// Set when `root` is absent: where the text stops being JSON.
    fault: Option<(usize, usize)>,
    /// Whether the tree is that of the whole text, unchanged.
    whole: bool,
    findings: Arc<[Diagnostic]>,
}

/// Text and where its lines start.
#[derive(Debug)]
struct Text {
    text: String,
    line_starts: Vec<usize>,
    marked: bool,
}

impl Source {
    /// Reads bytes as JSON. The source comes back even when it is faulty, so that a diagnostic can show the line;
    /// [`Source::findings`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Self {
        let size = bytes.len();
        if size > MAX_BYTES {
            let (size, most) = (size / (1024 * 1024), MAX_BYTES / (1024 * 1024));
            return Self::unread(jsn004::TooLarge { size: &size, most: &most }.at(""));
        }
        let text = match decode(bytes) {
            Ok(text) => text,
            Err(finding) => return Self::unread(*finding),
        };
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let text = Arc::new(Text { text, line_starts, marked: bytes.starts_with(BYTE_ORDER_MARK) });
        let (root, fault, found) = read(&text.text);
        let mut source = Self { text, root: root.map(Arc::new), fault, whole: true, findings: Arc::default() };
        source.findings = found.into_iter().map(|d| d.located(&source)).collect();
        source
    }

    fn unread(finding: Diagnostic) -> Self {
        let text = Arc::new(Text { text: String::new(), line_starts: vec![0], marked: false });
        Self { text, root: None, fault: None, whole: true, findings: [finding].into() }
    }

    /// What is wrong with the text itself: no JSON, or fields that stand twice.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// A part of the model as a model of its own; places are still those of the whole text. `None` when nothing stands
    /// at the pointer.
    pub fn below(&self, pointer: &str) -> Option<Self> {
        Some(self.with_root(self.root()?.at(pointer)?.clone()))
    }

    /// The same text with another tree: what was left out of it or added to it, with the places it had.
    #[must_use]
    pub fn with_root(&self, root: Node) -> Self {
        Self {
            text: Arc::clone(&self.text),
            root: Some(Arc::new(root)),
            fault: None,
            whole: false,
            findings: Arc::default(),
        }
    }

    /// The model as JSON: the bytes it was read from, or, when its tree is another than that of the text, the tree.
    pub fn json(&self) -> Vec<u8> {
        match &self.root {
            Some(root) if !self.whole => root.to_json().into_bytes(),
            _ => {
                let mark = if self.text.marked { BYTE_ORDER_MARK } else { &[] };
                [mark, self.text.text.as_bytes()].concat()
            }
        }
    }

    /// The tree, when the text is JSON.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_deref()
    }

    /// The text as read, without byte order mark.
    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// One line of the source, from 1, without its line end.
    pub fn line(&self, number: usize) -> Option<&str> {
        let start = *self.text.line_starts.get(number.checked_sub(1)?)?;
        self.text.text.get(start..)?.lines().next()
    }

    /// Where a pointer's value stands. A pointer to something absent (a missing field, a computed value) gives its
    /// nearest ancestor that exists. A pointer ending in `#key` points at the key itself.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let Some(root) = &self.root else {
            return self.fault.map(|(a, b)| self.locate(a, b));
        };
        if let Some(path) = pointer.strip_suffix("#key") {
            let (parent, last) = path.rsplit_once('/')?;
            let node = root.nearest(parent);
            if let NodeValue::Object(members) = &node.value {
                let name = unescape(last);
                // The last of several equal keys is the one that is one too many.
                if let Some(m) = members.iter().rev().find(|m| m.key == name) {
                    return Some(self.locate(m.key_span.0, m.key_span.1));
                }
            }
        }
        let node = root.nearest(pointer);
        Some(self.locate(node.span.0, node.span.1))
    }

    fn locate(&self, start: usize, end: usize) -> Position {
        let line = self.text.line_starts.partition_point(|&s| s <= start).max(1);
        let line_start = self.text.line_starts[line - 1];
        let before = self.text.text.get(line_start..start).unwrap_or_default();
        let inside = self.text.text.get(start..end.max(start)).unwrap_or_default();
        let width = inside.lines().next().unwrap_or_default().chars().count().max(1);
        Position { line, column: before.chars().count() + 1, width }
    }
}

type Reading = (Option<Node>, Option<(usize, usize)>, Vec<Diagnostic>);

/// The tree of a text, or where it stops being JSON; and what is wrong.
fn read(text: &str) -> Reading {
    if let Some(offset) = too_deep(text) {
        let finding = jsn003::TooDeep { most: &MAX_DEPTH }.at("");
        return (None, Some((offset, offset + 1)), vec![finding]);
    }
    match parse_to_ast(text, &CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false }, &strict()) {
        Ok(parsed) => match parsed.value {
            Some(value) => {
                let root = convert(&value);
                let mut found = Vec::new();
                duplicate_keys(&root, &mut String::new(), &mut found);
                (Some(root), None, found)
            }
            None => (None, Some((0, 0)), vec![jsn001::Empty.at("")]),
        },
        Err(e) => {
            let range = e.range();
            (None, Some((range.start, range.end)), vec![explain(e.kind())])
        }
    }
}

fn decode(bytes: &[u8]) -> Result<String, Box<Diagnostic>> {
    // RFC 8259 section 8.1: a parser may ignore a byte order mark; Windows tools add one.
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Box::new(jsn002::Utf16.at("")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let before = &bytes[..e.valid_up_to()];
            let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
            let byte = bytes.get(e.valid_up_to()).copied().unwrap_or_default();
            let mut d = jsn002::NotUtf8 { byte: &format_args!("{byte:02X}"), line: &line }.at("");
            let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
            let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
            d.position = Some(Position { line, column, width: 1 });
            Err(Box::new(d))
        }
    }
}

/// Offset of the bracket that goes one level too deep. Checked before parsing so that no parser has to recurse that far.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (i, b) in text.bytes().enumerate() {
        if in_string {
            match b {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match b {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(i);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn convert(value: &ast::Value<'_>) -> Node {
    let (range, value) = match value {
        ast::Value::StringLit(v) => (v.range, NodeValue::String(v.value.to_string())),
        ast::Value::NumberLit(v) => (v.range, NodeValue::Number(v.value.to_owned())),
        ast::Value::BooleanLit(v) => (v.range, NodeValue::Bool(v.value)),
        ast::Value::NullKeyword(v) => (v.range, NodeValue::Null),
        ast::Value::Array(v) => (v.range, NodeValue::Array(v.elements.iter().map(convert).collect())),
        ast::Value::Object(v) => {
            let members = v.properties.iter().map(|p| {
                let key_range = match &p.name {
                    ast::ObjectPropName::String(s) => s.range,
                    ast::ObjectPropName::Word(w) => w.range,
                };
                Member {
                    key: p.name.as_str().to_owned(),
                    key_span: (key_range.start, key_range.end),
                    node: convert(&p.value),
                }
            });
            (v.range, NodeValue::Object(members.collect()))
        }
    };
    Node { span: (range.start, range.end), value }
}

/// Most fields told of that stand twice.
const MAX_DUPLICATES: usize = 1000;

fn duplicate_keys(node: &Node, pointer: &mut String, found: &mut Vec<Diagnostic>) {
    let length = pointer.len();
    match &node.value {
        NodeValue::Object(members) => {
            let mut seen = HashSet::new();
            for m in members {
                push_token(pointer, &m.key);
                if !seen.insert(&m.key) && found.len() < MAX_DUPLICATES {
                    let twice = jsn005::FieldTwice { field: &format_args!("{:.60}", m.key) };
                    found.push(twice.at(format!("{pointer}#key")));
                }
                duplicate_keys(&m.node, pointer, found);
                pointer.truncate(length);
            }
        }
        NodeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                push_index(pointer, i);
                duplicate_keys(item, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
