//! What a kallelse names: its items and their papers, in the order of the pack.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sigill_layout::{Checked, Engine, Input, Options, ReportFiles};
use sigill_model::Diagnostic;
use sigill_model::json::Source;
use sigill_model::kinds::common::{Bilaga, Common};
use sigill_model::kinds::{Arende, Document, Handling, Kallelse, Rapport};
use sigill_model::messages::{pac005, pac006, pac007};
use sigill_model::secrecy::Ground;

use super::Findings;
use crate::store;

/// A report model of our own, read and judged.
pub(super) struct Own {
    pub(super) source: Source,
    pub(super) checked: Checked,
    /// Folder of the files it names, relative to the kallelse's.
    pub(super) folder: PathBuf,
    /// Files it read, and their digests.
    pub(super) read: Vec<(String, String)>,
    /// Whether it stands in the kallelse itself.
    pub(super) inline: bool,
}

/// What a paper is.
pub(super) enum Content {
    /// A document of our own; taken out once it is set.
    Own(Option<Box<Own>>),
    /// A file of others.
    Bilaga { bytes: Vec<u8>, password: Option<String>, alt: Option<String> },
    /// Nothing: it is only named, or could not be read.
    Nothing,
}

/// One of an item's papers.
pub(super) struct Paper {
    /// Number of its item.
    pub(super) item: u64,
    /// Dnr of its item.
    pub(super) dnr: String,
    /// Order among the item's papers.
    pub(super) rank: u8,
    /// Its title; empty when the document has its own.
    pub(super) title: String,
    /// Its file; empty when it stands in the kallelse.
    pub(super) file: String,
    /// Where it is named, or stands.
    pub(super) pointer: String,
    /// Its place in the item's list of papers; `None` when a document names it.
    pub(super) place: Option<usize>,
    pub(super) content: Content,
    /// The day it came in.
    pub(super) received: Option<String>,
    /// Its number among the item's bilagor.
    pub(super) bilaga: usize,
    /// Why it is left out of the public edition.
    pub(super) ground: Option<Ground>,
}

/// An item and its papers.
pub(super) struct Item {
    /// Its place in the kallelse's list, from 0.
    pub(super) index: usize,
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) dnr: String,
    /// Why all of it is left out of the public edition.
    pub(super) ground: Option<Ground>,
    pub(super) papers: Vec<Paper>,
}

/// Ranks of papers: what comes first in an item.
const PROPOSAL: u8 = 0;
const BASIS: u8 = 1;
const REPORT: u8 = 2;
const BILAGA: u8 = 3;
const NAMED_ONLY: u8 = 4;

fn is_model(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// A path as models write it.
fn written(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Number of an item at a place of the list, from 0.
pub(super) fn number_of(index: usize, item: &Arende) -> u64 {
    item.nummer.map_or(index as u64 + 1, u64::from)
}

/// The list of which an item is part: 0 for the kallelse's own, or the number of its tilläggslista.
pub(super) fn list_of(item: &Arende) -> u64 {
    item.tillagg.map_or(0, u64::from)
}

/// The files next to a document that is itself named from the kallelse; notes what was read.
pub(super) struct Below<'a> {
    files: &'a dyn ReportFiles,
    folder: &'a Path,
    read: Mutex<Vec<(String, String)>>,
}

impl<'a> Below<'a> {
    pub(super) fn new(files: &'a dyn ReportFiles, folder: &'a Path) -> Self {
        Self { files, folder, read: Mutex::default() }
    }

    /// What was read, with its digests.
    pub(super) fn noted(self) -> Vec<(String, String)> {
        self.read.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReportFiles for Below<'_> {
    fn read(&self, file: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let bytes = self.files.read(&written(&self.folder.join(file)), pointer)?;
        let note = (file.to_owned(), store::key(&[&bytes]));
        self.read.lock().unwrap_or_else(PoisonError::into_inner).push(note);
        Ok(bytes)
    }
}

/// Reads what a kallelse names.
pub(super) struct Reader<'r, 'f> {
    pub(super) engine: &'r Engine,
    pub(super) files: &'r dyn ReportFiles,
    /// How documents are set.
    pub(super) layout: Options,
    /// The kallelse, for documents that stand in it.
    pub(super) kallelse: &'r Kallelse,
    pub(super) findings: &'r mut Findings<'f>,
}

/// Where a document is named: by the kallelse, or by another document.
struct Naming<'n> {
    pointer: String,
    /// Files that led here, the nearest last.
    above: Vec<&'n str>,
    /// Files that the item names itself.
    listed: &'n [String],
}

impl Reader<'_, '_> {
    /// All items of one list.
    pub(super) fn items(&mut self, list: u64) -> Vec<Item> {
        let all = &self.kallelse.arenden;
        let listed = all.iter().enumerate().filter(|(_, item)| list_of(item) == list);
        listed.map(|(index, item)| self.item(index, item)).collect()
    }

    fn item(&mut self, index: usize, item: &Arende) -> Item {
        let number = number_of(index, item);
        let dnr = item.dnr.clone().unwrap_or_default();
        let listed: Vec<String> = item.handlingar.iter().flat_map(files_of).collect();
        let mut papers = Vec::new();
        for (place, handling) in item.handlingar.iter().enumerate() {
            let paper = Paper {
                item: number,
                dnr: dnr.clone(),
                rank: REPORT,
                title: handling.title.as_ref().map_or_else(String::new, |t| t.0.clone()),
                file: String::new(),
                pointer: format!("/arenden/{index}/handlingar/{place}"),
                place: Some(place),
                content: Content::Nothing,
                received: handling.inkom.as_ref().map(|d| d.0.clone()),
                bilaga: 0,
                ground: Ground::of_fields(handling.sekretess.as_ref(), handling.personuppgift),
            };
            self.handling(handling, paper, &listed, &mut papers);
        }
        papers.sort_by_key(|p| p.rank);
        let bilagor = papers.iter_mut().filter(|p| p.rank == BILAGA);
        bilagor.enumerate().for_each(|(i, p)| p.bilaga = i + 1);
        self.alike(number, &papers);
        if item.handlingar.is_empty() && !item.muntlig {
            self.findings.own(pac005::NoDocuments { number: &number }.at(format!("/arenden/{index}")));
        }
        let ground = Ground::of_fields(item.sekretess.as_ref(), item.personuppgift);
        Item { index, number, title: item.title.0.clone(), dnr, ground, papers }
    }

    fn handling(&mut self, handling: &Handling, mut paper: Paper, listed: &[String], out: &mut Vec<Paper>) {
        // A model may also be named as a file among others.
        let (field, named) = match (&handling.dokument, &handling.file) {
            (Some(dokument), _) => ("dokument", Some(dokument.clone())),
            (None, Some(file)) if is_model(file) => ("file", Some(Rapport::Fil(file.clone()))),
            (None, _) => ("file", None),
        };
        match (named, &handling.file) {
            (Some(Rapport::Fil(file)), _) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                let naming = Naming { pointer: paper.pointer.clone(), above: vec![&file], listed };
                paper.file.clone_from(&file);
                self.named(&file, paper, naming, out);
            }
            (Some(Rapport::Modell), _) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                let Some(source) = self.findings.source.below(&paper.pointer) else { return };
                let naming = Naming { pointer: paper.pointer.clone(), above: Vec::new(), listed };
                self.document(source, PathBuf::new(), true, paper, &naming, out);
            }
            (None, Some(file)) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                paper.rank = BILAGA;
                paper.content = self.bilaga(file, &handling.losenord, &handling.alt, &paper.pointer);
                paper.file.clone_from(file);
                out.push(paper);
            }
            (None, None) => {
                paper.rank = NAMED_ONLY;
                out.push(paper);
            }
        }
    }

    /// A document in a file of its own.
    fn named(&mut self, file: &str, paper: Paper, naming: Naming<'_>, out: &mut Vec<Paper>) {
        let Some(bytes) = self.bytes(file, &naming.pointer) else { return };
        let folder = Path::new(file).parent().map(Path::to_path_buf).unwrap_or_default();
        self.document(Source::parse(&bytes), folder, false, paper, &naming, out);
    }

    /// A document of our own, and the bilagor it names itself.
    fn document(
        &mut self,
        source: Source,
        folder: PathBuf,
        inline: bool,
        mut paper: Paper,
        naming: &Naming<'_>,
        out: &mut Vec<Paper>,
    ) {
        let own = self.check(source, folder, inline);
        if matches!(own.checked.document, Some(Document::Kallelse(_))) {
            self.findings.own(pac007::KallelseWithin.at(&paper.pointer));
            return;
        }
        self.findings.of_document(&own, &paper.file, &paper.pointer, own.checked.diagnostics.clone());
        // Without sound fields it cannot be told what it names; its findings stop the pack.
        let Some(document) = &own.checked.document else { return };
        paper.rank = match document {
            Document::Ordforandeforslag(_) => PROPOSAL,
            Document::Tjansteskrivelse(_) => BASIS,
            Document::Kallelse(_)
            | Document::Delarsrapport(_)
            | Document::Projektuppfoljning(_)
            | Document::Dokument(_)
            | Document::Plugin(_) => REPORT,
        };
        let Common { sekretess, personuppgift, bilagor, .. } = document.common();
        paper.ground = paper.ground.take().or_else(|| Ground::of_fields(sekretess.as_ref(), *personuppgift));
        paper.received = None;
        let bilagor = bilagor.clone();
        let (folder, pointer) = (own.folder.clone(), paper.pointer.clone());
        let mut attached = Vec::new();
        for (i, bilaga) in bilagor.iter().enumerate() {
            let Some(name) = &bilaga.file else { continue };
            let pointer = if inline { format!("{pointer}/bilagor/{i}/file") } else { pointer.clone() };
            let file = written(&folder.join(name));
            attached.push((
                bilaga,
                Paper {
                    item: paper.item,
                    dnr: paper.dnr.clone(),
                    rank: BILAGA,
                    title: bilaga.title.0.clone(),
                    file,
                    pointer,
                    place: None,
                    content: Content::Nothing,
                    received: bilaga.inkom.as_ref().map(|d| d.0.clone()),
                    bilaga: 0,
                    ground: Ground::of_fields(bilaga.sekretess.as_ref(), bilaga.personuppgift)
                        .or_else(|| paper.ground.clone()),
                },
            ));
        }
        paper.content = Content::Own(Some(Box::new(own)));
        out.push(paper);
        for (bilaga, below) in attached {
            self.attached(bilaga, below, naming, out);
        }
    }

    /// A bilaga that a document names.
    fn attached(&mut self, bilaga: &Bilaga, mut paper: Paper, naming: &Naming<'_>, out: &mut Vec<Paper>) {
        let file = paper.file.clone();
        if !is_model(&file) {
            paper.content = self.bilaga(&file, &bilaga.losenord, &bilaga.alt, &paper.pointer);
            out.push(paper);
            return;
        }
        // Named among the item's own papers as well, it comes once, there.
        if naming.listed.contains(&file) {
            return;
        }
        if naming.above.contains(&file.as_str()) {
            self.findings.own(pac007::OwnBilaga { file: &file }.at(&paper.pointer));
            return;
        }
        let above = naming.above.iter().copied().chain([file.as_str()]).collect();
        let naming = Naming { pointer: paper.pointer.clone(), above, listed: naming.listed };
        self.named(&file, paper, naming, out);
    }

    fn check(&self, source: Source, folder: PathBuf, inline: bool) -> Own {
        check(self.engine, self.files, &self.layout, self.kallelse, source, folder, inline)
    }

    fn bilaga(&mut self, file: &str, password: &Option<String>, alt: &Option<String>, pointer: &str) -> Content {
        match self.bytes(file, pointer) {
            Some(bytes) => Content::Bilaga { bytes, password: password.clone(), alt: alt.clone() },
            None => Content::Nothing,
        }
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
    fn alike(&mut self, number: u64, papers: &[Paper]) {
        let mut seen: HashMap<(&str, &str), &str> = HashMap::new();
        for paper in papers {
            for (sort, name) in [("file", paper.file.as_str()), ("title", paper.title.as_str())] {
                if name.is_empty() || seen.insert((sort, name), &paper.pointer).is_none() {
                    continue;
                }
                self.findings.own(pac006::Alike { number: &number, name: &name }.at(&paper.pointer));
            }
        }
    }
}

/// Files that a paper names directly.
fn files_of(handling: &Handling) -> impl Iterator<Item = String> {
    let document = match &handling.dokument {
        Some(Rapport::Fil(file)) => Some(file.clone()),
        Some(Rapport::Modell) | None => None,
    };
    document.into_iter().chain(handling.file.clone())
}

/// Judges a document with the files next to it. One that stands in the kallelse has its municipality.
pub(super) fn check(
    engine: &Engine,
    files: &dyn ReportFiles,
    layout: &Options,
    kallelse: &Kallelse,
    source: Source,
    folder: PathBuf,
    inline: bool,
) -> Own {
    let mut layout = layout.clone();
    let unnamed = source.root().is_some_and(|root| root.get("profile").is_none());
    if inline && unnamed && layout.profile.is_none() {
        layout.profile.clone_from(&kallelse.common.profile);
    }
    let below = Below::new(files, &folder);
    let checked = engine.check(&Input { source: &source, files: &below }, &layout);
    let read = below.noted();
    Own { source, checked, folder, read, inline }
}
