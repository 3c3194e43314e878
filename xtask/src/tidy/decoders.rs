//! Models are read by one decoder, `Source::parse`: whatever else reads JSON is on a list, with what it reads.

use super::tree::Tree;

/// The folders in which no JSON is read in another way.
const WATCHED: [&str; 7] = [
    "crates/model/src/",
    "crates/layout/src/",
    "crates/pack/src/",
    "crates/make/src/",
    "crates/cli/src/",
    "crates/orders/src/",
    "crates/work/src/",
];

/// Calls that read JSON past it.
const CALLS: [&str; 5] = [
    "serde_json::from_slice",
    "serde_json::from_str",
    "serde_json::from_reader",
    "serde_json::from_value",
    "jsonc_parser::",
];

/// Files that may, and what they read; none of it is a model that is checked, masked or set.
const OTHERS: [(&str, &str); 7] = [
    ("crates/model/src/json/source.rs", "the decoder itself"),
    ("crates/model/src/json/syntax.rs", "the decoder's own errors"),
    ("crates/layout/src/layouts.rs", "the JSON Schema of a kind"),
    ("crates/pack/src/store.rs", "the head of a part that was kept"),
    ("crates/make/src/worker/signatures.rs", "the state of a signature that was prepared"),
    ("crates/cli/src/commands/sign/mod.rs", "the state of a signature that was prepared"),
    ("crates/work/src/frame.rs", "the head of a frame between processes"),
];

/// Another decoder than the one, or a file on the list that has none any more.
pub fn one(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    let mut met = [false; OTHERS.len()];
    for file in tree.files.iter().filter(|file| WATCHED.iter().any(|folder| file.path.starts_with(folder))) {
        // What stands below the tests of a file reads what the tests have written.
        let text = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        let Some(call) = CALLS.iter().find(|call| text.contains(**call)) else { continue };
        match OTHERS.iter().position(|(path, _)| *path == file.path) {
            Some(at) => met[at] = true,
            None => findings.push(format!("{}: {call}: models are read by Source::parse alone", file.path)),
        }
    }
    let gone = OTHERS.iter().zip(met).filter(|(_, met)| !met);
    findings.extend(gone.map(|((path, what), _)| format!("{path} reads JSON no more ({what}); take it off the list")));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::File;

    #[test]
    fn a_second_decoder_is_found_and_one_that_is_gone_too() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let mut files: Vec<_> = OTHERS.iter().map(|(path, _)| file(path, "serde_json::from_slice(x)")).collect();
        files.push(file("crates/pack/src/gather/agenda.rs", "let model = serde_json::from_slice(&bytes).ok();"));
        let gone = files.remove(0);
        let found = one(&Tree { paths: Vec::new(), files });
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("crates/pack/src/gather/agenda.rs") && found[1].starts_with(&gone.path));
    }
}
