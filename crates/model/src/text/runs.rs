//! Runs of finished text: typography, and the places where an endless word may break.

use super::block::Inline;
use crate::format::typography;

/// Longest word without places to break; the text column holds about 80 characters, a narrow cell 15.
const LONGEST_WORD: usize = 24;
/// Longest e-mail address that stays on one line.
const LONGEST_MAIL: usize = 40;
/// Where a word without syllables or signs may break, every so many characters.
const BREAK_EVERY: usize = 12;

/// A text as runs, with Swedish typography. Long addresses may break behind the signs that part them, endless slips of
/// letters anywhere; nothing is put into the text, so that what is copied from the page is what was written.
pub(super) fn runs(text: &str) -> Vec<Inline> {
    let text = typography(text);
    let endless = |word: &str| {
        let longest = if word.contains('@') && !word.contains('/') { LONGEST_MAIL } else { LONGEST_WORD };
        word.chars().count() > longest
    };
    if !text.split_whitespace().any(endless) {
        return vec![Inline::Text { v: text }];
    }
    let mut out = Vec::new();
    let mut run = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        for piece in if endless(word.trim_end()) { pieces(word) } else { vec![word] } {
            if !run.is_empty() && !run.ends_with(char::is_whitespace) {
                out.push(Inline::Text { v: std::mem::take(&mut run) });
                out.push(Inline::Wbr);
            }
            run.push_str(piece);
        }
    }
    if !run.is_empty() {
        out.push(Inline::Text { v: run });
    }
    out
}

/// The pieces of a long word between which a line may break.
fn pieces(word: &str) -> Vec<&str> {
    let signs = word.split_inclusive(['/', '.', '-', '?', '&', '_', '=', '@']);
    signs.flat_map(|piece| if is_endless(piece) { chunks(piece) } else { vec![piece] }).collect()
}

/// Whether hyphenation leaves a long word with a stretch too long for a narrow column.
fn is_endless(word: &str) -> bool {
    let syllables = || hypher::hyphenate(word, hypher::Lang::Swedish);
    word.chars().count() > LONGEST_WORD && syllables().any(|syllable| syllable.chars().count() > BREAK_EVERY)
}

fn chunks(word: &str) -> Vec<&str> {
    let starts: Vec<usize> = word.char_indices().map(|(i, _)| i).step_by(BREAK_EVERY).collect();
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| &word[*start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> String {
        let runs = runs(text).into_iter().map(|run| match run {
            Inline::Text { v } => v,
            _ => "|".into(),
        });
        runs.collect()
    }

    #[test]
    fn addresses_break_behind_their_signs() {
        assert_eq!(
            broken("Se https://www.exempel.example/politik/namnder?a=1&b=2 här."),
            "Se https:/|/|www.|exempel.|example/|politik/|namnder?|a=|1&|b=|2 här."
        );
        assert_eq!(broken("https://www.exempel.se/"), "https://www.exempel.se/");
    }

    #[test]
    fn words_of_letters_are_left_to_hyphenation() {
        let word = "verksamhetsutvecklingsprogrammet";
        assert_eq!(broken(word), word);
    }

    #[test]
    fn endless_words_break_anywhere() {
        assert!(broken(&"a".repeat(300)).split('|').all(|piece| piece.len() <= BREAK_EVERY));
    }
}
