//! From CommonMark events to blocks.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};
use sigill_messages::Localize;

use super::block::{Block, Inline, plain};
use super::commonmark::Markup;
use super::runs::runs;
use crate::diagnostic::Diagnostic;
use crate::messages::{markup, txt003, txt004, txt005, txt006};
use crate::secrecy::{SecrecyGround, unreadable};

/// Parses text into blocks. Findings point at `pointer`.
pub(super) fn blocks(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Block> {
    let markup = Markup::of(text);
    let mut builder = Builder {
        pointer,
        found,
        markup: &markup,
        frames: vec![Frame::new(Element::Root)],
        footnotes: HashMap::new(),
        used: Vec::new(),
        read: vec![false; markup.len()],
    };
    let mut events = markup.events().into_offset_iter();
    while let Some((event, range)) = events.next() {
        if let Event::Start(Tag::Link { id, .. }) = &event
            && let Some(definition) = events.reference_definitions().get(id)
        {
            builder.read(definition.span.clone());
        }
        builder.event(event, range);
    }
    builder.finish()
}

#[derive(Debug, Clone, PartialEq)]
enum Element {
    Root,
    Paragraph,
    List { start: Option<u64>, parenthesis: bool },
    Item { number: Option<u64> },
    Quote,
    Em,
    Strong,
    Link { url: String, bracketed: bool },
    Footnote(String),
    Ignored,
}

#[derive(Debug)]
struct Frame {
    kind: Element,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
    numbers: Vec<u64>,
    loose: bool,
}

impl Frame {
    fn new(kind: Element) -> Self {
        Self { kind, blocks: Vec::new(), inlines: Vec::new(), items: Vec::new(), numbers: Vec::new(), loose: false }
    }
}

/// Deepest nesting of quotes, lists and emphasis within one text.
const MAX_NESTING: usize = 24;

struct Builder<'a> {
    pointer: &'a str,
    found: &'a mut Vec<Diagnostic>,
    markup: &'a Markup,
    frames: Vec<Frame>,
    footnotes: HashMap<String, Vec<Inline>>,
    used: Vec<String>,
    /// Which bytes of the text came to something.
    read: Vec<bool>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(),
            Event::Text(t) => {
                self.read(range);
                self.text(&t);
            }
            // `<` and backticks are letters in a municipal text, not markup.
            Event::InlineHtml(_) | Event::Html(_) | Event::Code(_) => {
                self.read(range.clone());
                self.text(self.markup.slice(range));
            }
            // What stands on lines of its own was meant to: an address, a verse.
            Event::SoftBreak | Event::HardBreak => self.inline(Inline::Br),
            Event::FootnoteReference(name) => {
                self.read(range);
                self.used.push(name.to_string());
                self.inline(Inline::Fn { c: vec![Inline::Text { v: name.to_string() }] });
            }
            Event::Rule => self.refuse(&markup::AThematicBreak),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// Notes that a part of the text came to something.
    fn read(&mut self, range: Range<usize>) {
        if let Some(part) = self.read.get_mut(range) {
            part.fill(true);
        }
    }

    fn refuse(&mut self, what: &dyn Localize) {
        self.found.push(txt003::NotHere { what }.at(self.pointer));
    }

    fn open(&mut self, kind: Element) {
        // Text directly in a list item (a tight list) becomes a paragraph before a nested block starts.
        if !matches!(kind, Element::Em | Element::Strong | Element::Link { .. }) {
            self.flush();
        }
        if self.frames.len() == MAX_NESTING {
            self.refuse(&markup::DeepNesting);
        }
        // Deeper text is dropped after the finding, so that nothing later recurses far.
        let kind = if self.frames.len() >= MAX_NESTING { Element::Ignored } else { kind };
        self.frames.push(Frame::new(kind));
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let kind = match tag {
            Tag::Paragraph | Tag::HtmlBlock => {
                if self.markup.slice(range.clone()).lines().any(is_delimiter_row) {
                    self.refuse(&markup::ATable);
                    self.read(range);
                }
                if let Some(item) = self.frames.last_mut().filter(|f| matches!(f.kind, Element::Item { .. })) {
                    item.loose = true;
                }
                Element::Paragraph
            }
            Tag::List(start) => {
                let digits = self.markup.slice(range).trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
                Element::List { start, parenthesis: digits.starts_with(')') }
            }
            Tag::Item => {
                let written = self.markup.slice(range.clone());
                let mark = written.trim_start_matches(' ');
                let digits = mark.len() - mark.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                self.read(range.start..range.start + written.len() - mark.len() + digits);
                // A bullet has none.
                Element::Item { number: mark[..digits].parse().ok() }
            }
            Tag::BlockQuote(_) => Element::Quote,
            Tag::Emphasis => Element::Em,
            Tag::Strong => Element::Strong,
            Tag::Link { dest_url, link_type, title, .. } => {
                if !title.is_empty() {
                    self.refuse(&markup::ALinkTitle);
                }
                self.read(range);
                let url = Markup::unescape(&dest_url);
                let bracketed = link_type == LinkType::Email;
                if bracketed {
                    self.text("<");
                }
                Element::Link { url: if bracketed { format!("mailto:{url}") } else { url }, bracketed }
            }
            Tag::FootnoteDefinition(name) => {
                self.read(range.start..range.end.min(range.start + name.len() + "[^]:".len()));
                Element::Footnote(name.to_string())
            }
            Tag::Heading { .. } => {
                self.refuse(&markup::AHeading);
                self.read(range);
                Element::Ignored
            }
            Tag::CodeBlock(_) => {
                self.refuse(&markup::ACodeBlock);
                self.read(range);
                Element::Ignored
            }
            Tag::Image { .. } => {
                self.refuse(&markup::AnImage);
                self.read(range);
                Element::Ignored
            }
            _ => Element::Ignored,
        };
        self.open(kind);
    }

    fn end(&mut self) {
        self.flush();
        let Some(frame) = self.frames.pop() else { return };
        let Frame { kind, blocks, inlines, items, numbers, loose } = frame;
        match kind {
            Element::Paragraph => self.block(Block::P { c: inlines }),
            Element::Quote => self.block(Block::Quote { c: blocks }),
            Element::List { start, parenthesis } => {
                let tight = !loose;
                let Some(start) = start else {
                    self.doubtful_signs(&items);
                    return self.block(Block::Ul { tight, items });
                };
                let numbers = if follow_on(start, &numbers) { Vec::new() } else { numbers };
                self.block(Block::Ol { start, numbers, parenthesis, tight, items });
            }
            Element::Item { number } => {
                if let Some(list) = self.frames.last_mut() {
                    list.numbers.extend(number);
                    list.items.push(blocks);
                    list.loose |= loose;
                }
            }
            Element::Em => self.inline(Inline::Em { c: inlines }),
            Element::Strong => self.inline(Inline::Strong { c: inlines }),
            Element::Link { url, bracketed } => {
                self.link(url, inlines);
                if bracketed {
                    self.text(">");
                }
            }
            Element::Footnote(name) => self.define(name, blocks),
            Element::Ignored | Element::Root => {}
        }
    }

    fn link(&mut self, url: String, c: Vec<Inline>) {
        // Words marked as secret or personal: in an edition that has them they are words like any others.
        if let Some(ground) = SecrecyGround::of_target(&url) {
            if let Err(written) = ground {
                self.found.push(unreadable(&written, self.pointer));
            }
            c.into_iter().for_each(|inline| self.inline(inline));
            return;
        }
        if c.iter().all(|inline| matches!(inline, Inline::Br)) {
            self.found.push(txt005::NoText { url: &url }.at(self.pointer));
        }
        let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") {
            self.found.push(txt005::Target { url: &url }.at(self.pointer));
        }
        self.inline(Inline::Link { url, c });
    }

    fn define(&mut self, name: String, mut blocks: Vec<Block>) {
        let c = match (blocks.len(), blocks.pop()) {
            (1, Some(Block::P { c })) => c,
            _ => {
                self.refuse(&markup::ALongFootnote);
                Vec::new()
            }
        };
        if self.footnotes.contains_key(&name) {
            self.found.push(txt004::NoteTwice { name: &name }.at(self.pointer));
        }
        self.footnotes.insert(name, c);
    }

    /// A list of amounts may have been meant as amounts with a minus sign: whoever wrote it must look.
    fn doubtful_signs(&mut self, items: &[Vec<Block>]) {
        let first = items.first().map(|item| plain(item)).unwrap_or_default();
        if items.iter().all(|item| is_amount(&plain(item))) {
            self.found.push(txt006::Bullets { first: &format_args!("{first:.40}") }.at(self.pointer));
        }
    }

    /// Moves loose inlines of the innermost block container into a paragraph.
    fn flush(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if matches!(frame.kind, Element::Item { .. } | Element::Quote | Element::Root | Element::Footnote(_))
            && !frame.inlines.is_empty()
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
        let text = Markup::unescape(text);
        // The parser splits text at every character that could have been markup.
        match frame.inlines.last_mut() {
            Some(Inline::Text { v }) => v.push_str(&text),
            _ => frame.inlines.push(Inline::Text { v: text }),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        let mut blocks = self.frames.pop().map(|f| f.blocks).unwrap_or_default();
        self.unread();
        for name in self.footnotes.keys().filter(|n| !self.used.contains(n)) {
            self.found.push(txt004::UnusedNote { name }.at(self.pointer));
        }
        for block in &mut blocks {
            self.settle_block(block, 0);
        }
        blocks
    }

    /// Words that came to nothing: a definition that no link uses, or one of two of the same name.
    fn unread(&mut self) {
        let mut rest = self.markup.slice(0..self.markup.len()).char_indices();
        if let Some((at, _)) = rest.find(|(i, c)| c.is_alphanumeric() && !self.read[*i]) {
            let before = self.markup.slice(0..at);
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let line = self.markup.slice(start..self.markup.len()).lines().next().unwrap_or_default();
            let lost = Markup::unescape(line.trim());
            self.found.push(txt003::Lost { text: &format_args!("{lost:.40}") }.at(self.pointer));
        }
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
    fn settle(&mut self, inlines: &mut Vec<Inline>, depth: usize) {
        for inline in std::mem::take(inlines) {
            match inline {
                Inline::Text { v } => {
                    if v.contains("[^") && v.contains(']') {
                        self.found.push(txt004::NoNote { mark: &excerpt(&v) }.at(self.pointer));
                    }
                    inlines.extend(runs(&v));
                }
                Inline::Em { mut c } => {
                    self.settle(&mut c, depth);
                    inlines.push(Inline::Em { c });
                }
                Inline::Strong { mut c } => {
                    self.settle(&mut c, depth);
                    inlines.push(Inline::Strong { c });
                }
                Inline::Link { url, mut c } => {
                    self.settle(&mut c, depth);
                    inlines.push(Inline::Link { url, c });
                }
                Inline::Br | Inline::Wbr | Inline::Mark { .. } => inlines.push(inline),
                Inline::Fn { c } => {
                    let name = match c.first() {
                        Some(Inline::Text { v }) => v.clone(),
                        _ => String::new(),
                    };
                    // A note inside a note would be lost, and a note naming itself would never end.
                    if depth > 0 {
                        self.found.push(txt004::NoteInNote { name: &name }.at(self.pointer));
                        continue;
                    }
                    let mut c = self.footnotes.get(&name).cloned().unwrap_or_default();
                    self.settle(&mut c, 1);
                    inlines.push(Inline::Fn { c });
                }
            }
        }
    }
}

/// Whether the numbers of a list can be counted from its first: one upon the other, or all alike, as lists are often
/// written to be counted by whoever sets them.
fn follow_on(start: u64, numbers: &[u64]) -> bool {
    numbers.iter().all(|n| *n == start) || numbers.iter().zip(start..).all(|(n, expected)| *n == expected)
}

/// Whether a line divides the head of a table from its body: `|---|---:|`.
fn is_delimiter_row(line: &str) -> bool {
    let line = line.trim();
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let dashes = |cell: &&str| {
        let bare = cell.trim_start_matches(':').trim_end_matches(':');
        !bare.is_empty() && bare.chars().all(|c| c == '-')
    };
    line.contains('|') && cells.iter().all(dashes)
}

/// Whether a text begins with an amount of money or a share: `500 tkr`, `3,5 %`.
fn is_amount(text: &str) -> bool {
    let text = text.replace('\u{00A0}', " ");
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | ',' | '.'));
    let unit = rest.split(|c: char| !c.is_alphabetic() && c != '%').next().unwrap_or_default();
    text.starts_with(|c: char| c.is_ascii_digit())
        && matches!(unit, "kr" | "kronor" | "tkr" | "mkr" | "mnkr" | "mdkr" | "%" | "procent")
}

fn excerpt(text: &str) -> String {
    let start = text.find("[^").unwrap_or(0);
    text[start..].chars().take(24).collect()
}
