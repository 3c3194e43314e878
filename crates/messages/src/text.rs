//! Texts in every language, and the values that are put into them.

use std::collections::BTreeMap;
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
        self.iter().try_for_each(|(lang, text)| map.serialize_entry(&format!("{name}_{}", lang.tag()), text))
    }
}

impl Localize for Texts {
    fn write(&self, lang: Lang, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get(lang))
    }
}

impl<'de> Deserialize<'de> for Texts {
    /// A language that was not there when it was written reads as the default language.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = BTreeMap::<String, String>::deserialize(deserializer)?;
        let default = Lang::default().tag();
        let words = read.get(default).cloned().ok_or_else(|| de::Error::custom(format!("no text in {default}")))?;
        Ok(Self::each(|lang| read.remove(lang.tag()).unwrap_or_else(|| words.clone())))
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(lang, text)| (lang.tag(), text)))
    }
}
