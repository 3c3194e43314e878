//! `sigill layouts`: help for those who write layouts.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;
use sigill_layout::{Engine, Fonts, Input, Layouts, Options, ReportFiles};
use sigill_make::files::write_whole;
use sigill_make::show;
use sigill_model::json::Source;
use sigill_model::messages::fil001;
use sigill_model::{Code, Diagnostic, Lang};

use crate::exit::{Exit, Stop};
use crate::kinds::fault;
use crate::output;
use crate::setup::LayoutDirs;

#[derive(Debug, Args)]
pub(crate) struct LayoutsArgs {
    #[command(subcommand)]
    pub(crate) command: LayoutsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LayoutsCommand {
    /// Lista layouter och profiler och var de kommer ifrån · List layouts and profiles and where they come from
    List(LayoutDirs),
    /// Granska en mapp med layouter: manifest, schema, exempel, PDF · Check a folder of layouts
    Check {
        /// Mapp med kinds/ och profiles/ · Folder with kinds/ and profiles/
        folder: PathBuf,
    },
    /// Börja en ny dokumenttyp eller profil · Start a new kind or profile
    New {
        /// Namn: små bokstäver, siffror och - · Name: lower case letters, digits and -
        name: String,
        /// En kommuns profil i stället för en dokumenttyp · A municipality's profile instead of a kind
        #[arg(long)]
        profile: bool,
        /// Mapp att lägga den i · Folder to put it in
        #[arg(long, default_value = "layouts")]
        folder: PathBuf,
    },
}

pub(crate) fn run(args: &LayoutsArgs) -> Result<Exit, Stop> {
    match &args.command {
        LayoutsCommand::List(dirs) => list(dirs),
        LayoutsCommand::Check { folder } => check(folder),
        LayoutsCommand::New { name, profile: false, folder } => {
            begin(&folder.join("kinds").join(name), &KIND, name, folder)
        }
        LayoutsCommand::New { name, profile: true, folder } => {
            begin(&folder.join("profiles").join(name), &PROFILE, name, folder)
        }
    }
}

fn list(dirs: &LayoutDirs) -> Result<Exit, Stop> {
    let layouts = dirs.layouts()?;
    let origin = |path: &str| if layouts.is_plugin(path) { "egen" } else { "inbyggd" };
    let mut text = String::new();
    for name in layouts.kind_names() {
        text.push_str(&format!("kind     {name:<20} {}\n", origin(&format!("kinds/{name}/"))));
    }
    for name in layouts.profile_names() {
        text.push_str(&format!("profile  {name:<20} {}\n", origin(&format!("profiles/{name}/"))));
    }
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}

/// An example brings no pictures of its own.
struct NoFiles;

impl ReportFiles for NoFiles {
    fn read(&self, name: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        Err(Box::new(fil001::InExample { file: &name }.at(pointer)))
    }
}

/// Keywords of JSON Schema that the checker understands; a plugin's schema stays within them.
const KEYWORDS: [&str; 27] = [
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "format",
    "default",
    "examples",
    "$comment",
    "uniqueItems",
];

fn unknown_keywords(schema: &Value, inside: bool, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            for (key, below) in object {
                // Names of properties and definitions are the author's own.
                let names = matches!(key.as_str(), "properties" | "$defs");
                // Annotations, and what stands in them, are for forms and other readers.
                let annotation = inside && key.starts_with("x-");
                if inside && !annotation && !KEYWORDS.contains(&key.as_str()) {
                    found.push(key.clone());
                }
                if !annotation && !matches!(key.as_str(), "default" | "examples" | "const" | "enum") {
                    unknown_keywords(below, !(inside && names), found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| unknown_keywords(i, true, found)),
        _ => {}
    }
}

fn check(folder: &Path) -> Result<Exit, Stop> {
    let mut layouts = Layouts::embedded();
    layouts
        .add_folder(folder)
        .map_err(|e| Stop::usage(format!("layoutmappen {} går inte att läsa: {e}", folder.display())))?;
    let engine = Engine::new(Fonts::new(Vec::new()), layouts);
    let layouts = engine.layouts();
    let mut faults = Vec::new();
    let mut checked = 0;
    for name in layouts.profile_names() {
        if layouts.is_plugin(&format!("profiles/{name}/")) {
            checked += 1;
            if let Some(Err(e)) = layouts.profile(name) {
                faults.push(fault(&e));
            }
        }
    }
    for name in layouts.kind_names() {
        if layouts.is_plugin(&format!("kinds/{name}/")) {
            checked += 1;
            check_kind(&engine, name, &mut faults);
        }
    }
    let mut text = String::new();
    for f in &faults {
        text.push_str(&format!("fel[LAY002]: {f}\n"));
    }
    text.push_str(&format!("{checked} granskade, {} fel\n", faults.len()));
    output::print(text.as_bytes())?;
    if checked == 0 {
        return Err(Stop::usage("mappen har varken kinds/ eller profiles/"));
    }
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Documents })
}

/// A kind is right when its parts are there and its example renders in every profile.
fn check_kind(engine: &Engine, name: &str, faults: &mut Vec<String>) {
    let layouts = engine.layouts();
    match layouts.kind(name) {
        Some(Err(e)) => return faults.push(fault(&e)),
        None => return,
        Some(Ok(kind)) => {
            let mut unknown = Vec::new();
            unknown_keywords(kind.schema.root(), true, &mut unknown);
            unknown.dedup();
            for keyword in unknown {
                faults.push(format!("kinds/{name}/schema.json: nyckelordet ”{keyword}” stöds inte"));
            }
        }
    }
    let path = format!("kinds/{name}/example.json");
    let Some(example) = layouts.read(&path) else {
        return faults.push(format!("{path}: exemplet saknas"));
    };
    for profile in layouts.profile_names() {
        let options = Options { profile: Some(profile.to_owned()), ..Options::default() };
        let source = Source::parse(example);
        let outcome = engine.render(&Input { source: &source, files: &NoFiles }, &options);
        // A municipality's own dnr pattern says nothing about the layout.
        let errors = outcome.diagnostics.iter().filter(|d| d.is_error() && d.code != Code::DNR001);
        for d in errors {
            let line = d.position.and_then(|p| source.line(p.line));
            faults.push(format!("{path} ({profile}):\n{}", show::human(&path, d, line, Lang::Sv)));
        }
    }
}

/// The files of a new kind.
const KIND: [(&str, &str); 4] = [
    ("typst.toml", include_str!("../../template/typst.toml")),
    ("lib.typ", include_str!("../../template/lib.typ")),
    ("schema.json", include_str!("../../template/schema.json")),
    ("example.json", include_str!("../../template/example.json")),
];

/// The files of a new profile.
const PROFILE: [(&str, &str); 1] = [("profile.json", include_str!("../../template/profile.json"))];

/// Writes a template to a folder of its own, which must not be there yet.
fn begin(target: &Path, template: &[(&str, &str)], name: &str, folder: &Path) -> Result<Exit, Stop> {
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits {
        return Err(Stop::usage("namnet börjar med en liten bokstav a-z och har bara a-z, 0-9 och -"));
    }
    if target.exists() {
        return Err(Stop::usage(format!("{} finns redan", target.display())));
    }
    for (file, text) in template {
        write_whole(&target.join(file), text.replace("NAME", name).as_bytes())?;
    }
    output::print(
        format!("{} är klar; granska med: sigill layouts check {}\n", target.display(), folder.display()).as_bytes(),
    )?;
    Ok(Exit::Done)
}
