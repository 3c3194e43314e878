//! Templates, kinds and profiles, and the layouts and profiles people make themselves.

mod declared;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sigill_model::kinds::KINDS;

use crate::support::{keep_pdf, root, sigill, tool, workspace};

const STANDARD: &str = "a-2a+ua-1";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folder made");
    fs::write(path, text).expect("written");
}

/// Changes one place in a file; a text that is not there is a mistake in the test.
fn change(path: &Path, from: &str, to: &str) {
    let text = read(path);
    assert!(text.contains(from), "{from} is not in {}", path.display());
    write(path, &text.replacen(from, to, 1));
}

/// Renders a report without a single finding, keeps the PDF for veraPDF and gives its path.
#[track_caller]
fn renders(name: &str, report: &Path, args: &[&str]) -> String {
    let (input, output) = (report.display().to_string(), report.with_extension("pdf").display().to_string());
    let mut all = vec!["render", &input, "-o", &output, "--format", "json"];
    all.extend(args);
    let run = sigill(&all);
    assert_eq!((run.code, run.codes()), (0, vec![]), "{}{}", run.text(), run.err);
    keep_pdf(name, STANDARD, &fs::read(&output).expect("the PDF is there"));
    output
}

/// The text of a PDF; `None` where poppler is not installed.
fn text_of(pdf: &str) -> Option<String> {
    tool("pdftotext", &["-layout", pdf, "-"])
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_new_document_of_every_kind_renders_without_findings() {
    let folder = workspace("new");
    for kind in KINDS {
        let run = sigill(&["new", kind.name]);
        assert_eq!(run.code, 0, "{}: {}", kind.name, run.err);
        let template = run.text();
        let value: Value = serde_json::from_str(&template).expect("JSON");
        assert_eq!((&value["kind"], &value["profile"]), (&kind.name.into(), &"exempel".into()));
        assert!((25..=70).contains(&template.lines().count()), "{}: {} lines", kind.name, template.lines().count());
        assert!(template.contains("Skriv här"), "{} says where to write", kind.name);
        assert!(!template.contains("\"image\""), "{} needs no picture", kind.name);
        let path = folder.join(format!("{}.json", kind.name));
        write(&path, &template);
        let pdf = renders(&format!("new-{}", kind.name), &path, &[]);
        let Some(printed) = text_of(&pdf) else { continue };
        let title = value["title"].as_str().expect("a title");
        assert!(printed.contains(title), "{}: {title} is not in\n{printed}", kind.name);
        assert_eq!(printed.contains("Netto"), template.contains("Netto"), "{}: computed rows", kind.name);
    }
}

#[test]
fn the_templates_compute_what_they_leave_out() {
    for kind in ["delarsrapport", "projektuppfoljning", "tjansteskrivelse", "dokument"] {
        let template = sigill(&["new", kind]).text();
        assert!(template.contains("\"formula\"") && template.contains("null"), "{kind} has a table that adds up");
    }
    let folder = workspace("new-computed");
    let path = folder.join("rapport.json");
    write(&path, &sigill(&["new", "projektuppfoljning"]).text());
    // The same template with a result that does not follow is refused.
    let total = r#""type": "netto", "title": "Netto" }"#;
    change(&path, total, r#""type": "netto", "cells": ["Netto", 0, 10, 10, 16] }"#);
    let run = sigill(&["check", &text(&path), "--format", "json"]);
    assert_eq!((run.code, run.codes()), (1, vec!["SUM003".to_owned()]), "{}", run.text());
}

#[test]
fn a_kind_that_does_not_exist_has_neither_template_nor_schema() {
    for command in ["new", "schema"] {
        let run = sigill(&[command, "tjänsteskrivelse"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("menade du ”tjansteskrivelse”?"), "{}", run.err);
        assert!(run.out.is_empty());
    }
}

#[test]
fn kinds_and_profiles_are_listed_with_what_they_are() {
    let kinds = sigill(&["kinds"]);
    assert_eq!(kinds.code, 0);
    assert_eq!(kinds.text().lines().count(), KINDS.len());
    for kind in KINDS {
        let line = format!("{:<20} {}: {}", kind.name, kind.title, kind.purpose);
        assert!(kinds.text().lines().any(|l| l == line), "{line} is not in\n{}", kinds.text());
    }
    let profiles = sigill(&["profiles"]);
    assert_eq!(profiles.code, 0);
    for line in ["botkyrka             Botkyrka kommun (dnr som SN/2012:1)", "exempel              Exempelkommunen"] {
        assert!(profiles.text().lines().any(|l| l.starts_with(line)), "{line} is not in\n{}", profiles.text());
    }
    let list = sigill(&["layouts", "list"]).text();
    assert_eq!(list.lines().filter(|l| l.starts_with("kind ") && l.ends_with("inbyggd")).count(), KINDS.len());
    assert!(!list.contains("egen"), "{list}");
}

#[test]
fn schemas_are_those_of_the_layouts_with_everything_they_refer_to() {
    for kind in KINDS {
        let run = sigill(&["schema", kind.name]);
        let mut printed: Value = serde_json::from_str(&run.text()).expect("JSON");
        // A file may name its schema.
        printed["properties"].as_object_mut().expect("properties").remove("$schema").expect("a property");
        let file = root().join(format!("layouts/kinds/{}/schema.json", kind.name));
        assert_eq!(printed, serde_json::from_str::<Value>(&read(&file)).expect("JSON"), "{}", kind.name);
        assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
    let folder = workspace("schema");
    assert_eq!(sigill(&["layouts", "new", "min-typ", "--folder", &text(&folder)]).code, 0);
    let run = sigill(&["schema", "min-typ", "--layouts", &text(&folder)]);
    let printed: Value = serde_json::from_str(&run.text()).expect("JSON");
    // An editor can follow every reference: the shared types are spelled out.
    assert_eq!(printed["properties"]["title"]["$ref"], "#/$defs/Line");
    for shared in ["Line", "Date", "Content", "Section", "Signature", "Table"] {
        assert!(printed["$defs"][shared].is_object(), "{shared} is not in the schema");
    }
}

#[test]
fn a_kind_of_ones_own_works_from_the_first_moment() {
    let folder = workspace("own-kind");
    let layouts = text(&folder);
    let made = sigill(&["layouts", "new", "min-typ", "--folder", &layouts]);
    assert_eq!(made.code, 0, "{}", made.err);
    for file in ["typst.toml", "lib.typ", "schema.json", "example.json"] {
        let text = read(&folder.join("kinds/min-typ").join(file));
        assert!(text.contains("min-typ") && !text.contains("NAME"), "{file}:\n{text}");
    }
    let check = sigill(&["layouts", "check", &layouts]);
    assert_eq!((check.code, check.text().trim()), (0, "1 granskade, 0 fel"), "{}", check.err);

    let document = workspace("own-kind-document").join("rapport.json");
    write(&document, &sigill(&["new", "min-typ", "--layouts", &layouts]).text());
    let own = ["--layouts", &layouts, "--profile", "exempel"];
    let pdf = renders("own-kind", &document, &own);
    if let Some(printed) = text_of(&pdf) {
        assert!(printed.contains("Ett exempel") && printed.contains("Bakgrund"), "{printed}");
    }

    change(&document, "\"title\": \"Ett exempel\"", "\"title\": \"Ett exempel\", \"titel\": \"x\"");
    let unknown =
        sigill(&["check", &text(&document), "--layouts", &layouts, "--profile", "exempel", "--format", "json"]);
    assert_eq!((unknown.code, unknown.codes()), (1, vec!["MOD003".to_owned()]));

    let list = sigill(&["layouts", "list", "--layouts", &layouts]).text();
    let origin = |name: &str| list.lines().find(|l| l.contains(name)).and_then(|l| l.split_whitespace().last());
    assert_eq!((origin(" min-typ "), origin(" dokument ")), (Some("egen"), Some("inbyggd")), "{list}");
    let kinds = sigill(&["kinds", "--layouts", &layouts]).text();
    assert!(kinds.lines().any(|l| l.starts_with("min-typ ")), "{kinds}");

    // Without the folder nothing is known of the kind.
    let without = sigill(&["check", &text(&document), "--profile", "exempel", "--format", "json"]);
    assert_eq!((without.code, without.codes()), (1, vec!["MOD001".to_owned()]));
    // Work already done is never overwritten.
    let again = sigill(&["layouts", "new", "min-typ", "--folder", &layouts]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("finns redan"), "{}", again.err);
}

#[test]
fn a_kind_has_a_name_that_can_stand_in_paths() {
    let folder = workspace("own-kind-names");
    for name in ["Min-typ", "min typ", "../ut", "åtgärd", "1typ", ""] {
        let run = sigill(&["layouts", "new", name, "--folder", &text(&folder)]);
        assert_eq!(run.code, 2, "{name}");
    }
    assert_eq!(fs::read_dir(&folder).expect("read").count(), 0);
}

#[test]
fn a_new_profile_is_sound_and_sets_documents() {
    let folder = workspace("new-profile");
    let layouts = text(&folder);
    let made = sigill(&["layouts", "new", "--profile", "provby", "--folder", &layouts]);
    assert_eq!(made.code, 0, "{}", made.err);
    let check = sigill(&["layouts", "check", &layouts]);
    assert_eq!((check.code, check.text().trim()), (0, "1 granskade, 0 fel"), "{}", check.err);
    let profiles = sigill(&["profiles", "--layouts", &layouts]).text();
    assert!(profiles.lines().any(|l| l.starts_with("provby ")), "{profiles}");

    let report = workspace("new-profile-document").join("rapport.json");
    write(&report, &sigill(&["new", "dokument"]).text());
    change(&report, "\"profile\": \"exempel\"", "\"profile\": \"provby\"");
    let pdf = renders("new-profile", &report, &["--layouts", &layouts]);
    if let Some(printed) = text_of(&pdf) {
        assert!(printed.contains("provby"), "{printed}");
    }

    // Work already done is never overwritten, and a name can stand in paths.
    let profile = folder.join("profiles/provby/profile.json");
    change(&profile, "\"name\": \"provby\"", "\"name\": \"Provby kommun\"");
    let again = sigill(&["layouts", "new", "--profile", "provby", "--folder", &layouts]);
    assert!(again.code == 2 && again.err.contains("finns redan"), "{}", again.err);
    assert!(read(&profile).contains("Provby kommun"));
    for name in ["Provby", "../ut", "åby", "1by", ""] {
        assert_eq!(sigill(&["layouts", "new", "--profile", name, "--folder", &layouts]).code, 2, "{name}");
    }
    assert_eq!(fs::read_dir(folder.join("profiles")).expect("read").count(), 1);
}

/// A folder with a profile that is not in the program: `provby`.
pub fn own_profile(name: &str) -> PathBuf {
    let folder = workspace(name);
    let profile = folder.join("profiles/provby/profile.json");
    write(&profile, &read(&root().join("layouts/profiles/exempel/profile.json")));
    change(&profile, "\"id\": \"exempel\"", "\"id\": \"provby\"");
    change(&profile, "\"name\": \"Exempelkommunen\"", "\"name\": \"Provby kommun\"");
    change(&profile, "\"wordmark\": \"Exempelkommunen\"", "\"wordmark\": \"PROVBY\"");
    change(&profile, "{page} ({pages})", "sida {page} av {pages}");
    folder
}

#[test]
fn reports_on_signatures_take_a_profile_of_ones_own() {
    let layouts = text(&own_profile("own-profile-verify"));
    let folder = workspace("own-profile-verify-report");
    let document = folder.join("dokument.json");
    fs::copy(root().join("fixtures/exempel/tjansteskrivelse.json"), &document).expect("copied");
    let pdf = renders("own-profile-verify", &document, &[]);
    let report = text(&folder.join("rapport.pdf"));
    let args = ["verify", &pdf, "--report", &report, "--profile", "provby", "--format", "json"];
    let without = sigill(&args);
    assert_eq!((without.code, fs::exists(&report).expect("asked")), (1, false), "{}", without.text());
    assert!(without.text().contains("provby"), "{}", without.text());
    let with = sigill(&[&args[..], &["--layouts", &layouts]].concat());
    // The file is not signed, which is what the report says.
    assert_eq!((with.code, with.err.as_str()), (1, ""), "{}", with.text());
    keep_pdf("own-profile-verify-report", STANDARD, &fs::read(&report).expect("the report"));
    if let Some(printed) = text_of(&report) {
        assert!(printed.contains("PROVBY") && printed.contains("Filen är inte undertecknad."), "{printed}");
    }
}

#[test]
fn a_profile_of_ones_own_brings_its_name_numbers_and_logo() {
    let folder = own_profile("own-profile");
    let layouts = text(&folder);
    let profile = folder.join("profiles/provby/profile.json");
    change(&profile, "\"id\": \"provby\"", "\"id\": \"provby\", \"logo\": \"logo.svg\"");
    let logo = folder.join("profiles/provby/logo.svg");
    fs::copy(root().join("fixtures/exempel/logga.svg"), &logo).expect("copied");

    let check = sigill(&["layouts", "check", &layouts]);
    assert_eq!((check.code, check.text().trim()), (0, "1 granskade, 0 fel"), "{}", check.err);
    let profiles = sigill(&["profiles", "--layouts", &layouts]).text();
    assert!(profiles.lines().any(|l| l.starts_with("provby ") && l.contains("Provby kommun")), "{profiles}");

    let report = workspace("own-profile-document").join("rapport.json");
    fs::copy(root().join("fixtures/exempel/tjansteskrivelse.json"), &report).expect("copied");
    let with_logo = renders("own-profile", &report, &["--layouts", &layouts, "--profile", "provby"]);
    let printed = text_of(&with_logo);
    if let Some(printed) = &printed {
        assert!(printed.contains("sida 1 av ") && printed.contains("sida 2 av "), "{printed}");
        // The first page has the logo instead of the wordmark; the running head of the others keeps the name.
        let first = printed.split('\u{c}').next().unwrap_or_default();
        assert!(!first.contains("PROVBY") && printed.contains("PROVBY"), "{printed}");
    }
    // The profile the report names itself is another one.
    let own = renders("own-profile-not-used", &report, &["--layouts", &layouts]);
    if let Some(printed) = text_of(&own) {
        assert!(!printed.contains("sida 1 av ") && printed.contains("Exempelkommunen"), "{printed}");
    }

    fs::remove_file(&logo).expect("removed");
    let run = sigill(&["render", &text(&report), "--layouts", &layouts, "--profile", "provby", "-o", "-"]);
    assert_eq!(run.code, 1);
    assert!(run.out.is_empty() && run.err.contains("logo.svg"), "{}", run.err);
}

#[test]
fn a_profile_changes_with_its_folder_and_wins_over_the_one_in_the_program() {
    let folder = workspace("own-exempel");
    let profile = folder.join("profiles/exempel/profile.json");
    write(&profile, &read(&root().join("layouts/profiles/exempel/profile.json")));
    change(&profile, "\"name\": \"Exempelkommunen\"", "\"name\": \"Nya Exempelkommunen\"");
    let profiles = sigill(&["profiles", "--layouts", &text(&folder)]).text();
    assert!(profiles.contains("Nya Exempelkommunen"), "{profiles}");
    let list = sigill(&["layouts", "list", "--layouts", &text(&folder)]).text();
    assert!(list.lines().any(|l| l.starts_with("profile  exempel") && l.ends_with("egen")), "{list}");
}

/// What `layouts check` says of a new kind after a change to one of its files.
fn check_after(name: &str, file: &str, from: &str, to: &str) -> (i32, String) {
    let folder = workspace(name);
    assert_eq!(sigill(&["layouts", "new", "min-typ", "--folder", &text(&folder)]).code, 0);
    change(&folder.join("kinds/min-typ").join(file), from, to);
    let run = sigill(&["layouts", "check", &text(&folder)]);
    (run.code, run.text())
}

#[test]
fn check_finds_what_is_wrong_with_a_kind() {
    for (name, file, from, to, wanted) in [
        (
            "check-keyword",
            "schema.json",
            "\"type\": \"object\",",
            "\"type\": \"object\", \"patternProperties\": {},",
            "kinds/min-typ/schema.json: nyckelordet ”patternProperties” stöds inte",
        ),
        (
            "check-keyword-below",
            "schema.json",
            "\"title\": \"Diarienummer\",",
            "\"title\": \"Diarienummer\", \"contentEncoding\": \"base64\",",
            "nyckelordet ”contentEncoding” stöds inte",
        ),
        (
            "check-schema",
            "schema.json",
            "\"required\"",
            "required",
            "kinds/min-typ/schema.json: schemat är inte giltig JSON",
        ),
        ("check-code", "lib.typ", "inline(data.title)", "inline(data.titel)", "kinds/min-typ/lib.typ"),
        ("check-syntax", "lib.typ", "let s = style-of(profile)", "let s = style-of(profile", "kinds/min-typ/lib.typ"),
        ("check-manifest", "typst.toml", "name = \"min-typ\"", "name = \"annan\"", "package.name är ”annan”"),
        ("check-example", "example.json", "\"title\"", "\"titel\"", "fel[MOD003]: okänt fält ”titel”"),
    ] {
        let (code, said) = check_after(name, file, from, to);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.contains(wanted), "{name}: {wanted} is not in\n{said}");
        assert!(!said.contains(" 0 fel"), "{name}: {said}");
    }
}

#[test]
fn property_names_are_the_authors_own() {
    // A field may be called what JSON Schema calls a keyword it does not know here.
    let (code, said) = check_after(
        "check-names",
        "schema.json",
        "\"profile\":",
        "\"patternProperties\": { \"title\": \"Mönster\", \"type\": \"string\" }, \"profile\":",
    );
    assert_eq!((code, said.trim()), (0, "1 granskade, 0 fel"));
}

#[test]
fn annotations_hold_what_their_readers_want() {
    // A choice with titles of its own, and an annotation that is no text.
    let (code, said) = check_after(
        "check-annotations",
        "schema.json",
        "\"profile\":",
        r#""beslutat": {
      "title": "Beslutat av", "x-title-en": "Decided by", "x-hjalp": "Välj vem som beslutar.", "x-egen": { "bredd": [1] },
      "oneOf": [
        { "title": "Nämnden", "x-title-en": "The committee", "type": "string", "const": "namnd" },
        { "title": "Delegat", "x-title-en": "A delegate", "type": "string", "const": "delegat" }
      ]
    },
    "profile":"#,
    );
    assert_eq!((code, said.trim()), (0, "1 granskade, 0 fel"));
}

#[test]
fn a_new_kind_has_titles_and_help_for_every_field() {
    let folder = workspace("own-kind-help");
    assert_eq!(sigill(&["layouts", "new", "min-typ", "--folder", &text(&folder)]).code, 0);
    let run = sigill(&["schema", "min-typ", "--layouts", &text(&folder)]);
    let schema: Value = serde_json::from_str(&run.text()).expect("JSON");
    let fields = schema["properties"].as_object().expect("fields");
    for (name, field) in fields.iter().filter(|(name, _)| *name != "$schema") {
        assert!(field["title"].is_string() && field["x-title-en"].is_string(), "{name}");
        assert!(field["x-hjalp"].is_string() || field["const"].is_string(), "{name}");
    }
    // What the kind is called stands in its schema; a title in the manifest wins.
    let listed = || sigill(&["kinds", "--layouts", &text(&folder)]).text();
    change(&folder.join("kinds/min-typ/schema.json"), "\"title\": \"min-typ\"", "\"title\": \"Min typ\"");
    assert!(listed().contains("min-typ              Min typ: "), "{}", listed());
    change(&folder.join("kinds/min-typ/typst.toml"), "[tool.sigill]", "[tool.sigill]\ntitle = \"Annan titel\"");
    assert!(listed().contains("min-typ              Annan titel: "), "{}", listed());
}

#[test]
fn check_finds_missing_parts_and_broken_profiles() {
    for file in ["typst.toml", "lib.typ", "schema.json", "example.json"] {
        let folder = workspace("check-missing");
        assert_eq!(sigill(&["layouts", "new", "min-typ", "--folder", &text(&folder)]).code, 0);
        fs::remove_file(folder.join("kinds/min-typ").join(file)).expect("removed");
        let run = sigill(&["layouts", "check", &text(&folder)]);
        assert_eq!(run.code, 1, "{file}: {}", run.text());
        assert!(run.text().contains(&format!("kinds/min-typ/{file}")), "{file}: {}", run.text());
    }
    let run = sigill(&["layouts", "check", "fixtures/known-bad/LAY002/layouts"]);
    assert_eq!(run.code, 1);
    for wanted in [
        "profiles/mallstad/profile.json: okänt fält ”sidnummer”",
        "profiles/provby/profile.json: mönstret är inget giltigt reguljärt uttryck",
        "kinds/anslag/typst.toml: package.name är ”tillkannagivande” men mappen heter ”anslag”",
        "kinds/protokoll/typst.toml: manifestet går inte att läsa",
        "4 granskade",
    ] {
        assert!(run.text().contains(wanted), "{wanted} is not in\n{}", run.text());
    }
}

#[test]
fn a_folder_without_layouts_is_a_mistake() {
    let folder = workspace("check-empty");
    let run = sigill(&["layouts", "check", &text(&folder)]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("varken kinds/ eller profiles/"), "{}", run.err);
    for args in [["layouts", "check"], ["kinds", "--layouts"]] {
        let missing = text(&folder.join("finns-inte"));
        let run = sigill(&[args[0], args[1], &missing]);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains("går inte att läsa"), "{}", run.err);
    }
}
