//! Bytes to tokens (ISO 32000-1, 7.2).

use std::borrow::Cow;

/// A place in bytes that moves forward.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_white(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()) }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space.
    pub(super) fn white(&mut self) {
        while self.peek().is_some_and(is_white) {
            self.at += 1;
        }
    }

    /// Passes over white space and comments.
    pub(super) fn gap(&mut self) {
        loop {
            self.white();
            if self.peek() != Some(b'%') {
                return;
            }
            self.comment();
        }
    }

    /// Passes over a comment and gives it.
    pub(super) fn comment(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|b| b != b'\r' && b != b'\n') {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// Passes over a keyword, if it stands here whole.
    pub(super) fn word(&mut self, word: &[u8]) -> bool {
        let whole =
            self.rest().starts_with(word) && !self.bytes.get(self.at + word.len()).is_some_and(|b| is_regular(*b));
        if whole {
            self.at += word.len();
        }
        whole
    }

    /// A whole number without a sign.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let digits = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 18 {
            return None;
        }
        let number = self.rest()[..digits].iter().fold(0, |n: u64, b| n * 10 + u64::from(b - b'0'));
        self.at += digits;
        Some(number)
    }

    /// Regular characters up to the next delimiter.
    pub(super) fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// A name after its solidus, escapes decoded; an escape that is none stays as it is.
    pub(super) fn name(&mut self) -> Cow<'a, [u8]> {
        let raw = self.regular();
        if !raw.contains(&b'#') {
            return Cow::Borrowed(raw);
        }
        let digit = |b: Option<&u8>| char::from(*b?).to_digit(16);
        let (mut out, mut i) = (Vec::with_capacity(raw.len()), 0);
        while i < raw.len() {
            match (raw[i], digit(raw.get(i + 1)), digit(raw.get(i + 2))) {
                (b'#', Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    i += 3;
                }
                (byte, ..) => {
                    out.push(byte);
                    i += 1;
                }
            }
        }
        Cow::Owned(out)
    }

    /// A string after its opening parenthesis, decoded; `None` when it does not end.
    pub(super) fn literal(&mut self) -> Option<Cow<'a, [u8]>> {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' | b'\r' => {
                    self.at = start;
                    return self.literal_with_escapes().map(Cow::Owned);
                }
                b'(' => depth += 1,
                b')' if depth == 0 => {
                    self.at += 1;
                    return Some(Cow::Borrowed(&self.bytes[start..self.at - 1]));
                }
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    fn literal_with_escapes(&mut self) -> Option<Vec<u8>> {
        let (mut out, mut depth) = (Vec::new(), 0usize);
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' if depth == 0 => return Some(out),
                b')' => depth -= 1,
                b'\r' => {
                    // Any end of line is a line feed (ISO 32000-1, 7.3.4.2).
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                b'\\' => {
                    self.escape(&mut out)?;
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                // High-order overflow is passed over (ISO 32000-1, 7.3.4.2).
                out.push((value & 0xFF) as u8);
            }
            other => out.push(other),
        }
        Some(())
    }

    /// A string of hexadecimal digits after its opening mark; `None` when anything else is in it.
    pub(super) fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        let length = self.rest().iter().position(|b| *b == b'>')?;
        let raw = &self.rest()[..length];
        self.at += length + 1;
        let mut out = Vec::with_capacity(length / 2 + 1);
        let mut half = None;
        for &byte in raw {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                b'A'..=b'F' => byte - b'A' + 10,
                _ if is_white(byte) => continue,
                _ => return None,
            };
            match half.take() {
                Some(high) => out.push(high << 4 | digit),
                None => half = Some(digit),
            }
        }
        out.extend(half.map(|high| high << 4));
        Some(out)
    }
}
