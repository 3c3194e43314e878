//! The form: new signature fields, their widgets, and what fields draw with.

use std::collections::BTreeSet;

use super::between::Judge;
use super::change::Change;
use super::looks::is_seen;
use crate::messages::forbidden as texts;
use crate::strict::{Dictionary, Field, Value};

/// Keys of a new signature field or its widget. None of them acts or draws elsewhere.
const FIELD_KEYS: [&[u8]; 27] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"F",
    b"Ff",
    b"Rect",
    b"P",
    b"V",
    b"AP",
    b"AS",
    b"Lock",
    b"SV",
    b"DA",
    b"DR",
    b"MK",
    b"BS",
    b"Border",
    b"StructParent",
    b"Kids",
    b"Parent",
    b"M",
    b"NM",
    b"H",
    b"Q",
];

/// How deep resources are compared.
const DEPTH: usize = 6;

impl<'s, 'r> Judge<'s, 'r> {
    /// A form where there was none.
    pub(super) fn new_form(&mut self, after: &'s Dictionary<'r>) -> bool {
        let known = |key: &[u8]| matches!(key, b"Fields" | b"SigFlags" | b"DR" | b"DA" | b"Q");
        after.iter().all(|(key, _)| known(key)) && self.more_fields(None, self.new.at(after, b"Fields"))
    }

    pub(super) fn form(&mut self, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let mut allowed = true;
        for key in before.differing(after) {
            allowed &= match key.as_slice() {
                b"SigFlags" => after.get(b"SigFlags").is_some_and(|f| f.integer().is_some()),
                b"Fields" => self.more_fields(self.old.at(before, b"Fields"), self.new.at(after, b"Fields")),
                // What fields draw with that have no look: a second signer's program may bring its own.
                b"DR" => match (before.get(b"DR"), after.get(b"DR")) {
                    (None, Some(_)) => true,
                    (Some(old), Some(new)) => self.grows(old, new, 0),
                    _ => false,
                },
                b"DA" | b"Q" => !before.has(&key),
                // Fields would be drawn anew from their values, or no longer be: what is signed is what was seen.
                b"NeedAppearances" => !self.old_fields.values().any(|f| f.kind != b"Sig" && !f.kind.is_empty()),
                _ => false,
            };
        }
        allowed
    }

    /// Whether all of an old dictionary is still in the new one, as it was.
    pub(super) fn grows(&self, old: &'s Value<'r>, new: &'s Value<'r>, depth: usize) -> bool {
        if old == new {
            return true;
        }
        let (Some(old), Some(new)) = (self.old.resolve(old), self.new.resolve(new)) else { return false };
        match (old, new) {
            (Value::Dictionary(old), Value::Dictionary(new)) if depth < DEPTH => old.iter().all(|(key, value)| {
                let after = new.get(key);
                *value == Value::Null || after.is_some_and(|after| self.grows(value, after, depth + 1))
            }),
            // Lists of procedures mean nothing any more (ISO 32000-1, 14.2).
            (Value::Array(old), Value::Array(new)) => old.iter().all(|item| new.contains(item)),
            (old, new) => old == new,
        }
    }

    /// Fields may be added, if they are new and signed.
    pub(super) fn more_fields(&mut self, before: Option<&'s Value<'r>>, after: Option<&'s Value<'r>>) -> bool {
        let Some(more) = more(before, after) else { return false };
        let mut allowed = true;
        for number in more {
            allowed &= self.new_field(number);
        }
        allowed
    }

    /// A field that was not there, with all that is below it.
    fn new_field(&mut self, number: u32) -> bool {
        let Some(field) = self.new_fields.get(&number).cloned() else { return false };
        let names: BTreeSet<&str> = self.old_fields.values().map(|f| f.name.as_str()).collect();
        if !self.added.contains(&number) || names.contains(field.name.as_str()) || field.kind != b"Sig" || field.group {
            return false;
        }
        let widgets = field.widgets.iter().map(|w| w.0).filter(|w| self.added.contains(w));
        let widgets: Vec<&Dictionary<'r>> =
            widgets.filter_map(|w| self.new.object(w)?.dictionary()).chain([field.dictionary]).collect();
        let known = |d: &&Dictionary<'r>| d.iter().all(|(key, _)| FIELD_KEYS.contains(&key));
        if !widgets.iter().all(known) || widgets.len() != field.widgets.len() + 1 {
            return false;
        }
        match self.signature(&field) {
            Some(change) => {
                self.changes.insert(change);
            }
            // Free fields may be added, as long as nothing of them is seen.
            None if field.dictionary.has(b"V") || widgets.iter().any(|w| is_seen(w) || w.has(b"AP")) => {
                self.refuse(&texts::Unsigned { name: &field.name });
                return false;
            }
            None => {}
        }
        let looks: Vec<Option<&'s Value<'r>>> = self.looks_of(&field);
        looks.into_iter().all(|look| self.is_new_look(None, look, 0))
    }

    fn looks_of(&self, field: &Field<'s, 'r>) -> Vec<Option<&'s Value<'r>>> {
        let widgets = field.widgets.iter().filter_map(|w| self.new.get(*w)?.dictionary());
        widgets.chain([field.dictionary]).map(|d| d.get(b"AP")).collect()
    }

    /// Widgets of new signature fields may be added to a page, over all that is there.
    pub(super) fn more_widgets(&mut self, before: Option<&'s Value<'r>>, after: Option<&'s Value<'r>>) -> bool {
        let Some(more) = more(before, after) else { return false };
        let mut allowed = true;
        for number in more {
            // What the field itself may be is judged where it stands in the form.
            let field = self.new_fields.get(&number);
            allowed &= self.added.contains(&number) && field.is_some_and(|f| f.kind == b"Sig");
            if self.new.object(number).and_then(Value::dictionary).is_some_and(is_seen) {
                self.changes.insert(Change::NewField);
            }
        }
        allowed
    }
}

/// The references that an array has more than before, when all it had follow each other as they did.
fn more<'r>(before: Option<&Value<'r>>, after: Option<&Value<'r>>) -> Option<Vec<u32>> {
    let before = match before {
        Some(value) => value.array()?,
        None => &[],
    };
    let mut kept = before.iter().peekable();
    let mut out = Vec::new();
    for item in after?.array()? {
        if kept.peek() == Some(&item) {
            kept.next();
        } else {
            out.push(item.reference()?.0);
        }
    }
    kept.peek().is_none().then_some(out)
}
