//! The command line of `sigill sign` and `sigill verify`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};

use crate::args::{Format, Language};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SignArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SignCommand>,
    #[command(flatten)]
    pub(crate) direct: DirectArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// Gör en fil redo att undertecknas någon annanstans · Make a file ready to be signed elsewhere
    Prepare(PrepareArgs),
    /// Sätt in en underskrift som gjorts någon annanstans · Put in a signature made elsewhere
    Complete(CompleteArgs),
    /// Lyft en undertecknad fil till LT eller LTA, eller förnya den · Bring a signed file to LT or LTA, or renew it
    Extend(ExtendArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelName {
    /// Underskriften ensam · The signature alone
    B,
    /// Med tidsstämpel · With a timestamp
    T,
    /// Med underlag för senare kontroll · With evidence for later checks
    Lt,
    /// Med tidsstämpel över allt · With a timestamp over everything
    Lta,
}

impl From<LevelName> for sigill_sign::Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::B => Self::B,
            LevelName::T => Self::T,
            LevelName::Lt => Self::Lt,
            LevelName::Lta => Self::Lta,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DigestName {
    /// SHA-256, för RSA och P-256 · for RSA and P-256
    Sha256,
    /// SHA-384, för P-384 · for P-384
    Sha384,
}

/// Required, but not beside a subcommand.
#[derive(Debug, Args)]
pub(crate) struct DirectArgs {
    /// PDF-fil med underskriftsfält · PDF file with signature fields
    #[arg(value_name = "PDF", required = true)]
    pub(crate) pdf: Option<PathBuf>,
    /// Den undertecknade filen · The signed file
    #[arg(short, long, value_name = "FIL", required = true)]
    pub(crate) output: Option<PathBuf>,
    /// Underskriftsfältets namn · Name of the signature field
    #[arg(long, value_name = "NAMN", required = true)]
    pub(crate) field: Option<String>,
    /// Nyckel och certifikat i PKCS#12 · Key and certificates in PKCS#12
    #[arg(long, value_name = "FIL", conflicts_with = "key")]
    pub(crate) p12: Option<PathBuf>,
    /// Nyckel i PEM · Key in PEM
    #[arg(long, value_name = "FIL", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Nyckel i hårdvara: tillverkarens PKCS#11-bibliotek · Key in hardware: its maker's PKCS#11 library
    #[cfg(feature = "pkcs11")]
    #[arg(long, value_name = "FIL", requires_all = ["token", "key_label", "cert"], conflicts_with_all = ["p12", "key"])]
    pub(crate) pkcs11: Option<PathBuf>,
    /// Hårdvarans namn · Label of the token
    #[cfg(feature = "pkcs11")]
    #[arg(long, value_name = "NAMN")]
    pub(crate) token: Option<String>,
    /// Nyckelns namn i hårdvaran · Label of the key in the token
    #[cfg(feature = "pkcs11")]
    #[arg(long, value_name = "NAMN")]
    pub(crate) key_label: Option<String>,
    /// Certifikat i PEM, undertecknarens och utfärdarnas · Certificates in PEM, the signer's and the issuers'
    #[arg(long, value_name = "FIL")]
    pub(crate) cert: Option<PathBuf>,
    /// Miljövariabel som har nyckelns lösenord · Environment variable that holds the key's password
    #[arg(long, value_name = "VARIABEL")]
    pub(crate) password_env: Option<String>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    #[command(flatten)]
    pub(crate) level: LevelArgs,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

/// What the signature shows.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LookArgs {
    /// Undertecknarens titel, som visas · The signer's title, which is shown
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Varför filen undertecknas · Why the file is signed
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Var filen undertecknas · Where the file is signed
    #[arg(long, value_name = "TEXT")]
    pub(crate) location: Option<String>,
    /// Bild bredvid namnet (png, jpeg, svg) · Picture beside the name
    #[arg(long, value_name = "FIL")]
    pub(crate) image: Option<PathBuf>,
    /// Organisationens stämpel i stället för en persons underskrift · The organisation's seal instead of a person's signature
    #[arg(long)]
    pub(crate) seal: bool,
}

/// What it takes to reach a level.
#[derive(Debug, Clone, Args)]
pub(crate) struct LevelArgs {
    /// PAdES-nivå · PAdES level
    #[arg(long, value_enum, default_value = "b", value_name = "NIVÅ")]
    pub(crate) level: LevelName,
    /// Tidsstämplingstjänst, från nivå t · Timestamp service, from level t on
    #[arg(long, value_name = "ADRESS")]
    pub(crate) tsa: Option<String>,
    /// Mapp eller fil med betrodda certifikat · Folder or file with trusted certificates
    #[arg(long, value_name = "MAPP|FIL")]
    pub(crate) trust: Vec<PathBuf>,
    /// Underteckna fast certifikatet inte gäller · Sign although the certificate is not valid
    #[arg(long)]
    pub(crate) force: bool,
    /// Tid i stället för klockans (2026-11-22T10:00:00Z) · Time instead of the clock's
    #[arg(long, value_name = "TID", value_parser = time)]
    pub(crate) at: Option<DateTime<Utc>>,
}

/// How the outcome is told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ToldArgs {
    /// Hur resultatet skrivs · How the result is written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
    /// Språk i meddelanden · Language of messages
    #[arg(long, value_enum, default_value = "sv")]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct PrepareArgs {
    /// PDF-fil med underskriftsfält · PDF file with signature fields
    #[arg(value_name = "PDF")]
    pub(crate) pdf: PathBuf,
    /// Den förberedda filen · The prepared file
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: PathBuf,
    /// Tillståndet, med kontrollsumma och attribut, som JSON · The state, with digest and attributes, as JSON
    #[arg(long, value_name = "FIL")]
    pub(crate) state: PathBuf,
    /// Underskriftsfältets namn · Name of the signature field
    #[arg(long, value_name = "NAMN")]
    pub(crate) field: String,
    /// Undertecknarens certifikat i PEM, om det är känt · The signer's certificate in PEM, if it is known
    #[arg(long, value_name = "FIL")]
    pub(crate) cert: Option<PathBuf>,
    /// Kontrollsumma, när certifikatet inte är känt · Digest, when the certificate is not known
    #[arg(long, value_enum, default_value = "sha256", value_name = "SLAG")]
    pub(crate) digest: DigestName,
    /// Namn som visas, när certifikatet inte är känt · Name that is shown, when the certificate is not known
    #[arg(long, value_name = "NAMN")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Tid i stället för klockans (2026-11-22T10:00:00Z) · Time instead of the clock's
    #[arg(long, value_name = "TID", value_parser = time)]
    pub(crate) at: Option<DateTime<Utc>>,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompleteArgs {
    /// Den förberedda filen · The prepared file
    #[arg(value_name = "PDF")]
    pub(crate) pdf: PathBuf,
    /// Den undertecknade filen · The signed file
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: PathBuf,
    /// Tillståndet från prepare · The state from prepare
    #[arg(long, value_name = "FIL")]
    pub(crate) state: PathBuf,
    /// Underskriften som rena byte · The signature as plain bytes
    #[arg(long, value_name = "FIL")]
    pub(crate) signature: PathBuf,
    /// Certifikat i PEM, undertecknarens först · Certificates in PEM, the signer's first
    #[arg(long, value_name = "FIL")]
    pub(crate) cert: PathBuf,
    /// De undertecknade attributen i DER, om tjänsten ändrade dem · The signed attributes in DER, if the service altered them
    #[arg(long, value_name = "FIL")]
    pub(crate) attributes: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) level: LevelArgs,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExtendArgs {
    /// Undertecknad PDF-fil · Signed PDF file
    #[arg(value_name = "PDF")]
    pub(crate) pdf: PathBuf,
    /// Den nya filen · The new file
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: PathBuf,
    /// PAdES-nivå · PAdES level
    #[arg(long, value_enum, default_value = "lta", value_name = "NIVÅ")]
    pub(crate) level: LevelName,
    /// Tidsstämplingstjänst · Timestamp service
    #[arg(long, value_name = "ADRESS")]
    pub(crate) tsa: Option<String>,
    /// Mapp eller fil med betrodda certifikat · Folder or file with trusted certificates
    #[arg(long, value_name = "MAPP|FIL")]
    pub(crate) trust: Vec<PathBuf>,
    /// Tid i stället för klockans (2026-11-22T10:00:00Z) · Time instead of the clock's
    #[arg(long, value_name = "TID", value_parser = time)]
    pub(crate) at: Option<DateTime<Utc>>,
    #[command(flatten)]
    pub(crate) told: ToldArgs,
}

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
    pub(crate) told: ToldArgs,
}

fn time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|t| t.to_utc())
        .map_err(|_| "skriv tiden som · write the time as 2026-11-22T10:00:00Z".to_owned())
}
