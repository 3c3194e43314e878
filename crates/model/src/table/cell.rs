//! A cell as written in the report.

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::schema::described::described;

/// A cell: `null` is left out (computed where something follows from the rest, otherwise blank), `""` is blank, `"us"`
/// means uppgift saknas, anything else is a text or a number. An object adds a note: `{"value": 12, "note": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text or the digits; `None` when left out.
    pub value: Option<String>,
    /// A remark, marked in the cell and set below the table.
    pub note: Option<String>,
}

impl Cell {
    /// Whether the cell says that the figure is missing.
    pub fn is_missing(&self) -> bool {
        self.value.as_deref().is_some_and(|v| v.trim().eq_ignore_ascii_case("us"))
    }

    /// Whether the cell is left empty on purpose.
    pub fn is_blank(&self) -> bool {
        self.value.as_deref().is_some_and(|v| v.trim().is_empty())
    }
}

described!(Cell, {
    "title": "Cell",
    "x-title-en": "Cell",
    "description": "null: computed or left blank; \"\": blank; \"us\": uppgift saknas; otherwise a text or a number",
    "x-hjalp": "Skriv en text eller ett tal, eller us för uppgift saknas; en cell som utelämnas räknas ut när det går.",
    "anyOf": [
        {"type": "null"},
        {"type": "number"},
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "value": {
                    "title": "Värde",
                    "x-title-en": "Value",
                    "x-hjalp": "Det som står i cellen: en text eller ett tal.",
                    "type": ["null", "number", "string"]
                },
                "note": {
                    "title": "Anmärkning",
                    "x-title-en": "Remark",
                    "x-hjalp": "En förklaring som sätts ut under tabellen.",
                    "type": "string",
                    "minLength": 1
                }
            },
            "required": ["note"],
            "additionalProperties": false
        }
    ]
});

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.note {
            None => self.value.serialize(s),
            Some(note) => {
                let mut map = s.serialize_map(Some(2))?;
                map.serialize_entry("value", &self.value)?;
                map.serialize_entry("note", note)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a cell: null, number, string or {value, note}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::default())
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Cell, E> {
        Ok(Cell { value: Some(v.to_string()), note: None })
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Cell, E> {
        Ok(Cell { value: Some(v.to_string()), note: None })
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Cell, E> {
        Ok(Cell { value: Some(v.to_string()), note: None })
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Cell, E> {
        Ok(Cell { value: Some(v.to_owned()), note: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let mut cell = Cell::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "value" => cell.value = map.next_value::<Cell>()?.value,
                "note" => cell.note = map.next_value()?,
                _ => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        Ok(cell)
    }
}
