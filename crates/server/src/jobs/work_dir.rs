//! The folder in which jobs are done: it holds what is not public, so what a server that died left there goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Bytes written to see whether the disk takes any.
const TRIAL: usize = 65_536;

/// This server's folder; gone when it is dropped.
pub(super) struct WorkDir {
    folder: PathBuf,
    mark: PathBuf,
    // As long as it is locked, the folder is in use: a lock ends with its process, however that ends.
    _lock: File,
}

impl WorkDir {
    /// Makes a folder of this server's own below `data/work`, and removes those of servers that are gone.
    pub(super) fn open(data: &Path) -> io::Result<Self> {
        let all = data.join("work");
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&all)?;
        clear(&all)?;
        for _ in 0..10 {
            let name = super::database::random().map_err(|_| io::Error::other("no random numbers"))?;
            let (mark, folder) = (all.join(format!("{name}.lock")), all.join(&name));
            let lock = OpenOptions::new().write(true).create_new(true).open(&mark)?;
            // Another server that starts now may have taken the mark for one left behind.
            if lock.try_lock().is_ok() && mark.exists() {
                builder.create(&folder)?;
                try_write(&folder)?;
                return Ok(Self { folder, mark, _lock: lock });
            }
        }
        Err(io::Error::other("no folder to work in"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = std::fs::remove_file(&self.mark);
    }
}

/// Writes a small file into a folder, and removes it.
pub(super) fn try_write(folder: &Path) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&[0; TRIAL])?;
    file.sync_data()
}

#[expect(clippy::disallowed_methods, reason = "the server's own folder")]
fn clear(all: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(all)? {
        let mark = entry?.path();
        if mark.extension().is_none_or(|e| e != "lock") {
            continue;
        }
        let Ok(lock) = OpenOptions::new().write(true).open(&mark) else { continue };
        if lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(mark.with_extension(""));
            let _ = std::fs::remove_file(&mark);
        }
    }
    Ok(())
}
