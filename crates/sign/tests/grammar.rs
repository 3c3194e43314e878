//! Thousands of small changes of a signed file, made by a grammar of what programs and attackers write. Nothing passes
//! that pyHanko refuses, but for what is listed with its reason.

use std::env;

use crate::ambiguity::{intact, judged};
use crate::forge::{EVIL, FREE, ORDFORANDE, PAGE, Part, TRAILER, base, first, object, place, stream, update_with};
use crate::robust::Numbers;
use crate::support::pki;

/// Keys that mean something where they stand.
const KEYS: [&str; 24] = [
    "/Contents 50 0 R",
    "/Contents 5 0 R",
    "/Annots[7 0 R]",
    "/Annots[7 0 R 8 0 R 9 0 R]",
    "/Tabs/S",
    "/Rotate 90",
    "/F 4",
    "/F 2",
    "/F 132",
    "/V 52 0 R",
    "/V(text)",
    "/AP<</N 51 0 R>>",
    "/AP<</N 5 0 R>>",
    "/Rect[0 0 300 200]",
    "/MediaBox[0 0 10 10]",
    "/Metadata 9 0 R",
    "/Metadata 50 0 R",
    "/DSS<</Certs[5 0 R]>>",
    "/DSS<</Certs[50 0 R]>>",
    "/Version/2.0",
    "/Version/9",
    "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>",
    "/OpenAction[3 0 R/Fit]",
    "/Pages 60 0 R",
];

/// Bodies of the base's objects, to be changed a little.
fn bodies() -> Vec<(u32, String)> {
    vec![
        (1, "/Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Metadata 9 0 R".to_owned()),
        (2, "/Type/Pages/Kids[3 0 R]/Count 1".to_owned()),
        (3, format!("{PAGE}/Contents 5 0 R")),
        (4, "/Fields[7 0 R 8 0 R]/SigFlags 3".to_owned()),
        (6, "/Type/Font/Subtype/Type1/BaseFont/Helvetica".to_owned()),
        (7, format!("{ORDFORANDE}/V 20 0 R")),
        (8, format!("{FREE}/F 4")),
    ]
}

struct Grammar<'a> {
    numbers: Numbers,
    good: &'a [u8],
}

impl Grammar<'_> {
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.numbers.below(of.len())].clone()
    }

    /// A key and its value, or the key written with an escape.
    fn key(&mut self) -> String {
        let key = self.one(&KEYS);
        match self.numbers.below(8) {
            0 => format!("/#{:02X}{}", key.as_bytes()[1], &key[2..]),
            _ => key.to_owned(),
        }
    }

    /// A dictionary of the base, somewhat changed.
    fn body(&mut self, body: &str) -> String {
        let key = self.key();
        match self.numbers.below(5) {
            0 => body.to_owned(),
            1 => format!("{key}{body}"),
            2 => format!("{body}{key}"),
            3 => {
                // One key less.
                let starts: Vec<usize> = body.match_indices('/').map(|(i, _)| i).collect();
                let (from, to) = (self.numbers.below(starts.len()), self.numbers.below(starts.len()));
                let (from, to) = (starts[from.min(to)], starts[from.max(to)]);
                format!("{}{}", &body[..from], &body[to..])
            }
            _ => body.replacen(" 0 R", &format!(" {} R", self.numbers.below(2)), 1),
        }
    }

    fn part(&mut self) -> Part {
        let (number, text) = self.one(&bodies());
        let changed = format!("<<{}>>", self.body(&text));
        let any = self.one(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 50, 51, 90]);
        match self.numbers.below(16) {
            0..=4 => object(number, changed),
            5 => Part::Object(number, 1, changed.into_bytes()),
            6 => Part::Bare(number, changed.into_bytes()),
            7 => {
                let old = self.one(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 20]);
                let (offset, generation) = (place(self.good, old), self.numbers.below(2));
                Part::Entry(any, generation as u16, offset + self.one(&[0, 0, 0, 1]))
            }
            8 => Part::Free(any),
            9 => stream(any, self.one(&["", "/Type/ObjStm", "/Type/XRef", "/Type/Metadata/Subtype/XML"]), EVIL),
            10 => stream(
                50,
                "/Type/Metadata/Subtype/XML",
                "<?xpacket begin=\"\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>",
            ),
            11 => stream(51, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]", EVIL),
            12 => object(
                52,
                self.one(&["<</Type/Sig/Name(Karin)>>", "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>", "(a)"]),
            ),
            13 => Part::Text(self.one(&["% note\n", "%%EOF\n", "% 3 0 obj\n", " \n", "startxref\n9\n", "x"]).into()),
            14 => object(50, self.one(&["null", "7", "[5 0 R]", "<</Type/Page>>"])),
            _ => object(60, "<</Type/Pages/Kids[61 0 R]/Count 1>>"),
        }
    }

    fn file(&mut self) -> Vec<u8> {
        let count = 1 + self.numbers.below(3);
        let parts: Vec<Part> = (0..count).map(|_| self.part()).collect();
        let trailer = match self.numbers.below(12) {
            0 => format!("{TRAILER}/Root 60 0 R"),
            1 => format!("/Root 60 0 R{TRAILER}"),
            2 => format!("{TRAILER}/Info 6 0 R"),
            3 => format!("{TRAILER}/R#6Fot 1 0 R"),
            _ => TRAILER.to_owned(),
        };
        let mut file = update_with(self.good, &parts, &trailer);
        match self.numbers.below(24) {
            0 => file.extend_from_slice(b"\0\0 \r\n"),
            1 => file.extend_from_slice(b"% more\n"),
            2 => {
                // Something else in the bytes of the update itself.
                let at = self.good.len() + self.numbers.below(file.len() - self.good.len());
                file[at] ^= 1 << self.numbers.below(7);
            }
            _ => {}
        }
        file
    }
}

/// Why a file passes here that pyHanko refuses: an object that nothing refers to is set free, which EU DSS lets pass too.
fn explained(text: &str) -> bool {
    text.contains("freed")
}

#[test]
fn no_small_change_passes_that_pyhanko_refuses() {
    let Some(pki) = pki() else { return };
    let good = first(pki, &base(&[]));
    let cases = env::var("SIGILL_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40) * 20;
    let mut grammar = Grammar { numbers: Numbers(7), good: &good };
    let (mut passed, mut refused) = (Vec::new(), 0);
    for _ in 0..cases {
        let file = grammar.file();
        if intact(&file) {
            passed.push((format!("passed-{}", passed.len()), file));
        } else {
            refused += 1;
        }
    }
    // The grammar makes both, or it tells nothing.
    assert!(passed.len() * 50 > cases && refused * 4 > cases, "{} passed, {refused} refused", passed.len());
    let verdicts = judged(pki, "grammar", &passed);
    let wrong: Vec<_> = passed
        .iter()
        .zip(verdicts)
        .filter(|(_, (sound, text))| !sound && !explained(text))
        .map(|((name, _), (_, text))| (name, text))
        .collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), passed.len());
}
