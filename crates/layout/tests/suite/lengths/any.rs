//! Any valid model renders.

use std::cell::RefCell;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::models::lengthened;
use super::text_strategies::UNCOVERED;
use super::value_strategies::model;
use serde_json::json;

use super::{Press, saved};
use crate::support::PROFILES;

/// Documents of each kind; `SIGILL_CASES` asks for more. The seed is fixed, so that the same models come every time.
fn cases() -> u32 {
    let wanted = std::env::var_os("SIGILL_CASES").map(|v| v.to_string_lossy().parse());
    wanted.map_or(40, |v| v.expect("SIGILL_CASES is a number"))
}

fn any_model_renders(kind: &'static str) {
    // Every step of shrinking sets the document many times over, to find the part to blame.
    let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 20, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let press = RefCell::new(Press::new(kind, 11));
    let outcome = runner.run(&model(kind), |model| {
        for profile in PROFILES {
            let printed = press.borrow_mut().try_print(&model, profile);
            printed.map_err(|found| TestCaseError::fail(format!("in {profile}: {found}")))?;
        }
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(reason, model)) => panic!("{kind}: {reason}\nthe model: {}", saved(kind, &model).display()),
        other => other.expect("the models can be made"),
    }
}

#[test]
fn characters_without_a_glyph_are_named_wherever_they_stand() {
    let mut press = Press::new("uncovered", 1);
    for word in UNCOVERED {
        let content = json!([
            format!("ord *{word}* ord"),
            {"type": "table", "columns": [{"id": "a", "title": "A"}], "rows": [{"cells": [word]}], "notes": [word]},
        ]);
        let found = press.try_print(&lengthened("dokument", content), PROFILES[0]).err().unwrap_or_default();
        let codes: Vec<_> = found.lines().map(|l| l.split_whitespace().next().unwrap_or_default()).collect();
        assert!(codes.len() >= 3 && codes.iter().all(|c| *c == "TXT001"), "{word}: {found}");
    }
}

#[test]
fn any_kallelse_renders() {
    any_model_renders("kallelse");
}

#[test]
fn any_ordforandeforslag_renders() {
    any_model_renders("ordforandeforslag");
}

#[test]
fn any_tjansteskrivelse_renders() {
    any_model_renders("tjansteskrivelse");
}

#[test]
fn any_delarsrapport_renders() {
    any_model_renders("delarsrapport");
}

#[test]
fn any_projektuppfoljning_renders() {
    any_model_renders("projektuppfoljning");
}

#[test]
fn any_dokument_renders() {
    any_model_renders("dokument");
}
