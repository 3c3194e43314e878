//! Signing and verifying as its users do it, with a PKI of the tests' own and its services on loopback.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::{Run, files_below, finish, json_lines, keep_pdf, path_text, root, tool, workspace};

const PASSWORD: &str = "hemligt åäö";
const NOW: &str = "2026-11-22T10:00:00+00:00";

pub(crate) struct Pki {
    folder: PathBuf,
    /// The time it is.
    now: String,
    port: u16,
    _server: Child,
}

/// The test PKI, started once; `None`, after a loud notice, when Python is missing. With `CI=true` that fails.
fn pki() -> Option<&'static Pki> {
    static PKI: OnceLock<Option<Pki>> = OnceLock::new();
    PKI.get_or_init(|| start("pki-program", NOW)).as_ref()
}

/// A PKI of its own in a folder, at a time.
pub(crate) fn start(name: &str, now: &str) -> Option<Pki> {
    let python = root().join("target/tools/python/bin/python");
    if !python.exists() {
        let notice = format!("\n*** SKIPPED: {} is missing: run `cargo xtask test`\n", python.display());
        assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "{notice}");
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr");
        return None;
    }
    let folder = root().join("target/test-work").join(name);
    fs::create_dir_all(&folder).expect("made");
    let mut server = Command::new(python)
        .arg(root().join("tests/pki/serve.py"))
        .arg(&folder)
        .arg(now)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("the port");
    Some(Pki { folder, now: now.to_owned(), port: line.trim().parse().expect("a port"), _server: server })
}

impl Pki {
    pub(crate) fn path(&self, name: &str) -> String {
        path_text(&self.folder.join(name))
    }

    pub(crate) fn tsa(&self) -> String {
        format!("http://127.0.0.1:{}/sigill/tsa/tsa", self.port)
    }

    /// Runs `sigill` in a folder with the password at hand and the clock stopped.
    fn run(&self, folder: &Path, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigill"));
        command.args(args).args(["--at", &self.now]).current_dir(folder).env("LOSEN", PASSWORD).env("FEL", "fel");
        finish(command.output())
    }

    fn sign(&self, folder: &Path, input: &str, output: &str, field: &str, who: &str, more: &[&str]) -> Run {
        let p12 = self.path(&format!("{who}.p12"));
        let args = ["sign", input, "-o", output, "--field", field, "--p12", &p12, "--password-env", "LOSEN"];
        self.run(folder, &[&args, more].concat())
    }

    fn verify(&self, folder: &Path, file: &str, more: &[&str]) -> (i32, Value) {
        let trust = self.path("trust");
        let run = self.run(folder, &[&["verify", file, "--trust", &trust, "--format", "json"], more].concat());
        (run.code, json_lines(&run)[0].clone())
    }
}

/// A document to be signed by two, rendered in a folder of its own.
fn rendered(name: &str) -> PathBuf {
    let folder = workspace(name);
    let model = json!({
        "kind": "dokument",
        "profile": "exempel",
        "dokumentsort": "Beslut",
        "title": "Beslut om cykelväg",
        "date": "2026-11-20",
        "content": "Cykelvägen byggs.",
        "signaturer": [
            {"id": "chef", "name": "Åsa Provström", "title": "Förvaltningschef", "method": "digital"},
            {"id": "justerare", "name": "Ärla Modellberg", "role": "Justerare", "method": "digital"},
            {"id": "papper", "name": "Örjan Exempelsson"}
        ]
    });
    fs::write(folder.join("beslut.json"), model.to_string()).expect("written");
    let run = finish(
        Command::new(env!("CARGO_BIN_EXE_sigill")).args(["render", "beslut.json"]).current_dir(&folder).output(),
    );
    assert_eq!(run.code, 0, "{}", run.err);
    folder
}

fn keep(folder: &Path, file: &str, name: &str) {
    keep_pdf(name, "a-2a+ua-1", &fs::read(folder.join(file)).expect("read"));
}

#[test]
fn two_sign_in_turn_and_anyone_can_check_it() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-two");
    keep(&folder, "beslut.pdf", "sign-reserved");
    let (tsa, trust) = (pki.tsa(), pki.path("trust"));
    let level = |level| ["--level", level, "--tsa", &tsa, "--trust", &trust];
    let look = ["--title", "Förvaltningschef", "--reason", "Godkänt", "--location", "Exempelstad"];
    let run = pki.sign(&folder, "beslut.pdf", "ett.pdf", "chef", "chef", &[&level("t")[..], &look].concat());
    assert_eq!((run.code, run.err.as_str()), (0, "ett.pdf: undertecknad av Åsa Provström\n"));
    keep(&folder, "ett.pdf", "sign-one");
    let image = path_text(&root().join("fixtures/exempel/logga.svg"));
    let look = [&level("lta")[..], &["--image", &image]].concat();
    let run = pki.sign(&folder, "ett.pdf", "två.pdf", "justerare", "justerare", &look);
    assert_eq!(run.code, 0, "{}", run.err);
    keep(&folder, "två.pdf", "sign-two");

    let (code, told) = pki.verify(&folder, "två.pdf", &["--report", "rapport.pdf", "--profile", "exempel"]);
    let each = told["signatures"].as_array().expect("signatures");
    let told_of = |key: &str| each.iter().map(|s| s[key].clone()).collect::<Vec<_>>();
    assert_eq!((code, &told["passed"]), (0, &Value::Bool(true)), "{told:#}");
    assert_eq!(told_of("field"), ["chef", "justerare", "tidsstampel-1"]);
    assert_eq!(told_of("level"), [json!("B-LTA"), json!("B-LTA"), Value::Null]);
    assert_eq!(each[0]["reason"], "Godkänt");
    assert_eq!(told["unsigned_fields"], json!([]));
    keep(&folder, "rapport.pdf", "sign-report");

    // The file alone tells all of it long after, in both languages; without trust it tells that.
    let person = pki.run(&folder, &["verify", "två.pdf", "--trust", &trust, "--lang", "en", "--report", "rapport.txt"]);
    assert_eq!(person.code, 0);
    assert!(person.text().contains("All signatures are valid.") && person.text().contains("Level: PAdES B-LTA"));
    let kept = fs::read_to_string(folder.join("rapport.txt")).expect("read");
    assert!(
        kept.contains("Alla underskrifter är giltiga.") && kept.contains("Bevisad tid: 2026-11-22 kl. 11.00"),
        "{kept}"
    );
    let stranger = pki.run(&folder, &["verify", "två.pdf", "--report", "rapport.json"]);
    assert_eq!(stranger.code, 1);
    assert!(stranger.text().contains("INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND"), "{}", stranger.text());
    let kept: Value = serde_json::from_slice(&fs::read(folder.join("rapport.json")).expect("read")).expect("JSON");
    assert_eq!(kept["passed"], false);
    // And what was taken away from the seen page is seen.
    let mut changed = fs::read(folder.join("två.pdf")).expect("read");
    changed[3000] ^= 1;
    fs::write(folder.join("ändrad.pdf"), changed).expect("written");
    assert_eq!(pki.verify(&folder, "ändrad.pdf", &[]).0, 1);
}

#[test]
fn a_file_is_signed_elsewhere() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-elsewhere");
    let chain = pki.path("chef.chain.pem");
    let run = pki.run(
        &folder,
        &[
            "sign",
            "prepare",
            "beslut.pdf",
            "-o",
            "redo.pdf",
            "--state",
            "redo.json",
            "--field",
            "chef",
            "--cert",
            &chain,
        ],
    );
    assert_eq!((run.code, run.err.as_str()), (0, "redo.pdf: förberedd\n"));
    let state: Value = serde_json::from_slice(&fs::read(folder.join("redo.json")).expect("read")).expect("JSON");
    let digits = state["signed_attributes"].as_str().expect("attributes");
    assert!(digits.starts_with("31"), "a SET");
    let bytes: Vec<u8> =
        (0..digits.len()).step_by(2).map(|i| u8::from_str_radix(&digits[i..i + 2], 16).expect("hex")).collect();
    fs::write(folder.join("attribut.der"), bytes).expect("written");
    let signed = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign", &pki.path("chef.key"), "-out", "underskrift.bin", "attribut.der"])
        .current_dir(&folder)
        .status();
    assert!(signed.is_ok_and(|s| s.success()));
    let complete = ["sign", "complete", "redo.pdf", "-o", "klar.pdf", "--state", "redo.json", "--cert", &chain];
    let signature = ["--signature", "underskrift.bin"];
    for more in [&[][..], &["--attributes", "attribut.der"]] {
        let run = pki.run(&folder, &[&complete, &signature[..], more].concat());
        assert_eq!((run.code, run.err.as_str()), (0, "klar.pdf: undertecknad\n"));
        assert_eq!(pki.verify(&folder, "klar.pdf", &["--online"]).0, 0);
        keep(&folder, "klar.pdf", "sign-elsewhere");
        fs::remove_file(folder.join("klar.pdf")).expect("removed");
    }
    // What does not belong together leaves nothing behind.
    let mut stale = fs::read(folder.join("redo.pdf")).expect("read");
    stale[500] ^= 1;
    fs::write(folder.join("stale.pdf"), stale).expect("written");
    fs::write(folder.join("stale.json"), "{}").expect("written");
    for (args, code) in [
        (["stale.pdf", "redo.json", "underskrift.bin", &chain], "UND013"),
        (["redo.pdf", "stale.json", "underskrift.bin", &chain], "UND013"),
        (["redo.pdf", "redo.json", "attribut.der", &chain], "UND006"),
        (["redo.pdf", "redo.json", "underskrift.bin", &pki.path("lang.chain.pem")], "UND014"),
    ] {
        let [pdf, state, signature, cert] = args;
        let run = pki.run(
            &folder,
            &[
                "sign",
                "complete",
                pdf,
                "-o",
                "klar.pdf",
                "--state",
                state,
                "--signature",
                signature,
                "--cert",
                cert,
                "--format",
                "json",
            ],
        );
        assert_eq!((run.code, run.codes()), (1, vec![code.to_owned()]), "{}", run.err);
        assert!(!folder.join("klar.pdf").exists());
    }
}

#[test]
fn mistakes_are_told_and_leave_nothing_behind() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-mistakes");
    assert_eq!(pki.sign(&folder, "beslut.pdf", "taget.pdf", "chef", "chef", &[]).code, 0);
    fs::write(folder.join("trasig.pdf"), "%PDF-1.7\n").expect("written");
    let before = files_below(&folder);
    let original = fs::read(folder.join("beslut.pdf")).expect("read");
    let (tsa, dead) = (pki.tsa(), "http://127.0.0.1:9/".to_owned());
    let wrong = pki.tsa().replace("tsa/tsa", "tsa/tsa-wrong");
    let (key, cert) = (pki.path("ordforande.key"), pki.path("chef.chain.pem"));
    let p12 = |name: &str| pki.path(&format!("{name}.p12"));
    let (chef, expired, revoked, misused) = (p12("chef"), p12("utgangen"), p12("sparrad"), p12("fel-bruk"));
    let with = |p12: &str| vec!["--p12".to_owned(), p12.to_owned(), "--password-env".to_owned(), "LOSEN".to_owned()];
    let stamped = |p12: &str, tsa: &str, level: &str| {
        let more = ["--tsa", tsa, "--level", level].map(str::to_owned);
        [with(p12), more.to_vec()].concat()
    };
    for (pdf, field, how, exit, code) in [
        ("beslut.pdf", "kassor", with(&chef), 1, "UND003"),
        ("taget.pdf", "chef", with(&chef), 1, "UND004"),
        ("beslut.pdf", "chef", ["--p12", &chef, "--password-env", "FEL"].map(str::to_owned).to_vec(), 1, "UND005"),
        ("beslut.pdf", "chef", ["--p12", &chef].map(str::to_owned).to_vec(), 1, "UND005"),
        ("beslut.pdf", "chef", ["--key", &key, "--cert", &cert].map(str::to_owned).to_vec(), 1, "UND006"),
        ("beslut.pdf", "chef", with(&expired), 1, "UND007"),
        ("beslut.pdf", "chef", with(&misused), 1, "UND008"),
        ("beslut.pdf", "chef", stamped(&chef, &wrong, "t"), 3, "UND009"),
        ("beslut.pdf", "chef", stamped(&chef, &dead, "t"), 3, "UND010"),
        ("beslut.pdf", "chef", stamped(&revoked, &tsa, "lt"), 1, "UND011"),
        ("trasig.pdf", "chef", with(&chef), 1, "UND001"),
    ] {
        let mut args = vec!["sign", pdf, "-o", "ut.pdf", "--field", field, "--format", "json"];
        args.extend(how.iter().map(String::as_str));
        let run = pki.run(&folder, &args);
        assert_eq!((run.code, run.codes()), (exit, vec![code.to_owned()]), "{args:?}: {}{}", run.text(), run.err);
        assert_eq!(files_below(&folder), before, "{args:?}");
        assert!(!run.text().contains(PASSWORD) && !run.err.contains(PASSWORD));
    }
    assert!(fs::read(folder.join("beslut.pdf")).expect("read") == original, "the input is untouched");
    // Wrong usage: no key, no password, the input as output.
    for args in [
        &["sign", "beslut.pdf", "-o", "ut.pdf", "--field", "chef"][..],
        &["sign", "beslut.pdf", "-o", "ut.pdf", "--field", "chef", "--p12", &chef, "--password-env", "FINNS_INTE"],
        &["sign", "beslut.pdf", "-o", "./beslut.pdf", "--field", "chef", "--p12", &chef],
        &["sign", "beslut.pdf", "-o", "ut.pdf", "--p12", &chef],
        &["verify", "taget.pdf", "--trust", "."],
        &["verify", "taget.pdf", "--report", "rapport.pdf"],
    ] {
        let run = pki.run(&folder, args);
        assert_eq!((run.code, run.out.len()), (2, 0), "{args:?}: {}", run.err);
    }
    assert_eq!(files_below(&folder), before);
}

#[test]
fn an_expired_certificate_can_be_forced_and_is_reported() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-forced");
    let run = pki.sign(&folder, "beslut.pdf", "ut.pdf", "chef", "utgangen", &["--force"]);
    assert_eq!(run.code, 0);
    assert!(run.err.starts_with("varning[UND007]: "), "{}", run.err);
    let (code, told) = pki.verify(&folder, "ut.pdf", &["--online", "--report", "rapport.txt"]);
    assert_eq!((code, &told["signatures"][0]["sub_indication"]), (1, &json!("OUT_OF_BOUNDS_NO_POE")));
    let report = fs::read_to_string(folder.join("rapport.txt")).expect("read");
    assert!(report.contains("certifikatet för Utgången Underskrift gällde till 2024-01-01"), "{report}");
}

#[test]
fn a_seal_and_a_renewal_use_the_same_path() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-seal");
    let run = pki.sign(&folder, "beslut.pdf", "stämplad.pdf", "chef", "stampel", &["--seal", "--lang", "en"]);
    assert_eq!((run.code, run.err.as_str()), (0, "stämplad.pdf: signed by Exempelkommunen\n"));
    keep(&folder, "stämplad.pdf", "sign-seal");
    let (tsa, trust) = (pki.tsa(), pki.path("trust"));
    for (input, output) in [("stämplad.pdf", "lta.pdf"), ("lta.pdf", "lta2.pdf")] {
        let run = pki.run(&folder, &["sign", "extend", input, "-o", output, "--tsa", &tsa, "--trust", &trust]);
        assert_eq!((run.code, run.err), (0, format!("{output}: förnyad\n")));
    }
    keep(&folder, "lta2.pdf", "sign-renewed");
    let (code, told) = pki.verify(&folder, "lta2.pdf", &[]);
    assert_eq!((code, &told["signatures"][0]["level"]), (0, &json!("B-LTA")), "{told:#}");
    let run = pki.run(&folder, &["sign", "extend", "beslut.pdf", "-o", "x.pdf", "--tsa", &tsa, "--format", "json"]);
    assert_eq!((run.code, run.codes()), (1, vec!["UND003".to_owned()]));
}

#[test]
fn fields_stand_where_the_model_has_its_blocks() {
    let folder = rendered("sign-reserve");
    let fields = |args: &[&str]| {
        let args = [&["render", "beslut.json", "-o", "ut.pdf"], args].concat();
        let run = finish(Command::new(env!("CARGO_BIN_EXE_sigill")).args(&args).current_dir(&folder).output());
        assert_eq!(run.code, 0, "{}", run.err);
        let run = finish(
            Command::new(env!("CARGO_BIN_EXE_sigill"))
                .args(["verify", "ut.pdf", "--format", "json"])
                .current_dir(&folder)
                .output(),
        );
        assert_eq!(run.code, 1, "nothing is signed");
        json_lines(&run)[0]["unsigned_fields"].clone()
    };
    assert_eq!(fields(&[]), json!(["chef", "justerare"]));
    assert_eq!(fields(&["--reserve", "none"]), json!([]));
    assert_eq!(fields(&["--reserve", "all"]), json!(["chef", "justerare", "papper"]));
    keep(&folder, "ut.pdf", "sign-reserve-all");
    for standard in ["a-3a+ua-1", "a-2u", "a-1a", "a-1b"] {
        assert_eq!(fields(&["--standard", standard]), json!(["chef", "justerare"]));
        keep_pdf("sign-reserved", standard, &fs::read(folder.join("ut.pdf")).expect("read"));
    }
}

/// A font that has a letter none of the program's has: Open Sans with its lozenge as a letter of Chinese. It changes one
/// segment of the table from letters to glyphs (format 4).
fn font_with(letter: char) -> Vec<u8> {
    let mut font = fs::read(root().join("fonts/open-sans/OpenSans-Regular.ttf")).expect("a font");
    let lozenge = 0x25CA_u16.to_be_bytes();
    let letter = u16::try_from(u32::from(letter)).expect("a letter of the first plane");
    let number = |font: &[u8], at: usize| u16::from_be_bytes([font[at], font[at + 1]]);
    let tables = usize::from(number(&font, 4));
    let record = (0..tables).map(|i| 12 + 16 * i).find(|at| &font[*at..at + 4] == b"cmap").expect("a table");
    let table = u32::from_be_bytes(font[record + 8..record + 12].try_into().expect("four bytes")) as usize;
    let mut changed = 0;
    for entry in 0..usize::from(number(&font, table + 2)) {
        let at = table + 4 + 8 * entry + 4;
        let start = table + u32::from_be_bytes(font[at..at + 4].try_into().expect("four bytes")) as usize;
        if number(&font, start) != 4 {
            continue;
        }
        let bytes = usize::from(number(&font, start + 6));
        let (ends, starts, deltas) = (start + 14, start + 16 + bytes, start + 16 + 2 * bytes);
        let segment = (0..bytes / 2).map(|i| 2 * i).find(|i| font[ends + i..ends + i + 2] == lozenge);
        let Some(segment) = segment.filter(|i| font[starts + i..starts + i + 2] == lozenge) else { continue };
        let delta = number(&font, deltas + segment).wrapping_add(0x25CA).wrapping_sub(letter);
        for (place, value) in [(ends, letter), (starts, letter), (deltas, delta)] {
            font[place + segment..place + segment + 2].copy_from_slice(&value.to_be_bytes());
        }
        changed += 1;
    }
    assert!(changed > 0, "the font has no lozenge of its own");
    font
}

#[test]
fn what_a_signature_shows_is_set_in_fonts_of_ones_own() {
    let folder = rendered("sign-own-fonts");
    fs::create_dir(folder.join("typsnitt")).expect("made");
    fs::write(folder.join("typsnitt/egen.ttf"), font_with('漢')).expect("written");
    let prepare = |more: &[&str]| {
        let args = ["sign", "prepare", "beslut.pdf", "-o", "ut.pdf", "--state", "ut.json", "--field", "chef"];
        let args = [&args[..], &["--name", "Åsa 漢", "--at", NOW, "--format", "json"], more].concat();
        finish(Command::new(env!("CARGO_BIN_EXE_sigill")).args(args).current_dir(&folder).output())
    };
    let without = prepare(&[]);
    assert_eq!((without.code, without.codes()), (1, vec!["TXT001".to_owned()]), "{}", without.err);
    let with = prepare(&["--fonts", "typsnitt"]);
    assert_eq!((with.code, with.codes()), (0, vec![]), "{}{}", with.text(), with.err);
}

#[test]
fn a_pack_has_fields_and_is_signed_and_a_signed_bilaga_lies_in_it_untouched() {
    let Some(pki) = pki() else { return };
    let folder = rendered("sign-pack");
    let (tsa, trust) = (pki.tsa(), pki.path("trust"));
    let level = ["--level", "lt", "--tsa", &tsa, "--trust", &trust];
    assert_eq!(pki.sign(&folder, "beslut.pdf", "undertecknat.pdf", "chef", "chef", &level).code, 0);
    let item = |title: &str, papers: Value| json!({"title": title, "dnr": "EX 2026/1", "handlingar": papers});
    let meeting = json!({
        "kind": "kallelse", "profile": "exempel", "title": "Kallelse", "date": "2026-11-20", "organ": "Nämnden",
        "sammantrade": {"date": "2026-11-30", "tid": "18:30", "plats": "Salen"},
        "ordforande": "Anna Exempelsson", "sekreterare": "Bo Provberg",
        "arenden": [
            item("Ett", json!([{"dokument": "beslut.json"}])),
            item("Två", json!([{"title": "Undertecknat beslut", "file": "undertecknat.pdf"}])),
        ],
    });
    fs::write(folder.join("kallelse.json"), meeting.to_string()).expect("written");
    let run =
        |args: &[&str]| finish(Command::new(env!("CARGO_BIN_EXE_sigill")).args(args).current_dir(&folder).output());
    let packed = run(&["pack", "kallelse.json", "-o", "pack.pdf", "--format", "json", "--no-cache"]);
    assert_eq!(packed.code, 0, "{}{}", packed.text(), packed.err);
    let parts = json_lines(&packed)[0]["parts"].clone();
    let bilaga = parts.as_array().expect("parts").last().expect("the bilaga").clone();
    assert_eq!((&bilaga["attached"], &bilaga["lost"]["signatures"]), (&json!(true), &json!(1)));
    keep(&folder, "pack.pdf", "sign-pack-reserved");
    // The bilaga comes out as it went in, byte for byte, and still verifies.
    let within = lopdf::Document::load(folder.join("pack.pdf")).expect("a PDF");
    let streams = within.objects.values().filter_map(|o| o.as_stream().ok());
    let files: Vec<_> = streams.filter(|s| s.dict.has_type(b"EmbeddedFile")).map(|s| s.content.clone()).collect();
    assert!(files == [fs::read(folder.join("undertecknat.pdf")).expect("read")]);
    fs::write(folder.join("ur-packen.pdf"), &files[0]).expect("written");
    assert_eq!(pki.verify(&folder, "ur-packen.pdf", &[]).0, 0);
    // Fields of the pack's own documents have names that tell their items.
    let signed = pki.sign(&folder, "pack.pdf", "signerad.pdf", "arende-1-chef", "chef", &level);
    assert_eq!(signed.code, 0, "{}", signed.err);
    keep(&folder, "signerad.pdf", "sign-pack-signed");
    assert_eq!(pki.verify(&folder, "signerad.pdf", &[]).0, 0);
    let none = run(&["pack", "kallelse.json", "-o", "utan.pdf", "--reserve", "none", "--no-cache"]);
    assert_eq!(none.code, 0, "{}", none.err);
    let refused = pki.sign(&folder, "utan.pdf", "x.pdf", "arende-1-chef", "chef", &[]);
    assert_eq!(refused.code, 1, "{}", refused.err);
}

#[test]
fn pyhankos_own_ades_verification_passes_each_level() {
    // It fetches what tells of revocation and takes the time of the machine, so the PKI has to live at that time.
    let now = tool("date", &["-u", "+%Y-%m-%dT%H:%M:%S+00:00"]).expect("date is there");
    let Some(pki) = start("pki-now", now.trim()) else { return };
    let folder = rendered("sign-ades");
    let (tsa, trust) = (pki.tsa(), pki.path("trust"));
    let python = path_text(&root().join("target/tools/python/bin/python"));
    for level in ["b", "t", "lt", "lta"] {
        let file = format!("{level}.pdf");
        let more = ["--level", level, "--tsa", &tsa, "--trust", &trust];
        let run = pki.sign(&folder, "beslut.pdf", &file, "chef", "lang", if level == "b" { &[] } else { &more });
        assert_eq!(run.code, 0, "{level}: {}", run.err);
        let (root, file) = (pki.path("trust/root.pem"), path_text(&folder.join(&file)));
        let args =
            ["-m", "pyhanko", "sign", "adesverify", "--executive-summary", "--trust", &root, "--trust-replace", &file];
        let said = tool(&python, &args).expect("pyHanko is there");
        assert!(said.trim_end().ends_with(":VALID"), "{level}: {said}");
    }
}
