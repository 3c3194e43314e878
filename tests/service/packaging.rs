//! What comes with the program for those who run the service.

use std::fs;

use super::client::{serve, serve_in};
use crate::support::{root, workspace};

fn example() -> String {
    fs::read_to_string(root().join("packaging/sigill.toml")).expect("the example")
}

/// The fields of a type in the source of the configuration.
fn fields() -> Vec<String> {
    let source = fs::read_to_string(root().join("crates/server/src/config.rs")).expect("the source");
    let named = |line: &str| Some(line.strip_prefix("    pub ")?.split_once(':')?.0.to_owned());
    source.lines().filter(|l| !l.contains("fn ")).filter_map(named).collect()
}

#[test]
fn the_example_configuration_names_every_key_and_starts_the_service() {
    let text = example();
    for field in fields() {
        // Tables are headings, keys stand at the beginning of a line.
        let there = text.lines().any(|l| {
            let l = l.strip_prefix("#= ").unwrap_or(l);
            l.starts_with(&format!("{field} = "))
                || l.contains(&format!("[{field}]"))
                || l.contains(&format!(".{field}]"))
        });
        assert!(there, "{field} is not in packaging/sigill.toml");
    }
    let service = serve("example-config", &text);
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn its_examples_are_right_too() {
    let folder = workspace("service-example-full");
    // All but the database and the port, which this machine need not have.
    let all: String = example()
        .lines()
        .map(|l| l.strip_prefix("#= ").unwrap_or(l))
        .filter(|l| !l.starts_with("database") && !l.starts_with("listen"))
        .map(|l| format!("{l}\n"))
        .collect();
    let service = serve_in(&folder, &all);
    assert_eq!(service.get("/readyz").status, 200);
    assert_eq!(service.post_json("/v1/check", b"{}").problem(), "not-authenticated");
}

#[test]
fn what_it_shows_as_defaults_are_the_defaults() {
    let config = sigill_server::Config::read(&example(), std::path::Path::new("")).expect("it is right");
    assert_eq!(format!("{config:?}"), format!("{:?}", sigill_server::Config::default()));
}
