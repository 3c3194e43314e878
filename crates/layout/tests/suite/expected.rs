//! What must stand in a document, and in which order: the prepared model, walked in the order of the layouts.
//!
//! Every field of an object has to be taken; one that is left over fails the test, so that no text of the model can be
//! forgotten here or in a layout without being missed.

use std::collections::BTreeMap;

use serde_json::Value;
use sigill_model::profile::Profile;

use crate::support::squeezed;

/// What a document holds, in reading order.
#[derive(Default)]
pub struct Expected {
    /// All text, squeezed.
    pub text: String,
    /// Headings with their levels, as bookmarks have them.
    pub headings: Vec<(usize, String)>,
    /// Text alternatives of pictures and charts.
    pub alts: Vec<String>,
    /// Footnotes so far.
    footnotes: usize,
    /// How deep the bulleted list is that we are in.
    bullets: usize,
}

/// Fields of an object that have not been taken yet.
pub struct Fields<'a> {
    what: &'static str,
    left: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Fields<'a> {
    /// All fields, without those that never show.
    pub fn new(what: &'static str, value: &'a Value, hidden: &[&str]) -> Self {
        let object = value.as_object().unwrap_or_else(|| panic!("{what} is no object: {value}"));
        let shown = object.iter().filter(|(k, _)| !hidden.contains(&k.as_str()));
        Self { what, left: shown.map(|(k, v)| (k.as_str(), v)).collect() }
    }

    /// A field, once.
    pub fn take(&mut self, key: &str) -> Option<&'a Value> {
        self.left.remove(key)
    }

    /// A text, empty when left out.
    pub fn text(&mut self, key: &str) -> &'a str {
        self.take(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A list, empty when left out.
    pub fn list(&mut self, key: &str) -> &'a [Value] {
        self.take(key).map_or(&[], items)
    }

    /// Whether something is said to be so.
    pub fn flag(&mut self, key: &str) -> bool {
        self.take(key).and_then(Value::as_bool).unwrap_or(false)
    }
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left: Vec<_> = self.left.keys().collect();
            assert!(left.is_empty(), "{}: fields that no layout shows: {left:?}", self.what);
        }
    }
}

/// A list's items.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Text of a run as a bookmark has it: no footnotes.
fn plain(nodes: &Value) -> String {
    let text = |n: &Value| match n["t"].as_str() {
        Some("text") => n["v"].as_str().unwrap_or_default().to_owned(),
        Some("fn" | "wbr" | "mark") => String::new(),
        Some("br") => " ".into(),
        _ => plain(&n["c"]),
    };
    items(nodes).iter().map(text).collect()
}

impl Expected {
    /// Plain text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(&squeezed(text));
    }

    /// A run of text.
    pub fn inline(&mut self, nodes: &Value) {
        for node in items(nodes) {
            match node["t"].as_str().unwrap_or_default() {
                "text" => self.push(node["v"].as_str().unwrap_or_default()),
                "br" | "wbr" => {}
                "mark" => self.push(node["v"].as_str().unwrap_or_default()),
                "fn" => {
                    self.footnotes += 1;
                    // The mark in the text, and the mark before the note; the note is read where it is referred to.
                    let mark = self.footnotes.to_string();
                    self.push(&mark);
                    self.push(&mark);
                    self.inline(&node["c"]);
                }
                _ => self.inline(&node["c"]),
            }
        }
    }

    /// Lines, each a run.
    pub fn inlines(&mut self, lines: &[Value]) {
        lines.iter().for_each(|l| self.inline(l));
    }

    /// Paragraphs, lists and quotes.
    pub fn blocks(&mut self, nodes: &Value) {
        for node in items(nodes) {
            match node["t"].as_str().unwrap_or_default() {
                "ul" => {
                    self.bullets += 1;
                    for item in items(&node["items"]) {
                        self.push(if self.bullets % 2 == 1 { "•" } else { "–" });
                        self.blocks(item);
                    }
                    self.bullets -= 1;
                }
                "ol" => {
                    let start = node["start"].as_u64().unwrap_or(1);
                    let sign = if node["parenthesis"] == true { ")" } else { "." };
                    let numbers = items(&node["numbers"]);
                    for (i, item) in items(&node["items"]).iter().enumerate() {
                        let number = numbers.get(i).and_then(Value::as_u64).unwrap_or(start + i as u64);
                        self.push(&format!("{number}{sign}"));
                        self.blocks(item);
                    }
                }
                "quote" => self.blocks(&node["c"]),
                _ => self.inline(&node["c"]),
            }
        }
    }

    /// A heading that is words of the layout.
    pub fn heading(&mut self, level: usize, title: &str) {
        self.push(title);
        self.headings.push((level.min(6), title.to_owned()));
    }

    /// A heading from the model, with words of the layout around it.
    pub fn heading_inline(&mut self, level: usize, before: &str, title: &Value, after: &str) {
        self.push(before);
        self.inline(title);
        self.push(after);
        self.headings.push((level.min(6), format!("{before}{}{after}", plain(title))));
    }

    /// Content: texts and blocks.
    pub fn content(&mut self, parts: &Value) {
        for part in items(parts) {
            match part["type"].as_str().unwrap_or_default() {
                "text" => self.blocks(&part["c"]),
                "table" => self.table(part),
                "chart" => self.chart(part),
                "image" => self.image(part),
                "form" => self.form(part),
                "facts" => {
                    let mut facts = Fields::new("facts", part, &["type"]);
                    for item in facts.list("items") {
                        let mut item = Fields::new("fact", item, &[]);
                        ["label", "value"].iter().filter_map(|k| item.take(k)).for_each(|v| self.inline(v));
                    }
                }
                other => panic!("content of type {other}"),
            }
        }
    }

    /// A heading with content, when there is content.
    pub fn titled(&mut self, level: usize, title: &str, parts: Option<&Value>) {
        if let Some(parts) = parts.filter(|p| !items(p).is_empty()) {
            self.heading(level, title);
            self.content(parts);
        }
    }

    /// Sections and those below them.
    pub fn sections(&mut self, parts: &[Value], level: usize) {
        for part in parts {
            let mut section = Fields::new("section", part, &["new_page"]);
            if let Some(title) = section.take("title") {
                self.heading_inline(level, "", title, "");
            }
            section.take("content").into_iter().for_each(|c| self.content(c));
            self.sections(section.list("sections"), level + 1);
        }
    }

    fn image(&mut self, part: &Value) {
        let mut image = Fields::new("image", part, &["type", "index", "width", "sized"]);
        self.alts.push(image.text("alt").to_owned());
        image.take("caption").into_iter().for_each(|c| self.inline(c));
    }

    fn chart(&mut self, part: &Value) {
        let drawn = ["type", "chart", "categories", "series", "ticks", "zero"];
        let mut chart = Fields::new("chart", part, &drawn);
        let unit = chart.text("unit");
        if let Some(title) = chart.take("title").filter(|t| !items(t).is_empty()) {
            self.inline(title);
            if !unit.is_empty() {
                self.push(&format!("({unit})"));
            }
        }
        self.alts.push(chart.text("alt").to_owned());
    }

    fn form(&mut self, part: &Value) {
        let mut form = Fields::new("form", part, &["type"]);
        form.take("title").into_iter().for_each(|t| self.inline(t));
        for field in form.list("fields") {
            let mut field = Fields::new("form field", field, &["type", "lines", "half"]);
            field.take("label").into_iter().for_each(|l| self.inline(l));
            field.take("help").into_iter().for_each(|h| self.inline(h));
            let options = field.list("options");
            match field.take("value") {
                Some(value) => self.blocks(value),
                None => self.inlines(options),
            }
        }
    }

    fn table(&mut self, part: &Value) {
        let mut table = Fields::new("table", part, &["type", "id", "grouped", "landscape"]);
        let title = table.take("title").filter(|t| !items(t).is_empty());
        let unit = table.text("unit");
        title.into_iter().for_each(|t| self.inline(t));
        if !unit.is_empty() {
            self.push(&if title.is_some() { format!("({unit})") } else { format!("Belopp i {unit}") });
        }
        let columns = table.list("columns");
        let mut last = None;
        for column in columns {
            let group = column["group"].as_str();
            if group.is_some() && group != last {
                self.push(group.unwrap_or_default());
            }
            last = group;
        }
        for column in columns {
            let mut column = Fields::new("column", column, &["group", "kind", "width", "decimals", "extent", "series"]);
            column.take("title").into_iter().for_each(|t| self.inline(t));
        }
        for row in table.list("rows") {
            let mut row = Fields::new("row", row, &["kind", "keep", "long"]);
            for cell in row.list("cells") {
                let mut cell = Fields::new("cell", cell, &["pad", "status"]);
                cell.take("c").into_iter().for_each(|c| self.inline(c));
                self.push(cell.text("mark"));
            }
        }
        if let Some(signs) = table.take("sign_convention").filter(|s| !s.is_null()) {
            self.push("Tecken:");
            self.inline(signs);
        }
        for note in table.list("notes").iter().filter(|n| !items(&n["c"]).is_empty()) {
            let mut note = Fields::new("note", note, &[]);
            self.push(note.text("mark"));
            note.take("c").into_iter().for_each(|c| self.inline(c));
        }
    }

    /// Points of a decision.
    pub fn decision(&mut self, points: &[Value]) {
        for (i, point) in points.iter().enumerate() {
            if points.len() > 1 {
                self.push(&format!("{}.", i + 1));
            }
            self.blocks(point);
        }
    }

    /// Places to sign.
    pub fn signatures(&mut self, list: &[Value]) {
        for signature in list {
            let mut s = Fields::new("signature", signature, &["id"]);
            if s.flag("place_date") {
                self.push("Ort och datum");
            }
            if s.text("method") == "digital" {
                self.push("Elektronisk underskrift");
            }
            ["name", "title", "role"].iter().filter_map(|k| s.take(k)).for_each(|v| self.inline(v));
        }
    }

    /// Appendices.
    pub fn attachments(&mut self, list: &[Value], level: usize) {
        if !list.is_empty() {
            self.heading(level, "Bilagor");
        }
        for (i, bilaga) in list.iter().enumerate() {
            if list.len() > 1 {
                self.push(&format!("{}.", i + 1));
            }
            let mut bilaga = Fields::new("bilaga", bilaga, &["file"]);
            bilaga.take("title").into_iter().for_each(|t| self.inline(t));
        }
    }

    /// Label rows below the letterhead.
    pub fn label_rows(&mut self, rows: &[(&str, &[Value])]) {
        for (label, lines) in rows.iter().filter(|(_, lines)| !lines.is_empty()) {
            self.push(label);
            self.inlines(lines);
        }
    }

    /// Wordmark and kind above, sender and date below.
    pub fn letterhead(&mut self, profile: &Profile, kind_heading: &str, pages: usize, left: &[&str], top: &Top<'_>) {
        self.push(&profile.wordmark);
        self.push(kind_heading);
        self.push(&page_number(profile, 1, pages));
        left.iter().for_each(|l| self.push(l));
        self.push("Datum");
        self.push(top.date);
        if !top.dnr.is_empty() {
            self.push("Dnr");
            self.push(&top.dnr);
        }
    }
}

/// Date and diarienummer of a document.
pub struct Top<'a> {
    /// Its date.
    pub date: &'a str,
    /// All its diarienummer, with commas.
    pub dnr: String,
}

impl<'a> Top<'a> {
    /// Takes them out of the document.
    pub fn of(fields: &mut Fields<'a>) -> Self {
        let date = fields.take("date").and_then(|d| d["iso"].as_str()).unwrap_or_default();
        let mut dnr: Vec<&str> = fields.take("dnr").and_then(Value::as_str).into_iter().collect();
        dnr.extend(fields.list("andra_dnr").iter().filter_map(Value::as_str));
        Self { date, dnr: dnr.join(", ") }
    }
}

/// The page number by the profile's pattern.
pub fn page_number(profile: &Profile, page: usize, pages: usize) -> String {
    profile.page_number.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string())
}
