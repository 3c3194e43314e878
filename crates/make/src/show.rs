//! Findings for people: code, place, source line with a caret, remedy.
//!
//! `annotate-snippets` and `codespan-reporting` were weighed: neither has a place for the pointer beside the position, the
//! second says `error` and `help` in English alone, and what they take off our hands is `snippet`.

use sigill_messages::In;
use sigill_model::diagnostic::Diagnostic;
use sigill_model::place::Position;
use sigill_model::{Lang, Localize, Severity};
use unicode_width::UnicodeWidthStr as _;

use crate::messages::shown;

/// Widest source line shown, in characters.
const WIDTH: usize = 100;

/// One finding as text. `line` is the source line it stands on.
pub fn human(file: &str, d: &Diagnostic, line: Option<&str>, lang: Lang) -> String {
    let severity: &dyn Localize = match d.severity {
        Severity::Error => &shown::Error,
        Severity::Warning => &shown::Warning,
    };
    let severity = In(lang, severity);
    let mut out = format!("{severity}[{}]: {}\n", d.code, clean(d.message(lang)));
    let pointer = d.written_pointer();
    match d.position {
        Some(p) => {
            let place = if pointer.is_empty() { String::new() } else { format!("  {}", clean(pointer)) };
            out.push_str(&format!("  --> {file}:{}:{}{place}\n", p.line, p.column));
            if let Some(line) = line {
                out.push_str(&snippet(line, p));
            }
        }
        None => out.push_str(&format!("  --> {file}\n")),
    }
    let help = d.remedy(lang);
    if !help.is_empty() {
        out.push_str(&format!("  = {}: {}\n", In(lang, &shown::Help), clean(help)));
    }
    out
}

fn snippet(line: &str, p: Position) -> String {
    let chars: Vec<char> = line.chars().map(|c| if drives_terminal(c) { ' ' } else { c }).collect();
    let at = (p.column - 1).min(chars.len());
    // A minified report is one line: show the part around the place.
    let start = if chars.len() > WIDTH { at.saturating_sub(WIDTH / 3) } else { 0 };
    let end = (start + WIDTH).min(chars.len());
    let part: String = chars[start..end].iter().collect();
    let lead = if start > 0 { "…" } else { "" };
    let tail = if end < chars.len() { "…" } else { "" };
    let number = p.line.to_string();
    let gutter = " ".repeat(number.len());
    let indent = " ".repeat(columns(&chars[start..at]) + lead.width());
    let carets = "^".repeat(columns(&chars[at..end.min(at + p.width)]).max(1));
    format!("{gutter}  |\n{number}  | {lead}{part}{tail}\n{gutter}  | {indent}{carets}\n")
}

/// How many columns a terminal gives characters: none to a mark on the letter before, two to some signs.
fn columns(chars: &[char]) -> usize {
    chars.iter().collect::<String>().width()
}

/// Text of a report never drives the terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if drives_terminal(c) { '\u{FFFD}' } else { c }).collect()
}

/// Whether a character moves the cursor, changes colours or turns the direction of what follows.
fn drives_terminal(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use sigill_model::messages::mod003;

    use super::*;

    #[test]
    fn the_caret_stands_under_the_value() {
        let p = Position { line: 3, column: 11, width: 7 };
        let text = snippet(r#"  "dnr": ["XX 1:2", 5]"#, p);
        assert_eq!(text, "   |\n3  |   \"dnr\": [\"XX 1:2\", 5]\n   |           ^^^^^^^\n");
    }

    #[test]
    fn the_caret_stands_under_a_value_after_letters_of_several_characters() {
        let line = "\"fo\u{308}r\": \"O\u{308}mål\"";
        let text = snippet(line, Position { line: 1, column: 9, width: 7 });
        assert_eq!(text, format!("   |\n1  | {line}\n   |        ^^^^^^\n"));
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = "x".repeat(5000);
        let text = snippet(&line, Position { line: 1, column: 2500, width: 3 });
        assert!(text.lines().all(|l| l.chars().count() < 110), "{text}");
        assert!(text.contains("…x") && text.contains("^^^"));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let d = mod003::UnknownField { field: &"\u{1b}[31mröd", suggestion: &"" }.at("");
        assert!(!human("a.json", &d, None, Lang::Sv).contains('\u{1b}'));
    }
}
