//! Every rule has reports that break it, in `fixtures/known-bad/<CODE>/`, and the program says so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sigill_model::Code;

use crate::support::{Run, keep_pdf, root, sigill, workspace};

const FOLDER: &str = "fixtures/known-bad";

/// Rules whose report is too large for the repository (a test below makes it), or which are about signing.
const MADE_HERE: [&str; 18] = [
    "JSN004", "UND001", "UND002", "UND003", "UND004", "UND005", "UND006", "UND007", "UND008", "UND009", "UND010",
    "UND011", "UND012", "UND013", "UND014", "UND015", "UND016", "UND017",
];

/// Reports that cannot break their rule alone, and what else they break.
const ALSO: [(&str, &[&str]); 2] =
    [("MOD009/manga-felaktiga-dnr.json", &["DNR001"]), ("SUM001/published-5258.json", &["SUM002", "SUM003"])];

/// Reports that are only warned about and rendered all the same.
const WARNED: [&str; 19] = [
    "ARE003/handling-utan-dnr.json",
    "DEL002/tom-rubrik.json",
    "DNR002/ordforandeforslag-varning.json",
    "PAC005/arende-utan-handlingar.json",
    "PAC006/samma-rubrik.json",
    "PAC009/avklippt-bilaga.json",
    "PAC010/bilaga-med-skript.json",
    "PAC011/forslag-till-annat-arende.json",
    "SIG003/utan-underskrift.json",
    "SUM001/hela-kronor-langt-ifran.json",
    "TAB007/utan-teckenregel.json",
    "TAB009/avvikelse-utan-formel.json",
    "TAB010/tom-term.json",
    "TAB011/del-storre-an-helheten.json",
    "TAB012/slut-fore-start.json",
    "TXT004/oanvand-fotnot-varning.json",
    "TXT006/belopp-som-punktlista.json",
    "TXT006/lista-i-cell.json",
    "TXT007/blandade-alfabet.json",
];

struct Report {
    code: &'static str,
    /// Path below `fixtures/known-bad`, with slashes.
    name: String,
    /// Arguments of the folder's file `args`; such reports show their fault only when rendered.
    args: Vec<String>,
}

impl Report {
    fn path(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    fn allowed(&self) -> Vec<&'static str> {
        let also = ALSO.iter().filter(|(name, _)| *name == self.name).flat_map(|(_, codes)| *codes);
        also.copied().chain([self.code]).collect()
    }

    fn is_warned(&self) -> bool {
        WARNED.contains(&self.name.as_str())
    }
}

/// Names in a folder below the repository's root, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<_> =
        entries.map(|e| e.expect("an entry").file_name().into_string().expect("a name in Unicode")).collect();
    names.sort();
    names
}

fn reports() -> Vec<Report> {
    let mut out = Vec::new();
    for code in Code::ALL.iter().map(|code| code.as_str()) {
        let folder = root().join(FOLDER).join(code);
        let args = fs::read_to_string(folder.join("args")).unwrap_or_default();
        for name in names(&folder).into_iter().filter(|n| n.ends_with(".json")) {
            out.push(Report { code, name: format!("{code}/{name}"), args: args.lines().map(str::to_owned).collect() });
        }
    }
    out
}

fn render(report: &Report, target: &Path) -> Run {
    let (path, target) = (report.path(), target.display().to_string());
    // A pack shows its faults when it is gathered.
    let packs = report.args.first().is_some_and(|a| a == "pack");
    let command = if packs { "pack" } else { "render" };
    let mut args = vec![command, &path, "-o", &target, "--format", "json"];
    args.extend(packs.then_some("--no-cache"));
    args.extend(report.args.iter().skip(usize::from(packs)).map(String::as_str));
    sigill(&args)
}

fn findings(run: &Run) -> Vec<Value> {
    let value: Value = serde_json::from_str(&run.text()).unwrap_or_else(|e| panic!("{e}: {}{}", run.text(), run.err));
    value["diagnostics"].as_array().expect("a list of findings").clone()
}

#[track_caller]
fn only_finding(run: &Run) -> Value {
    let found = findings(run);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

/// What stands above the carets that follow a shown source line.
#[track_caller]
fn underlined(human: &str) -> String {
    let lines: Vec<_> = human.lines().collect();
    let at = lines.iter().position(|l| l.trim_start().starts_with('|') && l.contains('^')).expect("a line of carets");
    let carets: Vec<_> = lines[at].char_indices().map(|(_, c)| c == '^').collect();
    lines[at - 1].chars().zip(carets).filter_map(|(c, under)| under.then_some(c)).collect()
}

/// Line and column, from 1, of a text in a fixture, counted here and not by the program.
fn place(path: &str, text: &str) -> (u64, u64) {
    let source = fs::read_to_string(root().join(path)).expect("text");
    let found = source.lines().enumerate().find_map(|(i, line)| Some((i, line[..line.find(text)?].chars().count())));
    let (line, column) = found.expect("the text stands in the file");
    (line as u64 + 1, column as u64 + 1)
}

#[test]
fn every_rule_has_a_folder_with_a_report_and_every_folder_a_rule() {
    let with_report: BTreeSet<_> = reports().iter().map(|r| r.code.to_owned()).collect();
    let here = MADE_HERE.map(str::to_owned);
    let rules: BTreeSet<_> = Code::ALL.iter().map(Code::to_string).collect();
    assert_eq!(with_report.union(&here.clone().into()).cloned().collect::<BTreeSet<_>>(), rules);
    assert_eq!(names(&root().join(FOLDER)).into_iter().collect::<BTreeSet<_>>(), rules);
    for code in here {
        assert!(root().join(FOLDER).join(&code).join("README.md").is_file(), "{code} says how its report is made");
    }
    let known: Vec<_> = reports().into_iter().map(|r| r.name).collect();
    let listed = WARNED.into_iter().chain(ALSO.map(|(name, _)| name));
    for name in listed {
        assert!(known.iter().any(|k| k == name), "{name} is listed in the test but does not exist");
    }
}

#[test]
fn every_report_breaks_its_rule_and_no_other() {
    let target = workspace("known-bad").join("report.pdf");
    let mut wrong = Vec::new();
    for report in reports() {
        let run = if report.args.is_empty() {
            sigill(&["check", &report.path(), "--format", "json"])
        } else {
            render(&report, &target)
        };
        let codes: BTreeSet<_> = run.codes().into_iter().collect();
        let allowed = report.allowed().into_iter().map(str::to_owned).collect();
        let exit = if report.is_warned() { 0 } else { 1 };
        if codes != allowed || run.code != exit {
            wrong.push(format!("{}: {codes:?}, exit code {}: {}", report.name, run.code, run.err));
        }
        for finding in findings(&run) {
            for text in ["message_sv", "message_en"] {
                if finding[text].as_str().is_none_or(str::is_empty) {
                    wrong.push(format!("{}: no {text}", report.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors_leave_no_file_behind_and_warnings_do_not_stop_the_pdf() {
    let mut wrong = Vec::new();
    for report in reports() {
        let folder = workspace(&format!("known-bad-pdf/{}", report.name));
        let target = folder.join("report.pdf");
        let run = render(&report, &target);
        let left = names(&folder);
        if report.is_warned() {
            if run.code != 0 || left != ["report.pdf"] {
                wrong.push(format!("{}: exit code {}, files {left:?}", report.name, run.code));
            } else {
                let pdf = fs::read(&target).expect("read");
                keep_pdf(&format!("known-bad-{}", report.code), "a-2a+ua-1", &pdf);
            }
        } else if run.code != 1 || !left.is_empty() || !run.codes().iter().any(|c| c == report.code) {
            wrong.push(format!("{}: exit code {}, files {left:?}, {:?}", report.name, run.code, run.codes()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_of_33_megabytes_is_refused() {
    let folder = workspace("known-bad-large");
    let mut text = vec![b'['];
    text.resize(33 * 1024 * 1024, b' ');
    text.push(b']');
    fs::write(folder.join("stor.json"), text).expect("written");
    let path = folder.join("stor.json").display().to_string();
    let run = sigill(&["check", &path, "--format", "json"]);
    let finding = only_finding(&run);
    assert_eq!((run.code, &finding["code"]), (1, &Value::from("JSN004")));
    assert!(finding["message_sv"].as_str().is_some_and(|m| m.contains("33 MB") && m.contains("32 MB")), "{finding}");
    let run = sigill(&["render", &path]);
    assert_eq!(run.code, 1);
    assert_eq!(names(&folder), ["stor.json"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let folder = workspace("known-bad-link");
    let picture = root().join(FOLDER).join("ALT001/skylt.svg").canonicalize().expect("the picture exists");
    let report = fs::read_to_string(root().join(FOLDER).join("FIL001/bilden-saknas.json")).expect("read");
    fs::write(folder.join("rapport.json"), report.replace("skylt.png", "skylt.svg")).expect("written");
    let path = folder.join("rapport.json").display().to_string();
    let picture_here = folder.join("skylt.svg");
    std::os::unix::fs::symlink(&picture, &picture_here).expect("linked");
    let run = sigill(&["check", &path, "--format", "json"]);
    let finding = only_finding(&run);
    assert_eq!((run.code, &finding["code"]), (1, &Value::from("FIL002")));
    // A link within the folder is as good as a file, and so is the picture itself.
    fs::copy(&picture, folder.join("original.svg")).expect("copied");
    fs::remove_file(&picture_here).expect("removed");
    std::os::unix::fs::symlink("original.svg", &picture_here).expect("linked");
    let run = sigill(&["check", &path, "--format", "json"]);
    assert_eq!((run.code, run.codes()), (0, vec![]));
}

#[test]
fn the_published_table_of_2013_has_one_wrong_figure() {
    let run = sigill(&["check", &format!("{FOLDER}/SUM002/published-2013.json"), "--format", "json"]);
    let finding = only_finding(&run);
    assert_eq!(finding["code"], "SUM002");
    assert_eq!(finding["pointer"], "/ekonomi/0/rows/21/cells/5");
    for message in ["message_sv", "message_en"] {
        let message = finding[message].as_str().expect("a message");
        assert!(message.contains("\u{2212}13\u{a0}237") && message.contains("\u{2212}12\u{a0}327"), "{message}");
    }
    assert_eq!(run.code, 1);
}

/// Published figures are rounded: Netto −3 774 where 1 640 − 5 413 is −3 773. One more is no rounding.
#[test]
fn rounding_is_no_error_but_two_units_are() {
    let folder = workspace("known-bad-rounding");
    let published = fs::read_to_string(root().join(FOLDER).join("SUM002/published-2013.json")).expect("read");
    let mended = published.replace("-13237", "-12327");
    assert!(mended.contains(r#""cells": ["Netto", -3774,"#), "the figure that is rounded stands in the table");
    let path = folder.join("rapport.json").display().to_string();
    fs::write(&path, &mended).expect("written");
    let run = sigill(&["check", &path, "--format", "json"]);
    assert_eq!((run.code, run.codes()), (0, vec![]));
    fs::write(&path, mended.replace("-3774", "-3776")).expect("written");
    let finding = only_finding(&sigill(&["check", &path, "--format", "json"]));
    assert_eq!((&finding["code"], &finding["pointer"]), (&"SUM003".into(), &"/ekonomi/0/rows/3/cells/1".into()));
}

#[test]
fn did_you_mean_in_both_languages_with_the_right_place() {
    let path = format!("{FOLDER}/MOD003/felstavat-falt.json");
    let (line, column) = place(&path, "\"mötagare\"");
    let finding = only_finding(&sigill(&["check", &path, "--format", "json"]));
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(line), Some(column)));
    let sv = sigill(&["check", &path]);
    let en = sigill(&["check", &path, "--lang", "en"]);
    assert_eq!((sv.code, en.code), (1, 1));
    let at = format!("--> {path}:{line}:{column}  /mötagare");
    for (run, message, help) in [
        (&sv, "fel[MOD003]: okänt fält ”mötagare”", "hjälp: menade du ”mottagare”?"),
        (&en, "error[MOD003]: unknown field \"mötagare\"", "help: did you mean \"mottagare\"?"),
    ] {
        for wanted in [message, help, &at] {
            assert!(run.err.contains(wanted), "{wanted} is not in\n{}", run.err);
        }
        assert_eq!(underlined(&run.err), "\"mötagare\"");
    }
}

#[test]
fn names_of_all_sorts_are_suggested() {
    for (report, meant) in [
        ("MOD001/okand-dokumenttyp.json", "tjansteskrivelse"),
        ("MOD006/okant-satt-att-skriva-under.json", "digital"),
        ("CHA001/okand-tabell.json", "besok"),
        ("TAB002/okant-kortnamn.json", "prognos"),
    ] {
        let run = sigill(&["check", &format!("{FOLDER}/{report}"), "--format", "json"]);
        let finding = only_finding(&run);
        assert_eq!(finding["help_sv"], format!("menade du ”{meant}”?"), "{report}");
        assert_eq!(finding["help_en"], format!("did you mean \"{meant}\"?"), "{report}");
    }
}

#[test]
fn the_caret_stands_under_the_value() {
    for (report, value) in [
        ("DNR001/fel-monster.json", "\"dnr 60 från i våras\""),
        ("DAT001/dag-som-inte-finns.json", "\"2026-09-31\""),
        ("SUM001/summan-stammer-inte.json", "-5640"),
        ("MOD004/tal-i-stallet-for-text.json", "2026"),
        ("FIL001/bilden-saknas.json", "\"skylt.png\""),
        ("JSN005/samma-falt-i-ett-avsnitt.json", "\"content\""),
        ("TAB008/tva-rader-med-samma-kortnamn.json", "\"drift\""),
    ] {
        let path = format!("{FOLDER}/{report}");
        let run = sigill(&["check", &path]);
        assert_eq!(underlined(&run.err), value, "{report}:\n{}", run.err);
        let finding = only_finding(&sigill(&["check", &path, "--format", "json"]));
        let (line, column) = (finding["line"].as_u64().expect("line"), finding["column"].as_u64().expect("column"));
        assert!(run.err.contains(&format!("{path}:{line}:{column}")), "{}", run.err);
        // The source itself says the same at that line and column.
        let source = fs::read_to_string(root().join(&path)).expect("text");
        let there: String = source.lines().nth(line as usize - 1).expect("a line").chars().collect();
        let there: String = there.chars().skip(column as usize - 1).take(value.chars().count()).collect();
        assert_eq!(there, value, "{report}");
    }
}

#[test]
fn a_fault_in_the_json_is_placed_also_after_a_byte_order_mark() {
    for report in ["JSN001/kommatecken-saknas.json", "JSN001/fel-efter-bom.json"] {
        let path = format!("{FOLDER}/{report}");
        let run = sigill(&["check", &path]);
        let source = fs::read_to_string(root().join(&path)).expect("text");
        let line = source.lines().nth(2).expect("a third line");
        assert!(run.err.contains(&format!("{path}:3:{}\n", line.chars().count() + 1)), "{}", run.err);
        assert!(run.err.contains(&format!("3  | {line}\n")), "{}", run.err);
    }
    let finding = only_finding(&sigill(&["check", &format!("{FOLDER}/JSN002/latin-1.json"), "--format", "json"]));
    let bytes = fs::read(root().join(FOLDER).join("JSN002/latin-1.json")).expect("read");
    let at = bytes.iter().position(|b| !b.is_ascii()).expect("a letter outside ASCII");
    let line = bytes[..at].split(|&b| b == b'\n').collect::<Vec<_>>();
    let column = line.last().expect("a line").len() + 1;
    assert_eq!(finding["line"], line.len());
    assert_eq!(finding["column"], column);
}

#[test]
fn a_byte_order_mark_alone_is_no_fault() {
    let folder = workspace("known-bad-bom");
    let path: PathBuf = folder.join("rapport.json");
    let report = fs::read(root().join("fixtures/exempel/ordforandeforslag.json")).expect("read");
    fs::write(&path, [b"\xEF\xBB\xBF".as_slice(), &report].concat()).expect("written");
    let run = sigill(&["check", &path.display().to_string(), "--format", "json"]);
    assert_eq!((run.code, run.codes()), (0, vec![]));
}

#[test]
fn findings_are_capped_and_the_rest_counted() {
    let run = sigill(&["check", &format!("{FOLDER}/MOD009/manga-felaktiga-dnr.json"), "--format", "json"]);
    let codes = run.codes();
    assert!(codes.iter().filter(|c| *c == "DNR001").count() <= 200, "{}", codes.len());
    let found = findings(&run);
    let more = found.iter().find(|d| d["code"] == "MOD009").expect("MOD009");
    assert_eq!(more["severity"], "error");
    assert_eq!(more["message_sv"], "ytterligare 10 anmärkningar visas inte");
}
