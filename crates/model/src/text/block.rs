//! What running text is made of: blocks, and the runs in them.

use serde::Serialize;

/// A paragraph, list or quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Block {
    /// A paragraph.
    P {
        /// Its text.
        c: Vec<Inline>,
    },
    /// A bulleted list.
    Ul {
        /// Whether items are single lines without space between.
        tight: bool,
        /// Blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A numbered list.
    Ol {
        /// Number of the first item.
        start: u64,
        /// Numbers of the items, when they do not follow upon each other.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        numbers: Vec<u64>,
        /// Whether a parenthesis stands behind the numbers: 1) and not 1.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        parenthesis: bool,
        /// Whether items are single lines without space between.
        tight: bool,
        /// Blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote {
        /// Its blocks.
        c: Vec<Block>,
    },
}

/// A run of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum Inline {
    /// Plain text.
    Text {
        /// The text.
        v: String,
    },
    /// Emphasis.
    Em {
        /// What is emphasised.
        c: Vec<Inline>,
    },
    /// Strong emphasis.
    Strong {
        /// What is emphasised.
        c: Vec<Inline>,
    },
    /// A link.
    Link {
        /// Target: http, https or mailto.
        url: String,
        /// Its text.
        c: Vec<Inline>,
    },
    /// A line break inside a paragraph.
    Br,
    /// A place where a line may break, without a sign: in an address.
    Wbr,
    /// A footnote at the foot of the page.
    Fn {
        /// Its text.
        c: Vec<Inline>,
    },
    /// The mark of a note below a table.
    Mark {
        /// The mark.
        v: String,
    },
}

/// The text alone, as a reader would hear it; for checks and plain-text fields.
pub fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::P { c } => plain_inline(c, &mut out),
            Block::Quote { c } => out.push_str(&plain(c)),
            Block::Ul { items, .. } | Block::Ol { items, .. } => {
                let items: Vec<_> = items.iter().map(|i| plain(i)).collect();
                out.push_str(&items.join("\n"));
            }
        }
    }
    out
}

fn plain_inline(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text { v } => out.push_str(v),
            Inline::Em { c } | Inline::Strong { c } | Inline::Link { c, .. } => plain_inline(c, out),
            Inline::Br => out.push(' '),
            Inline::Fn { .. } | Inline::Mark { .. } | Inline::Wbr => {}
        }
    }
}
