//! Reading the files a report names, without leaving its folder.
#![expect(clippy::disallowed_methods, reason = "the one place where reports' files are read")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use sigill_model::Diagnostic;
use sigill_model::messages::{fil001, fil002, fil004};
use unicode_normalization::UnicodeNormalization as _;

/// Largest picture file read, in bytes.
const MAX_FILE: u64 = 50 * 1024 * 1024;

/// Where a report's files come from.
pub trait ReportFiles: Sync {
    /// Reads a file named in the model.
    ///
    /// # Errors
    /// A finding at `pointer`: absent, outside the folder, not a file, too large.
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>>;
}

/// No files at all: for reports that name none.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl ReportFiles for NoFiles {
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        Err(absent(name, pointer))
    }
}

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl ReportFiles for Folder {
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let path = Path::new(name);
        let stays = path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
        // Backslashes and drive letters climb out on Windows.
        if !stays || name.contains(['\\', ':', '\0']) || name.is_empty() {
            return Err(outside(name, pointer));
        }
        let root = self.0.canonicalize().map_err(|_| absent(name, pointer))?;
        let full = named(&root, path).canonicalize().map_err(|_| absent(name, pointer))?;
        // Links are followed before the comparison: a link must not lead out either.
        if !full.starts_with(&root) {
            return Err(outside(name, pointer));
        }
        let metadata = fs::metadata(&full).map_err(|_| absent(name, pointer))?;
        if !metadata.is_file() {
            return Err(absent(name, pointer));
        }
        let mut data = Vec::new();
        let file = File::open(&full).map_err(|e| unreadable(name, pointer, &e))?;
        file.take(MAX_FILE + 1).read_to_end(&mut data).map_err(|e| unreadable(name, pointer, &e))?;
        if data.len() as u64 > MAX_FILE {
            let megabytes = MAX_FILE / (1024 * 1024);
            return Err(Box::new(fil004::LargeFile { file: &name, megabytes: &megabytes }.at(pointer)));
        }
        Ok(data)
    }
}

/// The path of a name in a folder. A name with å, ä or ö is the same whether its letters are written as one sign or two:
/// a Mac stores them as two.
fn named(root: &Path, path: &Path) -> PathBuf {
    let mut full = root.to_path_buf();
    for part in path.components() {
        let direct = full.join(part);
        full = if direct.exists() { direct } else { alike(&full, part.as_os_str()).unwrap_or(direct) };
    }
    full
}

/// The one entry of a folder whose name is the same but for how its letters are composed.
fn alike(folder: &Path, name: &OsStr) -> Option<PathBuf> {
    let wanted: String = name.to_str()?.nfc().collect();
    let same = |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(|name| name.nfc().eq(wanted.chars()));
    let mut entries = fs::read_dir(folder).ok()?.flatten().filter(same);
    // Two of them: nobody can say which is meant.
    entries.next().filter(|_| entries.next().is_none()).map(|entry| entry.path())
}

fn absent(name: &str, pointer: &str) -> Box<Diagnostic> {
    Box::new(fil001::Absent { file: &name }.at(pointer))
}

fn outside(name: &str, pointer: &str) -> Box<Diagnostic> {
    Box::new(fil002::Outside { file: &name }.at(pointer))
}

fn unreadable(name: &str, pointer: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(fil001::Unreadable { file: &name, reason: error }.at(pointer))
}

/// Every file below a folder, with paths relative to it and `/` between parts, in order of name.
pub(crate) fn read_tree(root: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut out = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            // Links are left alone: a layout folder is copied and mailed, and must be whole in itself.
            let kind = fs::symlink_metadata(&path)?;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && kind.len() <= MAX_FILE {
                let relative = path.strip_prefix(root).unwrap_or(&path);
                let parts: Vec<_> = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                out.push((parts.join("/"), fs::read(&path)?));
            }
        }
    }
    out.sort();
    Ok(out)
}
