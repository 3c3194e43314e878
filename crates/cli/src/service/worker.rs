//! `sigill service-worker`: what the HTTP service has its worker processes do.
//!
//! Bounds on memory are set here; time is kept by the service, which kills a worker that takes too long.

use std::io::{BufReader, Write as _, stdin, stdout};

use sigill_layout::{Engine, Input, NoFiles, Options};
use sigill_model::Diagnostic;
use sigill_model::json::Source;
use sigill_model::kinds::KINDS;
use sigill_server::problem::{Finding, Kind};
use sigill_server::protocol::{Answer, Description, KindDescription, Order, ProfileDescription, Said, receive, send};

use super::{documents, signatures};
use crate::args::ServiceWorkerArgs;
use crate::{Exit, Stop, setup};

/// What came of an order: what is said, and its blobs.
pub(super) type Outcome = Result<(serde_json::Value, Vec<Vec<u8>>), Refusal>;

/// Why an order cannot be carried out.
pub(super) struct Refusal {
    pub(super) kind: Kind,
    pub(super) sv: String,
    pub(super) en: String,
    pub(super) findings: Vec<Finding>,
}

impl Refusal {
    pub(super) fn new(kind: Kind, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, sv: sv.into(), en: en.into(), findings: Vec::new() }
    }

    /// A fault of this program; what it is goes to the log, not to the client.
    pub(super) fn internal(why: impl std::fmt::Display) -> Self {
        drop(writeln!(std::io::stderr(), "sigill service-worker: {why}"));
        let explained = |language| Kind::Internal.explanation(language);
        Self::new(
            Kind::Internal,
            explained(sigill_server::language::Language::Sv),
            explained(sigill_server::language::Language::En),
        )
    }
}

/// A finding as clients read it.
pub(super) fn finding(found: &Diagnostic, file: Option<String>) -> Option<Finding> {
    let mut finding: Finding = serde_json::to_value(found).and_then(serde_json::from_value).ok()?;
    finding.file = file;
    Some(finding)
}

pub(super) fn document_errors(findings: Vec<Finding>) -> Refusal {
    let errors = findings.iter().filter(|f| f.severity == "error").count();
    let (sv, en) = match errors {
        1 => ("Dokumentet har ett fel.".to_owned(), "The document has one error.".to_owned()),
        _ => (format!("Dokumentet har {errors} fel."), format!("The document has {errors} errors.")),
    };
    Refusal { findings, ..Refusal::new(Kind::DocumentHasErrors, sv, en) }
}

/// The worker: orders in, answers out, until its input is closed.
pub(crate) fn serve(args: &ServiceWorkerArgs) -> Result<Exit, Stop> {
    limit(args.memory_mb);
    let engine = setup::engine(&args.setup)?;
    warm(&engine);
    let mut input = BufReader::with_capacity(1 << 16, stdin().lock());
    let broken = |e: std::io::Error| Stop::outside(e.to_string());
    while let Some((order, blobs)) = receive::<Order>(&mut input).map_err(broken)? {
        let (answer, blobs) = match carry_out(&engine, args, order, &blobs) {
            Ok((value, blobs)) => (Answer::Done { value }, blobs),
            Err(Refusal { kind, sv, en, findings }) => (Answer::Refused { kind, sv, en, findings }, Vec::new()),
        };
        let blobs: Vec<&[u8]> = blobs.iter().map(Vec::as_slice).collect();
        send(&mut stdout().lock(), &Said::Answer(answer), &blobs).map_err(broken)?;
    }
    Ok(Exit::Done)
}

/// The first document takes thrice the time of those that follow: nobody should wait for that.
fn warm(engine: &Engine) {
    let layouts = engine.layouts();
    if let Some(example) = layouts.read("kinds/tjansteskrivelse/example.json") {
        let source = Source::parse(example);
        for _ in 0..2 {
            engine.render(&Input { source: &source, files: &NoFiles }, &Options::default());
        }
    }
}

fn carry_out(engine: &Engine, args: &ServiceWorkerArgs, order: Order, blobs: &[Vec<u8>]) -> Outcome {
    match order {
        Order::Ping => Ok((serde_json::Value::Null, Vec::new())),
        Order::Describe => serde_json::to_value(describe(engine)).map(|v| (v, Vec::new())).map_err(Refusal::internal),
        Order::Render { options, files } => documents::render(engine, &options, files, blobs),
        Order::Check { options, files } => documents::check(engine, &options, files, blobs),
        Order::Pack { folder, meeting, out, sent, options } => {
            documents::pack(engine, &folder, &meeting, &out, sent.as_deref(), options)
        }
        Order::SignPrepare { options, time } => signatures::prepare(options, &time, blobs),
        Order::SignComplete { options, time } => signatures::complete(args, options, &time, blobs),
        Order::Verify { time, profile, format, english } => {
            signatures::verify(engine, args, &time, profile.as_deref(), &format, english, blobs)
        }
    }
}

fn describe(engine: &Engine) -> Description {
    let layouts = engine.layouts();
    let mut out = Description::default();
    // In the order people meet them; plugins last.
    let place = |name: &str| KINDS.iter().position(|k| k.name == name).unwrap_or(KINDS.len());
    let mut names = layouts.kind_names();
    names.sort_by_key(|name| place(name));
    for name in names {
        // What is wrong with a plugin is told by `sigill layouts check`, and to whoever uses it.
        let Some(Ok(kind)) = layouts.kind(name) else { continue };
        let root = kind.schema.root();
        let told = |key: &str, otherwise: &str| root.get(key).and_then(|t| t.as_str()).unwrap_or(otherwise).to_owned();
        let example = layouts.read(&format!("kinds/{name}/example.json")).unwrap_or(b"{}");
        out.kinds.push(KindDescription {
            name: kind.name,
            title_en: told("x-title-en", &kind.title),
            title_sv: kind.title,
            help_sv: told("x-hjalp", &kind.purpose),
            help_en: told("description", ""),
            plugin: kind.plugin,
            schema: root.to_string(),
            example: String::from_utf8_lossy(example).into_owned(),
        });
    }
    for name in layouts.profile_names() {
        if let Some(Ok(profile)) = layouts.profile(name) {
            out.profiles.push(ProfileDescription { name: profile.id, title: profile.name });
        }
    }
    out
}

/// Bounds what this process may take. A system that cannot do so runs without bounds.
#[cfg(unix)]
fn limit(megabytes: u64) {
    let most = megabytes * 1_000_000;
    let _ = rlimit::Resource::AS.set(most, most);
}

#[cfg(not(unix))]
fn limit(_: u64) {}
