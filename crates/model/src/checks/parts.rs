//! What each kind must carry.

use super::{beslutspunkter, missing_part};
use crate::diagnostic::Diagnostic;
use crate::kinds::common::{Content, Line, Section};
use crate::kinds::{Delarsrapport, Dokument, Mal, Ordforandeforslag, Projektuppfoljning, Tjansteskrivelse};
use crate::messages::{dat003, del002, dnr002, mal001, sig003};

fn absent(content: &Option<Content>) -> bool {
    content.as_ref().is_none_or(Content::is_empty)
}

fn no_lines(lines: &[Line]) -> bool {
    lines.iter().all(|l| l.0.trim().is_empty())
}

pub(super) fn ordforandeforslag(d: &Ordforandeforslag, found: &mut Vec<Diagnostic>) {
    beslutspunkter(&d.beslut, "beslut", true, found);
    // Oral information has none.
    if d.common.dnr.is_none() {
        found.push(dnr002::PerhapsMissing.at("/dnr"));
    }
    if absent(&d.sammanfattning) && absent(&d.arendet) {
        missing_part("sammanfattning", "Sammanfattning eller Ärendet", found);
    }
    empty_sections(&d.sections, "/sections", found);
}

pub(super) fn tjansteskrivelse(d: &Tjansteskrivelse, found: &mut Vec<Diagnostic>) {
    beslutspunkter(&d.forslag_till_beslut, "forslag_till_beslut", true, found);
    require_dnr(d.common.dnr.as_ref(), found);
    if d.common.forvaltning.as_deref().is_none_or(|f| f.trim().is_empty()) {
        missing_part("forvaltning", "Förvaltning", found);
    }
    if no_lines(&d.mottagare) {
        missing_part("mottagare", "Mottagare", found);
    }
    if absent(&d.sammanfattning) {
        missing_part("sammanfattning", "Sammanfattning", found);
    }
    if d.common.signaturer.is_empty() {
        found.push(sig003::Unsigned.at("/signaturer"));
    }
    empty_sections(&d.sections, "/sections", found);
}

fn require_dnr(dnr: Option<&String>, found: &mut Vec<Diagnostic>) {
    if dnr.is_none() {
        found.push(dnr002::Missing.at("/dnr"));
    }
}

pub(super) fn delarsrapport(d: &Delarsrapport, found: &mut Vec<Diagnostic>) {
    if absent(&d.sammanfattning) {
        missing_part("sammanfattning", "Sammanfattning", found);
    }
    if absent(&d.ekonomi) {
        missing_part("ekonomi", "Ekonomi", found);
    }
    if d.malomraden.is_empty() {
        missing_part("malomraden", "Uppföljning av mål", found);
    }
    let mut numbers = Vec::new();
    for (i, area) in d.malomraden.iter().enumerate() {
        if area.mal.is_empty() {
            missing_part(&format!("malomraden/{i}/mal"), "Mål", found);
        }
        goals(&area.mal, &format!("/malomraden/{i}/mal"), &mut numbers, found);
    }
    empty_sections(&d.sections, "/sections", found);
    empty_sections(&d.ekonomi_sections, "/ekonomi_sections", found);
    empty_sections(&d.sammanfattning_sections, "/sammanfattning_sections", found);
}

fn goals<'a>(goals: &'a [Mal], pointer: &str, numbers: &mut Vec<&'a str>, found: &mut Vec<Diagnostic>) {
    for (i, goal) in goals.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if numbers.contains(&goal.nummer.as_str()) {
            found.push(mal001::NumberTwice { number: &goal.nummer }.at(format!("{pointer}/nummer")));
        }
        numbers.push(&goal.nummer);
        self::goals(&goal.namndmal, &format!("{pointer}/namndmal"), numbers, found);
    }
}

pub(super) fn projektuppfoljning(d: &Projektuppfoljning, found: &mut Vec<Diagnostic>) {
    if no_lines(&d.bidragsgivare) {
        missing_part("bidragsgivare", "Bidragsgivare", found);
    }
    if d.projektmal.is_empty() {
        missing_part("projektmal", "Projektmål", found);
    }
    if absent(&d.ekonomi) {
        missing_part("ekonomi", "Ekonomi", found);
    }
    match &d.projekttid {
        None => missing_part("projekttid", "Projekttid", found),
        Some(time) => {
            if let (Some(from), Some(to)) = (time.from.get(), time.to.get())
                && from > to
            {
                found.push(dat003::EndBeforeStart { to: &to, from: &from }.at("/projekttid/to"));
            }
        }
    }
    empty_sections(&d.sections, "/sections", found);
}

pub(super) fn dokument(d: &Dokument, found: &mut Vec<Diagnostic>) {
    if absent(&d.content) && d.sections.is_empty() {
        missing_part("sections", "Innehåll", found);
    }
    empty_sections(&d.sections, "/sections", found);
}

/// A heading with nothing under it is forgotten text.
fn empty_sections(sections: &[Section], pointer: &str, found: &mut Vec<Diagnostic>) {
    for (i, section) in sections.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if absent(&section.content) && section.sections.is_empty() {
            found.push(del002::NothingBelow { heading: &section.title.0 }.at(&pointer));
        }
        empty_sections(&section.sections, &format!("{pointer}/sections"), found);
    }
}
