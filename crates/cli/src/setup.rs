//! Engine and options from the command line.
#![expect(clippy::disallowed_methods, reason = "the shell reads fonts from disk")]

use std::path::Path;

use sigill_layout::{Engine, Fonts, Layouts};

use crate::Stop;
use crate::args::{LayoutDirs, SetupArgs};

pub(crate) fn layouts(dirs: &LayoutDirs) -> Result<Layouts, Stop> {
    let mut layouts = Layouts::embedded();
    for folder in &dirs.layouts {
        layouts
            .add_folder(folder)
            .map_err(|e| Stop::usage(format!("layoutmappen {} går inte att läsa: {e}", folder.display())))?;
    }
    Ok(layouts)
}

pub(crate) fn engine(setup: &SetupArgs) -> Result<Engine, Stop> {
    let mut own = Vec::new();
    for folder in &setup.fonts {
        own.extend(font_files(folder)?);
    }
    Ok(Engine::new(Fonts::new(own), layouts(&setup.dirs)?))
}

fn font_files(folder: &Path) -> Result<Vec<Vec<u8>>, Stop> {
    let fail = |e| Stop::usage(format!("typsnittsmappen {} går inte att läsa: {e}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        if extension == "ttf" || extension == "otf" {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(Stop::usage(format!("typsnittsmappen {} har inga .ttf eller .otf", folder.display())));
    }
    paths.iter().map(|p| std::fs::read(p).map_err(fail)).collect()
}
