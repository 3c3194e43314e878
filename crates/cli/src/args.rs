//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sigill_layout::Standard;

use crate::sign_args::{SignArgs, VerifyArgs};
use crate::sign_reserve::Reserve;

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
    Render(RenderArgs),
    /// Granska rapporter utan att göra PDF · Check reports without rendering
    Check(CheckArgs),
    /// Samla en kallelse och alla dess handlingar i en PDF · Gather a kallelse and its documents in one PDF
    Pack(PackArgs),
    /// Underteckna en PDF · Sign a PDF
    Sign(Box<SignArgs>),
    /// Kontrollera underskrifterna i en PDF · Verify the signatures of a PDF
    Verify(VerifyArgs),
    /// Visa en dokumenttyps JSON Schema · Print the JSON Schema of a kind
    Schema(KindArgs),
    /// Skriv ut en mall att börja från · Print a template to start from
    New(KindArgs),
    /// Lista dokumenttyper · List kinds of document
    Kinds(LayoutDirs),
    /// Lista kommunprofiler · List municipality profiles
    Profiles(LayoutDirs),
    /// För den som gör layouter: lista, granska, börja en ny · For authors of layouts
    Layouts(LayoutsArgs),
    /// Kör tjänsten: HTTP och webbsida · Run the service: HTTP and web page
    Serve(ServeArgs),
    /// Gör en API-nyckel till tjänsten · Make an API key for the service
    ApiKey(ApiKeyArgs),
    /// Ta ut den bifogade modellen ur en a-3a-fil · Extract the attached model from an a-3a file
    Extract(ExtractArgs),
    /// Skriv komplettering för ett skal · Print completions for a shell
    Completions {
        /// Skal · Shell
        shell: clap_complete::Shell,
    },
    /// Skriv manualsidor till en mapp · Write man pages to a folder
    Man {
        /// Mapp · Folder
        out: PathBuf,
    },
    /// Renders jobs from standard input; used by `--jobs`.
    #[command(hide = true)]
    Worker(SetupArgs),
    /// Writes one bilaga anew, from standard input to standard output; used by `pack`.
    #[command(hide = true)]
    BilagaWorker,
    /// Carries out orders of the service.
    #[command(hide = true)]
    ServiceWorker(ServiceWorkerArgs),
    /// Measures warm renders in one process; used by the benchmarks.
    #[command(hide = true)]
    BenchInprocess(BenchArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// För människor, med källraden · For people, with the source line
    Human,
    /// En JSON-rad per dokument · One JSON line per document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Svenska
    Sv,
    /// English
    En,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LayoutDirs {
    /// Mapp med egna kinds/ och profiles/ (flera går bra) · Folder with kinds/ and profiles/ of your own
    #[arg(long, value_name = "MAPP")]
    pub(crate) layouts: Vec<PathBuf>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SetupArgs {
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
    /// Mapp med egna typsnitt (ttf, otf) · Folder with fonts of your own
    #[arg(long, value_name = "MAPP")]
    pub(crate) fonts: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// Rapporter (.json), mappar, eller - för standard in · Reports, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Fil, mapp, eller - för standard ut; annars bredvid rapporten · File, folder or -; otherwise beside the report
    #[arg(short, long, value_name = "FIL|MAPP|-")]
    pub(crate) output: Option<PathBuf>,
    /// Kommunprofil i stället för rapportens egen · Profile instead of the report's own
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    /// a-2a+ua-1 | a-3a+ua-1 (modellen bifogas) | a-2u | a-1a | a-1b | none
    #[arg(long, default_value = "a-2a+ua-1", value_name = "STANDARD")]
    pub(crate) standard: Standard,
    /// Underskriftsrutor som blir fält · Signature blocks that become fields
    #[arg(long, value_enum, default_value = "digital", value_name = "RUTOR")]
    pub(crate) reserve: Reserve,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    /// Antal arbetsprocesser · Number of worker processes
    #[arg(long, short, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64), value_name = "N")]
    pub(crate) jobs: u16,
    /// Hur resultatet skrivs · How the result is written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Rapporter (.json), mappar, eller - för standard in · Reports, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Kommunprofil i stället för rapportens egen · Profile instead of the report's own
    #[arg(long, value_name = "PROFIL")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
    /// Hur anmärkningarna skrivs · How findings are written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CopyArg {
    /// För arkivet · For the archive
    Archive,
    /// För läsplattan · For tablets
    Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditionArg {
    /// Allt, för ledamöterna · Everything, for the members
    Full,
    /// För allmänheten · For the public
    Offentlig,
}

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
    pub(crate) copy: CopyArg,
    /// Fullständig, eller offentlig utan det som är sekretess eller personuppgift · Full, or public
    #[arg(long, value_enum, default_value = "full")]
    pub(crate) edition: EditionArg,
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
    /// Hur resultatet skrivs · How the result is written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct KindArgs {
    /// Dokumenttyp, se `sigill kinds` · Kind, see `sigill kinds`
    pub(crate) kind: String,
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
}

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// PDF-fil · PDF file
    pub(crate) pdf: PathBuf,
    /// Fil att skriva till; annars standard ut · File to write; otherwise standard output
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LayoutsArgs {
    #[command(subcommand)]
    pub(crate) command: LayoutsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LayoutsCommand {
    /// Lista layouter och profiler och var de kommer ifrån · List layouts and profiles and where they come from
    List(LayoutDirs),
    /// Granska en mapp med layouter: manifest, schema, exempel, PDF · Check a folder of layouts
    Check {
        /// Mapp med kinds/ och profiles/ · Folder with kinds/ and profiles/
        folder: PathBuf,
    },
    /// Börja en ny dokumenttyp · Start a new kind
    New {
        /// Namn: små bokstäver, siffror och - · Name: lower case letters, digits and -
        name: String,
        /// Mapp att lägga den i · Folder to put it in
        #[arg(long, default_value = "layouts")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Rapport · Report
    pub(crate) input: PathBuf,
    /// Threads that render at once.
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: usize,
    /// Renders per thread.
    #[arg(long, default_value_t = 100)]
    pub(crate) renders: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Adress och port att lyssna på, annars inställningarnas (127.0.0.1:8600) · Address and port to listen on
    #[arg(long, value_name = "ADRESS")]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// Inställningar i TOML; utan dem lyssnar tjänsten bara på den egna datorn · Configuration in TOML; without it the service stays on loopback
    #[arg(long, value_name = "FIL")]
    pub(crate) config: Option<PathBuf>,
    /// Mapp för kön, annars inställningarnas (sigill-data) · Folder for the queue
    #[arg(long, value_name = "MAPP")]
    pub(crate) data: Option<PathBuf>,
    /// Vad loggen tar med: error, warn, info, debug · What the log tells
    #[arg(long, value_name = "NIVÅ", default_value = "warn,sigill_server=info")]
    pub(crate) log: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    /// Göra och granska dokument · Make and check documents
    Render,
    /// Göra packar · Make packs
    Pack,
    /// Förbereda och slutföra underskrifter · Prepare and complete signatures
    Sign,
    /// Kontrollera underskrifter · Verify signatures
    Verify,
    /// Läsa mätvärden · Read metrics
    Metrics,
}

impl From<ScopeArg> for sigill_server::config::Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Render => Self::Render,
            ScopeArg::Pack => Self::Pack,
            ScopeArg::Sign => Self::Sign,
            ScopeArg::Verify => Self::Verify,
            ScopeArg::Metrics => Self::Metrics,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ApiKeyArgs {
    /// Vems nyckeln är; står i granskningsloggen · Whose key it is; stands in the audit log
    pub(crate) name: String,
    /// Vad nyckeln får användas till (flera går bra) · What the key may be used for
    #[arg(long, value_enum, required = true, value_name = "RÄTT")]
    pub(crate) scope: Vec<ScopeArg>,
    /// Sista dag nyckeln gäller (2027-12-31) · Last day the key is valid
    #[arg(long, value_name = "DAG")]
    pub(crate) expires: Option<chrono::NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct ServiceWorkerArgs {
    /// Address space, in megabytes.
    #[arg(long, default_value_t = 3000)]
    pub(crate) memory_mb: u64,
    /// Timestamp service.
    #[arg(long)]
    pub(crate) tsa: Option<String>,
    /// Trusted certificates.
    #[arg(long)]
    pub(crate) trust: Vec<PathBuf>,
    /// Whether verifying may fetch revocation.
    #[arg(long)]
    pub(crate) online: bool,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}
