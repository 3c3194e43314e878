//! Parts of documents that follow from the program: compared by tests, and written by them under `cargo xtask update`.

use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use crate::error::{Error, Result};
use crate::repo;

/// Two tests may keep parts of one document.
static WRITING: Mutex<()> = Mutex::new(());

/// Sees that the part called `name` of the document at `path` (from the root) reads as `wanted`. With `SIGILL_UPDATE` set
/// it is written instead.
///
/// The part stands between two comments, ``<!-- name: written by `cargo xtask update` -->`` and `<!-- /name -->`.
///
/// # Errors
/// The part is missing or out of date, or the document cannot be read or written.
pub fn keep(path: &str, name: &str, wanted: &str) -> Result<()> {
    let _guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let full = repo::root().join(path);
    let text = fs::read_to_string(&full).map_err(Error::at(&full))?;
    let Some((before, found, after)) = divided(&text, name) else {
        return Err(Error::failed(format!("{path}: no part `{name}` between its two comments")));
    };
    if found == wanted {
        return Ok(());
    }
    if env::var_os("SIGILL_UPDATE").is_some() {
        return fs::write(&full, [before, wanted, after].concat()).map_err(Error::at(&full));
    }
    let differ = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    let (found, wanted) = differ.unwrap_or(("another number of lines", ""));
    Err(Error::failed(format!("{path}: `{name}` is out of date (`cargo xtask update`):\n-{found}\n+{wanted}")))
}

/// What is before the part (with its first comment), the part, and what is after it.
fn divided<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let begin = format!("<!-- {name}: written by `cargo xtask update` -->\n");
    let start = text.find(&begin)? + begin.len();
    let length = text.get(start..)?.find(&format!("<!-- /{name} -->"))?;
    Some((text.get(..start)?, text.get(start..start + length)?, text.get(start + length..)?))
}

/// A table in Markdown.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |");
    let mut text = row(&heads.map(str::to_owned));
    text.push_str(&format!("|{}\n", " --- |".repeat(N)));
    rows.into_iter().for_each(|cells| text.push_str(&row(&cells)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_stands_between_its_comments() {
        let text = "a\n<!-- x: written by `cargo xtask update` -->\nb\n<!-- /x -->\nc\n";
        let (before, part, after) = divided(text, "x").unwrap_or_default();
        assert_eq!((part, after), ("b\n", "<!-- /x -->\nc\n"));
        assert_eq!([before, part, after].concat(), text);
        assert_eq!(divided(text, "y"), None);
    }

    #[test]
    fn a_table_has_a_row_for_each() {
        let text = table(["a", "b"], [["1".to_owned(), String::new()]]);
        assert_eq!(text, "| a | b |\n| --- | --- |\n| 1 | |\n");
    }
}
