//! No file may need another that needs it in turn, by way of however many others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{self, Edges};
use super::page;
use super::tree::Tree;

/// Files that still lie in a circle. The list may only shrink.
const KNOWN: &[&str] = &[];

/// The same of the page.
const KNOWN_IN_THE_PAGE: &[&str] = &[];

/// Circles between Rust files.
pub fn between_files(tree: &Tree) -> Vec<String> {
    let is_root = |path: &&String| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
    let (mut all, mut findings) = (Edges::new(), Vec::new());
    for root in tree.paths.iter().filter(is_root) {
        let (edges, faults) = modules::edges(tree, root);
        all.extend(edges);
        findings.extend(faults);
    }
    findings.extend(judged(&all, KNOWN));
    findings
}

/// Circles between the sources of the page.
pub fn in_the_page(tree: &Tree) -> Vec<String> {
    let (edges, mut findings) = page::edges(tree);
    findings.extend(judged(&edges, KNOWN_IN_THE_PAGE));
    findings
}

/// Every circle with a file that is not known, once, and every known file that lies in no circle.
fn judged(edges: &Edges, known: &[&str]) -> Vec<String> {
    let mut circles = BTreeMap::new();
    let mut in_circles = BTreeSet::new();
    for (from, to) in edges.keys() {
        let Some(circle) = way_back(edges, from, to) else { continue };
        in_circles.extend(circle.iter().copied());
        if circle.iter().any(|file| !known.contains(file)) {
            let members: BTreeSet<&str> = circle.iter().copied().collect();
            circles.entry(members).or_insert(circle);
        }
    }
    let mut findings: Vec<String> = circles.values().map(|circle| shown(edges, circle)).collect();
    let gone = known.iter().filter(|file| !in_circles.contains(*file));
    findings.extend(gone.map(|file| format!("{file}: in no circle any more; take it off the list")));
    findings
}

/// The shortest circle through the edge, from `from` by `to` and back to the file before `from`.
fn way_back<'e>(edges: &'e Edges, from: &'e str, to: &'e str) -> Option<Vec<&'e str>> {
    let mut came_from = BTreeMap::from([(to, from)]);
    let mut next = VecDeque::from([to]);
    while let Some(file) = next.pop_front() {
        if file == from {
            let mut circle = Vec::new();
            let mut at = *came_from.get(from)?;
            while at != from {
                circle.push(at);
                at = came_from.get(at)?;
            }
            circle.push(from);
            circle.reverse();
            return Some(circle);
        }
        for (_, used) in edges.keys().filter(|(user, _)| user == file) {
            came_from.entry(used).or_insert_with(|| {
                next.push_back(used);
                file
            });
        }
    }
    None
}

/// The circle as text: files, and the names that tie each to the next.
fn shown(edges: &Edges, circle: &[&str]) -> String {
    let mut text = String::new();
    for (at, file) in circle.iter().enumerate() {
        let next = circle[(at + 1) % circle.len()];
        let names = edges.get(&((*file).to_owned(), next.to_owned()));
        let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        text.push_str(&format!("{file} -({})-> ", names.join(", ")));
    }
    text + circle.first().unwrap_or(&"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(&str, &str)]) -> Edges {
        let edge =
            |(from, to): &(&str, &str)| (((*from).to_owned(), (*to).to_owned()), BTreeSet::from([to.to_uppercase()]));
        pairs.iter().map(edge).collect()
    }

    #[test]
    fn a_circle_is_named_once_with_its_names() {
        let found = judged(&edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]), &[]);
        assert_eq!(found, ["a -(B)-> b -(C)-> c -(A)-> a"]);
    }

    #[test]
    fn what_is_known_must_still_be_there() {
        let two = edges(&[("a", "b"), ("b", "a")]);
        assert_eq!(judged(&two, &["a", "b"]), Vec::<String>::new());
        assert_eq!(judged(&two, &["a"]), ["a -(B)-> b -(A)-> a"]);
        let mended = edges(&[("a", "b")]);
        assert_eq!(judged(&mended, &["a"]), ["a: in no circle any more; take it off the list"]);
    }
}
