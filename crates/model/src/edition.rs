//! Editions: what is secret or personal is left out of the public one, each time with a visible note.
//!
//! A mark stands on an item, a handling, a document or a section (`sekretess`, `personuppgift`), or on words in a text:
//! `[namn](personuppgift:)`, `[uppgift](sekretess:26:1)`. [`redact`] works on the tree that everything else is made
//! from. Every value of it is either in the tree that comes out or among what is [`Masked`], which a finished file can be
//! searched for; and a mark that cannot be followed is an error, after which there is no tree at all.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
pub use sigill_orders::Edition;

use crate::diagnostic::Diagnostic;
use crate::json::{Member, Node, NodeValue, Source};
use crate::messages::sek002;
use crate::place::{push_index, push_token};
use crate::secrecy::{SecrecyGround, unreadable};
use crate::text;

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// Where in the model it stood.
    pub pointer: String,
    /// Why.
    pub ground: SecrecyGround,
    /// Whether single words were marked, rather than a whole part.
    pub words: bool,
    /// What it said, as plain text.
    pub texts: Vec<String>,
}

/// A model without what the public edition leaves out.
#[derive(Debug, Clone)]
pub struct Redacted {
    /// The model; every part has kept its place, so pointers and positions go on being right.
    pub source: Source,
    /// What was left out; when it is empty, the model is as it was.
    pub masked: Vec<Masked>,
}

/// Leaves out all that is marked below the root of a model. A mark on the root itself is about the document as a whole
/// ([`SecrecyGround::of_node`]), and a matter of whoever names the document.
///
/// # Errors
/// Marks that cannot be read or followed, each with its place: nothing may be made of the model then. So may nothing be
/// of a source without a tree.
pub fn redact(source: &Source) -> Result<Redacted, Vec<Diagnostic>> {
    let Some(root) = source.root() else { return Err(source.findings().to_vec()) };
    let mut redactor = Redactor::default();
    let root = redactor.node(root, "");
    let Redactor { masked, faults, .. } = redactor;
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|d| d.located(source)).collect());
    }
    let source = if masked.is_empty() { source.clone() } else { source.with_root(root) };
    Ok(Redacted { source, masked })
}

/// Leaves marked words out of a single text.
///
/// # Errors
/// Marks that cannot be read.
pub fn redact_text(written: &str) -> Result<(String, Vec<Masked>), Vec<Diagnostic>> {
    let mut redactor = Redactor::default();
    let text = redactor.text(written);
    if redactor.faults.is_empty() { Ok((text, redactor.masked)) } else { Err(redactor.faults) }
}

/// What a model says, string by string, without its markup; for searching.
pub fn texts(node: &Node) -> Vec<String> {
    /// Fields that steer and are not read.
    const STEERING: [&str; 9] = ["kind", "profile", "file", "type", "id", "losenord", "format", "sekretess", "date"];
    match &node.value {
        NodeValue::String(s) => vec![plain(s)],
        NodeValue::Array(items) => items.iter().flat_map(texts).collect(),
        NodeValue::Object(members) => {
            members.iter().filter(|m| !STEERING.contains(&m.key.as_str())).flat_map(|m| texts(&m.node)).collect()
        }
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) => Vec::new(),
    }
}

fn plain(written: &str) -> String {
    text::plain(&text::parse(written, "", &mut Vec::new()))
}

/// Sorts of parts that can be left out, by the list they stand in.
#[derive(Clone, Copy)]
enum Part {
    Item,
    Paper,
    Section,
}

impl Part {
    fn of_list(key: &str) -> Option<Self> {
        match key {
            "arenden" => Some(Self::Item),
            "handlingar" | "bilagor" => Some(Self::Paper),
            key if key.ends_with("sections") => Some(Self::Section),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Redactor {
    pointer: String,
    masked: Vec<Masked>,
    faults: Vec<Diagnostic>,
}

impl Redactor {
    /// A value without what is marked in it. `list` is the key of the list it is, if it is one.
    fn node(&mut self, node: &Node, list: &str) -> Node {
        let length = self.pointer.len();
        let value = match &node.value {
            NodeValue::String(written) => NodeValue::String(self.text(written)),
            NodeValue::Array(items) => {
                let part = Part::of_list(list);
                let mut out = Vec::with_capacity(items.len());
                for (i, item) in items.iter().enumerate() {
                    push_index(&mut self.pointer, i);
                    out.push(self.entry(item, i, part));
                    self.pointer.truncate(length);
                }
                NodeValue::Array(out)
            }
            NodeValue::Object(members) => {
                let mut out = Vec::with_capacity(members.len());
                for m in members {
                    push_token(&mut self.pointer, &m.key);
                    if !matches!(m.node.value, NodeValue::Array(_)) {
                        self.astray(&m.node);
                    }
                    out.push(Member { key: m.key.clone(), key_span: m.key_span, node: self.node(&m.node, &m.key) });
                    self.pointer.truncate(length);
                }
                NodeValue::Object(out)
            }
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) => node.value.clone(),
        };
        Node { span: node.span, value }
    }

    /// An entry of a list: parts that can be marked stand in lists.
    fn entry(&mut self, entry: &Node, index: usize, part: Option<Part>) -> Node {
        let (Some(ground), Some(part)) = (SecrecyGround::of_node(entry), part) else {
            self.astray(entry);
            return self.node(entry, "");
        };
        // What the note takes from the part may hold marks itself.
        let note = match part {
            Part::Item => item_without(entry, index, &ground),
            Part::Paper => object(entry, [("title", format!("Utelämnad handling: {}", ground.note()).as_str().into())]),
            Part::Section => section_without(entry, &ground),
        };
        let note = self.node(&note, "");
        let texts = texts(entry).into_iter().filter(|t| !says(&note, t)).collect();
        self.masked.push(Masked { pointer: self.pointer.clone(), ground, words: false, texts });
        note
    }

    /// A mark on something that there is no way to leave out: better no public edition than one with it.
    fn astray(&mut self, node: &Node) {
        if SecrecyGround::of_node(node).is_some() {
            self.faults.push(sek002::Misplaced.at(&self.pointer));
        }
    }

    fn text(&mut self, written: &str) -> String {
        // Without one of these there is no link in a text, and so no mark.
        if !written.contains(['[', '<']) && !looks_marked(written) {
            return written.to_owned();
        }
        let read = text::Markup::of(written);
        let spans = marked_spans(&read);
        let out = if spans.is_empty() { written.to_owned() } else { self.without(&read, spans) };
        // What is read as a mark wherever the text is set, or looks like one, and was not taken as one, must not slip
        // through: a title or a cell is read as one line, and may have links that running text has not.
        if looks_marked(&out) || text::ways(&out).iter().any(|way| !marked_spans(way).is_empty()) {
            self.faults.push(sek002::Unreadable.at(&self.pointer));
        }
        out
    }

    fn without(&mut self, read: &text::Markup, spans: Vec<Span>) -> String {
        let mut out = String::new();
        let mut at = 0;
        for Span { range, ground, said, inline } in spans {
            if range.start < at {
                continue;
            }
            match ground {
                Ok(ground) if inline => {
                    out.push_str(read.slice(at..range.start));
                    out.push_str(&format!("‹utelämnat: {}›", ground.note()));
                    at = range.end;
                    let texts = vec![said];
                    self.masked.push(Masked { pointer: self.pointer.clone(), ground, words: true, texts });
                }
                // The words stand in one place and their mark in another, which goes on naming them.
                Ok(_) => self.faults.push(sek002::Unreadable.at(&self.pointer)),
                Err(written) => self.faults.push(unreadable(&written, &self.pointer)),
            }
        }
        out.push_str(read.slice(at..read.len()));
        text::Markup::unescape(&out)
    }
}

fn says(part: &Node, text: &str) -> bool {
    matches!(&part.value, NodeValue::Object(members) if members.iter().any(|m| m.node.as_str() == Some(text)))
}

/// Whether a text has what looks like a mark: a scheme directly behind a bracket, or with its paragraph directly behind it.
fn looks_marked(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["sekretess", "personuppgift"].iter().any(|scheme| {
        lower.match_indices(scheme).any(|(at, _)| {
            let before = lower[..at].trim_end_matches(|c: char| c == '<' || c == '>' || c == '\\' || c.is_whitespace());
            let after = lower[at + scheme.len()..].trim_start_matches('\\');
            let target = before.ends_with("](") || before.ends_with("]:");
            let bracketed = target || before.ends_with(['(', '[']);
            let meant = after.strip_prefix(':').is_some_and(|rest| {
                rest.is_empty() || rest.starts_with([')', ']', '>']) || rest.starts_with(|c: char| c.is_ascii_digit())
            });
            let ends = after.is_empty() || after.starts_with([':', ')', '>']) || after.starts_with(char::is_whitespace);
            (bracketed && meant) || (target && ends)
        })
    })
}

/// Marked words of a text.
struct Span {
    /// Where they stand with their mark.
    range: Range<usize>,
    /// Why, or the paragraph that cannot be read.
    ground: Result<SecrecyGround, String>,
    /// What they say.
    said: String,
    /// Whether the mark stands with them.
    inline: bool,
}

fn marked_spans(read: &text::Markup) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open: Option<Span> = None;
    let mut depth = 0;
    for (event, range) in read.events().into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, link_type, .. }) if open.is_none() => {
                let inline = matches!(link_type, LinkType::Inline | LinkType::Autolink);
                let target = SecrecyGround::of_target(&text::Markup::unescape(&dest_url));
                open = target.map(|ground| Span { range, ground, said: String::new(), inline });
                depth = 0;
            }
            Event::Start(Tag::Link { .. }) => depth += 1,
            Event::End(TagEnd::Link) if depth > 0 => depth -= 1,
            Event::End(TagEnd::Link) => out.extend(open.take()),
            Event::Text(t) | Event::Code(t) | Event::InlineHtml(t) => {
                if let Some(span) = &mut open {
                    span.said.push_str(&text::Markup::unescape(&t));
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(span) = &mut open {
                    span.said.push(' ');
                }
            }
            _ => {}
        }
    }
    out
}

/// An object in place of a part, with the part's place.
fn object<const N: usize>(part: &Node, members: [(&str, NodeValue); N]) -> Node {
    let mut out = Node { span: part.span, value: NodeValue::Object(Vec::new()) };
    members.into_iter().for_each(|(key, value)| out.set(key, value));
    out
}

fn keep(part: &Node, out: &mut Node, fields: &[&str]) {
    for field in fields {
        if let Some(kept) = part.get(field) {
            out.set(field, kept.value.clone());
        }
    }
}

fn item_without(item: &Node, index: usize, ground: &SecrecyGround) -> Node {
    let title = item.get("offentlig_rubrik").and_then(Node::as_str).unwrap_or("Ärende som inte är offentligt");
    let words = format!("Ärendets uppgifter och handlingar är utelämnade: {}.", ground.note());
    let number = NodeValue::Number((index + 1).to_string());
    let mut out = object(item, [("nummer", number), ("title", title.into()), ("text", words.as_str().into())]);
    keep(item, &mut out, &["nummer", "slutet", "muntlig", "tillagg"]);
    out
}

fn section_without(section: &Node, ground: &SecrecyGround) -> Node {
    let words = format!("Avsnittet är utelämnat: {}.", ground.note());
    let mut out = object(section, [("title", "Utelämnat avsnitt".into()), ("content", words.as_str().into())]);
    keep(section, &mut out, &["new_page"]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(json: &str) -> Source {
        let source = Source::parse(json.as_bytes());
        assert_eq!(source.findings(), []);
        source
    }

    fn redacted(json: &str) -> (String, Vec<Masked>) {
        let Redacted { source, masked } = redact(&source(json)).unwrap_or_else(|f| unreachable!("{f:?}"));
        (String::from_utf8(source.json()).unwrap_or_default(), masked)
    }

    fn faults(json: &str) -> Vec<&'static str> {
        redact(&source(json)).err().into_iter().flatten().map(|d| d.code.as_str()).collect()
    }

    #[test]
    fn marked_words_give_way_to_a_note_and_are_remembered() {
        let (model, masked) = redacted(
            r#"{"a": "Sökanden [Åsa *Påhitt*](personuppgift:) & co har [en skuld](<sekretess:26 kap. 1 §>).", "n": 12.10}"#,
        );
        assert_eq!(
            model,
            r#"{"a":"Sökanden ‹utelämnat: personuppgift› & co har ‹utelämnat: sekretess, 26 kap. 1 § OSL›.","n":12.10}"#
        );
        let said: Vec<_> = masked.iter().flat_map(|m| m.texts.clone()).collect();
        assert_eq!(said, ["Åsa Påhitt", "en skuld"]);
    }

    #[test]
    fn a_mark_that_is_not_taken_is_a_fault() {
        for text in [
            "\\\\[Åsa](personuppgift:)",
            "    [x](sekretess:26:1)",
            "[x][1]\\n\\n[1]: sekretess:26:1",
            "[x](sekretess:99:1)",
            "[x](sekretess&#58;26:1) [y](sekretess:",
            "[X] (sekretess:26:1)",
            "[X(personuppgift:)",
            "(X)[personuppgift:]",
            "[Åsa]\\n\\n[Åsa]:\\npersonuppgift:",
            "[x][1]\\n\\n[1]:\\tsekretess:26:1",
            "    [x](\\nsekretess:26:1)",
            "[x](<sekretess:26:1)",
        ] {
            assert!(!faults(&format!(r#"{{"a": "{text}"}}"#)).is_empty(), "{text}");
        }
        assert!(faults(r#"{"a": "Sekretess: se 26 kap. (sekretess)"}"#).is_empty());
    }

    #[test]
    fn a_mark_is_taken_wherever_it_is_a_link() {
        for text in [
            "[Åsa](\\nsekretess:26:1)",
            "[Åsa](\\tsekretess:26:1)",
            "[Åsa](\\r\\npersonuppgift:)",
            "[Åsa](\\n<sekretess:26:1>)",
            "[Åsa](sekretess\\\\:26:1)",
            "> x [Åsa](\\n> personuppgift:)",
            "x[^1]\\n\\n[^1]: [Åsa](\\npersonuppgift:)",
            "**[Åsa](Personuppgift:)**",
            "&[Åsa](sekretess:26:1)&",
        ] {
            let (model, masked) = redacted(&format!(r#"{{"a": "{text}"}}"#));
            assert!(!model.contains("Åsa") && model.contains("utelämnat"), "{text}: {model}");
            assert_eq!(masked[0].texts, ["Åsa"], "{text}");
        }
    }

    #[test]
    fn a_mark_on_what_cannot_be_left_out_is_a_fault() {
        for model in [
            r#"{"sammantrade": {"plats": "x", "sekretess": "26:1"}}"#,
            r#"{"rader": [{"x": 1, "personuppgift": true}]}"#,
            r#"{"content": [{"type": "facts", "sekretess": 26}]}"#,
            r#"{"rader": [[{"personuppgift": "ja"}]]}"#,
        ] {
            assert_eq!(faults(model), ["SEK002"], "{model}");
        }
        assert!(faults(r#"{"rader": [{"personuppgift": false}]}"#).is_empty());
    }

    #[test]
    fn marked_parts_keep_their_place_and_lose_their_words() {
        let (text, masked) = redacted(
            r#"{"arenden": [
                {"title": "Öppet"},
                {"title": "Bygglov för Åsa Påhitt", "dnr": "X 1", "sekretess": "21:7", "handlingar": [{"title": "Yttrande"}]},
                {"title": "Bygglov", "personuppgift": true, "offentlig_rubrik": "Bygglov för [Åsa](personuppgift:)"}
            ], "sections": [{"title": "Bakgrund", "content": "Hemligt", "personuppgift": true}]}"#,
        );
        assert!(!text.contains("Åsa") && !text.contains("Yttrande") && !text.contains("Hemligt"), "{text}");
        assert!(text.contains(r#"{"nummer":2,"title":"Ärende som inte är offentligt","#), "{text}");
        assert!(text.contains("sekretess, 21 kap. 7 § OSL"));
        assert_eq!(masked.len(), 4);
        assert!(masked[0].texts.contains(&"Bygglov för Åsa Påhitt".to_owned()));
    }

    #[test]
    fn nothing_comes_of_what_is_no_json() {
        let broken = Source::parse(b"{\"a\": ");
        assert_eq!(redact(&broken).err().map(|f| f[0].code.as_str()), Some("JSN001"));
    }

    #[test]
    fn without_marks_the_model_is_as_it_was() {
        let written = "\u{FEFF}{ \"a\" : 1e400, \"b\": [12.10, 1234567890123456.78] }";
        let Redacted { source, masked } = redact(&source(written)).unwrap_or_else(|f| unreachable!("{f:?}"));
        assert_eq!((source.json(), masked), (written.as_bytes().to_vec(), Vec::new()));
    }
}
