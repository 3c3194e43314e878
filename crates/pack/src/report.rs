//! What a secretary should know of a finished pack: as JSON, and as a document in the municipality's own style.

use serde_json::{Value, json};
use sigill_layout::{Engine, Input, NoFiles, Options, RenderedDocument};
use sigill_model::edition::Edition;
use sigill_model::json::Source;
use sigill_model::secrecy::SecrecyGround;
use sigill_model::{Diagnostic, Lang, Profile};

use crate::foreign::{FileReport, Route};
use crate::gather::{Pack, PackCopy, PartKind, PartReport};
use crate::verdict::{self, Verdict};

/// The report as JSON. Counts are of pages unless they say otherwise.
pub fn json(pack: &Pack) -> Value {
    let verdict = verdict::examine(&pack.pdf);
    json!({
        "title": pack.title,
        "date": pack.date,
        "copy": pack.copy,
        "edition": if pack.edition == Edition::Full { "full" } else { "offentlig" },
        "first_page": pack.first_page,
        "pages": pack.pages,
        "parts": pack.parts.iter().map(part).collect::<Vec<_>>(),
        "left_out": grounds(&pack.left_out).into_iter().map(|(ground, n)| json!({"ground": ground, "places": n})).collect::<Vec<_>>(),
        "expected": {"pdfa_2a": verdict.archival(), "pdfua_1": verdict.accessible(), "checks": verdict.checks},
    })
}

/// One part as JSON.
pub fn part(part: &PartReport) -> Value {
    let mut value = json!({
        "kind": part.kind,
        "item": part.item,
        "title": part.title,
        "file": part.file,
        "first_page": part.first_page,
        "pages": part.pages,
        "reused": part.reused,
    });
    if let Some(report) = &part.foreign {
        let page = |p: &crate::foreign::PageReport| json!({"route": p.route, "text": p.text, "lost_picture": p.lost_picture, "low_contrast": p.low_contrast});
        value["foreign"] = report.pages.iter().map(page).collect();
        value["lost"] = json!(report.losses);
        value["attached"] = part.attached.into();
    }
    value
}

fn grounds(left_out: &[SecrecyGround]) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    for note in left_out.iter().map(SecrecyGround::note) {
        match out.iter_mut().find(|(known, _)| *known == note) {
            Some((_, n)) => *n += 1,
            None => out.push((note, 1)),
        }
    }
    out
}

/// The report as a document, PDF/A-2a and PDF/UA-1.
///
/// # Errors
/// When the layout fails.
pub fn page(engine: &Engine, pack: &Pack, profile: &Profile) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let source = Source::parse(model(pack, profile).to_string().as_bytes());
    let outcome = engine.render(&Input { source: &source, files: &NoFiles }, &Options::default());
    outcome.rendered.map(|RenderedDocument { pdf, .. }| pdf).ok_or(outcome.diagnostics)
}

/// The report as a model of the kind `dokument`.
fn model(pack: &Pack, profile: &Profile) -> Value {
    let last = pack.first_page + pack.pages - 1;
    let copy = match pack.copy {
        PackCopy::Archive => "Arkivexemplar: bilagorna är omskrivna så att hela filen är PDF/A-2a och PDF/UA-1",
        PackCopy::Reading => "Läsexemplar: bilagorna är oförändrade. Arkivera arkivexemplaret i stället",
    };
    let edition = match pack.edition {
        Edition::Full => "Fullständig, för ledamöterna",
        Edition::Offentlig => "Offentlig. Filen är genomsökt: inget av det som maskerats finns kvar i den",
    };
    let bilagor = pack.parts.iter().filter(|p| p.foreign.is_some()).count();
    let facts = json!({"type": "facts", "items": [
        {"label": "Möte", "value": escape(&pack.title)},
        {"label": "Sidor", "value": format!("{} (Sid {}–{last})", pack.pages, pack.first_page)},
        {"label": "Handlingar", "value": format!("{}, varav {bilagor} bilagor", pack.parts.iter().filter(|p| p.item.is_some() && p.kind != PartKind::Divider).count())},
        {"label": "Exemplar", "value": copy},
        {"label": "Utgåva", "value": edition},
    ]});
    let mut sections = vec![json!({"title": "Handlingarna i packen", "content": [parts_table(pack)]})];
    let remarks: Vec<_> = pack.parts.iter().filter_map(remarks).collect();
    let text = if remarks.is_empty() { "Inget gick förlorat.".to_owned() } else { remarks.join("\n") };
    sections.push(json!({"title": "Att känna till om bilagorna", "content": text}));
    if pack.edition == Edition::Offentlig {
        let left: Vec<_> = grounds(&pack.left_out).iter().map(|(g, n)| format!("- {g}: {}", places(*n))).collect();
        let text = if left.is_empty() { "Inget i packen var märkt.".to_owned() } else { left.join("\n") };
        sections.push(json!({"title": "Utelämnat i den offentliga utgåvan", "content": text}));
    }
    let verdict = verdict::examine(&pack.pdf);
    sections.push(json!({"title": "Standarder", "content": [verdict_text(&verdict), checks_table(&verdict)]}));
    json!({
        "kind": "dokument",
        "profile": profile.id,
        "dokumentsort": "Rapport",
        "title": "Rapport om handlingarna",
        "date": pack.date,
        "content": [facts],
        "sections": sections,
    })
}

fn parts_table(pack: &Pack) -> Value {
    let mut rows = Vec::new();
    let mut item = None;
    for part in pack.parts.iter().filter(|p| p.kind != PartKind::Divider) {
        if part.item != item && part.item.is_some() {
            item = part.item;
            rows.push(json!({"type": "group", "title": format!("Ärende {}", item.unwrap_or_default())}));
        }
        rows.push(json!({"cells": [escape(&part.title), part.first_page, part.pages, manner(part)]}));
    }
    json!({
        "type": "table",
        "title": "Handlingarna i ordning",
        "columns": [
            {"id": "handling", "title": "Handling", "type": "text", "width": 9},
            {"id": "sida", "title": "Från sida", "type": "integer", "sum": false},
            {"id": "sidor", "title": "Sidor", "type": "integer", "sum": false},
            {"id": "hur", "title": "Hur den gick in", "type": "text", "width": 7},
        ],
        "rows": rows,
    })
}

/// How a part went in, in a few words.
fn manner(part: &PartReport) -> String {
    let Some(report) = &part.foreign else {
        return match part.kind {
            PartKind::Notice => "kunde inte läsas; en sida säger det".into(),
            _ => "eget dokument, taggat".into(),
        };
    };
    let count = |route| report.pages.iter().filter(|p| p.route == route).count();
    let all = report.pages.len();
    let said = [
        (count(Route::Whole), "med text och linjer"),
        (count(Route::Scan), "inskannade, bilden oförändrad"),
        (count(Route::Picture), "som bild med sökbar text"),
        (count(Route::Kept), "oförändrade, med egna typsnitt och taggar"),
        (count(Route::Copied), "oförändrade"),
    ];
    let said: Vec<_> = said.iter().filter(|(n, _)| *n > 0).collect();
    match said[..] {
        [(n, words)] if *n == all => (*words).to_owned(),
        _ => said.iter().map(|(n, words)| format!("{n} {words}")).collect::<Vec<_>>().join(", "),
    }
}

/// What was lost of a bilaga, as an entry of a list.
fn remarks(part: &PartReport) -> Option<String> {
    let FileReport { pages, losses } = part.foreign.as_ref()?;
    let mut said: Vec<String> = Vec::new();
    let mute: Vec<_> = pages.iter().enumerate().filter(|(_, p)| !p.text).map(|(i, _)| i + 1).collect();
    if losses.damaged {
        said.push("filen är skadad; det som gick att läsa togs in".into());
    }
    if !mute.is_empty() {
        said.push(format!("{} saknar text och läses upp som bild", pages_named(&mute)));
    }
    let faint: Vec<_> = pages.iter().enumerate().filter(|(_, p)| p.low_contrast).map(|(i, _)| i + 1).collect();
    if !faint.is_empty() {
        said.push(format!("{} har text med låg kontrast", pages_named(&faint)));
    }
    let blank: Vec<_> = pages.iter().enumerate().filter(|(_, p)| p.lost_picture).map(|(i, _)| i + 1).collect();
    if !blank.is_empty() {
        said.push(format!("{} hade en bild som inte gick att läsa", pages_named(&blank)));
    }
    let copied = pages.iter().all(|p| p.route == Route::Copied);
    let form =
        if copied { "formulärfält som inte längre går att fylla i" } else { "formulärfält, nu som vanlig text" };
    let signed = if part.attached {
        "digital underskrift; den undertecknade filen ligger oförändrad som bilaga i packens fil"
    } else {
        "digital underskrift, som inte följer med; spara originalet"
    };
    let counted = [
        (losses.form_fields, form),
        (losses.signatures, signed),
        (losses.scripts, "skript, borttagna"),
        (losses.actions, "åtgärder som startar program eller öppnar filer, borttagna"),
        (losses.attachments, "filer inuti filen, som inte följer med"),
        (losses.media, "film eller ljud, borttaget"),
        (losses.comments, "anteckningar av läsare"),
    ];
    said.extend(counted.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")));
    if said.is_empty() {
        return None;
    }
    let item = part.item.unwrap_or_default();
    Some(format!("- **{}** (ärende {item}): {}", escape(&part.title), said.join("; ")))
}

/// `sidan 3`, `sidorna 1–4 och 7`.
fn pages_named(pages: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &page in pages {
        match runs.last_mut().filter(|(_, end)| *end + 1 == page) {
            Some((_, end)) => *end = page,
            None => runs.push((page, page)),
        }
    }
    let named: Vec<_> = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") }).collect();
    match &named[..] {
        [one] if pages.len() == 1 => format!("sidan {one}"),
        [all @ .., last] if !all.is_empty() => format!("sidorna {} och {last}", all.join(", ")),
        _ => format!("sidorna {}", named.join(", ")),
    }
}

fn verdict_text(verdict: &Verdict) -> String {
    let say = |keeps: bool, name: &str| {
        if keeps { format!("Filen bedöms följa {name}.") } else { format!("Filen följer **inte** {name}.") }
    };
    let (archival, accessible) =
        (say(verdict.archival(), "PDF/A-2a (ISO 19005-2)"), say(verdict.accessible(), "PDF/UA-1 (ISO 14289-1)"));
    format!(
        "{archival} {accessible} Bedömningen är programmets egen och väntas stämma med veraPDF; punkterna nedan är de som prövats."
    )
}

fn checks_table(verdict: &Verdict) -> Value {
    let rows = verdict.checks.iter().map(|c| {
        let outcome = if c.faults == 0 { "ja".to_owned() } else { format!("nej ({})", places(c.faults)) };
        json!({"cells": [c.clause, c.rule.get(Lang::Sv), outcome]})
    });
    json!({
        "type": "table",
        "title": "Prövade punkter",
        "columns": [
            {"id": "punkt", "title": "Punkt", "type": "text", "width": 4},
            {"id": "krav", "title": "Krav", "type": "text", "width": 8},
            {"id": "utfall", "title": "Uppfyllt", "type": "text", "width": 4},
        ],
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn places(n: usize) -> String {
    if n == 1 { "1 ställe".into() } else { format!("{n} ställen") }
}

/// A title as text that is read literally.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '*' | '_' | '[' | ']' | '\\' | '`' | '<' | '>' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pages_named;

    #[test]
    fn pages_are_named_as_one_says_them() {
        assert_eq!(pages_named(&[3]), "sidan 3");
        assert_eq!(pages_named(&[1, 2, 3]), "sidorna 1–3");
        assert_eq!(pages_named(&[1, 2, 4, 7]), "sidorna 1–2, 4 och 7");
    }
}
