//! The public edition: what is marked is gone, a note stands in its place, and everything else still leads right.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{MEETING, agenda_leads_right, pack, small_meeting};
use crate::support::{keep_pdf, sigill, tool, workspace};

/// What the fixture marks: the secret item, its document, a name.
const MASKED: [&str; 6] =
    ["Nils Sagoberg", "Luftslott", "Molngatan", "Överflyttning av vårdnaden", "SN 2013:99", "Lena Fiktivsdotter"];

/// All that a file says, by tools of others: text of the pages, bookmarks, metadata, every object unpacked.
fn all_of(pdf: &Path) -> Option<String> {
    let path = pdf.display().to_string();
    let mut all = tool("pdftotext", &[&path, "-"])?;
    all.push_str(&tool("pdfinfo", &["-meta", &path])?);
    let json: Value =
        serde_json::from_str(&tool("qpdf", &["--json=2", "--json-stream-data=none", &path])?).expect("JSON");
    all.push_str(&json.to_string());
    Some(all.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn the_public_edition_says_nothing_that_is_masked_and_the_full_one_all() {
    let folder = workspace("pack-editions");
    let (full, public) = (folder.join("full.pdf"), folder.join("offentlig.pdf"));
    let report = folder.join("rapport.pdf");
    pack(MEETING, &full, &[]);
    let said = pack(MEETING, &public, &["--edition", "offentlig", "--report", &report.display().to_string()]);
    keep_pdf("pack-offentlig", "a-2a+ua-1", &fs::read(&public).expect("the pack"));
    keep_pdf("pack-rapport", "a-2a+ua-1", &fs::read(&report).expect("the report"));
    agenda_leads_right(&public, &said, 1);
    let (Some(full), Some(public)) = (all_of(&full), all_of(&public)) else { return };
    for masked in MASKED {
        assert!(full.contains(masked), "{masked} is in the full edition");
        assert!(!public.contains(masked), "{masked} is in the public edition");
    }
    for note in ["Individärende", "sekretess, 26 kap. 1 § OSL", "‹utelämnat: personuppgift›"] {
        assert!(public.contains(note), "{note}");
    }
    let text = tool("pdftotext", &["-layout", &report.display().to_string(), "-"]).expect("pdftotext is there");
    assert!(text.contains("sekretess, 26 kap. 1 § OSL: 1 ställe"), "{text}");
}

fn offentlig(meeting: &Path) -> (crate::support::Run, std::path::PathBuf) {
    let target = meeting.with_file_name("offentlig.pdf");
    let (meeting, to) = (meeting.display().to_string(), target.display().to_string());
    (sigill(&["pack", &meeting, "-o", &to, "--edition", "offentlig", "--format", "json", "--no-cache"]), target)
}

fn dokument(content: &str) -> Value {
    json!({
        "kind": "dokument", "profile": "exempel", "dokumentsort": "Yttrande", "title": "Yttrande över ansökan",
        "date": "2026-05-04", "dnr": "EX 2026/101", "content": content,
    })
}

#[test]
fn items_documents_sections_and_words_can_each_be_left_out() {
    let mut secret = dokument("Hela dokumentet handlar om hemliga förhållanden hos den enskilde.");
    secret["sekretess"] = "21:7".into();
    secret["title"] = "Läkarutlåtande om den enskilde".into();
    let mut partly =
        dokument("Sökanden är [Åsa *Påhittsdotter*](personuppgift:) från [Molnby](<sekretess:22 kap. 1 §>).");
    partly["sections"] = json!([
        {"title": "Skulder och tillgångar", "content": "Skulden uppgår till mycket stora belopp varje månad.", "sekretess": "26:1"},
        {"title": "Slutsats", "content": "Ansökan bör beviljas."},
    ]);
    let path = small_meeting(
        "pack-edition-parts",
        &json!([
            {"dokument": secret},
            {"title": "Yttrande", "dokument": partly},
            {"title": "Kontoutdrag för [Åsa Påhittsdotter](personuppgift:)", "file": "a.pdf"},
            {"title": "Intyg från arbetsgivaren Luft", "file": "b.pdf", "personuppgift": true},
            {"title": "Karta", "file": "c.pdf"},
        ]),
    );
    for (name, says) in
        [("a", "Utdrag"), ("b", "Intyg om anställning för den som söker lån hos kommunen idag"), ("c", "Karta")]
    {
        fs::write(path.with_file_name(format!("{name}.pdf")), super::runs::one_page(says)).expect("written");
    }
    let (run, target) = offentlig(&path);
    assert_eq!(run.code, 0, "{}{}", run.text(), run.err);
    keep_pdf("pack-offentlig-delar", "a-2a+ua-1", &fs::read(&target).expect("the pack"));
    let Some(all) = all_of(&target) else { return };
    for masked in [
        "Påhittsdotter",
        "Molnby",
        "Läkarutlåtande",
        "hemliga förhållanden",
        "Skulder",
        "stora belopp",
        "arbetsgivaren",
    ] {
        assert!(!all.contains(masked), "{masked}");
    }
    for kept in [
        "Ansökan bör beviljas",
        "sekretess, 22 kap. 1 § OSL",
        "Utelämnat avsnitt",
        "Kontoutdrag för",
        "Utelämnad handling",
    ] {
        assert!(all.contains(kept), "{kept}");
    }
    // The map keeps the number it has in the full edition, though the one before it is gone.
    let text = tool("pdftotext", &["-layout", &target.display().to_string(), "-"]).expect("pdftotext is there");
    assert!(text.contains("Bilaga 3 · Dnr") || text.contains("Bilaga 3 · sid"), "{text}");
}

#[test]
fn what_is_masked_once_and_said_elsewhere_stops_the_public_edition() {
    let name = "[Åsa Påhittsdotter](personuppgift:)";
    let again = "Åsa Påhittsdotter";
    // Said in running text, in a title that becomes a bookmark, in an alternative text, in a bilaga.
    let said_in_text =
        json!([{"title": "Yttrande", "dokument": dokument(&format!("{name} söker.\n\n{again} får avslag."))}]);
    let said_in_title = json!([
        {"title": "Yttrande", "dokument": dokument(&format!("{name} söker."))},
        {"title": format!("Brev från {again}"), "file": "a.pdf"},
    ]);
    let said_in_alt = json!([
        {"title": "Yttrande", "dokument": dokument(&format!("{name} söker."))},
        {"title": "Foto", "file": "tom.pdf", "alt": format!("Porträtt av {again}")},
    ]);
    let said_in_bilaga = json!([
        {"title": "Yttrande", "dokument": dokument(&format!("{name} söker."))},
        {"title": "Brev", "file": "namn.pdf"},
    ]);
    for (case, papers) in
        [("text", said_in_text), ("title", said_in_title), ("alt", said_in_alt), ("bilaga", said_in_bilaga)]
    {
        let path = small_meeting(&format!("pack-leak-{case}"), &papers);
        for (file, says) in [("a", "Brev"), ("namn", "Hälsningar från Asa Pahittsdotter")] {
            let says = says.replace("Asa Pahittsdotter", "\u{c5}sa P\u{e5}hittsdotter");
            fs::write(path.with_file_name(format!("{file}.pdf")), super::runs::one_page(&says)).expect("written");
        }
        let drawing = super::runs::pdf(b"72 500 300 200 re f", b"", b"", b"");
        fs::write(path.with_file_name("tom.pdf"), drawing).expect("written");
        let (run, target) = offentlig(&path);
        assert_eq!(run.code, 1, "{case}: {}", run.err);
        assert!(run.codes().contains(&"PAC008".to_owned()), "{case}: {:?}", run.codes());
        assert!(!target.exists(), "{case}");
    }
}
