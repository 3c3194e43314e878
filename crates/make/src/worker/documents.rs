//! Documents and packs, as the service orders them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sigill_layout::{Engine, NoFiles, ReportFiles, SignatureField};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;
use sigill_model::{Diagnostic, Localize};
use sigill_orders::{
    Checked, DocumentOptions, Edition, Finding, PackCopy, PackOptions, Packed, Product, Progress, Reason, Refusal,
    Rendered, Severity, SignaturePlace,
};
use sigill_pack::gather::FileFindings;
use sigill_pack::store::NoPartStore;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::refusal::{OrderOutcome, fault, finding, internal, refusal};
use crate::files::{read, write_whole};
use crate::messages::order;
use crate::pack::{self, PackInput};
use crate::processes::Processes;
use crate::render;

/// Files that came with a request.
struct Uploaded<'a>(BTreeMap<String, &'a [u8]>);

impl ReportFiles for Uploaded<'_> {
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let plain = name.strip_prefix("./").unwrap_or(name);
        let composed = || self.0.get(plain.nfc().collect::<String>().as_str());
        match self.0.get(plain).or_else(composed) {
            Some(bytes) => Ok(bytes.to_vec()),
            None => NoFiles.read(name, pointer),
        }
    }
}

fn parts(files: Vec<String>, blobs: &[Vec<u8>]) -> Result<(&[u8], Uploaded<'_>), Refusal> {
    match blobs.split_first() {
        Some((model, rest)) if rest.len() == files.len() => {
            Ok((model, Uploaded(files.into_iter().zip(rest.iter().map(Vec::as_slice)).collect())))
        }
        _ => Err(internal("an order without its model or its files")),
    }
}

fn findings_of(diagnostics: &[Diagnostic]) -> Vec<Finding> {
    diagnostics.iter().map(|d| finding(d, None)).collect()
}

fn errors_in(findings: &[Finding]) -> usize {
    findings.iter().filter(|f| f.severity == Severity::Error).count()
}

fn document_errors(findings: Vec<Finding>) -> Refusal {
    let errors = errors_in(&findings);
    let message: &dyn Localize = if errors == 1 { &order::OneError } else { &order::Errors { errors: &errors } };
    Refusal { findings, ..refusal(Reason::DocumentErrors, message) }
}

/// A name that every system takes for a file: letters without their marks, digits and hyphens.
///
/// `deunicode` would do without the one letter that has no mark to lose, but makes `SS` of § and `grinning` of a face, and
/// adds half a megabyte.
fn file_name(parts: &[&str]) -> String {
    let letters = parts.join("-").to_lowercase().replace('ø', "o");
    let plain: String = letters.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let words: Vec<_> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(80);
    let name = name.trim_end_matches('-');
    format!("{}.pdf", if name.is_empty() { "dokument" } else { name })
}

fn place(field: SignatureField) -> SignaturePlace {
    let SignatureField { id, method, page, rect, label } = field;
    SignaturePlace { id, method, page: page as u64, rect: rect.to_vec(), label }
}

pub(super) fn render(
    engine: &Engine,
    options: &DocumentOptions,
    files: Vec<String>,
    blobs: &[Vec<u8>],
) -> OrderOutcome {
    let (model, files) = parts(files, blobs)?;
    let mut outcome = render::document(engine, &Source::parse(model), &files, options).map_err(internal)?;
    let findings = findings_of(&outcome.diagnostics);
    let Some(rendered) = outcome.rendered.take() else { return Err(document_errors(findings)) };
    let pages = rendered.pages;
    if let Some(most) = options.max_pages.filter(|most| pages > *most) {
        return Err(refusal(Reason::TooLarge, &order::Pages { pages: &pages, most: &most }));
    }
    let metadata = &rendered.metadata;
    let dnr = metadata.keywords.first().map(String::as_str).unwrap_or_default();
    let file_name = file_name(&[dnr, &metadata.title]);
    let signatures = rendered.signatures.into_iter().map(place).collect();
    Ok((Product::Rendered(Rendered { pages, file_name, signatures, findings }), vec![rendered.pdf]))
}

pub(super) fn check(engine: &Engine, profile: Option<&str>, files: Vec<String>, blobs: &[Vec<u8>]) -> OrderOutcome {
    let (model, files) = parts(files, blobs)?;
    let findings = findings_of(&render::check(engine, &Source::parse(model), &files, profile));
    let errors = errors_in(&findings);
    Ok((Product::Checked(Checked { errors, warnings: findings.len() - errors, findings }), Vec::new()))
}

/// Where the service has laid out what a pack is made from, and wants what is made.
pub(super) struct PackPlace {
    pub(super) folder: PathBuf,
    pub(super) meeting: String,
    pub(super) out: PathBuf,
    pub(super) sent: Option<PathBuf>,
}

pub(super) fn pack(
    engine: &Engine,
    processes: &Processes,
    place: &PackPlace,
    options: &PackOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> OrderOutcome {
    let meeting = read(&place.folder.join(&place.meeting)).map_err(fault)?;
    let sent = place.sent.as_deref().map(read).transpose().map_err(fault)?;
    let material = PackInput { meeting: &meeting, folder: place.folder.clone(), sent: sent.as_deref() };
    let progress = |done: usize, total: usize| progress(Progress { done, total });
    let gathered = pack::pack(engine, processes, material, options, &NoPartStore, &progress).map_err(fault)?;
    let of_file = |f: &FileFindings| f.diagnostics.iter().map(|d| finding(d, Some(&f.file))).collect::<Vec<_>>();
    let findings: Vec<_> = gathered.findings.iter().flat_map(of_file).collect();
    let Some(pack) = &gathered.pack else { return Err(document_errors(findings)) };
    if !options.keep_going && gathered.findings.iter().any(|f| has_errors(&f.diagnostics)) {
        return Err(internal("a pack was made in spite of errors"));
    }
    let page = pack::report_page(engine, &gathered, pack).map_err(internal)?;
    let parts = [("report.json", &pack::report_json(pack)), ("report.pdf", &page), ("pack.pdf", &pack.pdf)];
    for (name, data) in parts {
        write_whole(&place.out.join(name), data).map_err(fault)?;
    }
    let sort = [
        sent.as_ref().map(|_| "tillagg"),
        (pack.edition == Edition::Offentlig).then_some("offentlig"),
        (pack.copy == PackCopy::Reading).then_some("las"),
    ];
    let name: Vec<&str> =
        [Some(pack.title.as_str()), Some(pack.date.as_str())].into_iter().chain(sort).flatten().collect();
    Ok((Product::Packed(Packed { pages: pack.pages, file_name: file_name(&name), findings }), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_keep_their_letters_without_marks() {
        for (parts, expected) in [
            (["KS 2026:12", "Förslag till beslut – § 45"], "ks-2026-12-forslag-till-beslut-45.pdf"),
            (["", "Ødegård & Müller"], "odegard-muller.pdf"),
            (["Šiljak", "François"], "siljak-francois.pdf"),
            // As some systems write ö and å.
            (["", "Fo\u{308}rskola i Bra\u{30a}bo"], "forskola-i-brabo.pdf"),
            (["", "1½ m²"], "1-m.pdf"),
            (["", "…"], "dokument.pdf"),
        ] {
            assert_eq!(file_name(&parts), expected);
        }
        let long = file_name(&[&"å b ".repeat(60)]);
        assert!(long.len() <= 84 && long.ends_with("b.pdf"), "{long}");
    }
}
