//! All objects of a file, in each of its states.

use std::collections::HashSet;

use super::body::Body;
use super::chain::Revision;
use super::fault::{Fault, FaultKind};
use super::numbers::NumberMap;
use super::packed::{Unpacked, entries, misplaced, plain_integer};
use super::parser::{Parser, Placed};
use super::section::Entry;
use super::value::Value;

/// Where a version of an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It was taken away.
    Free,
    /// In the file itself.
    Plain(usize),
    /// In an object stream.
    Packed(usize),
}

/// An object as it is from a state of the file on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) revision: usize,
    pub(crate) generation: u16,
    pub(crate) place: Place,
}

/// A packed object: its container's place, its place in the index, and itself.
#[derive(Debug)]
struct PackedValue<'r> {
    container: usize,
    index: usize,
    value: Value<'r>,
}

/// A file as read: states, versions of objects, and what is doubtful.
#[derive(Debug)]
pub(crate) struct Reading<'r> {
    pub(crate) bytes: &'r [u8],
    revisions: &'r [Revision<'r>],
    placed: Vec<Placed<'r>>,
    packed: Vec<PackedValue<'r>>,
    versions: NumberMap<Vec<Version>>,
    /// Where streams of cross-references and object streams that are used as such stand.
    containers: HashSet<usize>,
    /// What is doubtful, in the order of the file.
    pub(crate) faults: Vec<Fault>,
}

impl<'r> Reading<'r> {
    pub(super) fn of(unpacked: &'r Unpacked<'_>) -> Self {
        let mut out = Self {
            bytes: unpacked.bytes,
            revisions: &unpacked.revisions,
            placed: Vec::new(),
            packed: Vec::new(),
            versions: NumberMap::default(),
            containers: unpacked.containers.keys().copied().collect(),
            faults: unpacked.faults.clone(),
        };
        let mut latest: NumberMap<Entry> = NumberMap::default();
        for section in unpacked.revisions.iter().flat_map(|r| &r.sections) {
            out.containers.extend([section.at].into_iter().chain(section.hybrid.as_ref().map(|h| h.at)));
        }
        let known = |s: &super::section::Section<'_>| (s.at, s.end);
        let sections: Vec<(usize, usize)> = unpacked.revisions.iter().flat_map(|r| &r.sections).map(known).collect();
        for (number, revision) in unpacked.revisions.iter().enumerate() {
            for section in &revision.sections {
                latest.extend(entries(section));
            }
            let first = out.placed.len();
            let length = |n: u32| length(unpacked, &latest, n);
            let body = Body {
                bytes: unpacked.bytes,
                range: revision.range.clone(),
                sections: &sections,
                length: &length,
                endings: revision.sections.len(),
            };
            body.scan(&mut out.placed, &mut out.faults);
            Applied { unpacked, revision, number, first, by_number: None, out: &mut out }.apply();
        }
        out.tail();
        out.refuse_false_containers();
        out.faults.sort_by_key(|f| f.at);
        out.faults.dedup();
        out
    }

    /// How many states the file has.
    pub(crate) fn states(&self) -> usize {
        self.revisions.len()
    }

    pub(super) fn revision(&self, number: usize) -> Option<&'r Revision<'r>> {
        self.revisions.get(number)
    }

    /// Where a state ends.
    pub(crate) fn end(&self, revision: usize) -> usize {
        self.revisions.get(revision).map_or(self.bytes.len(), |r| r.range.end)
    }

    /// Versions of an object, oldest first.
    pub(crate) fn versions(&self, number: u32) -> &[Version] {
        self.versions.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Numbers of the objects that a state writes or takes away.
    pub(crate) fn written(&self, revision: usize) -> Vec<u32> {
        let own = |(number, versions): (&u32, &Vec<Version>)| {
            versions.iter().any(|v| v.revision == revision).then_some(*number)
        };
        self.versions.iter().filter_map(own).collect()
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.versions.keys().copied()
    }

    /// The object of a version; none when it was taken away.
    pub(crate) fn value(&self, version: &Version) -> Option<&Value<'r>> {
        match version.place {
            Place::Free => None,
            Place::Plain(at) => self.placed.get(at).map(|p| &p.value),
            Place::Packed(at) => self.packed.get(at).map(|p| &p.value),
        }
    }

    /// The object of a version where it stands in the file, unless it is packed.
    pub(crate) fn placed(&self, version: &Version) -> Option<&Placed<'r>> {
        match version.place {
            Place::Plain(at) => self.placed.get(at),
            _ => None,
        }
    }

    /// Whether an object is the stream of a cross-reference, or an object stream that is used as one: how a file is
    /// written, not what it says.
    pub(crate) fn is_container(&self, version: &Version) -> bool {
        self.placed(version).is_some_and(|placed| self.containers.contains(&placed.start))
    }

    /// After the last state stands white space alone, and not so much that readers no longer find the end.
    fn tail(&mut self) {
        let end = self.revisions.last().map_or(0, |r| r.range.end);
        let after = &self.bytes[end..];
        match after.iter().position(|b| !super::lexer::is_white(*b)) {
            Some(at) => self.faults.push(Fault::grave(end + at, FaultKind::Stray)),
            None if after.len() > super::chain::WINDOW / 2 => {
                self.faults.push(Fault::grave(end, FaultKind::Ending));
            }
            None => {}
        }
    }

    /// Streams that say they are containers without being used as such, where something refers to them: readers that
    /// rebuild a file would unpack them. And containers that are content too.
    fn refuse_false_containers(&mut self) {
        let tagged = |p: &&Placed<'_>| {
            p.value.stream().is_some_and(|s| s.dictionary.is_type(b"ObjStm") || s.dictionary.is_type(b"XRef"))
        };
        let suspects: Vec<(u32, usize)> = self.placed.iter().filter(tagged).map(|p| (p.number, p.start)).collect();
        if suspects.is_empty() {
            return;
        }
        let numbers: HashSet<u32> = suspects.iter().map(|(n, _)| *n).collect();
        let mut referred = HashSet::new();
        let values = self.placed.iter().filter(|p| !self.containers.contains(&p.start)).map(|p| &p.value);
        for value in values.chain(self.packed.iter().map(|p| &p.value)) {
            value.references(b"", &mut |id, _| {
                if numbers.contains(&id.0) {
                    referred.insert(id.0);
                }
            });
        }
        // The number may have been another object's, before or after.
        let only = |number: u32| self.versions(number).iter().all(|v| v.place == Place::Free || self.is_tagged(v));
        let bad: Vec<(u32, usize)> = suspects.into_iter().filter(|(n, _)| referred.contains(n) && only(*n)).collect();
        self.faults.extend(bad.into_iter().map(|(n, at)| Fault::grave(at, FaultKind::FalseContainer(n))));
    }

    fn is_tagged(&self, version: &Version) -> bool {
        let stream = self.value(version).and_then(Value::stream);
        stream.is_some_and(|s| s.dictionary.is_type(b"ObjStm") || s.dictionary.is_type(b"XRef"))
    }
}

/// The length of a stream that stands in another object.
fn length(unpacked: &Unpacked<'_>, latest: &NumberMap<Entry>, number: u32) -> Option<usize> {
    match latest.get(&number)? {
        Entry::Plain { offset, .. } => plain_integer(unpacked.bytes, number, *offset),
        Entry::Packed { container, index } => {
            let Entry::Plain { offset, .. } = latest.get(container)? else { return None };
            let container = unpacked.containers.get(offset)?;
            let (held, at) = container.index.get(*index)?;
            let mut ignored = Vec::new();
            let value = Parser::new(&container.content, *at, &mut ignored).value(0).ok()?;
            (*held == number).then(|| usize::try_from(value.integer()?).ok())?
        }
        Entry::Free => None,
    }
}

/// A state being applied to those before it.
struct Applied<'r, 'u, 'o, 'a> {
    unpacked: &'r Unpacked<'a>,
    revision: &'u Revision<'a>,
    number: usize,
    /// The first of the objects that stand in the state's own bytes.
    first: usize,
    by_number: Option<NumberMap<Vec<usize>>>,
    out: &'o mut Reading<'r>,
}

impl<'r> Applied<'r, '_, '_, '_> {
    /// Where to say that an entry of the state is wrong.
    fn at(&self) -> usize {
        self.revision.main().map_or(0, |s| s.at)
    }

    fn apply(&mut self) {
        let mut named = vec![false; self.out.placed.len() - self.first];
        let revision = self.revision;
        for section in &revision.sections {
            if let Some(beside) = &section.hybrid {
                self.hybrid(section, beside);
            }
            if let Some(at) = self.find(section.at) {
                mark(&mut named, at, self.first);
            }
            if let Some(at) = section.hybrid.as_ref().and_then(|h| self.find(h.at)) {
                mark(&mut named, at, self.first);
            }
            let mut all: Vec<(u32, Entry)> = entries(section).collect();
            // Containers before what is in them.
            all.sort_by_key(|(number, entry)| (matches!(entry, Entry::Packed { .. }), *number));
            for (number, entry) in all {
                match entry {
                    Entry::Free => self.free(number),
                    Entry::Plain { offset, generation } => {
                        if let Some(at) = self.plain(number, offset, generation) {
                            mark(&mut named, at, self.first);
                        }
                    }
                    Entry::Packed { container, index } => self.packed(number, container, index),
                }
            }
        }
        self.unnamed(&named);
    }

    fn push(&mut self, number: u32, generation: u16, place: Place) {
        // Readers look for what is in a container under its number, whatever stands there by now.
        let before = self.before(number).and_then(|v| self.out.placed(&v).map(|p| p.start));
        if before.is_some_and(|start| self.unpacked.containers.contains_key(&start)) {
            self.out.faults.push(Fault::grave(self.at(), FaultKind::Overwritten(number)));
        }
        let version = Version { revision: self.number, generation, place };
        let versions = self.out.versions.entry(number).or_default();
        // Sections of one state that follow each other: the later one counts.
        versions.retain(|v| v.revision != self.number);
        versions.push(version);
    }

    fn before(&self, number: u32) -> Option<Version> {
        self.out.versions(number).iter().rev().find(|v| v.revision < self.number).copied()
    }

    /// The object that begins at a place.
    fn find(&self, at: usize) -> Option<usize> {
        self.out.placed.binary_search_by_key(&at, |p| p.start).ok()
    }

    fn hybrid(&mut self, table: &super::section::Section<'_>, beside: &super::section::Section<'_>) {
        let at = self.at();
        let own: NumberMap<Entry> = table.entries.iter().copied().collect();
        for (number, entry) in &beside.entries {
            if own.get(number).is_some_and(|e| *e != Entry::Free && e != entry) {
                self.out.faults.push(Fault::grave(at, FaultKind::Hybrid(*number)));
            }
        }
        // Readers that do not know of such streams see less.
        self.out.faults.push(Fault::mended(at, FaultKind::Hybrid(beside.stream.unwrap_or(0))));
    }

    fn free(&mut self, number: u32) {
        if number != 0 && self.before(number).is_some_and(|v| v.place != Place::Free) {
            self.push(number, 0, Place::Free);
        }
    }

    /// Takes an object that an entry names, and gives its place among those of the file.
    fn plain(&mut self, number: u32, offset: usize, generation: u16) -> Option<usize> {
        let place = self.at();
        let white = self.unpacked.bytes.get(offset..).unwrap_or_default();
        let white = white.iter().take_while(|b| super::lexer::is_white(**b)).count();
        let is_it = |p: &Placed<'_>| p.number == number && p.generation == generation;
        let found = self.find(offset.saturating_add(white)).filter(|at| is_it(&self.out.placed[*at]));
        let elsewhere = FaultKind::EntryElsewhere { number, offset };
        let Some(at) = found else {
            // What readers do that mend: the object of this number, if there is just one.
            let same = self.by_number().get(&number).cloned().unwrap_or_default();
            match (same.first().copied(), same.get(1)) {
                (Some(at), None) => {
                    let generation = self.out.placed[at].generation;
                    self.out.faults.push(Fault::mended(place, elsewhere));
                    self.take(number, generation, at);
                    return Some(at);
                }
                // Nothing anywhere: null for all, unless it points at another object.
                (None, _) if self.points_at_nothing(offset + white) => {
                    self.out.faults.push(Fault::mended(place, elsewhere));
                }
                _ => self.out.faults.push(Fault::grave(place, elsewhere)),
            }
            return None;
        };
        if at < self.first {
            let before = self.before(number);
            // An entry that says again what was said before says nothing.
            if before.is_some_and(|v| v.place == Place::Plain(at)) {
                return None;
            }
            let fault = FaultKind::EntryBefore { number, offset };
            self.out.faults.push(Fault { at: place, kind: fault, mended: before.is_none() });
        }
        self.take(number, generation, at);
        Some(at)
    }

    /// Where the objects in the state's own bytes are, by number; most files never need it.
    fn by_number(&mut self) -> &NumberMap<Vec<usize>> {
        let (first, placed) = (self.first, &self.out.placed);
        self.by_number.get_or_insert_with(|| {
            let mut all = NumberMap::<Vec<usize>>::default();
            for (i, placed) in placed[first..].iter().enumerate() {
                all.entry(placed.number).or_default().push(first + i);
            }
            all
        })
    }

    /// Whether no object begins at a place, not even one of another number.
    fn points_at_nothing(&self, at: usize) -> bool {
        let mut ignored = Vec::new();
        let mut parser = Parser::new(self.unpacked.bytes, at, &mut ignored);
        self.find(at).is_none() && parser.head().is_none()
    }

    fn take(&mut self, number: u32, generation: u16, at: usize) {
        let before = self.before(number);
        if before.is_some_and(|v| v.place != Place::Free && v.generation != generation) {
            self.out.faults.push(Fault::grave(self.at(), FaultKind::Generation(number)));
        }
        self.push(number, generation, Place::Plain(at));
    }

    fn packed(&mut self, number: u32, container: u32, index: usize) {
        let at = self.at();
        let holder = self.out.versions(container).last().copied();
        let start = holder.and_then(|v| self.out.placed(&v)).map(|p| p.start);
        let Some((start, unpacked)) = start.and_then(|s| Some((s, self.unpacked.containers.get(&s)?))) else {
            self.out.faults.push(misplaced(at, number, container));
            return;
        };
        let before = self.before(number);
        let same = |p: &PackedValue<'_>| p.container == start && p.index == index;
        if let Some(Version { place: Place::Packed(held), .. }) = before
            && same(&self.out.packed[held])
        {
            return;
        }
        let once = unpacked.number == container && !unpacked.twice.contains(&number);
        let found = unpacked.index.get(index).filter(|(n, _)| *n == number && once);
        if found.is_none() {
            self.out.faults.push(misplaced(at, number, container));
        }
        if holder.is_some_and(|v| v.revision != self.number) {
            let fault = FaultKind::Packed { number, container };
            self.out.faults.push(Fault { at, kind: fault, mended: before.is_none() });
        }
        let Some((_, from)) = unpacked.index.get(index).filter(|(n, _)| *n == number) else { return };
        let mut parser = Parser::new(&unpacked.content, *from, &mut self.out.faults);
        parser.place = Some(start);
        match parser.value(0) {
            Ok(value) => {
                if before.is_some_and(|v| v.place != Place::Free && v.generation != 0) {
                    self.out.faults.push(Fault::grave(at, FaultKind::Generation(number)));
                }
                self.out.packed.push(PackedValue { container: start, index, value });
                let held = self.out.packed.len() - 1;
                self.push(number, 0, Place::Packed(held));
            }
            Err(fault) => self.out.faults.push(fault),
        }
    }

    /// Objects that no entry names: readers that rebuild a file find them.
    fn unnamed(&mut self, named: &[bool]) {
        for (i, named) in named.iter().enumerate() {
            if *named {
                continue;
            }
            let placed = &self.out.placed[self.first + i];
            let (number, at) = (placed.number, placed.start);
            let twin = self.out.versions(number).last().filter(|v| v.revision == self.number);
            let differs = twin.and_then(|v| self.out.value(v)).is_some_and(|value| *value != placed.value);
            self.out.faults.push(if differs {
                Fault::grave(at, FaultKind::Twice(number))
            } else {
                Fault::mended(at, FaultKind::Unnamed(number))
            });
        }
        self.unnamed_packed();
    }

    /// The same in object streams of this state.
    fn unnamed_packed(&mut self) {
        for at in self.first..self.out.placed.len() {
            let start = self.out.placed[at].start;
            let Some(container) = self.unpacked.containers.get(&start) else { continue };
            let unnamed = container.index.iter().enumerate().find(|(index, (number, _))| {
                let last = self.out.versions(*number).last();
                let is_it = |held: usize| {
                    let held = &self.out.packed[held];
                    held.container == start && held.index == *index
                };
                !last.is_some_and(|v| matches!(v.place, Place::Packed(held) if is_it(held)))
            });
            if let Some((_, (number, _))) = unnamed {
                self.out.faults.push(Fault::mended(start, FaultKind::Unnamed(*number)));
            }
        }
    }
}

fn mark(named: &mut [bool], at: usize, first: usize) {
    if let Some(named) = at.checked_sub(first).and_then(|i| named.get_mut(i)) {
        *named = true;
    }
}
