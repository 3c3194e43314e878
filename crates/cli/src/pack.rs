//! `sigill pack`: a kallelse and all that it names, as one PDF.

use std::io::Write as _;

use serde_json::{Value, json};
use sigill_layout::{Folder, Input as Report, Options};
use sigill_model::{Lang, Severity};
use sigill_pack::foreign::Route;
use sigill_pack::gather::{FileFindings, Gathered, Pack, PartReport, gather};

use crate::args::{Format, Language, PackArgs};
use crate::inputs::Input;
use crate::{Exit, Stop, output, setup, show};

pub(crate) fn run(args: &PackArgs) -> Result<Exit, Stop> {
    let engine = setup::engine(&args.setup)?;
    let input = Input::File { path: args.meeting.clone(), relative: args.meeting.clone() };
    let bytes = input.read().map_err(|e| Stop::outside(format!("{}: {e}", input.name())))?;
    let files = Folder(input.folder());
    let options = Options { profile: args.profile.clone(), ..Options::default() };
    let gathered = gather(&engine, &Report { bytes: &bytes, files: &files }, &options);
    let target = args.output.clone().unwrap_or_else(|| args.meeting.with_extension("pdf"));
    if let Some(pack) = &gathered.pack {
        if let Some(report) = &args.report {
            output::write_whole(report, format!("{:#}\n", report_json(pack)).as_bytes())?;
        }
        output::write_whole(&target, &pack.pdf)?;
    }
    let target = gathered.pack.as_ref().map(|_| target.display().to_string());
    match args.format {
        Format::Json => output::print(format!("{}\n", result_json(&input, target, &gathered)).as_bytes())?,
        // Nothing is left to do when standard error is closed.
        Format::Human => drop(std::io::stderr().write_all(human(&input, &gathered, args.lang).as_bytes())),
    }
    Ok(if gathered.pack.is_some() { Exit::Done } else { Exit::Documents })
}

/// Path of a file of the pack, as the user would name it.
fn path_of(input: &Input, findings: &FileFindings) -> String {
    if findings.file.is_empty() { input.name() } else { input.folder().join(&findings.file).display().to_string() }
}

fn human(input: &Input, gathered: &Gathered, language: Language) -> String {
    let lang = if language == Language::Sv { Lang::Sv } else { Lang::En };
    let mut out = String::new();
    for findings in &gathered.findings {
        for d in &findings.diagnostics {
            let line = d.position.and_then(|p| findings.source.line(p.line));
            out.push_str(&show::human(&path_of(input, findings), d, line, lang));
            out.push('\n');
        }
    }
    let errors =
        gathered.findings.iter().flat_map(|f| &f.diagnostics).filter(|d| d.severity == Severity::Error).count();
    out.push_str(&match (&gathered.pack, lang) {
        (Some(pack), Lang::Sv) => format!("Packen är klar: {} sidor, {} dokument\n", pack.pages, pack.parts.len()),
        (Some(pack), Lang::En) => format!("The pack is done: {} pages, {} documents\n", pack.pages, pack.parts.len()),
        (None, Lang::Sv) => format!("Ingen pack gjordes: {errors} fel\n"),
        (None, Lang::En) => format!("No pack was made: errors: {errors}\n"),
    });
    out
}

fn result_json(input: &Input, target: Option<String>, gathered: &Gathered) -> Value {
    let found = gathered.findings.iter().flat_map(|f| {
        f.diagnostics.iter().map(|d| {
            let mut value = json!(d);
            value["file"] = path_of(input, f).into();
            value
        })
    });
    let found: Vec<_> = found.collect();
    json!({
        "input": input.name(),
        "output": target,
        "pages": gathered.pack.as_ref().map_or(0, |p| p.pages),
        "errors": found.iter().filter(|d| d["severity"] == "error").count(),
        "parts": gathered.pack.iter().flat_map(|p| &p.parts).map(part_json).collect::<Vec<_>>(),
        "diagnostics": found,
    })
}

fn report_json(pack: &Pack) -> Value {
    json!({"pages": pack.pages, "parts": pack.parts.iter().map(part_json).collect::<Vec<_>>()})
}

fn part_json(part: &PartReport) -> Value {
    let route = |route| match route {
        Route::Whole => "whole",
        Route::Scan => "scan",
        Route::Picture => "picture",
    };
    let mut value = json!({
        "item": part.item,
        "title": part.title,
        "file": part.file,
        "first_page": part.first_page,
        "pages": part.pages,
    });
    if !part.routes.is_empty() {
        value["foreign"] = part.routes.iter().map(|(r, text)| json!({"route": route(*r), "text": text})).collect();
    }
    value
}
