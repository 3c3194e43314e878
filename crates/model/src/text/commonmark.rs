//! How a text is read as CommonMark: the one place that says so, for setting it and for leaving marked words out.

use std::ops::Range;

use pulldown_cmark::{Options, Parser};

use super::literal;

/// Stands for `&` while parsing: entities such as `&#x202E;` are letters here, not a way past the checks. A sign of the
/// same class, so that emphasis beside it works, and one that the fonts refuse by itself.
const AMPERSAND: &str = "\u{FF06}";

/// A text ready to be read. Ranges are those of this text, not of the one it was made from.
pub(crate) struct Markup(String);

impl Markup {
    pub(crate) fn of(text: &str) -> Self {
        Self(literal::protect(&text.replace('&', AMPERSAND)))
    }

    /// Its events.
    pub(crate) fn events(&self) -> Parser<'_> {
        Parser::new_ext(&self.0, Options::ENABLE_FOOTNOTES)
    }

    /// A part of it.
    pub(crate) fn slice(&self, range: Range<usize>) -> &str {
        &self.0[range]
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// What a part of it is as it was written.
    pub(crate) fn unescape(part: &str) -> String {
        literal::restore(part).replace(AMPERSAND, "&")
    }
}
