//! The description that is made from the code, held against what the service does, by schemathesis.

use std::io::Write as _;
use std::process::Command;

use super::access::key;
use super::client::serve;
use crate::support::root;

#[test]
fn the_service_does_what_its_description_says() {
    let program = root().join("target/tools/schemathesis/bin/schemathesis");
    if !program.exists() {
        let notice = format!("\n*** SKIPPED: {} is missing: run `cargo xtask test`\n", program.display());
        assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
        return;
    }
    let (key, entry) =
        key("schemathesis", &["render", "pack", "sign", "verify", "metrics"], "per_minute = 0\nat_a_time = 0");
    let mut service = serve("schemathesis", &format!("[limits]\nqueued_jobs = 100000\n{entry}"));
    let (address, header) = (format!("{}/openapi.json", service.url), format!("Authorization: Bearer {key}"));
    // Not every JSON is a document and not every text a PDF: that what fits the description is accepted cannot hold.
    let run = Command::new(program)
        .args(["run", &address, "--header", &header, "--exclude-checks", "positive_data_acceptance"])
        .args(["--max-examples", "30", "--seed", "20130528", "--generation-deterministic", "--no-color"])
        .args(["--request-timeout", "20"])
        .current_dir(&service.folder)
        .output()
        .expect("schemathesis runs");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    service.key = Some(key);
    assert_eq!(service.get("/v1/session").json()["authenticated"], true);
}
