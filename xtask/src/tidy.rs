//! The house rules: what a compiler does not see.
//!
//! Each rule is a function from a file (or the whole list) to findings; [`RULES`] is the list of them.

mod circles;
mod crates;
mod decoders;
mod markdown;
mod modules;
mod page;
mod tokens;
mod tree;

use std::collections::BTreeSet;

use xtask_common::error::Result;

use crate::tally::Tally;
use tree::Tree;

/// A Rust or Typst file longer than this does more than one thing.
const LONGEST_FILE: usize = 500;

/// What a file says in one of its first lines to be exempt from the limit on length.
const GENERATED: &str = "@generated";

/// Words of unfinished work. In halves, since this file is checked too.
const UNFINISHED: [&str; 4] =
    [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("db", "g!"), concat!("FIX", "ME")];

/// Text that others wrote and that is kept byte for byte.
const NOT_OURS: [&str; 1] = ["fonts/"];

type Rule = fn(&Tree) -> Vec<String>;

/// The rules, each with the name it is reported under.
const RULES: &[(&str, Rule)] = &[
    ("no trailing white space", trailing_white_space),
    ("short files", file_length),
    ("no unfinished work", unfinished_work),
    ("no unfinished merge", unfinished_merge),
    ("every font has its licence", font_licences),
    ("paths named in Markdown exist", markdown::named_paths),
    ("links in Markdown resolve", markdown::links),
    ("crates use those they may", crates::edges),
    ("every library has an example", crates::examples),
    ("models have one decoder", decoders::one),
    ("no circles between files", circles::between_files),
    ("no circles between files of the page", circles::in_the_page),
];

/// The tidy step.
pub fn run() -> Result<Tally> {
    let tree = Tree::read()?;
    let mut tally = Tally::default();
    for (name, rule) in RULES {
        let findings = rule(&tree);
        if findings.is_empty() {
            tally.passed += 1;
            println!("ok     {name}");
        } else {
            tally.failed += 1;
            println!("FAILED {name}");
            for finding in findings {
                println!("       {finding}");
            }
        }
    }
    Ok(tally)
}

fn trailing_white_space(tree: &Tree) -> Vec<String> {
    let ours = tree.files.iter().filter(|file| !NOT_OURS.iter().any(|folder| file.path.starts_with(folder)));
    let mut findings = Vec::new();
    for file in ours {
        for (index, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                findings.push(format!("{}:{}", file.path, index + 1));
            }
        }
    }
    findings
}

fn file_length(tree: &Tree) -> Vec<String> {
    let code = tree.files.iter().filter(|file| file.has_extension("rs") || file.has_extension("typ"));
    let written = code.filter(|file| !file.text.lines().take(5).any(|line| line.contains(GENERATED)));
    let counted = written.map(|file| (&file.path, file.text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > LONGEST_FILE);
    long.map(|(path, lines)| format!("{path}: {lines} lines, at most {LONGEST_FILE}")).collect()
}

/// Marks that a merge leaves where two changes meet.
fn unfinished_merge(tree: &Tree) -> Vec<String> {
    let marked = |line: &str| ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    let lines = tree.files.iter().flat_map(|f| f.text.lines().enumerate().map(|(i, line)| (&f.path, i, line)));
    lines.filter(|(.., line)| marked(line)).map(|(path, i, _)| format!("{path}:{}: a mark of a merge", i + 1)).collect()
}

fn unfinished_work(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.has_extension("rs") || file.has_extension("typ")) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(word) = UNFINISHED.iter().find(|word| contains_word(line, word)) {
                findings.push(format!("{}:{}: {word}", file.path, index + 1));
            }
        }
    }
    findings
}

/// True if the word stands in the line and is not the end of a longer one.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    })
}

fn font_licences(tree: &Tree) -> Vec<String> {
    let in_fonts = tree.paths.iter().filter_map(|path| path.strip_prefix("fonts/"));
    let folders: BTreeSet<&str> = in_fonts.filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
    let licensed = |folder: &str| tree.paths.iter().any(|path| path.starts_with(&format!("fonts/{folder}/LICENSE")));
    let without = folders.into_iter().filter(|folder| !licensed(folder));
    without.map(|folder| format!("fonts/{folder}: no LICENSE file")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_at_a_line_end_is_found_with_its_line() {
        let tree = Tree::of(&[("a.md", "ok\nbad \nbad\t\n"), ("fonts/x/LICENSE", "kept \n")]);
        assert_eq!(trailing_white_space(&tree), ["a.md:2", "a.md:3"]);
    }

    #[test]
    fn a_long_file_is_reported_unless_generated() {
        let long = "x\n".repeat(LONGEST_FILE + 1);
        let generated = format!("// {GENERATED}\n{long}");
        let tree = Tree::of(&[("a.rs", &long), ("b.typ", &generated), ("c.md", &long)]);
        assert_eq!(file_length(&tree), ["a.rs: 501 lines, at most 500"]);
    }

    #[test]
    fn unfinished_work_is_found_as_a_whole_word() {
        let word = UNFINISHED[0];
        let text = format!("{word}()\nmy_{word}()\n");
        assert_eq!(unfinished_work(&Tree::of(&[("a.rs", &text)])), [format!("a.rs:1: {word}")]);
    }

    #[test]
    fn marks_of_a_merge_are_found_in_any_text() {
        let text = format!("a\n{} HEAD\nb\n", "<".repeat(7));
        assert_eq!(unfinished_merge(&Tree::of(&[("a.md", &text)])), ["a.md:2: a mark of a merge"]);
    }

    #[test]
    fn a_font_folder_without_licence_is_reported() {
        let tree = Tree::of(&[("fonts/a/A.ttf", ""), ("fonts/b/B.ttf", ""), ("fonts/b/LICENSE.txt", "")]);
        assert_eq!(font_licences(&tree), ["fonts/a: no LICENSE file"]);
    }
}
