//! Documents and packs, as the service orders them.
#![expect(clippy::disallowed_methods, reason = "the shell reads what the service has laid out")]

use std::collections::BTreeMap;
use std::io::stdout;
use std::path::Path;

use serde_json::json;
use sigill_layout::{Engine, Input, NoFiles, Options, ReportFiles};
use sigill_model::Diagnostic;
use sigill_model::diagnostic::has_errors;
use sigill_model::edition::Edition;
use sigill_model::json::Source;
use sigill_pack::gather::PackCopy;
use sigill_pack::store::NoStore;
use sigill_server::problem::{Finding, Kind};
use sigill_server::protocol::{DocumentOptions, PackOptions, Progress, Said, send};

use super::worker::{Outcome, Refusal, document_errors, finding};
use crate::output;
use crate::pack::{How, make, report_file};
use crate::sign_reserve::{self, Reserve};

/// Files that came with a request.
struct Uploaded<'a>(BTreeMap<String, &'a [u8]>);

impl ReportFiles for Uploaded<'_> {
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let name_plain = name.strip_prefix("./").unwrap_or(name);
        match self.0.get(name_plain) {
            Some(bytes) => Ok(bytes.to_vec()),
            None => NoFiles.read(name, pointer),
        }
    }
}

fn parts(files: Vec<String>, blobs: &[Vec<u8>]) -> Result<(&[u8], Uploaded<'_>), Refusal> {
    let (model, rest) = blobs.split_first().ok_or_else(|| Refusal::internal("an order without its model"))?;
    Ok((model, Uploaded(files.into_iter().zip(rest.iter().map(Vec::as_slice)).collect())))
}

fn reserve_of(name: Option<&str>) -> Result<Reserve, Refusal> {
    match name {
        None | Some("digital") => Ok(Reserve::Digital),
        Some("all") => Ok(Reserve::All),
        Some("none") => Ok(Reserve::None),
        Some(_) => Err(Refusal::new(
            Kind::BadRequest,
            "reserve ska vara digital, all eller none.",
            "reserve must be digital, all or none.",
        )),
    }
}

fn findings_of(diagnostics: &[Diagnostic]) -> Vec<Finding> {
    diagnostics.iter().filter_map(|d| finding(d, None)).collect()
}

/// A name that every system takes for a file: letters, digits and hyphens.
fn file_name(parts: &[&str]) -> String {
    let mut out = String::new();
    for c in parts.join("-").to_lowercase().chars() {
        let plain = match c {
            'å' | 'ä' | 'á' | 'à' => 'a',
            'ö' | 'ø' | 'ó' => 'o',
            'é' | 'è' | 'ë' => 'e',
            'ü' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if plain != '-' || !out.is_empty() && !out.ends_with('-') {
            out.push(plain);
        }
        if out.len() >= 80 {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    format!("{}.pdf", if out.is_empty() { "dokument" } else { out })
}

pub(super) fn render(engine: &Engine, asked: &DocumentOptions, files: Vec<String>, blobs: &[Vec<u8>]) -> Outcome {
    let standard = match &asked.standard {
        Some(name) => name.parse().map_err(|e: String| {
            let (sv, en) = e.split_once(" · ").unwrap_or((&e, &e));
            Refusal::new(Kind::BadRequest, format!("standard: {sv}"), format!("standard: {en}"))
        })?,
        None => sigill_layout::Standard::default(),
    };
    let reserve = reserve_of(asked.reserve.as_deref())?;
    let (model, files) = parts(files, blobs)?;
    let options = Options { profile: asked.profile.clone(), standard, ..Options::default() };
    let mut outcome = engine.render(&Input { source: &Source::parse(model), files: &files }, &options);
    let findings = findings_of(&outcome.diagnostics);
    let Some(mut rendered) = outcome.rendered.take() else { return Err(document_errors(findings)) };
    let (pages, most) = (rendered.pages, asked.max_pages);
    if most > 0 && pages > most {
        return Err(Refusal::new(
            Kind::TooLarge,
            format!("Dokumentet har {pages} sidor; tjänsten gör högst {most}."),
            format!("The document has {pages} pages; the service makes {most} at most."),
        ));
    }
    sign_reserve::apply(&mut rendered.pdf, &rendered.signatures, reserve).map_err(Refusal::internal)?;
    let metadata = &rendered.metadata;
    let dnr = metadata.keywords.first().map(String::as_str).unwrap_or_default();
    let value = json!({
        "pages": pages,
        "standard": standard.name(),
        "file_name": file_name(&[dnr, &metadata.title]),
        "signatures": rendered.signatures,
        "findings": findings,
    });
    Ok((value, vec![rendered.pdf]))
}

pub(super) fn check(engine: &Engine, asked: &DocumentOptions, files: Vec<String>, blobs: &[Vec<u8>]) -> Outcome {
    let (model, files) = parts(files, blobs)?;
    let options = Options { profile: asked.profile.clone(), ..Options::default() };
    let checked = engine.check(&Input { source: &Source::parse(model), files: &files }, &options);
    let findings = findings_of(&checked.diagnostics);
    let errors = findings.iter().filter(|f| f.severity == "error").count();
    Ok((json!({"errors": errors, "warnings": findings.len() - errors, "findings": findings}), Vec::new()))
}

pub(super) fn pack(
    engine: &Engine,
    folder: &Path,
    meeting: &str,
    out: &Path,
    sent: Option<&Path>,
    asked: PackOptions,
) -> Outcome {
    let bytes = std::fs::read(folder.join(meeting)).map_err(Refusal::internal)?;
    let how = How {
        profile: asked.profile,
        copy: if asked.copy.as_deref() == Some("reading") { PackCopy::Reading } else { PackCopy::Archive },
        edition: if asked.edition.as_deref() == Some("offentlig") { Edition::Offentlig } else { Edition::Full },
        keep_going: asked.keep_going,
        reserve: reserve_of(asked.reserve.as_deref())?,
        sent: sent.map(std::fs::read).transpose().map_err(Refusal::internal)?,
    };
    let progress = |done: usize, total: usize| {
        // A service that has gone is noticed when the answer cannot be sent.
        drop(send(&mut stdout().lock(), &Said::Progress(Progress { done, total }), &[]));
    };
    let gathered = make(engine, &bytes, folder.to_path_buf(), how, &NoStore, &progress)
        .map_err(|stop| Refusal::internal(stop.1))?;
    let mut findings = Vec::new();
    for of_file in &gathered.findings {
        findings.extend(of_file.diagnostics.iter().filter_map(|d| finding(d, Some(of_file.file.clone()))));
    }
    let Some(pack) = &gathered.pack else { return Err(document_errors(findings)) };
    debug_assert!(!gathered.findings.iter().any(|f| has_errors(&f.diagnostics)) || asked.keep_going);
    for (name, data) in [
        ("report.json", report_file(engine, &gathered, pack, false).map_err(|s| Refusal::internal(s.1))?),
        ("report.pdf", report_file(engine, &gathered, pack, true).map_err(|s| Refusal::internal(s.1))?),
    ] {
        output::write_whole(&out.join(name), &data).map_err(|s| Refusal::internal(s.1))?;
    }
    output::write_whole(&out.join("pack.pdf"), &pack.pdf).map_err(|s| Refusal::internal(s.1))?;
    let sort = [
        if sent.is_some() { "tillagg" } else { "" },
        if pack.edition == Edition::Offentlig { "offentlig" } else { "" },
        if pack.copy == PackCopy::Reading { "las" } else { "" },
    ];
    let mut name = vec![pack.title.as_str(), pack.date.as_str()];
    name.extend(sort.into_iter().filter(|s| !s.is_empty()));
    Ok((json!({"pages": pack.pages, "file_name": file_name(&name), "findings": findings}), Vec::new()))
}
