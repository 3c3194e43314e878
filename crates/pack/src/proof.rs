//! Proof that what is masked is not in the finished file: not on its pages, nor anywhere behind them.
//!
//! Searched are the text of every page as it is drawn, every string of every object (bookmarks, alternative texts,
//! links, names), what replaces drawn text (`ActualText`), XMP, attachments, what fonts say their glyphs mean
//! (`ToUnicode`), and the bytes of all streams that are neither pictures nor font programs.

use std::collections::BTreeSet;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, Stream};
use serde::{Deserialize, Serialize};
use sigill_model::edition::Masked;
use sigill_model::messages::{leak_place, pac008};
use sigill_model::secrecy::SecrecyGround;
use sigill_model::{Diagnostic, Localize};
use unicode_normalization::UnicodeNormalization as _;

use crate::foreign::{self, Foreign};

/// Fewest words of a line from a part left out as a whole; shorter ones stand anywhere.
const MIN_WORDS: usize = 8;
/// Fewest bytes looked for byte by byte.
const MIN_BYTES: usize = 4;

/// Something that must not be in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    text: String,
    /// Its words, small letters, a space before, between and after.
    words: String,
    pointer: String,
    ground: SecrecyGround,
}

/// A secret that is in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leak {
    text: String,
    pointer: String,
    note: String,
    place: Place,
}

/// Where in a file a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Place {
    /// A page, from 1.
    Page(usize),
    Alternative,
    Attachment,
    Bookmark,
    Bytes,
    Content,
    Font,
    Hidden,
    Link,
    Metadata,
    /// Perhaps somewhere: the file cannot be read.
    Unreadable,
}

impl Leak {
    /// As a finding.
    pub fn finding(self) -> Diagnostic {
        let Self { text, pointer, note, place } = self;
        let place: &dyn Localize = match &place {
            Place::Page(number) => &leak_place::Page { number },
            Place::Alternative => &leak_place::Alternative,
            Place::Attachment => &leak_place::Attachment,
            Place::Bookmark => &leak_place::Bookmark,
            Place::Bytes => &leak_place::Bytes,
            Place::Content => &leak_place::Content,
            Place::Font => &leak_place::Font,
            Place::Hidden => &leak_place::Hidden,
            Place::Link => &leak_place::Link,
            Place::Metadata => &leak_place::Metadata,
            Place::Unreadable => &leak_place::Unreadable,
        };
        pac008::Leak { text: &format_args!("{text:.60}"), ground: &note, place }.at(pointer)
    }
}

/// What to search for.
pub fn secrets(masked: &[Masked]) -> Vec<Secret> {
    let mut out = Vec::new();
    for part in masked {
        for text in &part.texts {
            let lines = if part.words { vec![text.as_str()] } else { text.lines().collect() };
            for line in lines {
                let words = words_of(line);
                let fewest = if part.words { 1 } else { MIN_WORDS };
                if words.split_whitespace().count() >= fewest {
                    let (text, pointer) = (line.trim().to_owned(), part.pointer.clone());
                    out.push(Secret { text, words, pointer, ground: part.ground.clone() });
                }
            }
        }
    }
    out.dedup();
    out
}

/// Words of a text in small letters, with a space before, between and after them. What hyphenation puts in is taken out,
/// and letters are composed and ligatures resolved (NFKC): files of others write `å` as one sign or as two.
fn words_of(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.nfkc() {
        match c {
            '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => {}
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ if out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// Everything masked that is in the file after all.
pub fn search(pdf: &[u8], secrets: &[Secret]) -> Vec<Leak> {
    if secrets.is_empty() {
        return Vec::new();
    }
    let mut search = Search { secrets, leaks: BTreeSet::new() };
    search.pages(pdf);
    match Document::load_mem(pdf) {
        Ok(document) => search.document(&document),
        // What cannot be read cannot be proven clean.
        Err(_) => search.note_all(),
    }
    search.bytes(pdf, Place::Bytes);
    search.leaks.into_iter().collect()
}

struct Search<'s> {
    secrets: &'s [Secret],
    leaks: BTreeSet<Leak>,
}

impl Search<'_> {
    fn leak(&mut self, secret: &Secret, place: Place) {
        let Secret { text, pointer, ground, .. } = secret.clone();
        self.leaks.insert(Leak { text, pointer, note: ground.note(), place });
    }

    fn note_all(&mut self) {
        let secrets = self.secrets;
        secrets.iter().for_each(|s| self.leak(s, Place::Unreadable));
    }

    fn text(&mut self, text: &str, place: Place) {
        // Words divided at the end of a line are also looked for whole.
        let joined = text.replace("-\n", "").replace("\u{2010}\n", "");
        let variants = [words_of(text), words_of(&joined)];
        let secrets = self.secrets;
        for secret in secrets.iter().filter(|s| variants.iter().any(|v| v.contains(&s.words))) {
            self.leak(secret, place);
        }
    }

    fn bytes(&mut self, bytes: &[u8], place: Place) {
        let secrets = self.secrets;
        for secret in secrets.iter().filter(|s| s.text.len() >= MIN_BYTES) {
            let utf16: Vec<u8> = secret.text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let latin: Option<Vec<u8>> = secret.text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            let found = [Some(secret.text.as_bytes().to_vec()), Some(utf16), latin];
            if found.iter().flatten().any(|needle| stands_alone(bytes, needle)) {
                self.leak(secret, place);
            }
        }
    }

    fn pages(&mut self, pdf: &[u8]) {
        let foreign = Foreign { bytes: pdf, title: "", password: None, alt: None, date: (1, 1, 1) };
        let Ok(pages) = foreign::text(&foreign) else {
            self.note_all();
            return;
        };
        for (i, page) in pages.iter().enumerate() {
            self.text(page, Place::Page(i + 1));
        }
    }

    fn document(&mut self, document: &Document) {
        for object in document.objects.values().chain([&Object::Dictionary(document.trailer.clone())]) {
            self.object(object, b"");
            if let Object::Stream(stream) = object {
                self.stream(stream);
            }
        }
    }

    fn object(&mut self, object: &Object, key: &[u8]) {
        match object {
            Object::String(..) => {
                let text = lopdf::decode_text_string(object).unwrap_or_default();
                let place = match key {
                    b"Title" => Place::Bookmark,
                    b"Alt" | b"ActualText" | b"E" => Place::Alternative,
                    b"URI" | b"Contents" => Place::Link,
                    _ => Place::Hidden,
                };
                self.text(&text, place);
            }
            Object::Array(items) => items.iter().for_each(|o| self.object(o, key)),
            Object::Dictionary(dict) => self.dict(dict),
            Object::Stream(stream) => self.dict(&stream.dict),
            _ => {}
        }
    }

    fn dict(&mut self, dict: &Dictionary) {
        dict.iter().for_each(|(key, value)| self.object(value, key));
    }

    fn stream(&mut self, stream: &Stream) {
        let is = |key: &[u8], value: &[u8]| stream.dict.get(key).and_then(Object::as_name).is_ok_and(|n| n == value);
        let program = stream.dict.has(b"Length1") || is(b"Subtype", b"CIDFontType0C") || is(b"Subtype", b"OpenType");
        if is(b"Subtype", b"Image") || program {
            return;
        }
        let content = match stream.decompressed_content() {
            Ok(content) => content,
            Err(_) => stream.content.clone(),
        };
        if is(b"Type", b"Metadata") {
            self.text(&String::from_utf8_lossy(&content), Place::Metadata);
        } else if is(b"Type", b"EmbeddedFile") {
            self.text(&String::from_utf8_lossy(&content), Place::Attachment);
            // A file within a file is searched as the whole is.
            if let Ok(inner) = Document::load_mem(&content) {
                self.pages(&content);
                self.document(&inner);
            }
        } else if content.windows(12).any(|w| w == b"beginbfchar\n" || w == b"beginbfrange") || is(b"Type", b"CMap") {
            self.meanings(&content);
        } else if let Ok(operations) = Content::decode(&content) {
            for operand in operations.operations.iter().filter(|o| o.operator == "BDC").flat_map(|o| &o.operands) {
                self.object(operand, b"ActualText");
            }
        }
        self.bytes(&content, Place::Content);
    }

    /// What a font says its glyphs mean: longer meanings each, single letters in their order.
    fn meanings(&mut self, cmap: &[u8]) {
        let text = String::from_utf8_lossy(cmap);
        let (mut letters, mut all) = (String::new(), Vec::new());
        for token in text.split('<').skip(1).filter_map(|t| t.split_once('>')).map(|(hex, _)| hex) {
            let digits: Vec<u32> = token.chars().filter_map(|c| c.to_digit(16)).collect();
            let units: Vec<u16> = digits.chunks_exact(4).map(|d| d.iter().fold(0, |n, d| n << 4 | *d as u16)).collect();
            let meaning = String::from_utf16_lossy(&units);
            letters.push_str(&meaning);
            all.push(meaning);
        }
        let long = all.into_iter().filter(|m| m.chars().count() > 1).collect::<Vec<_>>().join("\n");
        self.text(&long, Place::Font);
        self.text(&letters, Place::Font);
    }
}

/// Whether the needle stands in the bytes, and not within a longer word.
fn stands_alone(bytes: &[u8], needle: &[u8]) -> bool {
    let letter = |at: Option<usize>| at.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_alphanumeric);
    let alone = |at: usize| !letter(at.checked_sub(1)) && !letter(Some(at + needle.len()));
    memchr::memmem::find_iter(bytes, needle).any(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str, words: bool) -> Vec<Secret> {
        secrets(&[Masked {
            pointer: "/x".into(),
            ground: SecrecyGround::Personuppgift,
            words,
            texts: vec![text.into()],
        }])
    }

    fn found(page: &str, secrets: &[Secret]) -> usize {
        let mut search = Search { secrets, leaks: BTreeSet::new() };
        search.text(page, Place::Hidden);
        search.leaks.len()
    }

    #[test]
    fn words_are_found_however_they_are_broken_and_not_within_others() {
        let secret = secret("Åsa Påhitt", true);
        for page in [
            "hos åsa  påhitt.",
            "Åsa\nPåhitt",
            "(Åsa Påhitt)",
            "Åsa På-\nhitt",
            "Åsa På\u{AD}hitt",
            "A\u{30A}sa Pa\u{30A}hitt",
        ] {
            assert_eq!(found(page, &secret), 1, "{page}");
        }
        for page in ["Åsas Påhitt", "Åsa Påhittsson", "Åsa"] {
            assert_eq!(found(page, &secret), 0, "{page}");
        }
    }

    #[test]
    fn of_whole_parts_only_long_lines_are_looked_for() {
        assert_eq!(secret("Socialnämnden\nen rad med fler än åtta ord i följd här", false).len(), 1);
    }

    #[test]
    fn bytes_stand_alone() {
        assert!(stands_alone(b"(Anna Ek) Tj", b"Anna Ek"));
        assert!(!stands_alone(b"(Anna Eklund) Tj", b"Anna Ek"));
    }
}
