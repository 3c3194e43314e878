//! The way into a file, or why there is none.

use sigill_messages::Localize;

use super::packed::Unpacked;
use crate::error::{Error, ErrorKind, Result};
use crate::messages::file;

/// Finds the way into a file.
///
/// # Errors
/// When there is none, or it is encrypted.
pub(crate) fn open(bytes: &[u8]) -> Result<Unpacked<'_>> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(unusable(&file::NoPdf));
    }
    let unpacked = Unpacked::read(bytes).map_err(|fault| unusable(&fault.words()))?;
    if unpacked.is_encrypted() {
        return Err(Error::new(ErrorKind::Encrypted, &file::Encrypted));
    }
    Ok(unpacked)
}

/// The error of a file that cannot be used.
pub(crate) fn unusable(reason: &dyn Localize) -> Error {
    Error::new(ErrorKind::Pdf, &file::Unusable { reason })
}
