//! Text of others, as people are shown it.

/// Text without what drives terminals or turns the direction of writing: such marks make one name look like another.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if drives(c) { '\u{FFFD}' } else { c }).collect()
}

/// Control characters, and marks that are not seen and change how others are (Unicode, UAX #9, 2).
fn drives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_turn_text_are_shown_as_such() {
        assert_eq!(shown("Åsa\u{202E}fdp.txt\u{200F}"), "Åsa\u{FFFD}fdp.txt\u{FFFD}");
        assert_eq!(shown("Åsa Öberg, 1:a"), "Åsa Öberg, 1:a");
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a\u{FFFD}[2Jb\u{FFFD}");
    }
}
