//! Object streams (ISO 32000-1, 7.5.7), unpacked once for all states of a file.

use std::collections::{HashMap, HashSet};

use super::chain::{self, Revision};
use super::fault::{Fault, FaultKind};
use super::lexer::Cursor;
use super::numbers::NumberMap;
use super::parser::Parser;
use super::section::{Entry, Section};
use super::value::{MAX_UNPACKED, Value};

/// An object stream, unpacked.
#[derive(Debug)]
pub(super) struct Container {
    /// Its object's number.
    pub(super) number: u32,
    /// Number and place of each object in it.
    pub(super) index: Vec<(u32, usize)>,
    /// Numbers that the index has more than once.
    pub(super) twice: HashSet<u32>,
    pub(super) content: Vec<u8>,
}

/// A file with its states known and its object streams unpacked, ready to be read.
#[derive(Debug)]
pub(crate) struct Unpacked<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) revisions: Vec<Revision<'a>>,
    /// Object streams by where they stand.
    pub(super) containers: HashMap<usize, Container>,
    pub(super) faults: Vec<Fault>,
}

/// Most bytes of all object streams together.
const MAX_TOTAL: usize = 512 * 1024 * 1024;

impl<'a> Unpacked<'a> {
    /// Finds the states of a file, and unpacks.
    ///
    /// # Errors
    /// When there is no way into the file.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut faults = Vec::new();
        let revisions = chain::read(bytes, &mut faults)?;
        let mut out = Self { bytes, revisions, containers: HashMap::new(), faults };
        out.unpack();
        Ok(out)
    }

    /// Whether the file is encrypted.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.revisions.iter().flat_map(|r| &r.sections).any(|s| s.trailer.has(b"Encrypt"))
    }

    fn unpack(&mut self) {
        let mut latest: NumberMap<usize> = NumberMap::default();
        let (mut wanted, mut total) = (Vec::new(), 0);
        for revision in &self.revisions {
            let mut here = Vec::new();
            for (number, entry) in revision.sections.iter().flat_map(entries) {
                match entry {
                    Entry::Plain { offset, .. } => {
                        latest.insert(number, offset);
                    }
                    Entry::Packed { container, .. } => here.push(container),
                    Entry::Free => {}
                }
            }
            here.sort_unstable();
            here.dedup();
            wanted.extend(here.iter().filter_map(|number| Some((*number, *latest.get(number)?))));
        }
        for (number, at) in wanted {
            if self.containers.contains_key(&at) || total > MAX_TOTAL {
                continue;
            }
            if let Some(container) = self.container(number, at, &latest) {
                total += container.content.len();
                self.containers.insert(at, container);
            }
        }
    }

    fn container(&self, number: u32, at: usize, latest: &NumberMap<usize>) -> Option<Container> {
        let mut ignored = Vec::new();
        let mut parser = Parser::new(self.bytes, at, &mut ignored);
        parser.cursor.white();
        let length = |n: u32| plain_integer(self.bytes, n, *latest.get(&n)?);
        let placed = parser.placed(&length).ok()?;
        let stream = placed.value.stream()?;
        if placed.number != number || !stream.dictionary.is_type(b"ObjStm") {
            return None;
        }
        let whole = |key: &[u8]| usize::try_from(stream.dictionary.get(key)?.integer()?).ok();
        let (count, first) = (whole(b"N")?, whole(b"First")?);
        let content = stream.content(MAX_UNPACKED)?;
        let mut cursor = Cursor::new(content.get(..first)?, 0);
        let mut index = Vec::new();
        for _ in 0..count {
            cursor.gap();
            let number = u32::try_from(cursor.unsigned()?).ok()?;
            cursor.gap();
            let offset = usize::try_from(cursor.unsigned()?).ok()?;
            index.push((number, first.checked_add(offset)?));
        }
        cursor.gap();
        // An index that goes on after its count: readers that scan would find more.
        if cursor.at < first {
            return None;
        }
        let mut seen = HashSet::new();
        let twice = index.iter().filter(|(n, _)| !seen.insert(*n)).map(|(n, _)| *n).collect();
        Some(Container { number, index, twice, content })
    }
}

/// The entries of a section as they apply: those of a table's stream count where the table has none of its own.
pub(super) fn entries<'s>(section: &'s Section<'_>) -> impl Iterator<Item = (u32, Entry)> + 's {
    let beside = section.hybrid.iter().flat_map(|h| h.entries.iter().copied());
    let hidden: NumberMap<Entry> = beside.collect();
    let own: Vec<(u32, Entry)> = section
        .entries
        .iter()
        .copied()
        .filter(|(number, entry)| *entry != Entry::Free || !hidden.contains_key(number))
        .collect();
    let named: HashSet<u32> =
        if hidden.is_empty() { Default::default() } else { own.iter().map(|(n, _)| *n).collect() };
    let more = hidden.into_iter().filter(move |(number, _)| !named.contains(number));
    own.into_iter().chain(more)
}

/// A whole number that stands as an object at a place.
pub(super) fn plain_integer(bytes: &[u8], number: u32, at: usize) -> Option<usize> {
    let mut ignored = Vec::new();
    let mut parser = Parser::new(bytes, at, &mut ignored);
    parser.cursor.white();
    if parser.head()?.0 != number {
        return None;
    }
    match parser.value(0).ok()? {
        Value::Integer(n) => usize::try_from(n).ok(),
        _ => None,
    }
}

/// The kind of fault of an entry whose object is not found in its container.
pub(super) fn misplaced(at: usize, number: u32, container: u32) -> Fault {
    Fault::grave(at, FaultKind::Packed { number, container })
}
