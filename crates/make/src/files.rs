//! Reading whole files, and writing whole files or none.
#![expect(clippy::disallowed_methods, reason = "files are read and written for the shells")]

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

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
    // A file is written beside its name and takes the name when it is whole; behind a link that is the file it leads to.
    let path = &leads_to(path)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let before = match std::fs::metadata(path) {
        Ok(metadata) => Some(metadata.permissions()),
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sigill-");
    if let Some(rights) = before.clone().or_else(usual) {
        builder.permissions(rights);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(data)?;
    if let Some(rights) = before {
        file.as_file().set_permissions(rights)?;
    }
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Links followed one upon the other, at most.
const MAX_LINKS: usize = 40;

/// The file that a path leads to, by way of any links; it need not be there yet.
fn leads_to(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match std::fs::symlink_metadata(&at) {
            Ok(metadata) if metadata.is_symlink() => {
                let target = std::fs::read_link(&at)?;
                at = at.parent().unwrap_or(Path::new("")).join(target);
            }
            Ok(_) => return Ok(at),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(at),
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::other("a link that leads to itself"))
}

/// What a new file may be used for, less what the umask takes away: a temporary file is for its owner alone.
#[cfg(unix)]
fn usual() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual() -> Option<std::fs::Permissions> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_rights_and_its_links() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link, new) = (folder.path().join("file"), folder.path().join("link"), folder.path().join("new"));
        std::fs::write(&file, b"x").expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("set");
        std::os::unix::fs::symlink("file", &link).expect("linked");
        write_whole(&link, b"y").expect("written");
        assert!(std::fs::symlink_metadata(&link).expect("metadata").is_symlink());
        assert_eq!(std::fs::read(&file).expect("read"), b"y");
        assert_eq!(std::fs::metadata(&file).expect("metadata").permissions().mode() & 0o777, 0o600);
        let (dangling, target) = (folder.path().join("dangling"), folder.path().join("target"));
        std::os::unix::fs::symlink("target", &dangling).expect("linked");
        write_whole(&dangling, b"z").expect("written");
        assert_eq!(std::fs::read(&target).expect("read"), b"z");
        // As any other new file: the umask of whoever runs it decides.
        write_whole(&new, b"x").expect("written");
        std::fs::write(folder.path().join("plain"), b"x").expect("written");
        let mode = |name: &str| std::fs::metadata(folder.path().join(name)).expect("metadata").permissions().mode();
        assert_eq!(mode("new"), mode("plain"));
    }

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
