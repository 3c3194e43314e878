//! 'Did you mean'.

use sigill_messages::Texts;

use crate::messages::suggestion;

/// The candidate nearest to `word`, when near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['å', 'ä'], "a").replace('ö', "o").replace([' ', '-'], "_");
    let wanted = plain(word);
    candidates
        .iter()
        .map(|c| (strsim::damerau_levenshtein(&wanted, &plain(c)), *c))
        .filter(|(distance, c)| *distance <= (c.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// Help: the nearest candidate, else all of them when they are few; empty when there is none.
pub fn did_you_mean(word: &str, candidates: &[&str]) -> Texts {
    // A hundred characters suffice for a slip; the distance is quadratic in length.
    let word: String = word.chars().take(100).collect();
    if let Some(word) = nearest(&word, candidates) {
        return Texts::of(&suggestion::DidYouMean { word: &word });
    }
    if candidates.is_empty() {
        return Texts::default();
    }
    let names = candidates.iter().take(40).copied().collect::<Vec<_>>().join(", ");
    Texts::of(&suggestion::Possible { names: &names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_missing_dots_are_recognised() {
        assert_eq!(nearest("mötagare", &["mottagare", "title"]), Some("mottagare"));
        assert_eq!(nearest("förslag till beslut", &["forslag_till_beslut"]), Some("forslag_till_beslut"));
        assert_eq!(nearest("zzz", &["title", "date"]), None);
    }
}
