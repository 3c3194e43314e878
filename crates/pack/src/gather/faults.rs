//! Findings about the files of a pack.

use sigill_model::messages::{pac009, pac010, refused as texts, refused_remedy as remedy};
use sigill_model::{Code, Diagnostic, Localize, Severity, Texts};

use crate::foreign::{Losses, MAX_PAGES, Refused};

/// What is said of a file that opened, but not as it was.
pub(super) fn remarks(losses: &Losses, file: &str, pointer: &str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if losses.damaged {
        out.push(pac009::Damaged { file: &file }.at(pointer));
    }
    if losses.active() {
        let Losses { scripts, actions, media, .. } = losses;
        out.push(pac010::Active { file: &file, scripts, actions, media }.at(pointer));
    }
    out
}

/// A refused file: what is said of it, and what to do about it.
pub(super) struct RefusedFile {
    code: Code,
    pub(super) reason: Texts,
    pub(super) remedy: Texts,
}

pub(super) fn refusal(refused: &Refused) -> RefusedFile {
    let most = &MAX_PAGES;
    let (code, reason, remedy): (_, &dyn Localize, &dyn Localize) = match refused {
        Refused::NotPdf => (Code::PAC001, &texts::NotPdf, &remedy::NotPdf),
        Refused::Empty => (Code::PAC001, &texts::Empty, &remedy::Empty),
        Refused::Password => (Code::PAC002, &texts::Password, &remedy::Password),
        Refused::Protection => (Code::PAC002, &texts::Protection, &remedy::Protection),
        Refused::TooManyPages(pages) => (Code::PAC003, &texts::ManyPages { pages, most }, &remedy::ManyPages),
        Refused::PageSize(page) => (Code::PAC003, &texts::PageSize { page }, &remedy::PageSize),
        Refused::Writing(reason) => (Code::PAC001, &texts::Writing { reason }, &remedy::Writing),
        Refused::Limits => (Code::PAC004, &texts::Limits, &remedy::Limits),
    };
    RefusedFile { code, reason: Texts::of(reason), remedy: Texts::of(remedy) }
}

impl RefusedFile {
    /// As a finding about a file; only a warning when the pack goes on without it.
    pub(super) fn finding(self, file: &str, pointer: &str, goes_on: bool) -> Diagnostic {
        let severity = if goes_on { Severity::Warning } else { Severity::Error };
        let text = Texts::of(&texts::Bilaga { file: &file, reason: &self.reason });
        Diagnostic::new(self.code, severity, pointer, text, self.remedy)
    }
}
