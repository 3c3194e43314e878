//! Dokument: free structure for rutiner, planer, ansökningar, blanketter, medborgarförslag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section};
use super::document_kind::{DocumentKind, Words};
use super::help;
use crate::checks::{absent, empty_sections, missing_part};
use crate::diagnostic::Diagnostic;
use crate::profile::Profile;

/// A document of free structure.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dokument {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// What it is called in its upper corner: Rutin, Ansökan, Blankett.
    #[serde(default)]
    #[schemars(title = "Dokumentsort", extend("x-title-en" = "Sort of document"))]
    #[schemars(extend("x-hjalp" = "Det som ska stå i övre hörnet, till exempel Rutin, Ansökan eller Blankett."))]
    pub dokumentsort: Option<String>,
    /// Line under the title.
    #[serde(default)]
    #[schemars(title = "Underrubrik", extend("x-title-en" = "Subtitle"))]
    #[schemars(extend("x-hjalp" = "En rad under titeln, till exempel vad dokumentet gäller."))]
    pub subtitle: Option<Line>,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens", extend("x-title-en" = "Author", "x-hjalp" = help::REFERENS))]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare", extend("x-title-en" = "Recipients", "x-hjalp" = help::MOTTAGARE))]
    pub mottagare: Vec<Line>,
    /// Whether a contents list stands first.
    #[serde(default)]
    #[schemars(title = "Innehållsförteckning", extend("x-title-en" = "Table of contents"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om en innehållsförteckning ska stå först."))]
    pub contents: bool,
    /// What stands before the first heading.
    #[serde(default)]
    #[schemars(title = "Innehåll", extend("x-title-en" = "Content"))]
    #[schemars(extend("x-hjalp" = "Skriv det som ska stå före första rubriken."))]
    pub content: Option<Content>,
    /// The headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt", extend("x-title-en" = "Sections"))]
    #[schemars(extend("x-hjalp" = "Lägg till dokumentets rubriker med det som står under dem."))]
    pub sections: Vec<Section>,
}

impl DocumentKind for Dokument {
    const NAME: &'static str = "dokument";
    const TITLE: Words = Words { sv: "Dokument", en: "Document" };
    const PURPOSE: Words = Words {
        sv: "rutin, plan, ansökan, blankett eller annat med fri struktur",
        en: "routine, plan, application, form or anything else of free structure",
    };

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _: &Profile, found: &mut Vec<Diagnostic>) {
        if absent(&self.content) && self.sections.is_empty() {
            missing_part("sections", "Innehåll", found);
        }
        empty_sections(&self.sections, "/sections", found);
    }
}
