//! Reports whose pages once went wrong (`fixtures/sidor`), each with what is right, as poppler sees it.

use std::path::PathBuf;

use sigill_layout::Standard;

use crate::boxes::{Word, judge, words};
use crate::support::{engine, keep_pdf, page_texts, render, root, shown};

/// A report set in its own profile, as a file, and the words on its pages, none of which lies over another.
fn pages_of(name: &str) -> Option<(PathBuf, Vec<Word>)> {
    let folder = root().join("fixtures/sidor");
    let bytes = std::fs::read(folder.join(format!("{name}.json"))).expect("a report");
    let model: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let profile = model["profile"].as_str().expect("a profile");
    let outcome = render(&engine(), &bytes, &folder, profile, Standard::A2aUa1);
    let found = shown(&outcome);
    let rendered = outcome.rendered.unwrap_or_else(|| panic!("{name}: {found}"));
    let pdf = keep_pdf(&format!("sidor-{name}"), Standard::A2aUa1, &rendered.pdf);
    let words = words(&pdf)?;
    judge(name, &words, &rendered.sizes);
    Some((pdf, words))
}

fn found<'a>(words: &'a [Word], text: &str) -> &'a Word {
    words.iter().find(|w| w.text == text).unwrap_or_else(|| panic!("no {text}: {words:?}"))
}

#[test]
fn a_table_of_many_columns_gets_smaller_type() {
    let Some((pdf, words)) = pages_of("bred-overtryck") else { return };
    assert!(words.iter().all(|w| w.page == 1), "one page");
    let text = page_texts("-layout", &pdf).expect("poppler")[0].clone();
    let row = text.lines().find(|l| l.contains("Individ- och familje")).expect("the row");
    for figure in ["−124 500", "−41 500", "−43 120", "−1 620", "−127 900", "−3 400", "−119 800", "−8 100", "35 %"]
    {
        assert!(row.replace('\u{a0}', " ").contains(figure), "{figure} is not in {row}");
    }
}

#[test]
fn a_table_for_every_month_is_turned_and_its_months_are_equally_wide() {
    let Some((_, words)) = pages_of("bred-utanfor-sidan") else { return };
    let months = ["Januari", "Februari", "Mars", "April", "Maj", "Juni", "Juli", "Augusti", "September", "Oktober"];
    let right: Vec<f64> = months.iter().map(|m| found(&words, m).right).collect();
    let steps: Vec<f64> = right.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(steps.iter().all(|s| (s - steps[0]).abs() < 0.5), "columns of unequal width: {steps:?}");
    found(&words, "Totalt");
}

#[test]
fn letterheads_take_several_dnr_and_long_names() {
    for name in ["dnr-flera", "lang-huvud"] {
        let Some((_, words)) = pages_of(name) else { return };
        let dnr = found(&words, "Dnr");
        let beside = |w: &&Word| w.page == 1 && w.left < dnr.left && w.top < dnr.bottom && w.bottom > dnr.top;
        let nearest = words.iter().filter(beside).map(|w| w.right).fold(0.0, f64::max);
        assert!(nearest + 8.0 < dnr.left, "{name}: the sender reaches {nearest}, Dnr stands at {}", dnr.left);
    }
}

#[test]
fn a_long_label_leaves_room_for_its_value() {
    let Some((_, words)) = pages_of("fakta-lang-ledtext") else { return };
    let value = found(&words, "Förvaltningen");
    let same_line = words.iter().filter(|w| (w.top - value.top).abs() < 1.0 && w.left >= value.left).count();
    assert!(same_line >= 4, "{same_line} words on the value's first line");
}

#[test]
fn a_heading_in_a_table_stands_with_its_first_row() {
    let Some((_, words)) = pages_of("grupprubrik-sist") else { return };
    let group = words.windows(2).find(|w| w[0].text == "Ny" && w[1].text == "grupp").expect("the heading");
    let row = words.windows(2).find(|w| w[0].text == "Ny" && w[1].text == "post").expect("its first row");
    assert_eq!(group[0].page, row[0].page);
}

#[test]
fn rows_are_not_divided() {
    let Some((pdf, _)) = pages_of("rad-delad") else { return };
    for (i, page) in page_texts("-raw", &pdf).expect("poppler").iter().enumerate() {
        let begun = page.matches("Beskrivning av åtgärden som tar").count();
        let ended = page.matches("frågan").count() + page.matches("från nog.").count();
        assert!(begun > 0, "page {}: {begun} rows begin, {ended} end", i + 1);
    }
}

#[test]
fn turned_tables_keep_their_headings_and_share_a_page() {
    let Some((_, words)) = pages_of("liggande-efter-rubrik") else { return };
    let page = found(&words, "Indikatorer").page;
    for word in ["viktiga", "hushållning", "Aktiviteter", "Handlingsplan"] {
        assert_eq!(found(&words, word).page, page, "{word}");
    }
}

#[test]
fn marks_hang_to_the_right_of_figures_that_stay_in_line() {
    let Some((pdf, words)) = pages_of("liten-not-pa-tal") else { return };
    let text = page_texts("-layout", &pdf).expect("poppler")[0].clone();
    let text = text.replace('\u{a0}', " ");
    for marked in ["36,4a", "1 234b", "54,6 %c"] {
        assert!(text.contains(marked), "{marked} is not in\n{text}");
    }
    // Figures end where the others of their column do, their marks beyond.
    let (figure, below) = (found(&words, "36,4"), found(&words, "158,9"));
    assert!((figure.right - below.right).abs() < 0.3, "{figure:?} stands over {below:?}");
    let mark = words.iter().find(|w| w.text == "a" && w.bottom < below.top + 2.0).expect("the mark");
    assert!(mark.left > figure.right - 0.3, "{mark:?} stands on {figure:?}");
}

#[test]
fn signatures_have_text_before_them() {
    let Some((_, words)) = pages_of("underskrift-ensam") else { return };
    let name = words.windows(2).rfind(|w| w[0].text == "Karin" && w[1].text == "Ek").expect("the signature");
    let before = words.iter().filter(|w| w.page == name[0].page && w.top < name[0].top - 60.0 && w.top > 75.0).count();
    assert!(before > 15, "{before} words before the signature on its page");
}

#[test]
fn a_word_longer_than_a_line_is_hyphenated_in_a_heading() {
    let Some((pdf, _)) = pages_of("titel-langt-ord") else { return };
    let text = page_texts("-layout", &pdf).expect("poppler")[0].clone();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let rest = lines.iter().position(|l| l.ends_with("rapport")).expect("the end of the word");
    assert!(lines[rest - 1].ends_with(['-', '\u{AD}']), "no hyphen: {:?}", &lines[rest - 1..=rest]);
}
