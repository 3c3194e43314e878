//! `sigill man`.

use std::path::PathBuf;

use clap::{Args, Command};
use sigill_make::files::write_whole;

use crate::exit::{Exit, Stop};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Mapp · Folder
    pub(crate) out: PathBuf,
}

pub(crate) fn run(args: &ManArgs, root: Command) -> Result<Exit, Stop> {
    output::make_folder(&args.out)?;
    let mut pages = vec![("sigill".to_owned(), root.clone())];
    for sub in root.get_subcommands().filter(|s| !s.is_hide_set()) {
        let name = format!("sigill-{}", sub.get_name());
        // The page is titled by the command as it is typed.
        let title: &'static str = Box::leak(name.clone().into_boxed_str());
        pages.push((name, sub.clone().name(title)));
    }
    for (name, command) in pages {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text).map_err(|e| Stop::outside(e.to_string()))?;
        write_whole(&args.out.join(format!("{name}.1")), &text)?;
    }
    Ok(Exit::Done)
}
