//! What a form made from a kind's schema shows: titles and help in two languages, for every field and every choice.

#![allow(clippy::expect_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sigill_model::kinds::KINDS;
use sigill_model::schema::KindSchema;

/// Definitions whose title says everything. A field has help always: what to write differs from place to place.
const SELF_EXPLANATORY: [&str; 7] =
    ["ChartType", "ColumnType", "FieldType", "KalladRoll", "RowType", "SignatureMethod", "Status"];

fn text<'a>(schema: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    schema.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty())
}

/// Every schema within a schema, with its path: the schema itself, and what stands in the places for schemas.
fn each<'a>(path: &str, schema: &'a Value, see: &mut impl FnMut(&str, &'a Map<String, Value>)) {
    let Some(object) = schema.as_object() else { return };
    see(path, object);
    for (key, below) in object {
        match (key.as_str(), below) {
            ("properties" | "$defs", Value::Object(named)) => {
                named.iter().for_each(|(name, below)| each(&format!("{path}/{key}/{name}"), below, see));
            }
            ("anyOf" | "oneOf", Value::Array(options)) => {
                options.iter().enumerate().for_each(|(i, below)| each(&format!("{path}/{key}/{i}"), below, see));
            }
            ("items", below) => each(&format!("{path}/items"), below, see),
            _ => {}
        }
    }
}

/// What is missing in a schema, each with its path. `used` gets the exceptions that were needed.
fn missing(schema: &Value, used: &mut BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    each("", schema, &mut |path, schema| {
        let (parent, name) = path.rsplit_once('/').unwrap_or_default();
        let field = parent.ends_with("/properties");
        let definition = parent == "/$defs";
        let choice = parent.ends_with("/oneOf");
        let titles = (text(schema, "title"), text(schema, "x-title-en"));
        let wanted = path.is_empty() || field || definition || choice;
        if (wanted && titles.0.is_none()) || titles.0.is_some() != titles.1.is_some() {
            found.push(format!("{path}: title or x-title-en"));
        }
        let help = text(schema, "x-hjalp");
        if let Some(help) = help
            && (!help.ends_with('.') || help.chars().count() > 120 || Some(help) == titles.0)
        {
            found.push(format!("{path}: x-hjalp is one short sentence: {help}"));
        }
        // Nobody fills in what can have one value only.
        let fixed = field && schema.contains_key("const");
        if help.is_none() && (path.is_empty() || (field && !fixed) || definition) {
            if definition && SELF_EXPLANATORY.contains(&name) {
                used.insert(name.to_owned());
            } else {
                found.push(format!("{path}: x-hjalp"));
            }
        }
        // Choices have titles, which bare values have no room for.
        if schema.contains_key("enum") {
            found.push(format!("{path}: enum instead of oneOf"));
        }
    });
    found
}

#[test]
fn every_field_and_choice_has_titles_and_help_in_two_languages() {
    let mut used = BTreeSet::new();
    for kind in KINDS {
        let found = missing(&kind.schema(), &mut used);
        assert!(found.is_empty(), "{}:\n{}", kind.name, found.join("\n"));
    }
    assert_eq!(used.into_iter().collect::<Vec<_>>(), SELF_EXPLANATORY, "an exception that is not needed");
}

#[test]
fn a_kind_is_called_the_same_in_its_schema_as_in_the_list_of_kinds() {
    for kind in KINDS {
        let schema = kind.schema();
        assert_eq!((schema["title"].as_str(), schema["x-title-en"].as_str()), (Some(kind.title), Some(kind.title_en)));
        let help = schema["x-hjalp"].as_str().expect("help");
        assert_eq!(help.to_lowercase(), format!("{}.", kind.purpose.to_lowercase()));
    }
}

#[test]
fn the_titles_of_a_status_are_the_words_printed() {
    let schema = KINDS.iter().find(|k| k.name == "delarsrapport").expect("a kind").schema();
    let words: Vec<_> =
        schema["$defs"]["Status"]["oneOf"].as_array().expect("choices").iter().map(|o| &o["title"]).collect();
    assert_eq!(words, ["Uppnått", "Delvis uppnått", "Ej uppnått", "Pågår"]);
}

#[test]
fn the_shared_types_bring_their_help_to_a_plugin() {
    let schema = serde_json::json!({
        "title": "Egen", "x-title-en": "My own", "x-hjalp": "En egen sort.", "type": "object",
        "properties": {"text": {"title": "Text", "x-title-en": "Text", "x-hjalp": "Skriv.", "$ref": "sigill:Content"}}
    });
    let schema = KindSchema::new(schema);
    assert_eq!(missing(schema.root(), &mut BTreeSet::new()), Vec::<String>::new());
    assert_eq!(schema.root()["$defs"]["Section"]["x-title-en"], "Section");
}

#[test]
fn what_is_missing_is_found() {
    let mut schema = KINDS[0].schema();
    let fields = schema["properties"].as_object_mut().expect("fields");
    fields["organ"].as_object_mut().expect("a field").remove("x-hjalp");
    fields["date"].as_object_mut().expect("a field").remove("x-title-en");
    let roles = schema["$defs"]["KalladRoll"]["oneOf"].as_array_mut().expect("choices");
    roles[1].as_object_mut().expect("a choice").remove("title");
    let mut found = missing(&schema, &mut BTreeSet::new());
    found.sort();
    assert_eq!(
        found,
        [
            "/$defs/KalladRoll/oneOf/1: title or x-title-en",
            "/properties/date: title or x-title-en",
            "/properties/organ: x-hjalp"
        ]
    );
}
