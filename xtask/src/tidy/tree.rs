//! What the rules look at: the files of the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask_common::error::Result;
use xtask_common::{process, repo};

/// A text file of the repository.
pub struct File {
    /// Path from the root, with slashes.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl File {
    /// Whether its name ends so.
    pub fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

/// Everything the rules look at.
pub struct Tree {
    /// Every path that is tracked or could be, text or not.
    pub paths: Vec<String>,
    /// The text files among them.
    pub files: Vec<File>,
}

impl Tree {
    /// The repository as it is on the disk.
    pub fn read() -> Result<Self> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-co", "--exclude-standard", "-z"]).current_dir(repo::root());
        let listed = process::output(&mut git)?;
        // A file deleted but not yet staged is still listed.
        let exists = |path: &&str| !path.is_empty() && repo::root().join(path).is_file();
        let paths: BTreeSet<String> = listed.split('\0').filter(exists).map(str::to_owned).collect();
        let files = paths.iter().filter_map(|path| text_of(path).map(|text| File { path: path.clone(), text }));
        Ok(Self { files: files.collect(), paths: paths.into_iter().collect() })
    }

    /// The text of a file, if it is there.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// A made-up one.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self {
            paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
            files: files.iter().map(file).collect(),
        }
    }
}

/// The content, if the file is text. A PDF may be all ASCII and still is none.
fn text_of(path: &str) -> Option<String> {
    if path.ends_with(".pdf") {
        return None;
    }
    let bytes = fs::read(repo::root().join(path)).ok()?;
    if bytes.contains(&0) { None } else { String::from_utf8(bytes).ok() }
}

/// Whether something is at the path, given from the root with or without a final slash.
pub fn exists(path: &Path) -> bool {
    let full: PathBuf = repo::root().join(path);
    full.exists()
}
