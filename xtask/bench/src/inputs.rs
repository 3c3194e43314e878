//! The bench inputs: one document, written once as a report model and once as a Typst file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xtask_common::error::{Error, Result};
use xtask_common::repo;

use crate::content::{COLUMNS, Content, Section, Table, UNIT};

/// The document as a report model, made from the same [`Content`] as the Typst file, so that both set the same text.
pub fn report_json(content: &Content) -> String {
    let sections: Vec<_> = content.sections.iter().map(section_json).collect();
    let report = json!({
        "kind": "tjansteskrivelse",
        "profile": "botkyrka",
        "title": content.title,
        "date": content.date,
        "dnr": content.dnr,
        "forvaltning": content.department,
        "referens": [content.reference],
        "mottagare": [content.recipient],
        "forslag_till_beslut": content.decisions,
        "sammanfattning": "Sammanfattningen står i avsnitten nedan.",
        "sections": sections,
        "signaturer": [{"name": "Förnamn Efternamn", "title": "tf socialchef"}],
    });
    report.to_string()
}

fn section_json(section: &Section) -> Value {
    let mut content = vec![json!(section.paragraphs.join("\n\n"))];
    content.extend(section.table.as_ref().map(table_json));
    json!({"title": section.heading, "content": content})
}

fn table_json(table: &Table) -> Value {
    let ids = ["utfall", "period", "budget", "prognos", "avvikelse"];
    let mut columns = vec![json!({"id": "post", "title": "Post"})];
    for (id, title) in ids.into_iter().zip(COLUMNS) {
        let mut column = json!({"id": id, "title": title, "type": "amount"});
        if id == "avvikelse" {
            column["formula"] = json!("prognos - budget");
        }
        columns.push(column);
    }
    let rows = table.rows.iter().map(|row| {
        let mut cells = vec![json!(row.label)];
        cells.extend(row.values.map(Value::from));
        json!({"type": if row.is_net { "netto" } else { "line" }, "cells": cells})
    });
    json!({
        "type": "table",
        "title": table.caption,
        "unit": UNIT.to_lowercase(),
        "columns": columns,
        "rows": rows.collect::<Vec<_>>(),
    })
}

/// The files of one document.
pub struct Inputs {
    /// How long it is meant to be.
    pub pages: u32,
    /// The report model.
    pub json: PathBuf,
    /// The Typst file.
    pub typst: PathBuf,
}

/// Where the inputs are written.
pub fn folder() -> PathBuf {
    repo::target().join("bench-inputs")
}

/// Writes the document of this many pages in both forms.
pub fn write(pages: u32) -> Result<Inputs> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
    let path = |ending: &str| folder.join(format!("tjansteskrivelse-{pages}-pages.{ending}"));
    let typst = path("typ");
    let content = Content::of(pages);
    write_file(&typst, &typst_source(&content))?;
    let json = path("json");
    write_file(&json, &report_json(&content))?;
    Ok(Inputs { pages, json, typst })
}

/// Writes report models of this many pages to a folder: what a pipeline has is never the same text twice.
pub fn write_many(pages: u32, count: u32, folder: &Path) -> Result<()> {
    (1..=count).try_for_each(|number| {
        let path = folder.join(format!("rapport-{number:03}.json"));
        write_file(&path, &report_json(&Content::other(pages, number)))
    })
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::at(path))
}

/// What the layouts do, written the way a person would in a Typst file of their own.
const TYPST_STYLE: &str = r##"#let accent = rgb("#00577d")
#let quiet = rgb("#5b6470")
#let kontakt(..rader) = text(8pt, fill: quiet, rader.pos().join(linebreak()))
#set page(
  paper: "a4",
  margin: (left: 35mm, right: 30mm, top: 38mm, bottom: 32mm),
  header: context {
    set text(9pt, fill: quiet)
    if here().page() == 1 [
      #text(13pt, weight: 700, fill: accent)[BOTKYRKA KOMMUN] #h(1fr)
      #text(10pt, weight: 700, fill: black)[TJÄNSTESKRIVELSE] \
      #h(1fr) #counter(page).display("1[1]", both: true)
    ] else [
      Botkyrka kommun, tjänsteskrivelse, dnr #dnr #h(1fr) #counter(page).display("1[1]", both: true)
    ]
    v(-4pt)
    line(length: 100%, stroke: 0.4pt + gray)
  },
  footer: context if here().page() == 1 {
    line(length: 100%, stroke: 0.4pt + gray)
    grid(
      columns: (1fr, 1fr, 1fr),
      kontakt[*Post* Botkyrka kommun, 147 85 TUMBA][*Besök* Munkhättevägen 45, Tumba],
      kontakt[*Kontaktcenter* 08-530 610 00][*Direkt* 08-530 000 00],
      kontakt[*Org.nr* 212000-2882][*Bankgiro* 624-1061],
    )
  },
)
#set text(font: "Open Sans", size: 10pt, lang: "sv", hyphenate: true)
#set par(leading: 0.72em, spacing: 1.1em)
#show heading: set text(11pt, fill: accent)
#show heading: set block(above: 1.6em, below: 0.8em)
#show title: set text(16pt)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: set text(8.5pt, fill: quiet)
#show figure.caption: set align(left)
#show table: set text(9pt)
#show table.cell.where(y: 0): set text(8.5pt, weight: 600, fill: quiet)
#set table(
  stroke: (_, y) => if y == 0 { (bottom: 0.6pt + accent) },
  inset: (x: 5pt, y: 4pt),
  align: (x, _) => if x == 0 { left } else { right },
)
#let netto(..celler) = celler.pos().map(cell => table.cell(fill: rgb("#edf3f5"), strong(cell)))
"##;

fn typst_source(content: &Content) -> String {
    let Content { title, dnr, date, department, reference, recipient, .. } = content;
    let mut source = String::from("// @generated by `cargo xtask bench`\n");
    source.push_str(&format!("#let dnr = \"{dnr}\"\n"));
    let day = date.split('-').map(|part| part.trim_start_matches('0')).collect::<Vec<_>>();
    if let [year, month, day] = day[..] {
        let date = format!("datetime(year: {year}, month: {month}, day: {day})");
        source.push_str(&format!("#set document(title: \"{title}\", author: \"{department}\", date: {date})\n"));
    }
    source.push_str(TYPST_STYLE);
    source.push_str(&format!("\n*{department}* #h(1fr) {date} #h(2em) Dnr {dnr}\n\n"));
    source.push_str(&format!("Referens: {reference} \\\nMottagare: {recipient}\n\n#title()\n\n"));
    source.push_str("= Förslag till beslut\n");
    for decision in &content.decisions {
        source.push_str(&format!("+ {}\n", escaped(decision)));
    }
    for section in &content.sections {
        push_section(&mut source, section);
    }
    source.push_str(
        "\n#v(3em)\n#line(length: 60mm, stroke: 0.6pt)\nFörnamn Efternamn \\\n#text(fill: quiet)[tf socialchef]\n",
    );
    source
}

fn push_section(source: &mut String, section: &Section) {
    source.push_str(&format!("\n= {}\n", escaped(&section.heading)));
    for paragraph in &section.paragraphs {
        source.push_str(&format!("{}\n\n", escaped(paragraph)));
    }
    if let Some(table) = &section.table {
        push_table(source, table);
    }
}

fn push_table(source: &mut String, table: &Table) {
    source.push_str(&format!("#figure(caption: [{}], table(\n  columns: (1fr,", escaped(&table.caption)));
    source.push_str(&" auto,".repeat(COLUMNS.len()));
    source.push_str(&format!("),\n  table.header[{UNIT}][{}],\n", COLUMNS.join("][")));
    for row in &table.rows {
        let cells = std::iter::once(escaped(&row.label)).chain(row.values.map(printed));
        let cells = cells.map(|cell| format!("[{cell}]")).collect::<Vec<_>>().join(", ");
        let line = if row.is_net { format!("  ..netto({cells}),\n") } else { format!("  {cells},\n") };
        source.push_str(&line);
    }
    source.push_str("))\n");
}

/// An amount as printed: groups of three, no-break spaces, a real minus.
pub fn printed(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = if amount < 0 { "\u{2212}".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// Plain text as Typst markup.
fn escaped(text: &str) -> String {
    let mut markup = String::new();
    for character in text.chars() {
        if "\\#*_$@<>[]`~".contains(character) {
            markup.push('\\');
        }
        markup.push(character);
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_with_a_real_minus() {
        assert_eq!(printed(-484_464), "\u{2212}484\u{a0}464");
        assert_eq!(printed(1_097), "1\u{a0}097");
        assert_eq!(printed(97), "97");
    }

    #[test]
    fn markup_in_text_is_escaped() {
        assert_eq!(escaped("a#b *c*"), "a\\#b \\*c\\*");
    }
}
