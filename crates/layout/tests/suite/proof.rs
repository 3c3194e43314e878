//! The page proof, with layouts that are wrong on purpose: each is told of, and no document comes out.

use std::path::Path;

use serde_json::json;
use sigill_layout::{Engine, Fonts, Layouts, RenderOutcome, Standard};

use crate::support::{render, root, scratch, shown};

fn engine_with(folder: &Path) -> Engine {
    let mut layouts = Layouts::embedded();
    layouts.add_folder(folder).expect("layouts");
    Engine::new(Fonts::new(Vec::new()), layouts)
}

/// Code and pointer of each finding.
fn findings(outcome: &RenderOutcome) -> Vec<(String, String)> {
    outcome.diagnostics.iter().map(|d| (d.code.to_string(), d.pointer.clone())).collect()
}

#[test]
fn what_a_wrong_layout_does_to_a_text_is_told_at_that_text() {
    for code in ["SID001", "SID002", "SID003", "SID004", "SID005"] {
        let folder = root().join("fixtures/known-bad").join(code);
        let model = std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path());
        let model = model.into_iter().find(|p| p.extension().is_some_and(|e| e == "json")).expect("a model");
        let bytes = std::fs::read(model).expect("read");
        let outcome = render(&engine_with(&folder.join("layouts")), &bytes, &folder, "exempel", Standard::A2aUa1);
        assert!(outcome.rendered.is_none(), "{code}: a document came out");
        assert_eq!(findings(&outcome), [(code.to_owned(), "/plats".to_owned())], "{}", shown(&outcome));
    }
}

/// A kind `prov` whose layout sets the title in a heading and then this, and a report of it.
fn outcome_of(name: &str, body: &str) -> RenderOutcome {
    let folder = scratch(&format!("proof/{name}"));
    let kind = folder.join("kinds/prov");
    std::fs::create_dir_all(&kind).expect("folder made");
    let known = root().join("fixtures/known-bad/SID001/layouts/kinds/anslag");
    for file in ["schema.json", "typst.toml"] {
        let text = std::fs::read_to_string(known.join(file)).expect("read").replace("anslag\"", "prov\"");
        std::fs::write(kind.join(file), text).expect("written");
    }
    let layout = format!(
        "#import \"/common/lib.typ\": *\n#let render(data, profile) = {{\n let s = style-of(profile)\n letter(s, data, \"PROV\", {{\n letterhead(s, data, \"PROV\")\n heading(level: 1, inline(data.title))\n {body}\n }})\n}}\n"
    );
    std::fs::write(kind.join("lib.typ"), layout).expect("written");
    let model =
        json!({"kind": "prov", "profile": "exempel", "title": "Rubriken", "date": "2026-01-02", "plats": "Platsen"});
    render(&engine_with(&folder), model.to_string().as_bytes(), &folder, "exempel", Standard::A2aUa1)
}

#[test]
fn every_way_of_losing_a_text_is_found() {
    let place = "inline(data.plats)";
    let wrong = [
        ("beside", format!("move(dx: 160mm, {place})"), "SID001"),
        ("below", format!("block(height: 400mm, breakable: false, place(bottom, {place}))"), "SID001"),
        ("turned", format!("move(dx: 120mm, rotate(-45deg, box(width: 200mm, align(right, {place}))))"), "SID001"),
        ("clipped", format!("box(width: 12pt, clip: true, box(width: 100mm, {place}))"), "SID001"),
        ("narrow", format!("grid(columns: (4mm, 4mm), [Siffran], {place})"), "SID002"),
        (
            "painted",
            format!("block({{ {place}; place(top, rect(width: 100%, height: 30mm, fill: white)) }})"),
            "SID002",
        ),
        ("hidden", format!("hide({place})"), "SID003"),
        ("shrunk", format!("scale(50%, {place})"), "SID004"),
        ("band", format!("block(fill: s.accent, {place})"), "SID005"),
        ("see-through", format!("text(fill: black.transparentize(70%), {place})"), "SID005"),
        (
            "pattern",
            format!("block(fill: tiling(size: (4pt, 4pt), circle(radius: 1pt, fill: black)), {place})"),
            "SID005",
        ),
    ];
    for (name, body, code) in wrong {
        let outcome = outcome_of(name, &body);
        let found = findings(&outcome);
        assert!(outcome.rendered.is_none(), "{name}: a document came out");
        assert!(found.iter().any(|(c, at)| c == code && at == "/plats"), "{name}: {found:?}\n{}", shown(&outcome));
        assert!(found.iter().all(|(c, _)| c.starts_with("SID")), "{name}: {}", shown(&outcome));
    }
}

#[test]
fn what_can_be_read_passes() {
    let right = [
        ("plain", "par(inline(data.plats))"),
        ("capitals", "par(upper(inline(data.plats)))"),
        ("on-dark", "block(fill: s.accent, inset: 4pt, text(fill: white, inline(data.plats)))"),
        ("on-end", "block(height: 60mm, rotate(90deg, reflow: true, inline(data.plats)))"),
        ("narrow", "block(width: 12mm, text(hyphenate: true, inline(data.plats)))"),
    ];
    for (name, body) in right {
        let outcome = outcome_of(&format!("right-{name}"), body);
        assert!(outcome.rendered.is_some(), "{name}: {}", shown(&outcome));
    }
}
