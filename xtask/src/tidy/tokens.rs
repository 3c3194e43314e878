//! Rust text as words and marks: without comments, strings and white space.

/// A word or a mark of Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// An identifier, a keyword or a number.
    Word(&'a str),
    /// A path separator, `::`.
    Colons,
    /// Any other character.
    Mark(char),
}

/// The words and marks of a file.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = comment(rest).or_else(|| string(rest)).or_else(|| character(rest)) {
            length
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            out.extend(rest.get(..length).map(Token::Word));
            length
        } else if rest.starts_with("::") {
            out.push(Token::Colons);
            2
        } else {
            if !first.is_whitespace() {
                out.push(Token::Mark(first));
            }
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Length of the comment that the text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let step = match rest {
            _ if rest.starts_with("/*") => {
                depth += 1;
                2
            }
            _ if rest.starts_with("*/") => {
                depth -= 1;
                2
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    Some(at)
}

/// Length of the string that the text begins with, of any kind.
fn string(text: &str) -> Option<usize> {
    let after_kind = text.trim_start_matches(['b', 'c']);
    // At most one letter, else it is a word that ends in them.
    let kind = text.len() - after_kind.len();
    if kind > 1 {
        return None;
    }
    if let Some(raw) = after_kind.strip_prefix('r') {
        let body = raw.trim_start_matches('#');
        let marks = raw.len() - body.len();
        let body = body.strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(marks));
        let length = body.find(&end).map_or(body.len(), |at| at + end.len());
        return Some(kind + 1 + marks + 1 + length);
    }
    let body = after_kind.strip_prefix('"')?;
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(kind + 1 + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// Length of the character or the lifetime that the text begins with.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        // What is escaped may itself be the quotation mark.
        let skipped = escape.chars().next().map_or(0, char::len_utf8);
        return escape.get(skipped..)?.find('\'').map(|at| 2 + skipped + at + 1);
    }
    let first = body.chars().next()?;
    if body.get(first.len_utf8()..)?.starts_with('\'') {
        return Some(1 + first.len_utf8() + 1);
    }
    Some(1 + body.find(|c| !is_word(c)).unwrap_or(body.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let word = |token| if let Token::Word(word) = token { Some(word) } else { None };
        tokens(text).into_iter().filter_map(word).collect()
    }

    #[test]
    fn what_stands_in_comments_and_strings_is_not_code() {
        assert_eq!(words("a /* b /* c */ d */ e // f\ng"), ["a", "e", "g"]);
        assert_eq!(words(r##"a "b \" c" r#"d " e"# br"f" c"g" h"##), ["a", "h"]);
        assert_eq!(words(r"a 'b' '\'' '\u{1F}' 'static x"), ["a", "x"]);
        assert_eq!(words("abc\"d\" r#type"), ["abc", "r", "type"]);
    }

    #[test]
    fn paths_are_words_with_colons_between() {
        assert_eq!(tokens("a::b:"), [Token::Word("a"), Token::Colons, Token::Word("b"), Token::Mark(':')]);
    }
}
