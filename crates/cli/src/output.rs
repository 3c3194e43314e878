//! What a run says.

use std::io::Write as _;
use std::path::{Path, PathBuf};

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

/// Where a path leads, so that two spellings of one file are known as such; also when there is no file yet.
fn place(path: &Path) -> PathBuf {
    let beside = || {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_path_buf())
}

/// No output may be written over what was read, or over another output.
#[expect(clippy::disallowed_methods, reason = "the shell looks at what it would write over")]
pub(crate) fn differ(inputs: &[&Path], outputs: &[&Path]) -> Result<(), Stop> {
    let mut seen: Vec<PathBuf> = inputs.iter().map(|input| place(input)).collect();
    for output in outputs {
        let place = place(output);
        // A device is written to by many.
        let device = std::fs::metadata(&place).is_ok_and(|m| !m.is_file() && !m.is_dir());
        if seen.contains(&place) && !device {
            return Err(Stop::usage(format!("{} skulle skrivas över; välj ett annat namn", output.display())));
        }
        seen.push(place);
    }
    Ok(())
}

/// A text as a terminal may show it: control characters, of a file's name perhaps, are written out.
pub(crate) fn safe(text: &str) -> String {
    let control = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || is_bidi(c);
    if !text.contains(control) {
        return text.to_owned();
    }
    let shown = |c: char| if control(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// Marks that turn the direction of what follows them on a terminal.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
