//! What a run says.

use std::io::Write as _;
use std::path::Path;

use clap::ValueEnum;

use crate::exit::Stop;

/// Form of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// För människor, med källraden · For people, with the source line
    Human,
    /// En JSON-rad per dokument · One JSON line per document
    Json,
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
