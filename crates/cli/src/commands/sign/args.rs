//! The command line of `sigill sign`.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use sigill_make::orders::{Digest, Level};

use sigill_messages::Texts;

use crate::messages::sign as texts;
use crate::setup::SetupArgs;
use crate::told::{ToldArgs, time};

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
    /// Lägg in ett tomt underskriftsfält i en PDF · Put an empty signature field in a PDF
    Reserve(ReserveArgs),
    /// Gör en fil redo att undertecknas någon annanstans · Make a file ready to be signed elsewhere
    Prepare(PrepareArgs),
    /// Sätt in en underskrift som gjorts någon annanstans · Put in a signature made elsewhere
    Complete(CompleteArgs),
    /// Lyft en undertecknad fil till LT eller LTA, eller förnya den · Bring a signed file to LT or LTA, or renew it
    Extend(ExtendArgs),
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
    pub(crate) setup: SetupArgs,
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

impl LookArgs {
    /// Files that the look is made of.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.image.as_deref().into_iter()
    }
}

/// What it takes to reach a level.
#[derive(Debug, Clone, Args)]
pub(crate) struct LevelArgs {
    /// PAdES-nivå · PAdES level
    #[arg(long, value_enum, default_value = "b", value_name = "NIVÅ")]
    pub(crate) level: Level,
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
    pub(crate) digest: Digest,
    /// Namn som visas, när certifikatet inte är känt · Name that is shown, when the certificate is not known
    #[arg(long, value_name = "NAMN")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Tid i stället för klockans (2026-11-22T10:00:00Z) · Time instead of the clock's
    #[arg(long, value_name = "TID", value_parser = time)]
    pub(crate) at: Option<DateTime<Utc>>,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
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

/// Left, bottom, right and top in points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rectangle(pub(crate) [f64; 4]);

fn rectangle(text: &str) -> Result<Rectangle, String> {
    let sides: Option<Vec<f64>> =
        text.split(',').map(|n| n.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    match sides.as_deref() {
        Some(&[left, bottom, right, top]) if left < right && bottom < top => Ok(Rectangle([left, bottom, right, top])),
        _ => Err(Texts::of(&texts::NoRectangle).joined()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReserveArgs {
    /// PDF-fil som ingen har undertecknat · PDF file that nobody has signed
    #[arg(value_name = "PDF")]
    pub(crate) pdf: PathBuf,
    /// Filen med fältet · The file with the field
    #[arg(short, long, value_name = "FIL")]
    pub(crate) output: PathBuf,
    /// Fältets namn · Name of the field
    #[arg(long, value_name = "NAMN")]
    pub(crate) field: String,
    /// Sida, från 1 · Page, from 1
    #[arg(long, value_name = "SIDA", default_value_t = 1)]
    pub(crate) page: usize,
    /// Vänster, nederkant, höger och överkant i punkter från sidans nedre vänstra hörn · Left, bottom, right and top in
    /// points from the page's lower left corner
    #[arg(long, value_name = "V,N,H,Ö", value_parser = rectangle, allow_hyphen_values = true)]
    pub(crate) rect: Rectangle,
    /// Vad fältet är, för den som inte ser det · What the field is, for those who do not see it
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
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
    pub(crate) level: Level,
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
