//! Page numbers that hold, marks over the pages, and all parts as one file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;
use sigill_layout::{Options, OverlayPage, SignatureField};
use sigill_model::json::Source;
use sigill_model::messages::{lay001, pac001, pdf001, stamps as texts};
use sigill_model::{Diagnostic, Localize};
use sigill_orders::PackCopy;

use super::gathering::{Gathering, Meeting};
use super::own_document;
use super::parts::{CachedDocument, PackPart, plain};
use super::report::{PartKind, PartReport};
use crate::foreign::PageReport;
use crate::marks::{self, BACK_SIZE, PageMarks};
use crate::merge::{Attachment, MergeGroup, MergePart, Origin, Overlay, Plan, merge};
use crate::reader::{ReadAnswer, ReadOrder, Reading};
use crate::{stamps, store};

const BACK_TITLE: &str = "Till föredragningslistan";
/// Most times the kallelse is set until its page numbers hold.
const MAX_ROUNDS: usize = 4;

/// A pack in one file.
pub(super) struct Joined {
    pub(super) pdf: Vec<u8>,
    pub(super) pages: usize,
    pub(super) title: String,
    pub(super) first_page: usize,
    pub(super) parts: Vec<PartReport>,
    pub(super) signatures: Vec<SignatureField>,
}

/// The kallelse with the pages of its items.
struct Kallelse {
    pdf: Vec<u8>,
    sizes: Vec<(f64, f64)>,
    title: String,
    signatures: Vec<SignatureField>,
}

impl Gathering<'_> {
    pub(super) fn join(&mut self, meeting: &Meeting, ready: Vec<PackPart>) -> Option<Joined> {
        let first_page = match self.options.supplement {
            None => 1,
            Some(sent) => match self.read_one(ReadOrder::LastPage, sent) {
                Ok(Reading { answer: ReadAnswer::LastPage { number: Some(last) }, .. }) => last + 1,
                Ok(_) | Err(_) => {
                    self.findings.own(pac001::ListUnreadable.at(""));
                    return None;
                }
            },
        };
        let kallelse = self.kallelse(meeting, &ready, first_page)?;
        let own = kallelse.sizes.len();
        let total = own + ready.iter().map(|r| r.sizes.len()).sum::<usize>();
        let (overlay, back) = self.marks(&kallelse, &ready, first_page, first_page - 1 + total);
        let overlay = match self.overlay(&overlay) {
            Ok(overlay) => overlay,
            Err(found) => {
                found.into_iter().for_each(|d| self.findings.own(d));
                return None;
            }
        };
        let overlay = Overlay { pdf: &overlay, back, back_title: BACK_TITLE };
        let groups = groups(meeting, &kallelse, &ready);
        let attachments = ready.iter().filter_map(|r| {
            let name = r.file.rsplit('/').next().unwrap_or_default();
            Some(Attachment { name, description: &r.title, pdf: r.attached.as_deref()? })
        });
        let attachments = attachments.collect();
        let first = u32::try_from(first_page).unwrap_or(1);
        let plan = Plan { groups, overlay: Some(overlay), first_page: first, attachments };
        match merge(&plan) {
            Ok(merged) => {
                let title = kallelse.title.clone();
                let parts = reports(&title, own, &ready, first_page);
                let signatures = signatures(&kallelse, &ready);
                Some(Joined { pdf: merged.pdf, pages: total, title, first_page, parts, signatures })
            }
            Err(error) => {
                self.findings.own(pdf001::Unjoinable { reason: &error }.at(""));
                None
            }
        }
    }

    /// The kallelse with the page of each item that has documents, set until the numbers hold.
    fn kallelse(&mut self, meeting: &Meeting, ready: &[PackPart], first_page: usize) -> Option<Kallelse> {
        let mut own = 1;
        for _ in 0..MAX_ROUNDS {
            let source = self.numbered(meeting, ready, first_page + own)?;
            let layout = Options { in_pack: true, ..self.layout() };
            let files = self.input.files;
            let list = own_document::check(self.engine, files, &layout, self.kallelse, source, PathBuf::new(), false);
            if !list.checked.is_sound() {
                list.checked.diagnostics.into_iter().for_each(|d| self.findings.own(d));
                return None;
            }
            let (CachedDocument { title, sizes, signatures }, pdf, _) = self.set(list, "", "")?;
            if sizes.len() == own {
                return Some(Kallelse { pdf, sizes, title, signatures });
            }
            own = sizes.len();
        }
        self.findings.own(lay001::PageNumbers.at("/arenden"));
        None
    }

    /// The list with the page of each item that has documents, which start at `first`, and with a title for every paper.
    fn numbered(&self, meeting: &Meeting, ready: &[PackPart], first: usize) -> Option<Source> {
        let mut root = meeting.source.root()?.clone();
        let items = root.items_mut("arenden").into_iter().flatten();
        for (node, item) in items.zip(&meeting.items) {
            node.remove("sida");
            if let Some(at) = ready.iter().position(|r| r.item == item.number) {
                let before: usize = ready[..at].iter().map(|r| r.sizes.len()).sum();
                node.set("sida", ((first + before) as u64).into());
            }
            for (place, paper) in node.items_mut("handlingar").into_iter().flatten().enumerate() {
                let here = |r: &&PackPart| r.item == item.number && r.place == Some(place);
                if let Some(ready) = ready.iter().find(here).filter(|_| paper.get("title").is_none()) {
                    paper.set("title", ready.title.as_str().into());
                }
            }
        }
        Some(meeting.source.with_root(root))
    }

    /// The marks over every page, and where links back stand.
    fn marks(
        &self,
        kallelse: &Kallelse,
        ready: &[PackPart],
        first_page: usize,
        last: usize,
    ) -> (Vec<OverlayPage>, BTreeMap<usize, [f64; 4]>) {
        let pattern = self.profile.pack_number.as_deref().unwrap_or("Sid {page} ({pages})");
        let (mut pages, mut back) = (Vec::new(), BTreeMap::new());
        let mut add = |size, foreign: Option<&PageReport>, stamp, received, starts| {
            let at = pages.len();
            let number = pattern.replace("{page}", &(first_page + at).to_string());
            let words =
                PageMarks { number: number.replace("{pages}", &last.to_string()), stamp, received, back: starts };
            let (page, frame) = match foreign {
                Some(page) => marks::foreign(page, words),
                None => marks::own(size, words),
            };
            pages.push(page);
            back.extend(frame.map(|frame| (at, frame)));
        };
        kallelse.sizes.iter().for_each(|&size| add(size, None, None, None, false));
        for document in ready {
            let count = document.sizes.len();
            let bilaga = document.kind == PartKind::Bilaga;
            for (i, &size) in document.sizes.iter().enumerate() {
                let stamp = bilaga.then(|| format!("{} · sid {}({count})", document.stamp, i + 1));
                let received = document.received.iter().filter(|_| i == 0).map(|day| format!("Inkom {day}")).next();
                let page = document.foreign.as_ref().and_then(|f| f.pages.get(i));
                add(size, page, stamp, received, i == 0);
            }
        }
        (pages, back)
    }

    fn overlay(&self, pages: &[OverlayPage]) -> Result<Vec<u8>, Vec<Diagnostic>> {
        let back = (BACK_SIZE.0, BACK_SIZE.1, BACK_TITLE);
        if self.options.pack.copy == PackCopy::Archive {
            let settings = json!([pages, back, self.profile.data()]).to_string();
            let key = store::key(&[b"overlay", settings.as_bytes()]);
            if let Some(((), kept)) = self.kept(&key) {
                return Ok(kept);
            }
            let made = self.engine.overlay(pages, back, self.profile)?;
            self.keep(&key, &(), &made);
            return Ok(made);
        }
        let families = self.profile.fonts.iter().map(String::as_str);
        let font = families.chain(["Open Sans"]).find_map(|f| self.engine.fonts().regular(f));
        let unusable = |reason: &dyn Localize| vec![lay001::Stamps { reason }.at("")];
        let (font, index) = font.ok_or_else(|| unusable(&texts::NoFont))?;
        let style = stamps::Style { font, index, colors: &self.profile.colors, back };
        stamps::draw(pages, &style).map_err(|reason| unusable(&reason))
    }
}

/// Places to sign on the pages of the pack, each field with a name of its own.
fn signatures(kallelse: &Kallelse, ready: &[PackPart]) -> Vec<SignatureField> {
    let mut out = kallelse.signatures.clone();
    let mut before = kallelse.sizes.len();
    for document in ready {
        for field in &document.signatures {
            let name = format!("arende-{}-{}", document.item, field.id);
            let alike = out.iter().filter(|f| f.id == name || f.id.starts_with(&format!("{name}-handling-"))).count();
            let id = if alike == 0 { name } else { format!("{name}-handling-{}", alike + 1) };
            out.push(SignatureField { id, page: field.page + before, ..field.clone() });
        }
        before += document.sizes.len();
    }
    out
}

/// A bookmark for each item, and its documents below it.
fn groups<'a>(meeting: &Meeting, kallelse: &'a Kallelse, ready: &'a [PackPart]) -> Vec<MergeGroup<'a>> {
    let part = MergePart {
        origin: Origin::Own,
        pdf: &kallelse.pdf,
        title: &kallelse.title,
        anchor: "foredragningslista".into(),
        bookmarked: true,
    };
    let mut groups = vec![MergeGroup { title: None, anchor: "foredragningslista".into(), parts: vec![part] }];
    for (i, document) in ready.iter().enumerate() {
        let origin = if document.copied { Origin::Foreign } else { Origin::Own };
        let part = MergePart {
            origin,
            pdf: &document.pdf,
            title: &document.title,
            anchor: format!("handling-{}", i + 1),
            bookmarked: document.kind != PartKind::Divider,
        };
        let item = document.item;
        match groups.last_mut().filter(|_| i > 0 && ready[i - 1].item == item) {
            Some(group) => group.parts.push(part),
            None => groups.push(MergeGroup {
                title: Some(heading(meeting, item)),
                anchor: format!("arende-{item}"),
                parts: vec![part],
            }),
        }
    }
    groups
}

fn heading(meeting: &Meeting, number: u64) -> String {
    format!("{number} {}", plain(meeting.title_of(number)))
}

fn reports(title: &str, own: usize, ready: &[PackPart], first_page: usize) -> Vec<PartReport> {
    let mut out = vec![PartReport {
        kind: PartKind::Kallelse,
        item: None,
        title: title.to_owned(),
        file: String::new(),
        first_page,
        pages: own,
        foreign: None,
        attached: false,
        reused: false,
    }];
    let mut next = first_page + own;
    for document in ready {
        out.push(PartReport {
            kind: document.kind,
            item: Some(document.item),
            title: document.title.clone(),
            file: document.file.clone(),
            first_page: next,
            pages: document.sizes.len(),
            foreign: document.foreign.clone(),
            attached: document.attached.is_some(),
            reused: document.reused,
        });
        next += document.sizes.len();
    }
    out
}
