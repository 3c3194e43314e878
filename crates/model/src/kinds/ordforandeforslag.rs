//! Ordförandeförslag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Section, Text};
use super::document_kind::{DocumentKind, ListedItem, Words};
use super::help;
use super::rank::Rank;
use crate::checks::{absent, decision_points, empty_sections, missing_part};
use crate::diagnostic::Diagnostic;
use crate::messages::{dnr002, pac011};
use crate::profile::Profile;

/// The chair's proposal in one item. `date` is the day of the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Ordforandeforslag {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The body: Socialnämnden.
    #[schemars(title = "Organ", length(min = 1), extend("x-title-en" = "Body", "x-hjalp" = help::ORGAN))]
    pub organ: String,
    /// Number of the item on the agenda.
    #[schemars(title = "Ärendenummer", range(min = 1, max = 999), extend("x-title-en" = "Item number"))]
    #[schemars(extend("x-hjalp" = "Ärendets nummer på föredragningslistan, till exempel 5."))]
    pub arende_nummer: u32,
    /// The decision proposed, one action per point.
    #[serde(default)]
    #[schemars(title = "Beslut", extend("x-title-en" = "Decision", "x-hjalp" = help::BESLUT))]
    pub beslut: Vec<Text>,
    /// Summary.
    #[serde(default)]
    #[schemars(title = "Sammanfattning", extend("x-title-en" = "Summary", "x-hjalp" = help::SAMMANFATTNING))]
    pub sammanfattning: Option<Content>,
    /// The matter itself.
    #[serde(default)]
    #[schemars(title = "Ärendet", extend("x-title-en" = "The matter", "x-hjalp" = help::ARENDET))]
    pub arendet: Option<Content>,
    /// Further headings.
    #[serde(default)]
    #[schemars(title = "Avsnitt", extend("x-title-en" = "Sections", "x-hjalp" = help::AVSNITT))]
    pub sections: Vec<Section>,
}

impl DocumentKind for Ordforandeforslag {
    const NAME: &'static str = "ordforandeforslag";
    const TITLE: Words = Words { sv: "Ordförandeförslag", en: "Chair's proposal" };
    const PURPOSE: Words = Words {
        sv: "ordförandens förslag till beslut i ett ärende",
        en: "what the chair proposes to decide in a matter",
    };
    const RANK: Rank = Rank::PROPOSAL;

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _: &Profile, found: &mut Vec<Diagnostic>) {
        decision_points(&self.beslut, "beslut", found);
        // Oral information has none.
        if self.common.dnr.is_none() {
            found.push(dnr002::PerhapsMissing.at("/dnr"));
        }
        if absent(&self.sammanfattning) && absent(&self.arendet) {
            missing_part("sammanfattning", "Sammanfattning eller Ärendet", found);
        }
        empty_sections(&self.sections, "/sections", found);
    }

    fn check_item(&self, item: &ListedItem<'_>, found: &mut Vec<Diagnostic>) {
        if u64::from(self.arende_nummer) != item.number {
            let other = pac011::OtherNumber { given: &self.arende_nummer, listed: &item.number };
            found.push(other.at("/arende_nummer"));
        }
        if self.organ.trim() != item.organ.trim() {
            found.push(pac011::OtherBody { given: &self.organ, listed: &item.organ }.at("/organ"));
        }
        if self.common.date.0 != item.day {
            found.push(pac011::OtherDay { given: &self.common.date.0, listed: &item.day }.at("/date"));
        }
        if let (Some(dnr), false) = (&self.common.dnr, item.dnr.is_empty()) {
            let own = self.common.andra_dnr.iter().chain([dnr]);
            if !own.into_iter().any(|dnr| item.dnr.contains(&dnr.as_str())) {
                found.push(pac011::OtherDnr { given: dnr, listed: &item.dnr.join(", ") }.at("/dnr"));
            }
        }
    }
}
