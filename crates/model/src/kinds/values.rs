//! Single values: texts, lines, dates, times, paragraphs of law.

use serde::{Deserialize, Serialize};

use crate::schema::described::described;

/// Running text: a CommonMark subset with footnotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(pub String);

described!(Text, {
    "title": "Text",
    "x-title-en": "Text",
    "description": "Running text: paragraphs, *emphasis*, **strong**, lists, [link](https://…), footnote[^1], > quotation",
    "x-hjalp": "Löpande text: stycken, *betoning*, **stark**, listor, [länk](https://…), fotnot[^1], > citat.",
    "type": "string"
});

/// A paragraph of offentlighets- och sekretesslagen (2009:400): `26 kap. 1 §`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lagrum(pub String);

described!(Lagrum, {
    "title": "Lagrum i OSL",
    "x-title-en": "Paragraph of OSL",
    "description": "A paragraph of offentlighets- och sekretesslagen (2009:400): 26 kap. 1 §",
    "x-hjalp": "Kapitel och paragraf i offentlighets- och sekretesslagen (2009:400), till exempel 26 kap. 1 §.",
    "type": "string",
    "maxLength": 60
});

/// One line of text: a title or a label; emphasis and links, no paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line(pub String);

described!(Line, {
    "title": "Rad text",
    "x-title-en": "Line of text",
    "description": "One line, with *emphasis* and [links](https://…)",
    "x-hjalp": "En rad utan styckebrytning; *betoning* och [länk](https://…) går bra.",
    "type": "string",
    "maxLength": 1000
});

/// A date, ISO 8601: `2013-05-28`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date(pub String);

impl Date {
    /// The date, when it is one.
    pub fn get(&self) -> Option<chrono::NaiveDate> {
        crate::format::parse_date(&self.0)
    }
}

described!(Date, {
    "title": "Datum",
    "x-title-en": "Date",
    "description": "YYYY-MM-DD",
    "x-hjalp": "År, månad och dag, till exempel 2013-05-28.",
    "type": "string",
    "format": "date"
});

/// A time of day: `19:00` or `19.00`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time(pub String);

described!(Time, {
    "title": "Klockslag",
    "x-title-en": "Time of day",
    "description": "19:00",
    "x-hjalp": "Timme och minut, till exempel 19:00.",
    "type": "string",
    "format": "time"
});
