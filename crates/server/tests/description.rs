//! The description of the service, as the page's types are made from it. `cargo xtask update` writes it.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

#[test]
fn the_page_has_the_description_that_the_service_gives() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let wanted = sigill_server::description() + "\n";
    if std::env::var_os("SIGILL_UPDATE").is_some() {
        std::fs::write(&file, &wanted).expect("written");
    }
    let found = std::fs::read_to_string(&file).expect("web/openapi.json");
    assert!(
        found == wanted,
        "web/openapi.json is out of date: run `cargo xtask update`, then `cargo xtask web`, which makes the page's types of it"
    );
}

/// What `$ref` names, everywhere in a value.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|inner| references(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn all_that_the_description_refers_to_is_in_it() {
    let description: Value = serde_json::from_str(&sigill_server::description()).expect("json");
    let mut named = BTreeSet::new();
    references(&description, &mut named);
    let lacking = named.iter().filter(|name| {
        let pointer = name.strip_prefix('#').expect("a place in the description itself");
        description.pointer(pointer).is_none()
    });
    assert_eq!(lacking.collect::<Vec<_>>(), Vec::<&&str>::new());
}
