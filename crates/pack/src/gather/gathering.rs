//! What every step of a pack works on.

use sigill_layout::{Engine, Input, Options, Standard};
use sigill_model::Profile;
use sigill_model::edition::Masked;
use sigill_model::json::Source;
use sigill_model::kinds::Kallelse;
use sigill_model::secrecy::SecrecyGround;
use sigill_orders::{PackCopy, PackOptions};

use super::agenda::AgendaItem;
use super::findings::Findings;
use crate::foreign::Refused;
use crate::reader::{ForeignReader, ReadOrder, ReadTask, Reading};
use crate::store::PartStore;

/// How a pack is gathered.
pub struct GatherOptions<'a> {
    /// How it is made.
    pub pack: &'a PackOptions,
    /// The list sent before: the pack is then the tilläggslista that follows it.
    pub supplement: Option<&'a [u8]>,
    /// Reads files of others.
    pub reader: &'a dyn ForeignReader,
    /// Keeps parts between runs.
    pub store: &'a dyn PartStore,
    /// Told when a part is done: how many, of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// The pack while it is gathered.
pub(super) struct Gathering<'a> {
    pub(super) engine: &'a Engine,
    pub(super) input: &'a Input<'a>,
    pub(super) options: &'a GatherOptions<'a>,
    pub(super) profile: &'a Profile,
    pub(super) kallelse: &'a Kallelse,
    pub(super) findings: Findings<'a>,
}

/// The agenda and its papers, once nothing is left in them that the edition leaves out.
pub(super) struct Meeting {
    /// The list that is made, with the items of no other.
    pub(super) source: Source,
    /// The same, typed.
    pub(super) kallelse: Kallelse,
    pub(super) items: Vec<AgendaItem>,
    /// What was left out, here and in the documents, and all that it said.
    pub(super) masked: Vec<Masked>,
    /// Why, once for each mark.
    pub(super) left_out: Vec<SecrecyGround>,
}

impl Meeting {
    /// Title of an item, as the edition has it.
    pub(super) fn title_of(&self, number: u64) -> &str {
        let mut items = self.kallelse.arenden.iter();
        items.find(|i| i.nummer.map(u64::from) == Some(number)).map_or("", |i| &i.title.0)
    }
}

impl Gathering<'_> {
    /// One order about a file of others.
    pub(super) fn read_one(&self, order: ReadOrder, bytes: &[u8]) -> Result<Reading, Refused> {
        let mut results = self.options.reader.read(&[ReadTask { order, bytes }], &|| ());
        results.pop().unwrap_or(Err(Refused::Limits))
    }

    /// How documents of the pack are set.
    pub(super) fn layout(&self) -> Options {
        Options { standard: self.standard(), profile: self.options.pack.profile.clone(), in_pack: false }
    }

    /// The standard that all documents of the pack keep to.
    pub(super) fn standard(&self) -> Standard {
        match self.options.pack.copy {
            PackCopy::Archive => Standard::A2aUa1,
            PackCopy::Reading => Standard::None,
        }
    }
}
