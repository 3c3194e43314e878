//! What a run over many reports tells, as it comes.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use sigill_make::orders::Lang;
use sigill_make::render::{RenderReport, ShownFinding};
use sigill_messages::{In, Texts};
use sigill_model::Severity;

use crate::exit::{Exit, Stop};
use crate::messages::summary as texts;
use crate::output::{Format, safe};

/// A number of things, which are called otherwise when there is one.
macro_rules! counted {
    ($number:expr, $one:ident, $many:ident) => {
        if $number == 1 {
            Texts::of(&texts::$one { number: &$number })
        } else {
            Texts::of(&texts::$many { number: &$number })
        }
    };
}

/// Collects results and tells about them as they come.
pub(crate) struct Summary {
    format: Format,
    lang: Lang,
    bar: ProgressBar,
    exit: Exit,
    documents: usize,
    faulty: usize,
    warnings: usize,
    pages: usize,
    /// Whether documents are only checked.
    pub(crate) checking: bool,
    /// Whether standard output is taken by a PDF.
    pub(crate) to_stderr: bool,
}

impl Summary {
    pub(crate) fn new(format: Format, lang: Lang, total: usize) -> Self {
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

    pub(crate) fn add(&mut self, result: &RenderReport) {
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
            Format::Human => safe(&self.human(result)),
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
        self.bar.set_message(safe(&result.input));
        self.bar.inc(1);
    }

    fn human(&self, result: &RenderReport) -> String {
        let mut out = String::new();
        for f in &result.findings {
            out.push_str(f.human.get(self.lang));
            out.push('\n');
        }
        if let Some(failure) = &result.failure {
            out.push_str(&format!("{}: {failure}\n", In(self.lang, &texts::Error)));
        }
        out
    }

    pub(crate) fn finish(self) -> Result<Exit, Stop> {
        self.bar.finish_and_clear();
        if self.format == Format::Human {
            let Self { documents, faulty, warnings, pages, .. } = self;
            let done = documents - faulty;
            let warnings = counted!(warnings, OneWarning, Warnings);
            let text = if self.checking {
                Texts::of(&texts::Checked { documents: &documents, faulty: &faulty, warnings: &warnings })
            } else {
                let (done, pages) = (counted!(done, OnePdf, Pdfs), counted!(pages, OnePage, Pages));
                Texts::of(&texts::Rendered { done: &done, pages: &pages, faulty: &faulty, warnings: &warnings })
            };
            let _ = writeln!(std::io::stderr(), "{}", text.get(self.lang));
        }
        Ok(self.exit)
    }
}

fn json_line(result: &RenderReport) -> String {
    let worst = |f: &&ShownFinding| f.json.get("severity") == Some(&json!(Severity::Error));
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
