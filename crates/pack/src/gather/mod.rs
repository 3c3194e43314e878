//! From a kallelse and the files it names to one pack.

mod agenda;
mod faults;
mod join;
mod parts;
mod public;

use serde::Serialize;
use sigill_layout::{Engine, Input, Options, SignatureField, Standard};
use sigill_model::diagnostic::has_errors;
use sigill_model::edition::{Edition, Masked};
use sigill_model::json::Source;
use sigill_model::kinds::{Document, Kallelse};
use sigill_model::messages::{are004, pac007, pac008};
use sigill_model::secrecy::Ground;
use sigill_model::{Diagnostic, Profile};
pub use sigill_orders::PackCopy;

use crate::foreign::{FileReport, Refused};
use crate::proof;
use crate::reader::{ForeignReader, ReadAnswer, ReadOrder, ReadTask, Reading};
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
    /// Reads files of others.
    pub reader: &'a dyn ForeignReader,
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
    files: Vec<FileFindings>,
}

impl Findings<'_> {
    /// About the kallelse itself, or what stands in it.
    fn own(&mut self, found: Diagnostic) {
        self.add("", self.source.clone(), vec![found.located(self.source)]);
    }

    /// About a document: in its own file, or in the kallelse it stands in at `pointer`.
    fn of_document(&mut self, own: &agenda::Own, file: &str, pointer: &str, found: Vec<Diagnostic>) {
        self.of_setting(&own.source, own.inline, file, pointer, found);
    }

    fn of_setting(&mut self, source: &Source, inline: bool, file: &str, pointer: &str, found: Vec<Diagnostic>) {
        if inline {
            // Their places are those of the whole text already.
            let whole = |d: Diagnostic| Diagnostic { pointer: format!("{pointer}{}", d.pointer), ..d };
            self.add("", self.source.clone(), found.into_iter().map(whole).collect());
        } else {
            self.add(file, source.clone(), found);
        }
    }

    fn add(&mut self, file: &str, source: Source, found: Vec<Diagnostic>) {
        if found.is_empty() {
            return;
        }
        match self.files.iter_mut().find(|f| f.file == file) {
            Some(known) => known.diagnostics.extend(found),
            None => self.files.push(FileFindings { file: file.to_owned(), source, diagnostics: found }),
        }
    }

    fn stop(&self) -> bool {
        self.files.iter().any(|f| has_errors(&f.diagnostics))
    }
}

/// Gathers a pack.
pub fn gather(engine: &Engine, input: &Input<'_>, options: &PackOptions<'_>) -> Gathered {
    let layout = Options { profile: options.profile.clone(), ..Options::default() };
    let checked = engine.check(input, &layout);
    let sound = checked.is_sound();
    let mut findings = Findings { source: input.source, files: Vec::new() };
    checked.diagnostics.into_iter().for_each(|d| findings.own(d));
    let profile = checked.profile;
    let pack = match (checked.document, &profile) {
        (Some(Document::Kallelse(kallelse)), Some(profile)) if sound => {
            let mut gathering = Gathering { engine, input, options, profile, kallelse, findings };
            let pack = gathering.pack();
            findings = gathering.findings;
            pack
        }
        (Some(_), _) if sound => {
            findings.own(pac007::NoKallelse.at("/kind"));
            None
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
    kallelse: Box<Kallelse>,
    findings: Findings<'a>,
}

/// What the agenda says, once nothing is left in it that the edition leaves out.
struct Meeting {
    /// The list that is made, with the items of no other.
    source: Source,
    /// The same, typed.
    kallelse: Kallelse,
    items: Vec<agenda::Item>,
    /// What was left out, here and in the documents, and all that it said.
    masked: Vec<Masked>,
    /// Why, once for each mark.
    left_out: Vec<Ground>,
}

impl Meeting {
    /// Title of an item, as the edition has it.
    fn title_of(&self, number: u64) -> &str {
        let mut items = self.kallelse.arenden.iter();
        items.find(|i| i.nummer.map(u64::from) == Some(number)).map_or("", |i| &i.title.0)
    }
}

impl Gathering<'_> {
    fn pack(&mut self) -> Option<Pack> {
        let list = self.list()?;
        let layout = self.layout();
        let mut reader = agenda::Reader {
            engine: self.engine,
            files: self.input.files,
            layout,
            kallelse: &self.kallelse,
            findings: &mut self.findings,
        };
        let items = reader.items(list);
        let mut meeting = self.meeting(list, items)?;
        let parts = self.parts(&mut meeting);
        if self.findings.stop() {
            return None;
        }
        let joined = self.join(&meeting, parts)?;
        self.prove(&joined.pdf, &meeting.masked);
        if self.findings.stop() {
            return None;
        }
        Some(Pack {
            pages: joined.pages,
            title: joined.title,
            date: self.kallelse.common.date.0.clone(),
            first_page: joined.first_page,
            parts: joined.parts,
            copy: self.options.copy,
            edition: self.options.edition,
            signatures: joined.signatures,
            left_out: meeting.left_out,
            pdf: joined.pdf,
        })
    }

    /// Searches the finished file for what must not be in it. One that cannot be searched is not proven, and is not
    /// given away.
    fn prove(&mut self, pdf: &[u8], masked: &[Masked]) {
        let secrets = proof::secrets(masked);
        if secrets.is_empty() {
            return;
        }
        match self.read_one(ReadOrder::Search { secrets }, pdf) {
            Ok(Reading { answer: ReadAnswer::Searched { leaks }, .. }) => {
                leaks.into_iter().for_each(|leak| self.findings.own(leak.finding()));
            }
            Ok(_) | Err(_) => self.findings.own(pac008::Unproven.at("")),
        }
    }

    /// One order about a file of others.
    fn read_one(&self, order: ReadOrder, bytes: &[u8]) -> Result<Reading, Refused> {
        let mut results = self.options.reader.read(&[ReadTask { order, bytes }], &|| ());
        results.pop().unwrap_or(Err(Refused::Limits))
    }

    /// How documents of the pack are set.
    fn layout(&self) -> Options {
        Options { standard: self.standard(), profile: self.options.profile.clone(), in_pack: false }
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
        let last = self.kallelse.arenden.iter().map(agenda::list_of).max().filter(|&last| last > 0);
        if last.is_none() {
            self.findings.own(are004::NoAddition.at("/arenden"));
        }
        last
    }
}
