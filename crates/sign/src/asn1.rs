//! DER (ITU-T X.690): reading without copying and writing, byte for byte.
//!
//! What others have signed is never decoded and encoded again: readers give raw slices, writers take them.

use chrono::{DateTime, NaiveDate, Utc};
use der::Encode as _;
use der::asn1::ObjectIdentifier as Oid;

/// Bytes that are not the DER expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

type Result<T> = std::result::Result<T, Malformed>;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: &[u8] = &[0x05, 0x00];
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Tag of `[n]`, constructed.
pub(crate) const fn context(n: u8) -> u8 {
    0xA0 | n
}

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    /// Content.
    pub(crate) value: &'a [u8],
    /// Tag, length and content.
    pub(crate) raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The elements inside.
    pub(crate) fn inside(self) -> Elements<'a> {
        Elements(self.value)
    }

    pub(crate) fn oid(self) -> Result<Oid> {
        if self.tag != OID {
            return Err(Malformed);
        }
        Oid::from_bytes(self.value).map_err(|_| Malformed)
    }

    /// Content of a bit string of whole bytes.
    pub(crate) fn bits(self) -> Result<&'a [u8]> {
        match (self.tag, self.value.split_first()) {
            (BIT_STRING, Some((0, rest))) => Ok(rest),
            _ => Err(Malformed),
        }
    }

    /// UTCTime or GeneralizedTime in UTC, as RFC 5280 and RFC 3161 write them; fractions of seconds are cut off.
    pub(crate) fn time(self) -> Result<DateTime<Utc>> {
        let text = std::str::from_utf8(self.value).map_err(|_| Malformed)?.strip_suffix('Z').ok_or(Malformed)?;
        let text = text.split('.').next().unwrap_or(text);
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Malformed);
        }
        let number = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<u32>().ok()).ok_or(Malformed);
        let (year, at) = match (self.tag, text.len()) {
            (UTC_TIME, 12) => {
                let short = number(0, 2)?;
                (short + if short < 50 { 2000 } else { 1900 }, 2)
            }
            (GENERALIZED_TIME, 14) => (number(0, 4)?, 4),
            _ => return Err(Malformed),
        };
        let part = |n: usize| number(at + 2 * n, at + 2 * n + 2);
        NaiveDate::from_ymd_opt(i32::try_from(year).map_err(|_| Malformed)?, part(0)?, part(1)?)
            .and_then(|d| d.and_hms_opt(part(2).ok()?, part(3).ok()?, part(4).ok()?))
            .map(|t| t.and_utc())
            .ok_or(Malformed)
    }
}

/// Elements that follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl<'a> Elements<'a> {
    pub(crate) fn next(&mut self) -> Result<Tlv<'a>> {
        let (tlv, rest) = split(self.0)?;
        self.0 = rest;
        Ok(tlv)
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>> {
        self.optional(tag)?.ok_or(Malformed)
    }

    /// The next element, if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>> {
        if self.0.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// All elements left.
    pub(crate) fn all(mut self) -> Result<Vec<Tlv<'a>>> {
        let mut out = Vec::new();
        while !self.is_empty() {
            out.push(self.next()?);
        }
        Ok(out)
    }
}

/// The one element that `bytes` is.
pub(crate) fn whole(bytes: &[u8]) -> Result<Tlv<'_>> {
    match split(bytes)? {
        (tlv, []) => Ok(tlv),
        _ => Err(Malformed),
    }
}

/// The first element of `bytes`, and what follows it. Indefinite lengths (BER) are refused.
pub(crate) fn split(bytes: &[u8]) -> Result<(Tlv<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first().ok_or(Malformed)?;
    // Tags above 30 do not occur in any structure used here.
    if tag & 0x1F == 0x1F {
        return Err(Malformed);
    }
    let (&first, rest) = rest.split_first().ok_or(Malformed)?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x84 => {
            let count = usize::from(first & 0x0F);
            let digits = rest.get(..count).ok_or(Malformed)?;
            (digits.iter().fold(0, |n, &b| n << 8 | usize::from(b)), &rest[count..])
        }
        _ => return Err(Malformed),
    };
    let value = rest.get(..length).ok_or(Malformed)?;
    let after = &rest[length..];
    Ok((Tlv { tag, value, raw: &bytes[..bytes.len() - after.len()] }, after))
}

/// Deepest nesting of what is brought into one form.
const DEPTH: usize = 64;

/// The first element of `bytes` with definite lengths and whole strings, as BER leaves them open (X.690, 8.1.3.6 and
/// 8.7.3), and what follows it. Elements that are definite already keep their bytes, so that what was signed over stays.
pub(crate) fn definite(bytes: &[u8]) -> Result<(Vec<u8>, &[u8])> {
    let (element, rest) = definite_at(bytes, 0)?;
    Ok((element, rest))
}

fn definite_at(bytes: &[u8], depth: usize) -> Result<(Vec<u8>, &[u8])> {
    const CONSTRUCTED: u8 = 0x20;
    let (&tag, after) = bytes.split_first().ok_or(Malformed)?;
    if depth > DEPTH {
        return Err(Malformed);
    }
    let indefinite = after.first() == Some(&0x80);
    if !indefinite {
        let (element, rest) = split(bytes)?;
        let parts = if tag & CONSTRUCTED == 0 { None } else { inside_definite(element.value, depth)? };
        return Ok((parts.map_or_else(|| element.raw.to_vec(), |parts| joined(tag, &parts)), rest));
    }
    if tag & CONSTRUCTED == 0 {
        return Err(Malformed);
    }
    let (mut parts, mut rest) = (Vec::new(), &after[1..]);
    loop {
        if let Some(end) = rest.strip_prefix(&[0, 0]) {
            return Ok((joined(tag, &parts), end));
        }
        let (part, more) = definite_at(rest, depth + 1)?;
        parts.push(part);
        rest = more;
    }
}

/// The elements inside, when any of them had to be changed or they make up one string.
fn inside_definite(mut value: &[u8], depth: usize) -> Result<Option<Vec<Vec<u8>>>> {
    let (mut parts, mut changed) = (Vec::new(), false);
    while !value.is_empty() {
        // What is no element is for the reader to refuse.
        let Ok((part, rest)) = definite_at(value, depth + 1) else { return Ok(None) };
        changed |= part.as_slice() != &value[..value.len() - rest.len()];
        parts.push(part);
        value = rest;
    }
    Ok(changed.then_some(parts))
}

/// An element of parts; parts of an octet string are one string.
fn joined(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    if tag != OCTET_STRING | 0x20 {
        return tlv(tag, &parts.concat());
    }
    let pieces: Vec<u8> = parts.iter().filter_map(|p| split(p).ok()).flat_map(|(p, _)| p.value.to_vec()).collect();
    tlv(OCTET_STRING, &pieces)
}

/// An element with this content.
pub(crate) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 6);
    out.push(tag);
    match value.len() {
        n @ 0..=0x7F => out.push(n as u8),
        n => {
            let digits = n.to_be_bytes();
            let digits = &digits[digits.iter().take_while(|&&b| b == 0).count()..];
            out.push(0x80 | digits.len() as u8);
            out.extend_from_slice(digits);
        }
    }
    out.extend_from_slice(value);
    out
}

/// An element around others.
pub(crate) fn nest(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// SET OF in DER: sorted by its encodings (X.690, 11.6).
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(SET, &parts.concat())
}

pub(crate) fn oid(oid: Oid) -> Vec<u8> {
    // An identifier that exists can always be written.
    oid.to_der().unwrap_or_default()
}

/// A whole number, not negative, from its digits in base 256.
pub(crate) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let digits = &digits[digits.iter().take_while(|&&b| b == 0).count()..];
    match digits.first() {
        None => tlv(INTEGER, &[0]),
        Some(0x80..) => nest(INTEGER, &[&[0], digits]),
        Some(_) => tlv(INTEGER, digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_and_read() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let value = vec![7; length];
            let bytes = tlv(OCTET_STRING, &value);
            let read = whole(&bytes).expect("read");
            assert_eq!((read.tag, read.value, read.raw), (OCTET_STRING, value.as_slice(), bytes.as_slice()));
            assert_eq!(whole(&bytes[..bytes.len() - 1]), Err(Malformed));
        }
        assert_eq!(whole(&[0x30, 0x80, 0, 0]), Err(Malformed), "indefinite");
        assert_eq!(whole(&[]), Err(Malformed));
    }

    #[test]
    fn lengths_left_open_are_closed() {
        let oid = [0x06, 1, 42];
        let open = [&[0x30, 0x80][..], &oid, &[0x24, 0x80, 4, 1, 1, 4, 1, 2, 0, 0], &[0, 0], &[0, 0]].concat();
        let closed = nest(SEQUENCE, &[&oid, &tlv(OCTET_STRING, &[1, 2])]);
        assert_eq!(definite(&open), Ok((closed.clone(), &[0, 0][..])));
        // Inside what is definite, too; a long form that DER does not allow stays, since it may have been signed.
        let around = [&[0x30, 0x81, (open.len() - 2) as u8][..], &open[..open.len() - 2]].concat();
        assert_eq!(definite(&around), Ok((tlv(SEQUENCE, &closed), &[][..])));
        let long = [0x30, 0x81, 3, 6, 1, 42];
        assert_eq!(definite(&long), Ok((long.to_vec(), &[][..])));
        for broken in [&open[..open.len() - 4], &[0x04, 0x80, 0, 0], &[0x30, 0x80]] {
            assert_eq!(definite(broken), Err(Malformed));
        }
    }

    #[test]
    fn times_are_read() {
        let time = |tag, text: &str| whole(&tlv(tag, text.as_bytes())).and_then(Tlv::time).map(|t| t.to_rfc3339());
        assert_eq!(time(UTC_TIME, "491231235959Z"), Ok("2049-12-31T23:59:59+00:00".into()));
        assert_eq!(time(UTC_TIME, "500101000000Z"), Ok("1950-01-01T00:00:00+00:00".into()));
        assert_eq!(time(GENERALIZED_TIME, "20261122101500.25Z"), Ok("2026-11-22T10:15:00+00:00".into()));
        for bad in ["20261322101500Z", "20261122101500", "2026112210150Z", "åååååååZ", ""] {
            assert_eq!(time(GENERALIZED_TIME, bad), Err(Malformed), "{bad}");
        }
    }

    #[test]
    fn numbers_are_never_negative() {
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
        assert_eq!(unsigned(&[0x7F, 1]), [2, 2, 0x7F, 1]);
    }
}
