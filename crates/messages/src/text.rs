//! Texts in every language, and the values that are put into them.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::Lang;

/// A value that reads differently in each language, or the same in all: whatever can be displayed.
pub trait Localize {
    /// Writes it in one language.
    ///
    /// # Errors
    /// When the formatter fails.
    fn write(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<T: fmt::Display + ?Sized> Localize for T {
    fn write(&self, _: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }
}

/// A value in one language, ready to display.
#[derive(Clone, Copy)]
pub struct In<'a>(pub Lang, pub &'a dyn Localize);

impl fmt::Display for In<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.write(self.0, f)
    }
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words as they stand.
    Words(&'static str),
    /// The value with this number.
    Value(usize),
}

/// A template in every language, with the same values.
pub type Template = [&'static [Part]; Lang::COUNT];

/// Writes a template in one language.
///
/// # Errors
/// When the formatter fails.
pub fn write(template: &Template, values: &[&dyn Localize], lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in template[lang as usize] {
        match *part {
            Part::Words(words) => f.write_str(words)?,
            Part::Value(number) => values[number].write(lang, f)?,
        }
    }
    Ok(())
}

/// A template with its values.
#[derive(Clone, Copy)]
pub struct Filled<'a>(pub &'a Template, pub &'a [&'a dyn Localize]);

impl Localize for Filled<'_> {
    fn write(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self.0, self.1, lang, f)
    }
}

/// Texts as fields of the object that has them, by the field's name: `named_texts!(message)` is for
/// `#[serde(flatten, with = "message")]`, which reads and writes `message_sv` and the like for each language.
#[macro_export]
macro_rules! named_texts {
    ($($name:ident)*) => {$(
        mod $name {
            use serde::ser::SerializeMap as _;

            pub(super) fn serialize<S: serde::Serializer>(texts: &$crate::Texts, to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(None)?;
                texts.serialize_fields(stringify!($name), &mut map)?;
                map.end()
            }

            pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<$crate::Texts, D::Error> {
                $crate::Texts::deserialize_fields(stringify!($name), from)
            }
        }
    )*};
}

/// A finished text in every language. As JSON an object with one field for each: `{"sv": …, "en": …}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Texts([String; Lang::COUNT]);

impl Texts {
    /// A value written out in every language.
    pub fn of(value: &dyn Localize) -> Self {
        Self::each(|lang| In(lang, value).to_string())
    }

    /// What a function gives for each language.
    pub fn each(mut text: impl FnMut(Lang) -> String) -> Self {
        Self(std::array::from_fn(|i| text(Lang::ALL[i])))
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        &self.0[lang as usize]
    }

    /// Every language with its text.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        Lang::ALL.iter().map(|&lang| (lang, self.get(lang)))
    }

    /// All languages in one sentence, for those whose language is not known.
    pub fn joined(&self) -> String {
        self.0.join(" · ")
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// Each text changed by a function.
    #[must_use]
    pub fn map(self, change: impl FnMut(String) -> String) -> Self {
        Self(self.0.map(change))
    }

    /// Writes one field for each language, such as `message_sv`.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize_fields<M: SerializeMap>(&self, name: &str, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(lang, text)| map.serialize_entry(&field(name, lang), text))
    }

    /// Reads the fields that [`Texts::serialize_fields`] writes, among others.
    ///
    /// # Errors
    /// When a language is missing.
    pub fn deserialize_fields<'de, D: Deserializer<'de>>(name: &str, deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextFields(Some(name)))
    }

    /// The texts in the order of [`Lang::ALL`].
    pub fn into_array(self) -> [String; Lang::COUNT] {
        self.0
    }
}

/// A value in all languages, in one sentence.
pub fn joined(value: &dyn Localize) -> String {
    Texts::of(value).joined()
}

impl From<[String; Lang::COUNT]> for Texts {
    /// Of texts in the order of [`Lang::ALL`].
    fn from(texts: [String; Lang::COUNT]) -> Self {
        Self(texts)
    }
}

impl Localize for Texts {
    fn write(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get(lang))
    }
}

/// Name of the field that has the text in one language: `message_sv`.
fn field(name: &str, lang: Lang) -> String {
    format!("{name}_{}", lang.tag())
}

/// Reads a text in every language. Named, they are among the fields of an object; without a name they are all of it.
struct TextFields<'a>(Option<&'a str>);

impl TextFields<'_> {
    fn field(&self, lang: Lang) -> String {
        self.0.map_or_else(|| lang.tag().to_owned(), |name| field(name, lang))
    }
}

impl<'de> de::Visitor<'de> for TextFields<'_> {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = Lang::ALL.iter().map(|lang| self.field(*lang)).collect();
        write!(f, "a text in each of {}", fields.join(", "))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        let mut found: [Option<String>; Lang::COUNT] = Default::default();
        while let Some(key) = map.next_key::<String>()? {
            match (Lang::ALL.iter().find(|lang| self.field(**lang) == key), self.0) {
                (Some(lang), _) => found[*lang as usize] = Some(map.next_value()?),
                (None, Some(_)) => {
                    let de::IgnoredAny = map.next_value()?;
                }
                (None, None) => return Err(de::Error::custom(format!("{key} is no language"))),
            }
        }
        match Lang::ALL.iter().find(|lang| found[**lang as usize].is_none()) {
            Some(lang) => Err(de::Error::custom(format!("missing field `{}`", self.field(*lang)))),
            None => Ok(Texts(found.map(Option::unwrap_or_default))),
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    /// A language too few or too many is an error.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextFields(None))
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(lang, text)| (lang.tag(), text)))
    }
}
