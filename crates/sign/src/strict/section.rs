//! One cross-reference section: a table with its trailer, or a stream (ISO 32000-1, 7.5.4 and 7.5.8).

use std::collections::HashSet;

use super::fault::{Fault, FaultKind};
use super::lexer::Cursor;
use super::parser::Parser;
use super::value::{Dictionary, MAX_UNPACKED, Value};

/// What a section says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    /// At a byte of the file, under a generation.
    Plain {
        offset: usize,
        generation: u16,
    },
    /// In an object stream, at a place in its index.
    Packed {
        container: u32,
        index: usize,
    },
}

/// A section as read.
#[derive(Debug, Clone)]
pub(crate) struct Section<'a> {
    /// Where it stands.
    pub(crate) at: usize,
    /// Where it is said to stand: there, or at white space before it, which all readers pass over.
    pub(super) pointed: usize,
    /// First byte after it.
    pub(crate) end: usize,
    pub(crate) entries: Vec<(u32, Entry)>,
    pub(crate) trailer: Dictionary<'a>,
    /// Number of its object, when it is a stream.
    pub(crate) stream: Option<u32>,
    /// The stream beside a table, for readers that know of such (ISO 32000-1, 7.5.8.4).
    pub(crate) hybrid: Option<Box<Section<'a>>>,
}

/// Most entries of one section.
const MAX_ENTRIES: usize = 8_400_000;

impl<'a> Section<'a> {
    /// The section before it.
    pub(super) fn previous(&self) -> Option<usize> {
        match self.trailer.get(b"Prev")? {
            Value::Integer(at) => usize::try_from(*at).ok(),
            Value::Real(digits) => {
                let digits = std::str::from_utf8(digits).ok()?;
                digits.trim_end_matches('0').trim_end_matches('.').parse().ok()
            }
            _ => None,
        }
    }

    /// Reads the section at a place.
    pub(super) fn read(bytes: &'a [u8], at: usize, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        if at >= bytes.len() {
            return Err(Fault::grave(at, FaultKind::NoSection));
        }
        let pointed = at;
        let mut cursor = Cursor::new(bytes, at);
        cursor.white();
        let at = cursor.at;
        let mut section = if cursor.word(b"xref") { table(cursor, at, faults)? } else { stream(bytes, at, faults)? };
        section.pointed = pointed;
        check_numbers(&section, faults);
        if let Some(beside) = section.trailer.get(b"XRefStm").and_then(Value::integer) {
            match usize::try_from(beside).map(|place| stream(bytes, place, faults)) {
                Ok(Ok(beside)) => {
                    check_numbers(&beside, faults);
                    section.hybrid = Some(Box::new(beside));
                }
                // Some readers pass over what they cannot read, others give up on the table.
                _ => faults.push(Fault::grave(at, FaultKind::Hybrid(0))),
            }
        }
        Ok(section)
    }

    /// What the trailer says is one more than the highest number.
    fn size(&self) -> Option<u32> {
        self.trailer.get(b"Size").and_then(Value::integer).and_then(|n| u32::try_from(n).ok())
    }
}

/// Each number stands once, and is below the size that the trailer states.
fn check_numbers(section: &Section<'_>, faults: &mut Vec<Fault>) {
    // Most sections name their numbers in order.
    let ordered = section.entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let mut seen = HashSet::new();
    for (number, entry) in &section.entries {
        if !ordered && !seen.insert(*number) {
            faults.push(Fault::grave(section.at, FaultKind::EntryTwice(*number)));
        }
        if *entry != Entry::Free && section.size().is_some_and(|size| *number >= size) {
            faults.push(Fault::mended(section.at, FaultKind::EntryBeyond(*number)));
        }
    }
}

fn table<'a>(mut cursor: Cursor<'a>, at: usize, faults: &mut Vec<Fault>) -> Result<Section<'a>, Fault> {
    let broken = |at| Fault::grave(at, FaultKind::NoSection);
    let (mut entries, mut runs) = (Vec::new(), 0);
    loop {
        cursor.gap();
        if cursor.word(b"trailer") || cursor.rest().starts_with(b"trailer<<") && cursor.rest().len() > 7 {
            if cursor.rest().starts_with(b"trailer") {
                cursor.at += 7;
            }
            // A table has at least one run of numbers (ISO 32000-1, 7.5.4), if of none.
            if runs == 0 {
                faults.push(Fault::mended(at, FaultKind::NoSection));
            }
            break;
        }
        runs += 1;
        let here = cursor.at;
        let first = cursor.unsigned().and_then(|n| u32::try_from(n).ok()).ok_or_else(|| broken(here))?;
        cursor.white();
        let count = cursor.unsigned().and_then(|n| usize::try_from(n).ok()).ok_or_else(|| broken(here))?;
        let mut first = first;
        for index in 0..count {
            cursor.white();
            let here = cursor.at;
            let number = |cursor: &mut Cursor<'_>| cursor.unsigned().ok_or_else(|| broken(here));
            if entries.len() > MAX_ENTRIES {
                return Err(broken(here));
            }
            // Fewer entries than were promised.
            if cursor.rest().starts_with(b"trailer") {
                faults.push(Fault::grave(here, FaultKind::NoSection));
                break;
            }
            let offset = number(&mut cursor)?;
            cursor.white();
            let generation = number(&mut cursor)?;
            cursor.white();
            let free = match cursor.peek() {
                Some(b'n') => false,
                Some(b'f') => true,
                _ => return Err(broken(here)),
            };
            cursor.at += 1;
            if index == 0 && first == 1 && free && offset == 0 && generation == 65_535 {
                // The head of the free list is number 0 whatever the table says; readers know this slip.
                faults.push(Fault::mended(here, FaultKind::NoSection));
                first = 0;
            }
            let number = first.checked_add(u32::try_from(index).unwrap_or(u32::MAX)).ok_or_else(|| broken(here))?;
            let entry = match (free, usize::try_from(offset), u16::try_from(generation)) {
                (true, ..) => Entry::Free,
                (false, Ok(offset), Ok(generation)) => Entry::Plain { offset, generation },
                _ => return Err(broken(here)),
            };
            entries.push((number, entry));
        }
    }
    let mut parser = Parser::new(cursor.bytes, cursor.at, faults);
    let Value::Dictionary(trailer) = parser.value(0)? else { return Err(broken(cursor.at)) };
    let end = parser.cursor.at;
    Ok(Section { at, pointed: at, end, entries, trailer, stream: None, hybrid: None })
}

fn stream<'a>(bytes: &'a [u8], at: usize, faults: &mut Vec<Fault>) -> Result<Section<'a>, Fault> {
    let broken = || Fault::grave(at, FaultKind::NoSection);
    let mut parser = Parser::new(bytes, at, faults);
    let placed = parser.placed(&|_| None).map_err(|_| broken())?;
    let Value::Stream(stream) = placed.value else { return Err(broken()) };
    if !stream.dictionary.is_type(b"XRef") {
        return Err(broken());
    }
    let numbers = |key: &[u8]| -> Option<Vec<usize>> {
        let items = stream.dictionary.get(key)?.array()?;
        items.iter().map(|n| usize::try_from(n.integer()?).ok()).collect()
    };
    let widths = numbers(b"W").filter(|w| w.len() >= 3 && w.iter().all(|n| *n <= 8)).ok_or_else(broken)?;
    let index = match stream.dictionary.get(b"Index") {
        Some(_) => numbers(b"Index").ok_or_else(broken)?,
        None => {
            let size = stream.dictionary.get(b"Size").and_then(Value::integer).ok_or_else(broken)?;
            vec![0, usize::try_from(size).map_err(|_| broken())?]
        }
    };
    let content = stream.content(MAX_UNPACKED).ok_or_else(broken)?;
    let width: usize = widths.iter().sum();
    let mut rows = content.chunks_exact(width.max(1));
    let mut entries = Vec::new();
    for pair in index.chunks(2) {
        let [first, count] = pair else { return Err(broken()) };
        for i in 0..*count {
            // Fewer rows than were promised.
            let Some(row) = rows.next() else {
                faults.push(Fault::grave(at, FaultKind::NoSection));
                break;
            };
            let number = first.checked_add(i).and_then(|n| u32::try_from(n).ok()).ok_or_else(broken)?;
            let field = |place: usize| -> u64 {
                let from: usize = widths[..place].iter().sum();
                row[from..from + widths[place]].iter().fold(0, |n, b| n << 8 | u64::from(*b))
            };
            let kind = if widths[0] == 0 { 1 } else { field(0) };
            let second = usize::try_from(field(1)).map_err(|_| broken())?;
            let entry = match kind {
                0 => Entry::Free,
                1 => Entry::Plain { offset: second, generation: u16::try_from(field(2)).map_err(|_| broken())? },
                2 => {
                    let container = u32::try_from(second).map_err(|_| broken())?;
                    Entry::Packed { container, index: usize::try_from(field(2)).map_err(|_| broken())? }
                }
                // Kinds to come are null (ISO 32000-1, 7.5.8.3).
                _ => Entry::Free,
            };
            entries.push((number, entry));
        }
    }
    Ok(Section {
        at,
        pointed: at,
        end: placed.end,
        entries,
        trailer: stream.dictionary,
        stream: Some(placed.number),
        hybrid: None,
    })
}
