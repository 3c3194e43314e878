//! `sigill pack`: a kallelse and all that it names, as one PDF.

mod kept;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use sigill_layout::Engine;
use sigill_make::files::{read, write_whole};
use sigill_make::orders::{Edition, Lang, PackCopy, PackOptions, Reserve};
use sigill_make::pack::{PackInput, pack, report_json, report_page};
use sigill_make::processes::Processes;
use sigill_make::show;
use sigill_messages::{Localize, Texts};
use sigill_model::Severity;
use sigill_pack::gather::{FileFindings, Gathered, Pack};
use sigill_pack::report;
use sigill_pack::store::{NoPartStore, PartStore};

use crate::exit::{Exit, Stop};
use crate::inputs::Input;
use crate::messages::pack as texts;
use crate::output::{self, Format};
use crate::setup::SetupArgs;
use crate::told::ToldArgs;
use kept::PartCache;

#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// Kallelsens modell (.json) · Model of the kallelse
    #[arg(value_name = "KALLELSE")]
    pub(crate) meeting: PathBuf,
    /// Packens fil; annars bredvid kallelsen · File of the pack; otherwise beside the kallelse
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: Option<PathBuf>,
    /// Arkivexemplar (PDF/A-2a och PDF/UA-1) eller läsexemplar (bilagor oförändrade) · Archive or reading copy
    #[arg(long, value_enum, default_value = "archive")]
    pub(crate) copy: PackCopy,
    /// Fullständig, eller offentlig utan det som är sekretess eller personuppgift · Full, or public
    #[arg(long, value_enum, default_value = "full")]
    pub(crate) edition: Edition,
    /// Låt en bilaga som inte går att läsa bli en sida som säger det · Let an unreadable bilaga become a page saying so
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Gör tilläggslistan som följer på denna pack (PDF) · Make the list of added items that follows this pack
    #[arg(long, value_name = "PACK")]
    pub(crate) supplement: Option<PathBuf>,
    /// Skriv en rapport om packen: .json eller .pdf (flera går bra) · Write a report on the pack: .json or .pdf
    #[arg(long, value_name = "FIL")]
    pub(crate) report: Vec<PathBuf>,
    /// Underskriftsrutor som blir fält · Signature blocks that become fields
    #[arg(long, value_enum, default_value = "digital", value_name = "RUTOR")]
    pub(crate) reserve: Reserve,
    /// Gör om alla delar och spara dem inte bredvid packen · Make all parts anew and keep none beside the pack
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Kommunprofil i stället för dokumentens egen · Profile instead of the documents' own
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

pub(crate) fn run(args: &PackArgs) -> Result<Exit, Stop> {
    let target = args.output.clone().unwrap_or_else(|| default_target(args));
    targets_differ(args, &target)?;
    let engine = args.setup.engine();
    let engine = engine.get()?;
    let input = Input::File { path: args.meeting.clone(), relative: args.meeting.clone() };
    let bytes = input.read().map_err(|e| Stop::outside(format!("{}: {}", input.name(), e.joined())))?;
    let sent = args.supplement.as_deref().map(read).transpose()?;
    let kept = if args.no_cache { None } else { PartCache::beside(&target, &args.setup) };
    let bar = progress_bar();
    let progress = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let store: &dyn PartStore = match &kept {
        Some(kept) => kept,
        None => &NoPartStore,
    };
    let options = PackOptions {
        copy: args.copy,
        edition: args.edition,
        keep_going: args.keep_going,
        profile: args.profile.clone(),
        reserve: args.reserve,
    };
    let material = PackInput { meeting: &bytes, folder: input.folder(), sent: sent.as_deref() };
    let gathered = pack(engine, &Processes::of_this_program()?, material, &options, store, &progress);
    bar.finish_and_clear();
    let gathered = gathered?;
    if let Some(pack) = &gathered.pack {
        let folder = input.folder();
        let read: Vec<_> = pack.parts.iter().filter(|p| !p.file.is_empty()).map(|p| folder.join(&p.file)).collect();
        output::differ(&read.iter().map(PathBuf::as_path).collect::<Vec<_>>(), &outputs(args, &target))?;
        // All is made before any of it is written.
        let reports = reports(args, engine, &gathered, pack)?;
        for (path, data) in reports {
            write_whole(&path, &data)?;
        }
        write_whole(&target, &pack.pdf)?;
        match kept {
            Some(kept) => kept.settle(),
            // What an earlier run kept may hold more than this pack does.
            None => PartCache::forget(&target),
        }
    }
    let target = gathered.pack.as_ref().map(|_| target.display().to_string());
    match args.told.format {
        Format::Json => output::print(format!("{}\n", result_json(&input, target, &gathered)).as_bytes())?,
        // Nothing is left to do when standard error is closed.
        Format::Human => {
            drop(std::io::stderr().write_all(output::safe(&human(&input, &gathered, args.told.lang)).as_bytes()))
        }
    }
    Ok(if gathered.pack.is_some() { Exit::Done } else { Exit::Documents })
}

/// Beside the kallelse, each sort of pack with a name of its own.
fn default_target(args: &PackArgs) -> PathBuf {
    let mut name = args.meeting.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if args.supplement.is_some() {
        name.push_str("-tillagg");
    }
    if args.edition == Edition::Offentlig {
        name.push_str("-offentlig");
    }
    if args.copy == PackCopy::Reading {
        name.push_str("-las");
    }
    args.meeting.with_file_name(format!("{name}.pdf"))
}

fn outputs<'a>(args: &'a PackArgs, target: &'a Path) -> Vec<&'a Path> {
    [target].into_iter().chain(args.report.iter().map(PathBuf::as_path)).collect()
}

/// No file may be written over another, or over what the pack is made from.
fn targets_differ(args: &PackArgs, target: &Path) -> Result<(), Stop> {
    let read: Vec<_> = [args.meeting.as_path()].into_iter().chain(args.supplement.as_deref()).collect();
    output::differ(&read, &outputs(args, target))?;
    for report in &args.report {
        if !report.extension().is_some_and(|e| e == "json" || e == "pdf") {
            return Err(Stop::usage(format!("--report {}: filen ska sluta på .json eller .pdf", report.display())));
        }
    }
    Ok(())
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
        let page = path.extension().is_some_and(|e| e == "pdf");
        let report = if page { report_page(engine, gathered, pack)? } else { report_json(pack) };
        out.push((path.clone(), report));
    }
    Ok(out)
}

/// Path of a file of the pack, as the user would name it.
fn path_of(input: &Input, findings: &FileFindings) -> String {
    if findings.file.is_empty() { input.name() } else { input.folder().join(&findings.file).display().to_string() }
}

fn human(input: &Input, gathered: &Gathered, lang: Lang) -> String {
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
    let said = match &gathered.pack {
        Some(pack) => {
            let reused = pack.parts.iter().filter(|p| p.reused).count();
            let unchanged: &dyn Localize = if reused > 0 { &texts::Unchanged { number: &reused } } else { &"" };
            Texts::of(&texts::Done { pages: &pack.pages, documents: &pack.parts.len(), unchanged })
        }
        None => Texts::of(&texts::None { errors: &errors }),
    };
    out.push_str(&format!("{}\n", said.get(lang)));
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
