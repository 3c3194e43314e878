//! The generator on folders made here: what it accepts, and what it refuses with file and line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and write real files"
)]

use std::path::Path;

use sigill_messages::generate::{Generated, generate};

const RULES: &str = "[ABC001]\nsource = \"lagen\"\nmessages = { short = \"error\", odd = \"warning\" }\n";

const SV: &str = r#"
[ABC001]
title = "Talet räcker"
short.text = "talet {given} är mindre än {least}"
short.help = "skriv ett större tal"
odd.text = "talet {given} är udda"

[words]
did_you_mean = "menade du ”{word}”?"
"#;

const EN: &str = r#"
[ABC001]
title = "The number suffices"
short.text = "less than {least} was given: {given}"
short.help = "write a larger number"
odd.text = "the number {given} is odd"

[words]
did_you_mean = "did you mean \"{word}\"?"
"#;

const FI: &str = r#"
[ABC001]
title = "Luku riittää"
short.text = "luku {given} on pienempi kuin {least}"
short.help = "kirjoita suurempi luku"
odd.text = "luku {given} on pariton"

[words]
did_you_mean = "tarkoititko {word}?"
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

/// What is wrong with the files, as `file:line: what` without the folder.
fn faults(rules: &str, sv: &str, en: &str) -> Vec<String> {
    let folder = folder(&[("rules.toml", rules), ("sv.toml", sv), ("en.toml", en)]);
    let faults = generate(folder.path(), &["sv", "en"]).expect_err("refused");
    let prefix = format!("{}/", folder.path().display());
    faults.iter().map(|f| f.to_string().replace(&prefix, "")).collect()
}

#[test]
fn rules_and_texts_become_types() {
    let folder = folder(&[("rules.toml", RULES), ("sv.toml", SV), ("en.toml", EN)]);
    let Generated { codes, messages } = generate(folder.path(), &["sv", "en"]).expect("accepted");
    let rust = codes + &messages;
    for wanted in [
        "pub enum Code {\n    /// The number suffices\n    ABC001,",
        "Self::ABC001 => \"lagen\"",
        "pub mod abc001 {",
        "pub struct Short<'a> {",
        "pub given: &'a dyn Localize,",
        "Diagnostic::new(Code::ABC001, Severity::Warning, pointer, text, help)",
        "pub mod words {",
        "impl Localize for DidYouMean<'_> {",
        // Values keep their number wherever a language puts them.
        "&[Part::Words(\"less than \"), Part::Value(1), Part::Words(\" was given: \"), Part::Value(0)]",
    ] {
        assert!(rust.contains(wanted), "{wanted} is not in\n{rust}");
    }
}

#[test]
fn a_third_language_is_one_more_file() {
    let folder = folder(&[("rules.toml", RULES), ("sv.toml", SV), ("en.toml", EN), ("fi.toml", FI)]);
    let Generated { codes, messages } = generate(folder.path(), &["sv", "en", "fi"]).expect("accepted");
    let rust = codes + &messages;
    assert!(rust.contains("[\"Talet räcker\", \"The number suffices\", \"Luku riittää\"]"), "{rust}");
    assert!(rust.contains("&[Part::Words(\"tarkoititko \"), Part::Value(0), Part::Words(\"?\")]"), "{rust}");
    // Its file alone does not make it one: somebody would believe that it is used.
    let faults = generate(folder.path(), &["sv", "en"]).expect_err("refused");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(Path::new(&faults[0].file).ends_with("fi.toml"));
}

#[test]
fn a_language_without_its_file_is_refused() {
    let folder = folder(&[("sv.toml", "[words]\none = \"ett ord till\"\n")]);
    let faults = generate(folder.path(), &["sv", "en"]).expect_err("refused");
    assert!(faults.iter().all(|f| f.file.ends_with("en.toml")), "{faults:?}");
}

#[test]
fn what_is_missing_is_told_with_its_place() {
    let en = EN.replace("odd.text = \"the number {given} is odd\"\n", "");
    assert_eq!(faults(RULES, SV, &en), ["en.toml:2: ABC001.odd is missing"]);
    let en = EN.replace("title = \"The number suffices\"\n", "");
    assert_eq!(faults(RULES, SV, &en), ["en.toml:2: ABC001 has no title"]);
    let en = EN.replace("did_you_mean", "did_you");
    assert_eq!(
        faults(RULES, SV, &en),
        ["en.toml:8: words.did_you_mean is missing", "sv.toml:8: words.did_you is missing"]
    );
    let en = EN.replace("short.help = \"write a larger number\"\n", "");
    assert_eq!(faults(RULES, SV, &en), ["en.toml:4: ABC001.short: help in one language and none in another"]);
}

#[test]
fn values_are_the_same_in_all_languages() {
    let en = EN.replace("{given} is odd", "{number} is odd");
    assert_eq!(
        faults(RULES, SV, &en),
        [
            "en.toml:6: ABC001.odd: {given} is missing, and no without says why",
            "sv.toml:6: ABC001.odd: {number} is missing, and no without says why",
        ]
    );
    let en = EN.replace("the number {given} is odd\"", "the number is odd\"\nodd.without = [\"given\"]");
    let folder = folder(&[("rules.toml", RULES), ("sv.toml", SV), ("en.toml", &en)]);
    generate(folder.path(), &["sv", "en"]).expect("accepted, since it is said");
    let en = EN.replace("is odd\"", "is odd\"\nodd.without = [\"given\", \"other\"]");
    assert_eq!(
        faults(RULES, SV, &en),
        [
            "en.toml:6: ABC001.odd: {given} is both used and done without",
            "en.toml:6: ABC001.odd: {other} is in no language",
        ]
    );
}

#[test]
fn a_code_without_a_rule_and_a_message_without_its_rule_are_refused() {
    let (sv, en) = (SV.replace("[words]", "[ABC002]"), EN.replace("[words]", "[ABC002]"));
    let wrong = faults(RULES, &sv, &en);
    assert_eq!(wrong, ["en.toml:8: ABC002 is not in rules.toml", "sv.toml:8: ABC002 is not in rules.toml"]);
    let rules = RULES.replace(", odd = \"warning\"", "");
    assert_eq!(
        faults(&rules, SV, EN),
        ["en.toml:6: ABC001.odd is no message of the rule", "sv.toml:6: ABC001.odd is no message of the rule"]
    );
    let rules = RULES.replace("warning", "note");
    assert_eq!(faults(&rules, SV, EN), ["rules.toml:3: odd is neither error nor warning"]);
    assert_eq!(faults(&RULES.replace("lagen", ""), SV, EN), ["rules.toml:1: ABC001 does not say where it comes from"]);
}

#[test]
fn an_untranslated_text_is_refused() {
    let en = EN.replace("the number {given} is odd", "talet {given} är udda");
    assert_eq!(faults(RULES, SV, &en), ["en.toml:6: ABC001.odd reads as in sv"]);
    let en = EN.replace("The number suffices", "Talet räcker");
    assert_eq!(faults(RULES, SV, &en), ["en.toml:2: ABC001.title reads as in another language"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    assert!(faults(RULES, SV, &EN.replace("[words]", "[words"))[0].starts_with("en.toml:8: "));
    for (wrong, told) in [
        ("{given is odd", "a brace that belongs to no value"),
        ("{given} is } odd", "a brace that belongs to no value"),
        ("{type} is odd", "{type}: names of values have"),
        ("{Given} is odd", "{Given}: names of values have"),
    ] {
        let told = format!("en.toml:6: {told}");
        let found = faults(RULES, SV, &EN.replace("{given} is odd", wrong));
        assert!(found.iter().any(|f| f.starts_with(&told)), "{wrong}: {found:?}");
    }
    assert!(faults(RULES, SV, &format!("loose = \"words\"\n{EN}"))[0].starts_with("en.toml:1: loose stands outside"));
}
