//! What several kinds share: texts, dates, content blocks, signatures.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::table::Table;

/// Running text: a CommonMark subset with footnotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(pub String);

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Text",
            "description": "Löpande text: stycken, *betoning*, **stark**, listor, [länk](https://…), fotnot[^1], > citat",
            "type": "string"
        })
    }
}

/// A paragraph of offentlighets- och sekretesslagen (2009:400): `26 kap. 1 §`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lagrum(pub String);

impl JsonSchema for Lagrum {
    fn schema_name() -> Cow<'static, str> {
        "Lagrum".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "Lagrum i OSL",
            "description": "26 kap. 1 §",
            "type": "string",
            "maxLength": 60
        })
    }
}

/// One line of text: a title or a label; emphasis and links, no paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line(pub String);

impl JsonSchema for Line {
    fn schema_name() -> Cow<'static, str> {
        "Line".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"title": "Rad text", "type": "string", "maxLength": 1000})
    }
}

/// A date, ISO 8601: `2013-05-28`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date(pub String);

impl Date {
    /// The date, when it is one.
    pub fn get(&self) -> Option<chrono::NaiveDate> {
        self.0.parse().ok()
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"title": "Datum", "description": "ÅÅÅÅ-MM-DD", "type": "string", "format": "date"})
    }
}

/// A time of day: `19:00` or `19.00`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time(pub String);

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"title": "Klockslag", "description": "19:00", "type": "string", "format": "time"})
    }
}

/// Running text, or a list of texts and blocks (tables, images, charts, forms).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Content(pub Value);

impl Content {
    /// Whether nothing is written here.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Value::String(s) => s.trim().is_empty(),
            Value::Array(items) => items.iter().all(|i| i.as_str().is_some_and(|s| s.trim().is_empty())),
            _ => true,
        }
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
            "description": "En text, eller en lista med texter, tabeller, bilder, diagram och formulär",
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
        json_schema!({"title": "Del", "anyOf": parts})
    }
}

/// Adds the required `type` that tells one block from another.
pub(crate) fn tag(schema: &mut Schema, name: &str) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let mut tagged = serde_json::Map::new();
        tagged.insert("type".into(), json!({"title": "Sort", "const": name}));
        tagged.append(properties);
        *properties = tagged;
    }
    let mut required = vec![Value::from("type")];
    if let Some(Value::Array(rest)) = schema.get("required") {
        required.extend(rest.iter().cloned());
    }
    schema.insert("required".into(), Value::Array(required));
}

fn tag_image(schema: &mut Schema) {
    tag(schema, "image");
}
fn tag_chart(schema: &mut Schema) {
    tag(schema, "chart");
}
fn tag_form(schema: &mut Schema) {
    tag(schema, "form");
}
fn tag_facts(schema: &mut Schema) {
    tag(schema, "facts");
}

/// A picture: PNG, JPEG or SVG in the report's folder.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Bild", transform = tag_image)]
pub struct Image {
    /// File, relative to the report's folder.
    #[schemars(title = "Fil", length(min = 1, max = 300))]
    pub file: String,
    /// What the picture shows, for those who do not see it. Required by PDF/UA-1 clause 7.3.
    #[serde(default)]
    #[schemars(title = "Alternativtext")]
    pub alt: Option<String>,
    /// Text below the picture.
    #[serde(default)]
    #[schemars(title = "Bildtext")]
    pub caption: Option<Line>,
    /// Width in per cent of the text width.
    #[serde(default)]
    #[schemars(title = "Bredd (%)", range(min = 5, max = 100))]
    pub width: Option<u32>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Diagramtyp")]
pub enum ChartType {
    /// Bars: one group per row, one bar per column (budget, utfall, prognos).
    Bar,
    /// Lines: one per row, running over the columns (years).
    Line,
}

/// A chart drawn from the figures of a table in the same document.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Diagram", transform = tag_chart)]
pub struct Chart {
    /// Bars or lines.
    #[schemars(title = "Diagramtyp")]
    pub chart: ChartType,
    /// Id of the table.
    #[schemars(title = "Tabell")]
    pub table: String,
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: Option<Line>,
    /// Ids of the columns drawn; otherwise all with numbers.
    #[serde(default)]
    #[schemars(title = "Kolumner")]
    pub columns: Option<Vec<String>>,
    /// Ids of the rows drawn; otherwise all lines.
    #[serde(default)]
    #[schemars(title = "Rader")]
    pub rows: Option<Vec<String>>,
    /// Text alternative; otherwise the figures are read out.
    #[serde(default)]
    #[schemars(title = "Alternativtext")]
    pub alt: Option<String>,
}

/// What is to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Fälttyp")]
pub enum FieldType {
    /// Rules to write on.
    #[default]
    Text,
    /// Boxes to tick.
    Checkbox,
    /// Boxes for a date.
    Date,
}

/// A field of a form on paper.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Fält")]
pub struct FormField {
    /// What to fill in.
    #[schemars(title = "Ledtext")]
    pub label: Line,
    /// Kind of field.
    #[serde(default, rename = "type")]
    #[schemars(title = "Fälttyp")]
    pub kind: FieldType,
    /// Number of rules to write on.
    #[serde(default)]
    #[schemars(title = "Antal rader", range(min = 1, max = 40))]
    pub lines: Option<u32>,
    /// Choices of a checkbox field.
    #[serde(default)]
    #[schemars(title = "Alternativ")]
    pub options: Vec<Line>,
    /// What is already filled in.
    #[serde(default)]
    #[schemars(title = "Ifyllt")]
    pub value: Option<Text>,
    /// A guide under the label.
    #[serde(default)]
    #[schemars(title = "Hjälptext")]
    pub help: Option<Line>,
    /// Whether the field shares its line with the next one of the same sort.
    #[serde(default)]
    #[schemars(title = "Halv bredd")]
    pub half: bool,
}

/// Fields to fill in by hand.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Formulär", transform = tag_form)]
pub struct Form {
    /// Heading.
    #[serde(default)]
    #[schemars(title = "Rubrik")]
    pub title: Option<Line>,
    /// The fields.
    #[schemars(title = "Fält", length(min = 1))]
    pub fields: Vec<FormField>,
}

/// A label and what it says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Uppgift")]
pub struct Fact {
    /// Label.
    #[schemars(title = "Ledtext")]
    pub label: Line,
    /// What it says.
    #[schemars(title = "Uppgift")]
    pub value: Line,
}

/// Labels and values side by side.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Uppgifter", transform = tag_facts)]
pub struct Facts {
    /// The pairs.
    #[schemars(title = "Uppgifter", length(min = 1))]
    pub items: Vec<Fact>,
}

/// A heading with what stands under it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Avsnitt")]
pub struct Section {
    /// Heading.
    #[schemars(title = "Rubrik", extend("minLength" = 1))]
    pub title: Line,
    /// What stands under it.
    #[serde(default)]
    #[schemars(title = "Innehåll")]
    pub content: Option<Content>,
    /// Headings below this one.
    #[serde(default)]
    #[schemars(title = "Underavsnitt")]
    pub sections: Vec<Section>,
    /// Whether the section starts on a new page.
    #[serde(default)]
    #[schemars(title = "Ny sida")]
    pub new_page: bool,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)")]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter")]
    pub personuppgift: bool,
}

/// How a signature is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "Underskriftssätt")]
pub enum SignatureMethod {
    /// By hand on paper, on a rule.
    #[default]
    Ink,
    /// Electronically, in a box that signing fills.
    Digital,
}

/// A place to sign.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Underskrift")]
pub struct Signature {
    /// Name of the signature field; otherwise `underskrift-1`, `underskrift-2` …
    #[serde(default)]
    #[schemars(title = "Fältnamn", regex(pattern = r"^[a-z0-9-]+$"))]
    pub id: Option<String>,
    /// Name of the person.
    #[serde(default)]
    #[schemars(title = "Namn")]
    pub name: Option<Line>,
    /// Title: Förvaltningschef.
    #[serde(default)]
    #[schemars(title = "Titel")]
    pub title: Option<Line>,
    /// Role in the document: Ordförande, Justerare.
    #[serde(default)]
    #[schemars(title = "Roll")]
    pub role: Option<Line>,
    /// Whether a line for place and date stands above.
    #[serde(default)]
    #[schemars(title = "Ort och datum")]
    pub place_date: bool,
    /// By hand or digitally.
    #[serde(default)]
    #[schemars(title = "Underskriftssätt")]
    pub method: SignatureMethod,
}

/// An appendix.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Bilaga")]
pub struct Bilaga {
    /// Its title.
    #[schemars(title = "Rubrik", extend("minLength" = 1))]
    pub title: Line,
    /// Its file, relative to the report's folder; used when the pack is gathered.
    #[serde(default)]
    #[schemars(title = "Fil", length(min = 1, max = 300))]
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

/// Contact details in the footer of the first page; what is left out comes from the profile.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Kontakt")]
pub struct Kontakt {
    /// Direct telephone.
    #[serde(default)]
    #[schemars(title = "Direkttelefon")]
    pub direkt: Option<String>,
    /// Mobile number for text messages.
    #[serde(default)]
    #[schemars(title = "Sms")]
    pub sms: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[schemars(title = "E-post")]
    pub epost: Option<String>,
}

/// What every kind carries.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Common {
    /// The kind of document.
    #[schemars(title = "Dokumenttyp")]
    pub kind: String,
    /// The municipality's profile.
    #[serde(default)]
    #[schemars(title = "Kommun (profil)")]
    pub profile: Option<String>,
    /// Title.
    #[schemars(title = "Rubrik", extend("minLength" = 1))]
    pub title: Line,
    /// Date of the document; PDF/A requires one.
    #[schemars(title = "Datum")]
    pub date: Date,
    /// Diarienummer.
    #[serde(default)]
    #[schemars(title = "Diarienummer")]
    pub dnr: Option<String>,
    /// Further diarienummer that the document refers to.
    #[serde(default)]
    #[schemars(title = "Fler diarienummer")]
    pub andra_dnr: Vec<String>,
    /// Förvaltning that wrote it.
    #[serde(default)]
    #[schemars(title = "Förvaltning")]
    pub forvaltning: Option<String>,
    /// Unit within the förvaltning.
    #[serde(default)]
    #[schemars(title = "Enhet")]
    pub enhet: Option<String>,
    /// Keywords for the PDF's metadata, beside the dnr.
    #[serde(default)]
    #[schemars(title = "Nyckelord")]
    pub keywords: Vec<String>,
    /// Contact details in the footer.
    #[serde(default)]
    #[schemars(title = "Kontakt")]
    pub kontakt: Option<Kontakt>,
    /// Places to sign, in order.
    #[serde(default)]
    #[schemars(title = "Underskrifter")]
    pub signaturer: Vec<Signature>,
    /// Appendices.
    #[serde(default)]
    #[schemars(title = "Bilagor")]
    pub bilagor: Vec<Bilaga>,
    /// The paragraph by which it is secret; it is left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Sekretess (lagrum)")]
    pub sekretess: Option<Lagrum>,
    /// Whether it is personal and left out of the public edition.
    #[serde(default)]
    #[schemars(title = "Personuppgifter")]
    pub personuppgift: bool,
}
