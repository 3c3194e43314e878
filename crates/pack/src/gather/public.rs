//! The list that is made, and what the public edition leaves out of it and of its documents.
//!
//! Documents are set from the trees that come out of here, and from nothing else: what is masked is gone before anything
//! is set. A mark that cannot be followed stops the pack.

use std::collections::HashMap;

use sigill_model::edition::{self, Edition, Masked, Redacted};
use sigill_model::json::{Node, NodeValue};
use sigill_model::messages::{mod004, sek002};
use sigill_model::secrecy::SecrecyGround;

use super::agenda::{AgendaItem, Paper, PaperContent, plain_path};
use super::faults;
use super::gathering::{Gathering, Meeting};
use super::own_document::{self, OwnDocument, written};
use crate::foreign::Refused;
use crate::reader::{ReadAnswer, ReadOrder, Reading};

impl Gathering<'_> {
    /// The list with its items and papers, as the edition has them.
    pub(super) fn meeting(
        &mut self,
        list: u64,
        mut items: Vec<AgendaItem>,
        marked: &HashMap<String, SecrecyGround>,
    ) -> Option<Meeting> {
        let mut root = self.input.source.root()?.clone();
        documents_apart(&mut root);
        let (mut masked, mut left_out) = (Vec::new(), Vec::new());
        if self.options.pack.edition == Edition::Offentlig {
            let common = &self.kallelse.common;
            if SecrecyGround::of_fields(common.sekretess.as_ref(), common.personuppgift).is_some() {
                // A kallelse of which nothing is public has no public edition.
                let field = if common.sekretess.is_some() { "/sekretess" } else { "/personuppgift" };
                self.findings.own(sek002::Misplaced.at(field));
                return None;
            }
            mark_papers(&mut root, &items);
            let redacted = edition::redact(&self.input.source.with_root(root));
            let Redacted { source, masked: own } = match redacted {
                Ok(redacted) => redacted,
                Err(faults) => {
                    faults.into_iter().for_each(|d| self.findings.own(d));
                    return None;
                }
            };
            root = source.root()?.clone();
            let here = |m: &&Masked| item_of(&m.pointer).is_none_or(|i| items.iter().any(|item| item.index == i));
            left_out.extend(own.iter().filter(here).map(|m| m.ground.clone()));
            masked.extend(own);
            for item in &mut items {
                self.leave_out(item, marked, &mut masked, &mut left_out);
            }
            if self.findings.stop() {
                return None;
            }
        }
        list_alone(&mut root, list, &items);
        let kallelse = match root.read() {
            Ok(kallelse) => kallelse,
            Err(error) => {
                self.findings.own(mod004::Misread { reason: &error }.at("/arenden"));
                return None;
            }
        };
        Some(Meeting { source: self.input.source.with_root(root), kallelse, items, masked, left_out })
    }

    /// Takes out of an item's papers what the public edition does not have.
    fn leave_out(
        &mut self,
        item: &mut AgendaItem,
        marked: &HashMap<String, SecrecyGround>,
        masked: &mut Vec<Masked>,
        left_out: &mut Vec<SecrecyGround>,
    ) {
        if let Some(ground) = item.ground.as_ref().filter(|_| telling(&item.title)) {
            masked.push(words(String::new(), ground.clone(), item.title.clone()));
        }
        let whole = item.ground.clone();
        for mut paper in std::mem::take(&mut item.papers) {
            match whole.clone().or_else(|| paper.ground.clone()) {
                Some(ground) => masked.extend(self.withheld(&paper, ground)),
                None => {
                    mark_bilagor(&mut paper, marked);
                    self.clear(&mut paper, masked, left_out);
                    item.papers.push(paper);
                }
            }
        }
    }

    /// Takes marked words out of a paper: out of what the kallelse says of it, and out of the document itself.
    fn clear(&mut self, paper: &mut Paper, masked: &mut Vec<Masked>, left_out: &mut Vec<SecrecyGround>) {
        self.clear_text(&mut paper.title, &paper.pointer, masked);
        match &mut paper.content {
            PaperContent::Bilaga { alt: Some(alt), .. } => self.clear_text(alt, &paper.pointer, masked),
            PaperContent::Own(own) => {
                let Some(document) = own.take() else { return };
                let (document, own_masked) = self.clear_document(*document, &paper.file, &paper.pointer);
                left_out.extend(own_masked.iter().map(|m| m.ground.clone()));
                // What stands in a file of its own is told where the file is named.
                let inline = document.as_ref().is_some_and(|d| d.inline);
                let place =
                    |m: &Masked| if inline { format!("{}{}", paper.pointer, m.pointer) } else { paper.pointer.clone() };
                masked.extend(own_masked.into_iter().map(|m| Masked { pointer: place(&m), ..m }));
                *own = document.map(Box::new);
            }
            PaperContent::Bilaga { alt: None, .. } | PaperContent::Nothing => {}
        }
    }

    /// A document without what is marked in it, judged anew; none when a mark in it cannot be followed, which its
    /// findings say.
    fn clear_document(&mut self, own: OwnDocument, file: &str, pointer: &str) -> (Option<OwnDocument>, Vec<Masked>) {
        match edition::redact(&own.source) {
            Ok(Redacted { masked, .. }) if masked.is_empty() => (Some(own), masked),
            Ok(Redacted { source, masked }) => {
                let OwnDocument { folder, inline, .. } = own;
                let (files, layout) = (self.input.files, self.layout());
                let cleared = own_document::check(self.engine, files, &layout, self.kallelse, source, folder, inline);
                // Its warnings have been told; an error can only come of what was left out.
                let errors = cleared.checked.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
                self.findings.of_document(&cleared, file, pointer, errors);
                (Some(cleared), masked)
            }
            Err(faults) => {
                self.findings.of_document(&own, file, pointer, faults);
                (None, Vec::new())
            }
        }
    }

    fn clear_text(&mut self, text: &mut String, pointer: &str, masked: &mut Vec<Masked>) {
        match edition::redact_text(text) {
            Ok((cleared, own)) => {
                *text = cleared;
                masked.extend(own);
            }
            Err(faults) => {
                for fault in faults {
                    self.findings.own(sigill_model::Diagnostic { pointer: pointer.to_owned(), ..fault });
                }
            }
        }
    }

    /// What a paper said that is left out as a whole.
    fn withheld(&mut self, paper: &Paper, ground: SecrecyGround) -> Vec<Masked> {
        let texts = match &paper.content {
            PaperContent::Own(own) => {
                let root = own.as_ref().and_then(|own| own.source.root());
                root.map(edition::texts).unwrap_or_default()
            }
            PaperContent::Bilaga { bytes, password, .. } => self.text_of(paper, bytes, password.clone()),
            PaperContent::Nothing => Vec::new(),
        };
        let titled = telling(&paper.title).then(|| words(paper.pointer.clone(), ground.clone(), paper.title.clone()));
        let pointer = paper.pointer.clone();
        let whole = (!texts.is_empty()).then_some(Masked { pointer, ground, words: false, texts });
        titled.into_iter().chain(whole).collect()
    }

    /// The text of a file that is left out, so that the finished file can be searched for it. Without it nothing can be
    /// proven, and the pack stops, unless it is to go on in spite of what cannot be read.
    fn text_of(&mut self, paper: &Paper, bytes: &[u8], password: Option<String>) -> Vec<String> {
        let refused = match self.read_one(ReadOrder::Text { password }, bytes) {
            Ok(Reading { answer: ReadAnswer::Text { pages }, .. }) => return pages,
            Ok(_) => Refused::Limits,
            Err(refused) => refused,
        };
        let finding = faults::refusal(&refused).finding(&paper.file, &paper.pointer, self.options.pack.keep_going);
        self.findings.own(finding);
        Vec::new()
    }
}

fn words(pointer: String, ground: SecrecyGround, text: String) -> Masked {
    Masked { pointer, ground, words: true, texts: vec![text] }
}

/// A title that says enough to give away what is left out.
fn telling(title: &str) -> bool {
    title.split_whitespace().count() >= 3
}

/// Place of the item that a pointer leads into: `/arenden/3/title` is 3.
fn item_of(pointer: &str) -> Option<usize> {
    pointer.strip_prefix("/arenden/")?.split('/').next()?.parse().ok()
}

/// A document that stands in the kallelse is one of its own, and set from its own tree.
fn documents_apart(root: &mut Node) {
    for item in root.items_mut("arenden").into_iter().flatten() {
        for paper in item.items_mut("handlingar").into_iter().flatten() {
            if paper.get("dokument").is_some_and(|d| d.as_str().is_none()) {
                paper.remove("dokument");
            }
        }
    }
}

/// Marks papers as their own documents are marked, so that they are left out by one rule.
fn mark_papers(root: &mut Node, items: &[AgendaItem]) {
    let grounds = items
        .iter()
        .flat_map(|item| item.papers.iter().filter_map(|p| Some(((item.index, p.place?), p.ground.as_ref()?))));
    let grounds: HashMap<(usize, usize), &SecrecyGround> = grounds.collect();
    for (i, item) in root.items_mut("arenden").into_iter().flatten().enumerate() {
        for (p, paper) in item.items_mut("handlingar").into_iter().flatten().enumerate() {
            if let Some(ground) = grounds.get(&(i, p)) {
                mark(paper, ground);
            }
        }
    }
}

/// Marks what a document says of its bilagor as those are marked, in their own files or elsewhere.
fn mark_bilagor(paper: &mut Paper, marked: &HashMap<String, SecrecyGround>) {
    let PaperContent::Own(Some(own)) = &mut paper.content else { return };
    let Some(mut root) = own.source.root().cloned() else { return };
    let mut changed = false;
    for bilaga in root.items_mut("bilagor").into_iter().flatten() {
        let file = bilaga.get("file").and_then(Node::as_str).map(|file| written(&own.folder.join(file)));
        if let Some(ground) = file.and_then(|file| marked.get(&plain_path(&file)))
            && SecrecyGround::of_node(bilaga).is_none()
        {
            mark(bilaga, ground);
            changed = true;
        }
    }
    if changed {
        own.source = own.source.with_root(root);
    }
}

fn mark(part: &mut Node, ground: &SecrecyGround) {
    match ground {
        SecrecyGround::Sekretess(paragraph) => part.set("sekretess", paragraph.as_str().into()),
        SecrecyGround::Personuppgift => part.set("personuppgift", NodeValue::Bool(true)),
    }
}

/// Leaves the items of one list, with their numbers.
fn list_alone(root: &mut Node, list: u64, items: &[AgendaItem]) {
    if let Some(all) = root.items_mut("arenden") {
        let mut index = 0;
        all.retain_mut(|node| {
            let item = items.iter().find(|item| item.index == index);
            index += 1;
            if let Some(item) = item {
                node.set("nummer", item.number.into());
            }
            item.is_some()
        });
    }
    if list > 0 {
        root.set("tillaggslista", list.into());
    }
}
