//! Running text of every make that the text markup allows.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const SWEDISH: [&str; 24] = [
    "och",
    "nämnden",
    "att",
    "förvaltningen",
    "i",
    "ärendet",
    "på",
    "åtgärder",
    "en",
    "ungdomar",
    "till",
    "öppenvård",
    "som",
    "socialtjänstens",
    "med",
    "försörjningsstöd",
    "är",
    "kommunfullmäktige",
    "av",
    "verksamhetsuppföljning",
    "för",
    "Hallunda-Norsborg",
    "det",
    "årsarbetskrafter",
];

/// Words that typography, line breaking and tags must cope with.
const FIGURES: [&str; 10] =
    ["1 428", "12 %", "-5", "§ 12", "2013-05-28", "08-530 610 00", "1 234 567,50 kr", "13 maj", "kl. 19.00", "nr 1"];

const ADDRESSES: [&str; 3] = [
    "https://www.exempel.example/namnder/protokoll/2026/05/en-mycket-lang-adress-som-inte-tar-slut?id=1234567890&x=y",
    "fornamn.efternamn-dubbelnamn@samhallsbyggnadsforvaltningen.exempelkommunen.example",
    "\\\\server\\gemensam\\2026\\delårsrapport_slutlig_version_3_NY_(2).docx",
];

/// Characters that the fonts cover, and that few texts have: other scripts, both directions, marks, signs, spaces.
const ODD: [&str; 30] = [
    "Ελλάδα",
    "Москва",
    "Žižek",
    "Đặng",
    "Łódź",
    "ﬁnal",
    "é",
    "n\u{303}",
    "a\u{301}\u{323}",
    "שלום",
    "שלום 12 abc",
    "مرحبا",
    "½",
    "→",
    "≤",
    "∑",
    "€",
    "‰",
    "№",
    "☐",
    "☑",
    "✓",
    "«ord»",
    "‘ord’",
    "a\u{AD}b",
    "a\u{200B}b",
    "a\u{2060}b",
    "a\u{2009}b",
    "a\u{202F}b",
    "Հայ",
];

/// What other markup languages, Typst's among them, would take as their own.
const MARKUP: [&str; 36] = [
    "#",
    "#let",
    "#read(\"/etc/passwd\")",
    "#panic()",
    "$",
    "$x^2$",
    "*",
    "**",
    "_",
    "__",
    "@",
    "@fig",
    "<",
    ">",
    "<b>",
    "</b>",
    "<label>",
    "<!--",
    "[",
    "]",
    "[x]",
    "[[",
    "\\",
    "\\*",
    "\\u{41}",
    "`",
    "``",
    "`kod`",
    "==",
    "//",
    "/*",
    "~",
    "&amp;",
    "{",
    "%}",
    "\"",
];

/// No font in the program has these.
pub const UNCOVERED: [&str; 5] = ["漢字", "க", "ᚠ", "𓀀", "\u{1F9FE}"];

fn plain_word() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => select(&SWEDISH[..]).prop_map(str::to_owned),
        2 => select(&FIGURES[..]).prop_map(str::to_owned),
        2 => select(&ODD[..]).prop_map(str::to_owned),
        1 => select(&ADDRESSES[..]).prop_map(str::to_owned),
        1 => "[a-zåäö]{30,90}",
    ]
}

/// Words without markup. The first is an ordinary one, so that no text begins as a list or a heading would.
fn words(most: usize) -> impl Strategy<Value = String> {
    (select(&SWEDISH[..]), vec(plain_word(), 0..most))
        .prop_map(|(first, rest)| std::iter::once(first.to_owned()).chain(rest).collect::<Vec<_>>().join(" "))
}

/// Words between stray markup, which is to come out as written.
fn wild(most: usize) -> impl Strategy<Value = String> {
    let token = prop_oneof![plain_word(), select(&MARKUP[..]).prop_map(str::to_owned)];
    (select(&SWEDISH[..]), vec(token, 1..most))
        .prop_map(|(first, rest)| std::iter::once(first.to_owned()).chain(rest).collect::<Vec<_>>().join(" "))
}

/// A run with markup of its own. `[^]` stands for a footnote, to be numbered later.
fn marked() -> impl Strategy<Value = String> {
    prop_oneof![
        words(6),
        words(4).prop_map(|w| format!("*{w}*")),
        words(4).prop_map(|w| format!("**{w}**")),
        (words(3), words(3)).prop_map(|(a, b)| format!("***{a}* {b}**")),
        words(5).prop_map(|w| format!("[{w}](https://www.exempel.example/sida?a=1&b=2)")),
        words(3).prop_map(|w| format!("*före [**{w}**](mailto:a@exempel.example) efter*")),
        words(8).prop_map(|w| format!("{w} ord\\\npå ny rad")),
        words(8).prop_map(|w| format!("{w} ord\npå samma rad")),
    ]
}

fn noted() -> impl Strategy<Value = String> {
    prop_oneof![
        words(5).prop_map(|w| format!("{w} ord[^]")),
        words(2).prop_map(|w| format!("*{w} ord[^] efter*")),
        words(2).prop_map(|w| format!("[{w} ord[^] efter](https://www.exempel.example)")),
        Just("två[^] ord[^][^]".to_owned()),
    ]
}

fn paragraph(notes: bool) -> BoxedStrategy<String> {
    let run = if notes { prop_oneof![5 => marked().boxed(), 2 => noted().boxed()].boxed() } else { marked().boxed() };
    prop_oneof![
        3 => words(40),
        1 => wild(20),
        3 => (select(&SWEDISH[..]), vec(run, 1..6)).prop_map(|(first, runs)| format!("{first} {}", runs.join(" "))),
    ]
    .boxed()
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|l| if l.is_empty() { String::new() } else { format!("{by}{l}") }).collect::<Vec<_>>().join("\n")
}

fn list(depth: usize, notes: bool) -> BoxedStrategy<String> {
    let below =
        if depth == 0 { Just(None).boxed() } else { proptest::option::weighted(0.3, block(depth - 1, notes)).boxed() };
    let item = (paragraph(notes), below);
    (vec(item, 1..5), any::<bool>(), any::<bool>(), 1..200u32)
        .prop_map(|(items, numbered, loose, start)| {
            let items: Vec<_> = (start..)
                .zip(items)
                .map(|(number, (text, below))| {
                    let mark = if numbered { format!("{number}. ") } else { "- ".to_owned() };
                    let by = " ".repeat(mark.len());
                    let text = indented(&text, &by);
                    let below = below.map(|b| format!("\n\n{}", indented(&b, &by))).unwrap_or_default();
                    format!("{mark}{}{below}", text.trim_start())
                })
                .collect();
            items.join(if loose { "\n\n" } else { "\n" })
        })
        .boxed()
}

/// A paragraph, list or quote.
fn block(depth: usize, notes: bool) -> BoxedStrategy<String> {
    let quote = prop_oneof![paragraph(notes), list(0, notes)];
    prop_oneof![
        4 => paragraph(notes),
        2 => list(depth, notes),
        1 => quote.prop_map(|q| q.lines().map(|l| format!("> {l}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")),
    ]
    .boxed()
}

/// Gives every `[^]` its number and its note.
fn numbered(text: &str, notes: &[String]) -> String {
    let mut parts = text.split("[^]");
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut below = String::new();
    for ((number, part), note) in (1..).zip(parts).zip(notes.iter().cycle()) {
        out.push_str(&format!("[^{number}]{part}"));
        below.push_str(&format!("\n\n[^{number}]: {note}"));
    }
    out + &below
}

/// Running text with everything that may stand in it.
pub fn text() -> BoxedStrategy<String> {
    (vec(block(2, true), 1..5), vec(words(15).boxed().prop_union(marked().boxed()), 1..4))
        .prop_map(|(blocks, notes)| numbered(&blocks.join("\n\n"), &notes))
        .boxed()
}

/// One paragraph, as a point of decision is.
pub fn point() -> BoxedStrategy<String> {
    paragraph(false)
}

/// A line: a title, a label, a cell.
pub fn line() -> BoxedStrategy<String> {
    let short = |s: String| if s.chars().count() > 300 { "en rad".to_owned() } else { s };
    prop_oneof![
        5 => words(5),
        1 => wild(6),
        1 => marked().prop_map(|m| format!("rad {m}")),
        1 => plain_word(),
    ]
    .prop_map(short)
    .boxed()
}
