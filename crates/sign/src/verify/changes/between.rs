//! Two states of a file, one after the other, compared object by object.

use std::collections::{BTreeMap, BTreeSet};

use sigill_messages::Localize;

use super::change::{Change, forbidden};
use super::roles::{Role, Roles};
use super::xmp::is_xmp;
use crate::messages::forbidden as texts;
use crate::strict::{Dictionary, Field, State, Value};

/// Largest metadata that are looked through.
const MAX_XMP: usize = 16 * 1024 * 1024;

/// All changes from one state to the next.
pub(super) fn changes(old: State<'_, '_>, new: State<'_, '_>) -> BTreeSet<Change> {
    let (mut added, mut freed, mut changed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for number in old.reading.written(new.revision) {
        let (before, after) = (old.object(number), new.object(number));
        match (before, after) {
            (None, None) => {}
            (None, Some(_)) => {
                added.insert(number);
            }
            (Some(_), None) => {
                freed.insert(number);
            }
            (Some(before), Some(after)) => {
                let generation = |s: &State<'_, '_>| s.version(number).map(|v| v.generation);
                if before != after || generation(&old) != generation(&new) {
                    changed.insert(number);
                }
            }
        }
    }
    let mut judge = Judge {
        old,
        new,
        old_fields: old.field_objects(),
        new_fields: new.field_objects(),
        added,
        changes: BTreeSet::new(),
    };
    judge.trailer();
    judge.dangling();
    judge.freed(&freed);
    judge.changed(&changed);
    judge.changes
}

pub(super) struct Judge<'s, 'r> {
    pub(super) old: State<'s, 'r>,
    pub(super) new: State<'s, 'r>,
    /// Fields and their widgets by number.
    pub(super) old_fields: BTreeMap<u32, Field<'s, 'r>>,
    pub(super) new_fields: BTreeMap<u32, Field<'s, 'r>>,
    /// Objects that were not there.
    pub(super) added: BTreeSet<u32>,
    pub(super) changes: BTreeSet<Change>,
}

impl<'s, 'r> Judge<'s, 'r> {
    pub(super) fn refuse(&mut self, what: &dyn Localize) {
        self.changes.insert(forbidden(what));
    }

    fn trailer(&mut self) {
        let (Some(old), Some(new)) = (self.old.trailer(), self.new.trailer()) else { return };
        let same = |key: &[u8]| old.get(key) == new.get(key);
        // Some programs write the catalogue under a new number; what counts is what it says.
        let root = same(b"Root")
            || self.old.catalog().zip(self.new.catalog()).is_some_and(|(before, after)| self.catalog(before, after));
        // Documents may get an Info, and lose it: readers take that of the newest trailer.
        let info = same(b"Info")
            || match (self.old.dictionary_at(old, b"Info"), self.new.dictionary_at(new, b"Info")) {
                (Some(before), Some(after)) => self.info(before, after),
                // A new one, not something old called so.
                (None, Some(_)) => {
                    let id = new.get(b"Info").and_then(Value::reference);
                    !old.has(b"Info") && id.is_some_and(|id| self.added.contains(&id.0))
                }
                _ => !new.has(b"Info"),
            };
        if !root || !same(b"Encrypt") || !info {
            self.refuse(&texts::Entry);
        }
    }

    /// An object that the state before pointed to without having it was meant to be filled in later, under whatever
    /// generation.
    fn dangling(&mut self) {
        if self.added.is_empty() {
            return;
        }
        let pointed: Vec<u32> = self.old.edges_to(&self.added).into_keys().collect();
        for number in pointed {
            self.refuse(&texts::Added { number: &number });
        }
    }

    /// What was taken away must be missed by nothing.
    fn freed(&mut self, freed: &BTreeSet<u32>) {
        if freed.is_empty() {
            return;
        }
        let missed: Vec<u32> = self.new.edges_to(freed).into_keys().collect();
        for number in missed {
            self.refuse(&texts::Removed { number: &number });
        }
    }

    fn changed(&mut self, changed: &BTreeSet<u32>) {
        if changed.is_empty() {
            return;
        }
        let roles = Roles::of(&self.old, &self.old_fields, changed);
        for number in changed {
            let (Some(before), Some(after)) = (self.old.object(*number), self.new.object(*number)) else { continue };
            let role = roles.get(*number);
            let container = |s: &State<'_, '_>| s.version(*number).is_some_and(|v| s.reading.is_container(v));
            let allowed = match &role {
                // How a file is written, not what it says.
                Role::Nothing => container(&self.old) && container(&self.new),
                Role::Content | Role::Several => false,
                role => self.in_role(role, before, after),
            };
            if !allowed {
                self.refuse_object(*number, &role, before, after);
            }
        }
    }

    fn in_role(&mut self, role: &Role, before: &'s Value<'r>, after: &'s Value<'r>) -> bool {
        let both = before.dictionary().zip(after.dictionary());
        match role {
            Role::Catalog => both.is_some_and(|(b, a)| self.catalog(b, a)),
            Role::Form => both.is_some_and(|(b, a)| self.form(b, a)),
            Role::Fields => self.more_fields(Some(before), Some(after)),
            Role::Resources => self.grows(before, after, 0),
            Role::Page => both.is_some_and(|(b, a)| self.page(b, a)),
            Role::Annotations => self.more_widgets(Some(before), Some(after)),
            Role::Field(name) => both.is_some_and(|(b, a)| self.field(*name, b, a)),
            Role::Looks(field) => both.is_some_and(|(b, a)| self.looks(*field, b, a)),
            Role::Look(field) => before.stream().is_some() && after.stream().is_some() && self.look(*field),
            Role::FieldValue(field) => self.field_value(*field, before, after),
            Role::Store => both.is_some_and(|(_, a)| self.store(a)),
            Role::StoreList => self.store_list(before, after),
            Role::StoreEntries => both.is_some_and(|(_, a)| self.store_entries(a)),
            Role::StoreEntry => both.is_some_and(|(_, a)| self.store_entry(a)),
            Role::Metadata => self.metadata(before, after),
            Role::Extensions => self.extensions(Some(after)),
            Role::Info => both.is_some_and(|(b, a)| self.info(b, a)),
            Role::Nothing | Role::Content | Role::Several => false,
        }
    }

    fn refuse_object(&mut self, number: u32, role: &Role, before: &Value<'_>, after: &Value<'_>) {
        let what: &dyn Localize = match role {
            Role::Page | Role::Annotations => &texts::Page,
            Role::Form | Role::Fields | Role::Resources => &texts::Form,
            Role::Field(_) | Role::Looks(_) | Role::Look(_) | Role::FieldValue(_) => &texts::Form,
            Role::Catalog | Role::Extensions => &texts::Catalog,
            Role::Store | Role::StoreList | Role::StoreEntries | Role::StoreEntry => &texts::Store,
            Role::Several => &texts::Several,
            _ => &texts::Content,
        };
        let dictionary = |v: &Value<'_>| -> Vec<Vec<u8>> {
            let other = if std::ptr::eq(v, before) { after } else { before };
            v.dictionary().zip(other.dictionary()).map(|(b, a)| b.differing(a)).unwrap_or_default()
        };
        let keys: String = dictionary(before).iter().map(|k| format!(" /{}", String::from_utf8_lossy(k))).collect();
        self.refuse(&texts::Object { what, number: &number, keys: &keys });
    }

    fn catalog(&mut self, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let mut allowed = true;
        for key in before.differing(after) {
            allowed &= match key.as_slice() {
                b"DSS" => match self.new.dictionary_at(after, b"DSS") {
                    Some(new) => self.store(new),
                    None => false,
                },
                b"AcroForm" => {
                    match (self.old.dictionary_at(before, b"AcroForm"), self.new.dictionary_at(after, b"AcroForm")) {
                        (Some(old), Some(new)) => self.form(old, new),
                        (None, Some(new)) => !before.has(b"AcroForm") && self.new_form(new),
                        _ => false,
                    }
                }
                b"Extensions" => self.extensions(self.new.at(after, b"Extensions")),
                b"Metadata" => self.metadata_reference(before, after),
                b"Version" => self.version(before, after),
                _ => false,
            };
        }
        allowed
    }

    /// Extensions of the standard (ISO 32000-1, 7.12): names and numbers, nothing that is shown.
    fn extensions(&mut self, after: Option<&'s Value<'r>>) -> bool {
        let plain = |d: &Dictionary<'_>| {
            d.iter().all(|(key, value)| match key {
                b"Type" | b"BaseVersion" => value.name().is_some(),
                b"ExtensionLevel" => value.integer().is_some(),
                b"ExtensionRevision" | b"URL" => value.string().is_some(),
                _ => false,
            })
        };
        self.changes.insert(Change::Metadata);
        let Some(all) = after.and_then(Value::dictionary) else { return false };
        let sound = |value: &'s Value<'r>| match self.new.resolve(value) {
            Some(Value::Dictionary(d)) => plain(d),
            Some(Value::Array(items)) => items.iter().all(|i| i.dictionary().is_some_and(plain)),
            Some(Value::Name(_)) => true,
            _ => false,
        };
        all.iter().all(|(_, value)| sound(value))
    }

    /// The edition of the standard that a file is written by may be raised.
    fn version(&mut self, before: &Dictionary<'_>, after: &Dictionary<'_>) -> bool {
        self.changes.insert(Change::Metadata);
        let edition = |d: &Dictionary<'_>| {
            let name = d.get(b"Version")?.name()?;
            matches!(name, [b'1'..=b'2', b'.', b'0'..=b'9']).then(|| name.to_vec())
        };
        edition(after).is_some_and(|new| !before.has(b"Version") || edition(before).is_some_and(|old| new >= old))
    }

    fn metadata(&mut self, before: &Value<'_>, after: &Value<'_>) -> bool {
        self.changes.insert(Change::Metadata);
        let is_metadata = |v: &Value<'_>| {
            v.stream()
                .is_some_and(|s| s.dictionary.is_type(b"Metadata") && s.content(MAX_XMP).is_some_and(|c| is_xmp(&c)))
        };
        is_metadata(before) && is_metadata(after)
    }

    /// Another stream of metadata, which is a new one.
    fn metadata_reference(&mut self, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let Some(id) = after.get(b"Metadata").and_then(Value::reference) else { return false };
        let new = self.new.get(id).filter(|_| self.added.contains(&id.0));
        match (new, self.old.at(before, b"Metadata")) {
            (Some(new), Some(old)) => self.metadata(old, new),
            (Some(new), None) => self.metadata(new, new),
            _ => false,
        }
    }

    /// What says when and by which program a file was made; names and titles stay.
    fn info(&mut self, before: &Dictionary<'_>, after: &Dictionary<'_>) -> bool {
        self.changes.insert(Change::Metadata);
        before.differing(after).iter().all(|k| matches!(k.as_slice(), b"ModDate" | b"Producer"))
    }

    fn page(&mut self, before: &'s Dictionary<'r>, after: &'s Dictionary<'r>) -> bool {
        let only = before.differing(after).iter().all(|k| k == b"Annots");
        only && self.more_widgets(self.old.at(before, b"Annots"), self.new.at(after, b"Annots"))
    }
}
