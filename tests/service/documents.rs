//! Rendering and checking over HTTP.

use std::fs;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::client::{Service, serve};
use crate::support::{keep_pdf, root, sigill, tool, workspace};

fn service() -> &'static Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(|| serve("documents", ""))
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("fixtures").join(name)).expect("a fixture")
}

#[test]
fn a_model_comes_back_as_the_document_the_command_makes() {
    let answer = service().post_json("/v1/render", &fixture("exempel/tjansteskrivelse.json"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("sigill-pages"), "2");
    assert!(answer.header("content-disposition").contains("ex-2026-123"), "{}", answer.header("content-disposition"));
    let own = sigill(&["render", "fixtures/exempel/tjansteskrivelse.json", "-o", "-"]);
    assert!(own.out == answer.body, "the bytes differ from those of the command");
    let again = service().post_json("/v1/render", &fixture("exempel/tjansteskrivelse.json"));
    assert_eq!(again.header("etag"), answer.header("etag"));
    keep_pdf("service-render", "a-2a+ua-1", &answer.body);
}

#[test]
fn pictures_come_as_parts_under_the_names_of_the_model() {
    let model = json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rutin", "title": "Bild", "date": "2026-11-20",
        "content": [{"type": "image", "file": "bilder/logga.svg", "alt": "En logga", "caption": "Loggan"}],
    })
    .to_string();
    let logo = fixture("exempel/logga.svg");
    let parts: [super::client::Part<'_>; 2] =
        [("model", Some("x.json"), model.as_bytes()), ("file", Some("bilder/logga.svg"), &logo)];
    let answer = service().post_parts("/v1/render", &parts, &[]);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    keep_pdf("service-picture", "a-2a+ua-1", &answer.body);
    let without = service().post_json("/v1/render", model.as_bytes());
    assert_eq!((without.status, without.problem().as_str()), (422, "document-has-errors"));
    assert_eq!(without.json()["findings"][0]["code"], "FIL001");
}

#[test]
fn findings_come_along_with_the_document_when_json_is_asked_for() {
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let answer = service().send("POST", "/v1/render", &headers, &fixture("exempel/delarsrapport.json"));
    let told = answer.json();
    assert_eq!(answer.status, 200, "{told}");
    assert!(told["pdf"].as_str().is_some_and(|p| p.starts_with("JVBERi0")), "{told}");
    assert!(told["pages"].as_u64().is_some_and(|p| p > 1));
    assert!(told["file_name"].as_str().is_some_and(|n| n.ends_with(".pdf")));
    assert!(told["findings"].is_array());
    assert_eq!(answer.header("etag"), format!("\"{}\"", told["sha256"].as_str().expect("a digest")));
}

#[test]
fn a_wrong_sum_is_a_problem_with_place_and_remedy_in_the_language_asked_for() {
    let model = fixture("known-bad/SUM001/published-5258.json");
    for (language, word) in [("sv", "Dokumentet har"), ("en-GB,en;q=0.9", "The document has"), ("de", "Dokumentet har")]
    {
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        let answer = service().send("POST", "/v1/render", &headers, &model);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "document-has-errors"));
        let problem = answer.json();
        assert!(problem["title"].as_str().is_some_and(|t| t.starts_with(word)), "{language}: {problem}");
        assert!(answer.header("vary").contains("accept-language"));
        let found = &problem["findings"][0];
        assert_eq!(found["code"], "SUM002");
        assert_eq!(found["pointer"], "/ekonomi/0/rows/0/cells/5");
        assert!(found["message_sv"].is_string() && found["message_en"].is_string() && found["help_sv"].is_string());
    }
    let checked = service().post_json("/v1/check", &model);
    assert_eq!(checked.status, 200);
    assert_eq!(checked.json()["errors"], 8);
}

#[test]
fn every_known_bad_model_is_refused_as_the_command_refuses_it() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join("fixtures/known-bad")).expect("fixtures").flatten() {
        // Folders with arguments are about packs and other commands.
        if entry.path().join("args").exists() {
            continue;
        }
        for model in fs::read_dir(entry.path()).expect("a folder").flatten().map(|f| f.path()) {
            if model.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let expected = sigill(&["check", &model.display().to_string(), "--format", "json"]).codes();
            let told = service().post_json("/v1/check", &fs::read(&model).expect("read"));
            assert_eq!(told.status, 200, "{}", model.display());
            let found = told.json()["findings"].as_array().cloned().unwrap_or_default();
            let codes: Vec<_> = found.iter().map(|f| f["code"].as_str().unwrap_or_default().to_owned()).collect();
            // The service has none of the files beside the model.
            if !expected.iter().chain(&codes).any(|c| c.starts_with("FIL")) {
                assert_eq!(codes, expected, "{}", model.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "only {seen}");
}

#[test]
fn what_the_catalog_tells_is_what_the_commands_tell_and_is_kept_by_clients() {
    let kinds = service().get("/v1/kinds");
    let names: Vec<_> = kinds.json().as_array().expect("kinds").iter().map(|k| k["name"].clone()).collect();
    assert!(names.contains(&json!("kallelse")) && names.len() >= 6, "{names:?}");
    for path in ["/v1/kinds", "/v1/profiles", "/v1/schemas/tjansteskrivelse", "/v1/examples/kallelse", "/openapi.json"]
    {
        let first = service().get(path);
        assert_eq!(first.status, 200, "{path}");
        let again = service().send("GET", path, &[("if-none-match", first.header("etag"))], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = service().send("GET", path, &[("if-none-match", "\"x\"")], b"");
        assert_eq!(other.status, 200, "{path}");
    }
    let mut schema: Value = serde_json::from_slice(&sigill(&["schema", "kallelse"]).out).expect("a schema");
    // Files may name their schema, for editors; a form has no field for it.
    let named = schema["properties"].as_object_mut().expect("properties").remove("$schema");
    assert_eq!(named, Some(json!({"type": "string"})));
    assert_eq!(service().get("/v1/schemas/kallelse").json(), schema);
    let example: Value = serde_json::from_slice(&sigill(&["new", "kallelse"]).out).expect("an example");
    assert_eq!(service().get("/v1/examples/kallelse").json(), example);
    assert_eq!(service().get("/v1/schemas/protokolll").problem(), "not-found");
}

#[test]
fn the_profile_of_the_house_is_told_apart() {
    let service = serve("profile-of-the-house", "profile = \"exempel\"\n");
    let offered = service.get("/v1/profiles").json();
    assert_eq!(offered[0]["name"], "exempel", "{offered}");
    assert_eq!(offered[0]["dnr_example"], "EX 2026/123", "{offered}");
    let own: Vec<_> = offered.as_array().expect("profiles").iter().filter(|p| p["own"] == true).collect();
    assert_eq!(own, [&offered[0]]);
}

#[test]
fn every_problem_has_its_page_in_both_languages() {
    let answer = service().get("/problems/document-has-errors");
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, 200);
    assert!(text.contains("Dokumentet har fel") && text.contains("The document has errors"), "{text}");
    assert_eq!(service().get("/problems/annat").status, 404);
}

#[test]
fn wrong_requests_are_told_what_is_wrong_with_them() {
    let good = fixture("exempel/tjansteskrivelse.json");
    let as_json = ("content-type", "application/json");
    type Case<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, &'a [u8], u16, &'a str);
    let cases: Vec<Case<'_>> = vec![
        ("POST", "/v1/render", vec![("content-type", "text/plain")], &good, 415, "unsupported-type"),
        ("POST", "/v1/render", vec![], &good, 415, "unsupported-type"),
        ("POST", "/v1/render", vec![as_json, ("content-encoding", "gzip")], &good, 415, "unsupported-type"),
        ("POST", "/v1/render", vec![as_json, ("accept", "text/html")], &good, 406, "not-acceptable"),
        ("POST", "/v1/render?standard=a-9z", vec![as_json], &good, 400, "bad-request"),
        ("POST", "/v1/render?reserve=allt", vec![as_json], &good, 400, "bad-request"),
        ("POST", "/v1/render?okand=1", vec![as_json], &good, 400, "bad-request"),
        ("POST", "/v1/render", vec![as_json], b"{\"kind\": ", 422, "document-has-errors"),
        ("POST", "/v1/render", vec![as_json], b"", 422, "document-has-errors"),
        ("POST", "/v1/render", vec![as_json], b"\xff\xfe\x00", 422, "document-has-errors"),
        (
            "POST",
            "/v1/render",
            vec![as_json],
            b"[1e999999999, 99999999999999999999999999999999]",
            422,
            "document-has-errors",
        ),
        ("POST", "/v1/render?profile=../../etc", vec![as_json], &good, 422, "document-has-errors"),
        ("POST", "/v1/render", vec![("content-type", "multipart/form-data")], &good, 400, "bad-request"),
        ("POST", "/v1/render", vec![("content-type", "multipart/form-data; boundary=x")], &good, 400, "bad-request"),
        ("GET", "/v1/render", vec![], b"", 405, "method-not-allowed"),
        ("POST", "/v1/kinds", vec![as_json], b"{}", 405, "method-not-allowed"),
        ("GET", "/finns/inte", vec![], b"", 404, "not-found"),
        ("GET", "/assets/../../Cargo.toml", vec![], b"", 404, "not-found"),
        ("GET", "/assets/%2e%2e/%2e%2e/Cargo.toml", vec![], b"", 404, "not-found"),
    ];
    for (method, path, headers, body, status, problem) in cases {
        let answer = service().send(method, path, &headers, body);
        let shown = format!("{method} {path} {headers:?}");
        assert_eq!((answer.status, answer.problem().as_str()), (status, problem), "{shown}");
    }
    assert_eq!(service().get("/v1/render").header("allow"), "POST");
}

#[test]
fn parts_are_refused_by_name() {
    let good = fixture("exempel/tjansteskrivelse.json");
    let model: super::client::Part<'_> = ("model", None, &good);
    let nul = "a\u{1}b.png";
    for names in [
        vec!["../logga.svg"],
        vec!["/etc/passwd"],
        vec!["C:\\x.png"],
        vec!["c:x.png"],
        vec!["a/../../b.png"],
        vec!["a//b.png"],
        vec!["."],
        vec![nul],
        vec!["bild.png", "bild.png"],
        vec!["bild.png", "BILD.png"],
    ] {
        let mut parts = vec![model];
        parts.extend(names.iter().map(|n| ("file", Some(*n), b"x".as_slice())));
        let answer = service().post_parts("/v1/render", &parts, &[]);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"), "{names:?}");
    }
    for parts in [vec![model, model], vec![], vec![model, ("annat", None, b"x")], vec![("file", None, b"x"), model]] {
        let answer = service().post_parts("/v1/render", &parts, &[]);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-request"), "{}", parts.len());
    }
}

/// Puts a text in what is free text in a model.
fn fill(model: &mut Value, text: &str) {
    for key in ["title", "sammanfattning", "arendet", "referens", "mottagare"] {
        match model.get_mut(key) {
            Some(Value::Array(items)) => items.iter_mut().for_each(|i| *i = json!(text)),
            Some(other) => *other = json!(text),
            None => {}
        }
    }
}

#[test]
fn html_and_typst_in_texts_are_text() {
    let hostile = "<script>alert(1)</script> #panic() $x$ <img src=x onerror=y>";
    let mut model: Value = serde_json::from_slice(&fixture("exempel/tjansteskrivelse.json")).expect("JSON");
    fill(&mut model, hostile);
    let answer = service().post_json("/v1/render", model.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let path = workspace("service-html").join("x.pdf");
    fs::write(&path, &answer.body).expect("written");
    if let Some(text) = tool("pdftotext", &["-layout", &path.display().to_string(), "-"]) {
        assert!(text.contains("<script>") && text.contains("#panic()"), "{text}");
    }
    // What a problem quotes of it is JSON, which a browser does not take for a page.
    let mut model = model;
    model["<script>"] = json!(1);
    let refused = service().post_json("/v1/render", model.to_string().as_bytes());
    assert_eq!(refused.problem(), "document-has-errors");
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
}

#[test]
fn every_answer_has_strict_headers() {
    for path in ["/v1/kinds", "/finns/inte", "/healthz", "/", "/problems/too-large"] {
        let answer = service().get(path);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[test]
fn documents_and_bodies_have_limits() {
    let service = serve("limits", "[limits]\nbody_mb = 1\npages = 1\nfiles = 2\n");
    let good = fixture("exempel/tjansteskrivelse.json");
    let long = service.post_json("/v1/render", &good);
    assert_eq!((long.status, long.problem().as_str()), (413, "too-large"));
    let large = service.post_json("/v1/render", &vec![b' '; 1_000_001]);
    assert_eq!((large.status, large.problem().as_str()), (413, "too-large"));
    // The same without saying so beforehand.
    let (kind, body) = super::client::multipart(&[("model", None, &good), ("file", Some("x"), &vec![0; 1_000_000])]);
    let headers = [("content-type", kind.as_str()), ("transfer-encoding", "chunked")];
    let chunked = service.send("POST", "/v1/render", &headers, &body);
    assert_eq!((chunked.status, chunked.problem().as_str()), (413, "too-large"));
    let parts: Vec<super::client::Part<'_>> =
        vec![("model", None, &good), ("file", Some("a"), b"x"), ("file", Some("b"), b"x"), ("file", Some("c"), b"x")];
    assert_eq!(service.post_parts("/v1/render", &parts, &[]).problem(), "too-large");
}
