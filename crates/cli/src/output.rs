//! Writing whole files or none.
#![expect(clippy::disallowed_methods, reason = "the shell writes files")]

use std::io::Write as _;
use std::path::Path;

use crate::args::ExtractArgs;
use crate::{Exit, Stop};

/// Writes a file so that it is there whole or not at all.
pub(crate) fn write_whole(path: &Path, data: &[u8]) -> Result<(), Stop> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fail = |e: std::io::Error| Stop::outside(format!("{} går inte att skriva: {e}", path.display()));
    // A device or a pipe is written to; a file put in its place would break it for everybody.
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return std::fs::OpenOptions::new().write(true).open(path).and_then(|mut f| f.write_all(data)).map_err(fail);
    }
    std::fs::create_dir_all(folder).map_err(fail)?;
    let mut file = tempfile::Builder::new().prefix(".sigill-").tempfile_in(folder).map_err(fail)?;
    file.write_all(data).map_err(fail)?;
    readable(file.as_file()).map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// A temporary file is for its owner alone; a finished one has the usual rights.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

pub(crate) fn make_folder(path: &Path) -> Result<(), Stop> {
    std::fs::create_dir_all(path)
        .map_err(|e| Stop::outside(format!("mappen {} går inte att skapa: {e}", path.display())))
}

/// Writes to standard output. A reader that has seen enough is no failure.
pub(crate) fn print(data: &[u8]) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::outside(format!("standard ut går inte att skriva: {e}")))
        }
        _ => Ok(()),
    }
}

pub(crate) fn extract(args: &ExtractArgs) -> Result<Exit, Stop> {
    let pdf = std::fs::read(&args.pdf)
        .map_err(|e| Stop::outside(format!("{} går inte att läsa: {e}", args.pdf.display())))?;
    let model = sigill_layout::extract_model(&pdf)
        .map_err(|e| Stop(Exit::Documents, format!("{}: {e}", args.pdf.display())))?;
    match &args.output {
        Some(path) => write_whole(path, &model)?,
        None => print(&model)?,
    }
    Ok(Exit::Done)
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
