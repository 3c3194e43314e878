//! Kallelse och föredragningslista. KL (2017:725) 5 kap. 13-15 §§.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::common::{Common, Date, Lagrum, Line, Text, Time};
use super::document_kind::{DocumentKind, Words};
use super::help;
use crate::checks::{dnr, missing_part};
use crate::diagnostic::Diagnostic;
use crate::messages::{are001, are002, are003, are004, dat002, dat003, pac007};
use crate::profile::Profile;
use crate::schema::described::described;

/// When and where the body meets.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Sammanträde", extend("x-title-en" = "Meeting", "x-hjalp" = "När och var organet möts."))]
pub struct Sammantrade {
    /// Day.
    #[schemars(title = "Dag", extend("x-title-en" = "Day"))]
    #[schemars(extend("x-hjalp" = "Dagen för sammanträdet, till exempel 2013-05-28."))]
    pub date: Date,
    /// Time.
    #[schemars(title = "Tid", extend("x-title-en" = "Time"))]
    #[schemars(extend("x-hjalp" = "Klockslaget då sammanträdet börjar, till exempel 19:00."))]
    pub tid: Time,
    /// Place.
    #[schemars(title = "Plats", length(min = 1), extend("x-title-en" = "Place"))]
    #[schemars(extend("x-hjalp" = "Lokal och adress, till exempel Kommunalhuset, plan 3, Tumba."))]
    pub plats: Line,
    /// Whether the public may attend.
    #[serde(default)]
    #[schemars(title = "Öppet för allmänheten", extend("x-title-en" = "Open to the public"))]
    #[schemars(extend("x-hjalp" = "Ja om allmänheten får närvara; svaret skrivs ut i kallelsen."))]
    pub oppet: Option<bool>,
}

/// A group's meeting before the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Gruppmöte", extend("x-title-en" = "Group meeting"))]
#[schemars(extend("x-hjalp" = "En partigrupps eget möte före sammanträdet."))]
pub struct Gruppmote {
    /// Which group.
    #[schemars(title = "Grupp", extend("x-title-en" = "Group"))]
    #[schemars(extend("x-hjalp" = "Vilka som möts, till exempel Majoriteten eller Oppositionen."))]
    pub grupp: Line,
    /// Time.
    #[serde(default)]
    #[schemars(title = "Tid", extend("x-title-en" = "Time"))]
    #[schemars(extend("x-hjalp" = "Klockslaget då mötet börjar, till exempel 17:30."))]
    pub tid: Option<Time>,
    /// Place.
    #[serde(default)]
    #[schemars(title = "Plats", extend("x-title-en" = "Place", "x-hjalp" = "Lokalen där gruppen möts."))]
    pub plats: Option<Line>,
}

/// In what capacity someone is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Kallas som", extend("x-title-en" = "Called as"))]
pub enum KalladRoll {
    /// Member.
    #[default]
    #[schemars(title = "Ledamot", extend("x-title-en" = "Member"))]
    Ledamot,
    /// Substitute.
    #[schemars(title = "Ersättare", extend("x-title-en" = "Substitute"))]
    Ersattare,
    /// Other, such as officials.
    #[schemars(title = "Övrig", extend("x-title-en" = "Other"))]
    #[schemars(extend("x-hjalp" = "Till exempel en tjänsteperson eller en inbjuden gäst."))]
    Ovrig,
}

/// Someone called to the meeting.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Kallad", extend("x-title-en" = "Person called", "x-hjalp" = "Någon som kallas till sammanträdet."))]
pub struct Kallad {
    /// Name.
    #[schemars(title = "Namn", extend("x-title-en" = "Name"))]
    #[schemars(extend("x-hjalp" = "För- och efternamn, till exempel Anna Exempelsson."))]
    pub name: Line,
    /// Party letter.
    #[serde(default)]
    #[schemars(title = "Parti", extend("x-title-en" = "Party"))]
    #[schemars(extend("x-hjalp" = "Partiets beteckning, till exempel S eller M."))]
    pub parti: Option<String>,
    /// In what capacity.
    #[serde(default)]
    #[schemars(title = "Kallas som", extend("x-title-en" = "Called as"))]
    #[schemars(extend("x-hjalp" = "Välj om personen kallas som ledamot, ersättare eller på annat sätt."))]
    pub roll: KalladRoll,
    /// Post: ordförande, 1:e vice ordförande.
    #[serde(default)]
    #[schemars(title = "Uppdrag", extend("x-title-en" = "Post"))]
    #[schemars(extend("x-hjalp" = "Uppdraget i organet, till exempel Ordförande eller 1:e vice ordförande."))]
    pub uppdrag: Option<Line>,
}

/// A report model: the name of its file, relative to the kallelse's folder, or the model itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rapport {
    /// The file.
    Fil(String),
    /// The model stands here: it is read where it stands in the tree, with a schema of its own.
    Modell,
}

/// Types write themselves for the sake of the defaults in their schemas alone, which have no report in them.
impl Serialize for Rapport {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fil(file) => s.serialize_str(file),
            Self::Modell => s.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for Rapport {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(RapportVisitor)
    }
}

struct RapportVisitor;

impl<'de> Visitor<'de> for RapportVisitor {
    type Value = Rapport;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a file, or a model")
    }

    fn visit_str<E: de::Error>(self, file: &str) -> Result<Rapport, E> {
        Ok(Rapport::Fil(file.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut model: A) -> Result<Rapport, A::Error> {
        while model.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(Rapport::Modell)
    }
}

described!(Rapport, {
    "title": "Dokument (JSON)",
    "x-title-en": "Document (JSON)",
    "description": "The name of the file, or the document's model itself",
    "x-hjalp": "Filens namn, eller dokumentets modell direkt här.",
    "anyOf": [
        {"title": "Fil", "x-title-en": "File", "type": "string", "minLength": 1, "maxLength": 300},
        {"title": "Modell", "x-title-en": "Model", "type": "object", "additionalProperties": true}
    ]
});

/// A document of an item: one of our own (`dokument`) or a bilaga of others (`file`).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Handling", extend("x-title-en" = "Document"))]
#[schemars(extend("x-hjalp" = "En handling i ärendet: ett eget dokument eller en fil från någon annan."))]
pub struct Handling {
    /// Its title; one of our own has its own title when none is given.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Title"))]
    #[schemars(extend("x-hjalp" = "Handlingens namn; ett eget dokument har annars sin egen rubrik."))]
    pub title: Option<Line>,
    /// Its report model: a file relative to the kallelse's folder, or the model itself.
    #[serde(default)]
    #[schemars(title = "Dokument (JSON)", extend("x-title-en" = "Document (JSON)"))]
    #[schemars(extend(
        "x-hjalp" = "Filnamnet på ett eget dokument i kallelsens mapp, till exempel tjansteskrivelse.json."
    ))]
    pub dokument: Option<Rapport>,
    /// Its file (PDF, PNG, JPEG), relative to the kallelse's folder.
    #[serde(default)]
    #[schemars(title = "Fil (PDF, PNG, JPEG)", length(min = 1, max = 300))]
    #[schemars(extend("x-title-en" = "File (PDF, PNG, JPEG)"))]
    #[schemars(extend("x-hjalp" = "Filens namn i kallelsens mapp, till exempel karta.pdf."))]
    pub file: Option<String>,
    /// The password the file opens with.
    #[serde(default)]
    #[schemars(title = "Lösenord", extend("x-title-en" = "Password", "x-hjalp" = help::LOSENORD))]
    pub losenord: Option<String>,
    /// What its pages show, for pages without text.
    #[serde(default)]
    #[schemars(title = "Alternativtext", extend("x-title-en" = "Text alternative", "x-hjalp" = help::SIDOR_UTAN_TEXT))]
    pub alt: Option<String>,
    /// The day it came in, stamped on its first page.
    #[serde(default)]
    #[schemars(title = "Inkom", extend("x-title-en" = "Received", "x-hjalp" = help::INKOM))]
    pub inkom: Option<Date>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)", extend("x-title-en" = "Secrecy (legal ground)"))]
    #[schemars(extend("x-hjalp" = help::SEKRETESS))]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter", extend("x-title-en" = "Personal data", "x-hjalp" = help::PERSONUPPGIFT))]
    pub personuppgift: bool,
}

/// An item on the agenda.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Ärende", extend("x-title-en" = "Item", "x-hjalp" = "Ett ärende på föredragningslistan."))]
pub struct Arende {
    /// Number; otherwise its place in the list.
    #[serde(default)]
    #[schemars(title = "Nummer", range(min = 1, max = 999), extend("x-title-en" = "Number"))]
    #[schemars(extend("x-hjalp" = "Ärendets nummer på listan; utelämnas det numreras ärendena i följd."))]
    pub nummer: Option<u32>,
    /// Title.
    #[schemars(title = "Rubrik", extend("x-title-en" = "Title"))]
    #[schemars(extend("x-hjalp" = "Säg kort vad ärendet gäller, så att en utomstående förstår det."))]
    pub title: Line,
    /// Diarienummer.
    #[serde(default)]
    #[schemars(title = "Diarienummer", extend("x-title-en" = "Case number"))]
    #[schemars(extend("x-hjalp" = "Ärendets nummer i diariet, till exempel SN/2012:1."))]
    pub dnr: Option<String>,
    /// Further diarienummer.
    #[serde(default)]
    #[schemars(title = "Fler diarienummer", extend("x-title-en" = "Further case numbers"))]
    #[schemars(extend("x-hjalp" = "Nummer på andra ärenden i diariet som hör hit."))]
    pub andra_dnr: Vec<String>,
    /// Who presents it.
    #[serde(default)]
    #[schemars(title = "Föredragande", extend("x-title-en" = "Presented by"))]
    #[schemars(extend("x-hjalp" = "Namnet på den som föredrar ärendet, gärna med titel."))]
    pub foredragande: Option<Line>,
    /// Closed to the public.
    #[serde(default)]
    #[schemars(title = "Slutet", extend("x-title-en" = "Closed"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om ärendet behandlas inom stängda dörrar."))]
    pub slutet: bool,
    /// Presented orally, without documents.
    #[serde(default)]
    #[schemars(title = "Muntligt", extend("x-title-en" = "Oral"))]
    #[schemars(extend(
        "x-hjalp" = "Kryssa för om informationen ges muntligt, utan handlingar; då behövs inget diarienummer."
    ))]
    pub muntlig: bool,
    /// More about it.
    #[serde(default)]
    #[schemars(title = "Text", extend("x-title-en" = "Text"))]
    #[schemars(extend("x-hjalp" = "Skriv det ledamöterna behöver veta utöver rubriken."))]
    pub text: Option<Text>,
    /// Page in the pack where its documents start.
    #[serde(default)]
    #[schemars(title = "Sida", extend("x-title-en" = "Page"))]
    #[schemars(extend(
        "x-hjalp" = "Sidan där ärendets handlingar börjar; den sätts av sig själv när handlingarna samlas till en fil."
    ))]
    pub sida: Option<u32>,
    /// Documents attached.
    #[serde(default)]
    #[schemars(title = "Handlingar", extend("x-title-en" = "Documents"))]
    #[schemars(extend("x-hjalp" = "Lägg till ärendets handlingar i den ordning de ska ligga."))]
    pub handlingar: Vec<Handling>,
    /// Added after the kallelse went out: in which tilläggslista it comes.
    #[serde(default)]
    #[schemars(title = "Tilläggslista nr", range(min = 1, max = 9), extend("x-title-en" = "Supplementary list no."))]
    #[schemars(extend(
        "x-hjalp" = "Fyll i om ärendet kom till efter kallelsen: numret på den tilläggslista det står på."
    ))]
    pub tillagg: Option<u32>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)", extend("x-title-en" = "Secrecy (legal ground)"))]
    #[schemars(extend("x-hjalp" = help::SEKRETESS))]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter", extend("x-title-en" = "Personal data", "x-hjalp" = help::PERSONUPPGIFT))]
    pub personuppgift: bool,
    /// Title in the public edition, when the item itself is left out of it.
    #[serde(default)]
    #[schemars(title = "Offentlig rubrik", extend("x-title-en" = "Public title"))]
    #[schemars(extend("x-hjalp" = "Den rubrik allmänheten får se när ärendet är hemligt, till exempel Individärende."))]
    pub offentlig_rubrik: Option<Line>,
}

/// Whom to tell when one cannot come.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Förhinder", extend("x-title-en" = "Absence", "x-hjalp" = "Vad den som inte kan komma ska göra."))]
pub struct Forhinder {
    /// What to do.
    #[serde(default)]
    #[schemars(title = "Text", extend("x-title-en" = "Text"))]
    #[schemars(extend("x-hjalp" = "Säg vad den som inte kan komma ska göra, till exempel kontakta sin ersättare."))]
    pub text: Option<Text>,
    /// Whom to tell.
    #[serde(default)]
    #[schemars(title = "Kontaktperson", extend("x-title-en" = "Contact person"))]
    #[schemars(extend("x-hjalp" = "Namnet på den som tar emot anmälan om förhinder."))]
    pub kontakt: Option<Line>,
    /// Telephone.
    #[serde(default)]
    #[schemars(title = "Telefon", extend("x-title-en" = "Telephone"))]
    #[schemars(extend("x-hjalp" = "Telefonnumret dit förhinder anmäls, till exempel 08-465 004 01."))]
    pub telefon: Option<String>,
    /// E-mail.
    #[serde(default)]
    #[schemars(title = "E-post", extend("x-title-en" = "E-mail", "x-hjalp" = "E-postadressen dit förhinder anmäls."))]
    pub epost: Option<String>,
    /// At the latest.
    #[serde(default)]
    #[schemars(title = "Senast", extend("x-title-en" = "At the latest"))]
    #[schemars(extend("x-hjalp" = "Sista dagen att anmäla förhinder, till exempel 2013-05-27."))]
    pub senast: Option<Date>,
}

/// Kallelse och föredragningslista. `date` is the day it is sent out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Kallelse {
    /// What every kind carries.
    #[serde(flatten)]
    pub common: Common,
    /// The body called: Socialnämnden.
    #[schemars(title = "Organ", length(min = 1), extend("x-title-en" = "Body", "x-hjalp" = help::ORGAN))]
    pub organ: String,
    /// When and where.
    #[schemars(title = "Sammanträde", extend("x-title-en" = "Meeting", "x-hjalp" = "När och var sammanträdet hålls."))]
    pub sammantrade: Sammantrade,
    /// Days of notice its rules of procedure require, when other than the profile's.
    #[serde(default)]
    #[schemars(title = "Kallelsetid (dagar)", range(max = 60), extend("x-title-en" = "Notice (days)"))]
    #[schemars(extend(
        "x-hjalp" = "Fyll i bara om organets arbetsordning kräver fler eller färre dagar än kommunens profil säger."
    ))]
    pub kallelsetid: Option<u32>,
    /// The groups' own meetings before.
    #[serde(default)]
    #[schemars(title = "Gruppmöten", extend("x-title-en" = "Group meetings"))]
    #[schemars(extend("x-hjalp" = "Lägg till partigruppernas egna möten före sammanträdet."))]
    pub gruppmoten: Vec<Gruppmote>,
    /// Those called.
    #[serde(default)]
    #[schemars(title = "Kallade", extend("x-title-en" = "Persons called"))]
    #[schemars(extend("x-hjalp" = "Lägg till dem som kallas, ledamöter före ersättare."))]
    pub kallade: Vec<Kallad>,
    /// Words before the list of items.
    #[serde(default)]
    #[schemars(title = "Inledning", extend("x-title-en" = "Introduction"))]
    #[schemars(extend("x-hjalp" = "Text som ska stå före ärendelistan."))]
    pub inledning: Option<Text>,
    /// Number of this list, when it is one of items added after the kallelse went out.
    #[serde(default)]
    #[schemars(title = "Tilläggslista nr", range(min = 1, max = 9), extend("x-title-en" = "Supplementary list no."))]
    #[schemars(extend("x-hjalp" = "Fyll i bara om det här är en tilläggslista: dess nummer, från 1."))]
    pub tillaggslista: Option<u32>,
    /// The items, in order.
    #[schemars(title = "Ärenden", extend("x-title-en" = "Items"))]
    #[schemars(extend("x-hjalp" = "Lägg till ärendena i den ordning de ska behandlas; jämför 5 kap. 14 § KL."))]
    pub arenden: Vec<Arende>,
    /// What to do when one cannot come.
    #[serde(default)]
    #[schemars(title = "Förhinder", extend("x-title-en" = "Absence"))]
    #[schemars(extend("x-hjalp" = "Säg vad den som inte kan komma ska göra och vem som ska få veta det."))]
    pub forhinder: Option<Forhinder>,
    /// Name of the chair.
    #[serde(default)]
    #[schemars(title = "Ordförande", extend("x-title-en" = "Chair"))]
    #[schemars(extend("x-hjalp" = "Namnet på ordföranden, som kallar till sammanträdet."))]
    pub ordforande: Option<Line>,
    /// Name of the secretary.
    #[serde(default)]
    #[schemars(title = "Sekreterare", extend("x-title-en" = "Secretary", "x-hjalp" = "Namnet på nämndsekreteraren."))]
    pub sekreterare: Option<Line>,
}

impl DocumentKind for Kallelse {
    const NAME: &'static str = "kallelse";
    const TITLE: Words = Words { sv: "Kallelse och föredragningslista", en: "Notice of meeting and agenda" };
    const PURPOSE: Words =
        Words { sv: "kallar till sammanträde med ärendelista", en: "calls to a meeting, with its list of items" };

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, profile: &Profile, found: &mut Vec<Diagnostic>) {
        notice(self, profile, found);
        if self.arenden.is_empty() {
            missing_part("arenden", "Ärenden", found);
        }
        items(self, profile, found);
        for (field, title, value) in
            [("ordforande", "Ordförande", &self.ordforande), ("sekreterare", "Sekreterare", &self.sekreterare)]
        {
            if value.as_ref().is_none_or(|v| v.0.trim().is_empty()) {
                missing_part(field, title, found);
            }
        }
    }
}

/// KL 5 kap. 15 §: fullmäktige at least a week before; a nämnd as its reglemente says.
fn notice(d: &Kallelse, profile: &Profile, found: &mut Vec<Diagnostic>) {
    let (Some(sent), Some(meeting)) = (d.common.date.get(), d.sammantrade.date.get()) else { return };
    let days = (meeting - sent).num_days();
    if days < 0 {
        let before = dat003::MeetingBeforeSending { meeting: &meeting, sent: &sent };
        found.push(before.at("/sammantrade/date"));
        return;
    }
    let profile_days = profile.notice_days(&d.organ);
    let required = d.kallelsetid.unwrap_or(profile_days);
    if days < i64::from(required) {
        let latest = meeting - chrono::Days::new(u64::from(required));
        let late = dat002::TooLate { days: &days, body: &d.organ, required: &required, latest: &latest };
        found.push(late.at("/date"));
    }
}

fn items(d: &Kallelse, profile: &Profile, found: &mut Vec<Diagnostic>) {
    // A tilläggslista goes on from the list before it.
    let first = d.tillaggslista.and_then(|_| d.arenden.first()?.nummer).unwrap_or(1);
    let mut last = first.saturating_sub(1);
    let mut added = 0;
    for (i, item) in d.arenden.iter().enumerate() {
        let pointer = format!("/arenden/{i}");
        let list = item.tillagg.unwrap_or(0);
        if list < added {
            found.push(are004::AfterLaterList.at(&pointer));
        }
        added = added.max(list);
        if item.title.0.trim().is_empty() {
            found.push(are002::NoTitle.at(format!("{pointer}/title")));
        }
        for (p, paper) in item.handlingar.iter().enumerate() {
            if paper.dokument.is_some() && paper.file.is_some() {
                found.push(pac007::TwoContents.at(format!("{pointer}/handlingar/{p}/file")));
            }
        }
        let number = item.nummer.unwrap_or(last + 1);
        if number != last + 1 {
            let wrong = are001::OutOfSequence { number: &number, expected: &(last + 1) };
            found.push(wrong.at(format!("{pointer}/nummer")));
        }
        last = number;
        if let Some(number) = &item.dnr {
            dnr(number, &format!("{pointer}/dnr"), profile, found);
        }
        for (j, number) in item.andra_dnr.iter().enumerate() {
            dnr(number, &format!("{pointer}/andra_dnr/{j}"), profile, found);
        }
        if item.dnr.is_none() && !item.muntlig {
            found.push(are003::NoDnr { number: &number }.at(&pointer));
        }
    }
}
