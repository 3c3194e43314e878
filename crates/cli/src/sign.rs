//! `sigill sign`: signing, in one go or in two steps, and renewing.
#![expect(clippy::disallowed_methods, reason = "the shell reads files, the environment and the clock")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
use serde_json::json;
use sigill_layout::Appearance;
use sigill_model::{Diagnostic, Lang};
use sigill_sign::{
    Certificate, Context, Digest, Entry, Error, Identity, Kind, Level, Prepared, Returned, Scheme, check_certificate,
    complete, extend, fields, prepare, sign,
};
use zeroize::Zeroizing;

use crate::args::{Format, Language, SetupArgs};
use crate::sign_args::{
    CompleteArgs, DigestName, DirectArgs, ExtendArgs, LevelArgs, LevelName, LookArgs, PrepareArgs, SignArgs,
    SignCommand, ToldArgs,
};
use crate::sign_http::Http;
use crate::{Exit, Stop, output, setup, show};

pub(crate) fn run(args: &SignArgs) -> Result<Exit, Stop> {
    match &args.command {
        Some(SignCommand::Prepare(args)) => run_prepare(args),
        Some(SignCommand::Complete(args)) => run_complete(args),
        Some(SignCommand::Extend(args)) => run_extend(args),
        None => run_direct(&args.direct),
    }
}

/// Why a command did not finish: with the PDF or a key, or with the world around it.
pub(crate) enum Failure {
    Findings(Vec<Diagnostic>),
    Outside(Box<Diagnostic>),
    Stop(Stop),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let finding = Diagnostic::error(error.kind.code(), "", &error.sv, &error.en);
        match error.kind {
            Kind::Outside | Kind::Timestamp => Self::Outside(Box::new(finding)),
            _ => Self::Findings(vec![finding]),
        }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}

/// What a command did.
struct Done {
    output: PathBuf,
    sv: String,
    en: String,
    warnings: Vec<Diagnostic>,
}

/// Tells how it went, in the form asked for.
fn tell(pdf: &Path, told: ToldArgs, result: Result<Done, Failure>) -> Result<Exit, Stop> {
    let (exit, output, findings, message) = match result {
        Ok(done) => (Exit::Done, Some(done.output), done.warnings, Some((done.sv, done.en))),
        Err(Failure::Findings(findings)) => (Exit::Documents, None, findings, None),
        Err(Failure::Outside(finding)) => (Exit::Outside, None, vec![*finding], None),
        Err(Failure::Stop(stop)) => return Err(stop),
    };
    let name = pdf.display().to_string();
    match told.format {
        Format::Json => {
            let value = json!({
                "input": name,
                "output": output.map(|o| o.display().to_string()),
                "errors": findings.iter().filter(|d| d.is_error()).count(),
                "diagnostics": findings,
            });
            output::print(format!("{value}\n").as_bytes())?;
        }
        Format::Human => {
            let lang = if told.lang == Language::Sv { Lang::Sv } else { Lang::En };
            let mut text: String = findings.iter().map(|d| show::human(&name, d, None, lang) + "\n").collect();
            if let Some((sv, en)) = message {
                text.push_str(if lang == Lang::Sv { &sv } else { &en });
                text.push('\n');
            }
            // Nothing is left to do when standard error is closed.
            drop(std::io::stderr().write_all(text.as_bytes()));
        }
    }
    Ok(exit)
}

fn run_direct(args: &DirectArgs) -> Result<Exit, Stop> {
    let (Some(pdf), Some(output), Some(field)) = (&args.pdf, &args.output, &args.field) else {
        return Err(Stop::usage("säg vad som ska undertecknas · say what is to be signed"));
    };
    differ(pdf, &[output])?;
    tell(pdf, args.told, direct(pdf, output, field, args))
}

fn direct(pdf: &Path, output: &Path, field: &str, args: &DirectArgs) -> Result<Done, Failure> {
    let pdf = read(pdf)?;
    let identity = identity(args)?;
    let (time, level) = (args.level.at.unwrap_or_else(now), Level::from(args.level.level));
    let certificate = identity.certificate();
    let (name, warnings) = (shown_name(certificate, args.look.seal), warned(certificate, &args.level, time)?);
    let appearance = appearance(&pdf, field, &args.look, &name, Some(level), time)?;
    let entry = entry(field, &args.look, appearance.as_deref(), Some(&name));
    let (outside, trusted) = (Http::new(), trusted(&args.level.trust)?);
    let context = Context { time, tsa: args.level.tsa.as_deref(), trusted: &trusted, outside: &outside };
    let signed = sign(&pdf, &entry, &identity, level, args.level.force, &context)?;
    output::write_whole(output, &signed)?;
    Ok(done(output, &format!("undertecknad av {name}"), &format!("signed by {name}"), warnings))
}

fn done(output: &Path, sv: &str, en: &str, warnings: Vec<Diagnostic>) -> Done {
    let shown = output.display();
    Done { sv: format!("{shown}: {sv}"), en: format!("{shown}: {en}"), output: output.to_path_buf(), warnings }
}

/// A certificate that is not valid and used all the same is told of.
fn warned(certificate: &Certificate, args: &LevelArgs, time: DateTime<Utc>) -> Result<Vec<Diagnostic>, Failure> {
    match check_certificate(certificate, time, false) {
        Err(e) if e.kind == Kind::Expired && args.force => {
            Ok(vec![Diagnostic::warning(e.kind.code(), "", &e.sv, &e.en)])
        }
        other => other.map(|()| Vec::new()).map_err(Failure::from),
    }
}

fn run_prepare(args: &PrepareArgs) -> Result<Exit, Stop> {
    differ(&args.pdf, &[&args.output, &args.state])?;
    tell(&args.pdf, args.told, prepare_file(args))
}

fn prepare_file(args: &PrepareArgs) -> Result<Done, Failure> {
    let pdf = read(&args.pdf)?;
    let chain = args.cert.as_deref().map(certificates).transpose()?.unwrap_or_default();
    let unsigned = Unsigned {
        pdf: &pdf,
        field: &args.field,
        certificate: chain.first(),
        digest: args.digest,
        name: args.name.clone(),
        look: &args.look,
        time: args.at.unwrap_or_else(now),
    };
    let (file, prepared) = prepare_pdf(unsigned)?;
    let state = serde_json::to_string_pretty(&prepared).map_err(|e| Stop::outside(e.to_string()))?;
    output::write_whole(&args.output, &file)?;
    output::write_whole(&args.state, format!("{state}\n").as_bytes())?;
    Ok(done(&args.output, "förberedd", "prepared", Vec::new()))
}

/// A PDF to be signed elsewhere, and what is known of the signature to come.
pub(crate) struct Unsigned<'a> {
    pub(crate) pdf: &'a [u8],
    pub(crate) field: &'a str,
    pub(crate) certificate: Option<&'a Certificate>,
    /// When the certificate is not known.
    pub(crate) digest: DigestName,
    /// When the certificate is not known.
    pub(crate) name: Option<String>,
    pub(crate) look: &'a LookArgs,
    pub(crate) time: DateTime<Utc>,
}

/// The prepared file and its state.
pub(crate) fn prepare_pdf(unsigned: Unsigned<'_>) -> Result<(Vec<u8>, Prepared), Failure> {
    let Unsigned { pdf, field, certificate, digest, name, look, time } = unsigned;
    let digest = match (certificate, digest) {
        (Some(certificate), _) => {
            check_certificate(certificate, time, false)?;
            Scheme::of_certificate(certificate)?.digest()
        }
        (None, DigestName::Sha256) => Digest::Sha256,
        (None, DigestName::Sha384) => Digest::Sha384,
    };
    let name = name.or_else(|| certificate.map(|c| shown_name(c, look.seal)));
    let appearance = match &name {
        Some(name) => appearance(pdf, field, look, name, None, time)?,
        None => None,
    };
    Ok(prepare(pdf, &entry(field, look, appearance.as_deref(), name.as_deref()), digest, certificate, time)?)
}

fn run_complete(args: &CompleteArgs) -> Result<Exit, Stop> {
    differ(&args.pdf, &[&args.output])?;
    tell(&args.pdf, args.told, complete_file(args))
}

fn complete_file(args: &CompleteArgs) -> Result<Done, Failure> {
    let file = read(&args.pdf)?;
    let prepared: Prepared = serde_json::from_slice(&read(&args.state)?).map_err(|e| {
        let shown = args.state.display();
        let sv = format!("tillståndet {shown} går inte att läsa: {e}");
        Error::new(Kind::Stale, sv, format!("the state {shown} cannot be read: {e}"))
    })?;
    let chain = certificates(&args.cert)?;
    let (time, level) = (args.level.at.unwrap_or_else(now), Level::from(args.level.level));
    let attributes = args.attributes.as_deref().map(read).transpose()?;
    let mut warnings = Vec::new();
    if let Some(certificate) = chain.first() {
        warnings = warned(certificate, &args.level, time)?;
    }
    let returned = Returned { signature: read(&args.signature)?, chain, attributes };
    let (outside, trusted) = (Http::new(), trusted(&args.level.trust)?);
    let context = Context { time, tsa: args.level.tsa.as_deref(), trusted: &trusted, outside: &outside };
    let signed = complete(file, &prepared, returned, level, args.level.force, &context)?;
    output::write_whole(&args.output, &signed)?;
    Ok(done(&args.output, "undertecknad", "signed", warnings))
}

fn run_extend(args: &ExtendArgs) -> Result<Exit, Stop> {
    if args.level == LevelName::B {
        return Err(Stop::usage("nivån b är ingen förnyelse; välj t, lt eller lta · level b is no renewal"));
    }
    differ(&args.pdf, &[&args.output])?;
    tell(&args.pdf, args.told, extend_file(args))
}

fn extend_file(args: &ExtendArgs) -> Result<Done, Failure> {
    let pdf = read(&args.pdf)?;
    let (outside, trusted) = (Http::new(), trusted(&args.trust)?);
    let time = args.at.unwrap_or_else(now);
    let context = Context { time, tsa: args.tsa.as_deref(), trusted: &trusted, outside: &outside };
    let extended = extend(&pdf, args.level.into(), &context)?;
    output::write_whole(&args.output, &extended)?;
    Ok(done(&args.output, "förnyad", "extended", Vec::new()))
}

pub(crate) fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path)
        .map_err(|e| Stop::outside(format!("{} går inte att läsa · cannot be read: {e}", path.display())))
}

/// What is read is never written over.
fn differ(input: &Path, outputs: &[&Path]) -> Result<(), Stop> {
    let place = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_path_buf());
    match outputs.iter().find(|o| place(o) == place(input)) {
        Some(same) => Err(Stop::usage(format!("{} skulle skrivas över; välj ett annat namn", same.display()))),
        None => Ok(()),
    }
}

fn identity(args: &DirectArgs) -> Result<Identity, Failure> {
    let password = match &args.password_env {
        Some(variable) => Some(Zeroizing::new(std::env::var(variable).map_err(|_| {
            Stop::usage(format!("miljövariabeln {variable} finns inte · there is no such environment variable"))
        })?)),
        None => None,
    };
    let password = password.as_ref().map(|p| p.as_str());
    if let Some(p12) = &args.p12 {
        let data = Zeroizing::new(read(p12)?);
        return Ok(Identity::from_pkcs12(&data, password.unwrap_or_default())?);
    }
    #[cfg(feature = "pkcs11")]
    if let (Some(module), Some(token), Some(key), Some(chain)) =
        (&args.pkcs11, &args.token, &args.key_label, &args.cert)
    {
        let place = sigill_sign::TokenKey { module, token, key };
        return Ok(Identity::from_pkcs11(place, password.unwrap_or_default(), certificates(chain)?)?);
    }
    let (Some(key), Some(certificates)) = (&args.key, &args.cert) else {
        return Err(Stop::usage("ange --p12, eller --key och --cert").into());
    };
    let text = |path: &Path| {
        let bytes = Zeroizing::new(read(path)?);
        Ok::<_, Stop>(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
    };
    Ok(Identity::from_pem(&text(key)?, &text(certificates)?, password)?)
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    certificates_in(&read(path)?, &path.display().to_string())
}

/// Certificates in PEM or one in DER.
pub(crate) fn certificates_in(data: &[u8], shown: &str) -> Result<Vec<Certificate>, Failure> {
    let broken = || {
        let sv = format!("{shown} är inga certifikat i PEM eller DER");
        Error::new(Kind::Key, sv, format!("{shown} is no certificates in PEM or DER"))
    };
    let found = match std::str::from_utf8(data) {
        Ok(text) if text.contains("-----BEGIN") => Certificate::from_pem(text).map_err(|_| broken())?,
        _ => vec![Certificate::from_der(data).map_err(|_| broken())?],
    };
    if found.is_empty() { Err(broken().into()) } else { Ok(found) }
}

/// Certificates of folders and files.
pub(crate) fn trusted(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.extend(certificates(path)?);
            continue;
        }
        let fail = |e| Stop::outside(format!("mappen {} går inte att läsa: {e}", path.display()));
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fail)? {
            let file = entry.map_err(fail)?.path();
            let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
            if ["pem", "crt", "cer", "der"].iter().any(|e| ending == *e) {
                files.push(file);
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(Stop::usage(format!("mappen {} har inga certifikat", path.display())).into());
        }
        for file in files {
            out.extend(certificates(&file)?);
        }
    }
    Ok(out)
}

/// A person's name, or the organisation's for its seal.
fn shown_name(certificate: &Certificate, seal: bool) -> String {
    if seal { certificate.organisation().unwrap_or_else(|| certificate.name()) } else { certificate.name() }
}

fn entry<'a>(field: &'a str, look: &'a LookArgs, appearance: Option<&'a [u8]>, name: Option<&'a str>) -> Entry<'a> {
    let (reason, location) = (look.reason.as_deref(), look.location.as_deref());
    Entry { field, appearance, name, reason, location, place: 0 }
}

/// The look of the signature, as large as its field; none when the field is not seen or not there.
fn appearance(
    pdf: &[u8],
    field: &str,
    look: &LookArgs,
    name: &str,
    level: Option<Level>,
    time: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, Failure> {
    let all = fields(pdf)?;
    let Some(found) = all.iter().find(|f| f.name == field && f.size.0 > 1.0 && f.size.1 > 1.0) else { return Ok(None) };
    let image = match &look.image {
        Some(path) => Some((path.display().to_string(), read(path)?)),
        None => None,
    };
    let level = level.map(|l| match l {
        Level::B => "PAdES B-B",
        Level::T => "PAdES B-T",
        Level::Lt => "PAdES B-LT",
        Level::Lta => "PAdES B-LTA",
    });
    let when = [Some(swedish_time(time)), level.map(str::to_owned)];
    let why = [look.reason.clone(), look.location.clone()];
    let joined = |parts: [Option<String>; 2]| parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let lines = [look.title.clone().unwrap_or_default(), joined(when), joined(why)];
    let engine = setup::engine(&SetupArgs::default())?;
    let heading = if look.seal { "Elektroniskt stämplad av" } else { "Elektroniskt undertecknad av" };
    Ok(Some(engine.signature_appearance(&Appearance {
        width: found.size.0,
        height: found.size.1,
        heading,
        name,
        lines: lines.into_iter().filter(|l| !l.is_empty()).collect(),
        image: image.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
    })?))
}

/// The time in Sweden: an hour after UTC, two from the last Sunday of March to that of October (directive 2000/84/EC).
pub(crate) fn swedish_time(time: DateTime<Utc>) -> String {
    let last_sunday = |month| {
        let last = NaiveDate::from_ymd_opt(time.year(), month, 31)?;
        let back = last.weekday().days_since(Weekday::Sun);
        Some(last.checked_sub_days(Days::new(back.into()))?.and_hms_opt(1, 0, 0)?.and_utc())
    };
    let summer = last_sunday(3).zip(last_sunday(10)).is_some_and(|(from, to)| (from..to).contains(&time));
    let local = time + chrono::Duration::hours(if summer { 2 } else { 1 });
    local.format("%Y-%m-%d kl. %H.%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_clocks_change_twice_a_year() {
        for (utc, local) in [
            ("2026-03-29T00:59:59Z", "2026-03-29 kl. 01.59"),
            ("2026-03-29T01:00:00Z", "2026-03-29 kl. 03.00"),
            ("2026-10-25T00:59:59Z", "2026-10-25 kl. 02.59"),
            ("2026-10-25T01:00:00Z", "2026-10-25 kl. 02.00"),
            ("2026-12-31T23:30:00Z", "2027-01-01 kl. 00.30"),
        ] {
            let time = DateTime::parse_from_rfc3339(utc).expect("a time").to_utc();
            assert_eq!(swedish_time(time), local);
        }
    }
}
