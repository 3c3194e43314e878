//! Signing without the key ever being here, and verifying, over HTTP.

use std::fs;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::{Answer, Service, serve};
use crate::layouts::own_profile;
use crate::sign::start;
use crate::support::{keep_pdf, root, tool, workspace};

fn document(service: &Service) -> Vec<u8> {
    let model = json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Beslut", "title": "Beslut", "date": "2026-11-20",
        "content": "Cykelvägen byggs.",
        "signaturer": [{"id": "chef", "name": "Åsa Provström", "title": "Förvaltningschef", "method": "digital"}],
    });
    let answer = service.post_json("/v1/render", model.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.body
}

fn ask(service: &Service, path: &str, pdf: &[u8], options: &Value) -> Answer {
    let options = options.to_string();
    service.post_parts(path, &[("pdf", Some("x.pdf"), pdf), ("options", None, options.as_bytes())], &[])
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().expect("base 64")).expect("base 64")
}

#[test]
fn a_document_is_signed_elsewhere_and_verified_here() {
    // The service takes the time of the machine, so the PKI has to live at that time.
    let now = tool("date", &["-u", "+%Y-%m-%dT%H:%M:%S+00:00"]).expect("date is there");
    let Some(pki) = start("pki-service", now.trim()) else { return };
    let service = serve(
        "sign",
        &format!("[sign]\nonline = true\ntrust = [\"{}\"]\ntsa = \"{}\"\n", pki.path("trust"), pki.tsa()),
    );
    let pdf = document(&service);
    let chain = fs::read_to_string(pki.path("lang.chain.pem")).expect("certificates");
    let options = json!({"field": "chef", "certificate_pem": chain, "title": "Förvaltningschef", "reason": "Beslut"});
    let prepared = ask(&service, "/v1/sign/prepare", &pdf, &options);
    assert_eq!(prepared.status, 200, "{}", String::from_utf8_lossy(&prepared.body));
    let prepared = prepared.json();
    // What a signing service does: it gets the attributes and returns a signature. OpenSSL takes its part.
    let folder = workspace("service-sign-work");
    let attributes = bytes(&prepared["attributes"]);
    fs::write(folder.join("attributes"), &attributes).expect("written");
    let key = pki.path("lang.key");
    let file = |name: &str| folder.join(name).display().to_string();
    let args = ["dgst", "-sha256", "-sign", &key, "-out", &file("signature"), &file("attributes")];
    let status = Command::new("openssl").args(args).status().expect("openssl");
    assert!(status.success());
    let signature = STANDARD.encode(fs::read(folder.join("signature")).expect("read"));
    let to_sign = bytes(&prepared["pdf"]);
    let complete = json!({"state": prepared["state"], "signature": signature, "certificates_pem": chain, "level": "t"});
    let signed = ask(&service, "/v1/sign/complete", &to_sign, &complete);
    assert_eq!(signed.status, 200, "{}", String::from_utf8_lossy(&signed.body));
    assert!(signed.body.starts_with(&pdf), "what was rendered was changed");
    keep_pdf("service-signed", "a-2a+ua-1", &signed.body);
    let verified = service.send("POST", "/v1/verify", &[("content-type", "application/pdf")], &signed.body).json();
    assert_eq!(verified["report"]["passed"], true, "{verified}");
    assert_eq!(verified["report"]["signatures"][0]["level"], "B-T", "{verified}");
    assert_eq!(
        (&verified["conformance"]["archival"], &verified["conformance"]["accessible"]),
        (&json!(true), &json!(true))
    );
    for (accept, start) in [("application/pdf", "%PDF-"), ("text/plain", "fil.pdf\nAlla underskrifter är giltiga")] {
        let headers = [("content-type", "application/pdf"), ("accept", accept)];
        let report = service.send("POST", "/v1/verify", &headers, &signed.body);
        assert!(report.body.starts_with(start.as_bytes()), "{}", String::from_utf8_lossy(&report.body));
        if accept == "application/pdf" {
            keep_pdf("service-verify-report", "a-2a+ua-1", &report.body);
        }
    }
    // Signed once more, prepared for another file, with another's signature, and broken.
    let taken = ask(&service, "/v1/sign/prepare", &signed.body, &options);
    assert_eq!((taken.status, taken.problem().as_str()), (409, "signature-conflict"));
    let mut changed = to_sign.clone();
    changed[400] ^= 1;
    let stale = ask(&service, "/v1/sign/complete", &changed, &complete);
    assert_eq!((stale.status, stale.problem().as_str()), (409, "signature-conflict"));
    let mut forged = complete.clone();
    forged["signature"] = json!(STANDARD.encode([7; 256]));
    let refused = ask(&service, "/v1/sign/complete", &to_sign, &forged);
    assert_eq!((refused.status, refused.problem().as_str()), (422, "signature-refused"));
    let mut broken = signed.body.clone();
    let at = broken.windows(9).position(|w| w == b"/Contents").expect("a signature") - 300;
    broken[at] ^= 1;
    let told = service.send("POST", "/v1/verify", &[("content-type", "application/pdf")], &broken);
    if told.status == 200 {
        assert_eq!(told.json()["report"]["passed"], false);
    } else {
        assert_eq!(told.problem(), "unreadable-pdf");
    }
}

#[test]
fn a_profile_that_is_offered_is_a_profile_of_reports() {
    let layouts = own_profile("service-own-profile");
    let layouts = fs::canonicalize(&layouts).expect("a folder").display().to_string();
    let service = serve("verify-own-profile", &format!("[layouts]\nfolders = [\"{layouts}\"]\n"));
    let offered = service.get("/v1/profiles").json();
    assert!(offered.as_array().expect("profiles").iter().any(|p| p["name"] == "provby"), "{offered}");
    let pdf = document(&service);
    let headers = [("content-type", "application/pdf"), ("accept", "application/pdf")];
    let report = service.send("POST", "/v1/verify?profile=provby", &headers, &pdf);
    assert_eq!(report.status, 200, "{}", String::from_utf8_lossy(&report.body));
    keep_pdf("service-own-profile-report", "a-2a+ua-1", &report.body);
    let path = workspace("service-own-profile-report").join("rapport.pdf");
    fs::write(&path, &report.body).expect("written");
    let Some(printed) = tool("pdftotext", &["-layout", &path.display().to_string(), "-"]) else { return };
    assert!(printed.contains("PROVBY"), "{printed}");
}

#[test]
fn orders_about_signatures_that_make_no_sense_are_refused() {
    let service = serve("sign-bad", "");
    let pdf = document(&service);
    let cases = [
        ("/v1/sign/prepare", json!({}), 400, "bad-request"),
        ("/v1/sign/prepare", json!({"field": "chef", "okänt": 1}), 400, "bad-request"),
        ("/v1/sign/prepare", json!({"field": "chef", "digest": "md5"}), 400, "bad-request"),
        ("/v1/sign/prepare", json!({"field": "någon annan", "name": "x"}), 422, "signature-refused"),
        ("/v1/sign/prepare", json!({"field": "chef", "certificate_pem": "x"}), 422, "signature-refused"),
        ("/v1/sign/complete", json!({"state": {}, "signature": "", "certificates_pem": ""}), 400, "bad-request"),
    ];
    for (path, options, status, problem) in cases {
        let answer = ask(&service, path, &pdf, &options);
        assert_eq!((answer.status, answer.problem().as_str()), (status, problem), "{path} {options}");
    }
    for (bytes, status) in [(b"%PDF-1.7 nej".as_slice(), 422), (b"".as_slice(), 422)] {
        let answer = service.send("POST", "/v1/verify", &[("content-type", "application/pdf")], bytes);
        assert_eq!((answer.status, answer.problem().as_str()), (status, "unreadable-pdf"));
    }
    let encrypted = fs::read(root().join("fixtures/bilagor/encrypted-user-password-bilaga.pdf")).expect("a fixture");
    let answer = service.send("POST", "/v1/verify", &[("content-type", "application/pdf")], &encrypted);
    assert_eq!(answer.problem(), "unreadable-pdf");
    let unsigned =
        service.send("POST", "/v1/verify?at=2026-01-01T00:00:00Z", &[("content-type", "application/pdf")], &pdf);
    assert_eq!(unsigned.status, 200);
    assert_eq!(unsigned.json()["report"]["signatures"], json!([]));
    for query in ["at=igår", "okand=1"] {
        let answer = service.send("POST", &format!("/v1/verify?{query}"), &[("content-type", "application/pdf")], &pdf);
        assert_eq!(answer.problem(), "bad-request", "{query}");
    }
}
