//! What a kallelse names: its items and their papers, in the order of the pack.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sigill_layout::{Engine, Options, ReportFiles};
use sigill_model::json::Source;
use sigill_model::kinds::common::{Bilaga, Common};
use sigill_model::kinds::{Arende, Handling, Kallelse, ListedItem, Rank, Rapport};
use sigill_model::messages::{pac005, pac006, pac007};
use sigill_model::secrecy::SecrecyGround;

use super::findings::Findings;
use super::own_document::{OwnDocument, check, written};

/// The content of a paper.
pub(super) enum PaperContent {
    /// A document of our own; taken out once it is set.
    Own(Option<Box<OwnDocument>>),
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
    pub(super) order: PaperOrder,
    /// Its title; empty when the document has its own.
    pub(super) title: String,
    /// Its file; empty when it stands in the kallelse.
    pub(super) file: String,
    /// Where it is named, or stands.
    pub(super) pointer: String,
    /// Its place in the item's list of papers; `None` when a document names it.
    pub(super) place: Option<usize>,
    pub(super) content: PaperContent,
    /// The day it came in.
    pub(super) received: Option<String>,
    /// Its number among the item's bilagor.
    pub(super) bilaga: usize,
    /// Why it is left out of the public edition.
    pub(super) ground: Option<SecrecyGround>,
}

/// An item and its papers.
pub(super) struct AgendaItem {
    /// Its place in the kallelse's list, from 0.
    pub(super) index: usize,
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) dnr: String,
    /// Why all of it is left out of the public edition.
    pub(super) ground: Option<SecrecyGround>,
    pub(super) papers: Vec<Paper>,
}

/// Order of papers in an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PaperOrder {
    /// Documents of our own, by their rank.
    Document(Rank),
    Bilaga,
    NamedOnly,
}

fn is_model(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// A path without the steps that lead nowhere: `./a.json` is `a.json`.
pub(super) fn plain_path(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}

/// Number of an item at a place of the list, from 0.
pub(super) fn number_of(index: usize, item: &Arende) -> u64 {
    item.nummer.map_or(index as u64 + 1, u64::from)
}

/// The list of which an item is part: 0 for the kallelse's own, or the number of its tilläggslista.
pub(super) fn list_of(item: &Arende) -> u64 {
    item.tillagg.map_or(0, u64::from)
}

/// A reader of the agenda: it opens and checks all that a kallelse names.
pub(super) struct AgendaReader<'r, 'f> {
    pub(super) engine: &'r Engine,
    pub(super) files: &'r dyn ReportFiles,
    /// How documents are set.
    pub(super) layout: Options,
    /// The kallelse, for documents that stand in it.
    pub(super) kallelse: &'r Kallelse,
    pub(super) findings: &'r mut Findings<'f>,
    /// Files that a mark was met on, wherever they are named.
    pub(super) marked: HashMap<String, SecrecyGround>,
}

/// The place where a document is named: in the kallelse, or in another document.
struct Naming<'n> {
    pointer: String,
    /// Files that led here, the nearest last.
    above: Vec<&'n str>,
    /// Files that the item names itself.
    listed: &'n [String],
    /// The item, for documents that stand under it themselves.
    item: Option<&'n ListedItem<'n>>,
}

impl AgendaReader<'_, '_> {
    /// All items of one list. A file that is marked in one place is marked in all: whoever names it again without a mark
    /// cannot have meant to publish it.
    pub(super) fn items(&mut self, list: u64) -> Vec<AgendaItem> {
        let all = &self.kallelse.arenden;
        let listed = all.iter().enumerate().filter(|(_, item)| list_of(item) == list);
        let mut items: Vec<_> = listed.map(|(index, item)| self.item(index, item)).collect();
        for item in &items {
            for paper in item.papers.iter().filter(|p| !p.file.is_empty()) {
                if let Some(ground) = paper.ground.as_ref().or(item.ground.as_ref()) {
                    self.marked.entry(plain_path(&paper.file)).or_insert_with(|| ground.clone());
                }
            }
        }
        for paper in items.iter_mut().flat_map(|item| &mut item.papers).filter(|p| p.ground.is_none()) {
            paper.ground = self.marked.get(&plain_path(&paper.file)).cloned();
        }
        items
    }

    fn item(&mut self, index: usize, item: &Arende) -> AgendaItem {
        let number = number_of(index, item);
        let dnr = item.dnr.clone().unwrap_or_default();
        let listed: Vec<String> = item.handlingar.iter().flat_map(files_of).collect();
        let entry = ListedItem {
            organ: &self.kallelse.organ,
            day: &self.kallelse.sammantrade.date.0,
            number,
            dnr: item.dnr.iter().chain(&item.andra_dnr).map(String::as_str).collect(),
        };
        let mut papers = Vec::new();
        for (place, handling) in item.handlingar.iter().enumerate() {
            let paper = Paper {
                item: number,
                dnr: dnr.clone(),
                order: PaperOrder::Document(Rank::REPORT),
                title: handling.title.as_ref().map_or_else(String::new, |t| t.0.clone()),
                file: String::new(),
                pointer: format!("/arenden/{index}/handlingar/{place}"),
                place: Some(place),
                content: PaperContent::Nothing,
                received: handling.inkom.as_ref().map(|d| d.0.clone()),
                bilaga: 0,
                ground: SecrecyGround::of_fields(handling.sekretess.as_ref(), handling.personuppgift),
            };
            self.handling(handling, paper, &listed, &entry, &mut papers);
        }
        papers.sort_by_key(|p| p.order);
        let bilagor = papers.iter_mut().filter(|p| p.order == PaperOrder::Bilaga);
        bilagor.enumerate().for_each(|(i, p)| p.bilaga = i + 1);
        self.alike(number, &papers);
        if item.handlingar.is_empty() && !item.muntlig {
            self.findings.own(pac005::NoDocuments { number: &number }.at(format!("/arenden/{index}")));
        }
        let ground = SecrecyGround::of_fields(item.sekretess.as_ref(), item.personuppgift);
        AgendaItem { index, number, title: item.title.0.clone(), dnr, ground, papers }
    }

    fn handling(
        &mut self,
        handling: &Handling,
        mut paper: Paper,
        listed: &[String],
        item: &ListedItem<'_>,
        out: &mut Vec<Paper>,
    ) {
        let item = Some(item);
        // A model may also be named as a file among others.
        let (field, named) = match (&handling.dokument, &handling.file) {
            (Some(dokument), _) => ("dokument", Some(dokument.clone())),
            (None, Some(file)) if is_model(file) => ("file", Some(Rapport::Fil(file.clone()))),
            (None, _) => ("file", None),
        };
        match (named, &handling.file) {
            (Some(Rapport::Fil(file)), _) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                let naming = Naming { pointer: paper.pointer.clone(), above: vec![&file], listed, item };
                paper.file.clone_from(&file);
                self.named(&file, paper, naming, out);
            }
            (Some(Rapport::Modell), _) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                let Some(source) = self.findings.source.below(&paper.pointer) else { return };
                let naming = Naming { pointer: paper.pointer.clone(), above: Vec::new(), listed, item };
                self.document(source, PathBuf::new(), true, paper, &naming, out);
            }
            (None, Some(file)) => {
                paper.pointer = format!("{}/{field}", paper.pointer);
                paper.order = PaperOrder::Bilaga;
                paper.content = self.bilaga(file, &handling.losenord, &handling.alt, &paper.pointer);
                paper.file.clone_from(file);
                out.push(paper);
            }
            (None, None) => {
                paper.order = PaperOrder::NamedOnly;
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
        if own.checked.document.as_ref().is_some_and(|document| document.as_kind::<Kallelse>().is_some()) {
            self.findings.own(pac007::KallelseWithin.at(&paper.pointer));
            return;
        }
        self.findings.of_document(&own, &paper.file, &paper.pointer, own.checked.diagnostics.clone());
        // Without sound fields it cannot be told what it names; its findings stop the pack.
        let Some(document) = &own.checked.document else { return };
        if let Some(item) = naming.item {
            let found = document.check_item(item).into_iter().map(|d| d.located(&own.source)).collect();
            self.findings.of_document(&own, &paper.file, &paper.pointer, found);
        }
        paper.order = PaperOrder::Document(document.rank());
        let Common { sekretess, personuppgift, bilagor, .. } = document.common();
        paper.ground = paper.ground.take().or_else(|| SecrecyGround::of_fields(sekretess.as_ref(), *personuppgift));
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
                    order: PaperOrder::Bilaga,
                    title: bilaga.title.0.clone(),
                    file,
                    pointer,
                    place: None,
                    content: PaperContent::Nothing,
                    received: bilaga.inkom.as_ref().map(|d| d.0.clone()),
                    bilaga: 0,
                    ground: SecrecyGround::of_fields(bilaga.sekretess.as_ref(), bilaga.personuppgift)
                        .or_else(|| paper.ground.clone()),
                },
            ));
        }
        paper.content = PaperContent::Own(Some(Box::new(own)));
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
        if naming.listed.iter().any(|listed| plain_path(listed) == plain_path(&file)) {
            if let Some(ground) = &paper.ground {
                self.marked.entry(plain_path(&file)).or_insert_with(|| ground.clone());
            }
            return;
        }
        if naming.above.contains(&file.as_str()) {
            self.findings.own(pac007::OwnBilaga { file: &file }.at(&paper.pointer));
            return;
        }
        let above = naming.above.iter().copied().chain([file.as_str()]).collect();
        let naming = Naming { pointer: paper.pointer.clone(), above, listed: naming.listed, item: None };
        self.named(&file, paper, naming, out);
    }

    fn check(&self, source: Source, folder: PathBuf, inline: bool) -> OwnDocument {
        check(self.engine, self.files, &self.layout, self.kallelse, source, folder, inline)
    }

    fn bilaga(&mut self, file: &str, password: &Option<String>, alt: &Option<String>, pointer: &str) -> PaperContent {
        match self.bytes(file, pointer) {
            Some(bytes) => PaperContent::Bilaga { bytes, password: password.clone(), alt: alt.clone() },
            None => PaperContent::Nothing,
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
