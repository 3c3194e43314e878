//! Where words stand, as poppler sees it: a judge that shares nothing with the program.

use std::path::Path;

use crate::support::tool_text;

/// A word on a page, in points from the upper left corner.
#[derive(Debug)]
pub struct Word {
    pub page: usize,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub text: String,
}

/// Words in the order of the file.
pub fn words(pdf: &Path) -> Option<Vec<Word>> {
    let xml = tool_text("pdftotext", &["-bbox", "-"], pdf)?;
    let mut out = Vec::new();
    let mut page = 0;
    for line in xml.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        }
        let Some(rest) = line.strip_prefix("<word ") else { continue };
        let (attributes, text) = rest.trim_end_matches("</word>").split_once('>').expect("a word");
        let values: Vec<f64> = attributes.split('"').skip(1).step_by(2).map(|v| v.parse().expect("a number")).collect();
        let [left, top, right, bottom] = values[..] else { panic!("four edges: {line}") };
        out.push(Word { page, left, top, right, bottom, text: text.to_owned() });
    }
    Some(out)
}

/// Fails when a word lies outside its page or its margins, or over another word. Sizes are those of the pages.
pub fn judge(what: &str, words: &[Word], sizes: &[(f64, f64)]) {
    for (i, &(width, height)) in sizes.iter().enumerate() {
        let mut here: Vec<&Word> = words.iter().filter(|w| w.page == i + 1).collect();
        for w in &here {
            let within = w.left > 20.0 && w.top > 10.0 && w.right < width - 80.0 && w.bottom < height - 20.0;
            assert!(within, "{what}: outside page {} of {width} by {height}: {w:?}", i + 1);
        }
        here.sort_by(|a, b| a.top.total_cmp(&b.top));
        for (at, a) in here.iter().enumerate() {
            for b in here[at + 1..].iter().take_while(|b| b.top < a.bottom) {
                let width = a.right.min(b.right) - a.left.max(b.left);
                let height = a.bottom.min(b.bottom) - a.top.max(b.top);
                let least = (a.bottom - a.top).min(b.bottom - b.top);
                assert!(width < 1.0 || height < 0.45 * least, "{what}: {a:?} lies over {b:?}");
            }
        }
    }
}
