//! Words with named values between: `the file {name} has {pages} pages`.

use std::collections::BTreeSet;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Value(String),
}

/// A text as pieces.
pub(super) type Template = Vec<Piece>;

/// Names that Rust keeps for itself, of those that are words.
const KEYWORDS: [&str; 20] = [
    "as", "box", "break", "const", "do", "dyn", "else", "enum", "final", "for", "if", "in", "loop", "match", "move",
    "ref", "type", "use", "where", "while",
];

/// Whether a name can be that of a text or a value: lower case, digits, underscores.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !KEYWORDS.contains(&name)
}

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Template, String> {
    let mut out = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        words.push_str(before);
        let doubled = from.starts_with("{{") || from.starts_with("}}");
        if doubled {
            words.push_str(&from[..1]);
            rest = &from[2..];
            continue;
        }
        let name = from.strip_prefix('{').and_then(|f| f.split_once('}'));
        let Some((name, after)) = name else {
            return Err("a brace that belongs to no value; a brace as such is written {{ or }}".to_owned());
        };
        if !is_name(name) {
            return Err(format!(
                "{{{name}}}: names of values have lower case, digits and underscores, and are no keyword"
            ));
        }
        if !words.is_empty() {
            out.push(Piece::Words(std::mem::take(&mut words)));
        }
        out.push(Piece::Value(name.to_owned()));
        rest = after;
    }
    words.push_str(rest);
    if !words.is_empty() {
        out.push(Piece::Words(words));
    }
    Ok(out)
}

/// Names of the values, in order of their first place.
pub(super) fn values(template: &Template) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = template.iter().filter_map(|piece| match piece {
        Piece::Value(name) => Some(name.clone()),
        Piece::Words(_) => None,
    });
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// The text as it was written, but for doubled braces.
pub(super) fn shown(template: &Template) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Value(name) => format!("{{{name}}}"),
    };
    template.iter().map(piece).collect()
}

/// Whether a text says something in a language: it has two words or more beside its values.
pub(super) fn has_words(template: &Template) -> bool {
    let words = template.iter().filter_map(|piece| match piece {
        Piece::Words(words) => Some(words.as_str()),
        Piece::Value(_) => None,
    });
    let words: Vec<_> = words.flat_map(str::split_whitespace).filter(|w| w.chars().any(char::is_alphabetic)).collect();
    words.len() > 1
}
