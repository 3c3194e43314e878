//! From a kallelse and the files it names to one pack.

use std::path::PathBuf;

use serde_json::Value;
use sigill_layout::{Engine, Input, Options, OverlayPage, ReportFiles, Standard};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::Source;
use sigill_model::{Diagnostic, Profile};

use crate::foreign::{self, Foreign, Refused, Route};
use crate::merge::{Group, MergeError, Overlay, Part, Plan, merge};
use crate::picture;

/// Findings about one of the files that make up a pack.
pub struct FileFindings {
    /// The file, relative to the kallelse's folder; empty for the kallelse itself.
    pub file: String,
    /// Its text, for showing lines.
    pub source: Source,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a document went into the pack.
pub struct PartReport {
    /// Number of its item; `None` for the kallelse.
    pub item: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its file, empty for the kallelse.
    pub file: String,
    /// First page in the pack, from 1.
    pub first_page: usize,
    /// Pages.
    pub pages: usize,
    /// For foreign files: how each page went in, and whether it has text.
    pub routes: Vec<(Route, bool)>,
}

/// A finished pack.
pub struct Pack {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// What it holds, in order.
    pub parts: Vec<PartReport>,
}

/// What came of gathering.
pub struct Gathered {
    /// Findings, file by file; only files with findings.
    pub findings: Vec<FileFindings>,
    /// The pack, unless something is wrong.
    pub pack: Option<Pack>,
}

/// A document that is ready to go in.
struct Ready {
    item: Option<u64>,
    rank: usize,
    title: String,
    file: String,
    pdf: Vec<u8>,
    pages: usize,
    foreign: Vec<foreign::PageReport>,
    /// Line on each page of a foreign file, without its page numbers.
    stamp: String,
    /// Day it came in.
    received: Option<String>,
}

/// The files next to a document that is itself named from the kallelse.
struct Below<'a> {
    files: &'a dyn ReportFiles,
    folder: PathBuf,
}

impl ReportFiles for Below<'_> {
    fn read(&self, file: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let path = self.folder.join(file);
        self.files.read(&path.to_string_lossy().replace('\\', "/"), pointer)
    }
}

/// Where the link back to the agenda stands: left, bottom, right, top in points.
const BACK: [f64; 4] = [90.0, 16.0, 200.0, 28.0];
const BACK_TITLE: &str = "Till föredragningslistan";
/// Most times the kallelse is set until its page numbers hold.
const MAX_ROUNDS: usize = 4;

/// Gathers a pack.
pub fn gather(engine: &Engine, input: &Input<'_>, options: &Options) -> Gathered {
    let checked = engine.check(input, options);
    let mut findings = Vec::new();
    let sound = !has_errors(&checked.diagnostics);
    if !checked.diagnostics.is_empty() {
        findings.push(FileFindings { file: String::new(), source: checked.source, diagnostics: checked.diagnostics });
    }
    let model: Option<Value> = serde_json::from_slice(input.bytes).ok();
    let name = options.profile.clone().or_else(|| Some(model.as_ref()?.get("profile")?.as_str()?.to_owned()));
    let profile = name.and_then(|name| engine.layouts().profile(&name)?.ok());
    let (Some(model), Some(profile), true) = (model, profile, sound) else { return Gathered { findings, pack: None } };
    let mut gathering = Gathering { engine, input, options, profile: &profile, model, findings };
    let ready = gathering.documents();
    if gathering.findings.iter().any(|f| has_errors(&f.diagnostics)) {
        return Gathered { findings: gathering.findings, pack: None };
    }
    let pack = gathering.join(ready);
    Gathered { findings: gathering.findings, pack }
}

struct Gathering<'a> {
    engine: &'a Engine,
    input: &'a Input<'a>,
    options: &'a Options,
    profile: &'a Profile,
    model: Value,
    findings: Vec<FileFindings>,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number_of(index: usize, item: &Value) -> u64 {
    item.get("nummer").and_then(Value::as_u64).unwrap_or(index as u64 + 1)
}

impl Gathering<'_> {
    /// Finds against the kallelse itself.
    fn find(&mut self, found: Diagnostic) {
        let (source, _) = Source::parse(self.input.bytes);
        let found = found.located(&source);
        match self.findings.iter_mut().find(|f| f.file.is_empty()) {
            Some(own) => own.diagnostics.push(found),
            None => self.findings.push(FileFindings { file: String::new(), source, diagnostics: vec![found] }),
        }
    }

    fn documents(&mut self) -> Vec<Ready> {
        let items = self.model.get("arenden").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut ready = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let mut own = Vec::new();
            let papers = item.get("handlingar").and_then(Value::as_array).cloned().unwrap_or_default();
            for (p, paper) in papers.iter().enumerate() {
                let pointer = format!("/arenden/{i}/handlingar/{p}");
                self.paper(number_of(i, item), paper, &pointer, &mut own);
            }
            own.sort_by_key(|r| r.rank);
            let mut bilaga = 0;
            for foreign in own.iter_mut().filter(|r| !r.foreign.is_empty()) {
                bilaga += 1;
                let dnr = text(item, "dnr");
                foreign.stamp =
                    if dnr.is_empty() { format!("Bilaga {bilaga}") } else { format!("Bilaga {bilaga} · Dnr {dnr}") };
            }
            ready.extend(own);
        }
        ready
    }

    fn paper(&mut self, number: u64, paper: &Value, pointer: &str, out: &mut Vec<Ready>) {
        let title = text(paper, "title");
        if let Some(file) = paper.get("dokument").and_then(Value::as_str) {
            self.document(number, title, file, &format!("{pointer}/dokument"), out);
        } else if let Some(file) = paper.get("file").and_then(Value::as_str) {
            self.bilaga(number, paper, title, file, &format!("{pointer}/file"), out);
        }
    }

    fn read(&mut self, file: &str, pointer: &str) -> Option<Vec<u8>> {
        match self.input.files.read(file, pointer) {
            Ok(bytes) => Some(bytes),
            Err(found) => {
                self.find(*found);
                None
            }
        }
    }

    fn document(&mut self, number: u64, title: &str, file: &str, pointer: &str, out: &mut Vec<Ready>) {
        let Some(bytes) = self.read(file, pointer) else { return };
        let folder = PathBuf::from(file).parent().map(PathBuf::from).unwrap_or_default();
        let files = Below { files: self.input.files, folder };
        let options = Options { standard: Standard::A2aUa1, ..self.options.clone() };
        let outcome = self.engine.render(&Input { bytes: &bytes, files: &files }, &options);
        if !outcome.diagnostics.is_empty() {
            let (source, diagnostics) = (outcome.source, outcome.diagnostics);
            self.findings.push(FileFindings { file: file.to_owned(), source, diagnostics });
        }
        let Some(rendered) = outcome.rendered else { return };
        let model: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let rank = match text(&model, "kind") {
            "ordforandeforslag" => 0,
            "tjansteskrivelse" => 1,
            _ => 2,
        };
        let title = if title.is_empty() { rendered.metadata.title.clone() } else { title.to_owned() };
        out.push(Ready {
            item: Some(number),
            rank,
            title,
            file: file.to_owned(),
            pages: rendered.pages,
            pdf: rendered.pdf,
            foreign: Vec::new(),
            stamp: String::new(),
            received: None,
        });
    }

    fn bilaga(&mut self, number: u64, paper: &Value, title: &str, file: &str, pointer: &str, out: &mut Vec<Ready>) {
        let Some(mut bytes) = self.read(file, pointer) else { return };
        if let Some(pdf) = picture::as_pdf(&bytes) {
            bytes = pdf;
        }
        let title = if title.is_empty() { file } else { title };
        let some = |key| paper.get(key).and_then(Value::as_str);
        let foreign = Foreign { bytes: &bytes, title, password: some("losenord"), alt: some("alt"), date: self.date() };
        match foreign::convert(&foreign) {
            Ok(converted) => out.push(Ready {
                item: Some(number),
                rank: 3,
                title: title.to_owned(),
                file: file.to_owned(),
                pages: converted.pages.len(),
                pdf: converted.pdf,
                foreign: converted.pages,
                stamp: String::new(),
                received: some("inkom").map(str::to_owned),
            }),
            Err(refused) => self.find(refusal(&refused, file, pointer)),
        }
    }

    fn date(&self) -> (u16, u8, u8) {
        let mut parts = text(&self.model, "date").split('-').map(|p| p.parse::<u16>().unwrap_or(1));
        let mut next = || parts.next().unwrap_or(1);
        (next(), next() as u8, next() as u8)
    }

    /// The kallelse with the page of each item that has documents, set until the numbers hold.
    fn kallelse(&mut self, ready: &[Ready]) -> Option<(Vec<u8>, usize)> {
        let mut own = 1;
        for _ in 0..MAX_ROUNDS {
            let mut model = self.model.clone();
            let items = model.get_mut("arenden").and_then(Value::as_array_mut);
            for (i, item) in items.into_iter().flatten().enumerate() {
                let number = number_of(i, item);
                let before = ready.iter().position(|r| r.item == Some(number));
                let Some(item) = item.as_object_mut() else { continue };
                match before {
                    Some(at) => {
                        let page = 1 + own + ready[..at].iter().map(|r| r.pages).sum::<usize>();
                        item.insert("sida".into(), page.into());
                    }
                    None => {
                        item.remove("sida");
                    }
                }
            }
            let bytes = model.to_string().into_bytes();
            let options = Options { standard: Standard::A2aUa1, in_pack: true, ..self.options.clone() };
            let outcome = self.engine.render(&Input { bytes: &bytes, files: self.input.files }, &options);
            let Some(rendered) = outcome.rendered else {
                let (source, diagnostics) = (outcome.source, outcome.diagnostics);
                self.findings.push(FileFindings { file: String::new(), source, diagnostics });
                return None;
            };
            if rendered.pages == own {
                return Some((rendered.pdf, own));
            }
            own = rendered.pages;
        }
        None
    }
}

impl Gathering<'_> {
    fn join(&mut self, ready: Vec<Ready>) -> Option<Pack> {
        let (kallelse, own) = self.kallelse(&ready)?;
        let total = own + ready.iter().map(|r| r.pages).sum::<usize>();
        let overlay = match self.overlay(&kallelse, &ready, total) {
            Ok(overlay) => overlay,
            Err(found) => {
                found.into_iter().for_each(|d| self.find(d));
                return None;
            }
        };
        let title = text(&self.model, "title").to_owned();
        let first = Part { pdf: &kallelse, title: &title, anchor: "foredragningslista".into() };
        let mut groups = vec![Group { title: None, anchor: "foredragningslista".into(), parts: vec![first] }];
        let headings = self.headings();
        for (i, document) in ready.iter().enumerate() {
            let anchor = format!("handling-{}", i + 1);
            let part = Part { pdf: &document.pdf, title: &document.title, anchor };
            let item = document.item.unwrap_or_default();
            match groups.last_mut().filter(|_| i > 0 && ready[i - 1].item == document.item) {
                Some(group) => group.parts.push(part),
                None => groups.push(Group {
                    title: headings.iter().find(|(n, _)| *n == item).map(|(_, title)| title.as_str()),
                    anchor: format!("arende-{item}"),
                    parts: vec![part],
                }),
            }
        }
        let overlay = Overlay { pdf: &overlay, back: BACK, back_title: BACK_TITLE };
        match merge(&Plan { groups, overlay: Some(overlay), first_page: 1 }) {
            Ok(merged) => Some(Pack { pdf: merged.pdf, pages: total, parts: reports(title, own, &ready) }),
            Err(error) => {
                self.find(unjoinable(&error));
                None
            }
        }
    }

    /// Number and bookmark of each item.
    fn headings(&self) -> Vec<(u64, String)> {
        let items = self.model.get("arenden").and_then(Value::as_array);
        let items = items.into_iter().flatten().enumerate();
        items.map(|(i, item)| (number_of(i, item), format!("{} {}", number_of(i, item), text(item, "title")))).collect()
    }

    fn overlay(&self, kallelse: &[u8], ready: &[Ready], total: usize) -> Result<Vec<u8>, Vec<Diagnostic>> {
        let pattern = self.profile.pack_number.as_deref().unwrap_or("Sid {page} ({pages})");
        let mut pages = Vec::new();
        let mut add = |(width, height), stamp: String, received: String| {
            let number =
                pattern.replace("{page}", &(pages.len() + 1).to_string()).replace("{pages}", &total.to_string());
            pages.push(OverlayPage { width, height, number, stamp, received });
        };
        let sizes = |pdf: &[u8]| picture::page_sizes(pdf);
        sizes(kallelse).into_iter().for_each(|size| add(size, String::new(), String::new()));
        for document in ready {
            let count = document.foreign.len();
            for (i, size) in sizes(&document.pdf).into_iter().enumerate() {
                let foreign = count > 0;
                let stamp =
                    if foreign { format!("{} · sid {}({count})", document.stamp, i + 1) } else { String::new() };
                let received = document.received.iter().filter(|_| i == 0).map(|day| format!("Inkom {day}")).collect();
                add(size, stamp, received);
            }
        }
        let [left, bottom, right, top] = BACK;
        self.engine.overlay(&pages, (right - left, top - bottom, BACK_TITLE), self.profile)
    }
}

fn reports(title: String, own: usize, ready: &[Ready]) -> Vec<PartReport> {
    let mut out =
        vec![PartReport { item: None, title, file: String::new(), first_page: 1, pages: own, routes: Vec::new() }];
    let mut next = own + 1;
    for document in ready {
        out.push(PartReport {
            item: document.item,
            title: document.title.clone(),
            file: document.file.clone(),
            first_page: next,
            pages: document.pages,
            routes: document.foreign.iter().map(|p| (p.route, p.text)).collect(),
        });
        next += document.pages;
    }
    out
}

fn unjoinable(error: &MergeError) -> Diagnostic {
    Diagnostic::error(
        "PDF001",
        "",
        format!("packen går inte att foga ihop: {error}"),
        format!("the pack cannot be joined: {error}"),
    )
}

fn refusal(refused: &Refused, file: &str, pointer: &str) -> Diagnostic {
    let (code, sv, en, help_sv, help_en) = match refused {
        Refused::NotPdf => (
            "PAC001",
            "är ingen PDF eller är skadad".to_owned(),
            "is no PDF or is damaged".to_owned(),
            "öppna filen i det program den kommer från och spara den på nytt som PDF",
            "open the file where it comes from and save it anew as PDF",
        ),
        Refused::Empty => (
            "PAC001",
            "har inga sidor".to_owned(),
            "has no pages".to_owned(),
            "kontrollera att det är rätt fil",
            "check that it is the right file",
        ),
        Refused::Password => (
            "PAC002",
            "är låst med lösenord".to_owned(),
            "is locked with a password".to_owned(),
            "skriv lösenordet i \"losenord\" eller spara filen utan lösenord",
            "write the password in \"losenord\" or save the file without one",
        ),
        Refused::Protection => (
            "PAC002",
            "är skyddad på ett sätt som inte går att läsa".to_owned(),
            "is protected in a way that cannot be read".to_owned(),
            "spara filen utan skydd",
            "save the file without protection",
        ),
        Refused::TooManyPages(pages) => (
            "PAC003",
            format!("har {pages} sidor; högst {} tas in", foreign::MAX_PAGES),
            format!("has {pages} pages; at most {} are taken", foreign::MAX_PAGES),
            "dela filen eller ta in den del som behövs",
            "split the file or take in the part that is needed",
        ),
        Refused::PageSize(page) => (
            "PAC003",
            format!("har en sida som är större eller mindre än PDF tillåter (sida {page})"),
            format!("has a page larger or smaller than PDF allows (page {page})"),
            "skriv ut filen på nytt i en vanlig pappersstorlek",
            "print the file anew on a usual paper size",
        ),
        Refused::Writing(reason) => (
            "PAC001",
            format!("går inte att skriva om till arkivformat: {reason}"),
            format!("cannot be written anew to the archive format: {reason}"),
            "spara filen på nytt som PDF, helst som PDF/A",
            "save the file anew as PDF, best as PDF/A",
        ),
    };
    Diagnostic::error(code, pointer, format!("bilagan {file} {sv}"), format!("the bilaga {file} {en}"))
        .help(help_sv, help_en)
}
