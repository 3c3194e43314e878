//! What a kallelse names: its items and their papers, in the order of the pack.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sigill_layout::ReportFiles;
use sigill_model::Diagnostic;
use sigill_model::edition::Ground;

use super::{Findings, text};
use crate::picture;

/// Where a paper's content is.
pub(super) enum Source {
    /// A report model of our own.
    Report {
        /// Its JSON.
        bytes: Vec<u8>,
        /// The same, read.
        model: Value,
        /// Folder of the files it names, relative to the kallelse's.
        folder: PathBuf,
        /// Whether it stands in the kallelse itself.
        inline: bool,
    },
    /// A file of others.
    Bilaga { bytes: Vec<u8>, password: Option<String>, alt: Option<String> },
    /// None: it is only named, or could not be read.
    Nothing,
}

/// One of an item's papers.
pub(super) struct Paper {
    /// Number of its item.
    pub(super) item: u64,
    /// Dnr of its item.
    pub(super) dnr: String,
    /// Place among the item's papers: ordförandeförslag, tjänsteskrivelse, reports, bilagor.
    pub(super) rank: u8,
    /// Its title; empty when the document has its own.
    pub(super) title: String,
    /// Its file; empty when it stands in the kallelse.
    pub(super) file: String,
    /// Where it is named, or stands.
    pub(super) pointer: String,
    pub(super) source: Source,
    /// The day it came in.
    pub(super) received: Option<String>,
    /// Its number among the item's bilagor.
    pub(super) bilaga: usize,
    /// Why it is left out of the public edition.
    pub(super) ground: Option<Ground>,
}

/// An item and its papers.
pub(super) struct Item {
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) dnr: String,
    /// Why all of it is left out of the public edition.
    pub(super) ground: Option<Ground>,
    pub(super) papers: Vec<Paper>,
}

const REPORTS: u8 = 2;
const BILAGOR: u8 = 3;

/// A report model and where it lies.
struct Named {
    bytes: Vec<u8>,
    model: Value,
    folder: PathBuf,
}

fn is_model(file: &Value) -> bool {
    let extension = file.as_str().map(Path::new).and_then(Path::extension);
    extension.is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// Number of an item at a place of the list, from 0.
pub(super) fn number_of(index: usize, item: &Value) -> u64 {
    item.get("nummer").and_then(Value::as_u64).unwrap_or(index as u64 + 1)
}

/// The list of which an item is part: 0 for the kallelse's own, or the number of its tilläggslista.
pub(super) fn list_of(item: &Value) -> u64 {
    item.get("tillagg").and_then(Value::as_u64).unwrap_or(0)
}

/// Reads all items of one list.
pub(super) fn items(model: &Value, list: u64, files: &dyn ReportFiles, findings: &mut Findings<'_>) -> Vec<Item> {
    let all = model.get("arenden").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let listed = all.iter().enumerate().filter(|(_, item)| list_of(item) == list);
    let one = |(i, item): (usize, &Value)| {
        let number = number_of(i, item);
        Reader { files, findings: &mut *findings, item: number, listed: files_of(item) }.item(i, item)
    };
    listed.map(one).collect()
}

struct Reader<'r, 'f, 'g> {
    files: &'r dyn ReportFiles,
    findings: &'f mut Findings<'g>,
    item: u64,
    /// Files that the item names itself.
    listed: Vec<String>,
}

/// Files that an item names directly.
fn files_of(item: &Value) -> Vec<String> {
    let papers = item.get("handlingar").and_then(Value::as_array);
    let files = papers.into_iter().flatten().flat_map(|p| [p.get("dokument"), p.get("file")]);
    files.filter_map(|f| f?.as_str().map(str::to_owned)).collect()
}

impl Reader<'_, '_, '_> {
    fn item(&mut self, index: usize, item: &Value) -> Item {
        let dnr = text(item, "dnr").to_owned();
        let mut papers = Vec::new();
        let named = item.get("handlingar").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (p, paper) in named.iter().enumerate() {
            self.paper(paper, &dnr, &format!("/arenden/{index}/handlingar/{p}"), &mut papers);
        }
        papers.sort_by_key(|p| p.rank);
        let bilagor = papers.iter_mut().filter(|p| p.rank == BILAGOR);
        bilagor.enumerate().for_each(|(i, p)| p.bilaga = i + 1);
        self.alike(&papers);
        if named.is_empty() && item.get("muntlig") != Some(&Value::Bool(true)) {
            let number = self.item;
            self.findings.own(
                Diagnostic::warning(
                    "PAC005",
                    format!("/arenden/{index}"),
                    format!("ärende {number} har inga handlingar"),
                    format!("item {number} has no documents"),
                )
                .help(
                    "lägg till \"handlingar\", eller \"muntlig\": true för muntlig information",
                    "add \"handlingar\", or \"muntlig\": true for oral information",
                ),
            );
        }
        let title = text(item, "title").to_owned();
        Item { number: self.item, title, dnr, ground: Ground::of_part(item), papers }
    }

    fn paper(&mut self, paper: &Value, dnr: &str, pointer: &str, out: &mut Vec<Paper>) {
        let ground = Ground::of_part(paper);
        let item = self.item;
        let blank = |rank, pointer: String, source| Paper {
            item,
            dnr: dnr.to_owned(),
            rank,
            title: text(paper, "title").to_owned(),
            file: String::new(),
            pointer,
            source,
            received: paper.get("inkom").and_then(Value::as_str).map(str::to_owned),
            bilaga: 0,
            ground: ground.clone(),
        };
        // A model may also be named as a file among others.
        let named = paper.get("dokument").or_else(|| paper.get("file").filter(|f| is_model(f)));
        match named {
            Some(Value::String(file)) => {
                let field = if paper.get("dokument").is_some() { "dokument" } else { "file" };
                let pointer = format!("{pointer}/{field}");
                let folder = Path::new(file).parent().map(Path::to_path_buf).unwrap_or_default();
                let mut own = Paper { file: file.clone(), ..blank(REPORTS, pointer.clone(), Source::Nothing) };
                let bytes = self.bytes(file, &pointer);
                let model = bytes.as_ref().and_then(|b| serde_json::from_slice::<Value>(b).ok());
                if let Some(bytes) = bytes {
                    // What is no JSON is found out when it is rendered.
                    let above = [file.as_str()];
                    self.report(Named { bytes, model: model.unwrap_or_default(), folder }, &mut own, &above, out);
                }
            }
            Some(model @ Value::Object(_)) => {
                let mut model = model.clone();
                let mut own = blank(REPORTS, format!("{pointer}/dokument"), Source::Nothing);
                if let (Some(profile), Some(own)) = (&self.findings.profile, model.as_object_mut()) {
                    own.entry("profile").or_insert_with(|| profile.clone().into());
                }
                let bytes = model.to_string().into_bytes();
                self.report(Named { bytes, model, folder: PathBuf::new() }, &mut own, &[], out);
            }
            _ => {
                if let Some(file) = paper.get("file").and_then(Value::as_str) {
                    let pointer = format!("{pointer}/file");
                    let source = self.bilaga(paper, file, &pointer);
                    out.push(Paper { file: file.to_owned(), ..blank(BILAGOR, pointer, source) });
                } else {
                    out.push(blank(BILAGOR + 1, pointer.to_owned(), Source::Nothing));
                }
            }
        }
    }

    /// A document of our own, and the bilagor it names itself. `above` are the files that led here.
    fn report(&mut self, named: Named, own: &mut Paper, above: &[&str], out: &mut Vec<Paper>) {
        let Named { bytes, model, folder } = named;
        let kind = text(&model, "kind");
        if kind == "kallelse" {
            self.misplaced(
                &own.pointer,
                "en kallelse kan inte vara handling i en kallelse",
                "a kallelse cannot be a document of a kallelse",
            );
            return;
        }
        own.rank = match kind {
            "ordforandeforslag" => 0,
            "tjansteskrivelse" => 1,
            _ => REPORTS,
        };
        own.ground = own.ground.take().or_else(|| Ground::of_part(&model));
        let inline = own.file.is_empty() && above.is_empty();
        let attached = model.get("bilagor").and_then(Value::as_array).cloned().unwrap_or_default();
        let paper = |own: &mut Paper, source| Paper {
            item: own.item,
            dnr: own.dnr.clone(),
            rank: own.rank,
            title: std::mem::take(&mut own.title),
            file: std::mem::take(&mut own.file),
            pointer: own.pointer.clone(),
            source,
            received: None,
            bilaga: 0,
            ground: own.ground.clone(),
        };
        out.push(paper(own, Source::Report { bytes, model, folder: folder.clone(), inline }));
        for (i, bilaga) in attached.iter().enumerate() {
            let Some(name) = bilaga.get("file").and_then(Value::as_str) else { continue };
            let file = folder.join(name).to_string_lossy().replace('\\', "/");
            let pointer = if inline { format!("{}/bilagor/{i}/file", own.pointer) } else { own.pointer.clone() };
            let ground = Ground::of_part(bilaga).or_else(|| own.ground.clone());
            let mut below = Paper {
                rank: BILAGOR,
                title: text(bilaga, "title").to_owned(),
                file: file.clone(),
                pointer: pointer.clone(),
                received: bilaga.get("inkom").and_then(Value::as_str).map(str::to_owned),
                ground,
                ..paper(own, Source::Nothing)
            };
            if !is_model(&Value::from(name)) {
                let source = self.bilaga(bilaga, &file, &pointer);
                out.push(Paper { source, ..below });
                continue;
            }
            // Named among the item's own papers as well, it comes once, there.
            if self.listed.contains(&file) {
                continue;
            }
            if above.contains(&file.as_str()) {
                self.misplaced(
                    &pointer,
                    &format!("handlingen {file} är bilaga till sig själv"),
                    &format!("the document {file} is a bilaga of itself"),
                );
                continue;
            }
            if let Some(bytes) = self.bytes(&file, &pointer) {
                let model = serde_json::from_slice(&bytes).unwrap_or_default();
                let folder = Path::new(&file).parent().map(Path::to_path_buf).unwrap_or_default();
                let above: Vec<_> = above.iter().copied().chain([file.as_str()]).collect();
                self.report(Named { bytes, model, folder }, &mut below, &above, out);
            }
        }
    }

    fn misplaced(&mut self, pointer: &str, sv: &str, en: &str) {
        self.findings.own(
            Diagnostic::error("PAC007", pointer, sv, en)
                .help("ange de enskilda dokumenten i stället", "name the single documents instead"),
        );
    }

    fn bilaga(&mut self, paper: &Value, file: &str, pointer: &str) -> Source {
        let Some(bytes) = self.bytes(file, pointer) else { return Source::Nothing };
        let some = |key| paper.get(key).and_then(Value::as_str).map(str::to_owned);
        let bytes = picture::as_pdf(&bytes).unwrap_or(bytes);
        Source::Bilaga { bytes, password: some("losenord"), alt: some("alt") }
    }

    fn bytes(&mut self, file: &str, pointer: &str) -> Option<Vec<u8>> {
        match self.files.read(file, pointer) {
            Ok(bytes) => Some(bytes),
            Err(found) => {
                self.findings.own(*found);
                None
            }
        }
    }

    /// Papers that a reader could not tell apart.
    fn alike(&mut self, papers: &[Paper]) {
        let mut seen: HashMap<(&str, &str), &str> = HashMap::new();
        for paper in papers {
            for (sort, name) in [("file", paper.file.as_str()), ("title", paper.title.as_str())] {
                if name.is_empty() || seen.insert((sort, name), &paper.pointer).is_none() {
                    continue;
                }
                let number = self.item;
                self.findings.own(
                    Diagnostic::warning(
                        "PAC006",
                        &paper.pointer,
                        format!("två handlingar i ärende {number} heter ”{name}”"),
                        format!("two documents of item {number} are called \"{name}\""),
                    )
                    .help(
                        "ge dem olika rubriker, eller ta bort den ena om den kommit med två gånger",
                        "give them titles of their own, or remove one that came twice",
                    ),
                );
            }
        }
    }
}

/// The model of a list alone: its items with their numbers, and what each paper is called.
pub(super) fn list_alone(model: &Value, list: u64) -> Value {
    let mut out = model.clone();
    if let Some(items) = out.get_mut("arenden").and_then(Value::as_array_mut) {
        let numbers: Vec<_> = items.iter().enumerate().map(|(i, item)| number_of(i, item)).collect();
        let mut numbers = numbers.into_iter();
        for item in items.iter_mut() {
            let number = numbers.next().unwrap_or_default();
            if let Some(item) = item.as_object_mut() {
                item.insert("nummer".into(), number.into());
            }
        }
        items.retain(|item| list_of(item) == list);
        // A document that stands in the kallelse is one of its own.
        let papers = items.iter_mut().filter_map(|item| item.get_mut("handlingar")?.as_array_mut()).flatten();
        for paper in papers.filter_map(Value::as_object_mut) {
            if paper.get("dokument").is_some_and(Value::is_object) {
                paper.remove("dokument");
            }
        }
    }
    if let Some(out) = out.as_object_mut().filter(|_| list > 0) {
        out.insert("tillaggslista".into(), list.into());
    }
    out
}

/// Marks papers in a list's model as their own documents are marked, so that they are left out by one rule.
pub(super) fn mark_papers(model: &mut Value, marked: &HashMap<(u64, usize), Ground>) {
    let items = model.get_mut("arenden").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten() {
        let number = number_of(0, item);
        let papers = item.get_mut("handlingar").and_then(Value::as_array_mut);
        for (p, paper) in papers.into_iter().flatten().enumerate() {
            if let (Some(ground), Some(paper)) = (marked.get(&(number, p)), paper.as_object_mut()) {
                mark(paper, ground);
            }
        }
    }
}

fn mark(paper: &mut Map<String, Value>, ground: &Ground) {
    match ground {
        Ground::Sekretess(paragraph) => {
            paper.entry("sekretess").or_insert_with(|| paragraph.clone().into());
        }
        Ground::Personuppgift => {
            paper.insert("personuppgift".into(), true.into());
        }
    }
}

/// Place of a paper in its item's list, from its pointer: `/arenden/3/handlingar/2/file` is 2.
pub(super) fn place_of(pointer: &str) -> Option<usize> {
    pointer.split('/').nth(4)?.parse().ok()
}
