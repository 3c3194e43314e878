//! The page proof: what laid-out pages show, judged before they are written.
//!
//! Setting succeeds also when a figure lands outside the page. So every page is taken apart once, whatever layout it
//! comes from, and told of when a text is not where, or not as, a reader could read it.

mod ink;
mod judge;
mod words;

use std::fmt;

use serde_json::Value;
use sigill_model::json::Source as ReportSource;
use sigill_model::messages::{sid001, sid002, sid003, sid004, sid005};
use sigill_model::{Diagnostic, Lang, Localize};
use typst_layout::PagedDocument;

use judge::Fault;
use words::Piece;

/// Smallest type when the profile does not say, in points.
const SMALLEST: f64 = 6.5;
/// Most findings of one sort: a table that is too wide is wrong in every row.
const MOST: usize = 3;

/// What is wrong with the pages.
pub(crate) fn prove(
    document: &PagedDocument,
    data: &Value,
    source: &ReportSource,
    smallest: Option<f64>,
) -> Vec<Diagnostic> {
    let mut reader = ink::Reader::default();
    let mut faults: Vec<(Fault, usize, &str)> = Vec::new();
    for (i, page) in document.pages().iter().enumerate() {
        let sheet = reader.read(page);
        let found = judge::faults(&sheet, smallest.unwrap_or(SMALLEST));
        faults.extend(found.into_iter().map(|(fault, text)| (fault, i + 1, text)));
    }
    let pieces = words::pieces(data);
    let missing = words::Words::new(&reader.words, &reader.stretches).missing(&pieces);
    let mut out = Vec::new();
    let mut counts = [0; 4];
    for (fault, page, text) in faults {
        let (sort, finding) = told(fault, page, text);
        counts[sort] += 1;
        if counts[sort] <= MOST {
            out.push(Diagnostic { pointer: pointer_of(text, &pieces, source), ..finding });
        }
    }
    let missing = missing.into_iter().take(MOST);
    out.extend(missing.map(|piece| {
        let text: &dyn Localize = &excerpt(&words::written(data, piece));
        // Words that stand on the pages though they do not stand together may be broken by what nobody foresaw: whoever
        // sends it must look. Words that stand nowhere are lost.
        let place = known(&piece.pointer, source);
        if words::stands_in_parts(&piece.text, &reader.words) {
            sid003::Doubtful { text }.at(place)
        } else {
            sid003::Missing { text }.at(place)
        }
    }));
    out
}

/// A figure with one decimal.
struct Tenths(f64);

impl Localize for Tenths {
    fn write(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = format!("{:.1}", self.0);
        f.write_str(&if lang == Lang::Sv { figure.replace('.', ",") } else { figure })
    }
}

/// Which sort of fault it is, and what is said of it.
fn told(fault: Fault, page: usize, text: &str) -> (usize, Diagnostic) {
    let (page, text) = (&page, &excerpt(text));
    match fault {
        Fault::Outside if text.is_empty() => (0, sid001::Picture { page }.at("")),
        Fault::Outside => (0, sid001::Text { page, text }.at("")),
        Fault::Covered => (1, sid002::Covered { page, text }.at("")),
        Fault::Small(size) => (2, sid004::Small { page, text, size: &Tenths(size) }.at("")),
        Fault::Pale(Some(contrast)) => (3, sid005::Pale { page, text, contrast: &Tenths(contrast) }.at("")),
        Fault::Pale(None) => (3, sid005::Unknown { page, text }.at("")),
    }
}

/// The part of the report that a text on a page comes from; empty when it is no text of the report alone.
fn pointer_of(text: &str, pieces: &[Piece], source: &ReportSource) -> String {
    let mut squeezed = String::new();
    ink::squeeze_into(text, &mut squeezed);
    let from = pieces.iter().flat_map(Piece::with_parts).filter(|piece| piece.text.contains(&squeezed));
    // The shortest text that has it: a cell rather than its row.
    let from = from.min_by_key(|piece| piece.text.len()).filter(|_| !squeezed.is_empty());
    from.map(|piece| known(&piece.pointer, source)).unwrap_or_default()
}

/// The part of a pointer into the data that the report has too: there a text is a string, in the data a tree.
fn known(pointer: &str, source: &ReportSource) -> String {
    let mut pointer = pointer;
    while source.root().is_some_and(|root| root.at(pointer).is_none()) {
        pointer = pointer.rsplit_once('/').map_or("", |(above, _)| above);
    }
    pointer.to_owned()
}

/// The beginning of a text.
fn excerpt(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.trim().to_owned(),
    }
}
