//! The bytes of one state of a file, read from its first to its last: every byte is an object, a cross-reference or the
//! space between.

use std::ops::Range;

use super::fault::{Fault, FaultKind};
use super::lexer::{Cursor, is_white};
use super::parser::{Parser, Placed};
use super::search::find;

/// What to read by.
pub(super) struct Body<'a, 'b> {
    pub(super) bytes: &'a [u8],
    pub(super) range: Range<usize>,
    /// Where known sections begin and end.
    pub(super) sections: &'b [(usize, usize)],
    /// Follows a reference to the length of a stream.
    pub(super) length: &'b dyn Fn(u32) -> Option<usize>,
    /// How often `startxref` stands in a sound state.
    pub(super) endings: usize,
}

/// Most objects that cannot be read, after which others still are.
const MAX_UNREAD: usize = 1000;

/// Words that readers search for; in a comment they are a trap.
const KEYWORDS: [&[u8]; 4] = [b"obj", b"xref", b"trailer", b"stream"];

impl<'a> Body<'a, '_> {
    /// Reads all objects in the order in which they stand.
    pub(super) fn scan(&self, out: &mut Vec<Placed<'a>>, faults: &mut Vec<Fault>) {
        // Nothing is read beyond the state's own bytes.
        let bytes = &self.bytes[..self.range.end];
        let mut cursor = Cursor::new(bytes, self.range.start);
        let (mut endings, mut stray, mut unread) = (0, false, 0);
        loop {
            cursor.white();
            let Some(byte) = cursor.peek() else { break };
            let start = cursor.at;
            // Each may have cost a look through all that follows.
            if unread > MAX_UNREAD {
                faults.push(Fault::grave(start, FaultKind::Stray));
                break;
            }
            let was_stray = std::mem::take(&mut stray);
            match byte {
                b'%' => {
                    let comment = cursor.comment();
                    if KEYWORDS.iter().any(|word| find(comment, word).is_some()) {
                        faults.push(Fault::mended(start, FaultKind::Stray));
                    }
                }
                b'0'..=b'9' => {
                    let mut parser = Parser::new(bytes, start, faults);
                    match parser.placed(self.length) {
                        Ok(placed) => {
                            cursor.at = placed.end;
                            out.push(placed);
                        }
                        Err(fault) => {
                            unread += 1;
                            faults.push(Fault { mended: true, ..fault });
                            cursor.at = after_object(bytes, start);
                        }
                    }
                }
                b'x' if cursor.word(b"xref") => cursor.at = self.section(bytes, start, faults),
                b's' if cursor.word(b"startxref") => {
                    endings += 1;
                    if endings > self.endings {
                        faults.push(Fault::mended(start, FaultKind::Ending));
                    }
                    cursor.white();
                    cursor.unsigned();
                }
                _ => {
                    if !was_stray {
                        faults.push(Fault::mended(start, FaultKind::Stray));
                    }
                    stray = true;
                    while cursor.peek().is_some_and(|b| !is_white(b)) {
                        cursor.at += 1;
                    }
                }
            }
        }
    }

    /// The end of the section that begins here; one that nothing leads to is passed over.
    fn section(&self, bytes: &[u8], start: usize, faults: &mut Vec<Fault>) -> usize {
        if let Some((_, end)) = self.sections.iter().find(|(at, _)| *at == start) {
            return *end;
        }
        faults.push(Fault::mended(start, FaultKind::Stray));
        let after = find(&bytes[start..], b"startxref").map(|found| start + found);
        after.unwrap_or(bytes.len())
    }
}

/// The first byte after the object that begins here, as far as can be told when it cannot be read.
fn after_object(bytes: &[u8], start: usize) -> usize {
    find(&bytes[start..], b"endobj").map_or(bytes.len(), |found| start + found + 6)
}
