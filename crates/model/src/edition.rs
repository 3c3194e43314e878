//! Editions: what is secret or personal is left out of the public one, each time with a visible note.
//!
//! A mark stands on an item, a handling, a document or a section (`sekretess`, `personuppgift`), or on words in a text:
//! `[namn](personuppgift:)`, `[uppgift](sekretess:26:1)`. What is taken away is kept aside as [`Masked`], so that a
//! finished file can be searched for it.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use serde_json::{Map, Value, json};
pub use sigill_orders::Edition;

use crate::diagnostic::Diagnostic;
use crate::json::{push_index, push_token};
use crate::text;

/// Chapters of the law, offentlighets- och sekretesslagen (2009:400).
const CHAPTERS: std::ops::RangeInclusive<u32> = 1..=44;

/// A paragraph of OSL as it is cited: `26 kap. 1 § OSL`. Takes `26 kap. 1 §`, `26:1` and `OSL 26:1`, also with a letter.
pub fn lagrum(written: &str) -> Option<String> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:OSL\s+)?(\d{1,2})(?:\s*:\s*|\s+kap\.?\s+)(\d{1,3})\s*([a-z])?(?:\s*§)?(?:\s+OSL)?$").ok()
    });
    let found = SHAPE.as_ref()?.captures(written.trim())?;
    let chapter: u32 = found[1].parse().ok().filter(|c| CHAPTERS.contains(c))?;
    let paragraph: u32 = found[2].parse().ok().filter(|&p| p > 0)?;
    let letter = found.get(3).map(|l| format!(" {}", l.as_str())).unwrap_or_default();
    Some(format!("{chapter} kap. {paragraph}{letter} § OSL"))
}

/// Why something is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// Secret, by this paragraph.
    Sekretess(String),
    /// Personal.
    Personuppgift,
}

impl Ground {
    /// As readers meet it: `sekretess, 26 kap. 1 § OSL`.
    pub fn note(&self) -> String {
        match self {
            Self::Sekretess(paragraph) => format!("sekretess, {paragraph}"),
            Self::Personuppgift => "personuppgift".into(),
        }
    }

    /// The ground a link target stands for; `None` when it is another link, an error when it cannot be read.
    pub fn of_target(url: &str) -> Option<Result<Self, String>> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        if scheme.eq_ignore_ascii_case("personuppgift") {
            return Some(if rest.is_empty() { Ok(Self::Personuppgift) } else { Err(url.to_owned()) });
        }
        let written = rest.replace("%20", " ");
        scheme
            .eq_ignore_ascii_case("sekretess")
            .then(|| lagrum(&written).map(Self::Sekretess).ok_or_else(|| written.clone()))
    }

    /// The ground an item, handling, document or section is marked with.
    pub fn of_part(part: &Value) -> Option<Self> {
        if let Some(paragraph) = part.get("sekretess").and_then(Value::as_str) {
            return Some(Self::Sekretess(lagrum(paragraph).unwrap_or_else(|| paragraph.to_owned())));
        }
        (part.get("personuppgift") == Some(&Value::Bool(true))).then_some(Self::Personuppgift)
    }
}

/// A finding for a paragraph that cannot be read.
pub fn unreadable(written: &str, pointer: &str) -> Diagnostic {
    let shown: String = written.chars().take(60).collect();
    Diagnostic::error(
        "SEK001",
        pointer,
        format!("”{shown}” är inget lagrum i OSL"),
        format!("\"{shown}\" is no paragraph of OSL"),
    )
    .help(
        "skriv lagrummet som \"26 kap. 1 §\"; i text [uppgift](sekretess:26:1) eller [namn](personuppgift:)",
        "write the paragraph as \"26 kap. 1 §\"; in text [words](sekretess:26:1) or [name](personuppgift:)",
    )
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// Where in the model it stood.
    pub pointer: String,
    /// Why.
    pub ground: Ground,
    /// Whether single words were marked, rather than a whole part.
    pub words: bool,
    /// What it said, as plain text.
    pub texts: Vec<String>,
}

/// A model without what the public edition leaves out.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    /// The model; every part has kept its place, so pointers go on being right.
    pub model: Value,
    /// What was left out.
    pub masked: Vec<Masked>,
    /// Marks that could not be read: nothing may be made of the model then.
    pub faults: Vec<Diagnostic>,
}

/// Leaves out all that is marked.
pub fn redact(model: &Value) -> Redacted {
    let mut redactor = Redactor { pointer: String::new(), masked: Vec::new(), faults: Vec::new() };
    let model = redactor.value(model, None);
    Redacted { model, masked: redactor.masked, faults: redactor.faults }
}

/// What a model says, string by string, without its markup; for searching.
pub fn texts(model: &Value) -> Vec<String> {
    /// Fields that steer and are not read.
    const STEERING: [&str; 9] = ["kind", "profile", "file", "type", "id", "losenord", "format", "sekretess", "date"];
    match model {
        Value::String(s) => vec![plain(s)],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => {
            members.iter().filter(|(key, _)| !STEERING.contains(&key.as_str())).flat_map(|(_, v)| texts(v)).collect()
        }
        _ => Vec::new(),
    }
}

fn plain(text: &str) -> String {
    text::plain(&text::parse(text, "", &mut Vec::new()))
}

struct Redactor {
    pointer: String,
    masked: Vec<Masked>,
    faults: Vec<Diagnostic>,
}

impl Redactor {
    fn value(&mut self, value: &Value, list: Option<&str>) -> Value {
        let length = self.pointer.len();
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for (i, item) in items.iter().enumerate() {
                    push_index(&mut self.pointer, i);
                    out.push(self.part(item, i, list.unwrap_or_default()));
                    self.pointer.truncate(length);
                }
                Value::Array(out)
            }
            Value::Object(members) => {
                let mut out = Map::new();
                for (key, member) in members {
                    push_token(&mut self.pointer, key);
                    out.insert(key.clone(), self.value(member, Some(key)));
                    self.pointer.truncate(length);
                }
                Value::Object(out)
            }
            other => other.clone(),
        }
    }

    /// An entry of a list: parts that can be marked stand in lists.
    fn part(&mut self, part: &Value, index: usize, list: &str) -> Value {
        let instead: fn(&Value, usize, &Ground) -> Value = match list {
            "arenden" => item_without,
            "handlingar" | "bilagor" => paper_without,
            list if list.ends_with("sections") => section_without,
            _ => return self.value(part, None),
        };
        match Ground::of_part(part) {
            Some(ground) => {
                let out = instead(part, index, &ground);
                let texts = texts(part).into_iter().filter(|t| !out.as_object().is_some_and(|o| says(o, t))).collect();
                self.masked.push(Masked { pointer: self.pointer.clone(), ground, words: false, texts });
                out
            }
            None => self.value(part, None),
        }
    }

    fn text(&mut self, text: &str) -> String {
        if !might_mark(text) {
            return text.to_owned();
        }
        let spans = marked_spans(text);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, ground, said) in spans {
            if range.start < at {
                continue;
            }
            match ground {
                Ok(ground) => {
                    out.push_str(&text[at..range.start]);
                    out.push_str(&format!("‹utelämnat: {}›", ground.note()));
                    at = range.end;
                    let texts = vec![said];
                    self.masked.push(Masked { pointer: self.pointer.clone(), ground, words: true, texts });
                }
                Err(written) => self.faults.push(unreadable(&written, &self.pointer)),
            }
        }
        out.push_str(&text[at..]);
        // What looks like a mark and was not taken as one must not slip through.
        if might_mark(&out) {
            self.faults.push(
                Diagnostic::error(
                    "SEK002",
                    &self.pointer,
                    "en maskering i texten går inte att läsa",
                    "a mark in the text cannot be read",
                )
                .help(
                    "skriv [uppgift](sekretess:26:1) eller [namn](personuppgift:) i löpande text",
                    "write [words](sekretess:26:1) or [name](personuppgift:) in running text",
                ),
            );
        }
        out
    }
}

fn says(part: &Map<String, Value>, text: &str) -> bool {
    part.values().any(|v| v.as_str() == Some(text))
}

/// Whether a text may hold a mark.
fn might_mark(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["sekretess", "personuppgift"].iter().any(|scheme| {
        lower.match_indices(scheme).any(|(at, _)| {
            let before = lower[..at].trim_end_matches(['<', ' ']);
            let after = &lower[at + scheme.len()..];
            (before.ends_with("](") || before.ends_with("]:")) && after.starts_with([':', ')', '>', ' '])
        })
    })
}

type Span = (Range<usize>, Result<Ground, String>, String);

/// Marked words of a text: where they stand with their mark, why, and what they say.
fn marked_spans(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open: Option<Span> = None;
    let mut depth = 0;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_FOOTNOTES).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) if open.is_none() => {
                open = Ground::of_target(&dest_url).map(|ground| (range, ground, String::new()));
                depth = 0;
            }
            Event::Start(Tag::Link { .. }) => depth += 1,
            Event::End(TagEnd::Link) if depth > 0 => depth -= 1,
            Event::End(TagEnd::Link) => out.extend(open.take()),
            Event::Text(t) | Event::Code(t) | Event::InlineHtml(t) => {
                if let Some((_, _, said)) = &mut open {
                    said.push_str(&t);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, _, said)) = &mut open {
                    said.push(' ');
                }
            }
            _ => {}
        }
    }
    out
}

fn item_without(item: &Value, index: usize, ground: &Ground) -> Value {
    let number = item.get("nummer").cloned().unwrap_or_else(|| json!(index + 1));
    let title = item.get("offentlig_rubrik").and_then(Value::as_str).unwrap_or("Ärende som inte är offentligt");
    let mut out = json!({
        "nummer": number,
        "title": title,
        "text": format!("Ärendets uppgifter och handlingar är utelämnade: {}.", ground.note()),
    });
    for kept in ["slutet", "muntlig", "tillagg"] {
        if let (Some(value), Some(out)) = (item.get(kept), out.as_object_mut()) {
            out.insert(kept.into(), value.clone());
        }
    }
    out
}

fn paper_without(_: &Value, _: usize, ground: &Ground) -> Value {
    json!({"title": format!("Utelämnad handling: {}", ground.note())})
}

fn section_without(section: &Value, _: usize, ground: &Ground) -> Value {
    let new_page = section.get("new_page").cloned().unwrap_or(Value::Bool(false));
    json!({
        "title": "Utelämnat avsnitt",
        "content": format!("Avsnittet är utelämnat: {}.", ground.note()),
        "new_page": new_page,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_cited_one_way() {
        for written in ["26 kap. 1 §", "26:1", "OSL 26:1", "26 kap 1 § OSL", " 26 : 1 "] {
            assert_eq!(lagrum(written).as_deref(), Some("26 kap. 1 § OSL"), "{written}");
        }
        assert_eq!(lagrum("10:12 a").as_deref(), Some("10 kap. 12 a § OSL"));
        for wrong in ["", "26", "45:1", "0:1", "26:0", "26 kap.", "patientdata"] {
            assert_eq!(lagrum(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn marked_words_give_way_to_a_note_and_are_remembered() {
        let model =
            json!({"a": "Sökanden [Åsa *Påhitt*](personuppgift:) & co har [en skuld](<sekretess:26 kap. 1 §>)."});
        let redacted = redact(&model);
        assert_eq!(redacted.faults, []);
        assert_eq!(
            redacted.model["a"],
            "Sökanden ‹utelämnat: personuppgift› & co har ‹utelämnat: sekretess, 26 kap. 1 § OSL›."
        );
        let said: Vec<_> = redacted.masked.iter().flat_map(|m| m.texts.clone()).collect();
        assert_eq!(said, ["Åsa Påhitt", "en skuld"]);
    }

    #[test]
    fn a_mark_that_is_not_taken_is_a_fault() {
        for text in [
            "\\[Åsa](personuppgift:)",
            "    [x](sekretess:26:1)",
            "[x][1]\n\n[1]: sekretess:26:1",
            "[x](sekretess:99:1)",
        ] {
            assert!(!redact(&json!({"a": text})).faults.is_empty(), "{text}");
        }
        assert_eq!(redact(&json!({"a": "Sekretess: se 26 kap. (sekretess)"})).faults, []);
    }

    #[test]
    fn marked_parts_keep_their_place_and_lose_their_words() {
        let model = json!({"arenden": [
            {"title": "Öppet"},
            {"title": "Bygglov för Åsa Påhitt", "dnr": "X 1", "sekretess": "21:7", "handlingar": [{"title": "Yttrande"}]},
        ], "sections": [{"title": "Bakgrund", "content": "Hemligt", "personuppgift": true}]});
        let redacted = redact(&model);
        let text = redacted.model.to_string();
        assert!(!text.contains("Åsa") && !text.contains("Yttrande") && !text.contains("Hemligt"), "{text}");
        assert_eq!(redacted.model["arenden"][1]["nummer"], 2);
        assert!(text.contains("sekretess, 21 kap. 7 § OSL"));
        assert_eq!(redacted.masked.len(), 2);
        assert!(redacted.masked[0].texts.contains(&"Bygglov för Åsa Påhitt".to_owned()));
    }
}
