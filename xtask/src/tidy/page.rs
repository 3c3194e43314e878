//! Which source of the page imports which other.

use std::collections::BTreeSet;

use super::modules::Edges;
use super::tree::Tree;

/// Where the sources are.
const SOURCES: &str = "web/src/";

/// The edges between the sources, and what could not be read.
pub fn edges(tree: &Tree) -> (Edges, Vec<String>) {
    let (mut edges, mut faults) = (Edges::new(), Vec::new());
    let is_source = |path: &str| path.starts_with(SOURCES) && (path.ends_with(".ts") || path.ends_with(".tsx"));
    for file in tree.files.iter().filter(|file| is_source(&file.path) && !file.path.contains("/tests/")) {
        for import in imported(&file.text).filter(|import| import.starts_with('.')) {
            let target = joined(&file.path, import);
            if !is_source(&target) {
                // A style, a picture.
            } else if tree.text(&target).is_none() {
                faults.push(format!("{}: no {import}", file.path));
            } else {
                let name = target.rsplit('/').next().unwrap_or(&target).to_owned();
                edges.entry((file.path.clone(), target)).or_insert_with(|| BTreeSet::from([name]));
            }
        }
    }
    (edges, faults)
}

/// What a source imports: `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")`.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    let starts = ["from \"", "import \"", "import(\""];
    let after = starts.into_iter().flat_map(move |start| text.split(start).skip(1));
    after.filter_map(|rest| rest.split_once('"').map(|(target, _)| target))
}

/// A path relative to a file, from the root.
fn joined(file: &str, target: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_other_sources_are_edges() {
        let a =
            "import { b } from \"./b.ts\";\nimport \"./a.css\";\nimport x from \"react\";\nexport * from \"../c.tsx\";";
        let files = [("web/src/p/a.ts", a), ("web/src/p/b.ts", ""), ("web/src/c.tsx", "import(\"./gone.ts\")")];
        let (edges, faults) = edges(&Tree::of(&files));
        let to: Vec<_> = edges.keys().map(|(_, to)| to.as_str()).collect();
        assert_eq!(to, ["web/src/c.tsx", "web/src/p/b.ts"]);
        assert_eq!(faults, ["web/src/c.tsx: no ./gone.ts"]);
    }
}
