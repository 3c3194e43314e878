//! `sigill profiles`.

use crate::exit::{Exit, Stop};
use crate::kinds::fault;
use crate::output;
use crate::setup::LayoutDirs;

pub(crate) fn run(dirs: &LayoutDirs) -> Result<Exit, Stop> {
    let layouts = dirs.layouts()?;
    let mut text = String::new();
    for name in layouts.profile_names() {
        match layouts.profile(name) {
            Some(Ok(p)) => text.push_str(&format!("{:<20} {} (dnr som {})\n", p.id, p.name, p.dnr.example)),
            Some(Err(e)) => return Err(Stop(Exit::Usage, fault(&e))),
            None => {}
        }
    }
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}
