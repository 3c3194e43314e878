//! The tag tree as poppler reads it.

use std::path::Path;

use crate::support::{squeezed, tool_text};

/// A line of `pdfinfo -struct-text`: an element, a piece of its text, or something about it.
enum Line<'a> {
    Element { depth: usize, name: &'a str },
    Text { depth: usize, text: &'a str },
    Other,
}

/// Every structure type Typst writes. Anything else at the start of a line is the rest of a title with a line break.
const TYPES: [&str; 38] = [
    "Document",
    "Part",
    "Sect",
    "Div",
    "BlockQuote",
    "Caption",
    "TOC",
    "TOCI",
    "Index",
    "NonStruct",
    "P",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "THead",
    "TBody",
    "TFoot",
    "Span",
    "Quote",
    "Note",
    "Reference",
    "BibEntry",
    "Code",
    "Link",
    "Figure",
    "Formula",
    "Form",
];

fn read(line: &str) -> Line<'_> {
    let rest = line.trim_start_matches(' ');
    let depth = (line.len() - rest.len()) / 2;
    if let Some(text) = rest.strip_prefix('"') {
        return Line::Text { depth, text: text.strip_suffix('"').unwrap_or(text) };
    }
    let name = rest.split([' ', ':']).next().unwrap_or_default();
    if TYPES.contains(&name) { Line::Element { depth, name } } else { Line::Other }
}

/// Texts in the order of the tags, squeezed; without the contents list, which repeats the headings, and without what
/// stands inside figures, which have a text alternative instead.
pub fn text(pdf: &Path) -> Option<String> {
    let output = tool_text("pdfinfo", &["-struct-text"], pdf)?;
    let mut out = String::new();
    let mut skipped: Option<usize> = None;
    let mut begun = false;
    for line in output.lines().map(read) {
        match line {
            Line::Element { depth, name } => {
                begun = false;
                if skipped.is_none_or(|d| depth <= d) {
                    skipped = matches!(name, "TOC" | "Figure").then_some(depth);
                }
            }
            // A hyphen that breaking a line has added comes as a piece of its own after another.
            Line::Text { text: "-", .. } if begun => {}
            Line::Text { depth, text } => {
                begun = true;
                skipped = skipped.filter(|&d| depth > d);
                if skipped.is_none() {
                    out.push_str(&squeezed(text));
                }
            }
            Line::Other => {}
        }
    }
    Some(out)
}

/// The structure types, indented.
pub fn types(pdf: &Path) -> Option<String> {
    let output = tool_text("pdfinfo", &["-struct"], pdf)?;
    let mut out = String::new();
    for line in output.lines().map(read) {
        if let Line::Element { depth, name } = line {
            out.push_str(&"  ".repeat(depth));
            out.push_str(name);
            out.push('\n');
        }
    }
    Some(out)
}
