//! Any valid model renders.

use std::cell::{Cell, RefCell};

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
    let refused = Cell::new(0);
    let outcome = runner.run(&model(kind), |model| {
        for profile in PROFILES {
            match press.borrow_mut().try_print(&model, profile) {
                Ok(_) => {}
                Err(found) if is_refused_by_its_pages(&found) => refused.set(refused.get() + 1),
                Err(found) => return Err(TestCaseError::fail(format!("in {profile}: {found}"))),
            }
        }
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(reason, model)) => panic!("{kind}: {reason}\nthe model: {}", saved(kind, &model).display()),
        other => other.expect("the models can be made"),
    }
    assert!(refused.get() * 4 <= cases() * 2, "{kind}: {} of {} refused", refused.get(), cases() * 2);
}

/// Whether the proof of pages refused a document, and nothing else did. Words that no language has, in cells narrower than
/// they are, have no place to break at: then the page is told of, and not written.
fn is_refused_by_its_pages(found: &str) -> bool {
    const WARNINGS: [&str; 10] =
        ["SID003", "DEL002", "DNR002", "SIG003", "TAB007", "TAB009", "TAB010", "TAB011", "TAB012", "TXT006"];
    // What is quoted of a report may have lines of its own.
    let code = |word: &&str| word.len() == 6 && word.is_ascii() && word[..3].chars().all(|c| c.is_ascii_uppercase());
    let codes: Vec<&str> = found.lines().filter_map(|line| line.split_whitespace().next()).filter(code).collect();
    let by_page = |code: &&str| ["SID001", "SID002"].contains(code);
    codes.iter().any(by_page) && codes.iter().all(|code| by_page(code) || WARNINGS.contains(code))
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
