//! What an object is, by all that refers to it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::strict::{Edge, Field, State, Value};

/// What an object is, which decides what of it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Catalog,
    Form,
    /// Array of the form's fields.
    Fields,
    /// What the form's fields draw with, or a part of it.
    Resources,
    /// A field or widget, by its number.
    Field(u32),
    /// The looks of a field, as an object of its own.
    Looks(u32),
    /// One look of a field.
    Look(u32),
    /// The value of a field that is filled in.
    FieldValue(u32),
    Store,
    /// Certificates or evidence in the store or in an entry of it.
    StoreList,
    StoreEntries,
    /// An entry of the store for one signature.
    StoreEntry,
    Info,
    Metadata,
    Extensions,
    Page,
    /// Array of a page's annotations.
    Annotations,
    /// Nothing refers to it.
    Nothing,
    /// Anything else.
    Content,
    /// Something that may change and something that may not, at once.
    Several,
}

/// The roles of some objects in the state before.
pub(super) struct Roles(BTreeMap<u32, Role>);

type Edges = BTreeSet<Edge>;

impl Roles {
    /// The roles in a state whose fields and their widgets are given by number.
    pub(super) fn of<'s, 'r>(
        old: &State<'s, 'r>,
        fields: &BTreeMap<u32, Field<'s, 'r>>,
        targets: &BTreeSet<u32>,
    ) -> Self {
        let number = |key: &[u8]| Some(old.catalog()?.get(key)?.reference()?.0);
        let store = old.catalog().and_then(|c| old.dictionary_at(c, b"DSS"));
        let entries = store.and_then(|s| s.get(b"VRI")).and_then(Value::reference).map(|id| id.0);
        let each = store.and_then(|s| old.dictionary_at(s, b"VRI")).into_iter().flat_map(|v| v.iter());
        let each: Vec<u32> = each.filter_map(|(_, v)| Some(v.reference()?.0)).collect();
        let root = old.root();
        let view = View {
            fields,
            root,
            form: [root, number(b"AcroForm")],
            store: [root, number(b"DSS"), entries].into_iter().flatten().chain(each).collect(),
            pages: old.pages().into_iter().collect(),
        };
        let edges = old.roles_of(targets);
        // A look may stand in a dictionary of looks, a font in one of fonts: who refers to those?
        let above: BTreeSet<u32> = edges.values().flatten().filter_map(|e| e.from).collect();
        let above = old.roles_of(&above);
        let none = Edges::new();
        Self(targets.iter().map(|n| (*n, view.role(*n, edges.get(n).unwrap_or(&none), &above))).collect())
    }

    pub(super) fn get(&self, number: u32) -> Role {
        self.0.get(&number).copied().unwrap_or(Role::Several)
    }
}

struct View<'f, 's, 'r> {
    fields: &'f BTreeMap<u32, Field<'s, 'r>>,
    root: Option<u32>,
    /// Objects that the form's own keys stand in.
    form: [Option<u32>; 2],
    /// Objects that the store's own keys stand in.
    store: HashSet<u32>,
    pages: HashSet<u32>,
}

impl View<'_, '_, '_> {
    /// The one role that all references give, if they do.
    fn role(&self, number: u32, edges: &Edges, above: &BTreeMap<u32, Edges>) -> Role {
        if self.pages.contains(&number) {
            // Much refers to pages; nothing of them may change but the list of annotations.
            return Role::Page;
        }
        let mut roles = edges.iter().map(|edge| self.by(number, edge, above));
        let Some(first) = roles.next() else { return Role::Nothing };
        let first = first.unwrap_or(Role::Content);
        let mut lenient = first != Role::Content;
        let mut same = true;
        for role in roles {
            let role = role.unwrap_or(Role::Content);
            lenient |= role != Role::Content;
            same &= role == first;
        }
        match (same, lenient) {
            (true, _) => first,
            (false, true) => Role::Several,
            (false, false) => Role::Content,
        }
    }

    /// The role that one reference gives.
    fn by(&self, number: u32, edge: &Edge, above: &BTreeMap<u32, Edges>) -> Option<Role> {
        let key = edge.key.as_slice();
        let Some(from) = edge.from else {
            return match key {
                b"Root" => Some(Role::Catalog),
                b"Info" => Some(Role::Info),
                _ => None,
            };
        };
        let fields = self.fields;
        if Some(number) == self.root {
            // A signature's reference to what it is about.
            return (key == b"Data").then_some(Role::Catalog);
        }
        if fields.contains_key(&number) {
            let known = match key {
                b"Fields" | b"CO" => self.form.contains(&Some(from)),
                b"Kids" | b"Parent" => fields.contains_key(&from),
                b"Annots" => self.pages.contains(&from),
                b"Obj" | b"Data" => true,
                _ => false,
            };
            return known.then_some(Role::Field(number));
        }
        let at_root = Some(from) == self.root;
        let in_form = self.form.contains(&Some(from));
        let of_field = |f: u32| above.get(&f).and_then(|edges| self.looks_of(edges));
        match key {
            b"AcroForm" if at_root => Some(Role::Form),
            b"DSS" if at_root => Some(Role::Store),
            b"Metadata" if at_root => Some(Role::Metadata),
            b"Extensions" if at_root => Some(Role::Extensions),
            b"Fields" if in_form => Some(Role::Fields),
            b"DR" if in_form => Some(Role::Resources),
            b"Font" | b"Encoding" if in_form || self.is_resources(from, above) => Some(Role::Resources),
            b"Annots" if self.pages.contains(&from) => Some(Role::Annotations),
            b"VRI" if self.store.contains(&from) => Some(Role::StoreEntries),
            b"Certs" | b"OCSPs" | b"CRLs" | b"Cert" | b"OCSP" | b"CRL" if self.store.contains(&from) => {
                Some(Role::StoreList)
            }
            digest if is_digest(digest) && self.store.contains(&from) => Some(Role::StoreEntry),
            b"AP" if fields.contains_key(&from) => Some(Role::Looks(from)),
            b"N" | b"R" | b"D" if fields.contains_key(&from) => Some(Role::Look(from)),
            b"N" | b"R" | b"D" => of_field(from).map(Role::Look),
            b"V" if fields.get(&from).is_some_and(|f| f.kind != b"Sig") => Some(Role::FieldValue(from)),
            _ => None,
        }
    }

    /// The one field whose looks an object is, by what refers to it.
    fn looks_of(&self, edges: &Edges) -> Option<u32> {
        let mut fields = edges.iter().map(|e| e.from.filter(|f| e.key == b"AP" && self.fields.contains_key(f)));
        let first = fields.next()??;
        fields.all(|f| f == Some(first)).then_some(first)
    }

    fn is_resources(&self, number: u32, above: &BTreeMap<u32, Edges>) -> bool {
        let in_form = |e: &Edge| e.key == b"DR" && self.form.contains(&e.from) && e.from.is_some();
        above.get(&number).is_some_and(|edges| !edges.is_empty() && edges.iter().all(in_form))
    }
}

/// An object of a state that may change later and is content too, if there is one: metadata, evidence, and the lists of
/// fields and annotations.
pub(crate) fn has_several_roles(state: &State<'_, '_>) -> Option<u32> {
    let mut targets = BTreeSet::new();
    let mut add = |value: Option<&Value<'_>>| targets.extend(value.and_then(Value::reference).map(|id| id.0));
    let catalog = state.catalog()?;
    [b"Metadata".as_slice(), b"AcroForm", b"DSS", b"Extensions"].iter().for_each(|key| add(catalog.get(key)));
    if let Some(form) = state.form() {
        [b"Fields".as_slice(), b"DR"].iter().for_each(|key| add(form.get(key)));
    }
    if let Some(store) = state.dictionary_at(catalog, b"DSS") {
        for key in [b"Certs".as_slice(), b"OCSPs", b"CRLs", b"VRI"] {
            add(store.get(key));
            state.array_at(store, key).unwrap_or_default().iter().for_each(|item| add(Some(item)));
        }
    }
    for page in state.pages() {
        add(state.object(page).and_then(Value::dictionary).and_then(|p| p.get(b"Annots")));
    }
    let roles = Roles::of(state, &state.field_objects(), &targets);
    targets.into_iter().find(|number| roles.get(*number) == Role::Several)
}

/// Whether a key is a digest: SHA-1 as the standard wants it, or a longer one as some write it.
pub(super) fn is_digest(key: &[u8]) -> bool {
    matches!(key.len(), 40 | 64 | 96 | 128) && key.iter().all(u8::is_ascii_hexdigit)
}
