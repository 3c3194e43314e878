//! Valid models of every kind: tables, charts, forms, pictures, sections, signatures.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::models::{merge, smallest};
use super::text_strategies::{line, point, text};

/// An object of the fields that are there.
fn object(fields: Vec<(&str, Option<Value>)>) -> Value {
    Value::Object(fields.into_iter().filter_map(|(k, v)| v.map(|v| (k.to_owned(), v))).collect())
}

fn lines(most: usize) -> impl Strategy<Value = Vec<String>> {
    vec(line(), 0..most)
}

/// What a column holds, and whether a formula gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Holds {
    Words,
    Date,
    Status,
    Amount,
    Integer,
    Percent,
    Difference,
    Share,
}

impl Holds {
    fn kind(self) -> &'static str {
        match self {
            Self::Words => "text",
            Self::Date => "date",
            Self::Status => "status",
            Self::Amount | Self::Difference => "amount",
            Self::Integer => "integer",
            Self::Percent | Self::Share => "percent",
        }
    }
}

/// Columns: words first, then two amounts that formulas can use, then anything.
fn columns() -> impl Strategy<Value = (Vec<Holds>, Vec<Value>)> {
    use Holds::*;
    let more = vec(select(vec![Words, Date, Status, Amount, Integer, Percent, Difference, Share]), 0..10);
    let heads =
        vec((line(), weighted(0.3, select(vec!["Helår", "Delår – *ej* markerat"])), weighted(0.3, 0..4u32)), 14);
    (more, heads).prop_map(|(more, heads)| {
        let holds: Vec<_> = [Words, Amount, Amount].into_iter().chain(more).collect();
        let mut columns = Vec::new();
        for (i, (holds, (title, group, decimals))) in holds.iter().zip(heads).enumerate() {
            let formula = match holds {
                Difference => Some(json!("c1 - c2")),
                Share => Some(json!("c1 / c2 * 100")),
                _ => None,
            };
            columns.push(object(vec![
                ("id", Some(json!(format!("c{i}")))),
                // A second unit of money in a table is refused.
                ("title", Some(json!(title.replace("kr", "st")))),
                ("type", Some(json!(holds.kind()))),
                ("group", group.filter(|_| i > 0).map(Value::from)),
                ("decimals", decimals.map(Value::from)),
                ("formula", formula),
            ]));
        }
        (holds, columns)
    })
}

fn cell(holds: Holds) -> BoxedStrategy<Value> {
    let number = match holds {
        Holds::Words => line().prop_map(Value::from).boxed(),
        Holds::Date => Just(json!("2026-05-11")).boxed(),
        Holds::Status => select(vec!["uppnått", "delvis uppnått", "ej uppnått", "pågår"]).prop_map(Value::from).boxed(),
        Holds::Integer => (-99_999..9_999_999i64).prop_map(Value::from).boxed(),
        // A computed cell is left out.
        Holds::Difference | Holds::Share => return Just(Value::Null).boxed(),
        _ => prop_oneof![
            (-9_999_999..9_999_999i64).prop_map(|n| json!(n as f64 / 10.0)),
            select(vec!["1 234,5", "−12", "999 999 999 999", "0", "0,125"]).prop_map(Value::from),
        ]
        .boxed(),
    };
    let noted = (number.clone(), line()).prop_map(|(value, note)| json!({"value": value, "note": note}));
    prop_oneof![12 => number, 1 => Just(json!("")), 1 => Just(json!("us")), 1 => Just(Value::Null), 1 => noted].boxed()
}

fn row(holds: &[Holds]) -> BoxedStrategy<Value> {
    let cells: Vec<_> = holds.iter().map(|&h| cell(h)).collect();
    let line_row = (cells, select(vec!["line", "line", "line", "line", "varav"]));
    let result = (select(vec!["subtotal", "netto", "total", "group"]), line());
    prop_oneof![
        5 => line_row.prop_map(|(cells, kind)| json!({"type": kind, "cells": cells})),
        1 => result.prop_map(|(kind, title)| json!({"type": kind, "title": title})),
    ]
    .boxed()
}

/// A table, portrait or landscape, from a heading alone to several pages.
fn table() -> BoxedStrategy<Value> {
    columns()
        .prop_flat_map(|(holds, columns)| {
            let rows = prop_oneof![4 => vec(row(&holds), 0..12), 1 => vec(row(&holds), 12..70)];
            (Just(columns), rows, weighted(0.6, line()), any::<bool>(), weighted(0.3, line()), lines(3), 0..6u8)
        })
        .prop_map(|(columns, rows, title, unit, signs, notes, turned)| {
            object(vec![
                ("type", Some(json!("table"))),
                ("title", title.map(Value::from)),
                ("unit", unit.then(|| json!("tkr"))),
                ("sign_convention", signs.map(Value::from)),
                ("columns", Some(json!(columns))),
                ("rows", Some(json!(rows))),
                ("notes", Some(json!(notes))),
                ("landscape", Some(json!(turned == 0))),
            ])
        })
        .boxed()
}

/// A table with the chart drawn from it. The name of the table is unique once `name_tables` has run.
fn charted() -> impl Strategy<Value = Vec<Value>> {
    let figures = vec(vec(prop_oneof![6 => (-500..9_000i64).prop_map(Value::from), 1 => Just(json!("us"))], 6), 1..7);
    (figures, vec(line(), 7), 1..7usize, any::<bool>(), weighted(0.5, line()), weighted(0.3, line())).prop_map(
        |(mut figures, names, columns, bars, title, alt)| {
            // A chart without a single figure is refused.
            figures[0][0] = json!(12);
            let heads = (0..columns)
                .map(|i| json!({"id": format!("y{i}"), "title": format!("{}", 2020 + i), "type": "integer"}));
            let heads: Vec<_> = std::iter::once(json!({"id": "matt", "title": "Mått"})).chain(heads).collect();
            let row = |(figures, name): (Vec<Value>, String)| {
                let cells: Vec<_> = std::iter::once(json!(name)).chain(figures.into_iter().take(columns)).collect();
                json!({"cells": cells})
            };
            let rows: Vec<_> = figures.into_iter().zip(names).map(row).collect();
            vec![
                json!({"type": "table", "id": "t", "columns": heads, "rows": rows}),
                object(vec![
                    ("type", Some(json!("chart"))),
                    ("chart", Some(json!(if bars { "bar" } else { "line" }))),
                    ("table", Some(json!("t"))),
                    ("title", title.map(Value::from)),
                    ("alt", alt.map(Value::from)),
                ]),
            ]
        },
    )
}

fn image() -> impl Strategy<Value = Value> {
    (
        select(vec!["logga.svg", "bred.png", "lang.png", "prick.png"]),
        line(),
        weighted(0.5, line()),
        weighted(0.7, 5..101u32),
    )
        .prop_map(|(file, alt, caption, width)| {
            object(vec![
                ("type", Some(json!("image"))),
                ("file", Some(json!(file))),
                ("alt", Some(json!(alt))),
                ("caption", caption.map(Value::from)),
                ("width", width.map(Value::from)),
            ])
        })
}

fn form() -> impl Strategy<Value = Value> {
    let kinds = select(vec!["text", "checkbox", "date"]);
    let field =
        (line(), kinds, weighted(0.4, 1..41u32), lines(4), weighted(0.2, text()), weighted(0.3, line()), any::<bool>());
    let field = field.prop_map(|(label, kind, rules, options, value, help, half)| {
        object(vec![
            ("label", Some(json!(label))),
            ("type", Some(json!(kind))),
            ("lines", rules.map(Value::from)),
            ("options", Some(json!(options))),
            ("value", value.map(Value::from)),
            ("help", help.map(Value::from)),
            ("half", Some(json!(half))),
        ])
    });
    (weighted(0.5, line()), vec(field, 1..6)).prop_map(|(title, fields)| {
        object(vec![("type", Some(json!("form"))), ("title", title.map(Value::from)), ("fields", Some(json!(fields)))])
    })
}

fn facts() -> impl Strategy<Value = Value> {
    vec((line(), line()), 1..5).prop_map(|items| {
        let items: Vec<_> = items.into_iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
        json!({"type": "facts", "items": items})
    })
}

/// Content: one text, or texts and blocks.
fn content() -> BoxedStrategy<Value> {
    let part = prop_oneof![
        6 => text().prop_map(|t| vec![json!(t)]),
        2 => table().prop_map(|t| vec![t]),
        1 => charted(),
        1 => image().prop_map(|i| vec![i]),
        1 => form().prop_map(|f| vec![f]),
        1 => facts().prop_map(|f| vec![f]),
    ];
    prop_oneof![
        text().prop_map(Value::from),
        vec(part, 1..4).prop_map(|parts| Value::Array(parts.into_iter().flatten().collect())),
    ]
    .boxed()
}

fn sections(depth: usize) -> BoxedStrategy<Value> {
    let below = if depth == 0 { Just(json!([])).boxed() } else { sections(depth - 1) };
    let section = (line(), weighted(0.8, content()), below, weighted(0.1, Just(true)));
    let section = section.prop_map(|(title, content, below, new_page)| {
        object(vec![
            ("title", Some(json!(title))),
            ("content", content),
            ("sections", Some(below)),
            ("new_page", new_page.map(Value::from)),
        ])
    });
    let most = if depth > 4 { 3 } else { 2 };
    vec(section, 0..most).prop_map(Value::from).boxed()
}

fn signatures() -> impl Strategy<Value = Value> {
    let signature =
        (line(), weighted(0.5, line()), weighted(0.5, line()), any::<bool>(), select(vec!["ink", "digital"]));
    let signature = signature.prop_map(|(name, title, role, place_date, method)| {
        object(vec![
            ("name", Some(json!(name))),
            ("title", title.map(Value::from)),
            ("role", role.map(Value::from)),
            ("place_date", Some(json!(place_date))),
            ("method", Some(json!(method))),
        ])
    });
    vec(signature, 0..7).prop_map(Value::from)
}

/// Fields every kind has.
fn common() -> impl Strategy<Value = Value> {
    let appendices = lines(4).prop_map(|l| l.into_iter().map(|t| json!({"title": t})).collect::<Value>());
    (line(), weighted(0.7, line()), weighted(0.3, line()), lines(3), signatures(), appendices, any::<bool>()).prop_map(
        |(title, forvaltning, enhet, keywords, signaturer, bilagor, kontakt)| {
            object(vec![
                ("title", Some(json!(title))),
                ("forvaltning", forvaltning.map(Value::from)),
                ("enhet", enhet.map(Value::from)),
                ("andra_dnr", Some(json!(["SN/2025:1", "SN/2024:99"]))),
                ("keywords", Some(json!(keywords))),
                ("kontakt", kontakt.then(|| json!({"direkt": "08-530 620 00", "epost": "a@exempel.example"}))),
                ("signaturer", Some(signaturer)),
                ("bilagor", Some(bilagor)),
            ])
        },
    )
}

/// Any of several fields of content, each left out at times.
fn contents(fields: &'static [&'static str]) -> impl Strategy<Value = Value> {
    vec(weighted(0.5, content()), fields.len()).prop_map(|values| object(fields.iter().copied().zip(values).collect()))
}

fn kallelse() -> impl Strategy<Value = Value> {
    let item =
        (line(), any::<bool>(), weighted(0.3, line()), weighted(0.3, text()), weighted(0.5, 1..400u32), lines(3));
    let item = item.prop_map(|(title, closed, presenter, text, page, papers)| {
        let papers: Vec<_> = papers.into_iter().map(|t| json!({"title": t})).collect();
        object(vec![
            ("title", Some(json!(title))),
            ("dnr", Some(json!("SN/2026:7"))),
            ("slutet", Some(json!(closed))),
            ("foredragande", presenter.map(Value::from)),
            ("text", text.map(Value::from)),
            ("sida", page.map(Value::from)),
            ("handlingar", Some(json!(papers))),
        ])
    });
    let person = (line(), select(vec!["ledamot", "ersattare", "ovrig"]), weighted(0.5, line())).prop_map(
        |(name, role, post)| {
            object(vec![("name", Some(json!(name))), ("roll", Some(json!(role))), ("uppdrag", post.map(Value::from))])
        },
    );
    let group = line().prop_map(|g| json!({"grupp": g, "tid": "17:30", "plats": "Sal Eken"}));
    (vec(item, 1..20), vec(person, 0..40), vec(group, 0..4), weighted(0.5, text()), weighted(0.5, text())).prop_map(
        |(items, people, groups, introduction, absence)| {
            object(vec![
                ("arenden", Some(json!(items))),
                ("kallade", Some(json!(people))),
                ("gruppmoten", Some(json!(groups))),
                ("inledning", introduction.map(Value::from)),
                ("forhinder", absence.map(|t| json!({"text": t, "telefon": "08-1", "senast": "2026-05-20"}))),
            ])
        },
    )
}

const STATUSES: [&str; 4] = ["uppnatt", "delvis_uppnatt", "ej_uppnatt", "pagar"];

fn goal(depth: usize) -> BoxedStrategy<Value> {
    let below =
        if depth == 0 { Just(json!([])).boxed() } else { vec(goal(depth - 1), 0..2).prop_map(Value::from).boxed() };
    let undertaking = text().prop_map(|t| json!({"nummer": "1a", "text": t}));
    let words = contents(&["inledning", "uppfoljning", "indikatorer", "slutsatser"]);
    (line(), weighted(0.7, select(&STATUSES[..])), vec(undertaking, 0..3), words, below)
        .prop_map(|(title, status, undertakings, mut goal, below)| {
            let status = status.map_or(json!({}), |s| json!({"status": s}));
            merge(&mut goal, status);
            merge(&mut goal, json!({"nummer": "", "title": title, "ataganden": undertakings, "namndmal": below}));
            goal
        })
        .boxed()
}

fn delarsrapport() -> impl Strategy<Value = Value> {
    let area = (line(), vec(goal(1), 1..3)).prop_map(|(title, goals)| json!({"title": title, "mal": goals}));
    let words = contents(&["mal_inledning", "investeringar", "nyckeltal"]);
    (content(), content(), sections(1), vec(area, 1..3), words).prop_map(|(summary, money, below, areas, mut model)| {
        merge(
            &mut model,
            json!({"sammanfattning": summary, "ekonomi": money, "ekonomi_sections": below, "malomraden": areas}),
        );
        model
    })
}

fn projektuppfoljning() -> impl Strategy<Value = Value> {
    let goal = (text(), select(&STATUSES[..]), weighted(0.5, text()), weighted(0.5, text()));
    let goal = goal.prop_map(|(goal, status, follow_up, comment)| {
        object(vec![
            ("mal", Some(json!(goal))),
            ("status", Some(json!(status))),
            ("uppfoljning", follow_up.map(Value::from)),
            ("kommentar", comment.map(Value::from)),
        ])
    });
    let words = contents(&["kort_om_projektet", "malgrupp", "organisation", "nyttomal", "deltagare", "kommentarer"]);
    (vec(goal, 1..6), content(), vec(line(), 1..3), words).prop_map(|(goals, money, funders, mut model)| {
        merge(&mut model, json!({"projektmal": goals, "ekonomi": money, "bidragsgivare": funders}));
        model
    })
}

fn own_fields(kind: &str) -> BoxedStrategy<Value> {
    let points = || vec(point(), 1..5);
    match kind {
        "kallelse" => kallelse().boxed(),
        "ordforandeforslag" => (points(), contents(&["sammanfattning"]), content())
            .prop_map(|(points, mut model, matter)| {
                merge(&mut model, json!({"beslut": points, "arendet": matter}));
                model
            })
            .boxed(),
        "tjansteskrivelse" => (points(), contents(&["arendet", "yttrande", "bedomning", "barnperspektiv"]), content(), lines(4))
            .prop_map(|(points, mut model, summary, lines)| {
                let own = json!({
                    "forvaltning": "Socialförvaltningen", "forslag_till_beslut": points, "sammanfattning": summary,
                    "referens": lines, "beslutet_skickas_till": lines,
                });
                merge(&mut model, own);
                model
            })
            .boxed(),
        "delarsrapport" => delarsrapport().boxed(),
        "projektuppfoljning" => projektuppfoljning().boxed(),
        _ => (content(), lines(3), any::<bool>())
            .prop_map(|(content, lines, listed)| json!({"content": content, "referens": lines, "mottagare": lines, "contents": listed}))
            .boxed(),
    }
}

/// Tables that charts name and goals get names of their own.
fn name(value: &mut Value, tables: &mut usize, goals: &mut usize) {
    match value {
        Value::Object(object) => {
            if object.contains_key("nummer") && object.contains_key("namndmal") {
                *goals += 1;
                object.insert("nummer".into(), json!(goals.to_string()));
            }
            if object.get("id") == Some(&json!("t")) {
                *tables += 1;
                object.insert("id".into(), json!(format!("t{tables}")));
            }
            if object.get("type") == Some(&json!("chart")) {
                object.insert("table".into(), json!(format!("t{tables}")));
            }
            object.values_mut().for_each(|v| name(v, tables, goals));
        }
        Value::Array(items) => items.iter_mut().for_each(|v| name(v, tables, goals)),
        _ => {}
    }
}

/// A valid model of a kind.
pub fn model(kind: &'static str) -> BoxedStrategy<Value> {
    let sections = if kind == "kallelse" { Just(None).boxed() } else { weighted(0.5, sections(6)).boxed() };
    (common(), own_fields(kind), sections)
        .prop_map(move |(common, own, sections)| {
            let mut model = smallest(kind);
            merge(&mut model, common);
            merge(&mut model, own);
            merge(&mut model, object(vec![("sections", sections)]));
            name(&mut model, &mut 0, &mut 0);
            model
        })
        .boxed()
}
