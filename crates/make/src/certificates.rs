//! Certificates from files and folders.
#![expect(clippy::disallowed_methods, reason = "folders are read for the shells")]

use std::path::{Path, PathBuf};

use sigill_sign::{Certificate, Error as SignError, ErrorKind};

use crate::error::Error;
use crate::files::read;
use crate::messages::{file as texts, folder};

/// Certificates of a file in PEM or DER.
///
/// # Errors
/// When it cannot be read or has none.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    certificates_in(&read(path)?, &path.display().to_string())
}

/// Certificates in PEM or one in DER; `shown` names them in messages.
///
/// # Errors
/// When there are none.
pub fn certificates_in(data: &[u8], shown: &str) -> Result<Vec<Certificate>, Error> {
    let broken = || SignError::new(ErrorKind::Key, &texts::NoCertificates { file: &shown });
    let found = match std::str::from_utf8(data) {
        Ok(text) if text.contains("-----BEGIN") => Certificate::from_pem(text).map_err(|_| broken())?,
        _ => vec![Certificate::from_der(data).map_err(|_| broken())?],
    };
    if found.is_empty() { Err(broken().into()) } else { Ok(found) }
}

/// Certificates of folders and files.
///
/// # Errors
/// When one cannot be read, or a folder has none.
pub fn trusted(paths: &[PathBuf]) -> Result<Vec<Certificate>, Error> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.extend(certificates(path)?);
            continue;
        }
        let shown = path.display();
        let fail = |e: std::io::Error| Error::system(&folder::Unreadable { folder: &shown, reason: &e });
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fail)? {
            let file = entry.map_err(fail)?.path();
            let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
            if ["pem", "crt", "cer", "der"].iter().any(|e| ending == *e) {
                files.push(file);
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(Error::usage(&folder::NoCertificates { folder: &shown }));
        }
        for file in files {
            out.extend(certificates(&file)?);
        }
    }
    Ok(out)
}
