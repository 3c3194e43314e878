//! The folder in which jobs are done: it holds what is not public, so what a server that died left there goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Bytes written to see whether the disk takes any.
const TRIAL: usize = 65_536;

/// Whether so many megabytes are free on the disk that a folder is on.
#[cfg(unix)]
pub(super) fn has_room(folder: &Path, megabytes: u64) -> io::Result<bool> {
    // One that is not there yet will be made on the disk of the one above it.
    let folder = folder.ancestors().find(|at| at.exists()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize) / 1_000_000 >= megabytes)
}

/// This system is not asked; writes that fail tell.
#[cfg(not(unix))]
pub(super) fn has_room(_: &Path, _: u64) -> io::Result<bool> {
    Ok(true)
}

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
            // A mark is there before its folder and goes after it: what has none is left over from a program that made none.
            if !mark.with_extension("lock").exists() {
                remove(&mark);
            }
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

/// Removes what a server that is gone has left; what cannot be removed is no reason not to start, and is said.
fn remove(left: &Path) {
    let removed = if left.is_dir() { std::fs::remove_dir_all(left) } else { std::fs::remove_file(left) };
    // Another server that starts may have been quicker.
    if let Err(error) =
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    {
        tracing::warn!(%error, path = %left.display(), "what is left of a job cannot be removed");
    }
}
