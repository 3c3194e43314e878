//! `sigill kinds`.

use crate::exit::{Exit, Stop};
use crate::kinds::find;
use crate::output;
use crate::setup::LayoutDirs;

pub(crate) fn run(dirs: &LayoutDirs) -> Result<Exit, Stop> {
    let layouts = dirs.layouts()?;
    let mut text = String::new();
    for name in layouts.kind_names() {
        let kind = find(&layouts, name)?;
        text.push_str(&format!("{:<20} {}: {}\n", kind.name, kind.title, kind.purpose));
    }
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}
