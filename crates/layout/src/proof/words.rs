//! Whether the words of a report stand on its pages: texts, headings, cells and notes, each as often as the report has them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;
use sigill_model::place::{push_index, push_token};

use super::ink::squeeze_into;

/// A stretch of text that stands together on a page, and the part of the report it comes from.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) pointer: String,
    /// What it is made of, when the whole need not stand together: the cells of a row.
    parts: Vec<Piece>,
}

impl Piece {
    /// It, and what it is made of.
    pub(super) fn with_parts(&self) -> impl Iterator<Item = &Piece> {
        std::iter::once(self).chain(&self.parts)
    }
}

/// All texts of a report's data, in order.
pub(super) fn pieces(data: &Value) -> Vec<Piece> {
    let mut out = Vec::new();
    walk(data, &mut String::new(), &mut out);
    out
}

fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// A run of text: a list of nodes, each with its sort in `t`.
fn is_run(items: &[Value]) -> bool {
    items.first().is_some_and(|first| {
        matches!(string(first, "t"), "text" | "em" | "strong" | "link" | "br" | "wbr" | "mark" | "fn")
    })
}

/// What columns are measured by, and the title an item has in a public edition, are no texts of their own.
const UNSEEN: [&str; 2] = ["extent", "offentlig_rubrik"];

fn walk(value: &Value, pointer: &mut String, out: &mut Vec<Piece>) {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            if object.get("cells").is_some_and(Value::is_array) {
                row(value, pointer, out);
                return;
            }
            // What is filled in stands instead of what there was to choose from.
            let chosen = object.contains_key("value") && object.contains_key("options");
            let seen = |key: &str| !(UNSEEN.contains(&key) || chosen && key == "options");
            for (key, below) in object.iter().filter(|(key, _)| seen(key)) {
                push_token(pointer, key);
                walk(below, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::Array(items) if is_run(items) => {
            let (mut text, mut notes) = (String::new(), Vec::new());
            run(items, &mut text, pointer, out, &mut notes);
            keep(text, pointer, out);
            out.append(&mut notes);
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                push_index(pointer, i);
                walk(item, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn keep(text: String, pointer: &str, out: &mut Vec<Piece>) {
    if !text.is_empty() {
        out.push(Piece { text, pointer: pointer.to_owned(), parts: Vec::new() });
    }
}

/// Adds a run's letters to `text`. The mark of a note, whose number is not known here, ends a piece.
fn run(items: &[Value], text: &mut String, pointer: &str, out: &mut Vec<Piece>, notes: &mut Vec<Piece>) {
    for node in items {
        let below = node.get("c").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match string(node, "t") {
            "text" | "mark" => squeeze_into(string(node, "v"), text),
            "fn" => {
                keep(std::mem::take(text), pointer, out);
                let mut note = String::new();
                run(below, &mut note, pointer, out, &mut Vec::new());
                keep(note, pointer, notes);
            }
            _ => run(below, text, pointer, out, notes),
        }
    }
}

/// A row of a table: its cells beside each other, or each for itself where the row is divided.
fn row(value: &Value, pointer: &mut String, out: &mut Vec<Piece>) {
    let length = pointer.len();
    let cells = value.get("cells").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (mut parts, mut notes) = (Vec::new(), Vec::new());
    for (i, cell) in cells.iter().enumerate() {
        push_token(pointer, "cells");
        push_index(pointer, i);
        let mut text = String::new();
        let items = cell.get("c").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        run(items, &mut text, pointer, &mut parts, &mut notes);
        squeeze_into(string(cell, "mark"), &mut text);
        keep(text, pointer, &mut parts);
        pointer.truncate(length);
    }
    let text: String = parts.iter().map(|p| p.text.as_str()).collect();
    if !text.is_empty() {
        out.push(Piece { text, pointer: pointer.clone(), parts });
    }
    out.append(&mut notes);
}

/// A piece as the report has it.
pub(super) fn written(data: &Value, piece: &Piece) -> String {
    fn add(value: &Value, out: &mut String) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| add(item, out)),
            Value::Object(node) => {
                node.iter().filter(|(key, _)| *key == "v" || *key == "c").for_each(|(_, v)| add(v, out))
            }
            Value::String(text) => out.push_str(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut out = String::new();
    data.pointer(&piece.pointer).into_iter().for_each(|value| add(value, &mut out));
    out
}

/// Letters by which the beginning of a text is looked for when the whole is not found: fewer when a page ends early in it.
const BEGINNINGS: [usize; 3] = [12, 6, 3];
/// Places a text may be divided at, by ends of pages and what stands there; and bytes of a text for each further one, by
/// hyphens at the ends of lines.
const DIVISIONS: usize = 12;
const BYTES_PER_DIVISION: usize = 16;
/// How far behind a text the next may begin: after a number or a mark.
const NEAR: usize = 64;
/// Length from which a text is taken where it follows the last one. A shorter one might begin within the next.
const FOLLOWS: usize = 24;
/// Length of a text that stands for itself wherever it is found.
const ALONE: usize = 80;

/// Letters that are looked for together when a text stands in parts.
const PART: usize = 4;

/// Whether most of a text's letters stand on the pages, a few together.
pub(super) fn stands_in_parts(text: &str, all: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let parts: Vec<String> = letters.chunks(PART).map(|part| part.iter().collect()).collect();
    let found = parts.iter().filter(|part| all.contains(part.as_str())).count();
    found * 4 >= parts.len() * 3
}

/// The words on all pages. Each letter stands for one text only.
pub(super) struct Words<'a> {
    all: &'a str,
    /// Which bytes have been found to be part of a text.
    taken: Vec<bool>,
    /// Where each run of text begins, by what it says, the last first.
    runs: HashMap<&'a str, Vec<usize>>,
    /// Where the last text found ends.
    at: usize,
}

impl<'a> Words<'a> {
    /// `runs` are the stretches of `all` that were set as one.
    pub(super) fn new(all: &'a str, runs: &[Range<usize>]) -> Self {
        let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
        for run in runs.iter().rev() {
            by_text.entry(&all[run.clone()]).or_default().push(run.start);
        }
        Self { all, taken: vec![false; all.len()], runs: by_text, at: 0 }
    }

    fn is_free(&self, at: usize, length: usize) -> bool {
        !self.taken[at..at + length].contains(&true)
    }

    fn take(&mut self, at: usize, length: usize) {
        self.taken[at..at + length].fill(true);
        self.at = at + length;
    }

    /// Places of a text from one on that no other text has taken.
    fn places<'s>(&'s self, text: &'s str, from: usize) -> impl Iterator<Item = usize> + 's {
        let free = move |at: &usize| self.is_free(*at, text.len());
        self.all[from..].match_indices(text).map(move |(at, _)| from + at).filter(free)
    }

    /// Where a text stands right after the last one found.
    fn next(&self, text: &str) -> Option<usize> {
        if text.len() < FOLLOWS {
            return None;
        }
        let end = (self.at + NEAR + text.len()).min(self.all.len());
        let near = &self.all[self.at..self.all.floor_char_boundary(end)];
        near.find(text).map(|at| self.at + at).filter(|&at| self.is_free(at, text.len()))
    }

    /// Takes a text where it stands whole.
    fn take_whole(&mut self, text: &str) -> bool {
        let at = self.run(text).or_else(|| self.places(text, self.at).next()).or_else(|| self.places(text, 0).next());
        at.into_iter().for_each(|at| self.take(at, text.len()));
        at.is_some()
    }

    /// Where a text is set as a run of its own.
    fn run(&mut self, text: &str) -> Option<usize> {
        loop {
            let at = self.runs.get_mut(text)?.pop()?;
            if self.is_free(at, text.len()) {
                return Some(at);
            }
        }
    }

    /// Takes a text where it stands divided by what ends a page.
    fn take_divided(&mut self, text: &str) -> bool {
        let mut left = text;
        // The fewer its letters, the more would they be found by chance in parts.
        for _ in 0..=(text.chars().count() / 8).min(DIVISIONS + text.len() / BYTES_PER_DIVISION) {
            let found = BEGINNINGS.iter().find_map(|&count| self.longest(left, count));
            let Some((at, length)) = found else { return false };
            self.take(at, length);
            left = &left[length..];
            if left.is_empty() {
                return true;
            }
        }
        false
    }

    /// The place where most of a text stands, of those where so many letters of it do, and how much.
    fn longest(&self, text: &str, count: usize) -> Option<(usize, usize)> {
        let end = text.char_indices().nth(count).map_or(text.len(), |(end, _)| end);
        let same = |at: usize| {
            let both = self.all[at..].chars().zip(text.chars()).take_while(|(a, b)| a == b);
            let length: usize = both.map(|(c, _)| c.len_utf8()).sum();
            self.taken[at..at + length].iter().position(|taken| *taken).unwrap_or(length)
        };
        let places = self.places(&text[..end], 0).map(|at| (at, same(at)));
        places.max_by_key(|&(at, length)| (length, Reverse(at)))
    }

    /// Takes texts where they stand whole, long ones first, since a short one may stand within them too. Gives those that
    /// do not.
    fn take_all<'p>(&mut self, mut pieces: Vec<&'p Piece>) -> Vec<&'p Piece> {
        pieces.sort_by_key(|piece| Reverse(piece.text.len()));
        pieces.retain(|piece| !self.take_whole(&piece.text));
        pieces
    }

    /// The pieces that do not stand on the pages, in the report's order.
    pub(super) fn missing<'p>(&mut self, pieces: &'p [Piece]) -> Vec<&'p Piece> {
        // Most texts follow each other on the pages as they do in the report.
        let mut elsewhere: Vec<&Piece> = Vec::new();
        for piece in pieces {
            let alone = || (piece.text.len() >= ALONE).then(|| self.places(&piece.text, 0).next()).flatten();
            match self.next(&piece.text).or_else(alone) {
                Some(at) => self.take(at, piece.text.len()),
                None => elsewhere.push(piece),
            }
        }
        let left = self.take_all(elsewhere);
        let (whole, in_parts): (Vec<&Piece>, Vec<&Piece>) = left.into_iter().partition(|piece| piece.parts.is_empty());
        let mut divided = self.take_all(in_parts.into_iter().flat_map(|piece| &piece.parts).collect());
        divided.extend(whole);
        divided.sort_by_key(|piece| Reverse(piece.text.len()));
        divided.retain(|piece| !self.take_divided(&piece.text));
        let missing = |piece: &&Piece| divided.iter().any(|left| std::ptr::eq(*left, *piece));
        pieces.iter().flat_map(Piece::with_parts).filter(missing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn missing(data: &Value, words: &str) -> Vec<String> {
        let pieces = pieces(data);
        Words::new(words, &[]).missing(&pieces).into_iter().map(|p| p.pointer.clone()).collect()
    }

    fn text(v: &str) -> Value {
        json!([{"t": "text", "v": v}])
    }

    #[test]
    fn what_is_printed_once_stands_for_one_text() {
        let data = json!({"a": text("Samma text"), "b": text("Samma text")});
        assert_eq!(missing(&data, "sammatextsammatext"), Vec::<String>::new());
        assert_eq!(missing(&data, "sammatext"), ["/b"]);
        let data = json!({"a": text("6"), "b": text("60,0")});
        assert!(missing(&data, "60,06").is_empty());
        assert_eq!(missing(&data, "60,0"), ["/a"]);
    }

    #[test]
    fn a_text_may_be_divided_by_the_end_of_a_page() {
        let data = json!({"a": text("Ett stycke som går över en sida.")});
        assert!(missing(&data, "ettstyckesomgårsidfotöverensida.").is_empty());
        assert_eq!(missing(&data, "ettstyckesomsidfotöverensida."), ["/a"]);
    }

    #[test]
    fn cells_and_marks_and_notes_are_looked_for() {
        let row = json!({"cells": [{"c": text("Skola")}, {"c": text("12"), "mark": "a"}]});
        let data = json!({"rows": [row], "n": [{"t": "text", "v": "Ord"}, {"t": "fn", "c": text("Noten")}]});
        assert!(missing(&data, "skola12aordnoten").is_empty());
        assert_eq!(missing(&data, "skola12ord"), ["/rows/0/cells/1", "/n"]);
    }
}
