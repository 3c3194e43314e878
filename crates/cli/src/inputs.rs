//! Which reports to take and where each PDF goes.
#![expect(clippy::disallowed_methods, reason = "the shell lists folders")]

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sigill_make::files::{MAX_REPORT, read_report, unreadable};
use sigill_make::render;
use sigill_messages::Texts;

use crate::exit::Stop;

/// Where a report comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    /// A file, and its path below the folder that was named.
    File {
        path: PathBuf,
        relative: PathBuf,
    },
}

impl Input {
    /// Name for messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".into(),
            Self::File { path, .. } => path.display().to_string(),
        }
    }

    /// Folder in which the report's pictures lie.
    pub(crate) fn folder(&self) -> PathBuf {
        match self {
            Self::Stdin => PathBuf::from("."),
            Self::File { path, .. } => render::folder_of(path),
        }
    }

    pub(crate) fn read(&self) -> Result<Vec<u8>, Texts> {
        match self {
            Self::Stdin => {
                let mut data = Vec::new();
                let read = std::io::stdin().take(MAX_REPORT).read_to_end(&mut data);
                read.map(|_| data).map_err(|e| unreadable(&e))
            }
            Self::File { path, .. } => read_report(path),
        }
    }
}

/// Expands folders, in order of name, so that a run is the same on every machine.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Vec<Input>, Stop> {
    let mut out = Vec::new();
    for path in named {
        if path.as_os_str() == "-" {
            if out.contains(&Input::Stdin) {
                return Err(Stop::usage("- (standard in) kan anges en gång"));
            }
            out.push(Input::Stdin);
        } else if path.is_dir() {
            let before = out.len();
            folder(path, path, &mut out)?;
            if out.len() == before {
                return Err(Stop::usage(format!("mappen {} har inga .json-filer", path.display())));
            }
        } else {
            let relative = path.file_name().map(PathBuf::from).unwrap_or_default();
            out.push(Input::File { path: path.clone(), relative });
        }
    }
    Ok(out)
}

fn folder(root: &Path, at: &Path, out: &mut Vec<Input>) -> Result<(), Stop> {
    let fail = |e| Stop::outside(format!("mappen {} går inte att läsa: {e}", at.display()));
    let mut entries: Vec<_> = std::fs::read_dir(at).map_err(fail)?.collect::<Result<_, _>>().map_err(fail)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    // Hidden folders hold what programs keep for themselves: .git, kept parts of packs.
    for entry in entries.into_iter().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
        let path = entry.path();
        let kind = entry.file_type().map_err(fail)?;
        if kind.is_dir() {
            folder(root, &path, out)?;
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            out.push(Input::File { path, relative });
        }
    }
    Ok(())
}

/// Where a PDF goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    File(PathBuf),
}

/// Where every report's PDF goes; two never share a place.
pub(crate) fn targets(inputs: &[Input], named: &[PathBuf], output: Option<&Path>) -> Result<Vec<Target>, Stop> {
    let one = inputs.len() == 1 && !named.iter().any(|p| p.is_dir());
    let is_pdf = |p: &Path| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let mut out = Vec::new();
    for input in inputs {
        out.push(match (output, input) {
            (Some(o), _) if o.as_os_str() == "-" => {
                if !one {
                    return Err(Stop::usage("-o - går bara med en enda rapport"));
                }
                Target::Stdout
            }
            // A device or a pipe takes what it is given.
            (Some(o), _) if is_device(o) => Target::File(o.to_path_buf()),
            (Some(o), _) if is_pdf(o) && !o.is_dir() => {
                if !one {
                    return Err(Stop::usage("-o FIL.pdf går bara med en enda rapport; ange en mapp"));
                }
                Target::File(o.to_path_buf())
            }
            (Some(o), _) if is_other_file(o) => {
                let shown = o.display();
                return Err(Stop::usage(format!(
                    "-o {shown}: skriv ett namn som slutar på .pdf, eller {shown}/ om det är en mapp"
                )));
            }
            (Some(o), Input::File { relative, .. }) => Target::File(as_pdf(&o.join(relative))),
            (Some(o), Input::Stdin) => Target::File(o.join("stdin.pdf")),
            (None, Input::Stdin) => Target::Stdout,
            (None, Input::File { path, .. }) => Target::File(as_pdf(path)),
        });
    }
    let mut reports: HashMap<PathBuf, &Input> = HashMap::new();
    for input in inputs {
        if let Input::File { path, .. } = input {
            reports.insert(place(path), input);
        }
    }
    let mut seen: HashMap<PathBuf, &Input> = HashMap::new();
    for (target, input) in out.iter().zip(inputs) {
        let Target::File(path) = target else { continue };
        let place = place(path);
        if let Some(report) = reports.get(&place) {
            return Err(Stop::usage(format!(
                "{} är en rapport och skrivs inte över; välj ett annat -o",
                report.name()
            )));
        }
        if is_device(path) {
            continue;
        }
        if let Some(other) = seen.insert(place, input) {
            return Err(Stop::usage(format!(
                "{} och {} skulle båda bli {}; ge dem olika namn eller mappar",
                other.name(),
                input.name(),
                path.display()
            )));
        }
    }
    Ok(out)
}

/// A report's path with .pdf in place of .json; behind any other name, since a dot need not begin an extension. A report
/// that is called .pdf would be written over, which is refused.
fn as_pdf(report: &Path) -> PathBuf {
    if report.extension().is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("pdf")) {
        return report.with_extension("pdf");
    }
    let mut name = report.as_os_str().to_owned();
    name.push(".pdf");
    PathBuf::from(name)
}

fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Whether a path looks like a file that is no PDF: whoever wrote it hardly wants a folder of that name.
fn is_other_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let slash = path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
    let named = (1..=5).contains(&extension.len()) && extension.chars().any(char::is_alphabetic);
    !slash && !path.is_dir() && named
}

/// One spelling of a path, so that `x.pdf` and `./x.pdf` are seen to be the same file.
fn place(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    folder.join(path.file_name().unwrap_or_default())
}
