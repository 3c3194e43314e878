//! Names of files that come in: paths below one folder, and nothing else.

use std::collections::BTreeSet;

use sigill_messages::Localize;

use crate::messages::jobs;
use crate::paths::is_safe;
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
            return Err(bad(&jobs::NoPath { name: &shown(name) }));
        }
        let below = format!("{name}/");
        let folders = name.match_indices('/').any(|(at, _)| self.0.contains(&name[..at]));
        let files = self.0.range(below.clone()..).next().is_some_and(|other| other.starts_with(&below));
        if folders || files {
            return Err(bad(&jobs::FileAndFolder { name: &shown(name) }));
        }
        if !self.0.insert(name.to_owned()) {
            return Err(bad(&jobs::SameName { name: &shown(name) }));
        }
        Ok(())
    }
}

fn shown(name: &str) -> String {
    name.chars().take(100).filter(|c| !c.is_control()).collect()
}

fn bad(text: &dyn Localize) -> Box<Problem> {
    Problem::new(Kind::BadRequest, text)
}

#[cfg(test)]
mod tests {
    use super::*;

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
