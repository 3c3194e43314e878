//! From source text to data a layout can set: schema, texts, tables, charts, domain rules.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use crate::checks;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::format;
use crate::json::{Node, NodeValue, ReadError, Source};
use crate::kinds::common::{Chart, Image};
use crate::kinds::{Declared, Document};
use crate::messages::{alt001, mod001, mod004, tab008};
use crate::profile::Profile;
use crate::schema::{self, KindSchema, Visit, each_named, walk};
use crate::secrecy;
use crate::table::{self, ResolvedTable, Table};
use crate::text::{self, Block};

/// A picture the layout has to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRequest {
    /// File as written in the model.
    pub file: String,
    /// Where in the model.
    pub pointer: String,
}

/// What goes into the PDF's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Title as plain text.
    pub title: String,
    /// Author: the förvaltning or the municipality.
    pub author: String,
    /// Keywords, diarienummer first.
    pub keywords: Vec<String>,
    /// Date of the document.
    pub date: NaiveDate,
}

/// A report ready to set.
#[derive(Debug, Clone)]
pub struct PreparedReport {
    /// The model with texts parsed, tables computed and dates spelled out.
    pub data: Value,
    /// Pictures, by their `index` in the data.
    pub images: Vec<ImageRequest>,
    /// Metadata.
    pub metadata: Metadata,
}

/// What a report came to.
#[derive(Debug)]
pub struct Preparation {
    /// The report as its kind has it: absent when its fields are not sound.
    pub document: Option<Document>,
    /// The report ready to set: absent when there are errors.
    pub prepared: Option<PreparedReport>,
    /// Findings.
    pub found: Vec<Diagnostic>,
}

/// The kind a source says it is; findings when it says none.
pub fn kind_of(source: &Source) -> Result<String, Box<Diagnostic>> {
    let root = source.root();
    match root.and_then(|r| r.get("kind")) {
        Some(node) => match node.as_str() {
            Some(kind) => Ok(kind.to_owned()),
            None => Err(Box::new(mod004::NotText.at("/kind").located(source))),
        },
        None => Err(Box::new(mod001::NoKind.at("").located(source))),
    }
}

/// Checks a report and makes it ready to set.
pub fn prepare(source: &Source, schema: &KindSchema, declared: &Declared, profile: &Profile) -> Preparation {
    let Some(root) = source.root() else {
        return Preparation { document: None, prepared: None, found: source.findings().to_vec() };
    };
    let mut found = schema::check(schema, root);
    if has_errors(&found) {
        return Preparation { document: None, prepared: None, found };
    }
    let document = match Document::read(root, declared) {
        Ok(document) => document,
        Err(e) => {
            // A field that stands twice fits no type, and has a finding of its own.
            if !has_errors(source.findings()) {
                found.push(misread("", &e));
            }
            return Preparation { document: None, prepared: None, found };
        }
    };
    document.check(profile, &mut found);
    declared.check(root, document.common(), &mut found);
    let (data, images) = resolve(schema, root, profile, &mut found);
    let metadata = metadata(&document, profile).filter(|_| !has_errors(&found));
    let prepared = metadata.map(|metadata| PreparedReport { data, images, metadata });
    Preparation { document: Some(document), prepared, found }
}

fn metadata(document: &Document, profile: &Profile) -> Option<Metadata> {
    let common = document.common();
    let title = plain_line(&common.title.0);
    let mut keywords: Vec<String> = common.dnr.iter().chain(&common.andra_dnr).cloned().collect();
    keywords.extend(common.keywords.iter().cloned());
    let author = match &common.forvaltning {
        Some(f) => format!("{f}, {}", profile.name),
        None => profile.name.clone(),
    };
    Some(Metadata { title, author, keywords, date: common.date.get()? })
}

fn plain_line(text: &str) -> String {
    text::plain(&[Block::P { c: text::parse_inline(text, "", &mut Vec::new()) }])
}

fn resolve(
    schema: &KindSchema,
    root: &Node,
    profile: &Profile,
    found: &mut Vec<Diagnostic>,
) -> (Value, Vec<ImageRequest>) {
    // Tables first, so that charts anywhere can be drawn from them.
    let mut tables = Tables { profile, found, by_pointer: HashMap::new(), by_id: HashMap::new() };
    each_named(schema, root, "Table", &mut |node, pointer| tables.add(node, pointer));
    let Tables { by_pointer, by_id, .. } = tables;
    let mut resolver = Resolver { by_pointer, by_id, found, images: Vec::new(), signatures: 0 };
    let mut data = walk(schema, root, &mut resolver);
    let images = resolver.images;
    number_items(&mut data);
    (data, images)
}

/// Items without a number get their place in the list.
fn number_items(data: &mut Value) {
    let items = data.get_mut("arenden").and_then(Value::as_array_mut);
    for (i, item) in items.into_iter().flatten().enumerate() {
        if let Some(item) = item.as_object_mut() {
            item.entry("nummer").or_insert_with(|| Value::from(i + 1));
        }
    }
}

/// Tables, checked and computed.
struct Tables<'a> {
    profile: &'a Profile,
    found: &'a mut Vec<Diagnostic>,
    by_pointer: HashMap<String, ResolvedTable>,
    by_id: HashMap<String, (Table, String)>,
}

impl Tables<'_> {
    fn add(&mut self, node: &Node, pointer: &str) {
        let mut table: Table = match node.read() {
            Ok(table) => table,
            Err(e) => {
                self.found.push(misread(pointer, &e));
                return;
            }
        };
        checks::table(&mut table, self.profile, pointer, self.found);
        let resolved = table::resolve(&table, pointer, self.found);
        if let Some(id) = table.id.clone()
            && self.by_id.insert(id.clone(), (table, pointer.to_owned())).is_some()
        {
            self.found.push(tab008::TableIdTwice { id: &id }.at(format!("{pointer}/id")));
        }
        self.by_pointer.insert(pointer.to_owned(), resolved);
    }
}

/// A value that has passed its schema and does not fit its type.
fn misread(pointer: &str, error: &ReadError) -> Diagnostic {
    mod004::Misread { reason: error }.at(pointer)
}

/// Everything, in place.
struct Resolver<'a> {
    by_pointer: HashMap<String, ResolvedTable>,
    by_id: HashMap<String, (Table, String)>,
    found: &'a mut Vec<Diagnostic>,
    images: Vec<ImageRequest>,
    signatures: usize,
}

impl Visit for Resolver<'_> {
    fn named(&mut self, name: &str, node: &Node, pointer: &str) -> Option<Value> {
        match name {
            "Text" => Some(self.text(node, pointer)),
            "Line" => Some(self.line(node.as_str()?, pointer)),
            "Date" => Some(date_value(node.as_str()?.parse().ok()?)),
            "Lagrum" => {
                let written = node.as_str()?;
                match secrecy::lagrum(written) {
                    Some(cited) => Some(Value::String(cited)),
                    None => {
                        self.found.push(secrecy::unreadable(written, pointer));
                        None
                    }
                }
            }
            // Another document, with a schema of its own.
            "Rapport" => Some(Value::Bool(true)),
            "Time" => Some(Value::String(node.as_str()?.replace(':', "."))),
            // A lone text becomes the one part of a list, so that layouts meet one shape.
            "Content" => node.as_str().map(|_| json!([self.part(node, pointer)])),
            "ContentItem" => node.as_str().map(|_| self.part(node, pointer)),
            "Table" => {
                let table = self.by_pointer.remove(pointer)?;
                Some(tagged("table", &table))
            }
            "Chart" => self.chart(node, pointer),
            "Image" => self.image(node, pointer),
            "Signature" => Some(self.signature(node, pointer)),
            _ => None,
        }
    }
}

impl Resolver<'_> {
    fn text(&mut self, node: &Node, pointer: &str) -> Value {
        json!(text::parse(node.as_str().unwrap_or_default(), pointer, self.found))
    }

    fn line(&mut self, written: &str, pointer: &str) -> Value {
        json!(text::parse_inline(written, pointer, self.found))
    }

    fn part(&mut self, node: &Node, pointer: &str) -> Value {
        json!({"type": "text", "c": self.text(node, pointer)})
    }

    fn read<T: serde::de::DeserializeOwned>(&mut self, node: &Node, pointer: &str) -> Option<T> {
        node.read().map_err(|e| self.found.push(misread(pointer, &e))).ok()
    }

    fn chart(&mut self, node: &Node, pointer: &str) -> Option<Value> {
        let chart: Chart = self.read(node, pointer)?;
        let mut known: Vec<_> = self.by_id.keys().map(String::as_str).collect();
        known.sort_unstable();
        let table = self.by_id.get(&chart.table);
        // The resolved table may already have been handed out; resolving again is exact and has no findings of its own.
        let resolved = table.map(|(t, p)| table::resolve(t, p, &mut Vec::new()));
        let pair = table.zip(resolved.as_ref()).map(|((t, _), r)| (t, r));
        let resolved = crate::chart::resolve(&chart, pair, &known, pointer, self.found)?;
        Some(tagged("chart", &resolved))
    }

    fn image(&mut self, node: &Node, pointer: &str) -> Option<Value> {
        let image: Image = self.read(node, pointer)?;
        if image.alt.as_deref().is_none_or(|a| a.trim().is_empty()) {
            self.found.push(alt001::Missing { file: &image.file }.at(format!("{pointer}/alt")));
        }
        let index = self.images.len();
        self.images.push(ImageRequest { file: image.file, pointer: format!("{pointer}/file") });
        let caption = image.caption.map(|c| self.line(&c.0, &format!("{pointer}/caption")));
        Some(json!({
            "type": "image",
            "index": index,
            "alt": image.alt,
            "caption": caption.unwrap_or_else(|| json!([])),
            "width": image.width.unwrap_or(100),
            // Asked for, and not just as wide as there is room: then pixels may be blown up.
            "sized": image.width.is_some(),
        }))
    }

    fn signature(&mut self, node: &Node, pointer: &str) -> Value {
        let mut out = Map::new();
        out.insert("id".into(), Value::from(checks::default_signature_id(self.signatures)));
        self.signatures += 1;
        out.insert("method".into(), Value::from("ink"));
        let NodeValue::Object(members) = &node.value else { return Value::Object(out) };
        for member in members {
            let key = member.key.as_str();
            let value = match (key, member.node.as_str()) {
                ("name" | "title" | "role", Some(s)) => self.line(s, &format!("{pointer}/{key}")),
                _ => schema::to_value(&member.node),
            };
            out.insert(key.to_owned(), value);
        }
        Value::Object(out)
    }
}

fn tagged<T: serde::Serialize>(tag: &str, value: &T) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), Value::from(tag));
    if let Ok(Value::Object(rest)) = serde_json::to_value(value) {
        out.extend(rest);
    }
    Value::Object(out)
}

fn date_value(date: NaiveDate) -> Value {
    json!({
        "iso": date.to_string(),
        "long": format::long_date(date),
        "weekday": format::weekday(date),
        "year": date.year(),
        "month": date.month(),
        "day": date.day(),
    })
}
