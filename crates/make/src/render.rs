//! Rendering and checking reports.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigill_layout::{Engine, Folder, Input, Options, RenderOutcome, RenderedDocument, ReportFiles};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;
use sigill_model::{Diagnostic, Texts};
use sigill_orders::DocumentOptions;

use crate::error::Error;
use crate::{files, reserve, show};

/// The report on one rendering, with all that is told of it: whoever tells needs neither its source nor its PDF.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RenderReport {
    /// Where it comes from.
    pub input: String,
    /// Where its PDF went.
    pub output: Option<String>,
    /// Pages of the PDF.
    pub pages: usize,
    /// Whether the document has errors.
    pub errors: bool,
    /// What failed outside the document.
    pub failure: Option<String>,
    /// Places to sign.
    pub signatures: Vec<Value>,
    /// What was found.
    pub findings: Vec<ShownFinding>,
}

/// A finding, ready to show.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShownFinding {
    /// With place and source line.
    pub human: Texts,
    /// Whether it is an error.
    pub error: bool,
    /// As data.
    pub json: Value,
}

impl RenderReport {
    /// Of a report that came to nothing.
    pub fn failed(input: impl Into<String>, failure: impl Into<String>) -> Self {
        Self { input: input.into(), failure: Some(failure.into()), ..Self::default() }
    }

    fn of(name: &str, source: &Source, diagnostics: &[Diagnostic]) -> Self {
        let line = |d: &Diagnostic| d.position.and_then(|p| source.line(p.line));
        let findings = diagnostics.iter().map(|d| ShownFinding {
            human: Texts::each(|lang| show::human(name, d, line(d), lang)),
            error: d.is_error(),
            json: json!(d),
        });
        Self {
            input: name.to_owned(),
            errors: has_errors(diagnostics),
            findings: findings.collect(),
            ..Self::default()
        }
    }
}

/// Renders a model, with its signature fields.
///
/// # Errors
/// When a field cannot be put in. Errors of the document stand in the outcome.
pub fn document(
    engine: &Engine,
    source: &Source,
    files: &dyn ReportFiles,
    options: &DocumentOptions,
) -> Result<RenderOutcome, Error> {
    let DocumentOptions { profile, standard, reserve, max_pages: _ } = options;
    let set = Options { profile: profile.clone(), standard: *standard, ..Options::default() };
    let mut outcome = engine.render(&Input { source, files }, &set);
    if let Some(rendered) = &mut outcome.rendered {
        reserve::apply(&mut rendered.pdf, &rendered.signatures, *reserve)?;
    }
    Ok(outcome)
}

/// Checks a model without rendering it.
pub fn check(engine: &Engine, source: &Source, files: &dyn ReportFiles, profile: Option<&str>) -> Vec<Diagnostic> {
    let options = Options { profile: profile.map(str::to_owned), ..Options::default() };
    engine.check(&Input { source, files }, &options).diagnostics
}

/// Renders a report whose pictures lie in a folder; the document is there unless it has errors.
pub fn report(
    engine: &Engine,
    name: &str,
    model: &[u8],
    folder: PathBuf,
    options: &DocumentOptions,
) -> (RenderReport, Option<RenderedDocument>) {
    let source = Source::parse(model);
    match document(engine, &source, &Folder(folder), options) {
        Err(e) => (RenderReport::failed(name, format!("{name}: {e}")), None),
        Ok(mut outcome) => {
            let mut report = RenderReport::of(name, &source, &outcome.diagnostics);
            if let Some(rendered) = &outcome.rendered {
                report.pages = rendered.pages;
                report.signatures = rendered.signatures.iter().map(|s| json!(s)).collect();
            }
            (report, outcome.rendered.take())
        }
    }
}

/// Checks a report whose pictures lie in a folder.
pub fn check_report(engine: &Engine, name: &str, model: &[u8], folder: PathBuf, profile: Option<&str>) -> RenderReport {
    let source = Source::parse(model);
    RenderReport::of(name, &source, &check(engine, &source, &Folder(folder), profile))
}

/// Renders a report from file to file.
pub fn file(engine: &Engine, input: &Path, output: &Path, options: &DocumentOptions) -> RenderReport {
    let name = input.display().to_string();
    let model = match files::read_report(input) {
        Ok(model) => model,
        Err(e) => return RenderReport::failed(&name, format!("{name}: {}", e.joined())),
    };
    let (mut report, rendered) = report(engine, &name, &model, folder_of(input), options);
    if let Some(rendered) = rendered {
        match files::write_whole(output, &rendered.pdf) {
            Ok(()) => report.output = Some(output.display().to_string()),
            Err(e) => {
                report.failure = Some(e.to_string());
                (report.pages, report.signatures) = (0, Vec::new());
            }
        }
    }
    report
}

/// Folder in which a report's pictures lie.
pub fn folder_of(report: &Path) -> PathBuf {
    let folder = report.parent().filter(|p| !p.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
