//! `sigill verify`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use sigill_make::files::{read, write_whole};
use sigill_make::orders::Lang;
use sigill_make::{Error, show, verify};
use sigill_model::Diagnostic;

use crate::exit::{Exit, Stop};
use crate::messages;
use crate::output::{self, Format};
use crate::setup::SetupArgs;
use crate::told::{ToldArgs, now, time};

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Undertecknad PDF-fil · Signed PDF file
    #[arg(value_name = "PDF")]
    pub(crate) pdf: PathBuf,
    /// Mapp eller fil med betrodda certifikat · Folder or file with trusted certificates
    #[arg(long, value_name = "MAPP|FIL")]
    pub(crate) trust: Vec<PathBuf>,
    /// Kontrollera som vid en viss tid (2026-11-22T10:00:00Z) · Verify as of a time
    #[arg(long, value_name = "TID", value_parser = time)]
    pub(crate) at: Option<DateTime<Utc>>,
    /// Hämta spärrbesked som filen saknar · Fetch revocation that the file does not tell
    #[arg(long)]
    pub(crate) online: bool,
    /// Rapport att spara bredvid filen (.pdf, .json, annars text) · Report to keep beside the file (.pdf, .json, otherwise text)
    #[arg(long, value_name = "FIL")]
    pub(crate) report: Option<PathBuf>,
    /// Kommunprofil, som rapporten i PDF kräver · Profile, which the report in PDF needs
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Stop> {
    if let Some(report) = &args.report {
        output::differ(&[&args.pdf], &[report])?;
    }
    match verified(args) {
        Ok((exit, told)) => output::print(told.as_bytes()).map(|()| exit),
        Err(Error::Service(finding)) => tell(args, Exit::Outside, &[*finding]),
        Err(Error::Findings(findings)) => tell(args, Exit::Documents, &findings),
        Err(e @ (Error::Usage(_) | Error::System(_))) => Err(e.into()),
    }
}

fn tell(args: &VerifyArgs, exit: Exit, findings: &[Diagnostic]) -> Result<Exit, Stop> {
    let name = args.pdf.display().to_string();
    let lang = args.told.lang;
    match args.told.format {
        Format::Json => {
            let value = serde_json::json!({"input": name, "passed": false, "diagnostics": findings});
            output::print(format!("{value}\n").as_bytes())?;
        }
        Format::Human => {
            let text: String = findings.iter().map(|d| show::human(&name, d, None, lang) + "\n").collect();
            output::print(text.as_bytes())?;
        }
    }
    Ok(exit)
}

/// What is told of the signatures, and the exit code.
fn verified(args: &VerifyArgs) -> Result<(Exit, String), Error> {
    let pdf = read(&args.pdf)?;
    let engine = args.setup.engine();
    let report = verify::verify(&pdf, &args.trust, args.at.unwrap_or_else(now), args.online)?;
    let name = args.pdf.display().to_string();
    let short = args.pdf.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(path) = &args.report {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let bytes = if ending == "pdf" {
            let profile = args.profile.as_deref().ok_or_else(|| Error::usage(&messages::verify::NoProfile))?;
            verify::pdf(engine.get()?, &report, &short, profile)?
        } else if ending == "json" {
            format!("{:#}\n", verify::json(&report, &short)).into_bytes()
        } else {
            verify::text(&report, &short, Lang::Sv).into_bytes()
        };
        write_whole(path, &bytes)?;
    }
    let told = match args.told.format {
        Format::Json => format!("{}\n", verify::json(&report, &name)),
        Format::Human => verify::text(&report, &name, args.told.lang),
    };
    Ok((if report.passed() { Exit::Done } else { Exit::Documents }, told))
}
