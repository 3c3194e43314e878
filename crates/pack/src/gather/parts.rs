//! Every paper of the meeting as a PDF that is ready to go in.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigill_layout::{Input, Options, Rendered, ReportFiles, Sheet, SignatureField};
use sigill_model::Diagnostic;
use sigill_model::edition::Edition;
use sigill_model::json::Source as Text;

use super::agenda::{Item, Paper, Source};
use super::{FileFindings, Gathering, Meeting, PackCopy, PartKind, faults, text};
use crate::convert::Task;
use crate::foreign::{Converted, FileReport, Foreign, Losses, Refused};
use crate::store::{self, frame, unframe};
use crate::verdict;

/// A document that is ready to go in.
pub(super) struct Ready {
    pub(super) kind: PartKind,
    pub(super) item: u64,
    pub(super) title: String,
    pub(super) file: String,
    pub(super) pdf: Vec<u8>,
    /// Width and height of each page in points.
    pub(super) sizes: Vec<(f64, f64)>,
    pub(super) foreign: Option<FileReport>,
    /// Whether the file goes in as it is, and the password it opens with.
    pub(super) copied: Option<Option<String>>,
    /// Words on each page of a foreign file, without its page numbers.
    pub(super) stamp: String,
    /// Day it came in.
    pub(super) received: Option<String>,
    pub(super) reused: bool,
    /// Where in the kallelse it is named.
    pub(super) pointer: String,
    /// Places to sign, on its own pages.
    pub(super) signatures: Vec<SignatureField>,
    /// The file itself, when it must come along untouched.
    pub(super) attached: Option<Vec<u8>>,
}

/// The files next to a document that is itself named from the kallelse; notes what was read.
struct Below<'a> {
    files: &'a dyn ReportFiles,
    folder: PathBuf,
    read: Mutex<Vec<(String, String)>>,
}

impl ReportFiles for Below<'_> {
    fn read(&self, file: &str, pointer: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let path = self.folder.join(file);
        let bytes = self.files.read(&path.to_string_lossy().replace('\\', "/"), pointer)?;
        if let Ok(mut read) = self.read.lock() {
            read.push((file.to_owned(), store::key(&[&bytes])));
        }
        Ok(bytes)
    }
}

/// What is kept of a rendered document beside its PDF.
#[derive(Serialize, Deserialize)]
struct Head {
    title: String,
    sizes: Vec<(f64, f64)>,
    signatures: Vec<SignatureField>,
    /// Files it read, and their digests.
    files: Vec<(String, String)>,
}

impl Gathering<'_> {
    /// All papers as parts. What is wrong is found in every one of them before anything stops.
    pub(super) fn parts(&mut self, meeting: &mut Meeting) -> Vec<Ready> {
        let date = self.date();
        let options = self.options;
        let papers: Vec<&Paper> = meeting.items.iter().flat_map(|i| &i.papers).collect();
        let total = papers.iter().filter(|p| !matches!(p.source, Source::Nothing)).count();
        let done = AtomicUsize::new(0);
        let tick = || (options.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let bilagor: Vec<_> = papers.iter().filter_map(|p| bilaga_of(p, date).map(|f| (*p, f))).collect();
        let (mut written, mut reports) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            // Bilagor are written by other processes while this one sets our own documents.
            let bilagor = &bilagor;
            let writing = scope.spawn(move || write_all(options, bilagor, &tick));
            for paper in papers.iter().filter(|p| matches!(p.source, Source::Report { .. })) {
                reports.push(self.report(paper));
                (options.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            }
            written = writing.join().unwrap_or_default();
        });
        let (mut written, mut reports) = (written.into_iter(), reports.into_iter());
        let mut out = Vec::new();
        for item in &meeting.items {
            let mut own = Vec::new();
            for paper in &item.papers {
                own.extend(match paper.source {
                    Source::Report { .. } => reports.next().flatten(),
                    Source::Bilaga { .. } => written.next().and_then(|w| self.bilaga(item, paper, w)),
                    Source::Nothing => None,
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
        let mut parts = text(self.model, "date").split('-').map(|p| p.parse::<u16>().unwrap_or(1));
        let mut next = || parts.next().unwrap_or(1);
        (next(), next() as u8, next() as u8)
    }

    fn report(&mut self, paper: &Paper) -> Option<Ready> {
        let Source::Report { bytes, folder, inline, .. } = &paper.source else { return None };
        let files = Below { files: self.input.files, folder: folder.clone(), read: Mutex::new(Vec::new()) };
        let profile = self.options.profile.clone();
        let layout = Options { standard: self.standard(), profile, ..Options::default() };
        let input = Input { bytes, files: &files };
        let settings = json!([self.options.profile, self.profile.data(), layout.standard.name()]).to_string();
        let key = store::key(&[b"report", settings.as_bytes(), folder.to_string_lossy().as_bytes(), bytes]);
        let kept = self.options.store.get(&key).and_then(|k| unframe::<Head>(&k));
        let same = |(file, digest): &(String, String)| {
            files.read(file, "").is_ok_and(|bytes| store::key(&[&bytes]) == *digest)
        };
        let kept = kept.filter(|(head, _)| head.files.iter().all(same));
        let reused = kept.is_some();
        let (head, pdf) = match kept {
            Some(kept) => {
                // Its warnings are told each time.
                let outcome = self.engine.check(&input, &layout);
                self.found(&paper.file, &paper.pointer, *inline, outcome.diagnostics);
                kept
            }
            None => {
                if let Ok(mut read) = files.read.lock() {
                    read.clear();
                }
                let outcome = self.engine.render(&input, &layout);
                self.found(&paper.file, &paper.pointer, *inline, outcome.diagnostics);
                let Rendered { pdf, sizes, metadata, signatures, .. } = outcome.rendered?;
                let files = files.read.into_inner().unwrap_or_default();
                let head = Head { title: metadata.title, sizes, signatures, files };
                self.options.store.put(&key, &frame(&head, &pdf));
                (head, pdf)
            }
        };
        Some(Ready {
            kind: PartKind::Document,
            item: paper.item,
            title: if paper.title.is_empty() { head.title } else { plain(&paper.title) },
            file: paper.file.clone(),
            pdf,
            sizes: head.sizes,
            foreign: None,
            copied: None,
            stamp: String::new(),
            received: None,
            reused,
            pointer: paper.pointer.clone(),
            signatures: head.signatures,
            attached: None,
        })
    }

    /// Findings of a document: in its own file, or in the kallelse it stands in.
    pub(super) fn found(&mut self, file: &str, named: &str, inline: bool, diagnostics: Vec<Diagnostic>) {
        if diagnostics.is_empty() {
            return;
        }
        if inline {
            for found in diagnostics {
                let pointer = format!("{named}{}", found.pointer);
                self.findings.own(Diagnostic { pointer, position: None, ..found });
            }
            return;
        }
        // Places are those of the file as it is written, not as it is with parts left out.
        let bytes = self.input.files.read(file, named).unwrap_or_default();
        let (source, _) = Text::parse(&bytes);
        let diagnostics =
            diagnostics.into_iter().map(|d| Diagnostic { position: None, ..d }.located(&source)).collect();
        self.findings.files.push(FileFindings { file: file.to_owned(), source, diagnostics });
    }

    fn bilaga(&mut self, item: &Item, paper: &Paper, written: Written) -> Option<Ready> {
        let title = if paper.title.is_empty() { paper.file.clone() } else { plain(&paper.title) };
        let label = format!("Bilaga {}", paper.bilaga);
        let stamp = if paper.dnr.is_empty() { label.clone() } else { format!("{label} · Dnr {}", paper.dnr) };
        let ready = |kind, pdf, sizes| Ready {
            kind,
            item: paper.item,
            title: title.clone(),
            file: paper.file.clone(),
            pdf,
            sizes,
            foreign: None,
            copied: None,
            stamp: stamp.clone(),
            received: paper.received.clone(),
            reused: written.reused,
            pointer: paper.pointer.clone(),
            signatures: Vec::new(),
            attached: None,
        };
        match written.result {
            Ok(Converted { pdf, report }) => {
                for remark in faults::remarks(&report.losses, &paper.file, &paper.pointer) {
                    self.findings.own(remark);
                }
                let sizes = report.pages.iter().map(|p| p.size).collect();
                let copied = match (&paper.source, pdf.is_empty()) {
                    (Source::Bilaga { bytes, password, .. }, true) => Some((bytes.clone(), password.clone())),
                    _ => None,
                };
                let (pdf, copied) = match copied {
                    Some((bytes, password)) => (bytes, Some(password)),
                    None => (pdf, None),
                };
                let attached = self.signed_original(paper, &report.losses);
                Some(Ready { foreign: Some(report), copied, attached, ..ready(PartKind::Bilaga, pdf, sizes) })
            }
            Err(refused) => {
                let refusal = faults::refusal(&refused);
                let (sv, help) = (refusal.sv.clone(), refusal.help_sv);
                let goes_on = self.options.keep_going;
                self.findings.own(refusal.finding(&paper.file, &paper.pointer, goes_on));
                if !goes_on {
                    return None;
                }
                let mut rows = vec![json!(["Handling", title]), json!(["Ärende", item.number.to_string()])];
                // What a file is called was never meant for the public.
                if self.options.edition == Edition::Full {
                    rows.push(json!(["Fil", paper.file]));
                }
                let sheet = json!({
                    "title": "Bilagan kunde inte tas in",
                    "date": text(self.model, "date"),
                    "label": label,
                    "rows": rows,
                    "body": [format!("Filen {sv}. Den hör till ärendet men återges inte här."), format!("Åtgärd: {help}.")],
                    "list": [],
                });
                let Sheet { pdf, sizes } = self.sheet(&sheet)?;
                Some(Ready { stamp: String::new(), received: None, ..ready(PartKind::Notice, pdf, sizes) })
            }
        }
    }

    /// A signed file, byte for byte: what is written anew is no longer what was signed. In an archive copy only a file
    /// that is PDF/A itself may stand (ISO 19005-2, 6.8).
    fn signed_original(&self, paper: &Paper, losses: &Losses) -> Option<Vec<u8>> {
        let Source::Bilaga { bytes, password: None, .. } = &paper.source else { return None };
        let fits = || self.options.copy == PackCopy::Reading || verdict::examine(bytes).archival();
        (losses.signatures > 0 && fits()).then(|| bytes.clone())
    }

    fn divider(&mut self, meeting: &Meeting, item: &Item, papers: &[Ready]) -> Option<Ready> {
        let items = meeting.model.get("arenden").and_then(Value::as_array);
        let named =
            items.into_iter().flatten().find(|i| i.get("nummer").and_then(Value::as_u64) == Some(item.number))?;
        let title = plain(text(named, "title"));
        let rows: Vec<_> = (!item.dnr.is_empty()).then(|| json!(["Dnr", item.dnr])).into_iter().collect();
        let sheet = json!({
            "title": title,
            "date": text(self.model, "date"),
            "label": format!("Ärende {}", item.number),
            "rows": rows,
            "body": [],
            "list": papers.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(),
        });
        let Sheet { pdf, sizes } = self.sheet(&sheet)?;
        Some(Ready {
            kind: PartKind::Divider,
            item: item.number,
            title: format!("Ärende {}", item.number),
            file: String::new(),
            pdf,
            sizes,
            foreign: None,
            copied: None,
            stamp: String::new(),
            received: None,
            reused: false,
            pointer: String::new(),
            signatures: Vec::new(),
            attached: None,
        })
    }

    fn sheet(&mut self, data: &Value) -> Option<Sheet> {
        match self.engine.pack_sheet(data, self.profile, self.standard()) {
            Ok(made) => Some(made),
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

/// What became of a bilaga.
struct Written {
    result: Result<Converted, Refused>,
    reused: bool,
}

fn bilaga_of(paper: &Paper, date: (u16, u8, u8)) -> Option<Foreign<'_>> {
    let Source::Bilaga { bytes, password, alt } = &paper.source else { return None };
    let title = if paper.title.is_empty() { &paper.file } else { &paper.title };
    Some(Foreign { bytes, title, password: password.as_deref(), alt: alt.as_deref(), date })
}

fn write_all(
    options: &super::PackOptions<'_>,
    bilagor: &[(&Paper, Foreign<'_>)],
    tick: &(dyn Fn() + Sync),
) -> Vec<Written> {
    let reading = options.copy == PackCopy::Reading;
    let keys: Vec<_> = bilagor
        .iter()
        .map(|(_, f)| {
            let (year, month, day) = f.date;
            let settings = json!([reading, f.title, f.password, f.alt, year, month, day]).to_string();
            store::key(&[b"bilaga", settings.as_bytes(), f.bytes])
        })
        .collect();
    let mut out: Vec<Option<Written>> = keys
        .iter()
        .map(|key| {
            let (report, pdf) = unframe::<FileReport>(&options.store.get(key)?)?;
            tick();
            Some(Written { result: Ok(Converted { pdf, report }), reused: true })
        })
        .collect();
    let missing: Vec<usize> = (0..out.len()).filter(|&i| out[i].is_none()).collect();
    let task = |i: &usize, examine| Task { foreign: &bilagor[*i].1, examine };
    let tasks: Vec<_> = missing.iter().map(|i| task(i, reading)).collect();
    let mut results = options.converter.convert(&tasks, tick);
    // What is damaged cannot be taken over as it is: readers would stumble over it.
    let damaged =
        |r: &Result<Converted, Refused>| r.as_ref().is_ok_and(|c| c.pdf.is_empty() && c.report.losses.damaged);
    let again: Vec<usize> = (0..results.len()).filter(|&i| damaged(&results[i])).collect();
    let tasks: Vec<_> = again.iter().map(|&i| task(&missing[i], false)).collect();
    for (i, result) in again.into_iter().zip(options.converter.convert(&tasks, &|| ())) {
        results[i] = result;
    }
    for (i, result) in missing.into_iter().zip(results) {
        if let Ok(made) = &result {
            options.store.put(&keys[i], &frame(&made.report, &made.pdf));
        }
        out[i] = Some(Written { result, reused: false });
    }
    let lost = || Written { result: Err(Refused::Limits), reused: false };
    out.into_iter().map(|w| w.unwrap_or_else(lost)).collect()
}
