//! What goes in, what comes out and where: files, folders, pipes, exit codes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, copy_of, files_below, json_lines, path_text, root, sigill, sigill_in, workspace};

const GOOD: &str = "ordforandeforslag";

/// A report that is wrong, and one that is only warned about.
const BAD: &str = "fixtures/known-bad/SUM001/summan-stammer-inte.json";
const WARNED: &str = "fixtures/known-bad/DEL002/tom-rubrik.json";

fn is_pdf(path: &Path) -> bool {
    fs::read(path).is_ok_and(|b| b.starts_with(b"%PDF-") && b.trim_ascii_end().ends_with(b"%%EOF"))
}

/// A folder with one good report and one bad, in a folder below.
fn good_and_bad(name: &str) -> PathBuf {
    let folder = workspace(name);
    copy_of(GOOD, &folder.join("a/bra.json"));
    copy_of(GOOD, &folder.join("c.json"));
    fs::copy(root().join(BAD), folder.join("b.json")).expect("copied");
    folder
}

#[test]
fn a_pdf_is_written_beside_its_report() {
    let folder = workspace("beside");
    copy_of(GOOD, &folder.join("mål.v2.json"));
    let run = sigill(&["render", &path_text(&folder.join("mål.v2.json"))]);
    assert_eq!((run.code, run.text().as_str()), (0, ""), "{}", run.err);
    assert_eq!(run.err, "1 PDF klar (1 sida), 0 med fel, 0 varningar\n");
    assert_eq!(files_below(&folder), ["mål.v2.json", "mål.v2.pdf"]);
    assert!(is_pdf(&folder.join("mål.v2.pdf")));
    // A finished file can be read by others than its owner, as any file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.join("mål.v2.pdf")).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}

#[test]
fn o_names_a_file_or_a_folder_and_makes_what_is_missing() {
    let folder = workspace("o");
    copy_of(GOOD, &folder.join("in.json"));
    for (output, wanted) in [
        ("ut.pdf", "ut.pdf"),
        ("UT.PDF", "UT.PDF"),
        ("ny/mapp/ut.pdf", "ny/mapp/ut.pdf"),
        ("en/mapp", "en/mapp/in.pdf"),
    ] {
        let run = sigill_in(&folder, &["render", "in.json", "-o", output], b"");
        assert_eq!(run.code, 0, "{output}: {}", run.err);
        assert!(is_pdf(&folder.join(wanted)), "{output}: {:?}", files_below(&folder));
    }
    // A folder that is called like a file is still a folder.
    fs::create_dir(folder.join("arkiv.pdf")).expect("made");
    assert_eq!(sigill_in(&folder, &["render", "in.json", "-o", "arkiv.pdf"], b"").code, 0);
    let wanted = ["UT.PDF", "arkiv.pdf/in.pdf", "en/mapp/in.pdf", "in.json", "ny/mapp/ut.pdf", "ut.pdf"];
    assert_eq!(files_below(&folder), wanted);
}

#[test]
fn a_folder_is_rendered_with_its_folders_and_keeps_their_order() {
    let folder = good_and_bad("folders");
    fs::write(folder.join("a/läs.txt"), "inget").expect("written");
    copy_of(GOOD, &folder.join("d.JSON"));
    // A folder may be called like a report.
    copy_of(GOOD, &folder.join("mapp.json/e.json"));
    fs::remove_file(folder.join("b.json")).expect("removed");
    let out = workspace("folders-out");
    let run = sigill(&["render", &path_text(&folder), "-o", &path_text(&out), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(files_below(&out), ["a/bra.pdf", "c.pdf", "d.pdf", "mapp.json/e.pdf"]);
    let inputs: Vec<_> = json_lines(&run).iter().map(|v| v["input"].as_str().expect("input").to_owned()).collect();
    let wanted = ["a/bra.json", "c.json", "d.JSON", "mapp.json/e.json"].map(|n| path_text(&folder.join(n)));
    assert_eq!(inputs, wanted);
}

#[test]
fn one_bad_report_does_not_stop_the_others() {
    let folder = good_and_bad("one-bad");
    let out = workspace("one-bad-out");
    for jobs in ["1", "2"] {
        let args = ["render", &path_text(&folder), "-o", &path_text(&out), "--format", "json", "--jobs", jobs];
        let run = sigill(&args);
        assert_eq!(run.code, 1, "{}", run.err);
        assert_eq!(files_below(&out), ["a/bra.pdf", "c.pdf"]);
        let lines = json_lines(&run);
        let told: Vec<_> = lines.iter().map(|v| (v["errors"].clone(), v["output"].is_string())).collect();
        assert_eq!(told, [(0.into(), true), (1.into(), false), (0.into(), true)]);
        fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn a_missing_file_is_told_and_the_others_are_done() {
    let folder = good_and_bad("missing");
    for jobs in ["1", "2"] {
        let args = ["render", "finns-inte.json", "c.json", "b.json", "-o", "ut", "--format", "json", "--jobs", jobs];
        let run = sigill_in(&folder, &args, b"");
        assert_eq!(run.code, 3, "{}", run.err);
        assert_eq!(files_below(&folder.join("ut")), ["c.pdf"]);
        let failure = json_lines(&run)[0]["failure"].as_str().expect("a failure").to_owned();
        assert!(failure.starts_with("finns-inte.json: filen finns inte"), "{failure}");
        fs::remove_dir_all(folder.join("ut")).expect("removed");
    }
    let human = sigill_in(&folder, &["check", "finns-inte.json", "c.json", "--lang", "en"], b"");
    assert_eq!(human.code, 3);
    assert!(human.err.starts_with("error: finns-inte.json: "), "{}", human.err);
    assert!(human.err.ends_with("no such file\n2 checked, 1 with errors, 0 warnings\n"), "{}", human.err);
}

#[test]
fn the_old_pdf_is_kept_when_the_report_is_bad() {
    let folder = workspace("kept");
    fs::copy(root().join(BAD), folder.join("b.json")).expect("copied");
    fs::write(folder.join("b.pdf"), "the old one").expect("written");
    for args in [&["render", "b.json"] as &[_], &["render", "b.json", "-o", "b.pdf"], &["render", "b.json", "-o", "."]]
    {
        assert_eq!(sigill_in(&folder, args, b"").code, 1);
        assert_eq!(fs::read(folder.join("b.pdf")).expect("read"), b"the old one");
        assert_eq!(files_below(&folder), ["b.json", "b.pdf"]);
    }
    // A good report replaces it whole.
    copy_of(GOOD, &folder.join("b.json"));
    assert_eq!(sigill_in(&folder, &["render", "b.json"], b"").code, 0);
    assert!(is_pdf(&folder.join("b.pdf")));
    assert_eq!(files_below(&folder), ["b.json", "b.pdf"]);
}

#[test]
fn warnings_are_told_and_the_pdf_is_made() {
    let folder = workspace("warned");
    let out = path_text(&folder.join("ut.pdf"));
    let run = sigill(&["render", WARNED, "-o", &out]);
    assert_eq!(run.code, 0);
    assert!(run.err.starts_with("varning[DEL002]: "), "{}", run.err);
    assert!(run.err.ends_with("\n1 PDF klar (1 sida), 0 med fel, 1 varning\n"), "{}", run.err);
    let run = sigill(&["check", WARNED, "--lang", "en"]);
    assert_eq!(run.code, 0);
    assert!(run.err.starts_with("warning[DEL002]: "), "{}", run.err);
    assert!(run.err.contains("\n1 checked, 0 with errors, 1 warning"), "{}", run.err);
}

#[test]
fn one_file_cannot_hold_several_reports() {
    let folder = good_and_bad("one-file");
    for (args, wanted) in [
        (&["render", "b.json", "c.json", "-o", "ut.pdf"] as &[_], "-o FIL.pdf går bara med en enda rapport"),
        (&["render", "a", "-o", "ut.pdf"], "-o FIL.pdf går bara med en enda rapport"),
        (&["render", "b.json", "c.json", "-o", "-"], "-o - går bara med en enda rapport"),
        (&["render", "-", "-", "-o", "ut"], "- (standard in) kan anges en gång"),
    ] {
        let run = sigill_in(&folder, args, b"{}");
        assert_eq!((run.code, run.out.len()), (2, 0), "{args:?}: {}", run.err);
        assert!(run.err.contains(wanted), "{args:?}: {}", run.err);
        assert_eq!(files_below(&folder), ["a/bra.json", "b.json", "c.json"], "{args:?}");
    }
}

#[test]
fn two_reports_never_share_a_pdf() {
    let folder = workspace("shared");
    for name in ["a/x.json", "b/x.json", "y.json", "y.JSON"] {
        copy_of(GOOD, &folder.join(name));
    }
    let before = files_below(&folder);
    for args in [
        &["render", "a", "b", "-o", "ut"] as &[_],
        &["render", "a/x.json", "b/x.json", "-o", "ut"],
        &["render", "y.json", "y.JSON"],
        &["render", "y.json", "./y.JSON"],
        &["render", "y.json", "a/../y.JSON"],
    ] {
        let run = sigill_in(&folder, args, b"");
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains("skulle båda bli"), "{args:?}: {}", run.err);
        assert_eq!(files_below(&folder), before, "{args:?}");
    }
    let run = sigill_in(&folder, &["render", "a", "b"], b"");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(is_pdf(&folder.join("a/x.pdf")) && is_pdf(&folder.join("b/x.pdf")));
}

#[test]
fn a_report_is_never_overwritten_by_its_pdf() {
    let folder = workspace("overwrite");
    copy_of(GOOD, &folder.join("x.pdf"));
    copy_of(GOOD, &folder.join("y.json"));
    let before = fs::read(folder.join("x.pdf")).expect("read");
    for args in [
        &["render", "x.pdf"] as &[_],
        &["render", "x.pdf", "-o", "./x.pdf"],
        &["render", "x.pdf", "-o", "."],
        &["render", "y.json", "x.pdf", "-j", "2"],
    ] {
        let run = sigill_in(&folder, args, b"");
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains("x.pdf är en rapport och skrivs inte över"), "{args:?}: {}", run.err);
        assert_eq!(fs::read(folder.join("x.pdf")).expect("read"), before, "{args:?}");
        assert_eq!(files_below(&folder), ["x.pdf", "y.json"], "{args:?}");
    }
    assert_eq!(sigill_in(&folder, &["render", "x.pdf", "-o", "ut"], b"").code, 0);
}

#[test]
fn standard_input_and_output_are_a_pipe() {
    let folder = workspace("pipe");
    let report = fs::read(root().join("fixtures/exempel/ordforandeforslag.json")).expect("read");
    let file = workspace("pipe-file");
    copy_of(GOOD, &file.join("x.json"));
    assert_eq!(sigill_in(&file, &["render", "x.json"], b"").code, 0);
    let wanted = fs::read(file.join("x.pdf")).expect("read");
    for args in [&["render", "-", "-o", "-"] as &[_], &["render", "-"], &["render", "-", "-o", "-", "--format", "json"]]
    {
        let run = sigill_in(&folder, args, &report);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out == wanted, "{args:?}: not the PDF alone");
    }
    assert!(files_below(&folder).is_empty());
    let run = sigill_in(&folder, &["render", "-", "-o", "ut"], &report);
    assert_eq!((run.code, files_below(&folder)), (0, vec!["ut/stdin.pdf".to_owned()]), "{}", run.err);

    // Findings of a bad report keep away from the stream of bytes.
    let bad = fs::read(root().join(BAD)).expect("read");
    for format in ["human", "json"] {
        let run = sigill_in(&folder, &["render", "-", "-o", "-", "--format", format], &bad);
        assert_eq!((run.code, run.out.len()), (1, 0));
        assert!(run.err.contains("SUM001") && run.err.contains("<stdin>"), "{}", run.err);
    }
    let run = sigill_in(&folder, &["check", "-", "--format", "json"], &bad);
    assert_eq!((run.code, run.codes()), (1, vec!["SUM001".to_owned()]));
}

#[test]
fn places_that_cannot_be_written_are_told() {
    let folder = good_and_bad("unwritable");
    fs::write(folder.join("fil"), "en fil").expect("written");
    for output in ["fil", "fil/ut.pdf", "fil/mapp"] {
        let run = sigill_in(&folder, &["render", "c.json", "-o", output], b"");
        assert_eq!(run.code, 3, "{output}: {}", run.err);
        assert!(run.err.contains("går inte att skriva"), "{output}: {}", run.err);
        assert_eq!(files_below(&folder), ["a/bra.json", "b.json", "c.json", "fil"], "{output}");
    }
    // A folder stands where the PDF should be.
    fs::create_dir_all(folder.join("ut/c.pdf")).expect("made");
    let run = sigill_in(&folder, &["render", "c.json", "-o", "ut"], b"");
    assert_eq!(run.code, 3, "{}", run.err);
    assert_eq!(fs::read_dir(folder.join("ut")).expect("read").count(), 1, "nothing half-written is left");
}

#[test]
fn an_empty_or_missing_folder_is_a_mistake() {
    let folder = workspace("empty-folder");
    fs::write(folder.join("läs.txt"), "").expect("written");
    for command in ["render", "check"] {
        let run = sigill_in(&folder, &[command, "."], b"");
        assert_eq!(run.code, 2);
        assert!(run.err.contains("har inga .json-filer"), "{}", run.err);
        let run = sigill_in(&folder, &[command, "finns/inte/"], b"");
        assert_eq!(run.code, 3);
        assert!(run.err.contains("filen finns inte"), "{}", run.err);
        assert_eq!(sigill_in(&folder, &[command], b"").code, 2);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = good_and_bad("unreadable");
    let path = folder.join("b.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("changed");
    // Root reads everything; a link to itself cannot be read by anybody.
    if fs::read(&path).is_ok() {
        fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("b.json", &path).expect("linked");
    }
    let run = sigill(&["render", &path_text(&folder), "--format", "json"]);
    assert_eq!(run.code, 3);
    let failure = json_lines(&run)[1]["failure"].as_str().expect("a failure").to_owned();
    assert!(failure.contains("går inte att läsa"), "{failure}");
    assert!(is_pdf(&folder.join("a/bra.pdf")) && is_pdf(&folder.join("c.pdf")));
}

#[test]
fn unknown_names_are_suggested() {
    let report = "fixtures/exempel/ordforandeforslag.json";
    for (args, code, wanted) in [
        (&["check", report, "--profile", "botkyrk"] as &[_], 1, "menade du ”botkyrka”?"),
        (&["check", report, "--profile", "botkyrk", "--lang", "en"], 1, "did you mean \"botkyrka\"?"),
        (&["schema", "tjansteskrivelser"], 2, "menade du ”tjansteskrivelse”?"),
        (&["new", "kallelsen"], 2, "menade du ”kallelse”?"),
        (&["render", report, "--standard", "a-2a+ua1"], 2, "menade du ”a-2a+ua-1”?"),
        (&["render", report, "--standard", "a3a+ua-1"], 2, "menade du ”a-3a+ua-1”?"),
        (&["render", report, "--standard", "x"], 2, "a-2a+ua-1, a-3a+ua-1, a-2u, a-1a, a-1b, none"),
        (&["rendr", report], 2, "render"),
        (&["check", report, "--formt", "json"], 2, "--format"),
    ] {
        let run = sigill(args);
        assert_eq!((run.code, run.out.len()), (code, 0), "{args:?}: {}", run.err);
        assert!(run.err.contains(wanted), "{args:?}: {}", run.err);
    }
}

#[test]
fn numbers_of_jobs_have_bounds() {
    for jobs in ["0", "65", "-1", "två"] {
        let run = sigill(&["render", "fixtures/exempel", "-o", "target/test-work/jobs", &format!("--jobs={jobs}")]);
        assert_eq!(run.code, 2, "{jobs}");
    }
}

#[test]
fn the_json_of_a_document_has_every_field() {
    let folder = workspace("json-fields");
    let run = sigill(&["render", BAD, WARNED, "-o", &path_text(&folder), "--format", "json"]);
    let lines = json_lines(&run);
    assert_eq!((run.code, run.err.as_str(), lines.len()), (1, "", 2));
    let keys = |v: &Value| v.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    for line in &lines {
        assert_eq!(keys(line), ["input", "output", "pages", "errors", "failure", "signatures", "diagnostics"]);
    }
    assert_eq!((&lines[0]["output"], &lines[0]["errors"]), (&Value::Null, &1.into()));
    assert_eq!(lines[1]["output"], path_text(&folder.join("tom-rubrik.pdf")));
    assert_eq!((&lines[1]["errors"], &lines[1]["pages"]), (&0.into(), &1.into()));
}

/// A report rendered in a folder of its own, for what its output does.
fn rendered_to(name: &str, output: &str) -> (Run, PathBuf) {
    let folder = workspace(&format!("output-{name}"));
    copy_of(GOOD, &folder.join("a.json"));
    (sigill_in(&folder, &["render", "a.json", "-o", output], b""), folder)
}

#[test]
#[cfg(unix)]
fn pipes_and_devices_are_written_to() {
    let (run, folder) = rendered_to("device", "/dev/null");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(files_below(&folder), ["a.json"]);
    let (run, _) = rendered_to("stdout", "/dev/stdout");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with(b"%PDF-"), "{} bytes", run.out.len());
}

#[test]
fn a_name_that_is_no_pdf_becomes_no_folder() {
    let (run, folder) = rendered_to("text", "ut.txt");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("slutar på .pdf"), "{}", run.err);
    assert_eq!(files_below(&folder), ["a.json"]);
    let (run, folder) = rendered_to("folder", "ut.txt/");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(files_below(&folder), ["a.json", "ut.txt/a.pdf"]);
}

#[test]
fn a_dot_in_a_name_is_no_extension() {
    let folder = workspace("output-dot");
    copy_of(GOOD, &folder.join("rapport v1.2"));
    let run = sigill_in(&folder, &["render", "rapport v1.2"], b"");
    assert_eq!((run.code, files_below(&folder).contains(&"rapport v1.2.pdf".to_owned())), (0, true), "{}", run.err);
}

#[test]
#[cfg(unix)]
fn control_characters_of_a_name_never_reach_the_terminal() {
    let folder = workspace("output-control");
    fs::write(folder.join("x\u{1b}[31m\u{202E}.json"), "{").expect("written");
    let run = sigill_in(&folder, &["check", "x\u{1b}[31m\u{202E}.json"], b"");
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(!run.err.contains(['\u{1b}', '\u{202E}']) && run.err.contains("x\\u{1b}[31m"), "{}", run.err);
}

#[test]
#[cfg(unix)]
fn a_file_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = workspace("output-rights");
    copy_of(GOOD, &folder.join("a.json"));
    fs::write(folder.join("a.pdf"), b"old").expect("written");
    fs::set_permissions(folder.join("a.pdf"), fs::Permissions::from_mode(0o600)).expect("set");
    assert_eq!(sigill_in(&folder, &["render", "a.json", "-o", "a.pdf"], b"").code, 0);
    assert_eq!(fs::metadata(folder.join("a.pdf")).expect("metadata").permissions().mode() & 0o777, 0o600);
}

#[test]
fn help_is_a_command_too() {
    let run = sigill(&["help", "layouts", "new"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.text().contains("--profile"), "{}", run.text());
    assert_eq!(sigill(&["help", "okänt"]).code, 2);
    assert!(sigill(&["help"]).text().contains("render"));
}
