//! Looks, flags and values of fields: what may be seen of a field once it is signed or filled in.

use super::between::Judge;
use super::change::Change;
use crate::messages::forbidden as texts;
use crate::strict::{Dictionary, Field, State, Value};

/// Flags of annotations that keep them from being seen (ISO 32000-1, table 165).
const UNSEEN: i64 = 0b10_0011;
/// The flag of a field that may not be changed (ISO 32000-1, table 221).
const READ_ONLY: i64 = 1;

/// What happened to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happened {
    /// It was signed.
    Signed,
    /// It is one to be filled in.
    FilledIn,
    /// Nothing that gives it a right to change.
    Nothing,
}

impl<'s, 'r> Judge<'s, 'r> {
    /// What happened to the field that an object belongs to, told among the changes.
    pub(super) fn happened(&mut self, object: u32) -> Happened {
        let Some(field) = self.old_fields.get(&object).cloned() else { return Happened::Nothing };
        if matches!(field.kind.as_slice(), b"Tx" | b"Btn" | b"Ch") {
            self.changes.insert(Change::FilledIn(field.name));
            return Happened::FilledIn;
        }
        if field.kind != b"Sig" {
            return Happened::Nothing;
        }
        if field.dictionary.has(b"V") {
            self.refuse(&texts::SignedField { name: &field.name });
            return Happened::Nothing;
        }
        let Some(new) = self.new_fields.get(&field.id.0).cloned() else { return Happened::Nothing };
        match self.signature(&new) {
            Some(change) => {
                self.changes.insert(change);
                Happened::Signed
            }
            None => {
                self.refuse(&texts::Unsigned { name: &field.name });
                Happened::Nothing
            }
        }
    }

    /// The signature or timestamp that a field has got, when it is a new one.
    pub(super) fn signature(&self, field: &Field<'s, 'r>) -> Option<Change> {
        let value = field.value(&self.new)?;
        let fresh = value.id.is_none_or(|id| self.added.contains(&id.0));
        let whole = self.new.array_at(value.dictionary, b"ByteRange").is_some()
            && value.dictionary.get(b"Contents").is_some_and(|c| c.string().is_some());
        // A document timestamp is one by its kind too, and is not seen (ISO 32000-2, 12.8.5).
        let kind = value.dictionary.get(b"SubFilter").and_then(Value::name) == Some(b"ETSI.RFC3161");
        let widgets = field.widgets.iter().filter_map(|w| self.new.get(*w)?.dictionary());
        let seen = widgets.chain([field.dictionary]).any(is_seen);
        (fresh && whole).then(|| {
            if value.dictionary.is_type(b"DocTimeStamp") && kind && !seen {
                Change::Timestamp
            } else {
                Change::Signature(field.name.clone())
            }
        })
    }

    /// A field or widget may get a value and a look, nothing else.
    pub(super) fn field(&mut self, number: u32, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let happened = self.happened(number);
        if happened == Happened::Nothing {
            // A field that was not signed or was so before has been told as such; all else is no field to be filled in.
            return self.old_fields.get(&number).is_some_and(|f| f.kind == b"Sig");
        }
        let filled = happened == Happened::FilledIn;
        before.differing(after).iter().all(|key| match key.as_slice() {
            b"V" if filled => true,
            b"V" => self.old_fields.get(&number).is_some_and(|f| f.id.0 == number),
            b"AP" => {
                let old = before.get(b"AP");
                self.is_new_look(old, after.get(b"AP"), 0)
            }
            b"AS" => filled && after.get(b"AS").is_none_or(|state| state.name().is_some()),
            b"DA" => filled && after.get(b"DA").is_some_and(|text| text.string().is_some()),
            b"Q" => filled && after.get(b"Q").is_some_and(|side| side.integer().is_some()),
            b"F" => stays_unseen(before, after),
            b"Ff" => {
                let flags = |d: &Dictionary<'_>| d.get(b"Ff").and_then(Value::integer).unwrap_or(0);
                flags(after) == flags(before) | READ_ONLY
            }
            b"M" => after.get(b"M").is_some_and(|date| date.string().is_some()),
            b"Type" => !before.has(b"Type") && after.is_type(b"Annot"),
            _ => false,
        })
    }

    /// A dictionary of looks that is an object of its own.
    pub(super) fn looks(&mut self, field: u32, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let keys = before.differing(after);
        self.look(field)
            && keys.iter().all(|key| {
                matches!(key.as_slice(), b"N" | b"R" | b"D") && self.is_new_look(before.get(key), after.get(key), 1)
            })
    }

    /// A look that is written over: nothing but its field shows it.
    pub(super) fn look(&mut self, field: u32) -> bool {
        self.happened(field) != Happened::Nothing
    }

    /// The value of a field that is an object of its own.
    pub(super) fn field_value(&mut self, field: u32, before: &Value<'_>, after: &Value<'_>) -> bool {
        let plain = |v: &Value<'_>| matches!(v, Value::String(_) | Value::Stream(_) | Value::Array(_) | Value::Name(_));
        plain(before) && plain(after) && self.happened(field) == Happened::FilledIn
    }

    /// Looks are new objects, or the field's own, not old ones from elsewhere.
    pub(super) fn is_new_look(
        &self,
        before: Option<&'s Value<'r>>,
        after: Option<&'s Value<'r>>,
        depth: usize,
    ) -> bool {
        match after {
            // A field without a look shows nothing, or what its value gives.
            None => true,
            after if before == after => true,
            Some(Value::Reference(id)) => {
                if !self.added.contains(&id.0) {
                    return false;
                }
                match self.new.get(*id) {
                    // Looks may stand in a new dictionary that refers to old ones.
                    Some(Value::Dictionary(d)) if depth < 3 => {
                        d.iter().all(|(key, look)| self.is_new_look(self.old_look(before, key), Some(look), depth + 1))
                    }
                    Some(Value::Stream(_)) => true,
                    _ => false,
                }
            }
            Some(Value::Dictionary(d)) if depth < 3 => {
                d.iter().all(|(key, look)| self.is_new_look(self.old_look(before, key), Some(look), depth + 1))
            }
            Some(_) => false,
        }
    }

    fn old_look(&self, before: Option<&'s Value<'r>>, key: &[u8]) -> Option<&'s Value<'r>> {
        self.old.resolve(before?)?.dictionary()?.get(key)
    }
}

/// Whether a widget has an area on its page.
fn has_area(widget: &Dictionary<'_>) -> bool {
    match widget.get(b"Rect").and_then(Value::array) {
        Some(sides) => {
            let all: Vec<f64> = sides.iter().filter_map(Value::number).collect();
            // What is not a rectangle may be seen anywhere.
            !matches!(all.as_slice(), [l, b, r, t] if (l - r).abs() < 0.5 || (b - t).abs() < 0.5)
        }
        None => widget.has(b"Rect"),
    }
}

fn flags(widget: &Dictionary<'_>) -> i64 {
    widget.get(b"F").and_then(Value::integer).unwrap_or(0)
}

/// Whether a widget can be seen.
pub(super) fn is_seen(widget: &Dictionary<'_>) -> bool {
    has_area(widget) && flags(widget) & UNSEEN == 0
}

/// Whether a field has an area on a page and is kept from being seen there.
pub(crate) fn is_hidden(state: &State<'_, '_>, field: &Field<'_, '_>) -> bool {
    let widgets = field.widgets.iter().filter_map(|w| state.get(*w)?.dictionary());
    let hidden = |d: &Dictionary<'_>| has_area(d) && flags(d) & UNSEEN != 0;
    hidden(field.dictionary) || widgets.into_iter().any(hidden)
}

/// What was hidden is not shown later.
fn stays_unseen(before: &Dictionary<'_>, after: &Dictionary<'_>) -> bool {
    let flags = |d: &Dictionary<'_>| match d.get(b"F") {
        Some(value) => value.integer(),
        None => Some(0),
    };
    match (flags(before), flags(after)) {
        (Some(before), Some(after)) => before & UNSEEN & !after == 0,
        _ => false,
    }
}
