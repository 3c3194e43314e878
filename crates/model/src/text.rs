//! Running text: a CommonMark subset with footnotes, parsed into data.
//!
//! What the subset leaves out (headings, tables, code, raw HTML) has its own place in the model or none. Nothing in the
//! text is ever evaluated: `#read("x")`, `$` and `@x` are letters like any others.

use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::format::typography;

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
    /// A footnote at the foot of the page.
    Fn {
        /// Its text.
        c: Vec<Inline>,
    },
}

/// Parses running text. Findings point at `pointer`.
pub fn parse(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Block> {
    control_characters(text, pointer, found);
    let mut builder =
        Builder { pointer, found, frames: vec![Frame::new(Kind::Root)], footnotes: HashMap::new(), used: Vec::new() };
    let mut options = Options::empty();
    options.insert(Options::ENABLE_FOOTNOTES);
    for event in Parser::new_ext(text, options) {
        builder.event(event);
    }
    builder.finish()
}

/// Parses text that must fit in one paragraph: a title, a table cell.
pub fn parse_inline(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Inline> {
    // A cell saying "1. Barnahuset" or "- 5" is no list.
    let starts_list = text.trim_start().starts_with(|c: char| c.is_ascii_digit() || "-+*>#=".contains(c));
    if starts_list || !text.contains(['*', '_', '[', '\\', '`', '<', '&']) {
        control_characters(text, pointer, found);
        return lines(text);
    }
    let mut blocks = parse(text, pointer, found);
    match (blocks.len(), blocks.pop()) {
        (1, Some(Block::P { c })) => c,
        (0, _) => Vec::new(),
        _ => {
            found.push(unsupported(pointer, "flera stycken eller en lista", "several paragraphs or a list"));
            Vec::new()
        }
    }
}

fn lines(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    for line in text.trim().split('\n').map(str::trim) {
        if !out.is_empty() {
            out.push(Inline::Br);
        }
        if !line.is_empty() {
            out.push(Inline::Text { v: typography(line) });
        }
    }
    out
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
            Inline::Fn { .. } => {}
        }
    }
}

/// Reports control characters and characters that silently reorder text.
pub fn control_characters(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) {
    let bad = text.chars().find(|&c| {
        (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
    });
    if let Some(c) = bad {
        let code = c as u32;
        found.push(
            Diagnostic::error(
                "TXT002",
                pointer,
                format!("texten innehåller styrtecknet U+{code:04X}"),
                format!("the text holds the control character U+{code:04X}"),
            )
            .help("ta bort tecknet; det följer ofta med vid kopiering", "remove it; it often comes with copying"),
        );
    }
}

fn unsupported(pointer: &str, sv: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "TXT003",
        pointer,
        format!("{sv} får inte stå i den här texten"),
        format!("{en} cannot stand in this text"),
    )
    .help(
        "rubriker skrivs som avsnitt (sections), tabeller och bilder som egna block",
        "headings are written as sections, tables and images as blocks of their own",
    )
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Root,
    Paragraph,
    List { start: Option<u64> },
    Item,
    Quote,
    Em,
    Strong,
    Link(String),
    Footnote(String),
    Ignored,
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
    loose: bool,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, blocks: Vec::new(), inlines: Vec::new(), items: Vec::new(), loose: false }
    }
}

/// Deepest nesting of quotes, lists and emphasis within one text.
const MAX_NESTING: usize = 24;

struct Builder<'a> {
    pointer: &'a str,
    found: &'a mut Vec<Diagnostic>,
    frames: Vec<Frame>,
    footnotes: HashMap<String, Vec<Inline>>,
    used: Vec<String>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(t) => self.text(&t),
            // `<` and backticks are letters in a municipal text, not markup.
            Event::InlineHtml(t) | Event::Html(t) => self.text(&t),
            Event::Code(t) => self.text(&format!("`{t}`")),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.inline(Inline::Br),
            Event::FootnoteReference(name) => {
                self.used.push(name.to_string());
                self.inline(Inline::Fn { c: vec![Inline::Text { v: name.to_string() }] });
            }
            Event::Rule => self.refuse("en avdelande linje", "a thematic break"),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn refuse(&mut self, sv: &str, en: &str) {
        self.found.push(unsupported(self.pointer, sv, en));
    }

    fn open(&mut self, kind: Kind) {
        // Text directly in a list item (a tight list) becomes a paragraph before a nested block starts.
        if !matches!(kind, Kind::Em | Kind::Strong | Kind::Link(_)) {
            self.flush();
        }
        if self.frames.len() == MAX_NESTING {
            self.refuse("text i så många nivåer", "text nested that deeply");
        }
        // Deeper text is dropped after the finding, so that nothing later recurses far.
        let kind = if self.frames.len() >= MAX_NESTING { Kind::Ignored } else { kind };
        self.frames.push(Frame::new(kind));
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph | Tag::HtmlBlock => {
                if let Some(item) = self.frames.last_mut().filter(|f| f.kind == Kind::Item) {
                    item.loose = true;
                }
                Kind::Paragraph
            }
            Tag::List(start) => Kind::List { start },
            Tag::Item => Kind::Item,
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::Emphasis => Kind::Em,
            Tag::Strong => Kind::Strong,
            Tag::Link { dest_url, .. } => Kind::Link(dest_url.to_string()),
            Tag::FootnoteDefinition(name) => Kind::Footnote(name.to_string()),
            Tag::Heading { .. } => {
                self.refuse("en rubrik", "a heading");
                Kind::Ignored
            }
            Tag::CodeBlock(_) => {
                self.refuse("ett kodblock (en rad som börjar med fyra blanksteg eller ```)", "a code block");
                Kind::Ignored
            }
            Tag::Image { .. } => {
                self.refuse("en bild", "an image");
                Kind::Ignored
            }
            _ => Kind::Ignored,
        };
        self.open(kind);
    }

    fn end(&mut self, _: TagEnd) {
        self.flush();
        let Some(frame) = self.frames.pop() else { return };
        let Frame { kind, blocks, inlines, items, loose } = frame;
        match kind {
            Kind::Paragraph => self.block(Block::P { c: inlines }),
            Kind::Quote => self.block(Block::Quote { c: blocks }),
            Kind::List { start } => {
                let tight = !loose;
                self.block(match start {
                    Some(start) => Block::Ol { start, tight, items },
                    None => Block::Ul { tight, items },
                });
            }
            Kind::Item => {
                if let Some(list) = self.frames.last_mut() {
                    list.items.push(blocks);
                    list.loose |= loose;
                }
            }
            Kind::Em => self.inline(Inline::Em { c: inlines }),
            Kind::Strong => self.inline(Inline::Strong { c: inlines }),
            Kind::Link(url) => self.link(url, inlines),
            Kind::Footnote(name) => self.define(name, blocks),
            Kind::Ignored | Kind::Root => {}
        }
    }

    fn link(&mut self, url: String, c: Vec<Inline>) {
        let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") {
            self.found.push(
                Diagnostic::error(
                    "TXT005",
                    self.pointer,
                    format!("länken ”{url}” har inget tillåtet mål"),
                    format!("the link \"{url}\" has no allowed target"),
                )
                .help(
                    "länkar börjar med https:, http:, mailto: eller tel:",
                    "links start with https:, http:, mailto: or tel:",
                ),
            );
        }
        self.inline(Inline::Link { url, c });
    }

    fn define(&mut self, name: String, mut blocks: Vec<Block>) {
        match (blocks.len(), blocks.pop()) {
            (1, Some(Block::P { c })) => {
                self.footnotes.insert(name, c);
            }
            _ => {
                self.refuse("en fotnot med annat än ett stycke", "a footnote of anything but one paragraph");
                self.footnotes.insert(name, Vec::new());
            }
        }
    }

    /// Moves loose inlines of the innermost block container into a paragraph.
    fn flush(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if matches!(frame.kind, Kind::Item | Kind::Quote | Kind::Root | Kind::Footnote(_)) && !frame.inlines.is_empty()
        {
            let c = std::mem::take(&mut frame.inlines);
            frame.blocks.push(Block::P { c });
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(frame) = self.frames.last_mut() {
            frame.blocks.push(block);
        }
    }

    fn inline(&mut self, inline: Inline) {
        if let Some(frame) = self.frames.last_mut() {
            frame.inlines.push(inline);
        }
    }

    fn text(&mut self, text: &str) {
        let Some(frame) = self.frames.last_mut() else { return };
        // The parser splits text at every character that could have been markup.
        match frame.inlines.last_mut() {
            Some(Inline::Text { v }) => v.push_str(text),
            _ => frame.inlines.push(Inline::Text { v: text.to_owned() }),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        let mut blocks = self.frames.pop().map(|f| f.blocks).unwrap_or_default();
        for name in self.footnotes.keys().filter(|n| !self.used.contains(n)) {
            self.found.push(
                Diagnostic::warning(
                    "TXT004",
                    self.pointer,
                    format!("fotnoten [^{name}] används inte i texten"),
                    format!("the footnote [^{name}] is not used in the text"),
                )
                .help("sätt märket där fotnoten hör hemma eller ta bort den", "put its mark in the text or remove it"),
            );
        }
        for block in &mut blocks {
            self.settle_block(block, 0);
        }
        blocks
    }

    fn settle_block(&mut self, block: &mut Block, depth: usize) {
        match block {
            Block::P { c } => self.settle(c, depth),
            Block::Quote { c } => c.iter_mut().for_each(|b| self.settle_block(b, depth)),
            Block::Ul { items, .. } | Block::Ol { items, .. } => {
                items.iter_mut().flatten().for_each(|b| self.settle_block(b, depth));
            }
        }
    }

    /// Puts footnotes in their places and sets the typography of finished runs.
    fn settle(&mut self, inlines: &mut [Inline], depth: usize) {
        for inline in inlines {
            match inline {
                Inline::Text { v } => {
                    if v.contains("[^") && v.contains(']') {
                        self.found.push(
                            Diagnostic::error(
                                "TXT004",
                                self.pointer,
                                format!("en fotnot saknar text: {}", excerpt(v)),
                                format!("a footnote has no text: {}", excerpt(v)),
                            )
                            .help(
                                "skriv [^1]: och fotnotens text som eget stycke",
                                "write [^1]: and the note as a paragraph of its own",
                            ),
                        );
                    }
                    *v = typography(v);
                }
                Inline::Em { c } | Inline::Strong { c } | Inline::Link { c, .. } => self.settle(c, depth),
                Inline::Br => {}
                Inline::Fn { c } => {
                    let name = match c.first() {
                        Some(Inline::Text { v }) => v.clone(),
                        _ => String::new(),
                    };
                    *c = self.footnotes.get(&name).cloned().unwrap_or_default();
                    // A note inside a note: once is enough, or a note naming itself would never end.
                    if depth == 0 {
                        self.settle(c, 1);
                    } else {
                        c.clear();
                    }
                }
            }
        }
    }
}

fn excerpt(text: &str) -> String {
    let start = text.find("[^").unwrap_or(0);
    text[start..].chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, Vec<&'static str>) {
        let mut found = Vec::new();
        let blocks = parse(text, "/x", &mut found);
        (serde_json::to_string(&blocks).unwrap_or_default(), found.iter().map(|d| d.code).collect())
    }

    #[test]
    fn typst_markup_is_text() {
        let (json, found) = parsed("#read(\"/etc/passwd\") $x$ @fig <b>hej</b> `kod`");
        assert_eq!(found, Vec::<&str>::new());
        assert_eq!(json, r##"[{"t":"p","c":[{"t":"text","v":"#read(”/etc/passwd”) $x$ @fig <b>hej</b> `kod`"}]}]"##);
    }

    #[test]
    fn footnotes_stand_where_they_are_used() {
        let (json, found) = parsed("NSPH[^1] kom.\n\n[^1]: Nationell *samordning*");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(
            json,
            r#"[{"t":"p","c":[{"t":"text","v":"NSPH"},{"t":"fn","c":[{"t":"text","v":"Nationell "},{"t":"em","c":[{"t":"text","v":"samordning"}]}]},{"t":"text","v":" kom."}]}]"#
        );
        assert_eq!(parsed("Not utan text[^9]").1, ["TXT004"]);
        assert_eq!(parsed("Text\n\n[^9]: oanvänd").1, ["TXT004"]);
    }

    #[test]
    fn a_footnote_naming_itself_ends() {
        let (_, found) = parsed("a[^1]\n\n[^1]: b[^1]");
        assert!(found.is_empty());
    }

    #[test]
    fn lists_nest_and_know_their_start() {
        let (json, found) = parsed("3. tre\n4. fyra\n   - under");
        assert!(found.is_empty());
        assert!(json.starts_with(r#"[{"t":"ol","start":3,"tight":true,"items":[[{"t":"p""#), "{json}");
        assert!(
            json.contains(r#"{"t":"ul","tight":true,"items":[[{"t":"p","c":[{"t":"text","v":"under"}]}]]}"#),
            "{json}"
        );
    }

    #[test]
    fn what_the_subset_leaves_out_is_refused() {
        assert_eq!(parsed("# Rubrik").1, ["TXT003"]);
        assert_eq!(parsed("![x](y.png)").1, ["TXT003"]);
        assert_eq!(parsed("[x](javascript:1)").1, ["TXT005"]);
        assert_eq!(parsed("a\u{0007}b").1, ["TXT002"]);
        assert_eq!(parsed("a\u{202E}b").1, ["TXT002"]);
    }

    #[test]
    fn a_cell_is_one_paragraph() {
        let mut found = Vec::new();
        let c = parse_inline("1. Barnahuset", "/x", &mut found);
        assert_eq!(c, [Inline::Text { v: "1. Barnahuset".into() }]);
        let c = parse_inline("*Summa*", "/x", &mut found);
        assert_eq!(c.len(), 1);
        assert!(found.is_empty());
    }
}
