//! The states of a file, from its chain of cross-references (ISO 32000-1, 7.5.6).

use std::collections::HashSet;
use std::ops::Range;

use super::fault::{Fault, FaultKind};
use super::lexer::Cursor;
use super::search::{find, find_last};
use super::section::Section;

/// Most sections of a file.
const MAX_SECTIONS: usize = 1024;
/// Where readers look for `startxref`, from the end (ISO 32000-1, annex H.3, note 18).
pub(super) const WINDOW: usize = 1024;

/// A state of the file: what was added to the one before.
#[derive(Debug)]
pub(crate) struct Revision<'a> {
    /// Its own bytes.
    pub(crate) range: Range<usize>,
    /// Its sections in the order they are applied; two when the file is linearised.
    pub(crate) sections: Vec<Section<'a>>,
}

impl<'a> Revision<'a> {
    /// The section that `startxref` points at.
    pub(crate) fn main(&self) -> Option<&Section<'a>> {
        self.sections.last()
    }
}

/// Reads the chain; the oldest state comes first.
pub(super) fn read<'a>(bytes: &'a [u8], faults: &mut Vec<Fault>) -> Result<Vec<Revision<'a>>, Fault> {
    let keyword = find_last(bytes, b"startxref").ok_or(Fault::grave(bytes.len(), FaultKind::Ending))?;
    let mut cursor = Cursor::new(bytes, keyword + 9);
    cursor.gap();
    let start =
        cursor.unsigned().and_then(|n| usize::try_from(n).ok()).ok_or(Fault::grave(keyword, FaultKind::Ending))?;
    if bytes.len() - keyword > WINDOW {
        faults.push(Fault::grave(keyword, FaultKind::Ending));
    }
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(start);
    while let Some(at) = next {
        if !seen.insert(at) || sections.len() >= MAX_SECTIONS {
            return Err(Fault::grave(at, FaultKind::Chain));
        }
        let section = Section::read(bytes, at, faults)?;
        next = section.previous();
        // Some writers say 0 where there is none before.
        if next == Some(0) {
            faults.push(Fault::mended(section.at, FaultKind::Chain));
            next = None;
        }
        sections.push(section);
    }
    sections.reverse();
    into_revisions(bytes, sections, faults)
}

fn into_revisions<'a>(
    bytes: &'a [u8],
    sections: Vec<Section<'a>>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Revision<'a>>, Fault> {
    let mut out: Vec<Revision<'a>> = Vec::new();
    let mut waiting = sections.into_iter().peekable();
    let mut from = 0;
    while let Some(section) = waiting.next() {
        // In a linearised file the section of the first page stands before the one it follows (ISO 32000-1, annex F).
        let joined = out.is_empty() && waiting.peek().is_some_and(|later| later.at < section.at);
        let stated =
            if joined { waiting.peek().map_or(section.pointed, |later| later.pointed) } else { section.pointed };
        let end = ending(bytes, section.end, stated, faults);
        if section.at < from || end < from {
            return Err(Fault::grave(section.at, FaultKind::Chain));
        }
        let mut sections = vec![section];
        if joined {
            sections.extend(waiting.next());
        }
        out.push(Revision { range: from..end, sections });
        from = end;
    }
    Ok(out)
}

/// The end of a state: after `startxref`, the place of its section, and `%%EOF`.
fn ending(bytes: &[u8], after: usize, stated: usize, faults: &mut Vec<Fault>) -> usize {
    let mut cursor = Cursor::new(bytes, after);
    cursor.gap();
    let at = cursor.at;
    let mut sound = cursor.word(b"startxref");
    cursor.white();
    sound &= cursor.unsigned().and_then(|n| usize::try_from(n).ok()) == Some(stated);
    cursor.white();
    if sound && cursor.rest().starts_with(b"%%EOF") {
        return cursor.at + 5;
    }
    // The table's stream may stand between, and other things in old files.
    let mark = find(&bytes[after..], b"%%EOF").map(|found| after + found + 5);
    let end = mark.unwrap_or(bytes.len());
    let told = find_last(&bytes[after..end], b"startxref").map(|found| after + found);
    let points = told.and_then(|found| {
        let mut cursor = Cursor::new(bytes, found + 9);
        cursor.white();
        usize::try_from(cursor.unsigned()?).ok()
    });
    if points != Some(stated) || mark.is_none() {
        faults.push(Fault::mended(at, FaultKind::Ending));
    }
    end
}
