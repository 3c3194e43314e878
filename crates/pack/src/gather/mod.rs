//! From a kallelse and the files it names to one pack.

mod agenda;
mod faults;
mod join;
mod parts;

use serde::Serialize;
use serde_json::Value;
use sigill_layout::{Engine, Input, Options, SignatureField, Standard};
use sigill_model::diagnostic::has_errors;
use sigill_model::edition::{self, Edition, Ground, Masked, Redacted};
use sigill_model::json::Source;
use sigill_model::{Diagnostic, Profile};
pub use sigill_orders::PackCopy;

use crate::convert::Converter;
use crate::foreign::FileReport;
use crate::proof;
use crate::store::Store;

/// How to make a pack.
pub struct PackOptions<'a> {
    /// Profile to use instead of those the documents name.
    pub profile: Option<String>,
    /// What it is for.
    pub copy: PackCopy,
    /// Who it is for.
    pub edition: Edition,
    /// Whether a bilaga that cannot be read becomes a page that says so, instead of stopping the pack.
    pub keep_going: bool,
    /// The list sent before: the pack is then the tilläggslista that follows it.
    pub supplement: Option<&'a [u8]>,
    /// Writes bilagor anew.
    pub converter: &'a dyn Converter,
    /// Keeps parts between runs.
    pub store: &'a dyn Store,
    /// Told when a part is done: how many, of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// Findings about one of the files that make up a pack.
pub struct FileFindings {
    /// The file, relative to the kallelse's folder; empty for the kallelse itself.
    pub file: String,
    /// Its text, for showing lines.
    pub source: Source,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a part of a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// The kallelse, or the tilläggslista.
    Kallelse,
    /// A page before an item's documents.
    Divider,
    /// A document of our own.
    Document,
    /// A file of others.
    Bilaga,
    /// A page in place of a file that could not be read.
    Notice,
}

/// How a document went into the pack.
#[derive(Debug, Clone)]
pub struct PartReport {
    /// What it is.
    pub kind: PartKind,
    /// Number of its item; `None` for the kallelse.
    pub item: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its file, empty for the kallelse and documents that stand in it.
    pub file: String,
    /// First page in the pack, as numbered.
    pub first_page: usize,
    /// Pages.
    pub pages: usize,
    /// For files of others: how each page went in, and what did not come along.
    pub foreign: Option<FileReport>,
    /// Whether the file itself lies in the pack as well, untouched, since it is signed.
    pub attached: bool,
    /// Whether it was taken from an earlier run.
    pub reused: bool,
}

/// A finished pack.
pub struct Pack {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Title of the meeting.
    pub title: String,
    /// Its date, ISO 8601.
    pub date: String,
    /// Number of the first page.
    pub first_page: usize,
    /// What it holds, in order.
    pub parts: Vec<PartReport>,
    /// What it is for.
    pub copy: PackCopy,
    /// Who it is for.
    pub edition: Edition,
    /// Places to sign, with pages of the file from 1.
    pub signatures: Vec<SignatureField>,
    /// Why things were left out, one ground for each.
    pub left_out: Vec<Ground>,
}

/// What came of gathering.
pub struct Gathered {
    /// Findings, file by file; only files with findings.
    pub findings: Vec<FileFindings>,
    /// The pack, unless something is wrong.
    pub pack: Option<Pack>,
    /// The municipality's profile, for a report in its style.
    pub profile: Option<Profile>,
}

/// Findings as they come, each with its file.
pub(crate) struct Findings<'a> {
    /// The kallelse.
    source: &'a Source,
    /// The profile of the kallelse, for documents that stand in it.
    profile: Option<String>,
    files: Vec<FileFindings>,
}

impl Findings<'_> {
    /// About the kallelse itself, or what stands in it.
    fn own(&mut self, found: Diagnostic) {
        let found = found.located(self.source);
        match self.files.iter_mut().find(|f| f.file.is_empty()) {
            Some(own) => own.diagnostics.push(found),
            None => self.files.push(FileFindings {
                file: String::new(),
                source: self.source.clone(),
                diagnostics: vec![found],
            }),
        }
    }

    fn stop(&self) -> bool {
        self.files.iter().any(|f| has_errors(&f.diagnostics))
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Gathers a pack.
pub fn gather(engine: &Engine, input: &Input<'_>, options: &PackOptions<'_>) -> Gathered {
    let layout = Options { profile: options.profile.clone(), ..Options::default() };
    let checked = engine.check(input, &layout);
    let sound = !has_errors(&checked.diagnostics);
    let model: Option<Value> = serde_json::from_slice(input.bytes).ok();
    let name = options.profile.clone().or_else(|| Some(model.as_ref()?.get("profile")?.as_str()?.to_owned()));
    let profile = name.clone().and_then(|name| engine.layouts().profile(&name)?.ok());
    let mut findings = Findings { source: &checked.source, profile: name, files: Vec::new() };
    checked.diagnostics.into_iter().for_each(|d| findings.own(d));
    let pack = match (&model, &profile) {
        (Some(model), Some(profile)) if sound => {
            let mut gathering = Gathering { engine, input, options, profile, model, findings };
            let pack = gathering.pack();
            findings = gathering.findings;
            pack
        }
        _ => None,
    };
    Gathered { findings: findings.files, pack, profile }
}

struct Gathering<'a> {
    engine: &'a Engine,
    input: &'a Input<'a>,
    options: &'a PackOptions<'a>,
    profile: &'a Profile,
    /// The kallelse.
    model: &'a Value,
    findings: Findings<'a>,
}

/// What the agenda says, once nothing is left in it that the edition leaves out.
struct Meeting {
    /// The model of this list alone.
    model: Value,
    items: Vec<agenda::Item>,
    /// What was left out, here and in the documents, and all that it said.
    masked: Vec<Masked>,
    /// Why, once for each mark.
    left_out: Vec<Ground>,
}

impl Gathering<'_> {
    fn pack(&mut self) -> Option<Pack> {
        let list = self.list()?;
        let items = agenda::items(self.model, list, self.input.files, &mut self.findings);
        let mut meeting =
            Meeting { model: agenda::list_alone(self.model, list), items, masked: Vec::new(), left_out: Vec::new() };
        if self.options.edition == Edition::Offentlig {
            self.leave_out(&mut meeting);
        }
        let parts = self.parts(&mut meeting);
        if self.findings.stop() {
            return None;
        }
        let joined = self.join(&meeting, parts)?;
        for leak in proof::search(&joined.pdf, &proof::secrets(&meeting.masked)) {
            self.findings.own(leak.finding());
        }
        if self.findings.stop() {
            return None;
        }
        Some(Pack {
            pages: joined.pages,
            title: joined.title,
            date: text(self.model, "date").to_owned(),
            first_page: joined.first_page,
            parts: joined.parts,
            copy: self.options.copy,
            edition: self.options.edition,
            signatures: joined.signatures,
            left_out: meeting.left_out,
            pdf: joined.pdf,
        })
    }

    fn standard(&self) -> Standard {
        match self.options.copy {
            PackCopy::Archive => Standard::A2aUa1,
            PackCopy::Reading => Standard::None,
        }
    }

    /// Which list is made: the kallelse's own, or the last tilläggslista.
    fn list(&mut self) -> Option<u64> {
        if self.options.supplement.is_none() {
            return Some(0);
        }
        let items = self.model.get("arenden").and_then(Value::as_array);
        let last = items.into_iter().flatten().map(agenda::list_of).max().unwrap_or(0);
        if last == 0 {
            self.findings.own(
                Diagnostic::error("ARE004", "/arenden", "inget ärende är ett tillägg", "no item is an addition").help(
                    "märk de ärenden som kommit till med \"tillagg\": 1",
                    "mark the added items with \"tillagg\": 1",
                ),
            );
            return None;
        }
        Some(last)
    }

    /// Takes away what the public edition does not have.
    fn leave_out(&mut self, meeting: &mut Meeting) {
        let named = |p: &agenda::Paper| Some(((p.item, agenda::place_of(&p.pointer)?), p.ground.clone()?));
        // A document's own bilagor are named below it and left out of its own list.
        let direct = |p: &&agenda::Paper| !p.pointer.contains("/bilagor/");
        let marked = meeting.items.iter().flat_map(|i| &i.papers).filter(direct).filter_map(named).collect();
        agenda::mark_papers(&mut meeting.model, &marked);
        let Redacted { model, mut masked, faults: own } = edition::redact(&meeting.model);
        own.into_iter().for_each(|d| self.findings.own(d));
        let mut faults = Vec::new();
        meeting.model = model;
        let mut left_out: Vec<Ground> = masked.iter().map(|m| m.ground.clone()).collect();
        for item in &mut meeting.items {
            if let Some(ground) = item.ground.as_ref().filter(|_| telling(&item.title)) {
                let title = item.title.clone();
                masked.push(Masked { pointer: String::new(), ground: ground.clone(), words: true, texts: vec![title] });
            }
            for paper in &mut item.papers {
                if let Some(ground) = item.ground.clone().or_else(|| paper.ground.clone()) {
                    masked.extend(withheld(paper, ground));
                    continue;
                }
                masked.extend(clear_words(paper));
                if let agenda::Source::Report { bytes, model, inline, .. } = &mut paper.source {
                    let redacted = edition::redact(model);
                    if redacted.model != *model {
                        *bytes = redacted.model.to_string().into_bytes();
                        *model = redacted.model;
                    }
                    left_out.extend(redacted.masked.iter().map(|m| m.ground.clone()));
                    let below = if *inline { paper.pointer.as_str() } else { "" };
                    // What stands in a file of its own is told where the file is named.
                    let place =
                        |pointer: String| if *inline { format!("{below}{pointer}") } else { paper.pointer.clone() };
                    masked.extend(redacted.masked.into_iter().map(|m| Masked { pointer: place(m.pointer), ..m }));
                    faults.push((paper.file.clone(), paper.pointer.clone(), *inline, redacted.faults));
                }
            }
            let whole = item.ground.is_some();
            item.papers.retain(|p| !whole && p.ground.is_none());
        }
        (meeting.masked, meeting.left_out) = (masked, left_out);
        for (file, pointer, inline, found) in faults {
            self.found(&file, &pointer, inline, found);
        }
    }
}

/// Takes marked words out of what the kallelse itself says of a paper.
fn clear_words(paper: &mut agenda::Paper) -> Vec<Masked> {
    let mut masked = Vec::new();
    let mut clear = |text: &mut String| {
        let redacted = edition::redact(&Value::String(std::mem::take(text)));
        *text = redacted.model.as_str().unwrap_or_default().to_owned();
        masked.extend(redacted.masked);
    };
    clear(&mut paper.title);
    if let agenda::Source::Bilaga { alt: Some(alt), .. } = &mut paper.source {
        clear(alt);
    }
    masked
}

/// A title that says enough to give away what is left out.
fn telling(title: &str) -> bool {
    title.split_whitespace().count() >= 3
}

/// What a paper said that is left out as a whole.
fn withheld(paper: &agenda::Paper, ground: Ground) -> Vec<Masked> {
    let texts = match &paper.source {
        agenda::Source::Report { model, .. } => edition::texts(model),
        agenda::Source::Bilaga { bytes, password, .. } => {
            let foreign =
                crate::foreign::Foreign { bytes, title: "", password: password.as_deref(), alt: None, date: (1, 1, 1) };
            crate::foreign::text(&foreign).unwrap_or_default()
        }
        agenda::Source::Nothing => Vec::new(),
    };
    let masked = |words, texts| Masked { pointer: paper.pointer.clone(), ground: ground.clone(), words, texts };
    let titled = telling(&paper.title).then(|| masked(true, vec![paper.title.clone()]));
    titled.into_iter().chain((!texts.is_empty()).then(|| masked(false, texts))).collect()
}
