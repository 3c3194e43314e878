//! What a kind's manifest declares of it: its rank in a pack, and simple rules.

use serde_json::Value;

use super::common::{Common, Date, Text};
use super::rank::Rank;
use crate::checks;
use crate::diagnostic::Diagnostic;
use crate::json::{Node, NodeValue};
use crate::messages::{dat003, sig003};
use crate::schema::KindSchema;

/// What a manifest declares.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// Place among the documents of an item; otherwise that of the built-in kind, or of reports.
    pub rank: Option<Rank>,
    /// Rules beside those of a built-in kind.
    pub rules: Vec<Rule>,
}

impl Declared {
    /// Checks a model that has passed its schema.
    pub(crate) fn check(&self, root: &Node, common: &Common, found: &mut Vec<Diagnostic>) {
        for rule in &self.rules {
            rule.check(root, common, found);
        }
    }
}

/// A rule that a manifest may declare.
#[derive(Debug, Clone)]
pub enum Rule {
    /// The document has a diarienummer (DNR002).
    Dnr,
    /// Somebody signs the document (SIG003).
    Signature,
    /// A part is there and not empty (DEL001).
    Required(Field),
    /// Points of a decision: there are some, and each stands alone (DEL001, BES001, BES002).
    Decision(Field),
    /// One date is not before another (DAT003).
    DatesInOrder {
        /// The earlier.
        first: Field,
        /// The later.
        last: Field,
    },
}

impl Rule {
    fn check(&self, root: &Node, common: &Common, found: &mut Vec<Diagnostic>) {
        match self {
            Self::Dnr => checks::require_dnr(common, found),
            Self::Signature => {
                if common.signaturer.is_empty() {
                    found.push(sig003::NoSignature.at("/signaturer"));
                }
            }
            Self::Required(field) => {
                if field.value(root).is_none_or(is_empty) {
                    checks::missing_part(&field.path, &field.title, found);
                }
            }
            Self::Decision(field) => {
                let points: Vec<Text> = field.value(root).map_or(&[][..], Node::items).iter().map(text).collect();
                checks::decision_points(&points, &field.path, found);
            }
            Self::DatesInOrder { first, last } => {
                // A date that is no date has a finding of its own, which stops the document.
                let (Some(from), Some(to)) = (first.date(root), last.date(root)) else { return };
                if from > to {
                    let wrong = dat003::WrongOrder {
                        last: &last.title,
                        last_field: &last.path,
                        to: &to,
                        first: &first.title,
                        first_field: &first.path,
                        from: &from,
                    };
                    found.push(wrong.at(format!("/{}", last.path)));
                }
            }
        }
    }
}

/// What a rule can ask of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldShape {
    /// A date.
    Date,
    /// A list of texts.
    Texts,
    /// Anything else.
    Other,
}

/// A field of a model that a rule is about, found in the kind's schema.
#[derive(Debug, Clone)]
pub struct Field {
    path: String,
    title: String,
    shape: FieldShape,
}

impl Field {
    /// The field at a path: names with `/` between them, `projekttid/to`. When a name is not in the schema, the error is
    /// that name and those there are in its place.
    ///
    /// # Errors
    /// When the schema has no such field.
    pub fn find(schema: &KindSchema, path: &str) -> Result<Self, UnknownField> {
        let (mut at, mut title) = (schema.root(), path);
        for name in path.split('/') {
            let properties = schema.resolve(at).schema.get("properties").and_then(Value::as_object);
            at = properties.and_then(|p| p.get(name)).ok_or_else(|| UnknownField {
                name: name.to_owned(),
                known: properties.into_iter().flatten().map(|(known, _)| known.clone()).collect(),
            })?;
            let own = at.get("title").or_else(|| schema.resolve(at).schema.get("title"));
            title = own.and_then(Value::as_str).unwrap_or(name);
        }
        let resolved = schema.resolve(at).schema;
        let says = |of: &Value, key: &str, word: &str| of.get(key).and_then(Value::as_str) == Some(word);
        let shape = if says(resolved, "type", "string") && says(resolved, "format", "date") {
            FieldShape::Date
        } else if says(resolved, "type", "array")
            && resolved.get("items").is_some_and(|items| says(schema.resolve(items).schema, "type", "string"))
        {
            FieldShape::Texts
        } else {
            FieldShape::Other
        };
        Ok(Self { path: path.to_owned(), title: title.to_owned(), shape })
    }

    /// What its values are.
    pub fn shape(&self) -> FieldShape {
        self.shape
    }

    fn value<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        self.path.split('/').try_fold(root, |node, name| node.get(name))
    }

    fn date(&self, root: &Node) -> Option<chrono::NaiveDate> {
        Date(self.value(root)?.as_str()?.to_owned()).get()
    }
}

/// A name that is no field of the schema.
#[derive(Debug, Clone)]
pub struct UnknownField {
    /// The name.
    pub name: String,
    /// The fields there are in its place.
    pub known: Vec<String>,
}

fn text(point: &Node) -> Text {
    Text(point.as_str().unwrap_or_default().to_owned())
}

/// Whether nothing is written: no text, or a list of nothing else.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        NodeValue::Null => true,
        NodeValue::String(text) => text.trim().is_empty(),
        NodeValue::Array(items) => items.iter().all(is_empty),
        NodeValue::Object(members) => members.is_empty(),
        NodeValue::Bool(_) | NodeValue::Number(_) => false,
    }
}
