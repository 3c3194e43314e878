//! Kallelse och föredragningslista. KL (2017:725) 5 kap. 13-15 §§.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::common::{Common, Date, Lagrum, Line, Text, Time};

/// When and where the body meets.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Sammanträde")]
pub struct Sammantrade {
    /// Day.
    #[schemars(title = "Dag")]
    pub date: Date,
    /// Time.
    #[schemars(title = "Tid")]
    pub tid: Time,
    /// Place.
    #[schemars(title = "Plats", length(min = 1))]
    pub plats: Line,
    /// Whether the public may attend.
    #[serde(default)]
    #[schemars(title = "Öppet för allmänheten")]
    pub oppet: Option<bool>,
}

/// A group's meeting before the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Gruppmöte")]
pub struct Gruppmote {
    /// Which group.
    #[schemars(title = "Grupp")]
    pub grupp: Line,
    /// Time.
    #[serde(default)]
    #[schemars(title = "Tid")]
    pub tid: Option<Time>,
    /// Place.
    #[serde(default)]
    #[schemars(title = "Plats")]
    pub plats: Option<Line>,
}

/// In what capacity someone is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Kallas som")]
pub enum KalladRoll {
    /// Member.
    #[default]
    Ledamot,
    /// Substitute.
    Ersattare,
    /// Other, such as officials.
    Ovrig,
}

/// Someone called to the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Kallad")]
pub struct Kallad {
    /// Name.
    #[schemars(title = "Namn")]
    pub name: Line,
    /// Party letter.
    #[serde(default)]
    #[schemars(title = "Parti")]
    pub parti: Option<String>,
    /// In what capacity.
    #[serde(default)]
    #[schemars(title = "Kallas som")]
    pub roll: KalladRoll,
    /// Post: ordförande, 1:e vice ordförande.
    #[serde(default)]
    #[schemars(title = "Uppdrag")]
    pub uppdrag: Option<Line>,
}

/// A report model: the name of its file, relative to the kallelse's folder, or the model itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rapport(pub Value);

impl JsonSchema for Rapport {
    fn schema_name() -> Cow<'static, str> {
        "Rapport".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Dokument (JSON)",
            "description": "Filens namn, eller dokumentets modell direkt här",
            "anyOf": [
                {"title": "Fil", "type": "string", "minLength": 1, "maxLength": 300},
                {"title": "Modell", "type": "object", "additionalProperties": true}
            ]
        })
    }
}

/// A document of an item: one of our own (`dokument`) or a bilaga of others (`file`).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Handling")]
pub struct Handling {
    /// Its title; one of our own has its own title when none is given.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: Option<Line>,
    /// Its report model: a file relative to the kallelse's folder, or the model itself.
    #[serde(default)]
    #[schemars(title = "Dokument (JSON)")]
    pub dokument: Option<Rapport>,
    /// Its file (PDF, PNG, JPEG), relative to the kallelse's folder.
    #[serde(default)]
    #[schemars(title = "Fil (PDF, PNG, JPEG)", length(min = 1, max = 300))]
    pub file: Option<String>,
    /// The password the file opens with.
    #[serde(default)]
    #[schemars(title = "Lösenord")]
    pub losenord: Option<String>,
    /// What its pages show, for pages without text.
    #[serde(default)]
    #[schemars(title = "Alternativtext")]
    pub alt: Option<String>,
    /// The day it came in, stamped on its first page.
    #[serde(default)]
    #[schemars(title = "Inkom")]
    pub inkom: Option<Date>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)")]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter")]
    pub personuppgift: bool,
}

/// An item on the agenda.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Ärende")]
pub struct Arende {
    /// Number; otherwise its place in the list.
    #[serde(default)]
    #[schemars(title = "Nummer", range(min = 1, max = 999))]
    pub nummer: Option<u32>,
    /// Title.
    #[schemars(title = "Rubrik")]
    pub title: Line,
    /// Diarienummer.
    #[serde(default)]
    #[schemars(title = "Diarienummer")]
    pub dnr: Option<String>,
    /// Further diarienummer.
    #[serde(default)]
    #[schemars(title = "Fler diarienummer")]
    pub andra_dnr: Vec<String>,
    /// Who presents it.
    #[serde(default)]
    #[schemars(title = "Föredragande")]
    pub foredragande: Option<Line>,
    /// Closed to the public.
    #[serde(default)]
    #[schemars(title = "Slutet")]
    pub slutet: bool,
    /// Presented orally, without documents.
    #[serde(default)]
    #[schemars(title = "Muntligt")]
    pub muntlig: bool,
    /// More about it.
    #[serde(default)]
    #[schemars(title = "Text")]
    pub text: Option<Text>,
    /// Page in the pack where its documents start.
    #[serde(default)]
    #[schemars(title = "Sida")]
    pub sida: Option<u32>,
    /// Documents attached.
    #[serde(default)]
    #[schemars(title = "Handlingar")]
    pub handlingar: Vec<Handling>,
    /// Added after the kallelse went out: in which tilläggslista it comes.
    #[serde(default)]
    #[schemars(title = "Tilläggslista nr", range(min = 1, max = 9))]
    pub tillagg: Option<u32>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)")]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter")]
    pub personuppgift: bool,
    /// Title in the public edition, when the item itself is left out of it.
    #[serde(default)]
    #[schemars(title = "Offentlig rubrik")]
    pub offentlig_rubrik: Option<Line>,
}

/// Whom to tell when one cannot come.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Förhinder")]
pub struct Forhinder {
    /// What to do.
    #[serde(default)]
    #[schemars(title = "Text")]
    pub text: Option<Text>,
    /// Whom to tell.
    #[serde(default)]
    #[schemars(title = "Kontaktperson")]
    pub kontakt: Option<Line>,
    /// Telephone.
    #[serde(default)]
    #[schemars(title = "Telefon")]
    pub telefon: Option<String>,
    /// E-mail.
    #[serde(default)]
    #[schemars(title = "E-post")]
    pub epost: Option<String>,
    /// At the latest.
    #[serde(default)]
    #[schemars(title = "Senast")]
    pub senast: Option<Date>,
}

/// Kallelse och föredragningslista. `date` is the day it is sent out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Kallelse {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The body called: Socialnämnden.
    #[schemars(title = "Organ", length(min = 1))]
    pub organ: String,
    /// When and where.
    #[schemars(title = "Sammanträde")]
    pub sammantrade: Sammantrade,
    /// Days of notice its rules of procedure require, when other than the profile's.
    #[serde(default)]
    #[schemars(title = "Kallelsetid (dagar)", range(max = 60))]
    pub kallelsetid: Option<u32>,
    /// The groups' own meetings before.
    #[serde(default)]
    #[schemars(title = "Gruppmöten")]
    pub gruppmoten: Vec<Gruppmote>,
    /// Those called.
    #[serde(default)]
    #[schemars(title = "Kallade")]
    pub kallade: Vec<Kallad>,
    /// Words before the list of items.
    #[serde(default)]
    #[schemars(title = "Inledning")]
    pub inledning: Option<Text>,
    /// Number of this list, when it is one of items added after the kallelse went out.
    #[serde(default)]
    #[schemars(title = "Tilläggslista nr", range(min = 1, max = 9))]
    pub tillaggslista: Option<u32>,
    /// The items, in order.
    #[schemars(title = "Ärenden")]
    pub arenden: Vec<Arende>,
    /// What to do when one cannot come.
    #[serde(default)]
    #[schemars(title = "Förhinder")]
    pub forhinder: Option<Forhinder>,
    /// Name of the chair.
    #[serde(default)]
    #[schemars(title = "Ordförande")]
    pub ordforande: Option<Line>,
    /// Name of the secretary.
    #[serde(default)]
    #[schemars(title = "Sekreterare")]
    pub sekreterare: Option<Line>,
}
