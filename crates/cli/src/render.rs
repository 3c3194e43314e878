//! `sigill render` and `sigill check`.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use sigill_layout::{Engine, Folder, Input as Report, Options};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;
use sigill_model::{Diagnostic, Lang, Severity};

use crate::args::{CheckArgs, Format, Language, RenderArgs};
use crate::inputs::{self, Input, Target};
use crate::sign_reserve::{self, Reserve};
use crate::worker::{self, Finding, Job, JobResult};
use crate::{Exit, Stop, output, setup, show};

pub(crate) fn render(args: &RenderArgs) -> Result<Exit, Stop> {
    let inputs = inputs::expand(&args.inputs)?;
    let targets = inputs::targets(&inputs, &args.inputs, args.output.as_deref())?;
    let options = Options { profile: args.profile.clone(), standard: args.standard, ..Options::default() };
    let mut report = Summary::new(args.format, args.lang, inputs.len());
    // PDF bytes and findings must not share standard output.
    report.to_stderr = targets.contains(&Target::Stdout);
    let parallel = args.jobs > 1 && inputs.len() > 1 && !inputs.contains(&Input::Stdin);
    if parallel {
        let jobs = inputs.iter().zip(&targets).map(|(input, target)| Job::new(input, target, args)).collect();
        worker::run(jobs, args.jobs, &args.setup, &mut |result| report.add(&result))?;
    } else {
        let engine = setup::engine(&args.setup)?;
        for (input, target) in inputs.iter().zip(&targets) {
            report.add(&render_one(&engine, input, target, &options, args.reserve));
        }
    }
    report.finish()
}

/// Renders one report and writes its PDF.
pub(crate) fn render_one(
    engine: &Engine,
    input: &Input,
    target: &Target,
    options: &Options,
    reserve: Reserve,
) -> JobResult {
    let name = input.name();
    let bytes = match input.read() {
        Ok(bytes) => bytes,
        Err(e) => return JobResult::failed(name, format!("{}: {e}", input.name())),
    };
    let files = Folder(input.folder());
    let source = Source::parse(&bytes);
    let mut outcome = engine.render(&Report { source: &source, files: &files }, options);
    if let Some(Err(e)) = outcome.rendered.as_mut().map(|r| sign_reserve::apply(&mut r.pdf, &r.signatures, reserve)) {
        return JobResult::failed(name, format!("{}: {e}", input.name()));
    }
    let mut result = result_of(name, &source, &outcome.diagnostics);
    if let Some(rendered) = &outcome.rendered {
        let written = match target {
            Target::Stdout => output::print(&rendered.pdf),
            Target::File(path) => output::write_whole(path, &rendered.pdf),
        };
        match written {
            Ok(()) => {
                result.output = match target {
                    Target::Stdout => Some("-".into()),
                    Target::File(path) => Some(path.display().to_string()),
                };
                result.pages = rendered.pages;
                result.signatures = rendered.signatures.iter().map(|s| json!(s)).collect();
            }
            Err(Stop(_, message)) => result.failure = Some(message),
        }
    }
    result
}

fn result_of(name: String, source: &Source, diagnostics: &[Diagnostic]) -> JobResult {
    let findings = diagnostics.iter().map(|d| Finding {
        human_sv: show::human(&name, d, line(source, d), Lang::Sv),
        human_en: show::human(&name, d, line(source, d), Lang::En),
        error: d.is_error(),
        json: serde_json::to_value(d).unwrap_or_default(),
    });
    JobResult { findings: findings.collect(), errors: has_errors(diagnostics), input: name, ..JobResult::default() }
}

fn line<'a>(source: &'a Source, d: &Diagnostic) -> Option<&'a str> {
    d.position.and_then(|p| source.line(p.line))
}

pub(crate) fn check(args: &CheckArgs) -> Result<Exit, Stop> {
    let inputs = inputs::expand(&args.inputs)?;
    let options = Options { profile: args.profile.clone(), ..Options::default() };
    let engine = setup::engine(&args.setup)?;
    let mut report = Summary::new(args.format, args.lang, inputs.len());
    for input in &inputs {
        let name = input.name();
        let result = match input.read() {
            Err(e) => JobResult::failed(name.clone(), format!("{name}: {e}")),
            Ok(bytes) => {
                let files = Folder(input.folder());
                let source = Source::parse(&bytes);
                let checked = engine.check(&Report { source: &source, files: &files }, &options);
                result_of(name, &source, &checked.diagnostics)
            }
        };
        report.add(&result);
    }
    report.checking = true;
    report.finish()
}

/// Collects results and tells about them as they come.
struct Summary {
    format: Format,
    lang: Language,
    bar: ProgressBar,
    exit: Exit,
    documents: usize,
    faulty: usize,
    warnings: usize,
    pages: usize,
    checking: bool,
    to_stderr: bool,
}

impl Summary {
    fn new(format: Format, lang: Language, total: usize) -> Self {
        let visible = total > 3 && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        Self {
            format,
            lang,
            bar,
            exit: Exit::Done,
            documents: 0,
            faulty: 0,
            warnings: 0,
            pages: 0,
            checking: false,
            to_stderr: false,
        }
    }

    fn add(&mut self, result: &JobResult) {
        self.documents += 1;
        self.pages += result.pages;
        self.warnings += result.findings.iter().filter(|f| !f.error).count();
        if result.errors {
            self.faulty += 1;
            self.exit = self.exit.max(Exit::Documents);
        }
        if result.failure.is_some() {
            self.faulty += 1;
            self.exit = Exit::Outside;
        }
        let text = match self.format {
            Format::Json => json_line(result),
            Format::Human => self.human(result),
        };
        let to_stderr = self.to_stderr || self.format == Format::Human;
        self.bar.suspend(|| {
            // Nobody is left to tell when the stream is closed.
            let _ = if to_stderr {
                std::io::stderr().write_all(text.as_bytes())
            } else {
                std::io::stdout().write_all(text.as_bytes())
            };
        });
        self.bar.set_message(result.input.clone());
        self.bar.inc(1);
    }

    fn human(&self, result: &JobResult) -> String {
        let mut out = String::new();
        for f in &result.findings {
            out.push_str(if self.lang == Language::Sv { &f.human_sv } else { &f.human_en });
            out.push('\n');
        }
        if let Some(failure) = &result.failure {
            out.push_str(&format!("{}: {failure}\n", if self.lang == Language::Sv { "fel" } else { "error" }));
        }
        out
    }

    fn finish(self) -> Result<Exit, Stop> {
        self.bar.finish_and_clear();
        if self.format == Format::Human {
            let Self { documents, faulty, warnings, pages, .. } = self;
            let done = documents - faulty;
            let text = match (self.lang, self.checking) {
                (Language::Sv, true) => {
                    format!("{documents} granskade, {faulty} med fel, {}", count(warnings, "varning", "varningar"))
                }
                (Language::En, true) => {
                    format!("{documents} checked, {faulty} with errors, {}", count(warnings, "warning", "warnings"))
                }
                (Language::Sv, false) => format!(
                    "{done} PDF {} ({}), {faulty} med fel, {}",
                    if done == 1 { "klar" } else { "klara" },
                    count(pages, "sida", "sidor"),
                    count(warnings, "varning", "varningar")
                ),
                (Language::En, false) => format!(
                    "{} done ({}), {faulty} with errors, {}",
                    count(done, "PDF", "PDFs"),
                    count(pages, "page", "pages"),
                    count(warnings, "warning", "warnings")
                ),
            };
            let _ = writeln!(std::io::stderr(), "{text}");
        }
        Ok(self.exit)
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn json_line(result: &JobResult) -> String {
    let worst = |f: &&Finding| f.json.get("severity") == Some(&json!(Severity::Error));
    let value = json!({
        "input": result.input,
        "output": result.output,
        "pages": result.pages,
        "errors": result.findings.iter().filter(worst).count(),
        "failure": result.failure,
        "signatures": result.signatures,
        "diagnostics": result.findings.iter().map(|f| &f.json).collect::<Vec<_>>(),
    });
    format!("{value}\n")
}
