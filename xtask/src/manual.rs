//! docs/testing.md says what this program does.

use xtask_common::manual::{keep, table};

use crate::steps::{ALL, Step};
use crate::{COMMANDS, Command};

#[test]
fn the_steps_are_those_that_are_run() {
    let rows = ALL.iter().map(|Step { name, holds, .. }| [(*name).to_owned(), (*holds).to_owned()]);
    assert_eq!(keep("docs/testing.md", "steps", &table(["step", "what must hold"], rows)), Ok(()));
}

#[test]
fn the_commands_are_those_there_are() {
    let others = COMMANDS.iter().filter(|command| command.name != "test");
    let rows = others.map(|Command { name, arguments, what, .. }| {
        [format!("`{}`", format!("cargo xtask {name} {arguments}").trim_end()), (*what).to_owned()]
    });
    assert_eq!(keep("docs/testing.md", "commands", &table(["command", "what it does"], rows)), Ok(()));
}
