//! Dokument: free structure for rutiner, planer, ansökningar, blanketter, medborgarförslag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section};

/// A document of free structure.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dokument {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// What it is called in its upper corner: Rutin, Ansökan, Blankett.
    #[serde(default)]
    #[schemars(title = "Dokumentsort")]
    pub dokumentsort: Option<String>,
    /// Line under the title.
    #[serde(default)]
    #[schemars(title = "Underrubrik")]
    pub subtitle: Option<Line>,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens")]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare")]
    pub mottagare: Vec<Line>,
    /// Whether a contents list stands first.
    #[serde(default)]
    #[schemars(title = "Innehållsförteckning")]
    pub contents: bool,
    /// What stands before the first heading.
    #[serde(default)]
    #[schemars(title = "Innehåll")]
    pub content: Option<Content>,
    /// The headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt")]
    pub sections: Vec<Section>,
}
