//! Ordförandeförslag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Section, Text};

/// The chair's proposal in one item. `date` is the day of the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Ordforandeforslag {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The body: Socialnämnden.
    #[schemars(title = "Organ", length(min = 1))]
    pub organ: String,
    /// Number of the item on the agenda.
    #[schemars(title = "Ärendenummer", range(min = 1, max = 999))]
    pub arende_nummer: u32,
    /// The decision proposed, one action per point.
    #[serde(default)]
    #[schemars(title = "Beslut")]
    pub beslut: Vec<Text>,
    /// Summary.
    #[serde(default)]
    #[schemars(title = "Sammanfattning")]
    pub sammanfattning: Option<Content>,
    /// The matter itself.
    #[serde(default)]
    #[schemars(title = "Ärendet")]
    pub arendet: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt")]
    pub sections: Vec<Section>,
}
