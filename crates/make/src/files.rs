//! Reading whole files, and writing whole files or none.
#![expect(clippy::disallowed_methods, reason = "files are read and written for the shells")]

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

use sigill_messages::Texts;

use crate::error::Error;
use crate::messages::file;

/// Largest report taken in; the model refuses it with a finding of its own above its limit.
pub const MAX_REPORT: u64 = 200 * 1024 * 1024;

/// Reads a file.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|e| {
        let shown = path.display();
        Error::system(&file::Unreadable { file: &shown, reason: &e })
    })
}

/// Reads a report, as far as a report may go.
///
/// # Errors
/// When it cannot be read; the message does not name it.
pub fn read_report(path: &Path) -> Result<Vec<u8>, Texts> {
    let mut data = Vec::new();
    let read = std::fs::File::open(path).and_then(|report| report.take(MAX_REPORT).read_to_end(&mut data));
    read.map(|_| data).map_err(|e| unreadable(&e))
}

/// Why a report cannot be read.
pub fn unreadable(error: &io::Error) -> Texts {
    match error.kind() {
        ErrorKind::NotFound => Texts::of(&file::Absent),
        _ => Texts::of(&file::Misread { reason: error }),
    }
}

/// Writes a file so that it is there whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole(path: &Path, data: &[u8]) -> Result<(), Error> {
    whole(path, data).map_err(|e| {
        let shown = path.display();
        Error::system(&file::Unwritable { file: &shown, reason: &e })
    })
}

fn whole(path: &Path, data: &[u8]) -> io::Result<()> {
    // A device or a pipe is written to; a file put in its place would break it for everybody.
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return std::fs::OpenOptions::new().write(true).open(path).and_then(|mut f| f.write_all(data));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".sigill-").tempfile_in(folder)?;
    file.write_all(data)?;
    readable(file.as_file())?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// A temporary file is for its owner alone; a finished one has the usual rights.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn devices_are_written_to_and_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &link).expect("linked");
        assert!(write_whole(&link, b"x").is_ok());
        assert!(std::fs::symlink_metadata(&link).expect("metadata").is_symlink());
        let file = folder.path().join("file");
        assert!(write_whole(&file, b"x").is_ok());
        assert_eq!(std::fs::read(&file).expect("read"), b"x");
    }
}
