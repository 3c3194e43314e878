//! Which crate may use which, and that every library shows how it is used.

use super::tree::Tree;

/// A crate, the crates of this repository that it may use, and what it must not know, by the start of their names.
struct Crate {
    name: &'static str,
    uses: &'static [&'static str],
    never: &'static [&'static str],
}

/// What speaks HTTP.
const HTTP: [&str; 4] = ["axum", "hyper", "ureq", "reqwest"];

/// The crates. What each must not know is the third column of the table in ARCHITECTURE.md.
const CRATES: &[Crate] = &[
    Crate {
        name: "sigill-messages",
        uses: &[],
        never: &["typst", "lopdf", "tokio", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate {
        name: "sigill-orders",
        uses: &["sigill-messages"],
        never: &["typst", "lopdf", "tokio", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate {
        name: "sigill-model",
        uses: &["sigill-messages", "sigill-orders"],
        never: &["typst", "tempfile", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate {
        name: "sigill-layout",
        uses: &["sigill-model", "sigill-orders"],
        never: &["aws-lc-rs", "x509-cert", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate {
        name: "sigill-pack",
        uses: &["sigill-layout", "sigill-messages", "sigill-model", "sigill-orders"],
        never: &["aws-lc-rs", "pkcs8", "p12-keystore", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate {
        name: "sigill-sign",
        uses: &["sigill-messages", "sigill-orders"],
        never: &["typst", HTTP[0], HTTP[1], HTTP[2], HTTP[3]],
    },
    Crate { name: "sigill-work", uses: &[], never: &["typst", "lopdf", HTTP[0], HTTP[1], HTTP[2], HTTP[3]] },
    Crate {
        name: "sigill-make",
        uses: &[
            "sigill-layout",
            "sigill-messages",
            "sigill-model",
            "sigill-orders",
            "sigill-pack",
            "sigill-sign",
            "sigill-work",
        ],
        never: &["axum", "hyper", "typst"],
    },
    Crate {
        name: "sigill-server",
        uses: &["sigill-messages", "sigill-orders", "sigill-work"],
        never: &["typst", "krilla", "hayro", "lopdf", "x509-cert", "pkcs8", "p12-keystore", "cryptoki"],
    },
    Crate {
        name: "sigill",
        uses: &[
            "sigill-layout",
            "sigill-make",
            "sigill-messages",
            "sigill-model",
            "sigill-orders",
            "sigill-pack",
            "sigill-server",
            "sigill-sign",
            "sigill-work",
        ],
        never: &["axum", "hyper", "typst"],
    },
    Crate { name: "xtask-common", uses: &[], never: &[""] },
    Crate { name: "xtask", uses: &["xtask-common"], never: &[] },
    Crate { name: "xtask-bench", uses: &["xtask-common"], never: &[] },
];

/// Libraries whose first lines still have no example. The list may only shrink.
const WITHOUT_EXAMPLE: &[&str] = &[];

/// Uses that the table does not allow.
pub fn edges(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let name = file.text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let Some(known) = CRATES.iter().find(|known| Some(known.name) == name) else {
            findings.push(format!("{}: not in the table of crates in xtask/src/tidy/crates.rs", file.path));
            continue;
        };
        for used in dependencies(&file.text) {
            let ours = CRATES.iter().any(|other| other.name == used);
            if ours && !known.uses.contains(&used) {
                findings.push(format!("{}: {} may not use {used}", file.path, known.name));
            } else if !ours && known.never.iter().any(|start| used.starts_with(start)) {
                findings.push(format!("{}: {} must not know {used}", file.path, known.name));
            }
        }
    }
    findings
}

/// Names under `[dependencies]` and the like; those of tests alone do not count.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut counted = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            counted = section.ends_with("dependencies]") && !section.contains("dev-dependencies");
        } else if counted && !line.trim_start().starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.extend((!name.is_empty()).then_some(name));
        }
    }
    names
}

/// Libraries without an example that is compiled.
pub fn examples(tree: &Tree) -> Vec<String> {
    judged(tree, WITHOUT_EXAMPLE)
}

fn judged(tree: &Tree, known: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("src/lib.rs")) {
        match (has_example(&file.text), known.contains(&file.path.as_str())) {
            (false, false) => findings.push(format!("{}: no example that is compiled", file.path)),
            (true, true) => findings.push(format!("{}: has an example; take it off the list", file.path)),
            _ => {}
        }
    }
    let gone = known.iter().filter(|path| tree.text(path).is_none());
    findings.extend(gone.map(|path| format!("{path}: is not there; take it off the list")));
    findings
}

/// Whether the documentation of the file itself has code that rustdoc compiles.
fn has_example(text: &str) -> bool {
    let fences = text.lines().filter_map(|line| line.strip_prefix("//! ```"));
    // Every second one ends a block.
    fences.step_by(2).any(|kind| ["", "rust", "no_run"].contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_uses_only_what_the_table_allows() {
        let model = "[package]\nname = \"sigill-model\"\n[dependencies]\nserde.workspace = true\naxum.workspace = true\n\
                     sigill-sign = { workspace = true }\n[dev-dependencies]\nsigill-layout.workspace = true\n";
        let strange = "[package]\nname = \"strange\"\n";
        let found = edges(&Tree::of(&[("a/Cargo.toml", model), ("b/Cargo.toml", strange)]));
        assert_eq!(
            found,
            [
                "a/Cargo.toml: sigill-model must not know axum",
                "a/Cargo.toml: sigill-model may not use sigill-sign",
                "b/Cargo.toml: not in the table of crates in xtask/src/tidy/crates.rs",
            ]
        );
    }

    #[test]
    fn an_example_counts_when_it_is_compiled() {
        let with = "//! A.\n//!\n//! ```text\n//! a\n//! ```\n//! ```no_run\n//! a();\n//! ```\n";
        let without = "//! A.\n//! ```ignore\n//! a\n//! ```\n//! ```text\n//! b\n//! ```\n";
        let tree = Tree::of(&[("a/src/lib.rs", with), ("b/src/lib.rs", without)]);
        assert_eq!(judged(&tree, &[]), ["b/src/lib.rs: no example that is compiled"]);
        assert_eq!(judged(&tree, &["b/src/lib.rs"]), Vec::<String>::new());
        assert_eq!(
            judged(&tree, &["a/src/lib.rs", "b/src/lib.rs", "c/src/lib.rs"]),
            ["a/src/lib.rs: has an example; take it off the list", "c/src/lib.rs: is not there; take it off the list"]
        );
    }
}
