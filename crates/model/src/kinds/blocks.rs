//! Content and the blocks it is made of: pictures, charts, forms, facts.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::values::{Line, Text};
use crate::schema::tag::tagged;
use crate::table::Table;

/// Running text, or a list of texts and blocks (tables, images, charts, forms).
///
/// What the rules of the kinds ask of it is only whether anything stands there; texts and blocks are resolved where they
/// stand in the tree ([`mod@crate::prepare`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Content {
    written: bool,
}

impl Content {
    /// Whether nothing is written here.
    pub fn is_empty(&self) -> bool {
        !self.written
    }
}

/// Types write themselves for the sake of the defaults in their schemas alone, which have no content in them.
impl Serialize for Content {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of texts and blocks")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Content, E> {
        Ok(Content { written: !text.trim().is_empty() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Content, A::Error> {
        let mut content = Content::default();
        while let Some(part) = parts.next_element::<Part>()? {
            content.written |= part.0;
        }
        Ok(content)
    }
}

/// Whether anything is written in one part of content.
struct Part(bool);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(PartVisitor)
    }
}

struct PartVisitor;

impl<'de> Visitor<'de> for PartVisitor {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a block")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Part, E> {
        Ok(Part(!text.trim().is_empty()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut block: A) -> Result<Part, A::Error> {
        while block.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(Part(true))
    }
}

impl JsonSchema for Content {
    fn schema_name() -> Cow<'static, str> {
        "Content".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Text>();
        let item = generator.subschema_for::<ContentItem>();
        json_schema!({
            "title": "Innehåll",
            "x-title-en": "Content",
            "description": "A text, or a list of texts, tables, pictures, charts, forms and facts",
            "x-hjalp": "En text, eller en lista med texter, tabeller, bilder, diagram, formulär och uppgifter.",
            "anyOf": [text, {"type": "array", "items": item}]
        })
    }
}

/// One part of content.
pub struct ContentItem;

impl JsonSchema for ContentItem {
    fn schema_name() -> Cow<'static, str> {
        "ContentItem".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = [
            generator.subschema_for::<Text>(),
            generator.subschema_for::<Table>(),
            generator.subschema_for::<Image>(),
            generator.subschema_for::<Chart>(),
            generator.subschema_for::<Form>(),
            generator.subschema_for::<Facts>(),
        ];
        json_schema!({
            "title": "Del",
            "x-title-en": "Part",
            "description": "One part of content",
            "x-hjalp": "Välj vad som ska stå här: text, tabell, bild, diagram, formulär eller uppgifter.",
            "anyOf": parts
        })
    }
}

/// A picture: PNG, JPEG or SVG in the report's folder.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Bild", transform = tagged("image"), extend("x-title-en" = "Picture"))]
#[schemars(extend("x-hjalp" = "En bild i PNG, JPEG eller SVG."))]
pub struct Image {
    /// File, relative to the report's folder.
    #[schemars(title = "Fil", length(min = 1, max = 300), extend("x-title-en" = "File"))]
    #[schemars(extend("x-hjalp" = "Bildens filnamn i rapportens mapp, till exempel karta.png."))]
    pub file: String,
    /// What the picture shows, for those who do not see it. Required by PDF/UA-1 clause 7.3.
    #[serde(default)]
    #[schemars(title = "Alternativtext", extend("x-title-en" = "Text alternative"))]
    #[schemars(extend(
        "x-hjalp" = "Beskriv vad bilden visar för den som inte ser den; DOS-lagen (2018:1937) kräver det."
    ))]
    pub alt: Option<String>,
    /// Text below the picture.
    #[serde(default)]
    #[schemars(title = "Bildtext", extend("x-title-en" = "Caption"))]
    #[schemars(extend("x-hjalp" = "Text som skrivs under bilden, till exempel källa eller fotograf."))]
    pub caption: Option<Line>,
    /// Width in per cent of the text width.
    #[serde(default)]
    #[schemars(title = "Bredd (%)", range(min = 5, max = 100), extend("x-title-en" = "Width (%)"))]
    #[schemars(extend("x-hjalp" = "Hur stor del av textbredden bilden tar, från 5 till 100 procent."))]
    pub width: Option<u32>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Diagramtyp", extend("x-title-en" = "Chart type"))]
pub enum ChartType {
    /// Bars: one group per row, one bar per column (budget, utfall, prognos).
    #[schemars(title = "Stapeldiagram", extend("x-title-en" = "Bars"))]
    #[schemars(extend("x-hjalp" = "En grupp staplar för varje rad och en stapel för varje kolumn."))]
    Bar,
    /// Lines: one per row, running over the columns (years).
    #[schemars(title = "Linjediagram", extend("x-title-en" = "Lines"))]
    #[schemars(extend("x-hjalp" = "En linje för varje rad, som löper över kolumnerna, till exempel åren."))]
    Line,
}

/// A chart drawn from the figures of a table in the same document.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Diagram", transform = tagged("chart"), extend("x-title-en" = "Chart"))]
#[schemars(extend("x-hjalp" = "Ett diagram som ritas ur siffrorna i en tabell i samma dokument."))]
pub struct Chart {
    /// Bars or lines.
    #[schemars(title = "Diagramtyp", extend("x-title-en" = "Chart type"))]
    #[schemars(extend("x-hjalp" = "Staplar jämför belopp och linjer visar en utveckling."))]
    pub chart: ChartType,
    /// Id of the table.
    #[schemars(title = "Tabell", extend("x-title-en" = "Table"))]
    #[schemars(extend("x-hjalp" = "Kortnamnet på den tabell i dokumentet som diagrammet ritas ur."))]
    pub table: String,
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Diagrammets rubrik, till exempel Nettokostnad per år."))]
    pub title: Option<Line>,
    /// Ids of the columns drawn; otherwise all with numbers.
    #[serde(default)]
    #[schemars(title = "Kolumner", extend("x-title-en" = "Columns"))]
    #[schemars(extend("x-hjalp" = "Kortnamn på de kolumner som ska ritas; utelämnas fältet ritas alla med tal."))]
    pub columns: Option<Vec<String>>,
    /// Ids of the rows drawn; otherwise all lines.
    #[serde(default)]
    #[schemars(title = "Rader", extend("x-title-en" = "Rows"))]
    #[schemars(extend("x-hjalp" = "Kortnamn på de rader som ska ritas; utelämnas fältet ritas alla vanliga rader."))]
    pub rows: Option<Vec<String>>,
    /// Text alternative; otherwise the figures are read out.
    #[serde(default)]
    #[schemars(title = "Alternativtext", extend("x-title-en" = "Text alternative"))]
    #[schemars(extend("x-hjalp" = "Beskriv vad diagrammet visar; utelämnas fältet läses siffrorna upp."))]
    pub alt: Option<String>,
}

/// What is to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Fälttyp", extend("x-title-en" = "Field type"))]
pub enum FieldType {
    /// Rules to write on.
    #[default]
    #[schemars(title = "Skrivrader", extend("x-title-en" = "Rules to write on"))]
    Text,
    /// Boxes to tick.
    #[schemars(title = "Kryssrutor", extend("x-title-en" = "Boxes to tick"))]
    Checkbox,
    /// Boxes for a date.
    #[schemars(title = "Datumrutor", extend("x-title-en" = "Boxes for a date"))]
    Date,
}

/// A field of a form on paper.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Fält", extend("x-title-en" = "Field", "x-hjalp" = "Ett fält som fylls i för hand på papper."))]
pub struct FormField {
    /// What to fill in.
    #[schemars(title = "Ledtext", extend("x-title-en" = "Label"))]
    #[schemars(extend("x-hjalp" = "Vad som ska fyllas i, till exempel Namn eller Fastighetsbeteckning."))]
    pub label: Line,
    /// Kind of field.
    #[serde(default, rename = "type")]
    #[schemars(title = "Fälttyp", extend("x-title-en" = "Field type"))]
    #[schemars(extend("x-hjalp" = "Välj om svaret skrivs på rader, kryssas för eller är ett datum."))]
    pub kind: FieldType,
    /// Number of rules to write on.
    #[serde(default)]
    #[schemars(title = "Antal rader", range(min = 1, max = 40), extend("x-title-en" = "Number of rules"))]
    #[schemars(extend("x-hjalp" = "Hur många rader det ska finnas att skriva på, från 1 till 40."))]
    pub lines: Option<u32>,
    /// Choices of a checkbox field.
    #[serde(default)]
    #[schemars(title = "Alternativ", extend("x-title-en" = "Choices"))]
    #[schemars(extend("x-hjalp" = "De svar som går att kryssa för, till exempel Ja och Nej."))]
    pub options: Vec<Line>,
    /// What is already filled in.
    #[serde(default)]
    #[schemars(title = "Ifyllt", extend("x-title-en" = "Filled in"))]
    #[schemars(extend("x-hjalp" = "Det som redan ska stå i fältet när blanketten skrivs ut."))]
    pub value: Option<Text>,
    /// A guide under the label.
    #[serde(default)]
    #[schemars(title = "Hjälptext", extend("x-title-en" = "Help text"))]
    #[schemars(extend("x-hjalp" = "En kort vägledning under ledtexten, till exempel Ange tio siffror."))]
    pub help: Option<Line>,
    /// Whether the field shares its line with the next one of the same sort.
    #[serde(default)]
    #[schemars(title = "Halv bredd", extend("x-title-en" = "Half width"))]
    #[schemars(extend("x-hjalp" = "Kryssa för om fältet ska dela rad med nästa fält som också har halv bredd."))]
    pub half: bool,
}

/// Fields to fill in by hand.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Formulär", transform = tagged("form"), extend("x-title-en" = "Form"))]
#[schemars(extend("x-hjalp" = "Fält att fylla i för hand, till exempel i en blankett eller ansökan."))]
pub struct Form {
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik", extend("x-title-en" = "Heading"))]
    #[schemars(extend("x-hjalp" = "Rubrik över fälten, till exempel Uppgifter om sökanden."))]
    pub title: Option<Line>,
    /// The fields.
    #[schemars(title = "Fält", length(min = 1), extend("x-title-en" = "Fields"))]
    #[schemars(extend("x-hjalp" = "Lägg till ett fält för varje uppgift som ska lämnas."))]
    pub fields: Vec<FormField>,
}

/// A label and what it says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Uppgift", extend("x-title-en" = "Fact"))]
#[schemars(extend("x-hjalp" = "En ledtext och det som gäller, till exempel Gäller från: 2026-01-01."))]
pub struct Fact {
    /// Label.
    #[schemars(title = "Ledtext", extend("x-title-en" = "Label"))]
    #[schemars(extend("x-hjalp" = "Vad uppgiften gäller, till exempel Antagen av."))]
    pub label: Line,
    /// What it says.
    #[schemars(title = "Uppgift", extend("x-title-en" = "Value"))]
    #[schemars(extend("x-hjalp" = "Själva uppgiften, till exempel Kommunfullmäktige."))]
    pub value: Line,
}

/// Labels and values side by side.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Uppgifter", transform = tagged("facts"), extend("x-title-en" = "Facts"))]
#[schemars(extend("x-hjalp" = "Korta uppgifter med ledtext, sida vid sida."))]
pub struct Facts {
    /// The pairs.
    #[schemars(title = "Uppgifter", length(min = 1), extend("x-title-en" = "Facts"))]
    #[schemars(extend("x-hjalp" = "Lägg till en ledtext och en uppgift för varje sak som ska stå."))]
    pub items: Vec<Fact>,
}
