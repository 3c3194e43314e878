//! Names of files that come in: paths below one folder, and nothing else.

use std::collections::BTreeSet;

use crate::problem::{Kind, Problem, Result};

/// Longest name that a client may give, in bytes.
const LONGEST: usize = 512;

/// The names of one upload.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Takes a name, if it is one and does not stand in the way of another.
    pub(super) fn take(&mut self, name: &str) -> Result<()> {
        if name.len() > LONGEST || !is_safe(name) {
            return Err(bad(name, "namnet är ingen sökväg i en mapp", "the name is no path in a folder"));
        }
        let below = format!("{name}/");
        let folders = name.match_indices('/').any(|(at, _)| self.0.contains(&name[..at]));
        let files = self.0.range(below.clone()..).next().is_some_and(|other| other.starts_with(&below));
        if folders || files {
            return Err(bad(name, "en fil och en mapp har samma namn", "a file and a folder have the same name"));
        }
        if !self.0.insert(name.to_owned()) {
            return Err(bad(name, "två filer har samma namn", "two files have the same name"));
        }
        Ok(())
    }
}

/// Whether a name stays in its folder, on every system.
pub(super) fn is_safe(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255;
    !name.chars().any(|c| c.is_control() || c == '\\' || c == ':') && name.split('/').all(part)
}

fn bad(name: &str, sv: &str, en: &str) -> Box<Problem> {
    let shown: String = name.chars().take(100).filter(|c| !c.is_control()).collect();
    Problem::new(Kind::BadRequest, format!("{shown}: {sv}"), format!("{shown}: {en}"))
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

    #[test]
    fn names_do_not_stand_in_each_others_way() {
        let mut names = Names::default();
        for good in ["a/b", "a/c", "ab", "a.json"] {
            assert!(names.take(good).is_ok(), "{good}");
        }
        for bad in ["a/b", "a", "a/b/c", "ab/x"] {
            assert!(names.take(bad).is_err(), "{bad}");
        }
    }
}
