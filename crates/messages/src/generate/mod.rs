//! From a folder of texts to Rust.
//!
//! Each language's file (`sv.toml`) holds groups of texts: `[group]` with `name = "words and {values}"`. A group becomes a
//! module, a text a struct with one field for each value. `{{` and `}}` stand for braces.
//!
//! A folder with a file `rules.toml` has rules as well: `[ABC001]` with the rule's `source` and the severity of each of its
//! messages. In each language a rule has a `title`, and a message a `text` and perhaps a `help`. Rules become an enum
//! `Code`, and each message a struct whose `at(pointer)` gives a finding.
//!
//! A text may do without a value that it has in other languages, when it says so: `without = ["name"]`.

mod fault;
mod join;
mod read;
mod template;
mod write;

use std::path::Path;

pub use fault::Fault;
pub use write::Generated;

/// Rust for the texts in a folder, in these languages.
///
/// # Errors
/// All that is wrong with the files, each with its place.
pub fn generate(folder: &Path, languages: &[&str]) -> Result<Generated, Vec<Fault>> {
    let mut faults = Vec::new();
    let rules = read::rules(folder, &mut faults);
    let read: Vec<_> = languages.iter().map(|tag| read::language(folder, tag, &mut faults)).collect();
    read::no_other_files(folder, languages, &mut faults);
    // What could not be read would be told a second time as missing.
    if !faults.is_empty() {
        return Err(faults);
    }
    let catalogue = join::join(&rules, &read, &mut faults);
    // A group that is missing is met once for each of its texts.
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(write::rust(&catalogue)) } else { Err(faults) }
}

/// For a build script: generates from the folder `messages` beside it, in the languages of the program, to the files
/// `codes.rs` and `messages.rs` in Cargo's folder for build output.
#[expect(clippy::disallowed_methods, reason = "build scripts are told where to write by the environment")]
pub fn build() -> std::process::ExitCode {
    let folder = Path::new("messages");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let written = generate(folder, crate::Lang::TAGS)
        .map_err(|faults| faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())
        .and_then(|Generated { codes, messages }| {
            let target = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}\n"))?;
            let write = |name, rust| std::fs::write(Path::new(&target).join(name), rust);
            let written = write("codes.rs", codes).and_then(|()| write("messages.rs", messages));
            written.map_err(|e| format!("{target}: {e}\n"))
        });
    match written {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            eprint!("{why}");
            std::process::ExitCode::FAILURE
        }
    }
}
