//! Keys over HTTP. Tokens of single sign-on are tested with the crate, against an issuer of the tests' own.

use std::fs;
use std::process::Command;

use super::client::{Service, serve};
use crate::docs;
use crate::support::{root, sigill, workspace};

/// A key and its entry for the configuration, from `sigill api-key`.
pub fn key(name: &str, scopes: &[&str], more: &str) -> (String, String) {
    let mut args = vec!["api-key", name];
    for scope in scopes {
        args.extend(["--scope", scope]);
    }
    let run = sigill(&args);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = run.text();
    let key = text.lines().find_map(|l| l.strip_prefix("# sigill_")).expect("a key");
    let entry: String = text.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    (format!("sigill_{key}"), format!("{entry}{more}\n"))
}

fn model() -> Vec<u8> {
    fs::read(root().join("fixtures/exempel/tjansteskrivelse.json")).expect("a fixture")
}

fn rendered(service: &Service) -> super::client::Answer {
    service.post_json("/v1/render", &model())
}

#[test]
fn keys_open_what_they_are_for_and_nothing_else() {
    let (good, entry) = key("diariet", &["render"], "");
    let (old, expired) = key("förr", &["render"], "expires = 2020-01-31");
    let mut service = serve("keys", &format!("{entry}{expired}"));
    let none = rendered(&service);
    assert_eq!((none.status, none.problem().as_str()), (401, "not-authenticated"));
    assert!(none.header("www-authenticate").starts_with("Bearer"));
    for wrong in ["sigill_fel", "x", &good[..good.len() - 1], "a.b.c"] {
        service.key = Some(wrong.to_owned());
        assert_eq!(rendered(&service).status, 401, "{wrong}");
    }
    service.key = Some(old);
    let late = rendered(&service);
    assert_eq!(late.status, 401);
    assert!(late.json()["detail"].as_str().is_some_and(|d| d.contains("giltighetsdag")), "{}", late.json());
    service.key = Some(good.clone());
    assert_eq!(rendered(&service).status, 200);
    for path in ["/v1/jobs/x", "/metrics"] {
        let other = service.get(path);
        assert_eq!((other.status, other.problem().as_str()), (403, "not-allowed"), "{path}");
    }
    let session = service.get("/v1/session").json();
    assert_eq!((&session["authenticated"], &session["name"]), (&true.into(), &"diariet".into()), "{session}");
    service.key = None;
    for open in ["/", "/v1/kinds", "/v1/schemas/kallelse", "/openapi.json", "/healthz", "/readyz", "/v1/session"] {
        assert_eq!(service.get(open).status, 200, "{open}");
    }
    // The configuration and the log know only the hash.
    for file in ["sigill.toml", "log", "audit"] {
        let text = fs::read_to_string(service.folder.join(file)).expect("there");
        assert!(!text.contains(&good), "{file}");
    }
}

#[test]
fn the_description_says_which_scope_each_address_asks_for() {
    let scopes = ["render", "pack", "sign", "verify", "metrics"];
    let (keys, entries): (Vec<_>, Vec<_>) = scopes.map(|s| key(s, &[s], "per_minute = 0")).into_iter().unzip();
    let mut service = serve("scopes", &entries.concat());
    for (method, path, operation) in docs::operations() {
        let (asked, path) = (docs::scopes(&operation), path.replace("{id}", "x").replace("{kind}", "x"));
        service.key = None;
        let open = service.send(&method, &path, &[], b"").status != 401;
        assert_eq!(open, asked.is_empty(), "{method} {path} without a key");
        for (scope, key) in scopes.iter().zip(&keys) {
            service.key = Some(key.clone());
            let refused = service.send(&method, &path, &[], b"").status == 403;
            let told = asked.is_empty() || asked.iter().any(|a| a == scope);
            assert_eq!(refused, !told, "{method} {path} with a key for {scope}");
        }
    }
}

#[test]
fn a_key_that_asks_too_often_is_told_how_long_to_wait() {
    let (good, entry) = key("ivrig", &["render"], "per_minute = 3");
    let mut service = serve("often", &entry);
    service.key = Some(good);
    let answers: Vec<_> = (0..8).map(|_| rendered(&service)).collect();
    let refused: Vec<_> = answers.iter().filter(|a| a.status == 429).collect();
    assert!(
        answers[0].status == 200 && refused.len() >= 4,
        "{:?}",
        answers.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    assert_eq!(refused[0].problem(), "too-many-requests");
    assert!(refused[0].header("retry-after").parse::<u64>().is_ok_and(|s| (1..=60).contains(&s)));
}

#[test]
fn what_is_made_leaves_a_line_without_its_content() {
    let (good, entry) = key("e-tjänsten", &["render"], "");
    let mut service = serve("audit", &format!("audit = \"granskning.jsonl\"\n{entry}"));
    service.key = Some(good);
    let answer = rendered(&service);
    let lines = fs::read_to_string(service.folder.join("granskning.jsonl")).expect("the audit");
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["who"], "key:e-tjänsten");
    assert_eq!(line["what"], "render");
    assert_eq!(format!("\"{}\"", line["sha256"].as_str().expect("a digest")), answer.header("etag"));
    assert_eq!(line["request_id"], answer.header("x-request-id"));
    assert!(!lines.contains("cykelväg"), "{lines}");
}

#[test]
fn a_service_that_would_be_open_or_closed_to_all_does_not_start() {
    let folder = workspace("service-refused");
    let (_, entry) = key("a", &["render"], "");
    let cases = [
        ("listen = \"0.0.0.0:0\"", "api-key"),
        ("[access]\nrequired = true", "nycklar"),
        ("[access]\nrequired = false\n[[access.keys]]\nname = \"a\"\nsha256 = \"00\"\nscopes = [\"render\"]", "sha256"),
        ("[limits]\nworkerz = 2", "workerz"),
        ("[limits]\nbody_mb = 0", "body_mb"),
        ("[limits]\njobs = 100000", "jobs"),
        ("[limits]\nqueued_jobs = 0", "queued_jobs"),
        ("[sign]\ntsa = \"ftp://x\"", "sign.tsa"),
        ("[sign]\ntsa = \"tidsstampel\"", "sign.tsa"),
        ("hosts = [\"https://sigill.se\"]", "hosts"),
        ("audit_required = true", "audit"),
        ("lisen = \"127.0.0.1:0\"", "lisen"),
        ("database = \"mysql://x/y\"", "database"),
        (&entry.replace("\"render\"", "\"allt\""), "allt"),
    ];
    for (config, word) in cases {
        fs::write(folder.join("sigill.toml"), config).expect("written");
        let run = Command::new(env!("CARGO_BIN_EXE_sigill"))
            .args(["serve", "--config", "sigill.toml"])
            .current_dir(&folder)
            .output()
            .expect("runs");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code().is_some_and(|c| c == 2 || c == 3), "{config}: {said}");
        assert!(said.contains(word), "{config}: {said}");
    }
    let run = Command::new(env!("CARGO_BIN_EXE_sigill"))
        .args(["serve", "--listen", "0.0.0.0:0"])
        .current_dir(&folder)
        .output()
        .expect("runs");
    assert_eq!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
}
