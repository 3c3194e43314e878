//! The smallest valid model of each kind, and text to lengthen it with.

use serde_json::{Value, json};

/// A model that renders in every profile, with nothing that can be left out.
pub fn smallest(kind: &str) -> Value {
    let mut model = json!({
        "kind": kind,
        "title": "Rubrik på handlingen",
        "date": "2026-05-11",
        "dnr": "SN/2026:12",
    });
    let own = match kind {
        "kallelse" => json!({
            "organ": "Socialnämnden",
            "sammantrade": {"date": "2026-05-28", "tid": "19:00", "plats": "Kommunalhuset"},
            "arenden": [{"title": "Mötet öppnas", "muntlig": true}],
            "ordforande": "Anna Exempelsson",
            "sekreterare": "Bo Provberg",
        }),
        "ordforandeforslag" => json!({
            "organ": "Socialnämnden",
            "arende_nummer": 3,
            "beslut": ["Nämnden godkänner förslaget."],
            "arendet": "Ärendet i korthet.",
        }),
        "tjansteskrivelse" => json!({
            "forvaltning": "Socialförvaltningen",
            "mottagare": ["Socialnämnden"],
            "forslag_till_beslut": ["Nämnden godkänner förslaget."],
            "sammanfattning": "Ärendet i korthet.",
            "signaturer": [{"name": "Cecilia Mallgren", "title": "Förvaltningschef"}],
        }),
        "delarsrapport" => json!({
            "organ": "Socialnämnden",
            "period": "januari–april 2026",
            "sammanfattning": "Läget i korthet.",
            "malomraden": [{"title": "Trygghet", "mal": [{"nummer": "1", "title": "Fler är trygga"}]}],
            "ekonomi": "Ekonomin i korthet.",
        }),
        "projektuppfoljning" => json!({
            "projektnr": "5258",
            "period": "Delårsuppföljning nr 1",
            "bidragsgivare": ["Länsstyrelsen"],
            "projekttid": {"from": "2025-01-01", "to": "2026-12-31"},
            "projektmal": [{"mal": "Fler är trygga.", "status": "pagar"}],
            "ekonomi": "Ekonomin i korthet.",
        }),
        "dokument" => json!({"content": "Innehållet i korthet."}),
        other => panic!("no such kind: {other}"),
    };
    merge(&mut model, own);
    model
}

/// Puts the fields of one object into another.
pub fn merge(into: &mut Value, from: Value) {
    let (Value::Object(into), Value::Object(from)) = (into, from) else { panic!("objects are merged") };
    into.extend(from);
}

/// So many lines of text, a paragraph each.
pub fn lines(count: usize) -> String {
    let line = |i: usize| match i % 5 {
        0 => format!("Stycke {i} i den *löpande* texten."),
        1 => format!("Nämnden har fattat beslut om punkt {i} enligt [riktlinjen](https://www.exempel.example/r)."),
        2 => format!(
            "Punkt {i} gäller verksamheten i stort; den är så lång att den måste brytas någonstans på vägen till slutet."
        ),
        _ => format!("Kort rad {i}."),
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n\n")
}

/// The smallest model with content where its kind has room for it.
pub fn lengthened(kind: &str, content: Value) -> Value {
    let mut model = smallest(kind);
    let field = match kind {
        "kallelse" => "inledning",
        "dokument" => "content",
        "ordforandeforslag" | "tjansteskrivelse" => "arendet",
        _ => "ekonomi",
    };
    // What a kind requires may not be empty.
    let empty = content.as_str().is_some_and(str::is_empty);
    if !empty {
        merge(&mut model, Value::Object([(field.to_owned(), content)].into_iter().collect()));
    }
    model
}
