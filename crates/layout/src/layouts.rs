//! Layout packages and profiles: those in the binary, and folders of others that work the same way.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use include_dir::{Dir, include_dir};
use serde_json::Value;
use sigill_model::Diagnostic;
use sigill_model::kinds::{self, Declared};
use sigill_model::messages::lay002;
use sigill_model::profile::Profile;
use sigill_model::schema::KindSchema;
use typst::foundations::Bytes;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};

use crate::manifest::Manifest;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../layouts");

/// A file of a layout; Typst is parsed once, when it is first needed.
#[derive(Clone)]
pub(crate) struct LayoutFile {
    pub(crate) bytes: Bytes,
    source: OnceLock<Option<Source>>,
}

impl LayoutFile {
    fn new(bytes: Bytes) -> Self {
        Self { bytes, source: OnceLock::new() }
    }

    pub(crate) fn source(&self, id: FileId) -> Option<Source> {
        let parse = || Some(Source::new(id, std::str::from_utf8(self.bytes.as_slice()).ok()?.to_owned()));
        self.source.get_or_init(parse).clone()
    }
}

/// A kind of document that can be set.
#[derive(Debug, Clone)]
pub struct KindLayout {
    /// Name in models.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// What it is for.
    pub purpose: String,
    /// The same in English; empty when nothing tells it.
    pub purpose_en: String,
    /// Its schema.
    pub schema: Arc<KindSchema>,
    /// What its manifest declares.
    pub declared: Arc<Declared>,
    /// Whether it comes from a folder given with `--layouts`.
    pub plugin: bool,
}

/// What is wrong with a layout package or profile.
#[derive(Debug, Clone)]
pub struct LayoutError {
    /// File within the layouts folder.
    pub file: String,
    /// What is wrong.
    pub diagnostic: Box<Diagnostic>,
}

/// What has been read once, by name.
type Read<T> = Mutex<BTreeMap<String, Result<T, LayoutError>>>;

/// All layouts and profiles at hand. Manifests, schemas and profiles are read once, when they are first asked for.
#[derive(Clone)]
pub struct Layouts {
    files: BTreeMap<String, LayoutFile>,
    plugin_files: Vec<String>,
    kinds: Arc<Read<KindLayout>>,
    profiles: Arc<Read<Profile>>,
}

/// What is kept of a name, or what reading gives, which is kept from then on.
fn once<T: Clone>(kept: &Read<T>, name: &str, read: impl FnOnce() -> Result<T, LayoutError>) -> Result<T, LayoutError> {
    // Nothing panics while the lock is held; and if it did, what is in it would be whole.
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(name.to_owned()).or_insert_with(read).clone()
}

pub(crate) fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl Layouts {
    /// The layouts in the binary.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self { files, plugin_files: Vec::new(), kinds: Arc::default(), profiles: Arc::default() }
    }

    /// Adds a folder with `kinds/` and `profiles/`. Its files win over those in the binary.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn add_folder(&mut self, folder: &Path) -> std::io::Result<()> {
        (self.kinds, self.profiles) = (Arc::default(), Arc::default());
        for (path, bytes) in crate::files::read_tree(folder)? {
            let known = path.starts_with("kinds/") || path.starts_with("profiles/");
            if known {
                self.plugin_files.push(path.clone());
                self.files.insert(path, LayoutFile::new(Bytes::new(bytes)));
            }
        }
        Ok(())
    }

    pub(crate) fn file(&self, id: FileId) -> Option<&LayoutFile> {
        self.files.get(id.get().vpath().get_without_slash())
    }

    /// Contents of a file, by its path below `layouts/`.
    pub fn read(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|f| f.bytes.as_slice())
    }

    fn names(&self, folder: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            self.files.keys().filter_map(|p| p.strip_prefix(folder)?.split_once('/')).map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    /// Names of all kinds.
    pub fn kind_names(&self) -> Vec<&str> {
        self.names("kinds/")
    }

    /// Names of all profiles.
    pub fn profile_names(&self) -> Vec<&str> {
        self.names("profiles/")
    }

    /// Whether a file comes from a folder rather than the binary.
    pub fn is_plugin(&self, path: &str) -> bool {
        self.plugin_files.iter().any(|p| p.starts_with(path))
    }

    /// A kind by name: `None` when there is none.
    ///
    /// # Errors
    /// When the package is broken.
    pub fn kind(&self, name: &str) -> Option<Result<KindLayout, LayoutError>> {
        let folder = format!("kinds/{name}");
        if name.contains('/') || !self.kind_names().contains(&name) {
            return None;
        }
        Some(once(&self.kinds, name, || self.read_kind(name, &folder)))
    }

    fn read_kind(&self, name: &str, folder: &str) -> Result<KindLayout, LayoutError> {
        let path = format!("{folder}/typst.toml");
        let manifest = self.manifest(&path)?;
        if manifest.name != name {
            let other = lay002::PackageName { given: &manifest.name, folder: &name };
            return Err(fault(path, other.at("")));
        }
        if self.read(&format!("{folder}/lib.typ")).is_none() {
            return Err(missing(format!("{folder}/lib.typ")));
        }
        let schema_path = format!("{folder}/schema.json");
        let bytes = self.read(&schema_path).ok_or_else(|| missing(schema_path.clone()))?;
        let schema: Value = serde_json::from_slice(bytes)
            .map_err(|e| fault(schema_path, lay002::SchemaNotJson { reason: &e }.at("")))?;
        let schema = KindSchema::new(schema);
        let declared = manifest.tool.declared(&schema).map_err(|d| fault(path, *d))?;
        // What the manifest says goes first; of its own kinds the program knows what they are for.
        let built_in = kinds::kind(name);
        let told = |key: &str| schema.root().get(key).and_then(Value::as_str).map(str::to_owned);
        let tool = manifest.tool;
        let title = tool.title.or_else(|| told("title")).unwrap_or_else(|| name.to_owned());
        let purpose_en = tool.purpose_en.or_else(|| built_in.map(|kind| kind.purpose_en.to_owned()));
        Ok(KindLayout {
            name: name.to_owned(),
            title_en: tool.title_en.or_else(|| told("x-title-en")).unwrap_or_else(|| title.clone()),
            title,
            purpose: tool.purpose.unwrap_or_else(|| built_in.map_or(manifest.description, |k| k.purpose.to_owned())),
            purpose_en: purpose_en.or_else(|| told("description")).unwrap_or_default(),
            schema: Arc::new(schema),
            declared: Arc::new(declared),
            plugin: self.is_plugin(folder),
        })
    }

    fn manifest(&self, path: &str) -> Result<Manifest, LayoutError> {
        let text = self.read(path).and_then(|b| std::str::from_utf8(b).ok());
        let text = text.ok_or_else(|| missing(path.to_owned()))?;
        Manifest::read(text).map_err(|d| fault(path.to_owned(), *d))
    }

    /// A profile by name: `None` when there is none.
    ///
    /// # Errors
    /// When the profile is broken.
    pub fn profile(&self, name: &str) -> Option<Result<Profile, LayoutError>> {
        if name.contains('/') || !self.profile_names().contains(&name) {
            return None;
        }
        Some(once(&self.profiles, name, || self.read_profile(name)))
    }

    fn read_profile(&self, name: &str) -> Result<Profile, LayoutError> {
        let path = format!("profiles/{name}/profile.json");
        let Some(bytes) = self.read(&path) else {
            return Err(missing(path));
        };
        let (profile, _, found) = Profile::read(bytes);
        match profile {
            Some(p) if p.id == name => Ok(p),
            Some(p) => Err(fault(path, lay002::ProfileId { given: &p.id, folder: &name }.at(""))),
            None => {
                let first = found.into_iter().next();
                Err(fault(path, first.unwrap_or_else(|| lay002::ProfileUnreadable.at(""))))
            }
        }
    }

    /// Whether a profile brings Typst code of its own.
    pub(crate) fn profile_has_code(&self, name: &str) -> bool {
        self.read(&format!("profiles/{name}/profile.typ")).is_some()
    }
}

fn fault(file: String, diagnostic: Diagnostic) -> LayoutError {
    LayoutError { file, diagnostic: Box::new(diagnostic) }
}

/// A file that a package or profile must have, by its path.
fn missing(path: String) -> LayoutError {
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    fault(path, lay002::FileMissing { file: &name }.at(""))
}

fn collect(dir: &'static Dir<'_>, files: &mut BTreeMap<String, LayoutFile>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.insert(path, LayoutFile::new(Bytes::new(file.contents())));
    }
    for below in dir.dirs() {
        collect(below, files);
    }
}
