//! The commands: each lies in a file of its name, with its arguments.

pub(crate) mod api_key;
pub(crate) mod bench_inprocess;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod extract;
pub(crate) mod help;
pub(crate) mod kinds;
pub(crate) mod layouts;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod pack;
pub(crate) mod profiles;
pub(crate) mod render;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod sign;
pub(crate) mod verify;
pub(crate) mod worker;

use clap::{Parser, Subcommand};

use crate::setup::LayoutDirs;

/// Gör officiella PDF:er av JSON-rapporter · Turns JSON reports into official PDFs
#[derive(Debug, Parser)]
#[command(name = "sigill", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Gör PDF av rapporter · Render reports to PDF
    Render(render::RenderArgs),
    /// Granska rapporter utan att göra PDF · Check reports without rendering
    Check(check::CheckArgs),
    /// Samla en kallelse och alla dess handlingar i en PDF · Gather a kallelse and its documents in one PDF
    Pack(pack::PackArgs),
    /// Underteckna en PDF · Sign a PDF
    Sign(Box<sign::SignArgs>),
    /// Kontrollera underskrifterna i en PDF · Verify the signatures of a PDF
    Verify(verify::VerifyArgs),
    /// Visa en dokumenttyps JSON Schema · Print the JSON Schema of a kind
    Schema(schema::SchemaArgs),
    /// Skriv ut en mall att börja från · Print a template to start from
    New(new::NewArgs),
    /// Lista dokumenttyper · List kinds of document
    Kinds(LayoutDirs),
    /// Lista kommunprofiler · List municipality profiles
    Profiles(LayoutDirs),
    /// För den som gör layouter: lista, granska, börja en ny · For authors of layouts
    Layouts(layouts::LayoutsArgs),
    /// Kör tjänsten: HTTP och webbsida · Run the service: HTTP and web page
    Serve(serve::ServeArgs),
    /// Gör en API-nyckel till tjänsten · Make an API key for the service
    ApiKey(api_key::ApiKeyArgs),
    /// Ta ut den bifogade modellen ur en a-3a-fil · Extract the attached model from an a-3a file
    Extract(extract::ExtractArgs),
    /// Skriv komplettering för ett skal · Print completions for a shell
    Completions(completions::CompletionsArgs),
    /// Skriv manualsidor till en mapp · Write man pages to a folder
    Man(man::ManArgs),
    /// Visa hjälp om ett kommando · Print the help of a command
    Help(help::HelpArgs),
    /// Carries out orders from standard input; used by `--jobs`, `pack` and `serve`.
    #[command(hide = true)]
    Worker,
    /// Measures warm renders in one process; used by the benchmarks.
    #[command(hide = true)]
    BenchInprocess(bench_inprocess::BenchArgs),
}
