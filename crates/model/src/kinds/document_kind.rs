//! What a built-in kind is: one trait, which its file implements.

use std::any::Any;
use std::fmt;

use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::common::Common;
use super::rank::Rank;
use crate::diagnostic::Diagnostic;
use crate::json::{Node, ReadError};
use crate::profile::Profile;
use crate::schema;

/// Words in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// In Swedish.
    pub sv: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A built-in kind, implemented by the type of its models; its schema follows from that type.
pub trait DocumentKind: DeserializeOwned + JsonSchema + fmt::Debug + Send + Sync + 'static {
    /// Name in models, and of the folder of its layout.
    const NAME: &'static str;
    /// What people call it.
    const TITLE: Words;
    /// What it is for, as words of a list.
    const PURPOSE: Words;
    /// Its place among the documents of an item.
    const RANK: Rank = Rank::REPORT;

    /// What every kind carries.
    fn common(&self) -> &Common;

    /// Its own rules, beside those that all kinds share.
    fn check(&self, profile: &Profile, found: &mut Vec<Diagnostic>);

    /// What it says of its item, against the agenda that it goes out with.
    fn check_item(&self, _: &ListedItem<'_>, _: &mut Vec<Diagnostic>) {}
}

/// An item as the agenda of a meeting lists it.
#[derive(Debug, Clone)]
pub struct ListedItem<'a> {
    /// The body that meets.
    pub organ: &'a str,
    /// Day of the meeting, as the kallelse has it.
    pub day: &'a str,
    /// Number of the item.
    pub number: u64,
    /// Its diarienummer, the first and the others.
    pub dnr: Vec<&'a str>,
}

/// A model of any kind.
pub(super) trait Model: Any + fmt::Debug + Send + Sync {
    fn common(&self) -> &Common;
    fn check(&self, profile: &Profile, found: &mut Vec<Diagnostic>);
    fn check_item(&self, item: &ListedItem<'_>, found: &mut Vec<Diagnostic>);
}

impl<K: DocumentKind> Model for K {
    fn common(&self) -> &Common {
        DocumentKind::common(self)
    }

    fn check(&self, profile: &Profile, found: &mut Vec<Diagnostic>) {
        DocumentKind::check(self, profile, found);
    }

    fn check_item(&self, item: &ListedItem<'_>, found: &mut Vec<Diagnostic>) {
        DocumentKind::check_item(self, item, found);
    }
}

/// The entry of a built-in kind in the list of kinds.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInKind {
    /// Name in the model.
    pub name: &'static str,
    /// Swedish name.
    pub title: &'static str,
    /// English name.
    pub title_en: &'static str,
    /// What it is for, in Swedish.
    pub purpose: &'static str,
    /// What it is for, in English.
    pub purpose_en: &'static str,
    /// Its place among the documents of an item.
    pub rank: Rank,
    schema: fn() -> Schema,
    pub(super) read: fn(&Node) -> Result<Box<dyn Model>, ReadError>,
}

impl BuiltInKind {
    /// The entry of a kind.
    pub(super) const fn of<K: DocumentKind>() -> Self {
        Self {
            name: K::NAME,
            title: K::TITLE.sv,
            title_en: K::TITLE.en,
            purpose: K::PURPOSE.sv,
            purpose_en: K::PURPOSE.en,
            rank: K::RANK,
            schema: schema::of::<K>,
            read: read::<K>,
        }
    }

    /// JSON Schema of its model.
    pub fn schema(&self) -> Value {
        let mut value = schema::finish((self.schema)());
        if let Some(properties) = value.get_mut("properties").and_then(Value::as_object_mut) {
            let fixed = json!({"title": "Dokumenttyp", "x-title-en": "Kind of document", "const": self.name});
            properties.insert("kind".into(), fixed);
        }
        if let Some(object) = value.as_object_mut() {
            object.insert("title".into(), self.title.into());
            object.insert("x-title-en".into(), self.title_en.into());
            object.insert("description".into(), sentence(self.purpose_en).into());
            object.insert("x-hjalp".into(), sentence(self.purpose).into());
            object.insert("$id".into(), format!("sigill:kind/{}", self.name).into());
        }
        value
    }
}

fn read<K: DocumentKind>(root: &Node) -> Result<Box<dyn Model>, ReadError> {
    let model: K = root.read()?;
    Ok(Box::new(model))
}

/// Words of a list as a sentence of their own.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}
