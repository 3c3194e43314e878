//! From CommonMark events to blocks.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};
use sigill_messages::Localize;

use super::block::{Block, Inline};
use super::commonmark::Markup;
use crate::diagnostic::Diagnostic;
use crate::format::typography;
use crate::messages::{markup, txt003, txt004, txt005};
use crate::secrecy::{SecrecyGround, unreadable};

/// Parses text into blocks. Findings point at `pointer`.
pub(super) fn blocks(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Block> {
    let mut builder = Builder {
        pointer,
        found,
        frames: vec![Frame::new(Element::Root)],
        footnotes: HashMap::new(),
        used: Vec::new(),
    };
    for event in Markup::of(text).events() {
        builder.event(event);
    }
    builder.finish()
}

#[derive(Debug, Clone, PartialEq)]
enum Element {
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
    kind: Element,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
    loose: bool,
}

impl Frame {
    fn new(kind: Element) -> Self {
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
            Event::Rule => self.refuse(&markup::AThematicBreak),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn refuse(&mut self, what: &dyn Localize) {
        self.found.push(txt003::NotHere { what }.at(self.pointer));
    }

    fn open(&mut self, kind: Element) {
        // Text directly in a list item (a tight list) becomes a paragraph before a nested block starts.
        if !matches!(kind, Element::Em | Element::Strong | Element::Link(_)) {
            self.flush();
        }
        if self.frames.len() == MAX_NESTING {
            self.refuse(&markup::DeepNesting);
        }
        // Deeper text is dropped after the finding, so that nothing later recurses far.
        let kind = if self.frames.len() >= MAX_NESTING { Element::Ignored } else { kind };
        self.frames.push(Frame::new(kind));
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph | Tag::HtmlBlock => {
                if let Some(item) = self.frames.last_mut().filter(|f| f.kind == Element::Item) {
                    item.loose = true;
                }
                Element::Paragraph
            }
            Tag::List(start) => Element::List { start },
            Tag::Item => Element::Item,
            Tag::BlockQuote(_) => Element::Quote,
            Tag::Emphasis => Element::Em,
            Tag::Strong => Element::Strong,
            Tag::Link { dest_url, .. } => Element::Link(Markup::unescape(&dest_url)),
            Tag::FootnoteDefinition(name) => Element::Footnote(name.to_string()),
            Tag::Heading { .. } => {
                self.refuse(&markup::AHeading);
                Element::Ignored
            }
            Tag::CodeBlock(_) => {
                self.refuse(&markup::ACodeBlock);
                Element::Ignored
            }
            Tag::Image { .. } => {
                self.refuse(&markup::AnImage);
                Element::Ignored
            }
            _ => Element::Ignored,
        };
        self.open(kind);
    }

    fn end(&mut self, _: TagEnd) {
        self.flush();
        let Some(frame) = self.frames.pop() else { return };
        let Frame { kind, blocks, inlines, items, loose } = frame;
        match kind {
            Element::Paragraph => self.block(Block::P { c: inlines }),
            Element::Quote => self.block(Block::Quote { c: blocks }),
            Element::List { start } => {
                let tight = !loose;
                self.block(match start {
                    Some(start) => Block::Ol { start, tight, items },
                    None => Block::Ul { tight, items },
                });
            }
            Element::Item => {
                if let Some(list) = self.frames.last_mut() {
                    list.items.push(blocks);
                    list.loose |= loose;
                }
            }
            Element::Em => self.inline(Inline::Em { c: inlines }),
            Element::Strong => self.inline(Inline::Strong { c: inlines }),
            Element::Link(url) => self.link(url, inlines),
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
        let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") {
            self.found.push(txt005::Target { url: &url }.at(self.pointer));
        }
        self.inline(Inline::Link { url, c });
    }

    fn define(&mut self, name: String, mut blocks: Vec<Block>) {
        match (blocks.len(), blocks.pop()) {
            (1, Some(Block::P { c })) => {
                self.footnotes.insert(name, c);
            }
            _ => {
                self.refuse(&markup::ALongFootnote);
                self.footnotes.insert(name, Vec::new());
            }
        }
    }

    /// Moves loose inlines of the innermost block container into a paragraph.
    fn flush(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if matches!(frame.kind, Element::Item | Element::Quote | Element::Root | Element::Footnote(_))
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
        for name in self.footnotes.keys().filter(|n| !self.used.contains(n)) {
            self.found.push(txt004::UnusedNote { name }.at(self.pointer));
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
                        self.found.push(txt004::NoNote { mark: &excerpt(v) }.at(self.pointer));
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
