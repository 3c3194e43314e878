//! Running text: a CommonMark subset with footnotes, parsed into data.
//!
//! What the subset leaves out (headings, tables, code, raw HTML) has its own place in the model or none. Nothing in the
//! text is ever evaluated: `#read("x")`, `$` and `@x` are letters like any others.

mod block;
mod commonmark;
mod literal;
mod parse;
mod runs;

pub use block::{Block, Inline, plain};
pub(crate) use commonmark::Markup;

use crate::diagnostic::Diagnostic;
use crate::messages::{markup, mod007, txt002, txt003, txt006, txt007};

/// Parses running text. Findings point at `pointer`.
pub fn parse(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Block> {
    characters(text, pointer, found);
    parse::blocks(text, pointer, found)
}

/// Parses text that must fit in one paragraph: a title, a table cell.
pub fn parse_inline(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) -> Vec<Inline> {
    if text.lines().filter(|line| list_mark(line)).count() > 1 {
        found.push(txt006::ListInLine.at(pointer));
    }
    if !text.contains(['*', '_', '[', '\\', '`', '<']) {
        characters(text, pointer, found);
        return lines(text);
    }
    let mut blocks = parse(&as_line(text), pointer, found);
    match (blocks.len(), blocks.pop()) {
        (1, Some(Block::P { c })) => {
            if plain(&[Block::P { c: c.clone() }]).trim().is_empty() {
                found.push(mod007::NoWords.at(pointer));
            }
            c
        }
        (0, _) => {
            if !text.trim().is_empty() {
                found.push(mod007::NoWords.at(pointer));
            }
            Vec::new()
        }
        _ => {
            found.push(txt003::NotHere { what: &markup::SeveralParagraphs }.at(pointer));
            Vec::new()
        }
    }
}

/// A text as it is read where one line is meant. The texts of its footnotes stand below it.
fn as_line(text: &str) -> String {
    let is_note = |line: &str| line.trim_start().starts_with("[^") && line.contains("]:");
    let lines: Vec<&str> = text.trim().split('\n').collect();
    let notes = lines.iter().position(|line| is_note(line)).unwrap_or(lines.len());
    let (line, notes) = lines.split_at(notes);
    let escaped: Vec<_> = line.join("\n").trim().split('\n').map(escape_block_start).collect();
    let notes = notes.iter().map(|note| format!("\n{}{note}", if is_note(note) { "\n" } else { "" }));
    escaped.join("\\\n") + &notes.collect::<String>()
}

/// Whether a line begins as an item of a list does.
fn list_mark(line: &str) -> bool {
    line.trim_start().strip_prefix(['-', '*', '+', '\u{2022}']).is_some_and(|rest| rest.starts_with(' '))
}

/// A text in every way in which it may be read.
pub(crate) fn ways(text: &str) -> [Markup; 2] {
    [Markup::of(text), Markup::of(&as_line(text))]
}

/// A cell saying "1. Barnahuset" or "- 5" is no list: what would start one is escaped.
fn escape_block_start(line: &str) -> String {
    let line = line.trim();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let next = rest.chars().nth(1);
    let ends = next.is_none_or(char::is_whitespace);
    let rule = !rest.is_empty() && rest.chars().all(|c| c.is_whitespace() || rest.starts_with(c));
    let starts = match rest.chars().next() {
        Some('.' | ')') => digits > 0 && ends,
        Some('-' | '+' | '*') => digits == 0 && (ends || rule),
        Some('>' | '#' | '=' | '~' | '`' | '_') => {
            digits == 0 && (rule || rest.starts_with(['>', '#', '~']) || rest.starts_with("```"))
        }
        _ => false,
    };
    let (before, after) = line.split_at(digits);
    if starts { format!("{before}\\{after}") } else { line.to_owned() }
}

fn lines(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    for line in text.trim().split('\n').map(str::trim) {
        if !out.is_empty() {
            out.push(Inline::Br);
        }
        if !line.is_empty() {
            out.extend(runs::runs(&line.replace('\t', " ")));
        }
    }
    out
}

/// What is found of the characters of a text, however it is read.
fn characters(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) {
    control_characters(text, pointer, found);
    if let Some(word) = text.split(|c: char| !c.is_alphabetic()).find(|word| mixes_scripts(word)) {
        found.push(txt007::TwoScripts { word: &format_args!("{word:.40}") }.at(pointer));
    }
}

/// Whether a word has Latin letters beside Cyrillic or Greek ones that look like them: it is not found by searching,
/// and may have been made to be mistaken (Unicode TS 39, 5.1).
fn mixes_scripts(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let latin = word.chars().any(|c| c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}'));
    let other = |c: char| matches!(c, '\u{400}'..='\u{52F}') || "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχ".contains(c);
    latin && word.chars().any(other)
}

/// Reports control characters, characters that silently reorder text, and those without a meaning of their own.
pub fn control_characters(text: &str, pointer: &str, found: &mut Vec<Diagnostic>) {
    let bad = text.chars().find(|&c| {
        (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
            // Private use: whatever a font draws for it, nobody can read it out or search for it.
            || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
    });
    if let Some(c) = bad {
        let code = c as u32;
        found.push(txt002::Control { character: &format_args!("U+{code:04X}") }.at(pointer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, Vec<&'static str>) {
        let mut found = Vec::new();
        let blocks = parse(text, "/x", &mut found);
        (serde_json::to_string(&blocks).unwrap_or_default(), found.iter().map(|d| d.code.as_str()).collect())
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
        assert_eq!(found, ["TXT004"]);
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
        assert_eq!(parsed("a\u{F6C5}b").1, ["TXT002"]);
    }

    #[test]
    fn entities_are_letters() {
        let (json, found) = parsed("Gata & park, *&#x202E;* &amp; [x](https://x.se/?a=1&b=2)");
        assert!(found.is_empty());
        for wanted in ["Gata & park, ", "&#x202E;", " &amp; ", "https://x.se/?a=1&b=2"] {
            assert!(json.contains(wanted), "{wanted} is not in {json}");
        }
    }

    #[test]
    fn a_cell_is_one_paragraph() {
        let mut found = Vec::new();
        let c = parse_inline("1. Barnahuset", "/x", &mut found);
        assert_eq!(c, [Inline::Text { v: "1. Barnahuset".into() }]);
        let c = parse_inline("*Summa*", "/x", &mut found);
        assert_eq!(c, [Inline::Em { c: vec![Inline::Text { v: "Summa".into() }] }]);
        let c = parse_inline("2. *Summa*", "/x", &mut found);
        assert_eq!(c[0], Inline::Text { v: "2. ".into() });
        assert_eq!(c[1], Inline::Em { c: vec![Inline::Text { v: "Summa".into() }] });
        for literal in ["- 5_0", "* 5", "> 3 [x", "#1_", "+ <", "***", "1) _"] {
            assert_eq!(parse_inline(literal, "/x", &mut found), [Inline::Text { v: literal.into() }], "{literal}");
        }
        assert!(found.is_empty(), "{found:?}");
    }
}
