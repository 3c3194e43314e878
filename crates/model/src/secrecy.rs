//! Secrecy: the paragraphs of offentlighets- och sekretesslagen (2009:400) and what they are said of.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::json::{Node, NodeValue};
use crate::kinds::common::Lagrum;
use crate::messages::sek001;

/// Chapters of the law, offentlighets- och sekretesslagen (2009:400).
const CHAPTERS: std::ops::RangeInclusive<u32> = 1..=44;

/// A paragraph of OSL as it is cited: `26 kap. 1 § OSL`. Takes `26 kap. 1 §`, `26:1` and `OSL 26:1`, also with a letter.
pub fn lagrum(written: &str) -> Option<String> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:OSL\s+)?(\d{1,2})(?:\s*:\s*|\s+kap\.?\s+)(\d{1,3})\s*([a-z])?(?:\s*§)?(?:\s+OSL)?$").ok()
    });
    let found = SHAPE.as_ref()?.captures(written.trim())?;
    let chapter: u32 = found[1].parse().ok().filter(|c| CHAPTERS.contains(c))?;
    let paragraph: u32 = found[2].parse().ok().filter(|&p| p > 0)?;
    let letter = found.get(3).map(|l| format!(" {}", l.as_str())).unwrap_or_default();
    Some(format!("{chapter} kap. {paragraph}{letter} § OSL"))
}

/// Why something is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecrecyGround {
    /// Secret, by this paragraph.
    Sekretess(String),
    /// Personal.
    Personuppgift,
}

impl SecrecyGround {
    /// As readers meet it: `sekretess, 26 kap. 1 § OSL`.
    pub fn note(&self) -> String {
        match self {
            Self::Sekretess(paragraph) => format!("sekretess, {paragraph}"),
            Self::Personuppgift => "personuppgift".into(),
        }
    }

    /// The ground a link target stands for; `None` when it is another link, an error when it cannot be read.
    pub fn of_target(url: &str) -> Option<Result<Self, String>> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        if scheme.eq_ignore_ascii_case("personuppgift") {
            return Some(if rest.is_empty() { Ok(Self::Personuppgift) } else { Err(url.to_owned()) });
        }
        let written = rest.replace("%20", " ");
        scheme
            .eq_ignore_ascii_case("sekretess")
            .then(|| lagrum(&written).map(Self::Sekretess).ok_or_else(|| written.clone()))
    }

    /// The ground that the fields `sekretess` and `personuppgift` of a part come to.
    pub fn of_fields(sekretess: Option<&Lagrum>, personuppgift: bool) -> Option<Self> {
        match sekretess {
            // What cannot be read as a paragraph has a finding of its own; until then it is secret all the same.
            Some(Lagrum(written)) => Some(Self::Sekretess(lagrum(written).unwrap_or_else(|| written.clone()))),
            None => personuppgift.then_some(Self::Personuppgift),
        }
    }

    /// The ground an item, handling, document or section is marked with. Any mark counts, whatever its value is but
    /// `false`: one that is not well formed must not make public what it stands on.
    pub fn of_node(part: &Node) -> Option<Self> {
        match part.get("sekretess").map(|n| &n.value) {
            Some(NodeValue::String(written)) => return Self::of_fields(Some(&Lagrum(written.clone())), false),
            Some(_) => return Some(Self::Sekretess("OSL".into())),
            None => {}
        }
        match part.get("personuppgift").map(|n| &n.value) {
            Some(NodeValue::Bool(false)) | None => None,
            Some(_) => Some(Self::Personuppgift),
        }
    }
}

/// A finding for a paragraph that cannot be read.
pub fn unreadable(written: &str, pointer: &str) -> Diagnostic {
    sek001::Unreadable { given: &format_args!("{written:.60}") }.at(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_cited_one_way() {
        for written in ["26 kap. 1 §", "26:1", "OSL 26:1", "26 kap 1 § OSL", " 26 : 1 "] {
            assert_eq!(lagrum(written).as_deref(), Some("26 kap. 1 § OSL"), "{written}");
        }
        assert_eq!(lagrum("10:12 a").as_deref(), Some("10 kap. 12 a § OSL"));
        for wrong in ["", "26", "45:1", "0:1", "26:0", "26 kap.", "patientdata"] {
            assert_eq!(lagrum(wrong), None, "{wrong}");
        }
    }
}
