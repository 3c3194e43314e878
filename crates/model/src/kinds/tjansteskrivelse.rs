//! Tjänsteskrivelse (tjänsteutlåtande).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section, Text};

/// The förvaltning's basis for a decision.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tjansteskrivelse {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens")]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare")]
    pub mottagare: Vec<Line>,
    /// The proposed decision, one action per point; each is copied into the minutes.
    #[serde(default)]
    #[schemars(title = "Förslag till beslut")]
    pub forslag_till_beslut: Vec<Text>,
    /// Summary.
    #[serde(default)]
    #[schemars(title = "Sammanfattning")]
    pub sammanfattning: Option<Content>,
    /// The matter itself.
    #[serde(default)]
    #[schemars(title = "Ärendet")]
    pub arendet: Option<Content>,
    /// How it was prepared.
    #[serde(default)]
    #[schemars(title = "Beredning")]
    pub beredning: Option<Content>,
    /// Statement.
    #[serde(default)]
    #[schemars(title = "Yttrande")]
    pub yttrande: Option<Content>,
    /// Assessment.
    #[serde(default)]
    #[schemars(title = "Bedömning")]
    pub bedomning: Option<Content>,
    /// What it costs.
    #[serde(default)]
    #[schemars(title = "Ekonomiska konsekvenser")]
    pub ekonomiska_konsekvenser: Option<Content>,
    /// What it means for children. Barnkonventionen (2018:1197).
    #[serde(default)]
    #[schemars(title = "Barnperspektiv")]
    pub barnperspektiv: Option<Content>,
    /// What it means for women and men.
    #[serde(default)]
    #[schemars(title = "Jämställdhet")]
    pub jamstalldhet: Option<Content>,
    /// Further headings, after the matter.
    #[serde(default)]
    #[schemars(title = "Avsnitt")]
    pub sections: Vec<Section>,
    /// Who gets the decision.
    #[serde(default)]
    #[schemars(title = "Beslutet skickas till")]
    pub beslutet_skickas_till: Vec<Line>,
}
