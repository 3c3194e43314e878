//! Rules on what Markdown files point to.

use std::path::{Component, Path, PathBuf};

use super::tree::{File, Tree, exists};

/// Backticked words that start like this are paths of this repository.
const FOLDERS: [&str; 7] = ["crates/", "layouts/", "fixtures/", "tests/", "fonts/", "xtask/", "docs/"];

/// Marks of a place to fill in, such as `layouts/kinds/<kind>`: only what comes before is a path.
const PLACEHOLDERS: [&str; 5] = ["<", "{", "*", "…", "..."];

/// Every path named in backticks exists.
pub fn named_paths(tree: &Tree) -> Vec<String> {
    missing(tree, |file, line| {
        let named = code_spans(line).into_iter().filter_map(named_path);
        named.filter(|path| !exists(path)).map(|path| format!("{}: no {}", file.path, path.display())).collect()
    })
}

/// Every relative link leads to a file.
pub fn links(tree: &Tree) -> Vec<String> {
    missing(tree, |file, line| {
        let targets = link_targets(line).into_iter();
        let broken = targets.filter(|target| linked_path(&file.path, target).is_some_and(|path| !exists(&path)));
        broken.map(|target| format!("{}: broken link {target}", file.path)).collect()
    })
}

/// Applies `check` to each line of Markdown outside fenced code.
fn missing(tree: &Tree, check: impl Fn(&File, &str) -> Vec<String>) -> Vec<String> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut fenced = false;
        for line in file.text.lines() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                findings.extend(check(file, line));
            }
        }
    }
    findings
}

/// What stands between backticks.
fn code_spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The path a code span names, without its line number, up to a placeholder.
fn named_path(span: &str) -> Option<PathBuf> {
    let word = span.split_whitespace().next()?;
    if !FOLDERS.iter().any(|folder| word.starts_with(folder)) {
        return None;
    }
    let word = word.split(['#', ':']).next()?;
    let parts = word.split('/').take_while(|part| !PLACEHOLDERS.iter().any(|mark| part.contains(mark)));
    Some(parts.collect())
}

/// The targets of the links of a line: `[text](target "title")` and `[name]: target`.
fn link_targets(line: &str) -> Vec<String> {
    let prose = without_code(line);
    let mut targets = Vec::new();
    for after in prose.split("](").skip(1) {
        if let Some(target) = after.split(')').next() {
            targets.push(first_word(target));
        }
    }
    if let Some((name, target)) = prose.split_once("]: ")
        && name.starts_with('[')
        && !name.starts_with("[^")
    {
        targets.push(first_word(target));
    }
    targets
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

fn first_word(target: &str) -> String {
    let word = target.split_whitespace().next().unwrap_or_default();
    word.trim_matches(['<', '>']).replace("%20", " ")
}

/// The path from the root that a link in `file` leads to; none if it leads out of the repository or within the page.
fn linked_path(file: &str, target: &str) -> Option<PathBuf> {
    let path = target.split('#').next().unwrap_or_default();
    let is_address = path.split('/').next().is_some_and(|start| start.contains(':'));
    if path.is_empty() || is_address {
        return None;
    }
    if let Some(from_root) = path.strip_prefix('/') {
        return Some(PathBuf::from(from_root));
    }
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    Some(without_dots(&folder.join(path)))
}

fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            // Above the root there is nothing of ours, and `exists` will say so.
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_path_ends_at_its_line_number_or_placeholder() {
        assert_eq!(named_path("crates/cli/src/main.rs:12"), Some(PathBuf::from("crates/cli/src/main.rs")));
        assert_eq!(named_path("layouts/kinds/<kind>/lib.typ"), Some(PathBuf::from("layouts/kinds")));
        assert_eq!(named_path("fixtures/exempel -o out"), Some(PathBuf::from("fixtures/exempel")));
        assert_eq!(named_path("cargo xtask test"), None);
    }

    #[test]
    fn links_are_found_outside_code() {
        assert_eq!(link_targets("[a](b.md#c), ![x](<p/q.png> \"t\") `[n](o)`"), ["b.md#c", "p/q.png"]);
        assert_eq!(link_targets("[ref]: ../other.md"), ["../other.md"]);
        assert_eq!(link_targets("[^1]: a footnote"), Vec::<String>::new());
    }

    #[test]
    fn links_are_relative_to_their_page() {
        assert_eq!(linked_path("docs/a.md", "../README.md#top"), Some(PathBuf::from("README.md")));
        assert_eq!(linked_path("docs/a.md", "/LICENSE"), Some(PathBuf::from("LICENSE")));
        assert_eq!(linked_path("docs/a.md", "https://example.org/x"), None);
        assert_eq!(linked_path("docs/a.md", "mailto:x@example.org"), None);
        assert_eq!(linked_path("docs/a.md", "#here"), None);
    }
}
