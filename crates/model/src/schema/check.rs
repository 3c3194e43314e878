//! Checking a model against its schema, with every fault found and each with its place.
//!
//! Covers the part of JSON Schema 2020-12 that the kinds and plugins use; `sigill layouts check` refuses a plugin schema
//! that uses more.

use regex::Regex;
use serde_json::Value;
use sigill_messages::{Localize, Texts};

use super::walk::alternatives;
use super::{KindSchema, Resolved};
use crate::diagnostic::Diagnostic;
use crate::format::parse_date;
use crate::json::{Node, NodeValue};
use crate::messages::{dat001, json_type, mod003, mod004, mod005, mod006, mod007, remedy};
use crate::place::{push_index, push_token};
use crate::suggest::did_you_mean;
use crate::text::control_characters;

/// All faults of a model against its schema.
pub fn check(schema: &KindSchema, node: &Node) -> Vec<Diagnostic> {
    let mut checker = Checker { schema, pointer: String::new(), found: Vec::new() };
    checker.value(schema.root(), node);
    checker.found
}

struct Checker<'a> {
    schema: &'a KindSchema,
    pointer: String,
    found: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn value(&mut self, outer: &'a Value, node: &Node) {
        let Resolved { schema, .. } = self.schema.resolve(outer);
        if let Some(options) = alternatives(schema) {
            self.choice(options, node);
            return;
        }
        if let Some(constant) = schema.get("const") {
            if node.as_str() != constant.as_str() {
                self.not_allowed(node, &[constant.as_str().unwrap_or_default()]);
            }
            return;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
            if !node.as_str().is_some_and(|s| values.contains(&s)) {
                self.not_allowed(node, &values);
            }
            return;
        }
        if !self.has_type(schema, node) {
            return;
        }
        match &node.value {
            NodeValue::Object(_) => self.object(schema, node),
            NodeValue::Array(items) => self.array(schema, items),
            NodeValue::String(s) => {
                // Beside a reference stands what this field asks for more than its type does: a title is not empty.
                if outer.get("$ref").is_some() {
                    self.string(outer, s);
                }
                self.string(schema, s);
                control_characters(s, &self.pointer, &mut self.found);
            }
            NodeValue::Number(n) => self.number(schema, n),
            _ => {}
        }
    }

    fn has_type(&mut self, schema: &Value, node: &Node) -> bool {
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(t)) => vec![t],
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let fits = types.iter().any(|t| fits(t, node));
        if !fits {
            self.wrong_type(&types, node);
        }
        fits
    }

    fn wrong_type(&mut self, types: &[&str], node: &Node) {
        let mut wanted = Texts::default();
        for (i, name) in types.iter().enumerate() {
            let second = type_words(name);
            let both = json_type::Either { first: &wanted, second };
            wanted = Texts::of(if i == 0 { second } else { &both });
        }
        let remedy = match (types, &node.value) {
            (["string"], NodeValue::Number(n)) => Texts::of(&remedy::InQuotes { number: n }),
            (["array"], NodeValue::String(_)) => Texts::of(&remedy::InAList),
            (_, NodeValue::Null) => Texts::of(&remedy::LeftOut),
            _ => Texts::default(),
        };
        let given = type_words(node.type_name());
        self.found.push(mod004::WrongType { wanted: &wanted, given, remedy: &remedy }.at(&self.pointer));
    }

    fn not_allowed(&mut self, node: &Node, values: &[&str]) {
        let Some(text) = node.as_str() else {
            self.wrong_type(&["string"], node);
            return;
        };
        let suggestion = did_you_mean(text, values);
        let wrong = mod006::NotPossible { given: &format_args!("{text:.60}"), suggestion: &suggestion };
        self.found.push(wrong.at(&self.pointer));
    }

    fn object(&mut self, schema: &'a Value, node: &Node) {
        let NodeValue::Object(members) = &node.value else { return };
        let properties = schema.get("properties").and_then(Value::as_object);
        let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        let length = self.pointer.len();
        let mut free = None;
        for member in members {
            let below = properties.and_then(|p| p.get(&member.key));
            push_token(&mut self.pointer, &member.key);
            match below {
                Some(below) => self.value(below, &member.node),
                // Editors take the schema of a file from here; it says nothing of the document.
                None if length == 0 && member.key == "$schema" && member.node.as_str().is_some() => {}
                None if closed => {
                    let free = free.get_or_insert_with(|| {
                        let names = properties.into_iter().flatten().map(|(k, _)| k.as_str());
                        names.filter(|k| node.get(k).is_none()).collect::<Vec<_>>()
                    });
                    self.unknown_field(&member.key, free);
                }
                None => {}
            }
            self.pointer.truncate(length);
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if node.get(name).is_none() {
                let title = properties
                    .and_then(|p| p.get(name))
                    .and_then(|s| s.get("title"))
                    .and_then(Value::as_str)
                    .unwrap_or(name);
                let missing = mod005::MissingField { field: &name, title: &title.to_lowercase() };
                self.found.push(missing.at(&self.pointer));
            }
        }
    }

    /// `free` are the fields that could be meant: those not there yet.
    fn unknown_field(&mut self, key: &str, free: &[&str]) {
        let suggestion = did_you_mean(key, free);
        let unknown = mod003::UnknownField { field: &format_args!("{key:.60}"), suggestion: &suggestion };
        self.found.push(unknown.at(format!("{}#key", self.pointer)));
    }

    fn array(&mut self, schema: &'a Value, items: &[Node]) {
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        let count = items.len() as u64;
        if bound("minItems").is_some_and(|min| count < min) {
            self.found.push(mod007::EmptyList.at(&self.pointer));
        }
        if let Some(most) = bound("maxItems").filter(|&most| count > most) {
            self.found.push(mod006::LongList { count: &count, most: &most }.at(&self.pointer));
        }
        let Some(below) = schema.get("items") else { return };
        let length = self.pointer.len();
        for (i, item) in items.iter().enumerate() {
            push_index(&mut self.pointer, i);
            self.value(below, item);
            self.pointer.truncate(length);
        }
    }

    fn string(&mut self, schema: &Value, text: &str) {
        let length = text.chars().count() as u64;
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        if bound("minLength").is_some_and(|min| length < min || text.trim().is_empty()) {
            self.found.push(mod007::EmptyText.at(&self.pointer));
            return;
        }
        if let Some(most) = bound("maxLength").filter(|&most| length > most) {
            self.found.push(mod006::LongText { count: &length, most: &most }.at(&self.pointer));
        }
        let pattern = schema.get("pattern").and_then(Value::as_str);
        if let Some(pattern) = pattern
            && Regex::new(pattern).is_ok_and(|r| !r.is_match(text))
        {
            let wrong = mod006::WrongForm { given: &format_args!("{text:.60}"), pattern: &pattern };
            self.found.push(wrong.at(&self.pointer));
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("date") if parse_date(text).is_none() => {
                self.found.push(dat001::NotADate { given: &format_args!("{text:.40}") }.at(&self.pointer));
            }
            Some("time") if !is_time(text) => {
                self.found.push(dat001::NotATime { given: &format_args!("{text:.40}") }.at(&self.pointer));
            }
            _ => {}
        }
    }

    fn number(&mut self, schema: &Value, digits: &str) {
        let n: f64 = digits.parse().unwrap_or(f64::INFINITY);
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        if bound("minimum").is_some_and(|min| n < min) || bound("maximum").is_some_and(|max| n > max) {
            let show = |key: &str| bound(key).map(|b| b.to_string()).unwrap_or_else(|| "…".into());
            let (min, max) = (show("minimum"), show("maximum"));
            let outside = mod006::Outside { given: &digits, least: &min, most: &max };
            self.found.push(outside.at(&self.pointer));
        }
    }

    /// Picks the alternative the writer must have meant and reports its faults, not those of the others.
    fn choice(&mut self, options: &'a [Value], node: &Node) {
        let resolved: Vec<_> = options.iter().map(|o| (o, self.schema.resolve(o).schema)).collect();
        let constants: Vec<_> = resolved.iter().filter_map(|(_, s)| s.get("const").and_then(Value::as_str)).collect();
        if !constants.is_empty() {
            if !node.as_str().is_some_and(|s| constants.contains(&s)) {
                self.not_allowed(node, &constants);
            }
            return;
        }
        let tag_of = |s: &'a Value| {
            s.get("properties").and_then(|p| p.get("type")).and_then(|t| t.get("const")).and_then(Value::as_str)
        };
        let tags: Vec<_> = resolved.iter().filter_map(|(_, s)| tag_of(s)).collect();
        if matches!(node.value, NodeValue::Object(_)) && !tags.is_empty() {
            let length = self.pointer.len();
            match node.get("type") {
                Some(tag) => match resolved.iter().find(|(_, s)| tag_of(s).is_some() && tag_of(s) == tag.as_str()) {
                    Some((option, _)) => self.value(option, node),
                    None => {
                        push_token(&mut self.pointer, "type");
                        self.not_allowed(tag, &tags);
                        self.pointer.truncate(length);
                    }
                },
                None => {
                    self.found.push(mod005::MissingType { names: &tags.join(", ") }.at(&self.pointer));
                }
            }
            return;
        }
        let types = |s: &'a Value| match s.get("type") {
            Some(Value::String(t)) => vec![t.as_str()],
            Some(Value::Array(t)) => t.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        match resolved.iter().find(|(_, s)| types(s).iter().any(|t| fits(t, node))) {
            Some((option, _)) => self.value(option, node),
            None => {
                let all: Vec<_> = resolved.iter().flat_map(|(_, s)| types(s)).collect();
                let mut distinct: Vec<&str> = Vec::new();
                for t in all {
                    if !distinct.contains(&t) {
                        distinct.push(t);
                    }
                }
                self.wrong_type(&distinct, node);
            }
        }
    }
}

fn fits(name: &str, node: &Node) -> bool {
    match (name, &node.value) {
        ("integer", NodeValue::Number(n)) => n.parse::<i64>().is_ok(),
        (_, NodeValue::Number(_)) => name == "number",
        _ => name == node.type_name(),
    }
}

fn is_time(text: &str) -> bool {
    let Some((h, m)) = text.split_once([':', '.']) else { return false };
    let number = |s: &str, limit: u8| s.len() == 2 && s.parse::<u8>().is_ok_and(|n| n < limit);
    (number(h, 24) || (h.len() == 1 && h.parse::<u8>().is_ok())) && number(m, 60)
}

fn type_words(name: &str) -> &'static dyn Localize {
    match name {
        "object" => &json_type::Object,
        "array" => &json_type::Array,
        "string" => &json_type::Text,
        "number" => &json_type::Number,
        "integer" => &json_type::Integer,
        "boolean" => &json_type::Boolean,
        _ => &json_type::Null,
    }
}
