//! Tables in documents say what the program does. `cargo xtask update` writes them; here they are compared.

use std::fs;

use serde_json::{Map, Value, json};
use sigill_messages::Lang;
use sigill_server::problem::Kind;
use xtask_common::manual::{keep, table};

use crate::support::{path_text, sigill, workspace};

/// Every keyword of JSON Schema 2020-12, from all its vocabularies.
const JSON_SCHEMA: [&str; 58] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "else",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    // Of older drafts, which people still write.
    "definitions",
];

/// The commands below one (none for the program itself), with what the help says of each in English.
fn commands(of: &[&str]) -> Vec<(String, String)> {
    let help = sigill(&[of, &["--help"]].concat()).text();
    let Some((_, listed)) = help.split_once("Kommandon · Commands:\n") else { return Vec::new() };
    let mut out: Vec<(String, String)> = Vec::new();
    for line in listed.lines().take_while(|line| !line.is_empty()) {
        match (line.strip_prefix("  ").filter(|line| !line.starts_with(' ')), out.last_mut()) {
            (Some(line), _) => {
                let (name, said) = line.split_once(' ').expect("a name and what it does");
                out.push((name.to_owned(), said.trim().to_owned()));
            }
            (None, Some((_, said))) => said.push_str(&format!(" {}", line.trim())),
            (None, None) => panic!("{help}"),
        }
    }
    let english = |said: &str| said.rsplit_once(" · ").expect("both languages").1.to_owned();
    out.into_iter().map(|(name, said)| (name, english(&said))).collect()
}

/// What a command takes, as its help has it, without options that may be left out.
fn usage(command: &[&str]) -> String {
    let help = sigill(&[command, &["--help"]].concat()).text();
    let line = help.lines().find_map(|line| line.strip_prefix("Användning · Usage: sigill ")).expect("its usage");
    line.replace("[OPTIONS] ", "").replace(" [OPTIONS]", "").replace(['<', '>'], "")
}

#[test]
fn the_readme_lists_every_command() {
    let mut rows = Vec::new();
    for (name, said) in commands(&[]) {
        let below = commands(&[&name]);
        // A group does nothing by itself.
        if !usage(&[&name]).ends_with(" COMMAND") {
            rows.push([format!("`{}`", usage(&[&name])), said]);
        }
        for (inner, said) in below {
            rows.push([format!("`{}`", usage(&[&name, &inner])), said]);
        }
    }
    assert!(rows.len() > 15, "{rows:?}");
    assert_eq!(keep("README.md", "commands", &table(["command", "what it does"], rows)), Ok(()));
}

/// The operations of the OpenAPI description: method, path, and what is said of it.
pub fn operations() -> Vec<(String, String, Value)> {
    let description: Value = serde_json::from_str(&sigill_server::description()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths");
    let operations = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("methods").clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, said)| (method.to_uppercase(), path.clone(), said)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(operations).collect()
}

/// The scopes of which a caller needs one.
pub fn scopes(operation: &Value) -> Vec<String> {
    let asked = operation["security"].as_array().into_iter().flatten();
    let named = asked.flat_map(|way| way["bearer"].as_array().cloned().expect("scopes"));
    named.map(|scope| scope.as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_service_manual_lists_every_address() {
    let rows = operations().into_iter().map(|(method, path, operation)| {
        let said = operation["summary"].as_str().expect("a summary").trim_end_matches('.');
        [format!("`{method} {path}`"), scopes(&operation).join(", "), said.to_owned()]
    });
    assert_eq!(keep("docs/service.md", "addresses", &table(["address", "scope", "what it does"], rows)), Ok(()));
}

#[test]
fn the_service_manual_lists_every_problem() {
    let mut kinds = Kind::ALL.to_vec();
    kinds.sort_by_key(|kind| kind.status());
    let rows = kinds
        .into_iter()
        .map(|kind| [kind.status().as_str().to_owned(), format!("`{}`", kind.slug()), kind.explanation(Lang::En)]);
    assert_eq!(keep("docs/service.md", "problems", &table(["status", "type", "what it means"], rows)), Ok(()));
}

/// What `sigill layouts check` lets a schema hold, found by giving it all there is.
#[test]
fn the_manual_of_layouts_lists_every_keyword_of_schemas() {
    let folder = workspace("docs-keywords");
    assert_eq!(sigill(&["layouts", "new", "allt", "--folder", &path_text(&folder)]).code, 0);
    let path = folder.join("kinds/allt/schema.json");
    let mut schema: Value = serde_json::from_slice(&fs::read(&path).expect("a schema")).expect("JSON");
    let all: Map<String, Value> = JSON_SCHEMA.iter().map(|&keyword| (keyword.to_owned(), json!({}))).collect();
    let defs = schema.as_object_mut().expect("an object").entry("$defs").or_insert_with(|| json!({}));
    defs["allt"] = all.into();
    fs::write(&path, schema.to_string()).expect("written");
    let said = sigill(&["layouts", "check", &path_text(&folder)]).text();
    let refused = |keyword: &str| said.contains(&format!("nyckelordet ”{keyword}” stöds inte"));
    assert!(refused("patternProperties"), "{said}");
    let allowed: Vec<_> = JSON_SCHEMA.iter().filter(|k| !refused(k)).map(|k| format!("`{k}`")).collect();
    let mut text = String::new();
    let mut line = String::new();
    for keyword in allowed {
        if line.len() + keyword.len() > 110 {
            text.push_str(&format!("{}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(&format!("{keyword} "));
    }
    text.push_str(&format!("{}\n", line.trim_end()));
    assert_eq!(keep("docs/layouts.md", "keywords", &text.replace("` `", "`, `").replace("`\n`", "`,\n`")), Ok(()));
}
