//! Every paper of the meeting as a PDF that is ready to go in.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Datelike as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigill_layout::{RenderedDocument, Sheet, SignatureField};
use sigill_model::Lang;
use sigill_model::edition::Edition;
use sigill_orders::PackCopy;

use super::agenda::{AgendaItem, Paper, PaperContent};
use super::faults;
use super::gathering::{GatherOptions, Gathering, Meeting};
use super::own_document::OwnDocument;
use super::report::PartKind;
use crate::foreign::{FileReport, Losses, Refused};
use crate::reader::{ForeignDescription, ReadAnswer, ReadOrder, ReadTask, Reading};
use crate::store;

/// A part of the pack: a document as a PDF that is ready to be merged.
pub(super) struct PackPart {
    pub(super) kind: PartKind,
    pub(super) item: u64,
    pub(super) title: String,
    pub(super) file: String,
    pub(super) pdf: Vec<u8>,
    /// Width and height of each page in points.
    pub(super) sizes: Vec<(f64, f64)>,
    pub(super) foreign: Option<FileReport>,
    /// Whether its pages are as they were, untagged.
    pub(super) copied: bool,
    /// Words on each page of a foreign file, without its page numbers.
    pub(super) stamp: String,
    /// Day it came in.
    pub(super) received: Option<String>,
    pub(super) reused: bool,
    /// Its place in its item's list of papers, when the kallelse names it itself.
    pub(super) place: Option<usize>,
    /// Places to sign, on its own pages.
    pub(super) signatures: Vec<SignatureField>,
    /// The file itself, when it must come along untouched.
    pub(super) attached: Option<Vec<u8>>,
}

/// A rendered document in the part store, beside its PDF.
#[derive(Serialize, Deserialize)]
pub(super) struct CachedDocument {
    pub(super) title: String,
    pub(super) sizes: Vec<(f64, f64)>,
    pub(super) signatures: Vec<SignatureField>,
}

/// A converted bilaga in the part store, beside its PDF.
#[derive(Clone, Serialize, Deserialize)]
struct CachedBilaga {
    report: FileReport,
    copied: bool,
    archival: bool,
}

impl PackPart {
    /// A part made by this program, of the item with a number.
    fn new(kind: PartKind, item: u64, title: String, pdf: Vec<u8>, sizes: Vec<(f64, f64)>) -> Self {
        Self {
            kind,
            item,
            title,
            file: String::new(),
            pdf,
            sizes,
            foreign: None,
            copied: false,
            stamp: String::new(),
            received: None,
            reused: false,
            place: None,
            signatures: Vec::new(),
            attached: None,
        }
    }
}

impl Gathering<'_> {
    /// All papers as parts. What is wrong is found in every one of them before anything stops.
    pub(super) fn parts(&mut self, meeting: &mut Meeting) -> Vec<PackPart> {
        let date = self.date();
        let options = self.options;
        let mut own = Vec::new();
        for paper in meeting.items.iter_mut().flat_map(|i| &mut i.papers) {
            if let PaperContent::Own(document) = &mut paper.content {
                own.push(document.take());
            }
        }
        let papers: Vec<&Paper> = meeting.items.iter().flat_map(|i| &i.papers).collect();
        let documents = papers.iter().filter(|p| matches!(p.content, PaperContent::Own(_)));
        let documents: Vec<_> = documents.zip(own).collect();
        let bilagor: Vec<_> = papers.iter().filter_map(|p| ForeignBilaga::of(p, date)).collect();
        let total = documents.len() + bilagor.len();
        let done = AtomicUsize::new(0);
        let tick = || (options.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let (mut written, mut reports) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            // Bilagor are written by other processes while this one sets our own documents.
            let bilagor = &bilagor;
            let writing = scope.spawn(move || write_all(options, bilagor, &tick));
            for (paper, document) in documents {
                reports.push(document.and_then(|document| self.document(paper, *document)));
                (options.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            }
            let lost =
                || bilagor.iter().map(|_| WrittenBilaga { result: Err(Refused::Limits), reused: false }).collect();
            written = writing.join().unwrap_or_else(|_| lost());
        });
        let (mut written, mut reports) = (written.into_iter(), reports.into_iter());
        let mut out = Vec::new();
        for item in &meeting.items {
            let mut own = Vec::new();
            for paper in &item.papers {
                own.extend(match paper.content {
                    PaperContent::Own(_) => reports.next().flatten(),
                    PaperContent::Bilaga { .. } => written.next().and_then(|w| self.bilaga(item, paper, w)),
                    PaperContent::Nothing => None,
                });
            }
            if self.profile.pack_dividers && !own.is_empty() {
                out.extend(self.divider(meeting, item, &own));
            }
            out.extend(own);
        }
        out
    }

    pub(super) fn date(&self) -> (u16, u8, u8) {
        // A kallelse without a date has been refused.
        let date = self.kallelse.common.date.get().unwrap_or_default();
        (u16::try_from(date.year()).unwrap_or(1), date.month() as u8, date.day() as u8)
    }

    /// What is kept under a key.
    pub(super) fn kept<T: DeserializeOwned>(&self, key: &str) -> Option<(T, Vec<u8>)> {
        store::open(key, self.options.store.get(key)?)
    }

    /// Keeps a part for the next run. One that has no form in JSON is made again.
    pub(super) fn keep<T: Serialize>(&self, key: &str, head: &T, pdf: &[u8]) {
        if let Ok(sealed) = store::seal(key, head, pdf) {
            self.options.store.put(key, sealed);
        }
    }

    /// Sets a document of our own, unless it is kept from an earlier run; and whether it was. `file` and `pointer` say
    /// where its findings belong.
    pub(super) fn set(
        &mut self,
        own: OwnDocument,
        file: &str,
        pointer: &str,
    ) -> Option<(CachedDocument, Vec<u8>, bool)> {
        let OwnDocument { source, checked, folder, read, inline } = own;
        if !checked.is_sound() {
            return None;
        }
        let settings =
            json!([self.options.pack.profile, self.standard().name(), checked.in_pack(), inline, read]).to_string();
        let profile = checked.profile.as_ref().map(|p| p.data().to_string()).unwrap_or_default();
        let (folder, model) = (folder.to_string_lossy(), source.json());
        let key = store::key(&[b"document", settings.as_bytes(), profile.as_bytes(), folder.as_bytes(), &model]);
        if let Some((head, pdf)) = self.kept(&key) {
            return Some((head, pdf, true));
        }
        let told = checked.diagnostics.len();
        let outcome = self.engine.set(checked);
        let more: Vec<_> = outcome.diagnostics.into_iter().skip(told).collect();
        let doubtless = more.is_empty();
        self.findings.of_setting(&source, inline, file, pointer, more);
        let RenderedDocument { pdf, sizes, metadata, signatures, .. } = outcome.rendered?;
        let head = CachedDocument { title: metadata.title, sizes, signatures };
        // What its pages are in doubt about is told in every run.
        if doubtless {
            self.keep(&key, &head, &pdf);
        }
        Some((head, pdf, false))
    }

    fn document(&mut self, paper: &Paper, own: OwnDocument) -> Option<PackPart> {
        let (head, pdf, reused) = self.set(own, &paper.file, &paper.pointer)?;
        let title = if paper.title.is_empty() { head.title } else { plain(&paper.title) };
        Some(PackPart {
            file: paper.file.clone(),
            reused,
            place: paper.place,
            signatures: head.signatures,
            ..PackPart::new(PartKind::Document, paper.item, title, pdf, head.sizes)
        })
    }

    fn bilaga(&mut self, item: &AgendaItem, paper: &Paper, written: WrittenBilaga) -> Option<PackPart> {
        let title = if paper.title.is_empty() { paper.file.clone() } else { plain(&paper.title) };
        let label = format!("Bilaga {}", paper.bilaga);
        let stamp = if paper.dnr.is_empty() { label.clone() } else { format!("{label} · Dnr {}", paper.dnr) };
        let ready = |kind, pdf, sizes| PackPart {
            file: paper.file.clone(),
            reused: written.reused,
            place: paper.place,
            ..PackPart::new(kind, paper.item, title.clone(), pdf, sizes)
        };
        match written.result {
            Ok((CachedBilaga { report, copied, archival }, pdf)) => {
                for remark in faults::remarks(&report.losses, &paper.file, &paper.pointer) {
                    self.findings.own(remark);
                }
                let sizes = report.pages.iter().map(|p| p.size).collect();
                let attached = self.signed_original(paper, &report.losses, archival);
                let (foreign, received) = (Some(report), paper.received.clone());
                let part = ready(PartKind::Bilaga, pdf, sizes);
                Some(PackPart { foreign, copied, stamp, received, attached, ..part })
            }
            Err(refused) => {
                let refusal = faults::refusal(&refused);
                let (reason, remedy) =
                    (refusal.reason.get(Lang::Sv).to_owned(), refusal.remedy.get(Lang::Sv).to_owned());
                let goes_on = self.options.pack.keep_going;
                self.findings.own(refusal.finding(&paper.file, &paper.pointer, goes_on));
                if !goes_on {
                    return None;
                }
                let mut rows = vec![json!(["Handling", title]), json!(["Ärende", item.number.to_string()])];
                // What a file is called was never meant for the public.
                if self.options.pack.edition == Edition::Full {
                    rows.push(json!(["Fil", paper.file]));
                }
                let sheet = json!({
                    "title": "Bilagan kunde inte tas in",
                    "date": self.kallelse.common.date.0,
                    "label": label,
                    "rows": rows,
                    "body": [
                        format!("Filen {reason}. Den hör till ärendet men återges inte här."),
                        format!("Åtgärd: {remedy}."),
                    ],
                    "list": [],
                });
                let Sheet { pdf, sizes } = self.sheet(&sheet)?;
                Some(ready(PartKind::Notice, pdf, sizes))
            }
        }
    }

    /// A signed file, byte for byte: what is written anew is no longer what was signed. In an archive copy only a file
    /// that is PDF/A itself may stand (ISO 19005-2, 6.8).
    fn signed_original(&self, paper: &Paper, losses: &Losses, archival: bool) -> Option<Vec<u8>> {
        let PaperContent::Bilaga { bytes, password: None, .. } = &paper.content else { return None };
        let fits = archival || self.options.pack.copy == PackCopy::Reading;
        (losses.signatures > 0 && fits).then(|| bytes.clone())
    }

    fn divider(&mut self, meeting: &Meeting, item: &AgendaItem, papers: &[PackPart]) -> Option<PackPart> {
        let title = plain(meeting.title_of(item.number));
        let rows: Vec<_> = (!item.dnr.is_empty()).then(|| json!(["Dnr", item.dnr])).into_iter().collect();
        let sheet = json!({
            "title": title,
            "date": self.kallelse.common.date.0,
            "label": format!("Ärende {}", item.number),
            "rows": rows,
            "body": [],
            "list": papers.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(),
        });
        let Sheet { pdf, sizes } = self.sheet(&sheet)?;
        Some(PackPart::new(PartKind::Divider, item.number, format!("Ärende {}", item.number), pdf, sizes))
    }

    fn sheet(&mut self, data: &Value) -> Option<Sheet> {
        let settings = json!([data, self.profile.data(), self.standard().name()]).to_string();
        let key = store::key(&[b"sheet", settings.as_bytes()]);
        if let Some((sizes, pdf)) = self.kept(&key) {
            return Some(Sheet { pdf, sizes });
        }
        match self.engine.pack_sheet(data, self.profile, self.standard()) {
            Ok(made) => {
                self.keep(&key, &made.sizes, &made.pdf);
                Some(made)
            }
            Err(found) => {
                found.into_iter().for_each(|d| self.findings.own(d));
                None
            }
        }
    }
}

/// A title as it is read, without its markup.
pub(super) fn plain(title: &str) -> String {
    let line = sigill_model::text::parse_inline(title, "", &mut Vec::new());
    sigill_model::text::plain(&[sigill_model::text::Block::P { c: line }])
}

/// The result of converting a bilaga, and whether it comes from the part store.
struct WrittenBilaga {
    result: Result<(CachedBilaga, Vec<u8>), Refused>,
    reused: bool,
}

/// A bilaga made by others, which is to be converted.
struct ForeignBilaga<'a> {
    bytes: &'a [u8],
    described: ForeignDescription,
}

impl<'a> ForeignBilaga<'a> {
    fn of(paper: &'a Paper, date: (u16, u8, u8)) -> Option<Self> {
        let PaperContent::Bilaga { bytes, password, alt } = &paper.content else { return None };
        let title = if paper.title.is_empty() { paper.file.clone() } else { paper.title.clone() };
        Some(Self {
            bytes,
            described: ForeignDescription { title, password: password.clone(), alt: alt.clone(), date },
        })
    }

    fn order(&self, copy: PackCopy) -> ReadOrder {
        match copy {
            PackCopy::Archive => ReadOrder::Convert(self.described.clone()),
            PackCopy::Reading => ReadOrder::Copy(self.described.clone()),
        }
    }
}

fn write_all(
    options: &GatherOptions<'_>,
    bilagor: &[ForeignBilaga<'_>],
    tick: &(dyn Fn() + Sync),
) -> Vec<WrittenBilaga> {
    let key = |bilaga: &ForeignBilaga<'_>| {
        let order = json!(bilaga.order(options.pack.copy)).to_string();
        store::key(&[b"bilaga", order.as_bytes(), bilaga.bytes])
    };
    let keys: Vec<_> = bilagor.iter().map(key).collect();
    let mut out: Vec<Option<WrittenBilaga>> = keys
        .iter()
        .map(|key| {
            let kept = store::open::<CachedBilaga>(key, options.store.get(key)?)?;
            tick();
            Some(WrittenBilaga { result: Ok(kept), reused: true })
        })
        .collect();
    let missing: Vec<usize> = (0..out.len()).filter(|&i| out[i].is_none()).collect();
    let task = |&i: &usize| ReadTask { order: bilagor[i].order(options.pack.copy), bytes: bilagor[i].bytes };
    let tasks: Vec<_> = missing.iter().map(task).collect();
    let results = options.reader.read(&tasks, tick);
    for (i, result) in missing.into_iter().zip(results) {
        let result = result.and_then(ready);
        if let Ok((head, pdf)) = &result
            && let Ok(sealed) = store::seal(&keys[i], head, pdf)
        {
            options.store.put(&keys[i], sealed);
        }
        out[i] = Some(WrittenBilaga { result, reused: false });
    }
    let lost = || WrittenBilaga { result: Err(Refused::Limits), reused: false };
    out.into_iter().map(|w| w.unwrap_or_else(lost)).collect()
}

fn ready(reading: Reading) -> Result<(CachedBilaga, Vec<u8>), Refused> {
    match reading.answer {
        ReadAnswer::Ready { report, copied, archival } => Ok((CachedBilaga { report, copied, archival }, reading.pdf)),
        // A reader that answers another question has come to no result.
        ReadAnswer::Text { .. } | ReadAnswer::Searched { .. } | ReadAnswer::LastPage { .. } => Err(Refused::Limits),
    }
}
