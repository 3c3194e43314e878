//! What was added to a file after a place in it, read byte by byte: every byte must belong to a well-formed update.
//!
//! Readers differ in what they make of bytes that no cross-reference mentions; some rebuild the file from them. Such
//! bytes after a signature are therefore refused (incremental saving attacks).

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object};

use crate::pdf::Pdf;

/// Most updates read after one signature.
const UPDATES: usize = 200;

/// Hands over the end of each update after `from` and the file as it was then, or tells where the bytes stop making
/// sense.
pub(super) fn updates(
    bytes: &[u8],
    from: usize,
    whole: &Document,
    mut on_update: impl FnMut(usize, Document),
) -> Result<(), usize> {
    let mut scanner = Scanner { bytes, at: from, whole };
    for _ in 0..UPDATES {
        scanner.white();
        if scanner.at == bytes.len() {
            return Ok(());
        }
        let start = scanner.at;
        let state = scanner.update().ok_or(start)?;
        on_update(scanner.at, state);
    }
    Err(scanner.at)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    whole: &'a Document,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn white(&mut self) {
        while self.bytes.get(self.at).is_some_and(|b| b"\0\t\n\x0c\r ".contains(b)) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest().starts_with(word).then(|| self.at += word.len())
    }

    fn number(&mut self) -> Option<usize> {
        self.white();
        let digits = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        let text = std::str::from_utf8(&self.rest()[..digits.min(12)]).ok()?;
        self.at += digits;
        text.parse().ok()
    }

    /// One update: objects, a cross-reference, `startxref` and `%%EOF`. Gives the file as it is with it.
    fn update(&mut self) -> Option<Document> {
        let mut objects: Vec<(u32, usize)> = Vec::new();
        let mut table = None;
        loop {
            self.white();
            let start = self.at;
            match self.rest() {
                [b'%', b'%', b'E', b'O', b'F', ..] => return None,
                // A header or its binary mark, which some writers repeat.
                [b'%', ..] => self.line(),
                rest if rest.starts_with(b"startxref") => break,
                rest if rest.starts_with(b"xref") => {
                    table = Some(start);
                    self.table()?;
                }
                _ => {
                    let number = self.number()?;
                    self.number()?;
                    self.white();
                    self.word(b"obj")?;
                    self.object()?;
                    objects.push((u32::try_from(number).ok()?, start));
                }
            }
        }
        self.word(b"startxref")?;
        let stated = self.number()?;
        self.white();
        self.word(b"%%EOF")?;
        // Each object is where the cross-reference of this very state of the file says, and that stands in the update.
        let state = Pdf::load(&self.bytes[..self.at]).ok()?.document;
        let last = table.or(objects.last().map(|o| o.1))?;
        let known = objects.iter().all(|(number, offset)| {
            let entry = state.reference_table.get(*number);
            matches!(entry, Some(XrefEntry::Normal { offset: o, .. }) if *o as usize == *offset) || *offset == stated
        });
        (stated == last && state.xref_start == stated && known).then_some(state)
    }

    fn line(&mut self) {
        self.at += self.rest().iter().take_while(|b| !b"\r\n".contains(b)).count();
    }

    /// A cross-reference table and its trailer.
    fn table(&mut self) -> Option<()> {
        self.word(b"xref")?;
        loop {
            self.white();
            if self.rest().starts_with(b"trailer") {
                break;
            }
            self.number()?;
            let count = self.number()?;
            for _ in 0..count {
                self.number()?;
                self.number()?;
                self.white();
                self.word(b"n").or_else(|| self.word(b"f"))?;
            }
        }
        self.word(b"trailer")?;
        self.white();
        let start = self.at;
        self.value(0)?;
        // A second cross-reference, which some readers follow and others do not.
        let hybrid = self.bytes[start..self.at].windows(8).any(|w| w == b"/XRefStm");
        (!hybrid).then_some(())
    }

    /// An object's value up to and with `endobj`.
    fn object(&mut self) -> Option<()> {
        self.white();
        let start = self.at;
        self.value(0)?;
        self.white();
        if self.rest().starts_with(b"stream") {
            let length = self.length(&self.bytes[start..self.at])?;
            self.word(b"stream")?;
            self.word(b"\r\n").or_else(|| self.word(b"\n"))?;
            self.at = self.at.checked_add(length).filter(|at| *at <= self.bytes.len())?;
            self.white();
            self.word(b"endstream")?;
            self.white();
        }
        self.word(b"endobj")
    }

    /// The stated length of a stream.
    fn length(&self, dictionary: &[u8]) -> Option<usize> {
        let key = b"/Length";
        let mut from = 0;
        let at = loop {
            let found = dictionary[from..].windows(key.len()).position(|w| w == key)? + from + key.len();
            if dictionary.get(found).is_some_and(|b| !b.is_ascii_alphanumeric()) {
                break found;
            }
            from = found;
        };
        let mut inside = Scanner { bytes: dictionary, at, whole: self.whole };
        let first = inside.number()?;
        let mut reference = Scanner { bytes: dictionary, at: inside.at, whole: self.whole };
        if let Some(generation) = reference.number() {
            reference.white();
            if reference.word(b"R").is_some() {
                let id = (u32::try_from(first).ok()?, u16::try_from(generation).ok()?);
                let value = self.whole.get_object(id).and_then(Object::as_i64).ok()?;
                return usize::try_from(value).ok();
            }
        }
        Some(first)
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > 100 {
            return None;
        }
        self.white();
        match self.rest() {
            [b'<', b'<', ..] => {
                self.at += 2;
                loop {
                    self.white();
                    if self.word(b">>").is_some() {
                        return Some(());
                    }
                    self.value(depth + 1)?;
                }
            }
            [b'[', ..] => {
                self.at += 1;
                loop {
                    self.white();
                    if self.word(b"]").is_some() {
                        return Some(());
                    }
                    self.value(depth + 1)?;
                }
            }
            [b'<', ..] => {
                let digits = self.rest().iter().position(|b| *b == b'>')?;
                self.at += digits + 1;
                Some(())
            }
            [b'(', ..] => self.string(),
            [b'/', ..] => {
                self.at += 1;
                self.regular();
                Some(())
            }
            [b'%', ..] => {
                self.line();
                self.value(depth + 1)
            }
            _ => {
                let before = self.at;
                self.regular();
                (self.at > before).then_some(())
            }
        }
    }

    fn regular(&mut self) {
        let is_regular = |b: &&u8| !b"\0\t\n\x0c\r ()<>[]{}/%".contains(b);
        self.at += self.rest().iter().take_while(is_regular).count();
    }

    fn string(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            match self.bytes.get(self.at)? {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}
