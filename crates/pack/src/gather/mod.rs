//! From a kallelse and the files it names to one pack.

mod agenda;
mod faults;
mod findings;
mod gathering;
mod join;
mod own_document;
mod parts;
mod public;
mod report;

pub use findings::FileFindings;
pub use gathering::GatherOptions;
pub use report::{Gathered, Pack, PartKind, PartReport};
pub use sigill_orders::PackCopy;

use std::collections::HashMap;

use sigill_layout::{Engine, Input, Options};
use sigill_model::edition::Masked;
use sigill_model::kinds::{Document, Kallelse};
use sigill_model::messages::{are004, pac007, pac008};

use crate::proof;
use crate::reader::{ReadAnswer, ReadOrder, Reading};
use findings::Findings;
use gathering::Gathering;

/// Gathers a pack.
pub fn gather(engine: &Engine, input: &Input<'_>, options: &GatherOptions<'_>) -> Gathered {
    let layout = Options { profile: options.pack.profile.clone(), ..Options::default() };
    let checked = engine.check(input, &layout);
    let sound = checked.is_sound();
    let mut findings = Findings::new(input.source);
    checked.diagnostics.into_iter().for_each(|d| findings.own(d));
    let profile = checked.profile;
    let kallelse = checked.document.as_ref().map(Document::as_kind::<Kallelse>);
    let pack = match (kallelse, &profile) {
        (Some(Some(kallelse)), Some(profile)) if sound => {
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
    Gathered { findings: findings.into_files(), pack, profile }
}

impl Gathering<'_> {
    fn pack(&mut self) -> Option<Pack> {
        let list = self.list()?;
        for (i, _) in self.kallelse.common.bilagor.iter().enumerate().filter(|(_, b)| b.file.is_some()) {
            self.findings.own(pac007::KallelseBilagor.at(format!("/bilagor/{i}/file")));
        }
        let layout = self.layout();
        let mut reader = agenda::AgendaReader {
            engine: self.engine,
            files: self.input.files,
            layout,
            kallelse: self.kallelse,
            findings: &mut self.findings,
            marked: HashMap::new(),
        };
        let items = reader.items(list);
        let marked = reader.marked;
        let mut meeting = self.meeting(list, items, &marked)?;
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
            copy: self.options.pack.copy,
            edition: self.options.pack.edition,
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
