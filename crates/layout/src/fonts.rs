//! Open fonts inside the binary, and the user's own.

use include_dir::{Dir, include_dir};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontVariant};
use typst::utils::LazyHash;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../fonts");

/// Fonts that documents can use.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl Fonts {
    /// The embedded fonts, and before them any given as file contents.
    pub fn new(own: Vec<Vec<u8>>) -> Self {
        let mut fonts: Vec<Font> = own.into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        let mut folders: Vec<_> = EMBEDDED.dirs().collect();
        folders.sort_by_key(|d| std::cmp::Reverse(d.path()));
        for folder in folders {
            for file in folder.files().filter(|f| f.path().extension().is_some_and(|e| e == "ttf" || e == "otf")) {
                fonts.extend(Font::iter(Bytes::new(file.contents())));
            }
        }
        let mut book = FontBook::new();
        for font in &fonts {
            book.push(font.info().clone());
        }
        Self { book: LazyHash::new(book), fonts }
    }

    /// Whether any font has a glyph for the character.
    pub fn covers(&self, c: char) -> bool {
        invisible(c) || self.fonts.iter().any(|f| f.info().coverage.contains(c as u32))
    }

    /// The file of the upright, regular font of a family, and its index there.
    pub fn regular(&self, family: &str) -> Option<(&[u8], u32)> {
        let regular = FontVariant::default();
        let found = self.fonts.iter().find(|f| f.info().family == family && f.info().variant == regular);
        found.map(|f| (f.data().as_slice(), f.index()))
    }

    /// Family names, each once.
    pub fn families(&self) -> Vec<String> {
        let mut names: Vec<_> = self.fonts.iter().map(|f| f.info().family.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Characters that never need a glyph: white space, joiners, variation selectors, marks of direction.
fn invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
