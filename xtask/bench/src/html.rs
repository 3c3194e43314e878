//! The document as HTML, for programs that print web pages.

use xtask_common::repo;

use crate::content::{COLUMNS, Content, Section, Table, UNIT};
use crate::inputs::printed;

/// The municipal page, the way a person would write it in CSS; `{fonts}` is the folder of the fonts.
const STYLE: &str = r##"@font-face { font-family: "Open Sans"; font-weight: 400; src: url("{fonts}/OpenSans-Regular.ttf"); }
@font-face { font-family: "Open Sans"; font-weight: 600; src: url("{fonts}/OpenSans-Semibold.ttf"); }
@font-face { font-family: "Open Sans"; font-weight: 700; src: url("{fonts}/OpenSans-Bold.ttf"); }
@page {
  size: A4;
  margin: 38mm 30mm 32mm 35mm;
  @top-left { content: "Botkyrka kommun, tjänsteskrivelse"; font: 9pt "Open Sans"; color: #5b6470; }
  @top-right { content: counter(page) "[" counter(pages) "]"; font: 9pt "Open Sans"; color: #5b6470; }
}
@page :first {
  @top-left { content: "BOTKYRKA KOMMUN"; font: 700 13pt "Open Sans"; color: #00577d; }
  @top-right { content: "TJÄNSTESKRIVELSE \A" counter(page) "[" counter(pages) "]"; white-space: pre; color: black; }
  @bottom-left { content: "Post Botkyrka kommun, 147 85 TUMBA \A Besök Munkhättevägen 45, Tumba"; white-space: pre;
    font: 8pt "Open Sans"; color: #5b6470; }
  @bottom-center { content: "Kontaktcenter 08-530 610 00 \A Direkt 08-530 000 00"; white-space: pre;
    font: 8pt "Open Sans"; color: #5b6470; }
  @bottom-right { content: "Org.nr 212000-2882 \A Bankgiro 624-1061"; white-space: pre;
    font: 8pt "Open Sans"; color: #5b6470; }
}
body { margin: 0; font: 10pt/1.4 "Open Sans"; hyphens: auto; }
h1 { font-size: 16pt; }
h2 { margin: 1.6em 0 0.8em; font-size: 11pt; color: #00577d; break-after: avoid; }
p { margin: 0 0 0.8em; orphans: 2; widows: 2; }
.head { display: flex; justify-content: space-between; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; break-inside: avoid; }
caption { text-align: left; font-size: 8.5pt; color: #5b6470; }
th { font-size: 8.5pt; font-weight: 600; color: #5b6470; border-bottom: 0.6pt solid #00577d; }
td, th { padding: 1pt 5pt; text-align: right; }
td:first-child, th:first-child { text-align: left; }
.netto { background: #edf3f5; font-weight: 700; }
.signature { margin-top: 3em; width: 60mm; border-top: 0.6pt solid black; }
"##;

/// The style sheet; pages link to it as `page.css`.
pub fn style() -> String {
    STYLE.replace("{fonts}", &format!("file://{}", repo::root().join("fonts/open-sans").display()))
}

/// The page.
pub fn page(content: &Content) -> String {
    let Content { title, dnr, date, department, reference, recipient, .. } = content;
    let title = escaped(title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"sv\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"author\" content=\"{department}\"><link rel=\"stylesheet\" href=\"page.css\"></head>\n<body>\n\
         <p class=\"head\"><strong>{department}</strong> <span>{date}</span> <span>Dnr {dnr}</span></p>\n\
         <p>Referens: {reference}<br>Mottagare: {recipient}</p>\n<h1>{title}</h1>\n<h2>Förslag till beslut</h2>\n<ol>\n"
    );
    content.decisions.iter().for_each(|text| out.push_str(&format!("<li>{}</li>\n", escaped(text))));
    out.push_str("</ol>\n");
    content.sections.iter().for_each(|section| push_section(&mut out, section));
    out.push_str("<p class=\"signature\">Förnamn Efternamn<br>tf socialchef</p>\n</body>\n</html>\n");
    out
}

fn push_section(out: &mut String, section: &Section) {
    out.push_str(&format!("<h2>{}</h2>\n", escaped(&section.heading)));
    section.paragraphs.iter().for_each(|text| out.push_str(&format!("<p>{}</p>\n", escaped(text))));
    if let Some(table) = &section.table {
        push_table(out, table);
    }
}

fn push_table(out: &mut String, table: &Table) {
    let columns = COLUMNS.map(|name| format!("<th scope=\"col\">{name}</th>")).concat();
    out.push_str(&format!("<table>\n<caption>{}</caption>\n", escaped(&table.caption)));
    out.push_str(&format!("<thead><tr><th scope=\"col\">{UNIT}</th>{columns}</tr></thead>\n<tbody>\n"));
    for row in &table.rows {
        let class = if row.is_net { " class=\"netto\"" } else { "" };
        let cells = row.values.map(|value| format!("<td>{}</td>", printed(value))).concat();
        out.push_str(&format!("<tr{class}><td>{}</td>{cells}</tr>\n", escaped(&row.label)));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_paragraph() {
        let content = Content::of(3);
        let page = page(&content);
        assert!(content.sections.iter().flat_map(|part| &part.paragraphs).all(|text| page.contains(text.as_str())));
    }
}
