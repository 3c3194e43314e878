//! Findings about the files of a pack.

use sigill_model::Diagnostic;
use sigill_model::json::ReadError;

use crate::foreign::{self, Losses, Refused};
use crate::merge::MergeError;

pub(super) fn unjoinable(error: &MergeError) -> Diagnostic {
    Diagnostic::error(
        "PDF001",
        "",
        format!("packen går inte att foga ihop: {error}"),
        format!("the pack cannot be joined: {error}"),
    )
}

/// The finished file could not be searched for what must not be in it.
pub(super) fn unproven() -> Diagnostic {
    Diagnostic::error(
        "PAC008",
        "",
        "det går inte att visa att allt maskerat är borta: filen tog mer tid eller minne att söka igenom än den får",
        "it cannot be shown that all that is masked is gone: searching the file took more time or memory than it may",
    )
    .help(
        "ingen offentlig fil skrevs; dela packen, eller gör arkivexemplaret i stället för läsexemplaret",
        "no public file was written; divide the pack, or make the archive copy instead of the reading copy",
    )
}

/// The list that is made does not fit its type: a fault of the program.
pub(super) fn unreadable_agenda(error: &ReadError) -> Diagnostic {
    let (sv, en) = (format!("modellen går inte att läsa: {error}"), format!("the model cannot be read: {error}"));
    Diagnostic::error("MOD004", "/arenden", sv, en)
}

/// What is said of a file that opened, but not as it was.
pub(super) fn remarks(losses: &Losses, file: &str, pointer: &str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if losses.damaged {
        out.push(
            Diagnostic::warning(
                "PAC009",
                pointer,
                format!("bilagan {file} är skadad; det som gick att läsa togs in"),
                format!("the bilaga {file} is damaged; what could be read was taken in"),
            )
            .help(
                "jämför med originalet, eller spara filen på nytt där den kommer från",
                "compare it with the original, or save the file anew where it comes from",
            ),
        );
    }
    if losses.active() {
        let Losses { scripts, actions, media, .. } = losses;
        out.push(
            Diagnostic::warning(
                "PAC010",
                pointer,
                format!(
                    "bilagan {file} hade aktivt innehåll som togs bort: skript {scripts}, åtgärder {actions}, \
                     film och ljud {media}"
                ),
                format!(
                    "the bilaga {file} had active content that was removed: scripts {scripts}, actions {actions}, \
                     film and sound {media}"
                ),
            )
            .help(
                "inget behöver göras; be avsändaren om en ren fil om innehållet behövs",
                "nothing needs to be done; ask the sender for a clean file if the content is needed",
            ),
        );
    }
    out
}

/// What it says, and what to do about it: code, Swedish, English, remedies.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) sv: String,
    pub(super) en: String,
    pub(super) help_sv: &'static str,
    pub(super) help_en: &'static str,
}

pub(super) fn refusal(refused: &Refused) -> Refusal {
    let (code, sv, en, help_sv, help_en) = match refused {
        Refused::NotPdf => (
            "PAC001",
            "är ingen PDF eller är skadad".to_owned(),
            "is no PDF or is damaged".to_owned(),
            "öppna filen i det program den kommer från och spara den på nytt som PDF",
            "open the file where it comes from and save it anew as PDF",
        ),
        Refused::Empty => (
            "PAC001",
            "har inga sidor".to_owned(),
            "has no pages".to_owned(),
            "kontrollera att det är rätt fil",
            "check that it is the right file",
        ),
        Refused::Password => (
            "PAC002",
            "är låst med lösenord".to_owned(),
            "is locked with a password".to_owned(),
            "skriv lösenordet i \"losenord\" eller spara filen utan lösenord",
            "write the password in \"losenord\" or save the file without one",
        ),
        Refused::Protection => (
            "PAC002",
            "är skyddad på ett sätt som inte går att läsa".to_owned(),
            "is protected in a way that cannot be read".to_owned(),
            "spara filen utan skydd",
            "save the file without protection",
        ),
        Refused::TooManyPages(pages) => (
            "PAC003",
            format!("har {pages} sidor; högst {} tas in", foreign::MAX_PAGES),
            format!("has {pages} pages; at most {} are taken", foreign::MAX_PAGES),
            "dela filen eller ta in den del som behövs",
            "split the file or take in the part that is needed",
        ),
        Refused::PageSize(page) => (
            "PAC003",
            format!("har en sida som är större eller mindre än PDF tillåter (sida {page})"),
            format!("has a page larger or smaller than PDF allows (page {page})"),
            "skriv ut filen på nytt i en vanlig pappersstorlek",
            "print the file anew on a usual paper size",
        ),
        Refused::Writing(reason) => (
            "PAC001",
            format!("går inte att skriva om till arkivformat: {reason}"),
            format!("cannot be written anew to the archive format: {reason}"),
            "spara filen på nytt som PDF, helst som PDF/A",
            "save the file anew as PDF, best as PDF/A",
        ),
        Refused::Limits => (
            "PAC004",
            "tog mer tid eller minne än en bilaga får".to_owned(),
            "took more time or memory than a bilaga may".to_owned(),
            "skriv ut filen till en ny PDF, eller dela den",
            "print the file to a new PDF, or split it",
        ),
    };
    Refusal { code, sv, en, help_sv, help_en }
}

impl Refusal {
    /// As a finding about a file; only a warning when the pack goes on without it.
    pub(super) fn finding(self, file: &str, pointer: &str, goes_on: bool) -> Diagnostic {
        let make = if goes_on { Diagnostic::warning } else { Diagnostic::error };
        let (sv, en) = (format!("bilagan {file} {}", self.sv), format!("the bilaga {file} {}", self.en));
        make(self.code, pointer.to_owned(), sv, en).help(self.help_sv, self.help_en)
    }
}
