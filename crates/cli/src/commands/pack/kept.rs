//! Parts of a pack kept beside it, so that a second run makes only what has changed.
#![expect(clippy::disallowed_methods, reason = "the shell keeps files")]

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sigill_make::files::write_whole;
use sigill_pack::store::{self, PartStore};

use crate::setup::SetupArgs;

/// A folder beside the pack. It holds what the pack holds, and only what the last run used.
pub(super) struct PartCache {
    folder: PathBuf,
    /// Digest of all that every part depends on: this program, layouts and fonts of one's own.
    ground: String,
    used: Mutex<HashSet<String>>,
    fresh: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl PartCache {
    /// The folder of a pack: `.pack.pdf.delar` beside `pack.pdf`.
    pub(super) fn beside(target: &Path, setup: &SetupArgs) -> Option<Self> {
        let folder = folder(target)?;
        let ground = ground(setup)?;
        Some(Self { folder, ground, used: Mutex::default(), fresh: Mutex::default() })
    }

    fn name(&self, key: &str) -> String {
        store::key(&[self.ground.as_bytes(), key.as_bytes()])
    }

    /// Keeps the parts of a run that made a pack, and forgets those it did not use. That it cannot is no failure of the
    /// run: the next one takes longer.
    pub(super) fn settle(self) {
        let fresh = self.fresh.into_inner().unwrap_or_default();
        let used = self.used.into_inner().unwrap_or_default();
        for (name, part) in &fresh {
            if write_whole(&self.folder.join(name), part).is_err() {
                return;
            }
        }
        clear(&self.folder, |name| used.contains(name) || fresh.contains_key(name));
    }

    /// Forgets all that is kept beside a pack.
    pub(super) fn forget(target: &Path) {
        if let Some(folder) = folder(target) {
            clear(&folder, |_| false);
            // Only when nothing of others is in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl PartStore for PartCache {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let name = self.name(key);
        let part = fs::read(self.folder.join(&name)).ok()?;
        self.used.lock().ok()?.insert(name);
        Some(part)
    }

    fn put(&self, key: &str, value: Vec<u8>) {
        if let Ok(mut fresh) = self.fresh.lock() {
            fresh.insert(self.name(key), value);
        }
    }
}

/// The folder of a pack's parts; none when something else stands there: a link would lead to what is not ours.
fn folder(target: &Path) -> Option<PathBuf> {
    let name = target.file_name()?.to_string_lossy();
    let folder = target.with_file_name(format!(".{name}.delar"));
    match fs::symlink_metadata(&folder) {
        Ok(found) => found.is_dir().then_some(folder),
        Err(_) => Some(folder),
    }
}

/// Removes parts that are not to stay. Only what has the name of a part and is a file is ours.
fn clear(folder: &Path, stays: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let part = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
        if part && entry.file_type().is_ok_and(|kind| kind.is_file()) && !stays(&name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Digest of this program and of all files in the folders named on the command line; `None` when they cannot be read.
fn ground(setup: &SetupArgs) -> Option<String> {
    let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let made = program.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let program = format!("{} {} {}", env!("CARGO_PKG_VERSION"), program.len(), made.as_nanos());
    let mut parts = vec![program.into_bytes()];
    for folder in setup.dirs.layouts.iter().chain(&setup.fonts) {
        let mut files = Vec::new();
        files_below(folder, &mut files, 0);
        files.sort();
        for file in files {
            parts.push(file.to_string_lossy().into_owned().into_bytes());
            parts.push(fs::read(&file).ok()?);
        }
    }
    Some(store::key(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

fn files_below(folder: &Path, out: &mut Vec<PathBuf>, depth: usize) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_file() {
            out.push(path);
        } else if depth < 8 {
            files_below(&path, out, depth + 1);
        }
    }
}
