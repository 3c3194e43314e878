//! `sigill sign`: signing, in one go or in two steps, and renewing.
#![expect(clippy::disallowed_methods, reason = "the shell reads the environment")]

mod args;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use sigill_make::certificates::certificates;
use sigill_make::files::{read, write_whole};
use sigill_make::orders::Level;
use sigill_make::sign::{self, SignatureContent, SigningTerms, UnsignedFile};
use sigill_make::{Error, show};
use sigill_messages::{In, Localize, Texts, joined};
use sigill_model::Diagnostic;
use sigill_sign::{ErrorKind, FieldSpec, Identity, Prepared, Returned};
use zeroize::Zeroizing;

use crate::exit::{Exit, Stop};
use crate::messages::{self, sign as texts};
use crate::output::{self, Format};
use crate::told::{ToldArgs, now};
pub(crate) use args::SignArgs;
use args::{CompleteArgs, DirectArgs, ExtendArgs, LevelArgs, LookArgs, PrepareArgs, ReserveArgs, SignCommand};

pub(crate) fn run(args: &SignArgs) -> Result<Exit, Stop> {
    match &args.command {
        Some(SignCommand::Reserve(args)) => run_reserve(args),
        Some(SignCommand::Prepare(args)) => run_prepare(args),
        Some(SignCommand::Complete(args)) => run_complete(args),
        Some(SignCommand::Extend(args)) => run_extend(args),
        None => run_direct(&args.direct),
    }
}

/// What a command did.
struct Done {
    output: PathBuf,
    message: Texts,
    warnings: Vec<Diagnostic>,
}

/// Tells how it went, in the form asked for.
fn tell(pdf: &Path, told: ToldArgs, result: Result<Done, Error>) -> Result<Exit, Stop> {
    let (exit, output, findings, message) = match result {
        Ok(done) => (Exit::Done, Some(done.output), done.warnings, Some(done.message)),
        Err(Error::Findings(findings)) => (Exit::Documents, None, findings, None),
        Err(Error::Service(finding)) => (Exit::Outside, None, vec![*finding], None),
        Err(e @ (Error::Usage(_) | Error::System(_))) => return Err(e.into()),
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
            let mut text: String = findings.iter().map(|d| show::human(&name, d, None, told.lang) + "\n").collect();
            if let Some(message) = message {
                text.push_str(message.get(told.lang));
                text.push('\n');
            }
            // Nothing is left to do when standard error is closed.
            drop(std::io::stderr().write_all(text.as_bytes()));
        }
    }
    Ok(exit)
}

fn done(output: &Path, what: &dyn Localize, warnings: Vec<Diagnostic>) -> Done {
    let shown = output.display();
    let message = Texts::each(|lang| format!("{shown}: {}", In(lang, what)));
    Done { message, output: output.to_path_buf(), warnings }
}

fn look(args: &LookArgs) -> Result<SignatureContent, Error> {
    let image = match &args.image {
        Some(path) => Some((path.display().to_string(), read(path)?)),
        None => None,
    };
    let LookArgs { title, reason, location, seal, .. } = args.clone();
    Ok(SignatureContent { title, reason, location, image, seal })
}

fn terms(args: &LevelArgs) -> SigningTerms {
    let LevelArgs { level, tsa, trust, force, at } = args.clone();
    SigningTerms { time: at.unwrap_or_else(now), level, tsa, trust, force }
}

fn run_direct(args: &DirectArgs) -> Result<Exit, Stop> {
    let (Some(pdf), Some(output), Some(field)) = (&args.pdf, &args.output, &args.field) else {
        return Err(Stop::usage(joined(&texts::NothingNamed)));
    };
    let keys = [&args.p12, &args.key, &args.cert].into_iter().flatten();
    let read: Vec<&Path> = keys.map(PathBuf::as_path).chain([pdf.as_path()]).chain(args.look.files()).collect();
    output::differ(&read, &[output])?;
    tell(pdf, args.told, direct(pdf, output, field, args))
}

fn direct(pdf: &Path, output: &Path, field: &str, args: &DirectArgs) -> Result<Done, Error> {
    let (pdf, identity, look) = (read(pdf)?, identity(args)?, look(&args.look)?);
    let signed = sign::sign(&args.setup.engine(), &pdf, field, &identity, &look, &terms(&args.level))?;
    write_whole(output, &signed.pdf)?;
    let name = &signed.name;
    Ok(done(output, &messages::done::SignedBy { name: &name }, signed.warnings))
}

fn run_reserve(args: &ReserveArgs) -> Result<Exit, Stop> {
    output::differ(&[&args.pdf], &[&args.output])?;
    tell(&args.pdf, args.told, reserve(args))
}

fn reserve(args: &ReserveArgs) -> Result<Done, Error> {
    let label = args.label.clone().unwrap_or_else(|| format!("Elektronisk underskrift: {}", args.field));
    let spec = FieldSpec { name: args.field.clone(), page: args.page, rect: args.rect.0, label };
    write_whole(&args.output, &sigill_sign::reserve(&read(&args.pdf)?, &[spec])?)?;
    Ok(done(&args.output, &messages::done::Reserved, Vec::new()))
}

fn run_prepare(args: &PrepareArgs) -> Result<Exit, Stop> {
    let read = [args.pdf.as_path()].into_iter().chain(args.cert.as_deref()).chain(args.look.files());
    output::differ(&read.collect::<Vec<_>>(), &[&args.output, &args.state])?;
    tell(&args.pdf, args.told, prepare(args))
}

fn prepare(args: &PrepareArgs) -> Result<Done, Error> {
    let (pdf, look) = (read(&args.pdf)?, look(&args.look)?);
    let chain = args.cert.as_deref().map(certificates).transpose()?.unwrap_or_default();
    let unsigned = UnsignedFile {
        pdf: &pdf,
        field: &args.field,
        certificate: chain.first(),
        digest: args.digest,
        name: args.name.clone(),
        look: &look,
        time: args.at.unwrap_or_else(now),
    };
    let (file, prepared) = sign::prepare(&args.setup.engine(), unsigned)?;
    let state = serde_json::to_string_pretty(&prepared).map_err(|e| Error::system(&texts::State { reason: &e }))?;
    write_whole(&args.output, &file)?;
    write_whole(&args.state, format!("{state}\n").as_bytes())?;
    Ok(done(&args.output, &messages::done::Prepared, Vec::new()))
}

fn run_complete(args: &CompleteArgs) -> Result<Exit, Stop> {
    let read = [&args.pdf, &args.state, &args.cert, &args.signature].into_iter().map(PathBuf::as_path);
    output::differ(&read.chain(args.attributes.as_deref()).collect::<Vec<_>>(), &[&args.output])?;
    tell(&args.pdf, args.told, complete(args))
}

fn complete(args: &CompleteArgs) -> Result<Done, Error> {
    let file = read(&args.pdf)?;
    let prepared: Prepared = serde_json::from_slice(&read(&args.state)?).map_err(|e| {
        let texts = texts::StateUnreadable { file: &args.state.display(), reason: &e };
        sigill_sign::Error::new(ErrorKind::Stale, &texts)
    })?;
    let chain = certificates(&args.cert)?;
    let attributes = args.attributes.as_deref().map(read).transpose()?;
    let returned = Returned { signature: read(&args.signature)?, chain, attributes };
    let signed = sign::complete(file, &prepared, returned, &terms(&args.level))?;
    write_whole(&args.output, &signed.pdf)?;
    Ok(done(&args.output, &messages::done::Signed, signed.warnings))
}

fn run_extend(args: &ExtendArgs) -> Result<Exit, Stop> {
    if args.level == Level::B {
        return Err(Stop::usage(joined(&texts::NoRenewal)));
    }
    output::differ(&[&args.pdf], &[&args.output])?;
    tell(&args.pdf, args.told, extend(args))
}

fn extend(args: &ExtendArgs) -> Result<Done, Error> {
    let terms = SigningTerms {
        time: args.at.unwrap_or_else(now),
        level: args.level,
        tsa: args.tsa.clone(),
        trust: args.trust.clone(),
        force: false,
    };
    let extended = sign::extend(&read(&args.pdf)?, &terms)?;
    write_whole(&args.output, &extended)?;
    Ok(done(&args.output, &messages::done::Extended, Vec::new()))
}

fn identity(args: &DirectArgs) -> Result<Identity, Error> {
    let password = match &args.password_env {
        Some(variable) => Some(Zeroizing::new(
            std::env::var(variable).map_err(|_| Error::usage(&texts::NoVariable { name: variable }))?,
        )),
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
        return Err(Error::usage(&texts::NoKey));
    };
    let text = |path: &Path| {
        let bytes = Zeroizing::new(read(path)?);
        Ok::<_, Error>(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
    };
    Ok(Identity::from_pem(&text(key)?, &text(certificates)?, password)?)
}
