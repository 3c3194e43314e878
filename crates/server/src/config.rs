//! Configuration of the service: a TOML file in which every key may be left out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use sigill_messages::joined;

use crate::messages::config;

/// Largest number that a limit can be.
const MOST: u64 = 1_000_000;

mod bounds;

/// The whole configuration. `sigill serve` without a file runs with [`Config::default`], on loopback.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Names that the service is known by, beside those of the own machine: the host part of its addresses.
    pub hosts: Vec<String>,
    /// Folder of the service's own: the queue's SQLite file lies here.
    pub data: PathBuf,
    /// Address of a PostgreSQL database (`postgres://…`) for the queue, so that several machines share it.
    pub database: Option<String>,
    /// Limits.
    pub limits: Limits,
    /// Who may use the service.
    pub access: Access,
    /// Signing and verifying.
    pub sign: Sign,
    /// Layouts and fonts beside those built in.
    pub layouts: Layouts,
    /// Where the audit lines go: a file, or standard output when left out.
    pub audit: Option<PathBuf>,
    /// Whether each audit line is on the disk before the document is handed out.
    pub audit_sync: bool,
    /// Size in megabytes at which the audit's file is put aside under a number and begun anew; 0 means never.
    pub audit_mb: u64,
    /// Whether nothing is made or signed while the audit cannot be written.
    pub audit_required: bool,
    /// The municipality's own profile: the first to choose, and that of reports on signatures.
    pub profile: Option<String>,
}

/// Limits on what one request, one worker and all of them may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest body of a document's request, in megabytes (10⁶ bytes).
    pub body_mb: u64,
    /// Largest body of a pack's request, in megabytes.
    pub pack_mb: u64,
    /// Most files in a request.
    pub files: usize,
    /// Most pages of one document.
    pub pages: usize,
    /// Seconds that one document, check or signature may take.
    pub render_seconds: u64,
    /// Seconds that one pack may take.
    pub pack_seconds: u64,
    /// Memory of a worker process, in megabytes of address space.
    pub memory_mb: u64,
    /// Memory of a process that makes a pack, in megabytes of address space.
    pub pack_memory_mb: u64,
    /// Worker processes for documents; 0 means as many as there are cores.
    pub workers: usize,
    /// Requests that may wait for a worker before others are turned away with 503; one caller's may be half of them.
    pub waiting: usize,
    /// Connections open at a time.
    pub connections: usize,
    /// Connections of one address open at a time.
    pub connections_per_address: usize,
    /// Seconds a client may take to send the head of a request.
    pub head_seconds: u64,
    /// Seconds a client may be silent while it sends a body.
    pub silent_seconds: u64,
    /// Seconds a whole body may take.
    pub body_seconds: u64,
    /// Seconds a client may take nothing of what it is sent.
    pub send_seconds: u64,
    /// Megabytes that have to be free on the disk of the data folder for packs to be taken in.
    pub free_disk_mb: u64,
    /// Packs made at a time by this machine; 0 means none, so that it only takes them in.
    pub jobs: usize,
    /// Packs of all callers that may wait before others are turned away with 503.
    pub queued_jobs: u64,
    /// Hours that a finished job and its result are kept.
    pub keep_hours: u64,
    /// Seconds that running work gets to finish when the service is told to stop.
    pub stop_seconds: u64,
}

/// Who may use the service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Whether a key or token is required. Left out: yes as soon as a key or `oidc` is configured. It can be off on
    /// loopback only.
    pub required: Option<bool>,
    /// API keys.
    pub keys: Vec<Key>,
    /// Single sign-on.
    pub oidc: Option<Oidc>,
}

/// An API key, as `sigill api-key` prints it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Whose it is; stands in audit lines.
    pub name: String,
    /// SHA-256 of the key, in hexadecimal.
    pub sha256: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Last day it is valid (UTC), ISO 8601, as text or as a date of TOML.
    #[serde(default, deserialize_with = "day")]
    pub expires: Option<chrono::NaiveDate>,
    /// Most requests a minute; 0 means no limit.
    #[serde(default = "Key::per_minute")]
    pub per_minute: u32,
    /// Most requests at a time; 0 means no limit.
    #[serde(default = "Key::at_a_time")]
    pub at_a_time: usize,
    /// Most megabytes that its jobs and what they made may take up; 0 means no limit.
    #[serde(default = "Key::disk_mb")]
    pub disk_mb: u64,
}

impl Key {
    pub(crate) fn disk_mb() -> u64 {
        20_000
    }

    pub(crate) fn per_minute() -> u32 {
        600
    }

    pub(crate) fn at_a_time() -> usize {
        16
    }
}

/// A day, as text or as a date of TOML: whoever knows TOML leaves the quotation marks out.
fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<chrono::NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Text(String),
        Date(toml::value::Datetime),
    }
    let text = match Day::deserialize(from)? {
        Day::Text(text) => text,
        Day::Date(date) => date.to_string(),
    };
    let wrong = |_| serde::de::Error::custom(joined(&config::Day { given: &text }));
    text.parse().map(Some).map_err(wrong)
}

/// Single sign-on by OpenID Connect: bearer tokens are checked against the issuer's keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The issuer, exactly as in the tokens; its `/.well-known/openid-configuration` names the keys.
    pub issuer: String,
    /// The audience that tokens must have.
    pub audience: String,
    /// The client that the web page signs in as; left out, the page asks for a key instead.
    #[serde(default)]
    pub client_id: Option<String>,
    /// What the web page asks the issuer for; some issuers give a token for this service only when it is named here.
    #[serde(default = "Oidc::request_scope")]
    pub request_scope: String,
    /// The claim that tells groups or roles: `groups`, or `realm_access.roles` for one within another.
    #[serde(default)]
    pub claim: Option<String>,
    /// The value of the claim that is needed for each scope: `pack = "sigill-sekreterare"`.
    #[serde(default)]
    pub values: std::collections::BTreeMap<Scope, String>,
    /// What every token may be used for, whatever the claim says.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// Most requests a minute of one person.
    #[serde(default = "Key::per_minute")]
    pub per_minute: u32,
    /// Most requests at a time of one person.
    #[serde(default = "Key::at_a_time")]
    pub at_a_time: usize,
    /// Most megabytes that the jobs of one person, and what they made, may take up.
    #[serde(default = "Key::disk_mb")]
    pub disk_mb: u64,
}

impl Oidc {
    pub(crate) fn request_scope() -> String {
        "openid profile".to_owned()
    }
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, utoipa::ToSchema)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
#[derive(strum::Display, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
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

/// Signing and verifying.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sign {
    /// Address of the timestamp service, needed for the levels t, lt and lta.
    pub tsa: Option<String>,
    /// Folders and files with trusted certificates.
    pub trust: Vec<PathBuf>,
    /// Whether verifying may fetch revocation that a file does not tell.
    pub online: bool,
}

/// Layouts and fonts beside those built in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layouts {
    /// Folders with `kinds/` and `profiles/`.
    pub folders: Vec<PathBuf>,
    /// Folders with fonts (ttf, otf).
    pub fonts: Vec<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8600)),
            hosts: Vec::new(),
            data: PathBuf::from("sigill-data"),
            database: None,
            limits: Limits::default(),
            access: Access::default(),
            sign: Sign::default(),
            layouts: Layouts::default(),
            audit: None,
            audit_sync: false,
            audit_mb: 0,
            audit_required: false,
            profile: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_mb: 60,
            pack_mb: 600,
            files: 1000,
            pages: 1000,
            render_seconds: 30,
            pack_seconds: 900,
            memory_mb: 3000,
            pack_memory_mb: 6000,
            workers: 0,
            waiting: 256,
            connections: 2048,
            connections_per_address: 1024,
            head_seconds: 10,
            silent_seconds: 15,
            body_seconds: 300,
            send_seconds: 20,
            free_disk_mb: 200,
            jobs: 1,
            queued_jobs: 200,
            keep_hours: 24,
            stop_seconds: 60,
        }
    }
}

impl Limits {
    /// Time that one document may take.
    pub(crate) fn render_time(&self) -> Duration {
        Duration::from_secs(self.render_seconds)
    }

    /// Worker processes for documents.
    pub(crate) fn worker_count(&self) -> usize {
        if self.workers > 0 { self.workers } else { std::thread::available_parallelism().map_or(2, usize::from) }
    }
}

impl Config {
    /// Reads a configuration; folders in it are relative to the file's own.
    ///
    /// # Errors
    /// What is wrong, in Swedish and English, with line and column.
    pub fn read(text: &str, folder: &Path) -> Result<Self, String> {
        let mut config: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        let places = [&mut config.sign.trust, &mut config.layouts.folders, &mut config.layouts.fonts];
        let places = places.into_iter().flatten().chain([&mut config.data]).chain(&mut config.audit);
        for place in places {
            *place = folder.join(&*place);
        }
        config.check()?;
        Ok(config)
    }

    /// Whether callers must show who they are.
    pub fn access_required(&self) -> bool {
        self.access.required.unwrap_or(!self.access.keys.is_empty() || self.access.oidc.is_some())
    }

    /// Refuses what would be unsafe or cannot work.
    ///
    /// # Errors
    /// What is wrong, in Swedish and English.
    pub fn check(&self) -> Result<(), String> {
        if !self.access_required() && !self.listen.ip().is_loopback() {
            return Err(joined(&config::Open { address: &self.listen }));
        }
        if self.access_required() && self.access.keys.is_empty() && self.access.oidc.is_none() {
            return Err(joined(&config::Closed));
        }
        let whole = [
            ("body_mb", self.limits.body_mb),
            ("pack_mb", self.limits.pack_mb),
            ("files", self.limits.files as u64),
            ("pages", self.limits.pages as u64),
            ("render_seconds", self.limits.render_seconds),
            ("pack_seconds", self.limits.pack_seconds),
            ("memory_mb", self.limits.memory_mb),
            ("pack_memory_mb", self.limits.pack_memory_mb),
            ("waiting", self.limits.waiting as u64),
            ("connections", self.limits.connections as u64),
            ("head_seconds", self.limits.head_seconds),
            ("silent_seconds", self.limits.silent_seconds),
            ("body_seconds", self.limits.body_seconds),
            ("keep_hours", self.limits.keep_hours),
        ];
        for (key, value) in whole {
            if value == 0 || value > MOST {
                return Err(joined(&config::Limit { key: &key, value: &value, most: &MOST }));
            }
        }
        let (limits, most) = (&self.limits, 100_000_000);
        let keys = self.access.keys.iter().map(|key| ("access.keys: disk_mb", key.disk_mb, 0, most));
        let oidc = self.access.oidc.iter().map(|oidc| ("access.oidc.disk_mb", oidc.disk_mb, 0, most));
        let fixed = [
            ("limits.connections_per_address", limits.connections_per_address as u64, 1, 1_000_000),
            ("limits.send_seconds", limits.send_seconds, 1, 1_000_000),
            ("limits.free_disk_mb", limits.free_disk_mb, 0, most),
            // Each is a process, or several.
            ("limits.workers", limits.workers as u64, 0, 1024),
            ("limits.jobs", limits.jobs as u64, 0, 256),
            ("limits.queued_jobs", limits.queued_jobs, 1, 1_000_000),
            ("limits.stop_seconds", limits.stop_seconds, 0, 86_400),
            ("audit_mb", self.audit_mb, 0, 1_000_000),
        ];
        bounds::numbers(fixed.into_iter().chain(keys).chain(oidc))?;
        self.sign.tsa.as_deref().map_or(Ok(()), bounds::tsa)?;
        self.hosts.iter().try_for_each(|name| bounds::host(name))?;
        if self.audit_required && self.audit.is_none() {
            return Err(joined(&config::NoAudit));
        }
        Ok(())
    }
}
