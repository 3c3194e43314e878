//! What a kind of one's own declares in its manifest: words, rank in a pack, rules.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{change, read, text, write};
use crate::support::{Run, sigill, workspace};

/// A kind of one's own, `remissvar`, with the fields its rules are about and this in its manifest.
fn kind(name: &str, manifest: &str) -> PathBuf {
    let folder = workspace(name);
    assert_eq!(sigill(&["layouts", "new", "remissvar", "--folder", &text(&folder)]).code, 0);
    let below = folder.join("kinds/remissvar");
    change(
        &below.join("schema.json"),
        "\"content\":",
        r#""mottagare": {
      "title": "Mottagare", "x-title-en": "Recipients", "x-hjalp": "Lägg till mottagarna.",
      "type": "array", "items": { "$ref": "sigill:Line" }
    },
    "beslut": {
      "title": "Beslut", "x-title-en": "Decision", "x-hjalp": "Skriv en åtgärd i varje punkt.",
      "type": "array", "items": { "$ref": "sigill:Text" }
    },
    "remiss": {
      "title": "Remiss", "x-title-en": "Referral", "x-hjalp": "När remissen kom och ska besvaras.",
      "type": "object",
      "properties": {
        "kom": { "title": "Remissen kom", "x-title-en": "Received", "$ref": "sigill:Date" },
        "svar": { "title": "Svar senast", "x-title-en": "Answer due", "$ref": "sigill:Date" }
      },
      "additionalProperties": false
    },
    "content":"#,
    );
    let path = below.join("typst.toml");
    let started = read(&path);
    let package = started.split("[tool.sigill]").next().expect("a package");
    write(&path, &format!("{package}{manifest}"));
    folder
}

/// A document of the kind, with these fields.
fn document(folder: &Path, fields: &Value) -> String {
    let mut model = json!({
        "kind": "remissvar", "profile": "exempel", "title": "Svar på remiss", "date": "2026-11-22", "content": "Text.",
    });
    let (Value::Object(model), Value::Object(fields)) = (&mut model, fields) else { panic!("objects") };
    model.extend(fields.clone());
    let path = folder.join("svar.json");
    write(&path, &json!(model).to_string());
    text(&path)
}

/// All findings of a run with `--format json`.
fn findings(run: &Run) -> Vec<Value> {
    let lines = run.text();
    let values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    values.flat_map(|v| v["diagnostics"].as_array().cloned().expect("findings")).collect()
}

const RULES: &str = r#"[tool.sigill.rules]
required = ["mottagare", "content", "remiss/kom"]
decisions = ["beslut"]
dates_in_order = [["remiss/kom", "remiss/svar"]]
dnr = true
signature = true
"#;

#[test]
fn rules_of_a_manifest_work_as_those_of_a_built_in_kind() {
    let folder = kind("declared-rules", RULES);
    let whole = json!({
        "dnr": "KS 2026/1",
        "mottagare": ["Regeringskansliet"],
        "beslut": ["Nämnden antar svaret som sitt eget."],
        "remiss": {"kom": "2026-10-01", "svar": "2026-12-01"},
        "signaturer": [{"name": "Anna Exempelsson"}],
    });
    // Without what a rule asks for, the finding of that rule, at its place.
    for (field, value, wanted) in [
        ("dnr", None, &[("DNR002", "error", "/dnr")][..]),
        ("signaturer", None, &[("SIG003", "warning", "/signaturer")]),
        ("mottagare", None, &[("DEL001", "error", "/mottagare")]),
        ("mottagare", Some(json!([" "])), &[("DEL001", "error", "/mottagare")]),
        ("content", Some(json!([""])), &[("DEL001", "error", "/content")]),
        ("content", Some(json!([{"type": "facts", "items": [{"label": "Ort", "value": "Tumba"}]}])), &[]),
        ("beslut", Some(json!([])), &[("DEL001", "error", "/beslut")]),
        (
            "beslut",
            Some(json!(["Bifall.", "", "1. Avslag."])),
            &[("BES001", "error", "/beslut/1"), ("BES002", "error", "/beslut/2")],
        ),
        ("remiss", Some(json!({"kom": "2026-12-02", "svar": "2026-12-01"})), &[("DAT003", "error", "/remiss/svar")]),
        ("remiss", Some(json!({"kom": "2026-12-01", "svar": "2026-12-01"})), &[]),
        ("remiss", Some(json!({"svar": "2026-12-01"})), &[("DEL001", "error", "/remiss/kom")]),
        ("title", Some(json!("Svar")), &[]),
    ] {
        let mut fields = whole.clone();
        let object = fields.as_object_mut().expect("an object");
        match &value {
            Some(value) => object.insert(field.to_owned(), value.clone()),
            None => object.remove(field),
        };
        let path = document(&folder, &fields);
        let run = sigill(&["check", &path, "--layouts", &text(&folder), "--format", "json"]);
        let found = findings(&run);
        let found: Vec<_> = found
            .iter()
            .map(|d| ["code", "severity", "pointer"].map(|key| d[key].as_str().unwrap_or_default()))
            .collect();
        let wanted: Vec<_> = wanted.iter().map(|(code, severity, pointer)| [*code, *severity, *pointer]).collect();
        assert_eq!(found, wanted, "{field}: {value:?}\n{}{}", run.text(), run.err);
    }
    let late = json!({"remiss": {"kom": "2026-12-02", "svar": "2026-12-01"}});
    let run = sigill(&["check", &document(&folder, &late), "--layouts", &text(&folder), "--format", "json"]);
    for wanted in ["”Svar senast” 2026-12-01 ligger före ”Remissen kom” 2026-12-02", "delen ”Mottagare” saknas"]
    {
        assert!(run.text().contains(wanted), "{wanted} is not in\n{}", run.text());
    }
    let english = r#"\"remiss/svar\" 2026-12-01 is before \"remiss/kom\" 2026-12-02"#;
    assert!(run.text().contains(english), "{}", run.text());
}

#[test]
fn what_a_manifest_cannot_mean_is_told_with_a_remedy() {
    let rules = |rule: &str| format!("[tool.sigill.rules]\n{rule}\n");
    for (name, manifest, message, remedy) in [
        (
            "key",
            "[tool.sigill]\npurpos = \"x\"\n".into(),
            "”purpos” kan inte stå i [tool.sigill]",
            "menade du ”purpose”?",
        ),
        ("rule", rules("require = []"), "”require” kan inte stå i [tool.sigill.rules]", "menade du ”required”?"),
        ("rank-low", "[tool.sigill]\nrank = 0\n".into(), "rank är 0, utanför 1–99", "ange ett heltal från 1 till 99"),
        ("rank-high", "[tool.sigill]\nrank = 100\n".into(), "rank är 100, utanför 1–99", "ange ett heltal"),
        ("rank-text", "[tool.sigill]\nrank = \"först\"\n".into(), "[tool.sigill] går inte att läsa", "rätta värdet"),
        ("rules-text", "[tool.sigill]\nrules = \"alla\"\n".into(), "[tool.sigill] går inte att läsa", "rätta värdet"),
        (
            "field",
            rules("required = [\"motagare\"]"),
            "regeln required nämner fältet ”motagare”, som inte finns i schemat",
            "menade du ”mottagare”?",
        ),
        ("below", rules("required = [\"remiss/kam\"]"), "fältet ”remiss/kam”", "menade du ”kom”?"),
        ("decision", rules("decisions = [\"title\"]"), "”title”, som inte är en lista med texter", "sigill:Text"),
        ("date", rules("dates_in_order = [[\"date\", \"title\"]]"), "”title”, som inte är ett datum", "sigill:Date"),
        ("same", rules("dates_in_order = [[\"date\", \"date\"]]"), "fältet ”date” två gånger", "det tidigare datumet"),
        ("three", rules("dates_in_order = [[\"date\"]]"), "[tool.sigill] går inte att läsa", "rätta värdet"),
        ("boolean", rules("dnr = \"ja\""), "[tool.sigill] går inte att läsa", "rätta värdet"),
    ] {
        let folder = kind(&format!("declared-wrong-{name}"), &manifest);
        let check = sigill(&["layouts", "check", &text(&folder)]);
        assert_eq!(check.code, 1, "{name}: {}", check.text());
        let file = "fel[LAY002]: kinds/remissvar/typst.toml: ";
        for wanted in [file, message, remedy] {
            assert!(check.text().contains(wanted), "{name}: {wanted} is not in\n{}", check.text());
        }
        // Whoever uses the kind is told the same, and gets no document.
        let path = document(&folder, &json!({}));
        let pdf = folder.join("svar.pdf");
        let args = ["render", &path, "-o", &text(&pdf), "--layouts", &text(&folder), "--format", "json"];
        let run = sigill(&args);
        assert_eq!((run.code, run.codes(), pdf.exists()), (1, vec!["LAY002".to_owned()], false), "{name}: {}", run.err);
        let told = findings(&run)[0].clone();
        let wording = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        assert!(wording("message_sv").starts_with("kinds/remissvar/typst.toml: "), "{name}: {told}");
        assert!(wording("message_sv").contains(message) && wording("help_sv").contains(remedy), "{name}: {told}");
    }
    // A schema without the field that a rule is about.
    let folder = kind("declared-no-dnr", &rules("dnr = true"));
    change(&folder.join("kinds/remissvar/schema.json"), "\"dnr\": {", "\"dnummer\": {");
    let check = sigill(&["layouts", "check", &text(&folder)]);
    assert!(check.text().contains("regeln dnr nämner fältet ”dnr”, som inte finns"), "{}", check.text());
}

#[test]
fn a_kind_of_ones_own_has_its_place_in_a_pack() {
    let order = |name: &str, manifest: &str| {
        let folder = kind(name, manifest);
        document(&folder, &json!({"title": "Remissvaret", "dnr": "KS 2026/1"}));
        for (file, title) in [("forslag", "Förslaget"), ("underlag", "Underlaget")] {
            let kind = if file == "forslag" { "ordforandeforslag" } else { "tjansteskrivelse" };
            let mut model: Value = serde_json::from_str(&sigill(&["new", kind]).text()).expect("JSON");
            model["title"] = title.into();
            write(&folder.join(format!("{file}.json")), &model.to_string());
        }
        let mut meeting: Value = serde_json::from_str(&sigill(&["new", "kallelse"]).text()).expect("JSON");
        meeting["arenden"] = json!([{
            "title": "Svar på remiss",
            "dnr": "KS 2026/1",
            "handlingar": [{"dokument": "underlag.json"}, {"dokument": "svar.json"}, {"dokument": "forslag.json"}],
        }]);
        let (path, report) = (folder.join("kallelse.json"), folder.join("rapport.json"));
        write(&path, &meeting.to_string());
        let run = sigill(&["pack", &text(&path), "--layouts", &text(&folder), "--report", &text(&report)]);
        assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
        let report: Value = serde_json::from_str(&read(&report)).expect("JSON");
        let parts = report["parts"].as_array().expect("parts").clone();
        let titles = parts.iter().map(|part| part["title"].as_str().unwrap_or_default().to_owned());
        titles.filter(|title| title.ends_with("et")).collect::<Vec<_>>()
    };
    let first = order("declared-rank-first", "[tool.sigill]\nrank = 1\n");
    assert_eq!(first, ["Remissvaret", "Förslaget", "Underlaget"]);
    let between = order("declared-rank-between", "[tool.sigill]\nrank = 15\n");
    assert_eq!(between, ["Förslaget", "Remissvaret", "Underlaget"]);
    let undeclared = order("declared-rank-none", "");
    assert_eq!(undeclared, ["Förslaget", "Underlaget", "Remissvaret"]);
}

#[test]
fn the_words_of_a_manifest_are_listed() {
    let words = "[tool.sigill]\ntitle = \"Svar på remiss\"\npurpose = \"svarar på en remiss\"\n";
    let folder = kind("declared-words", words);
    let kinds = sigill(&["kinds", "--layouts", &text(&folder)]).text();
    assert!(kinds.contains("remissvar            Svar på remiss: svarar på en remiss\n"), "{kinds}");
}
