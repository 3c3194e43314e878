//! Tokens to objects (ISO 32000-1, 7.3).

use std::borrow::Cow;

use super::fault::{Fault, FaultKind};
use super::lexer::{Cursor, is_white};
use super::search::find;
use super::value::{Dictionary, Stream, Value};

/// Deepest nesting that is followed.
const DEPTH: usize = 200;

/// An object where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub(crate) number: u32,
    pub(crate) generation: u16,
    /// First byte of its number.
    pub(crate) start: usize,
    /// First byte after `endobj`.
    pub(crate) end: usize,
    pub(crate) value: Value<'a>,
}

/// A parser over bytes, which keeps what is doubtful.
pub(super) struct Parser<'a, 'f> {
    pub(super) cursor: Cursor<'a>,
    pub(super) faults: &'f mut Vec<Fault>,
    /// Where to say that a fault is, when the bytes are not the file's own.
    pub(super) place: Option<usize>,
}

impl<'a, 'f> Parser<'a, 'f> {
    pub(super) fn new(bytes: &'a [u8], at: usize, faults: &'f mut Vec<Fault>) -> Self {
        Self { cursor: Cursor::new(bytes, at), faults, place: None }
    }

    fn here(&self) -> usize {
        self.place.unwrap_or(self.cursor.at)
    }

    fn syntax<T>(&self) -> Result<T, Fault> {
        Err(Fault::grave(self.here(), FaultKind::Syntax))
    }

    /// The object that stands here.
    pub(super) fn value(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        if depth > DEPTH {
            return self.syntax();
        }
        self.cursor.gap();
        let Some(byte) = self.cursor.peek() else { return self.syntax() };
        match byte {
            b'/' => {
                self.cursor.at += 1;
                Ok(Value::Name(self.cursor.name()))
            }
            b'(' => {
                self.cursor.at += 1;
                let text = self.cursor.literal();
                text.map(Value::String).map_or_else(|| self.syntax(), Ok)
            }
            b'<' if self.cursor.rest().starts_with(b"<<") => {
                self.cursor.at += 2;
                self.dictionary(depth).map(Value::Dictionary)
            }
            b'<' => {
                self.cursor.at += 1;
                let text = self.cursor.hexadecimal();
                text.map(|t| Value::String(Cow::Owned(t))).map_or_else(|| self.syntax(), Ok)
            }
            b'[' => {
                self.cursor.at += 1;
                self.array(depth)
            }
            b'0'..=b'9' => Ok(self.number_or_reference()),
            b'+' | b'-' | b'.' => Ok(self.number()),
            _ => self.keyword(),
        }
    }

    fn keyword(&mut self) -> Result<Value<'a>, Fault> {
        match self.cursor.regular() {
            b"true" => Ok(Value::Boolean(true)),
            b"false" => Ok(Value::Boolean(false)),
            b"null" => Ok(Value::Null),
            _ => self.syntax(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        loop {
            self.cursor.gap();
            if self.cursor.peek() == Some(b']') {
                self.cursor.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    /// A dictionary after its opening marks.
    fn dictionary(&mut self, depth: usize) -> Result<Dictionary<'a>, Fault> {
        let start = self.here();
        let mut out = Dictionary::default();
        loop {
            self.cursor.gap();
            match self.cursor.peek() {
                Some(b'>') if self.cursor.rest().starts_with(b">>") => {
                    self.cursor.at += 2;
                    break;
                }
                Some(b'/') => {
                    self.cursor.at += 1;
                    let key = self.cursor.name();
                    let value = self.value(depth + 1)?;
                    out.push(key, value);
                }
                _ => return self.syntax(),
            }
        }
        if let Some((key, differ)) = out.double_key() {
            let kind = FaultKind::DoubleKey(key.to_vec());
            self.faults.push(Fault { at: start, kind, mended: !differ });
        }
        Ok(out)
    }

    fn number(&mut self) -> Value<'a> {
        let raw = self.cursor.regular();
        let signed = std::str::from_utf8(raw).ok().and_then(|t| t.parse().ok());
        signed.map_or(Value::Real(raw), Value::Integer)
    }

    fn number_or_reference(&mut self) -> Value<'a> {
        let first = self.number();
        let Value::Integer(number) = first else { return first };
        let after = self.cursor;
        if self.cursor.peek().is_some_and(is_white) {
            self.cursor.gap();
            if let Some(generation) = self.cursor.unsigned()
                && self.cursor.peek().is_some_and(is_white)
            {
                self.cursor.gap();
                if self.cursor.word(b"R")
                    && let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation))
                {
                    return Value::Reference((number, generation));
                }
            }
        }
        self.cursor = after;
        first
    }

    /// `N G obj`, its value and `endobj`. `length` follows a reference to a length.
    pub(super) fn placed(&mut self, length: &dyn Fn(u32) -> Option<usize>) -> Result<Placed<'a>, Fault> {
        let start = self.cursor.at;
        let Some((number, generation)) = self.head() else { return self.syntax() };
        let value = self.value(0)?;
        self.cursor.gap();
        let value = match value {
            Value::Dictionary(dictionary) if self.cursor.word(b"stream") => {
                let data = self.data(&dictionary, length)?;
                self.cursor.white();
                Value::Stream(Box::new(Stream { dictionary, data }))
            }
            other => other,
        };
        if !self.cursor.word(b"endobj") {
            // Readers take the next object for the end.
            self.faults.push(Fault::mended(self.cursor.at, FaultKind::Syntax));
        }
        Ok(Placed { number, generation, start, end: self.cursor.at, value })
    }

    /// `N G obj`.
    pub(super) fn head(&mut self) -> Option<(u32, u16)> {
        let number = u32::try_from(self.cursor.unsigned()?).ok()?;
        self.cursor.white();
        let generation = u16::try_from(self.cursor.unsigned()?).ok()?;
        self.cursor.white();
        // Some writers leave out the space after the keyword, even before a number.
        if !self.cursor.rest().starts_with(b"obj") {
            return None;
        }
        self.cursor.at += 3;
        Some((number, generation))
    }

    /// The data of a stream after its keyword, up to and with `endstream`.
    fn data(&mut self, dictionary: &Dictionary<'a>, length: &dyn Fn(u32) -> Option<usize>) -> Result<&'a [u8], Fault> {
        let bytes = self.cursor.bytes;
        match self.cursor.rest() {
            [b'\r', b'\n', ..] => self.cursor.at += 2,
            [b'\n', ..] => self.cursor.at += 1,
            _ => {
                self.faults.push(Fault::mended(self.cursor.at, FaultKind::Length));
                if self.cursor.peek() == Some(b'\r') {
                    self.cursor.at += 1;
                }
            }
        }
        let start = self.cursor.at;
        let stated = match dictionary.get(b"Length") {
            Some(Value::Integer(n)) => usize::try_from(*n).ok(),
            Some(Value::Reference(id)) => length(id.0),
            _ => None,
        };
        if let Some(end) = stated.and_then(|n| start.checked_add(n)).filter(|end| *end <= bytes.len()) {
            let mut after = Cursor::new(bytes, end);
            after.white();
            if after.rest().starts_with(b"endstream") {
                self.cursor.at = after.at + 9;
                return Ok(&bytes[start..end]);
            }
        }
        let found = find(&bytes[start..], b"endstream");
        let Some(found) = found else { return self.syntax() };
        let data = &bytes[start..start + found];
        let data = data.strip_suffix(b"\r\n").or_else(|| data.strip_suffix(b"\n")).or_else(|| data.strip_suffix(b"\r"));
        let data = data.unwrap_or(&bytes[start..start + found]);
        // A length that is wrong by ends of lines alone gives the same content everywhere.
        let near = stated.is_some_and(|n| n.abs_diff(data.len()) <= 2);
        self.faults.push(Fault { at: start, kind: FaultKind::Length, mended: near });
        self.cursor.at = start + found + 9;
        Ok(data)
    }
}

/// Where the value at the end of a path of keys stands in the dictionary of an object, if it has each of them.
pub(crate) fn place_of(bytes: &[u8], start: usize, path: &[&[u8]]) -> Option<(usize, usize)> {
    let mut ignored = Vec::new();
    let mut parser = Parser::new(bytes, start, &mut ignored);
    parser.head()?;
    for (depth, wanted) in path.iter().enumerate() {
        parser.cursor.gap();
        if !parser.cursor.rest().starts_with(b"<<") {
            return None;
        }
        parser.cursor.at += 2;
        loop {
            parser.cursor.gap();
            if parser.cursor.peek() != Some(b'/') {
                return None;
            }
            parser.cursor.at += 1;
            let key = parser.cursor.name();
            parser.cursor.gap();
            let from = parser.cursor.at;
            if key.as_ref() == *wanted {
                if depth + 1 < path.len() {
                    break;
                }
                parser.value(0).ok()?;
                return Some((from, parser.cursor.at));
            }
            parser.value(0).ok()?;
        }
    }
    None
}
