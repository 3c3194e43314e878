//! The program beside an older one: start, a render, a pack of some 600 pages, a second run of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask_common::error::{Error, Result};
use xtask_common::{process, repo};

use crate::inputs;
use crate::measure;
use crate::packs::{self, Cache};
use crate::programs::{pages, render_with, sigill};
use crate::table::Table;

/// Timed runs of each, by how long one takes.
const START_RUNS: usize = 41;
const RENDER_RUNS: usize = 21;
const PACK_RUNS: usize = 7;
const SECOND_RUNS: usize = 15;
/// Length of the document.
const PAGES: u32 = 3;

/// The older program as a path that holds wherever it is started from.
///
/// # Errors
/// There is no program there, or it is the one it is to be measured against.
pub fn found(older: &Path) -> Result<PathBuf> {
    let older = older.canonicalize().map_err(Error::at(older))?;
    let ours = sigill();
    if ours.canonicalize().is_ok_and(|ours| ours == older) {
        return Err(Error::failed(format!(
            "{}: the program that is built here; keep a copy of the older one elsewhere",
            repo::shown(&ours)
        )));
    }
    process::output(Command::new(&older).arg("--version"))?;
    Ok(older)
}

/// Measures both turn by turn and prints the table.
pub fn measure(older: &Path, out: &Path) -> Result<()> {
    let both = [sigill(), older.to_path_buf()];
    let mut table = Table::default();

    let [mut ours, mut theirs] = both.clone().map(|program| {
        let mut command = Command::new(program);
        command.arg("--version").current_dir(repo::root());
        command
    });
    table.compared(&measure::compare("start (--version)", &mut ours, &mut theirs, START_RUNS)?);

    let document = inputs::write(PAGES)?;
    let targets = pair(out, "document")?;
    let [mut ours, mut theirs] = [0, 1].map(|at| render_with(&both[at], &document.json, &targets[at]));
    let name = format!("render of {PAGES} pages");
    table.compared(&measure::compare(&name, &mut ours, &mut theirs, RENDER_RUNS)?);
    table.remark(&likeness(&targets)?);

    let meeting = packs::longest_meeting()?;
    for (what, cache, runs) in [("pack", Cache::None, PACK_RUNS), ("second run of it", Cache::Kept, SECOND_RUNS)] {
        // Each in a folder of its own, so that neither takes what the other kept.
        let targets = pair(out, what)?;
        let [mut ours, mut theirs] = [0, 1].map(|at| packs::pack(&both[at], &meeting, &targets[at], "archive", cache));
        if cache == Cache::Kept {
            process::output(&mut ours)?;
            process::output(&mut theirs)?;
        }
        let mut compared = measure::compare(what, &mut ours, &mut theirs, runs)?;
        compared.name = format!("{what}, {} pages", pages(&targets[0]));
        table.compared(&compared);
        table.remark(&likeness(&targets)?);
    }
    table.print("now (A)", "older (B)");
    Ok(())
}

/// Where the two write: folders of their own.
fn pair(out: &Path, what: &str) -> Result<[PathBuf; 2]> {
    let folders = ["now", "older"].map(|which| out.join(format!("{what}-{which}").replace(' ', "-")));
    folders.iter().try_for_each(|folder| repo::empty_folder(folder))?;
    Ok(folders.map(|folder| folder.join("out.pdf")))
}

/// Whether both made the same: a time means little when they did not.
fn likeness(targets: &[PathBuf; 2]) -> Result<String> {
    let [ours, theirs] = targets;
    let read = |path: &Path| fs::read(path).map_err(Error::at(path));
    Ok(match (read(ours)? == read(theirs)?, pages(ours), pages(theirs)) {
        (true, ..) => "    the same bytes".to_owned(),
        (false, a, b) => format!("    other bytes; pages {a} and {b}"),
    })
}
