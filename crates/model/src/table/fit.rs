//! What a layout must know of a table to set it: what each column needs, and which rows stand together.
//!
//! A layout measures; which words it has to measure is said here, so that it need not look at every cell. Widths are
//! guessed by shape of letter alone, and only to choose: the widest few are what the layout gets.

use super::resolved::{Extent, ResolvedCell, ResolvedRow};
use super::{ColumnType, RowType, Table};
use crate::text::Inline;

/// How many texts of a sort are measured: what looks widest by its letters may not be in every font.
const MEASURED: usize = 3;
/// Letters of a word that stay together when it is hyphenated.
const TOGETHER: usize = 14;

/// The widest texts met so far, widest first.
#[derive(Default)]
struct Widest(Vec<(u32, String)>);

impl Widest {
    fn add(&mut self, text: &str) {
        let width = guess(text);
        let full = self.0.len() == MEASURED;
        if width == 0 || full && self.0.last().is_some_and(|(least, _)| *least >= width) {
            return;
        }
        if self.0.iter().any(|(_, known)| known == text) {
            return;
        }
        let at = self.0.partition_point(|(known, _)| *known >= width);
        self.0.insert(at, (width, text.to_owned()));
        self.0.truncate(MEASURED);
    }

    fn texts(self) -> Vec<String> {
        self.0.into_iter().map(|(_, text)| text).collect()
    }
}

/// A width in hundredths of the size of type, as it is in most sans serif fonts.
fn guess(text: &str) -> u32 {
    let letter = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | '[' | ']'
        | '/' | '-' | ' ' | '\u{A0}' | '\u{202F}' => 32,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | 'Æ' | 'æ' | 'Œ' => 90,
        _ if c.is_uppercase() => 68,
        _ => 57,
    };
    text.chars().map(letter).sum()
}

/// Whether a word is more than letters: a figure, a date, a diarienummer, an address. It never breaks.
fn is_solid(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit() || c == '@')
}

fn is_address(word: &str) -> bool {
    word.contains("://") || word.starts_with("www.")
}

/// The parts of an address between which a line may end.
fn address_parts(address: &str) -> impl Iterator<Item = &str> {
    address.split_inclusive(['/', '.', '-', '?', '&', '=', '_'])
}

/// The parts of a text between which a line may end.
fn unbreakable(text: &str, mut each: impl FnMut(&str)) {
    // Hard and narrow spaces keep what they stand between together.
    let space = |c: char| c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{202F}' | '\u{2007}');
    for word in text.split(space).filter(|w| !w.is_empty()) {
        if is_address(word) {
            address_parts(word).for_each(&mut each);
        } else if is_solid(word) {
            each(word);
        } else {
            for part in word.split_inclusive(['-', '–', '/']) {
                match part.char_indices().nth(TOGETHER) {
                    Some((end, _)) => each(&format!("{}-", &part[..end])),
                    None => each(part),
                }
            }
        }
    }
}

/// The letters of a run, lines apart. The mark of a footnote takes about one.
fn plain(runs: &[Inline]) -> String {
    fn add(runs: &[Inline], out: &mut String) {
        for run in runs {
            match run {
                Inline::Text { v } => out.push_str(v),
                Inline::Em { c } | Inline::Strong { c } | Inline::Link { c, .. } => add(c, out),
                Inline::Br => out.push('\n'),
                Inline::Fn { .. } => out.push('m'),
                Inline::Mark { v } => out.push_str(v),
                // Where an address may break is known from its signs.
                Inline::Wbr => {}
            }
        }
    }
    let mut out = String::new();
    add(runs, &mut out);
    out
}

/// What a column holds at its widest.
pub(super) fn extent(rows: &[ResolvedRow], c: usize, kind: ColumnType, title: &[Inline]) -> Extent {
    let (mut solid, mut lines, mut head) = (Widest::default(), Widest::default(), Widest::default());
    let mut extent = Extent::default();
    for cell in rows.iter().filter(|r| r.kind != RowType::Group).filter_map(|r| r.cells.get(c)) {
        let text = plain(&cell.c);
        let mark = cell.mark.as_deref().unwrap_or_default();
        // A symbol with its space takes about two letters.
        let symbol = if cell.status.is_some() { "mm" } else { "" };
        if kind.is_numeric() {
            if guess(mark) > guess(&extent.mark) {
                extent.mark = mark.to_owned();
            }
            lines.add(&format!("{text}{}", cell.pad));
        } else {
            text.lines().for_each(|line| lines.add(&format!("{symbol}{line}{mark}")));
        }
        if kind.is_numeric() && is_solid(&text) {
            solid.add(&format!("{text}{}", cell.pad));
        } else {
            unbreakable(&text, |part| solid.add(&format!("{symbol}{part}{mark}")));
            let breaks_within = |w: &str| is_solid(w) && !is_address(w) && w.chars().any(|c| !c.is_ascii_digit());
            extent.guarded = extent.guarded || text.split_whitespace().any(breaks_within);
        }
    }
    for word in plain(title).split(|c: char| c.is_whitespace() && c != '\u{A0}') {
        if is_address(word) {
            address_parts(word).for_each(|part| head.add(part));
        } else if is_solid(word) {
            head.add(word);
        } else {
            word.split_inclusive(['-', '–', '/']).for_each(|part| head.add(part));
        }
    }
    extent.solid = solid.texts();
    extent.lines = lines.texts();
    extent.head = head.texts();
    extent
}

/// Letters of a row's longest text; 0 when no cell of it can take a second line.
pub(super) fn longest(table: &Table, cells: &[ResolvedCell]) -> usize {
    let texts = cells.iter().zip(&table.columns).filter(|(_, column)| !column.kind.is_numeric());
    texts.map(|(cell, _)| plain(&cell.c).chars().count()).filter(|chars| *chars > 12).max().unwrap_or(0)
}

/// Most rows that are kept together because one belongs to the other.
const MOST_TOGETHER: usize = 12;

/// Says of each row whether the next stands on its page: a heading with its first row, a result and `varav` with the row
/// before, and two rows at least at either end of the table.
pub(super) fn keep_together(rows: &mut [ResolvedRow]) {
    let count = rows.len();
    let first = rows.iter().position(|r| r.kind != RowType::Group);
    let mut run = 0;
    for r in 0..count.saturating_sub(1) {
        let next = rows[r + 1].kind;
        let ends = Some(r) == first || r + 2 == count;
        let belongs = rows[r].kind == RowType::Group || next.is_result() || next == RowType::Varav;
        rows[r].keep = (ends || belongs) && run < MOST_TOGETHER;
        run = if rows[r].keep { run + 1 } else { 0 };
    }
}

const MONTHS: [&str; 24] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "okt",
    "nov",
    "dec",
];
const PEOPLE: [&str; 12] =
    ["kvinnor", "män", "kvinna", "man", "flickor", "pojkar", "kv", "totalt", "samtliga", "tot", "alla", "total"];

/// What the headings of a series have in common: `Utfall 2024` and `Utfall 2025` are one, and so are the months, and
/// women and men.
fn common(title: &str) -> (String, bool) {
    let mut varies = false;
    let words = title.to_lowercase();
    let words = words.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let one_of = if MONTHS.contains(&bare) { Some("M") } else { PEOPLE.contains(&bare).then_some("P") };
        let numbered = || bare.chars().any(|c| c.is_ascii_digit());
        let same =
            one_of.map(str::to_owned).or_else(|| numbered().then(|| bare.replace(|c: char| c.is_ascii_digit(), "")));
        varies = varies || same.is_some();
        same.unwrap_or_else(|| word.to_owned())
    });
    let joined = words.collect::<Vec<_>>().join(" ");
    (joined, varies)
}

/// The series each column belongs to: columns of one series are equally wide.
pub(super) fn series(columns: &[(ColumnType, String)]) -> Vec<Option<usize>> {
    let keys: Vec<_> = columns.iter().map(|(kind, title)| (*kind, common(title))).collect();
    let of = |c: usize| {
        let (kind, (key, varies)) = &keys[c];
        let same = |other: &(ColumnType, (String, bool))| other.0 == *kind && other.1.0 == *key;
        let first = keys.iter().position(same)?;
        let alike = keys.iter().filter(|k| same(k)).count();
        let repeated = columns.iter().filter(|(k, t)| k == kind && *t == columns[c].1 && !t.is_empty()).count();
        (alike > 1 && (*varies || repeated > 1)).then_some(first)
    };
    (0..columns.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_months_and_people_are_series() {
        let of = |titles: &[&str]| {
            let columns: Vec<_> = titles.iter().map(|t| (ColumnType::Integer, (*t).to_owned())).collect();
            series(&columns)
        };
        assert_eq!(of(&["2023", "2024", "Andel"]), [Some(0), Some(0), None]);
        assert_eq!(of(&["Utfall 2023", "Budget 2024", "Utfall 2024"]), [Some(0), None, Some(0)]);
        assert_eq!(of(&["Januari", "Februari", "Helår"]), [Some(0), Some(0), None]);
        assert_eq!(of(&["Kvinnor", "Män", "Totalt"]), [Some(0); 3]);
        assert_eq!(of(&["Antal", "Andel", "Antal", "Andel"]), [Some(0), Some(1), Some(0), Some(1)]);
        assert_eq!(of(&["", ""]), [None, None]);
    }

    #[test]
    fn figures_dates_and_addresses_do_not_break_and_words_do() {
        let parts = |text: &str| {
            let mut parts = Vec::new();
            unbreakable(text, |part| parts.push(part.to_owned()));
            parts
        };
        assert_eq!(parts("Individ- och familjeomsorg"), ["Individ-", "och", "familjeomsorg"]);
        assert_eq!(parts("SN/2012:107 1\u{A0}234 a-b@c.se"), ["SN/2012:107", "1\u{A0}234", "a-b@c.se"]);
        assert_eq!(parts("verksamhetsutvecklingsprogram"), ["verksamhetsutv-"]);
        assert_eq!(parts("https://a.se/b-c"), ["https:/", "/", "a.", "se/", "b-", "c"]);
    }
}
