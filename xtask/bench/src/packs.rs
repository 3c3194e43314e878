//! Packs: whole meetings of growing length, and bilagor alone beside the programs that people use for them now.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use xtask_common::error::{Error, Result};
use xtask_common::{repo, tools};

use crate::inputs;
use crate::measure::{self, Comparison, Measurement};
use crate::programs::{pages, sigill};

/// Items of the meetings; with 20 bilagor the longest has about 600 pages.
const ITEMS: [usize; 3] = [10, 20, 40];
/// Timed runs.
const RUNS: usize = 5;
/// Bilagor that open without a password.
const BILAGOR: [&str; 10] = [
    "office-export-10-pages",
    "a3-landscape",
    "a3-rotated-90",
    "acroform-fields",
    "cmyk-images",
    "encrypted-owner-password",
    "odd-page-boxes",
    "scan-fax-g4",
    "standard-fonts-not-embedded",
    "transparency-soft-mask",
];

/// What was measured of packs.
pub struct Packs {
    /// The meeting of the fixtures, in both copies.
    pub botkyrka: [Measurement; 2],
    /// Meetings: their pages and what they took.
    pub meetings: Vec<(String, Measurement)>,
    /// Bilagor alone, beside Ghostscript and qpdf; an error says why not.
    pub peers: [Result<Comparison>; 2],
    /// Sizes of results as parts of the size of the bilagor: archive, reading, Ghostscript, qpdf.
    pub sizes: Vec<(&'static str, f64)>,
}

/// Whether parts are kept between runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Every run makes all.
    None,
    /// A second run makes only what has changed.
    Kept,
}

/// Measures packs.
pub fn measure(out: &Path) -> Result<Packs> {
    let (folder, program) = (bilagor_folder()?, sigill());
    let pack = |meeting: &Path, target: &Path, copy| pack(&program, meeting, target, copy, Cache::None);
    let botkyrka = repo::root().join("fixtures/botkyrka-sn-2013-05-28/0-kallelse.json");
    let fixture = |copy| measure::single(&mut pack(&botkyrka, &out.join(format!("botkyrka-{copy}.pdf")), copy), RUNS);
    let fixture = [fixture("archive")?, fixture("reading")?];
    let mut meetings = Vec::new();
    for items in ITEMS {
        let (meeting, target) = (write_meeting(&folder, items)?, out.join(format!("mote-{items}.pdf")));
        let measured = measure::single(&mut pack(&meeting, &target, "archive"), 3)?;
        meetings.push((pages(&target), measured));
    }
    let alone = folder.join("bilagor.json");
    let papers: Vec<_> = BILAGOR.map(|name| json!({"title": name, "file": format!("{name}.pdf")})).into();
    write(&alone, &model(vec![json!({"nummer": 1, "title": "Bilagor", "dnr": "EX 2026/1", "handlingar": papers})]))?;
    let file = |name: &str| out.join(format!("bilagor-{name}.pdf"));
    let all: Vec<PathBuf> = BILAGOR.map(|name| bilaga(&folder, name)).into();
    let mut ghostscript = Command::new("gs");
    ghostscript.args(["-q", "-dBATCH", "-dNOPAUSE", "-dPDFA=2", "-dPDFACompatibilityPolicy=1", "-sDEVICE=pdfwrite"]);
    ghostscript
        .args(["-sColorConversionStrategy=RGB"])
        .arg(format!("-sOutputFile={}", file("gs").display()))
        .args(&all);
    let mut qpdf = Command::new("qpdf");
    // It warns of two of the files and goes on, as it should.
    qpdf.args(["--warning-exit-0", "--empty", "--pages"]).args(&all).arg("--").arg(file("qpdf"));
    let peers = [
        against(
            "gs",
            "bilagor, archive (A), gs -dPDFA=2 (B)",
            &mut pack(&alone, &file("archive"), "archive"),
            ghostscript,
        ),
        against("qpdf", "bilagor, reading (A), qpdf --pages (B)", &mut pack(&alone, &file("reading"), "reading"), qpdf),
    ];
    let length = |path: &Path| fs::metadata(path).map(|m| m.len() as f64).ok();
    let whole: f64 = all.iter().filter_map(|p| length(p)).sum();
    let size = |name| Some((name, length(&file(name))? / whole));
    let sizes = ["archive", "reading", "gs", "qpdf"].into_iter().filter_map(size).collect();
    Ok(Packs { botkyrka: fixture, meetings, peers, sizes })
}

fn against(program: &str, name: &str, ours: &mut Command, mut theirs: Command) -> Result<Comparison> {
    if !tools::is_installed(program) {
        return Err(Error::MissingTool(program.to_owned()));
    }
    measure::compare(name, ours, &mut theirs, RUNS)
}

fn bilaga(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("pdf")
}

/// The meeting of about 600 pages, written with its bilagor.
pub fn longest_meeting() -> Result<PathBuf> {
    let [.., items] = ITEMS;
    write_meeting(&bilagor_folder()?, items)
}

/// A folder with the bilagor that meetings name.
fn bilagor_folder() -> Result<PathBuf> {
    let folder = inputs::folder().join("packs");
    fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
    for name in BILAGOR {
        let (from, to) = (repo::root().join(format!("fixtures/bilagor/{name}.pdf")), bilaga(&folder, name));
        fs::copy(&from, &to).map_err(Error::at(&from))?;
    }
    Ok(folder)
}

fn write_meeting(folder: &Path, items: usize) -> Result<PathBuf> {
    let meeting = folder.join(format!("mote-{items}.json"));
    write(&meeting, &model((1..=items).map(|n| item(n, items)).collect()))?;
    Ok(meeting)
}

/// A pack, made by this program or one like it.
pub fn pack(program: &Path, meeting: &Path, target: &Path, copy: &str, cache: Cache) -> Command {
    let mut command = Command::new(program);
    command.arg("pack").arg(meeting).arg("-o").arg(target).args(["--copy", copy]);
    if cache == Cache::None {
        command.arg("--no-cache");
    }
    command.current_dir(repo::root());
    command
}

fn write(path: &Path, model: &Value) -> Result<()> {
    fs::write(path, model.to_string()).map_err(Error::at(path))
}

fn model(items: Vec<Value>) -> Value {
    json!({
        "kind": "kallelse", "profile": "exempel", "title": "Kallelse till sammanträde", "date": "2026-05-11",
        "organ": "Samhällsbyggnadsnämnden", "ordforande": "Anna Exempelsson", "sekreterare": "Bo Provberg",
        "sammantrade": {"date": "2026-05-20", "tid": "18:30", "plats": "Kommunhuset"}, "arenden": items,
    })
}

/// An item with a report of some twelve pages; as many bilagor in all as items, up to 20.
fn item(number: usize, items: usize) -> Value {
    let sentence = |i: usize| {
        format!(
            "Nämnden ställer sig bakom bedömningen i punkt {number}.{i} och ger förvaltningen i uppdrag att återkomma. "
        )
    };
    let text = |i: usize| (0..9).map(|j| sentence(i * 10 + j)).collect::<String>();
    let section = |i: usize| json!({"title": format!("Avsnitt {i}"), "content": format!("{}\n\n{}\n\n{}", text(i), text(i + 50), text(i + 90))});
    let report = json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Rapport", "title": format!("Rapport {number}"),
        "date": "2026-05-04", "dnr": format!("EX 2026/{number}"), "sections": (1..15).map(section).collect::<Vec<_>>(),
    });
    let mut papers = vec![json!({"dokument": report})];
    let spread = items.div_ceil(20);
    if number.is_multiple_of(spread) {
        let name = BILAGOR[number / spread % BILAGOR.len()];
        papers.push(json!({"title": format!("Underlag {number}"), "file": format!("{name}.pdf")}));
    }
    json!({"nummer": number, "title": format!("Ärendet med nummer {number}"), "dnr": format!("EX 2026/{number}"), "handlingar": papers})
}
