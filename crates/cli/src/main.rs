//! `sigill`: from JSON report models to official PDFs, on the command line.

mod args;
mod bench;
mod inputs;
mod layouts;
mod output;
mod pack;
mod render;
mod service;
mod setup;
mod show;
mod sign;
mod sign_args;
mod sign_http;
mod sign_report;
mod sign_reserve;
mod usage;
mod verify;
mod worker;

use std::io::Write as _;
use std::process::ExitCode;

use args::Command;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a run came to; the numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All done.
    Done = 0,
    /// Some documents have errors.
    Documents = 1,
    /// The command was used wrongly.
    Usage = 2,
    /// Something outside failed: disk, process.
    Outside = 3,
}

/// Why a command stopped: a message for people and the exit code.
pub(crate) struct Stop(pub(crate) Exit, pub(crate) String);

impl Stop {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self(Exit::Usage, message.into())
    }

    pub(crate) fn outside(message: impl Into<String>) -> Self {
        Self(Exit::Outside, message.into())
    }
}

fn main() -> ExitCode {
    let cli = usage::parse();
    let result = match cli.command {
        Command::Render(args) => render::render(&args),
        Command::Check(args) => render::check(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Schema(args) => layouts::schema(&args),
        Command::New(args) => layouts::new_document(&args),
        Command::Kinds(args) => layouts::kinds(&args),
        Command::Profiles(args) => layouts::profiles(&args),
        Command::Layouts(args) => layouts::layouts(&args),
        Command::Serve(args) => service::serve(&args),
        Command::ApiKey(args) => service::api_key(&args),
        Command::Extract(args) => output::extract(&args),
        Command::Completions { shell } => completions(shell),
        Command::Man { out } => man(&out),
        Command::BilagaWorker => pack::processes::serve(),
        Command::Worker(args) => worker::serve(&args),
        Command::ServiceWorker(args) => service::worker::serve(&args),
        Command::BenchInprocess(args) => bench::run(&args),
    };
    match result {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(Stop(exit, message)) => {
            // Nothing is left to do when standard error is closed.
            let _ = writeln!(std::io::stderr(), "sigill: {message}");
            ExitCode::from(exit as u8)
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, Stop> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut usage::command(), "sigill", &mut text);
    output::print(&text)?;
    Ok(Exit::Done)
}

fn man(out: &std::path::Path) -> Result<Exit, Stop> {
    output::make_folder(out)?;
    let root = usage::command();
    let mut pages = vec![("sigill".to_owned(), root.clone())];
    for sub in root.get_subcommands().filter(|s| !s.is_hide_set()) {
        let name = format!("sigill-{}", sub.get_name());
        // The page is titled by the command as it is typed.
        let title: &'static str = Box::leak(name.clone().into_boxed_str());
        pages.push((name, sub.clone().name(title)));
    }
    for (name, command) in pages {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text).map_err(|e| Stop::outside(e.to_string()))?;
        output::write_whole(&out.join(format!("{name}.1")), &text)?;
    }
    Ok(Exit::Done)
}
