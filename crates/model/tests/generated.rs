//! Files that are generated from the model's own types. `cargo xtask update` writes them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read and write real files"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sigill_model::kinds::KINDS;
use sigill_model::profile::Profile;
use sigill_model::{Code, Lang};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares with the file, or writes it when updating.
fn same(path: &str, wanted: &str) {
    let full = root().join(path);
    if std::env::var_os("SIGILL_UPDATE").is_some() {
        std::fs::create_dir_all(full.parent().expect("a folder")).expect("folder made");
        std::fs::write(&full, wanted).expect("written");
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(found == wanted, "{path} is out of date: run `cargo xtask update`");
}

#[test]
fn schemas_of_the_kinds_follow_from_the_types() {
    for kind in KINDS {
        let schema = serde_json::to_string_pretty(&kind.schema()).expect("json");
        same(&format!("layouts/kinds/{}/schema.json", kind.name), &(schema + "\n"));
    }
}

#[test]
fn the_schema_of_profiles_follows_from_its_type() {
    let schema = serde_json::to_string_pretty(Profile::schema().root()).expect("json");
    same("layouts/profiles/schema.json", &(schema + "\n"));
}

#[test]
fn the_rule_reference_lists_every_rule() {
    let mut text = String::from(
        "# Regler · Rules\n\nGenererad av `cargo xtask update`. Varje regel har en fast kod och ett felaktigt exempel i `fixtures/known-bad/`.\n",
    );
    for code in Code::ALL {
        write!(
            text,
            "\n## {}\n\n**{}** · *{}*\n\nKälla · Source: {}\n\nExempel · Example: [`fixtures/known-bad/{}`](../fixtures/known-bad/{})\n",
            code,
            code.title(Lang::Sv),
            code.title(Lang::En),
            code.source(),
            code,
            code,
        )
        .expect("string");
    }
    same("docs/rules.md", &text);
}

#[test]
fn codes_are_unique_and_sorted() {
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    assert!(Code::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
    assert!("SUM0001".parse::<Code>().is_err());
}
