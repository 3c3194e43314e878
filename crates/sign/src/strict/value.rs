//! Objects of a PDF (ISO 32000-1, 7.3) that borrow from the bytes they were read from.

use std::borrow::Cow;

use lopdf::ObjectId;

/// An object.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a fraction, or one that is written oddly, as it stands.
    Real(&'a [u8]),
    /// A name, its escapes decoded.
    Name(Cow<'a, [u8]>),
    /// A string, decoded.
    String(Cow<'a, [u8]>),
    Array(Vec<Value<'a>>),
    Dictionary(Dictionary<'a>),
    Stream(Box<Stream<'a>>),
    Reference(ObjectId),
}

/// A dictionary whose keys are compared after their escapes are decoded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary<'a> {
    entries: Vec<(Cow<'a, [u8]>, Value<'a>)>,
}

/// A stream: its dictionary, and its data as they stand in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stream<'a> {
    pub(crate) dictionary: Dictionary<'a>,
    pub(crate) data: &'a [u8],
}

impl PartialEq for Value<'_> {
    /// Numbers are the same however they are written; all else as it stands.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Real(a), Self::Real(b)) if a == b => true,
            (Self::Real(_), Self::Real(_) | Self::Integer(_)) | (Self::Integer(_), Self::Real(_)) => {
                self.number().is_some_and(|n| Some(n) == other.number())
            }
            (Self::Name(a), Self::Name(b)) | (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Dictionary(a), Self::Dictionary(b)) => a == b,
            (Self::Stream(a), Self::Stream(b)) => a == b,
            (Self::Reference(a), Self::Reference(b)) => a == b,
            _ => false,
        }
    }
}

impl<'a> Value<'a> {
    /// The dictionary of a dictionary, not of a stream.
    pub(crate) fn dictionary(&self) -> Option<&Dictionary<'a>> {
        match self {
            Self::Dictionary(d) => Some(d),
            _ => None,
        }
    }

    pub(crate) fn stream(&self) -> Option<&Stream<'a>> {
        match self {
            Self::Stream(s) => Some(s),
            _ => None,
        }
    }

    pub(crate) fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(n) => Some(*n),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(n) => Some(*n as f64),
            // No exponents and no words, which PDF does not know.
            Self::Real(digits) if digits.iter().all(|b| b.is_ascii_digit() || b"+-.".contains(b)) => {
                std::str::from_utf8(digits).ok()?.parse().ok()
            }
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn string(&self) -> Option<&[u8]> {
        match self {
            Self::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    /// A text string as text (ISO 32000-1, 7.9.2.2).
    pub(crate) fn text(&self) -> Option<String> {
        let bytes = self.string()?.to_vec();
        lopdf::decode_text_string(&lopdf::Object::String(bytes, lopdf::StringFormat::Literal)).ok()
    }

    /// Calls `told` with each reference inside, and the key that is nearest to it.
    pub(crate) fn references<'v>(&'v self, key: &'v [u8], told: &mut impl FnMut(ObjectId, &'v [u8])) {
        match self {
            Self::Reference(id) => told(*id, key),
            Self::Array(items) => items.iter().for_each(|item| item.references(key, told)),
            Self::Dictionary(d) => d.references(told),
            Self::Stream(s) => s.dictionary.references(told),
            _ => {}
        }
    }

    /// The same object for lopdf, as far as its filters need it.
    pub(super) fn to_lopdf(&self) -> lopdf::Object {
        use lopdf::Object;
        match self {
            Self::Integer(n) => Object::Integer(*n),
            Self::Boolean(b) => Object::Boolean(*b),
            Self::Name(name) => Object::Name(name.to_vec()),
            Self::Array(items) => Object::Array(items.iter().map(Self::to_lopdf).collect()),
            Self::Dictionary(d) => Object::Dictionary(d.to_lopdf()),
            _ => Object::Null,
        }
    }
}

impl<'a> Dictionary<'a> {
    pub(super) fn push(&mut self, key: Cow<'a, [u8]>, value: Value<'a>) {
        self.entries.push((key, value));
    }

    /// What stands at a key; a null is nothing (ISO 32000-1, 7.3.7).
    pub(crate) fn get(&self, key: &[u8]) -> Option<&Value<'a>> {
        self.entries.iter().find(|(k, _)| k.as_ref() == key).map(|(_, v)| v).filter(|v| **v != Value::Null)
    }

    pub(crate) fn has(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Value<'a>)> {
        self.entries.iter().map(|(k, v)| (k.as_ref(), v))
    }

    pub(crate) fn is_type(&self, name: &[u8]) -> bool {
        self.get(b"Type").and_then(Value::name) == Some(name)
    }

    pub(crate) fn references<'v>(&'v self, told: &mut impl FnMut(ObjectId, &'v [u8])) {
        self.entries.iter().for_each(|(key, value)| value.references(key, told));
    }

    fn to_lopdf(&self) -> lopdf::Dictionary {
        self.entries.iter().map(|(k, v)| (k.to_vec(), v.to_lopdf())).collect()
    }

    /// A key that stands twice, and whether its values differ.
    pub(super) fn double_key(&self) -> Option<(&[u8], bool)> {
        let differ = |i: usize, j: usize| self.entries[i].1 != self.entries[j].1;
        if self.entries.len() <= 16 {
            let mut pairs = (1..self.entries.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let (i, j) = pairs.find(|&(i, j)| self.entries[i].0 == self.entries[j].0)?;
            return Some((&self.entries[i].0, differ(i, j)));
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by(|&i, &j| self.entries[i].0.cmp(&self.entries[j].0));
        let pair = order.windows(2).find(|w| self.entries[w[0]].0 == self.entries[w[1]].0)?;
        Some((&self.entries[pair[0]].0, differ(pair[0], pair[1])))
    }

    /// Entries in the order of their keys; nulls are nothing.
    fn sorted(&self) -> Vec<(&[u8], &Value<'a>)> {
        let mut all: Vec<(&[u8], &Value<'a>)> = self.iter().filter(|(_, v)| **v != Value::Null).collect();
        all.sort_by_key(|(key, _)| *key);
        all
    }

    /// Keys whose values differ between two dictionaries.
    pub(crate) fn differing(&self, other: &Self) -> Vec<Vec<u8>> {
        let (mine, theirs) = (self.sorted(), other.sorted());
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        loop {
            let key = match (mine.get(i), theirs.get(j)) {
                (Some((a, x)), Some((b, y))) if a == b => {
                    (i, j) = (i + 1, j + 1);
                    if x == y {
                        continue;
                    }
                    *a
                }
                (Some((a, _)), Some((b, _))) if a < b => {
                    i += 1;
                    *a
                }
                (Some((a, _)), None) => {
                    i += 1;
                    *a
                }
                (_, Some((b, _))) => {
                    j += 1;
                    *b
                }
                (None, None) => return out,
            };
            out.push(key.to_vec());
        }
    }
}

impl PartialEq for Dictionary<'_> {
    /// The order of entries means nothing.
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries || self.sorted() == other.sorted()
    }
}

/// Largest part of a file's structure that is unpacked.
pub(super) const MAX_UNPACKED: usize = 128 * 1024 * 1024;

impl Stream<'_> {
    /// The data with their filters undone; `None` when they cannot be, or are more than `most` bytes.
    pub(crate) fn content(&self, most: usize) -> Option<Vec<u8>> {
        if !self.dictionary.has(b"Filter") {
            return Some(self.data.to_vec());
        }
        let mut dictionary = lopdf::Dictionary::new();
        for key in [b"Filter".as_slice(), b"DecodeParms"] {
            if let Some(value) = self.dictionary.get(key) {
                dictionary.set(key, value.to_lopdf());
            }
        }
        let stream = lopdf::Stream::new(dictionary, self.data.to_vec());
        stream.decompressed_content_with_limit(most).ok()
    }
}
