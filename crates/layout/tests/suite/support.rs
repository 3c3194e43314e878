//! The engine, the fixtures, and the tools of others that judge what comes out.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use lopdf::Document;
use sigill_layout::{Engine, Folder, Fonts, Input, Layouts, Options, RenderOutcome, RenderedDocument, Standard};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;
use sigill_model::prepare::{Preparation, PreparedReport, kind_of, prepare};
use sigill_model::profile::Profile;
use sigill_model::{Code, Lang};

/// The profiles in the program.
pub const PROFILES: [&str; 2] = ["botkyrka", "exempel"];

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An engine with what is in the program.
pub fn engine() -> Engine {
    Engine::new(Fonts::new(Vec::new()), Layouts::embedded())
}

/// Renders a report in a profile to a standard.
pub fn render(engine: &Engine, bytes: &[u8], folder: &Path, profile: &str, standard: Standard) -> RenderOutcome {
    let files = Folder(folder.to_path_buf());
    let options = Options { profile: Some(profile.to_owned()), standard, ..Options::default() };
    engine.render(&Input { source: &Source::parse(bytes), files: &files }, &options)
}

/// Codes and messages of all findings, for messages of tests.
pub fn shown(outcome: &RenderOutcome) -> String {
    let lines: Vec<_> = outcome
        .diagnostics
        .iter()
        .map(|d| format!("{} {}: {} {}", d.code, d.pointer, d.message(Lang::Sv), d.remedy(Lang::Sv)))
        .collect();
    lines.join("\n")
}

/// A profile of the program.
pub fn profile(layouts: &Layouts, name: &str) -> Profile {
    layouts.profile(name).expect("the profile exists").expect("the profile is sound")
}

/// What the layout was given: the model with texts parsed and tables computed.
pub fn prepared(engine: &Engine, bytes: &[u8], profile_name: &str) -> PreparedReport {
    let source = Source::parse(bytes);
    let kind = kind_of(&source).expect("a kind");
    let kind = engine.layouts().kind(&kind).expect("the kind exists").expect("the kind is sound");
    let profile = profile(engine.layouts(), profile_name);
    let Preparation { prepared, found, .. } = prepare(&source, &kind.schema, &kind.declared, &profile);
    prepared.unwrap_or_else(|| panic!("not prepared: {found:?}"))
}

/// A fixture rendered in one profile.
pub struct Fixture {
    /// Folder and file without its end: `exempel/dokument`.
    pub name: String,
    /// Profile it was rendered in.
    pub profile: &'static str,
    /// Whether that is the profile it names.
    pub own_profile: bool,
    /// Its JSON.
    pub bytes: Vec<u8>,
    /// Its folder.
    pub folder: PathBuf,
    /// What the layout got.
    pub prepared: PreparedReport,
    /// What came out.
    pub rendered: RenderedDocument,
    /// The PDF as a file.
    pub pdf: PathBuf,
}

impl Fixture {
    /// Name and profile, as in the name of its PDF.
    pub fn label(&self) -> String {
        label(&self.name, self.profile)
    }

    /// What came out, taken apart.
    pub fn document(&self) -> Document {
        Document::load_mem(&self.rendered.pdf).expect("a PDF")
    }

    /// Its kind.
    pub fn kind(&self) -> &str {
        self.prepared.data["kind"].as_str().unwrap_or_default()
    }
}

fn label(name: &str, profile: &str) -> String {
    format!("{}-i-{profile}", name.replace('/', "-"))
}

const FOLDERS: [(&str, &str); 2] = [("botkyrka-sn-2013-05-28", "botkyrka"), ("exempel", "exempel")];

/// Every fixture in every profile that accepts its diarienummer, rendered once for all tests.
pub static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
    let engine = engine();
    let mut out = Vec::new();
    for (folder, own) in FOLDERS {
        let short = folder.split('-').next().unwrap_or_default();
        let folder = root().join("fixtures").join(folder);
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).expect("fixtures").map(|e| e.expect("entry").path()).collect();
        files.sort();
        for file in files.into_iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let name = format!("{short}/{}", file.file_stem().expect("name").to_string_lossy());
            let bytes = std::fs::read(&file).expect("fixture");
            for profile in PROFILES {
                out.extend(fixture(&engine, &name, &bytes, &folder, profile, profile == own));
            }
        }
    }
    out
});

fn fixture(
    engine: &Engine,
    name: &str,
    bytes: &[u8],
    folder: &Path,
    profile: &'static str,
    own_profile: bool,
) -> Option<Fixture> {
    let outcome = render(engine, bytes, folder, profile, Standard::A2aUa1);
    let foreign = |o: &RenderOutcome| !own_profile && o.diagnostics.iter().any(|d| d.code == Code::DNR001);
    if has_errors(&outcome.diagnostics) && foreign(&outcome) {
        return None;
    }
    let found = shown(&outcome);
    let rendered = outcome.rendered.unwrap_or_else(|| panic!("{name} in {profile} does not render:\n{found}"));
    let pdf = keep_pdf(&label(name, profile), Standard::A2aUa1, &rendered.pdf);
    let prepared = prepared(engine, bytes, profile);
    let (bytes, folder) = (bytes.to_vec(), folder.to_path_buf());
    Some(Fixture { name: name.to_owned(), profile, own_profile, bytes, folder, prepared, rendered, pdf })
}

/// A fixture in its own profile, by name.
pub fn fixture_named(name: &str) -> &'static Fixture {
    FIXTURES.iter().find(|f| f.own_profile && f.name == name).unwrap_or_else(|| panic!("no fixture {name}"))
}

/// Writes a PDF where veraPDF and qpdf judge it afterwards; the name says the standard.
pub fn keep_pdf(name: &str, standard: Standard, pdf: &[u8]) -> PathBuf {
    let folder = std::env::var_os("SIGILL_PDF_DIR").map_or_else(|| root().join("target/test-pdfs"), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("folder made");
    let path = folder.join(format!("{name}.{standard}.pdf"));
    // Whole or not at all: another run of the tests may be reading the one that is there.
    let part = folder.join(format!(".{name}.{standard}.{}", std::process::id()));
    std::fs::write(&part, pdf).expect("written");
    std::fs::rename(&part, &path).expect("renamed");
    path
}

/// A place for what only lasts as long as a test, or is to be looked at when it fails.
pub fn scratch(name: &str) -> PathBuf {
    let folder = root().join("target/test-work/layout");
    std::fs::create_dir_all(&folder).expect("folder made");
    folder.join(name)
}

/// Writes a PDF for the length of a test only.
pub fn scratch_pdf(name: &str, pdf: &[u8]) -> PathBuf {
    let path = scratch(&format!("{name}.pdf"));
    std::fs::write(&path, pdf).expect("written");
    path
}

/// Whether references are written rather than compared.
pub fn updating() -> bool {
    std::env::var_os("SIGILL_UPDATE").is_some()
}

/// A reference file beside the tests.
pub fn reference(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(path)
}

/// Writes a reference when updating.
pub fn update_reference(path: &str, content: &[u8]) {
    if updating() {
        let path = reference(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder made");
        std::fs::write(path, content).expect("written");
    }
}

/// Standard output of a tool; `None`, after a loud notice, when the tool is missing. With `CI=true` that fails.
pub fn tool(name: &str, args: &[&str], file: &Path) -> Option<Vec<u8>> {
    let (before, after): (Vec<&str>, Vec<&str>) = args.iter().partition(|a| **a != "-");
    match Command::new(name).args(before).arg(file).args(after).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name} {args:?} {}: {} {said}", file.display(), output.status);
            Some(output.stdout)
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let notice = format!("\n*** SKIPPED: {name} is not installed, so what it would judge goes unjudged\n");
            assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
            // Past the capture of test output: nobody reads what passing tests print.
            std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
            None
        }
        Err(e) => panic!("{name}: {e}"),
    }
}

/// The same as text.
pub fn tool_text(name: &str, args: &[&str], file: &Path) -> Option<String> {
    tool(name, args, file).map(|out| String::from_utf8_lossy(&out).into_owned())
}

/// Text of each page, artifacts included; `-layout` for lines as they stand, `-raw` for the order they were set in.
pub fn page_texts(order: &str, pdf: &Path) -> Option<Vec<String>> {
    let text = tool_text("pdftotext", &[order, "-"], pdf)?;
    let mut pages: Vec<_> = text.split('\u{c}').map(str::to_owned).collect();
    // Every page ends with a form feed.
    pages.pop();
    Some(pages)
}

/// Text without what setting may add or take away: white space, soft hyphens, joiners.
pub fn squeezed(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
    text.chars().filter(|&c| !c.is_whitespace() && !c.is_control() && !invisible(c)).collect()
}

/// Fails where two texts begin to differ, with what stands around.
pub fn same_text(what: &str, found: &str, wanted: &str) {
    if found == wanted {
        return;
    }
    let (found, wanted): (Vec<char>, Vec<char>) = (found.chars().collect(), wanted.chars().collect());
    let at = found.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    let around = |text: &[char]| {
        let part = &text[at.saturating_sub(60)..text.len().min(at + 80)];
        part.iter().collect::<String>()
    };
    panic!("{what}: differs at character {at}\n  found  …{}…\n  wanted …{}…", around(&found), around(&wanted));
}
