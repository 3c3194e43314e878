//! `sigill verify`.

use sigill_model::{Diagnostic, Lang};
use sigill_sign::{Outside, Policy, verify};

use crate::args::{Format, Language};
use crate::sign::{Failure, now, read, trusted};
use crate::sign_args::VerifyArgs;
use crate::sign_http::Http;
use crate::{Exit, Stop, output, show, sign_report};

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Stop> {
    match verified(args) {
        Ok(exit) => Ok(exit),
        Err(Failure::Stop(stop)) => Err(stop),
        Err(Failure::Outside(finding)) => tell(args, Exit::Outside, &[*finding]),
        Err(Failure::Findings(findings)) => tell(args, Exit::Documents, &findings),
    }
}

fn tell(args: &VerifyArgs, exit: Exit, findings: &[Diagnostic]) -> Result<Exit, Stop> {
    let name = args.pdf.display().to_string();
    let lang = if args.told.lang == Language::Sv { Lang::Sv } else { Lang::En };
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

fn verified(args: &VerifyArgs) -> Result<Exit, Failure> {
    let pdf = read(&args.pdf)?;
    let trusted = trusted(&args.trust)?;
    let http = Http::new();
    let outside: Option<&dyn Outside> = if args.online { Some(&http) } else { None };
    let report = verify(&pdf, &Policy { trusted: &trusted, time: args.at.unwrap_or_else(now), outside })?;
    let name = args.pdf.display().to_string();
    let short = args.pdf.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(path) = &args.report {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let bytes = if ending == "pdf" {
            let profile = args.profile.as_deref().ok_or_else(|| {
                Stop::usage("rapporten i PDF kräver --profile; se sigill profiles · the report in PDF needs --profile")
            })?;
            sign_report::pdf(&report, &short, profile)?
        } else if ending == "json" {
            format!("{:#}\n", sign_report::json(&report, &short)).into_bytes()
        } else {
            sign_report::text(&report, &short, Lang::Sv).into_bytes()
        };
        output::write_whole(path, &bytes)?;
    }
    let lang = if args.told.lang == Language::Sv { Lang::Sv } else { Lang::En };
    output::print(&match args.told.format {
        Format::Json => format!("{}\n", sign_report::json(&report, &name)).into_bytes(),
        Format::Human => sign_report::text(&report, &name, lang).into_bytes(),
    })?;
    Ok(if report.passed() { Exit::Done } else { Exit::Documents })
}
