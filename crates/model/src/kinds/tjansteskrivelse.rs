//! Tjänsteskrivelse (tjänsteutlåtande).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::common::{Common, Content, Line, Section, Text};
use super::document_kind::{DocumentKind, Words};
use super::help;
use super::rank::Rank;
use crate::checks::{absent, decision_points, empty_sections, missing_part, no_lines, require_dnr};
use crate::diagnostic::Diagnostic;
use crate::messages::sig003;
use crate::profile::Profile;

/// The förvaltning's basis for a decision.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tjansteskrivelse {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// Who wrote it.
    #[serde(default)]
    #[schemars(title = "Referens", extend("x-title-en" = "Author", "x-hjalp" = help::REFERENS))]
    pub referens: Vec<Line>,
    /// To whom.
    #[serde(default)]
    #[schemars(title = "Mottagare", extend("x-title-en" = "Recipients", "x-hjalp" = help::MOTTAGARE))]
    pub mottagare: Vec<Line>,
    /// The proposed decision, one action per point; each is copied into the minutes.
    #[serde(default)]
    #[schemars(title = "Förslag till beslut", extend("x-title-en" = "Proposed decision", "x-hjalp" = help::BESLUT))]
    pub forslag_till_beslut: Vec<Text>,
    /// Summary.
    #[serde(default)]
    #[schemars(title = "Sammanfattning", extend("x-title-en" = "Summary", "x-hjalp" = help::SAMMANFATTNING))]
    pub sammanfattning: Option<Content>,
    /// The matter itself.
    #[serde(default)]
    #[schemars(title = "Ärendet", extend("x-title-en" = "The matter", "x-hjalp" = help::ARENDET))]
    pub arendet: Option<Content>,
    /// How it was prepared.
    #[serde(default)]
    #[schemars(title = "Beredning", extend("x-title-en" = "Preparation"))]
    #[schemars(extend("x-hjalp" = "Säg hur ärendet har beretts och vilka som har fått yttra sig."))]
    pub beredning: Option<Content>,
    /// Statement.
    #[serde(default)]
    #[schemars(title = "Yttrande", extend("x-title-en" = "Statement"))]
    #[schemars(extend("x-hjalp" = "Skriv yttrandet, om förvaltningen svarar på en remiss."))]
    pub yttrande: Option<Content>,
    /// Assessment.
    #[serde(default)]
    #[schemars(title = "Bedömning", extend("x-title-en" = "Assessment"))]
    #[schemars(extend("x-hjalp" = "Skriv förvaltningens bedömning och skälen för förslaget."))]
    pub bedomning: Option<Content>,
    /// What it costs.
    #[serde(default)]
    #[schemars(title = "Ekonomiska konsekvenser", extend("x-title-en" = "Financial consequences"))]
    #[schemars(extend("x-hjalp" = "Säg vad förslaget kostar och hur det betalas, eller att det inte kostar något."))]
    pub ekonomiska_konsekvenser: Option<Content>,
    /// What it means for children. Barnkonventionen (2018:1197).
    #[serde(default)]
    #[schemars(title = "Barnperspektiv", extend("x-title-en" = "Children's perspective"))]
    #[schemars(extend(
        "x-hjalp" = "Säg vad förslaget betyder för barn; deras bästa ska prövas enligt barnkonventionen (lag \
            2018:1197)."
    ))]
    pub barnperspektiv: Option<Content>,
    /// What it means for women and men.
    #[serde(default)]
    #[schemars(title = "Jämställdhet", extend("x-title-en" = "Gender equality"))]
    #[schemars(extend("x-hjalp" = "Säg vad förslaget betyder för kvinnor och män, flickor och pojkar."))]
    pub jamstalldhet: Option<Content>,
    /// Further headings, after the matter.
    #[serde(default)]
    #[schemars(title = "Avsnitt", extend("x-title-en" = "Sections"))]
    #[schemars(extend("x-hjalp" = "Lägg till avsnitt med egna rubriker efter ärendet."))]
    pub sections: Vec<Section>,
    /// Who gets the decision.
    #[serde(default)]
    #[schemars(title = "Beslutet skickas till", extend("x-title-en" = "Decision sent to"))]
    #[schemars(extend("x-hjalp" = "Lägg till dem som ska få beslutet, till exempel Kommunstyrelsen."))]
    pub beslutet_skickas_till: Vec<Line>,
}

impl DocumentKind for Tjansteskrivelse {
    const NAME: &'static str = "tjansteskrivelse";
    const TITLE: Words = Words { sv: "Tjänsteskrivelse", en: "Official report" };
    const PURPOSE: Words = Words {
        sv: "förvaltningens beslutsunderlag i ett ärende",
        en: "the administration's basis for a decision in a matter",
    };
    const RANK: Rank = Rank::BASIS;

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _: &Profile, found: &mut Vec<Diagnostic>) {
        decision_points(&self.forslag_till_beslut, "forslag_till_beslut", found);
        require_dnr(&self.common, found);
        if self.common.forvaltning.as_deref().is_none_or(|f| f.trim().is_empty()) {
            missing_part("forvaltning", "Förvaltning", found);
        }
        if no_lines(&self.mottagare) {
            missing_part("mottagare", "Mottagare", found);
        }
        if absent(&self.sammanfattning) {
            missing_part("sammanfattning", "Sammanfattning", found);
        }
        if self.common.signaturer.is_empty() {
            found.push(sig003::Unsigned.at("/signaturer"));
        }
        empty_sections(&self.sections, "/sections", found);
    }
}
