//! `sigill pack`: a kallelse and all that it names, as one PDF.

mod kept;
pub(crate) mod processes;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use sigill_layout::{Engine, Folder, Input as Report};
use sigill_model::edition::Edition;
use sigill_model::{Lang, Severity};
use sigill_pack::gather::{FileFindings, Gathered, Pack, PackCopy, PackOptions, gather};
use sigill_pack::report;
use sigill_pack::store::{NoStore, Store};

use crate::args::{CopyArg, EditionArg, Format, Language, PackArgs};
use crate::inputs::Input;
use crate::sign_reserve::{self, Reserve};
use crate::{Exit, Stop, output, setup, show};
use kept::Kept;

pub(crate) fn run(args: &PackArgs) -> Result<Exit, Stop> {
    let target = args.output.clone().unwrap_or_else(|| default_target(args));
    targets_differ(args, &target)?;
    let engine = setup::engine(&args.setup)?;
    let input = Input::File { path: args.meeting.clone(), relative: args.meeting.clone() };
    let bytes = input.read().map_err(|e| Stop::outside(format!("{}: {e}", input.name())))?;
    let sent = args.supplement.as_deref().map(read).transpose()?;
    let kept = if args.no_cache { None } else { Kept::beside(&target, &args.setup) };
    let bar = progress_bar();
    let progress = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let store: &dyn Store = match &kept {
        Some(kept) => kept,
        None => &NoStore,
    };
    let how = How {
        profile: args.profile.clone(),
        copy: if args.copy == CopyArg::Archive { PackCopy::Archive } else { PackCopy::Reading },
        edition: if args.edition == EditionArg::Full { Edition::Full } else { Edition::Offentlig },
        keep_going: args.keep_going,
        reserve: args.reserve,
        sent,
    };
    let gathered = make(&engine, &bytes, input.folder(), how, store, &progress);
    bar.finish_and_clear();
    let gathered = gathered?;
    if let Some(pack) = &gathered.pack {
        // All is made before any of it is written.
        let reports = reports(args, &engine, &gathered, pack)?;
        for (path, data) in reports {
            output::write_whole(&path, &data)?;
        }
        output::write_whole(&target, &pack.pdf)?;
        if let Some(kept) = kept {
            kept.settle();
        }
    }
    let target = gathered.pack.as_ref().map(|_| target.display().to_string());
    match args.format {
        Format::Json => output::print(format!("{}\n", result_json(&input, target, &gathered)).as_bytes())?,
        // Nothing is left to do when standard error is closed.
        Format::Human => drop(std::io::stderr().write_all(human(&input, &gathered, args.lang).as_bytes())),
    }
    Ok(if gathered.pack.is_some() { Exit::Done } else { Exit::Documents })
}

/// How a pack is made.
pub(crate) struct How {
    pub(crate) profile: Option<String>,
    pub(crate) copy: PackCopy,
    pub(crate) edition: Edition,
    pub(crate) keep_going: bool,
    pub(crate) reserve: Reserve,
    pub(crate) sent: Option<Vec<u8>>,
}

/// Gathers a pack, with its signature fields.
pub(crate) fn make(
    engine: &Engine,
    meeting: &[u8],
    folder: PathBuf,
    how: How,
    store: &dyn Store,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Gathered, Stop> {
    let options = PackOptions {
        profile: how.profile,
        copy: how.copy,
        edition: how.edition,
        keep_going: how.keep_going,
        supplement: how.sent.as_deref(),
        converter: &processes::Processes,
        store,
        progress,
    };
    let files = Folder(folder);
    let mut gathered = gather(engine, &Report { bytes: meeting, files: &files }, &options);
    if let Some(pack) = gathered.pack.as_mut().filter(|p| p.copy == PackCopy::Archive) {
        sign_reserve::apply(&mut pack.pdf, &pack.signatures, how.reserve)
            .map_err(|e| Stop::outside(format!("underskriftsfälten går inte att lägga in: {e}")))?;
    }
    Ok(gathered)
}

/// Beside the kallelse, each sort of pack with a name of its own.
fn default_target(args: &PackArgs) -> PathBuf {
    let mut name = args.meeting.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if args.supplement.is_some() {
        name.push_str("-tillagg");
    }
    if args.edition == EditionArg::Offentlig {
        name.push_str("-offentlig");
    }
    if args.copy == CopyArg::Reading {
        name.push_str("-las");
    }
    args.meeting.with_file_name(format!("{name}.pdf"))
}

/// No file may be written over another, or over what the pack is made from.
fn targets_differ(args: &PackArgs, target: &Path) -> Result<(), Stop> {
    let mut seen = vec![args.meeting.as_path()];
    seen.extend(args.supplement.as_deref());
    for path in std::iter::once(target).chain(args.report.iter().map(PathBuf::as_path)) {
        if seen.contains(&path) {
            return Err(Stop::usage(format!("{} skulle skrivas över; ange en annan fil", path.display())));
        }
        seen.push(path);
    }
    for report in &args.report {
        if !report.extension().is_some_and(|e| e == "json" || e == "pdf") {
            return Err(Stop::usage(format!("--report {}: filen ska sluta på .json eller .pdf", report.display())));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the list sent before")]
fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|e| Stop::outside(format!("{} går inte att läsa: {e}", path.display())))
}

fn progress_bar() -> ProgressBar {
    let seen = std::io::stderr().is_terminal();
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} handlingar") {
        bar.set_style(style);
    }
    bar
}

fn reports(
    args: &PackArgs,
    engine: &Engine,
    gathered: &Gathered,
    pack: &Pack,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Stop> {
    let mut out = Vec::new();
    for path in &args.report {
        let as_page = path.extension().is_some_and(|e| e == "pdf");
        out.push((path.clone(), report_file(engine, gathered, pack, as_page)?));
    }
    Ok(out)
}

/// The report on a pack, as a page or as JSON.
pub(crate) fn report_file(engine: &Engine, gathered: &Gathered, pack: &Pack, as_page: bool) -> Result<Vec<u8>, Stop> {
    match &gathered.profile {
        Some(profile) if as_page => report::page(engine, pack, profile).map_err(|found| {
            let why: Vec<_> = found.iter().map(|d| d.message(Lang::Sv)).collect();
            Stop::outside(format!("rapporten går inte att göra: {}", why.join("; ")))
        }),
        _ => Ok(format!("{:#}\n", report::json(pack)).into_bytes()),
    }
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
        (Some(pack), Lang::Sv) => {
            let reused = pack.parts.iter().filter(|p| p.reused).count();
            let kept =
                if reused > 0 { format!(", {reused} oförändrade sedan förra gången") } else { String::new() };
            format!("Packen är klar: {} sidor, {} dokument{kept}\n", pack.pages, pack.parts.len())
        }
        (Some(pack), Lang::En) => {
            let reused = pack.parts.iter().filter(|p| p.reused).count();
            let kept = if reused > 0 { format!(", {reused} unchanged since last time") } else { String::new() };
            format!("The pack is done: {} pages, {} documents{kept}\n", pack.pages, pack.parts.len())
        }
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
        "parts": gathered.pack.iter().flat_map(|p| &p.parts).map(report::part).collect::<Vec<_>>(),
        "diagnostics": found,
    })
}
