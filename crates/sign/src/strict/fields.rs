//! The fields of a form (ISO 32000-1, 12.7.3) in a state of a file.

use std::collections::{BTreeMap, HashSet};

use lopdf::ObjectId;

use super::state::State;
use super::value::{Dictionary, Value};

/// A field or a group of fields.
#[derive(Debug, Clone)]
pub(crate) struct Field<'s, 'r> {
    pub(crate) id: ObjectId,
    /// Its full name, parts joined by full stops.
    pub(crate) name: String,
    /// Its type, its own or inherited: `Sig`, `Tx`, `Btn`, `Ch`.
    pub(crate) kind: Vec<u8>,
    pub(crate) dictionary: &'s Dictionary<'r>,
    /// Its widgets, when they are objects of their own.
    pub(crate) widgets: Vec<ObjectId>,
    /// Whether it has fields below it.
    pub(crate) group: bool,
}

/// A signature dictionary, which may stand in the field itself.
#[derive(Debug, Clone)]
pub(crate) struct SignatureValue<'s, 'r> {
    pub(crate) id: Option<ObjectId>,
    pub(crate) dictionary: &'s Dictionary<'r>,
}

/// Deepest nesting of fields that is followed.
const DEPTH: usize = 32;

impl<'s, 'r> Field<'s, 'r> {
    /// The signature, when it is signed.
    pub(crate) fn value(&self, state: &State<'s, 'r>) -> Option<SignatureValue<'s, 'r>> {
        let value = self.dictionary.get(b"V")?;
        Some(SignatureValue { id: value.reference(), dictionary: state.resolve(value)?.dictionary()? })
    }
}

impl<'s, 'r> State<'s, 'r> {
    /// Every field of the form by number, groups too.
    pub(crate) fn fields(&self) -> Vec<Field<'s, 'r>> {
        let mut walk = Walk { state: *self, seen: HashSet::new(), out: Vec::new() };
        let roots = self.form().and_then(|form| self.array_at(form, b"Fields")).unwrap_or_default();
        for id in roots.iter().filter_map(Value::reference) {
            walk.field(id, "", b"", 0);
        }
        walk.out
    }

    /// Which field each field or widget object belongs to.
    pub(crate) fn field_objects(&self) -> BTreeMap<u32, Field<'s, 'r>> {
        let mut out = BTreeMap::new();
        for field in self.fields() {
            for widget in &field.widgets {
                out.insert(widget.0, field.clone());
            }
            out.insert(field.id.0, field);
        }
        out
    }
}

/// Signature fields, in the order of the form.
pub(crate) fn signature_fields<'s, 'r>(state: &State<'s, 'r>) -> Vec<Field<'s, 'r>> {
    let all: Vec<Field<'s, 'r>> = state.fields().into_iter().filter(|f| f.kind == b"Sig").collect();
    // A group is signed when the value stands in it; what is below it are its widgets then, whatever their names.
    let signed: Vec<String> =
        all.iter().filter(|f| f.group && f.dictionary.has(b"V")).map(|f| format!("{}.", f.name)).collect();
    let part = |f: &Field<'_, '_>| !f.dictionary.has(b"V") && signed.iter().any(|group| f.name.starts_with(group));
    all.into_iter().filter(|f| (!f.group || f.dictionary.has(b"V")) && !part(f)).collect()
}

struct Walk<'s, 'r> {
    state: State<'s, 'r>,
    seen: HashSet<u32>,
    out: Vec<Field<'s, 'r>>,
}

impl Walk<'_, '_> {
    fn field(&mut self, id: ObjectId, prefix: &str, inherited: &[u8], depth: usize) {
        if depth > DEPTH || !self.seen.insert(id.0) {
            return;
        }
        let Some(dictionary) = self.state.get(id).and_then(Value::dictionary) else { return };
        let part = self.state.at(dictionary, b"T").and_then(Value::text);
        let name = match (prefix, part) {
            ("", Some(part)) => part,
            (prefix, Some(part)) => format!("{prefix}.{part}"),
            (prefix, None) => prefix.to_owned(),
        };
        let kind = self.state.at(dictionary, b"FT").and_then(Value::name).unwrap_or(inherited).to_vec();
        let kids = self.state.array_at(dictionary, b"Kids").unwrap_or_default();
        let kids: Vec<ObjectId> = kids.iter().filter_map(Value::reference).collect();
        let named = |id: &ObjectId| self.state.get(*id).and_then(Value::dictionary).is_some_and(|d| d.has(b"T"));
        let (below, widgets): (Vec<ObjectId>, Vec<ObjectId>) = kids.into_iter().partition(named);
        let group = !below.is_empty();
        self.out.push(Field { id, name: name.clone(), kind: kind.clone(), dictionary, widgets, group });
        // A signed group's named kids are its widgets.
        for kid in below {
            self.field(kid, &name, &kind, depth + 1);
        }
    }
}
