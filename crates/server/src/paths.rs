//! Relative paths that clients give their files.

/// Whether a path stays in the folder it is relative to, on every system.
pub(crate) fn is_safe(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255;
    !name.chars().any(|c| c.is_control() || c == '\\' || c == ':') && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for good in ["a.json", "arende-1/x.json", "bilder/karta 2.png", "å/ä/ö.pdf", "..a/b..", "-x"] {
            assert!(is_safe(good), "{good}");
        }
        let long = "x".repeat(256);
        for bad in ["", "/", "/a", "a/", "a//b", "..", "a/../b", "./a", "a/.", "a\\b", "C:a", "a\0b", "a\nb", &long] {
            assert!(!is_safe(bad), "{bad:?}");
        }
    }
}
