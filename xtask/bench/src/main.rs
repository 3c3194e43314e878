//! The bench, run as `cargo xtask bench`: the program against others that do the same, and against itself.
//!
//! A program of its own, so that nobody who only runs the checks compiles it.
// The file system, the clock and the environment are what this program is for.
#![allow(clippy::disallowed_methods)]

mod against;
mod content;
mod documents;
mod html;
mod inputs;
mod measure;
mod packs;
mod programs;
mod service;
mod signing;
mod table;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_common::error::Result;
use xtask_common::{process, repo};

/// Lengths of the documents that both programs set.
const PAGES: [u32; 2] = [3, 50];

const USAGE: &str = "\
usage: cargo xtask bench                  all of it
       cargo xtask bench service          the service alone
       cargo xtask bench --against PATH   this program beside an older one, and nothing else
       cargo xtask bench-inputs           write the documents, and measure nothing
";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let words: Vec<Option<&str>> = arguments.iter().map(|word| word.to_str()).collect();
    let result = match (words.as_slice(), arguments.as_slice()) {
        ([], _) => all(),
        ([Some("service")], _) => service_alone(),
        ([Some("inputs")], _) => write_inputs(),
        ([Some("--against"), _], [_, older]) => beside(older),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the program, and empties the folder that results are written to.
fn prepare() -> Result<PathBuf> {
    process::run(&mut process::cargo(["build", "--release", "-p", "sigill"]))?;
    let out = repo::target().join("bench");
    repo::empty_folder(&out)?;
    Ok(out)
}

fn all() -> Result<()> {
    let out = prepare()?;
    let typst = programs::ensure_typst_cli()?;
    let documents = PAGES.map(inputs::write).into_iter().collect::<Result<Vec<_>>>()?;
    let mut table = table::Table::default();
    documents::measure(&documents, &typst, &out, &mut table)?;
    table.packs(&packs::measure(&out)?);
    for signing in signing::measure(&out)? {
        table.signing(&signing);
    }
    let service = service::measure(&Ok(typst), &out);
    table.print("sigill (A)", "B");
    service.print();
    Ok(())
}

fn service_alone() -> Result<()> {
    let out = prepare()?;
    service::measure(&programs::ensure_typst_cli(), &out).print();
    Ok(())
}

fn beside(older: &OsStr) -> Result<()> {
    // Looked for first: building takes long.
    let older = against::found(Path::new(older))?;
    let out = prepare()?;
    against::measure(&older, &out)
}

fn write_inputs() -> Result<()> {
    for pages in PAGES {
        let inputs = inputs::write(pages)?;
        println!("{}", repo::shown(&inputs.typst));
        println!("{}", repo::shown(&inputs.json));
    }
    Ok(())
}
