//! Reading JSON with the place of every key and value.
//!
//! Numbers keep the digits they were written with: an amount never passes through binary floating point.

use std::collections::HashSet;
use std::fmt::Write as _;

use jsonc_parser::ast;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde::Serialize;

use crate::diagnostic::Diagnostic;

/// Largest report read, in bytes. The largest real report seen is under 1 MB.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Deepest nesting of objects and arrays. Real reports stay under 20.
pub const MAX_DEPTH: usize = 100;

/// A place in the source text; both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters of what to underline, within the line.
    pub width: usize,
}

/// A value and where it stands in the source (byte offsets).
#[derive(Debug, Clone)]
pub struct Node {
    /// First byte and the byte after the last.
    pub span: (usize, usize),
    /// What stands there.
    pub value: NodeValue,
}

/// A JSON value; numbers as written.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone)]
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
}

/// A report as text and as a tree.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    line_starts: Vec<usize>,
    root: Option<Node>,
    /// Set when `root` is absent: where the text stops being JSON.
    fault: Option<(usize, usize)>,
}

impl Source {
    /// Reads bytes as JSON. The source comes back even when it is faulty, so that a diagnostic can show the line.
    pub fn parse(bytes: &[u8]) -> (Self, Vec<Diagnostic>) {
        if bytes.len() > MAX_BYTES {
            let size = bytes.len() / (1024 * 1024);
            return (
                Self::empty(),
                vec![
                    Diagnostic::error(
                        "JSN004",
                        "",
                        format!("filen är {size} MB; gränsen är {} MB", MAX_BYTES / (1024 * 1024)),
                        format!("the file is {size} MB; the limit is {} MB", MAX_BYTES / (1024 * 1024)),
                    )
                    .help(
                        "dela upp rapporten, och lägg bilder som egna filer i stället för i texten",
                        "split the report, and keep pictures as files of their own",
                    ),
                ],
            );
        }
        let text = match decode(bytes) {
            Ok(text) => text,
            Err(diagnostic) => return (Self::empty(), vec![*diagnostic]),
        };
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let mut source = Self { text, line_starts, root: None, fault: None };
        if let Some(offset) = too_deep(&source.text) {
            source.fault = Some((offset, offset + 1));
            let d = Diagnostic::error(
                "JSN003",
                "",
                format!("för djupt nästlat: mer än {MAX_DEPTH} nivåer"),
                format!("nested too deeply: more than {MAX_DEPTH} levels"),
            )
            .help("förenkla strukturen", "make the structure flatter");
            return (source.clone(), vec![d.located(&source)]);
        }
        let parsed = parse_to_ast(&source.text, &collect_options(), &strict())
            .map(|r| r.value.map(|v| convert(&v)))
            .map_err(|e| {
                let range = e.range();
                let explained = (explain(e.kind()), e.kind().to_string().to_lowercase());
                (range.start, range.end, explained)
            });
        let diagnostics = match parsed {
            Ok(Some(root)) => {
                let mut found = Vec::new();
                duplicate_keys(&root, &mut String::new(), &mut found);
                source.root = Some(root);
                found
            }
            Ok(None) => {
                source.fault = Some((0, 0));
                vec![Diagnostic::error("JSN001", "", "filen är tom", "the file is empty")]
            }
            Err((start, end, ((sv, help_sv, help_en), en))) => {
                source.fault = Some((start, end));
                vec![
                    Diagnostic::error(
                        "JSN001",
                        "",
                        format!("filen är inte giltig JSON: {sv}"),
                        format!("the file is not valid JSON: {en}"),
                    )
                    .help(help_sv, help_en),
                ]
            }
        };
        let diagnostics = diagnostics.into_iter().map(|d| d.located(&source)).collect();
        (source, diagnostics)
    }

    fn empty() -> Self {
        Self { text: String::new(), line_starts: vec![0], root: None, fault: None }
    }

    /// The tree, when the text is JSON.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// The text as read, without byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line of the source, from 1, without its line end.
    pub fn line(&self, number: usize) -> Option<&str> {
        let start = *self.line_starts.get(number.checked_sub(1)?)?;
        self.text.get(start..)?.lines().next()
    }

    /// Where a pointer's value stands. A pointer to something absent (a missing field, a computed value) gives its
    /// nearest ancestor that exists. A pointer ending in `#key` points at the key itself.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let Some(root) = &self.root else {
            return self.fault.map(|(a, b)| self.locate(a, b));
        };
        if let Some(path) = pointer.strip_suffix("#key") {
            let (parent, last) = path.rsplit_once('/')?;
            let node = self.node(root, parent);
            if let NodeValue::Object(members) = &node.value {
                let name = unescape(last);
                // The last of several equal keys is the one that is one too many.
                if let Some(m) = members.iter().rev().find(|m| m.key == name) {
                    return Some(self.locate(m.key_span.0, m.key_span.1));
                }
            }
        }
        let node = self.node(root, pointer);
        Some(self.locate(node.span.0, node.span.1))
    }

    fn node<'a>(&self, root: &'a Node, pointer: &str) -> &'a Node {
        let mut node = root;
        for token in pointer.split('/').skip(1) {
            match node.step(&unescape(token)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    fn locate(&self, start: usize, end: usize) -> Position {
        let line = self.line_starts.partition_point(|&s| s <= start).max(1);
        let line_start = self.line_starts[line - 1];
        let before = self.text.get(line_start..start).unwrap_or_default();
        let inside = self.text.get(start..end.max(start)).unwrap_or_default();
        let width = inside.lines().next().unwrap_or_default().chars().count().max(1);
        Position { line, column: before.chars().count() + 1, width }
    }
}

/// Appends one token to a JSON pointer (RFC 6901).
pub fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// Appends an array index to a JSON pointer.
pub fn push_index(pointer: &mut String, index: usize) {
    let _ = write!(pointer, "/{index}");
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

fn decode(bytes: &[u8]) -> Result<String, Box<Diagnostic>> {
    // RFC 8259 section 8.1: a parser may ignore a byte order mark; Windows tools add one.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let wrong = |sv: String, en: String| {
        Box::new(
            Diagnostic::error("JSN002", "", sv, en)
                .help("spara filen som UTF-8 (i Anteckningar: Spara som, Kodning: UTF-8)", "save the file as UTF-8"),
        )
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(wrong("filen är UTF-16".into(), "the file is UTF-16".into()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let before = &bytes[..e.valid_up_to()];
            let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
            let byte = bytes.get(e.valid_up_to()).copied().unwrap_or_default();
            let mut d = wrong(
                format!("filen är inte UTF-8: byte 0x{byte:02X} på rad {line}"),
                format!("the file is not UTF-8: byte 0x{byte:02X} on line {line}"),
            );
            let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
            let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
            d.position = Some(Position { line, column, width: 1 });
            Err(d)
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

fn collect_options() -> CollectOptions {
    CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false }
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
                    let shown: String = m.key.chars().take(60).collect();
                    found.push(
                        Diagnostic::error(
                            "JSN005",
                            format!("{pointer}#key"),
                            format!("fältet ”{shown}” står två gånger"),
                            format!("the field \"{shown}\" stands twice"),
                        )
                        .help("ta bort den ena", "remove one of them"),
                    );
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

/// Swedish explanation and remedy of a syntax error.
fn explain(kind: &ParseErrorKind) -> (&'static str, &'static str, &'static str) {
    use ParseErrorKind as K;
    match kind {
        K::ExpectedComma => {
            ("ett kommatecken saknas", "sätt ett kommatecken mellan värdena", "put a comma between the values")
        }
        K::TrailingCommasNotAllowed | K::UnexpectedComma => {
            ("ett kommatecken för mycket", "ta bort kommatecknet före } eller ]", "remove the comma before } or ]")
        }
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => {
            ("kommentarer är inte tillåtna", "ta bort kommentaren", "remove the comment")
        }
        K::ExpectedColonAfterObjectKey | K::UnexpectedColon => {
            ("ett kolon saknas eller står fel", "skriv \"fält\": värde", "write \"field\": value")
        }
        K::UnterminatedArray => ("en lista avslutas aldrig", "sätt ut ]", "add ]"),
        K::UnterminatedObject => ("ett objekt avslutas aldrig", "sätt ut }", "add }"),
        K::MultipleRootJsonValues => {
            ("text efter dokumentets slut", "låt filen innehålla ett enda objekt", "let the file hold one object")
        }
        K::SingleQuotedStringsNotAllowed => {
            ("text ska stå inom dubbla citattecken", "byt ' mot \"", "use \" instead of '")
        }
        K::String(_) => (
            "en text avslutas aldrig eller har ett otillåtet tecken",
            "avsluta texten med \"; radbrytning skrivs \\n",
            "end the string with \"; a line break is written \\n",
        ),
        K::UnexpectedWord | K::UnexpectedToken | K::UnexpectedTokenInObject => (
            "ett oväntat tecken",
            "text ska stå inom citattecken; kontrollera tecknen runt platsen",
            "text stands in quotes; look at the characters around the place",
        ),
        _ => ("ett oväntat tecken", "kontrollera platsen", "look at the place"),
    }
}
