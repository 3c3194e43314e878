//! Parts that a kind must carry, and what stands in them.

use crate::diagnostic::Diagnostic;
use crate::kinds::common::{Content, Line, Section, Text};
use crate::messages::{bes001, bes002, del001, del002};

/// Whether a part is left out or empty.
pub(crate) fn absent(content: &Option<Content>) -> bool {
    content.as_ref().is_none_or(Content::is_empty)
}

/// Whether no line has anything in it.
pub(crate) fn no_lines(lines: &[Line]) -> bool {
    lines.iter().all(|l| l.0.trim().is_empty())
}

/// A part the kind must carry.
pub(crate) fn missing_part(field: &str, title: &str, found: &mut Vec<Diagnostic>) {
    found.push(del001::Missing { title: &title, field: &field }.at(format!("/{field}")));
}

/// Points of a decision: there must be some, and each is copied into the minutes, so each must stand alone.
pub(crate) fn decision_points(points: &[Text], field: &str, found: &mut Vec<Diagnostic>) {
    if points.is_empty() {
        found.push(del001::NoDecision { field: &field }.at(format!("/{field}")));
    }
    for (i, point) in points.iter().enumerate() {
        let pointer = format!("/{field}/{i}");
        let text = point.0.trim();
        if text.is_empty() {
            found.push(bes001::Empty.at(pointer));
            continue;
        }
        if text.contains("\n\n") || own_number(text) {
            found.push(bes002::Several.at(pointer));
        }
    }
}

fn own_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    text.starts_with("- ")
        || text.starts_with("* ")
        || ((1..=2).contains(&digits) && rest.starts_with([' ', '.', ')']) && rest[1..].starts_with(' '))
        || ((1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ")))
}

/// A heading with nothing under it is forgotten text.
pub(crate) fn empty_sections(sections: &[Section], pointer: &str, found: &mut Vec<Diagnostic>) {
    for (i, section) in sections.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if absent(&section.content) && section.sections.is_empty() {
            found.push(del002::NothingBelow { heading: &section.title.0 }.at(&pointer));
        }
        empty_sections(&section.sections, &format!("{pointer}/sections"), found);
    }
}
