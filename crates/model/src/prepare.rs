//! From source text to data a layout can set: schema, texts, tables, charts, domain rules.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use crate::checks;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::edition;
use crate::format;
use crate::json::Source;
use crate::kinds::Document;
use crate::kinds::common::{Chart, Image};
use crate::profile::Profile;
use crate::schema::{self, KindSchema, Visit, walk};
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
pub struct Prepared {
    /// The model with texts parsed, tables computed and dates spelled out.
    pub data: Value,
    /// The model as read, for the rules and for attaching.
    pub document: Document,
    /// Pictures, by their `index` in the data.
    pub images: Vec<ImageRequest>,
    /// Metadata.
    pub metadata: Metadata,
}

/// The kind a source says it is; findings when it says none.
pub fn kind_of(source: &Source) -> Result<String, Box<Diagnostic>> {
    let root = source.root();
    match root.and_then(|r| r.get("kind")) {
        Some(node) => match node.as_str() {
            Some(kind) => Ok(kind.to_owned()),
            None => Err(Box::new(
                Diagnostic::error("MOD004", "/kind", "här ska stå en text", "expected a string").located(source),
            )),
        },
        None => Err(Box::new(
            Diagnostic::error(
                "MOD001",
                "",
                "dokumentet säger inte vilken sort det är: fältet ”kind” saknas",
                "the document does not say what it is: the field \"kind\" is missing",
            )
            .help(
                "lägg till \"kind\": \"tjansteskrivelse\" eller en annan sort",
                "add \"kind\": \"tjansteskrivelse\" or another kind",
            )
            .located(source),
        )),
    }
}

/// Checks a report and makes it ready to set. The data is absent when there are errors.
pub fn prepare(source: &Source, schema: &KindSchema, profile: &Profile) -> (Option<Prepared>, Vec<Diagnostic>) {
    let Some(root) = source.root() else { return (None, Vec::new()) };
    let mut found = schema::check(schema, root);
    let faulty = has_errors(&found);
    let value = schema::to_value(root);
    let mut prepared = None;
    if !faulty {
        match Document::from_value(value.clone()) {
            Ok(document) => {
                checks::check(&document, profile, &mut found);
                let (data, images) = resolve(schema, &value, profile, &mut found);
                prepared = assemble(data, images, document, profile);
            }
            Err(e) => found.push(Diagnostic::error(
                "MOD004",
                "",
                format!("modellen går inte att läsa: {e}"),
                format!("the model cannot be read: {e}"),
            )),
        }
    }
    (prepared.filter(|_| !has_errors(&found)), found)
}

fn assemble(data: Value, images: Vec<ImageRequest>, document: Document, profile: &Profile) -> Option<Prepared> {
    let common = document.common();
    let title = plain_line(&common.title.0);
    let mut keywords: Vec<String> = common.dnr.iter().chain(&common.andra_dnr).cloned().collect();
    keywords.extend(common.keywords.iter().cloned());
    let author = match &common.forvaltning {
        Some(f) => format!("{f}, {}", profile.name),
        None => profile.name.clone(),
    };
    let metadata = Metadata { title, author, keywords, date: common.date.get()? };
    Some(Prepared { data, images, metadata, document })
}

fn plain_line(text: &str) -> String {
    text::plain(&[Block::P { c: text::parse_inline(text, "", &mut Vec::new()) }])
}

fn resolve(
    schema: &KindSchema,
    value: &Value,
    profile: &Profile,
    found: &mut Vec<Diagnostic>,
) -> (Value, Vec<ImageRequest>) {
    let mut tables = Tables { profile, found, by_pointer: HashMap::new(), by_id: HashMap::new() };
    walk(schema, value, &mut tables);
    let Tables { by_pointer, by_id, .. } = tables;
    let mut resolver = Resolver { by_pointer, by_id, found, images: Vec::new(), signatures: 0 };
    let mut data = walk(schema, value, &mut resolver);
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

/// First pass: tables, so that charts anywhere can be drawn from them.
struct Tables<'a> {
    profile: &'a Profile,
    found: &'a mut Vec<Diagnostic>,
    by_pointer: HashMap<String, ResolvedTable>,
    by_id: HashMap<String, (Table, String)>,
}

impl Visit for Tables<'_> {
    fn named(&mut self, name: &str, value: &Value, pointer: &str) -> Option<Value> {
        if name != "Table" {
            return None;
        }
        let mut table: Table = match serde_json::from_value(value.clone()) {
            Ok(table) => table,
            Err(e) => {
                self.found.push(Diagnostic::error(
                    "MOD004",
                    pointer,
                    format!("tabellen går inte att läsa: {e}"),
                    format!("the table cannot be read: {e}"),
                ));
                return Some(Value::Null);
            }
        };
        checks::table(&mut table, self.profile, pointer, self.found);
        let resolved = table::resolve(&table, pointer, self.found);
        if let Some(id) = table.id.clone()
            && self.by_id.insert(id.clone(), (table, pointer.to_owned())).is_some()
        {
            self.found.push(
                Diagnostic::error(
                    "TAB008",
                    format!("{pointer}/id"),
                    format!("två tabeller har kortnamnet ”{id}”"),
                    format!("two tables have the id \"{id}\""),
                )
                .help("ge den ena ett annat kortnamn", "give one of them another id"),
            );
        }
        self.by_pointer.insert(pointer.to_owned(), resolved);
        Some(Value::Null)
    }
}

/// Second pass: everything else, in place.
struct Resolver<'a> {
    by_pointer: HashMap<String, ResolvedTable>,
    by_id: HashMap<String, (Table, String)>,
    found: &'a mut Vec<Diagnostic>,
    images: Vec<ImageRequest>,
    signatures: usize,
}

impl Visit for Resolver<'_> {
    fn named(&mut self, name: &str, value: &Value, pointer: &str) -> Option<Value> {
        match name {
            "Text" => Some(self.text(value, pointer)),
            "Line" => {
                let c = text::parse_inline(value.as_str()?, pointer, self.found);
                serde_json::to_value(c).ok()
            }
            "Date" => Some(date_value(value.as_str()?.parse().ok()?)),
            "Lagrum" => {
                let written = value.as_str()?;
                match edition::lagrum(written) {
                    Some(cited) => Some(Value::String(cited)),
                    None => {
                        self.found.push(edition::unreadable(written, pointer));
                        None
                    }
                }
            }
            // Another document, with a schema of its own.
            "Rapport" => Some(Value::Bool(true)),
            "Time" => Some(Value::String(value.as_str()?.replace(':', "."))),
            // A lone text becomes the one part of a list, so that layouts meet one shape.
            "Content" => value.is_string().then(|| json!([self.part(value, pointer)])),
            "ContentItem" => value.is_string().then(|| self.part(value, pointer)),
            "Table" => {
                let table = self.by_pointer.remove(pointer)?;
                Some(tagged("table", &table))
            }
            "Chart" => self.chart(value, pointer),
            "Image" => self.image(value, pointer),
            "Signature" => Some(self.signature(value, pointer)),
            _ => None,
        }
    }
}

impl Resolver<'_> {
    fn text(&mut self, value: &Value, pointer: &str) -> Value {
        let blocks = text::parse(value.as_str().unwrap_or_default(), pointer, self.found);
        serde_json::to_value(blocks).unwrap_or_default()
    }

    fn part(&mut self, value: &Value, pointer: &str) -> Value {
        json!({"type": "text", "c": self.text(value, pointer)})
    }

    fn chart(&mut self, value: &Value, pointer: &str) -> Option<Value> {
        let chart: Chart = serde_json::from_value(value.clone()).ok()?;
        let mut known: Vec<_> = self.by_id.keys().map(String::as_str).collect();
        known.sort_unstable();
        let table = self.by_id.get(&chart.table);
        // The resolved table may already have been handed out; resolving again is exact and has no findings of its own.
        let resolved = table.map(|(t, p)| table::resolve(t, p, &mut Vec::new()));
        let pair = table.zip(resolved.as_ref()).map(|((t, _), r)| (t, r));
        let resolved = crate::chart::resolve(&chart, pair, &known, pointer, self.found)?;
        Some(tagged("chart", &resolved))
    }

    fn image(&mut self, value: &Value, pointer: &str) -> Option<Value> {
        let image: Image = serde_json::from_value(value.clone()).ok()?;
        if image.alt.as_deref().is_none_or(|a| a.trim().is_empty()) {
            self.found.push(
                Diagnostic::error(
                    "ALT001",
                    format!("{pointer}/alt"),
                    format!("bilden {} saknar alternativtext", image.file),
                    format!("the picture {} has no text alternative", image.file),
                )
                .help("beskriv i \"alt\" vad bilden visar", "say in \"alt\" what the picture shows"),
            );
        }
        let index = self.images.len();
        self.images.push(ImageRequest { file: image.file, pointer: format!("{pointer}/file") });
        let caption = image
            .caption
            .map(|c| text::parse_inline(&c.0, &format!("{pointer}/caption"), self.found))
            .unwrap_or_default();
        Some(json!({
            "type": "image",
            "index": index,
            "alt": image.alt,
            "caption": caption,
            "width": image.width.unwrap_or(100),
        }))
    }

    fn signature(&mut self, value: &Value, pointer: &str) -> Value {
        let mut out = Map::new();
        out.insert("id".into(), Value::from(checks::default_signature_id(self.signatures)));
        self.signatures += 1;
        out.insert("method".into(), Value::from("ink"));
        for (key, member) in value.as_object().into_iter().flatten() {
            let member = match (key.as_str(), member.as_str()) {
                ("name" | "title" | "role", Some(s)) => {
                    let c = text::parse_inline(s, &format!("{pointer}/{key}"), self.found);
                    serde_json::to_value(c).unwrap_or_default()
                }
                _ => member.clone(),
            };
            out.insert(key.clone(), member);
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
