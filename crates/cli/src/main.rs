//! `sigill`: from JSON report models to official PDFs, on the command line.

mod commands;
mod exit;
#[cfg(unix)]
mod init;
mod inputs;
mod kinds;
mod messages;
mod output;
mod setup;
mod summary;
mod told;
mod usage;

use std::io::Write as _;
use std::process::ExitCode;

use commands::Command;
use exit::Stop;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = usage::parse();
    #[cfg(unix)]
    if matches!(cli.command, Command::Serve(_)) && init::is_first() {
        return init::run().map_or_else(
            |error| {
                // Nothing is left to do when standard error is closed.
                let _ = writeln!(std::io::stderr(), "sigill: {error}");
                ExitCode::from(exit::Exit::Outside as u8)
            },
            ExitCode::from,
        );
    }
    let result = match cli.command {
        Command::Render(args) => commands::render::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Pack(args) => commands::pack::run(&args),
        Command::Sign(args) => commands::sign::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::New(args) => commands::new::run(&args),
        Command::Kinds(dirs) => commands::kinds::run(&dirs),
        Command::Profiles(dirs) => commands::profiles::run(&dirs),
        Command::Layouts(args) => commands::layouts::run(&args),
        Command::Serve(args) => commands::serve::run(&args),
        Command::ApiKey(args) => commands::api_key::run(&args),
        Command::Extract(args) => commands::extract::run(&args),
        Command::Completions(args) => commands::completions::run(&args, usage::command()),
        Command::Man(args) => commands::man::run(&args, usage::command()),
        Command::Help(args) => commands::help::run(&args, usage::command()),
        Command::Worker => commands::worker::run(),
        Command::BenchInprocess(args) => commands::bench_inprocess::run(&args),
    };
    match result {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(Stop(exit, message)) => {
            // Nothing is left to do when standard error is closed.
            let _ = writeln!(std::io::stderr(), "sigill: {}", output::safe(&message));
            ExitCode::from(exit as u8)
        }
    }
}
