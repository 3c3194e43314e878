//! What changed between two states of a file. Only what later signing needs is allowed; all else is named and refused,
//! so that nothing prepared before a signature can be shown, hidden or replaced after it (shadow attacks).

use std::collections::{BTreeSet, HashMap};

use lopdf::{Dictionary, Document, Object, ObjectId};
use sigill_messages::{Localize, Texts};

use crate::messages::{change, forbidden as texts};
use crate::pdf::{deref, fields, get_array, get_dictionary};

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Evidence for later checks.
    Evidence,
    /// A document timestamp.
    Timestamp,
    /// Another signature, in the field with this name.
    Signature(String),
    /// A field for it that is seen on a page and was not reserved.
    NewField,
    /// Date of change or metadata, which are not shown on any page.
    Metadata,
    /// Anything else.
    Forbidden(Texts),
}

impl Change {
    /// The change in words.
    pub(super) fn note(&self) -> Texts {
        let words: &dyn Localize = match self {
            Self::Evidence => &change::Evidence,
            Self::Timestamp => &change::Timestamp,
            Self::Signature(name) => &change::Signature { name },
            Self::NewField => &change::NewField,
            Self::Metadata => &change::Metadata,
            Self::Forbidden(change) => &change::Forbidden { change },
        };
        Texts::of(words)
    }
}

/// What an object is, which decides what of it may change.
enum Role {
    Catalog,
    Form,
    /// Array of the form's fields.
    Fields,
    /// A field that is not signed yet, or its widget.
    Free(String),
    Signed(String),
    SecurityStore,
    Info,
    Metadata,
    Page,
    /// Array of a page's annotations.
    Annotations,
}

/// A change that is not allowed.
pub(super) fn forbidden(what: &dyn Localize) -> Change {
    Change::Forbidden(Texts::of(what))
}

/// All changes from one state to the next.
pub(super) fn between(old: &Document, new: &Document) -> BTreeSet<Change> {
    let mut out = BTreeSet::new();
    for key in [b"Root".as_slice(), b"Encrypt"] {
        if old.trailer.get(key).ok() != new.trailer.get(key).ok() {
            out.insert(forbidden(&texts::Entry));
        }
    }
    if let Ok(info) = old.trailer.get(b"Info")
        && new.trailer.get(b"Info").ok() != Some(info)
    {
        out.insert(forbidden(&texts::Entry));
    }
    let roles = roles(old);
    let new_fields: HashMap<ObjectId, fields::Field> = fields::all(new).into_iter().map(|f| (f.id, f)).collect();
    let judge = ChangeJudge { old, new, new_fields, added: added(old, new) };
    for (id, before) in &old.objects {
        match new.objects.get(id) {
            Some(after) if after == before => {}
            Some(after) => judge.changed(*id, roles.get(id), before, after, &mut out),
            None if is_container(before) => {}
            None => {
                out.insert(forbidden(&texts::Removed { number: &id.0 }));
            }
        }
    }
    // An object that the signed state pointed to without having it was meant to be filled in later.
    if !judge.added.is_empty() && old.objects.values().any(|o| refers_to(o, &judge.added)) {
        out.insert(forbidden(&texts::Added));
    }
    out
}

/// Cross-references and packed objects: how a file is written, not what it says.
fn is_container(object: &Object) -> bool {
    matches!(object, Object::Stream(s) if matches!(s.dict.get_type(), Ok(b"XRef" | b"ObjStm")))
}

fn added(old: &Document, new: &Document) -> BTreeSet<ObjectId> {
    new.objects.keys().filter(|id| !old.objects.contains_key(id)).copied().collect()
}

fn refers_to(object: &Object, ids: &BTreeSet<ObjectId>) -> bool {
    match object {
        Object::Reference(id) => ids.contains(id),
        Object::Array(items) => items.iter().any(|o| refers_to(o, ids)),
        Object::Dictionary(d) => d.iter().any(|(_, o)| refers_to(o, ids)),
        Object::Stream(s) => s.dict.iter().any(|(_, o)| refers_to(o, ids)),
        _ => false,
    }
}

fn roles(document: &Document) -> HashMap<ObjectId, Role> {
    let mut out = HashMap::new();
    let reference = |d: &Dictionary, key: &[u8]| d.get(key).and_then(Object::as_reference).ok();
    for page in document.page_iter() {
        if let Some(id) = document.get_dictionary(page).ok().and_then(|p| reference(p, b"Annots")) {
            out.insert(id, Role::Annotations);
        }
        out.insert(page, Role::Page);
    }
    if let Some(id) = reference(&document.trailer, b"Info") {
        out.insert(id, Role::Info);
    }
    let Some(root) = reference(&document.trailer, b"Root") else { return out };
    out.insert(root, Role::Catalog);
    let Ok(catalog) = document.catalog() else { return out };
    if let Some(id) = reference(catalog, b"Metadata") {
        out.insert(id, Role::Metadata);
    }
    if let Some(dss) = get_dictionary(document, catalog, b"DSS") {
        let lists = [b"Certs".as_slice(), b"OCSPs", b"CRLs", b"VRI"];
        let parts = lists.iter().filter_map(|key| reference(dss, key));
        out.extend(parts.chain(reference(catalog, b"DSS")).map(|id| (id, Role::SecurityStore)));
    }
    if let Some(form) = get_dictionary(document, catalog, b"AcroForm") {
        out.extend(reference(catalog, b"AcroForm").map(|id| (id, Role::Form)));
        out.extend(reference(form, b"Fields").map(|id| (id, Role::Fields)));
    }
    for field in fields::all(document) {
        let role = |name: &str| match field.value {
            Some(_) => Role::Signed(name.to_owned()),
            None => Role::Free(name.to_owned()),
        };
        let kids = document.get_dictionary(field.id).ok().and_then(|d| get_array(document, d, b"Kids"));
        let kids = kids.into_iter().flatten().filter_map(|k| k.as_reference().ok());
        out.extend(kids.map(|id| (id, role(&field.name))));
        out.insert(field.id, role(&field.name));
    }
    out
}

struct ChangeJudge<'a> {
    old: &'a Document,
    new: &'a Document,
    new_fields: HashMap<ObjectId, fields::Field>,
    added: BTreeSet<ObjectId>,
}

impl ChangeJudge<'_> {
    fn changed(&self, id: ObjectId, role: Option<&Role>, before: &Object, after: &Object, out: &mut BTreeSet<Change>) {
        let dictionaries = || Some((before.as_dict().ok()?, after.as_dict().ok()?));
        let allowed = match role {
            Some(Role::SecurityStore) => {
                out.insert(Change::Evidence);
                true
            }
            Some(Role::Metadata) => {
                out.insert(Change::Metadata);
                matches!((before, after), (Object::Stream(_), Object::Stream(_)))
            }
            Some(Role::Fields) => self.more_fields(before, after, out),
            Some(Role::Annotations) => self.more_widgets(before, after, out),
            Some(Role::Catalog) => dictionaries().is_some_and(|(b, a)| self.catalog(b, a, out)),
            Some(Role::Form) => dictionaries().is_some_and(|(b, a)| self.form(b, a, out)),
            Some(Role::Page) => dictionaries().is_some_and(|(b, a)| self.page(b, a, out)),
            Some(Role::Info) => dictionaries().is_some_and(|(b, a)| {
                out.insert(Change::Metadata);
                differing(b, a).iter().all(|k| matches!(k.as_slice(), b"ModDate" | b"Producer"))
            }),
            Some(Role::Free(name)) => dictionaries().is_some_and(|(b, a)| self.signing(name, b, a, out)),
            Some(Role::Signed(name)) => {
                out.insert(forbidden(&texts::SignedField { name }));
                true
            }
            None => is_container(before) && is_container(after),
        };
        if !allowed {
            let what: &dyn Localize = match role {
                Some(Role::Page) | Some(Role::Annotations) => &texts::Page,
                Some(Role::Form | Role::Fields | Role::Free(_)) => &texts::Form,
                Some(Role::Catalog) => &texts::Catalog,
                _ => &texts::Content,
            };
            let keys = dictionaries().map(|(b, a)| differing(b, a)).unwrap_or_default();
            let keys: String = keys.iter().map(|k| format!(" /{}", String::from_utf8_lossy(k))).collect();
            out.insert(forbidden(&texts::Object { what, number: &id.0, keys: &keys }));
        }
    }

    fn catalog(&self, before: &Dictionary, after: &Dictionary, out: &mut BTreeSet<Change>) -> bool {
        differing(before, after).iter().all(|key| match key.as_slice() {
            b"DSS" => {
                out.insert(Change::Evidence);
                get_dictionary(self.new, after, b"DSS").is_some()
            }
            b"AcroForm" => {
                let empty = Dictionary::new();
                let old = get_dictionary(self.old, before, b"AcroForm").unwrap_or(&empty);
                get_dictionary(self.new, after, b"AcroForm").is_some_and(|new| self.form(old, new, out))
            }
            // Extensions say which other editions of the standard are used.
            b"Extensions" => true,
            b"Metadata" => {
                out.insert(Change::Metadata);
                true
            }
            // The edition of the standard the file is written by, which some programs raise.
            b"Version" => {
                out.insert(Change::Metadata);
                after.get(b"Version").is_ok_and(|v| v.as_name().is_ok())
            }
            _ => false,
        })
    }

    fn form(&self, before: &Dictionary, after: &Dictionary, out: &mut BTreeSet<Change>) -> bool {
        differing(before, after).iter().all(|key| match key.as_slice() {
            b"SigFlags" => true,
            b"Fields" => {
                let none = Object::Array(Vec::new());
                let old = before.get(b"Fields").ok().and_then(|o| deref(self.old, o)).unwrap_or(&none);
                let new = after.get(b"Fields").ok().and_then(|o| deref(self.new, o)).unwrap_or(&none);
                self.more_fields(old, new, out)
            }
            _ => false,
        })
    }

    /// Fields may be added, if they are new and signatures.
    fn more_fields(&self, before: &Object, after: &Object, out: &mut BTreeSet<Change>) -> bool {
        let Some(more) = more(before, after) else { return false };
        more.iter().all(|id| {
            let field = self.new_fields.get(id).filter(|_| self.added.contains(id));
            let value = field.and_then(|f| f.value.as_ref());
            let Some((field, value)) = field.zip(value) else { return false };
            out.insert(if value.dictionary.has_type(b"DocTimeStamp") {
                Change::Timestamp
            } else {
                Change::Signature(field.name.clone())
            });
            value.id.is_none_or(|id| self.added.contains(&id))
        })
    }

    /// Widgets of new signature fields may be added to a page.
    fn more_widgets(&self, before: &Object, after: &Object, out: &mut BTreeSet<Change>) -> bool {
        let Some(more) = more(before, after) else { return false };
        if !more.is_empty() {
            out.insert(Change::NewField);
        }
        more.iter().all(|id| self.added.contains(id) && self.new_fields.get(id).is_some_and(|f| f.value.is_some()))
    }

    fn page(&self, before: &Dictionary, after: &Dictionary, out: &mut BTreeSet<Change>) -> bool {
        differing(before, after).iter().all(|key| match key.as_slice() {
            b"Annots" => {
                let none = Object::Array(Vec::new());
                let old = before.get(b"Annots").ok().and_then(|o| deref(self.old, o)).unwrap_or(&none);
                after
                    .get(b"Annots")
                    .ok()
                    .and_then(|o| deref(self.new, o))
                    .is_some_and(|new| self.more_widgets(old, new, out))
            }
            b"Tabs" => true,
            _ => false,
        })
    }

    /// A free field may get a new value and a new look, nothing else.
    fn signing(&self, name: &str, before: &Dictionary, after: &Dictionary, out: &mut BTreeSet<Change>) -> bool {
        out.insert(Change::Signature(name.to_owned()));
        differing(before, after).iter().all(|key| match key.as_slice() {
            b"V" => match after.get(b"V") {
                Ok(Object::Reference(id)) => self.added.contains(id),
                Ok(Object::Dictionary(_)) => true,
                _ => false,
            },
            b"AP" => after.get(b"AP").is_ok_and(|look| self.is_new_look(look)),
            b"F" | b"M" => true,
            _ => false,
        })
    }

    /// Looks are new objects, not old ones shown in another place.
    fn is_new_look(&self, look: &Object) -> bool {
        match look {
            Object::Reference(id) => self.added.contains(id),
            Object::Dictionary(d) => d.iter().all(|(key, o)| key == b"N" && self.is_new_look(o)),
            _ => false,
        }
    }
}

/// Keys whose values differ.
fn differing(before: &Dictionary, after: &Dictionary) -> BTreeSet<Vec<u8>> {
    let keys = before.iter().chain(after.iter()).map(|(k, _)| k.clone());
    keys.filter(|k| before.get(k).ok() != after.get(k).ok()).collect()
}

/// The references that an array has more than before, when it begins with all it had.
fn more(before: &Object, after: &Object) -> Option<Vec<ObjectId>> {
    let (before, after) = (before.as_array().ok()?, after.as_array().ok()?);
    after.strip_prefix(before.as_slice())?.iter().map(|o| o.as_reference().ok()).collect()
}
