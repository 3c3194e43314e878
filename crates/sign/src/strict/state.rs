//! A file in one of its states.

use std::collections::HashSet;

use lopdf::ObjectId;

use super::fault::{Fault, FaultKind};
use super::packed::Unpacked;
use super::reading::{Reading, Version};
use super::value::{Dictionary, Value};

/// A file in one of its states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State<'s, 'r> {
    pub(crate) reading: &'s Reading<'r>,
    pub(crate) revision: usize,
}

/// Most nodes of a page tree.
const MAX_PAGES: usize = 200_000;

impl Unpacked<'_> {
    /// All objects of all states.
    pub(crate) fn reading(&self) -> Reading<'_> {
        let mut reading = Reading::of(self);
        if reading.newest().catalog().is_none() {
            let end = reading.end(reading.states());
            reading.faults.push(Fault::grave(end, FaultKind::NoCatalog));
        }
        reading
    }
}

impl<'r> Reading<'r> {
    /// The file in one of its states; in the newest when there are fewer.
    pub(crate) fn state(&self, revision: usize) -> State<'_, 'r> {
        State { reading: self, revision: revision.min(self.states().saturating_sub(1)) }
    }

    /// The file as it is.
    pub(crate) fn newest(&self) -> State<'_, 'r> {
        self.state(usize::MAX)
    }
}

impl<'s, 'r> State<'s, 'r> {
    /// The version of an object that counts in this state.
    pub(crate) fn version(&self, number: u32) -> Option<&'s Version> {
        let reading = self.reading;
        reading.versions(number).iter().rev().find(|v| v.revision <= self.revision)
    }

    /// An object by its number.
    pub(crate) fn object(&self, number: u32) -> Option<&'s Value<'r>> {
        self.reading.value(self.version(number)?)
    }

    /// An object by what a reference says.
    pub(crate) fn get(&self, id: ObjectId) -> Option<&'s Value<'r>> {
        let version = self.version(id.0).filter(|v| v.generation == id.1)?;
        self.reading.value(version)
    }

    /// All objects that live and say something, not those that say how the file is written.
    pub(crate) fn content(&self) -> impl Iterator<Item = (u32, &'s Value<'r>)> + '_ {
        let state = *self;
        self.reading.numbers().filter_map(move |number| {
            let version = state.version(number).filter(|v| !state.reading.is_container(v))?;
            Some((number, state.reading.value(version)?))
        })
    }

    /// Follows references.
    pub(crate) fn resolve(&self, value: &'s Value<'r>) -> Option<&'s Value<'r>> {
        let mut value = value;
        for _ in 0..16 {
            match value {
                Value::Reference(id) => value = self.get(*id)?,
                Value::Null => return None,
                other => return Some(other),
            }
        }
        None
    }

    /// What stands at a key, references followed.
    pub(crate) fn at(&self, dictionary: &'s Dictionary<'r>, key: &[u8]) -> Option<&'s Value<'r>> {
        self.resolve(dictionary.get(key)?)
    }

    pub(crate) fn dictionary_at(&self, dictionary: &'s Dictionary<'r>, key: &[u8]) -> Option<&'s Dictionary<'r>> {
        self.at(dictionary, key)?.dictionary()
    }

    pub(crate) fn array_at(&self, dictionary: &'s Dictionary<'r>, key: &[u8]) -> Option<&'s [Value<'r>]> {
        self.at(dictionary, key)?.array()
    }

    pub(crate) fn trailer(&self) -> Option<&'r Dictionary<'r>> {
        self.reading.revision(self.revision)?.main().map(|s| &s.trailer)
    }

    /// The number of the catalogue.
    pub(crate) fn root(&self) -> Option<u32> {
        Some(self.trailer()?.get(b"Root")?.reference()?.0)
    }

    pub(crate) fn catalog(&self) -> Option<&'s Dictionary<'r>> {
        let Some(Value::Reference(id)) = self.trailer()?.get(b"Root") else { return None };
        self.get(*id)?.dictionary()
    }

    /// The form of the file.
    pub(crate) fn form(&self) -> Option<&'s Dictionary<'r>> {
        self.dictionary_at(self.catalog()?, b"AcroForm")
    }

    /// Numbers of the pages.
    pub(crate) fn pages(&self) -> Vec<u32> {
        let mut out = Vec::new();
        let mut seen = HashSet::new();
        let root = self.catalog().and_then(|c| c.get(b"Pages")).and_then(Value::reference);
        let mut waiting: Vec<ObjectId> = root.into_iter().collect();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id.0) || seen.len() > MAX_PAGES {
                continue;
            }
            let Some(node) = self.get(id).and_then(Value::dictionary) else { continue };
            match self.array_at(node, b"Kids") {
                Some(kids) => waiting.extend(kids.iter().rev().filter_map(Value::reference)),
                None => out.push(id.0),
            }
        }
        out
    }
}
