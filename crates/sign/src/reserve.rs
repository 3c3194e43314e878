//! Empty signature fields, tagged, so that signing later changes nothing but their values.
//!
//! All visible fields are made before the first signature: a tagged field that comes after one would change the
//! structure tree that was signed.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use crate::error::{Error, ErrorKind, Result};
use crate::messages::{field, file};
use crate::pdf::update::Update;
use crate::pdf::{Pdf, fields, get, get_array, get_dictionary, text_object};
use crate::structure::{self, ElementPlace};

/// A field to be reserved.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Its name, unique in the file and without full stops.
    pub name: String,
    /// Page, from 1.
    pub page: usize,
    /// Left, bottom, right, top in points from the page's lower left corner.
    pub rect: [f64; 4],
    /// What it is, for those who do not see it (`TU`; PDF/UA-1, 7.18.1).
    pub label: String,
}

/// Objects that several fields change, read once and written once.
struct Changes<'a> {
    document: &'a Document,
    changed: Vec<(ObjectId, Object)>,
}

impl Changes<'_> {
    /// The object as it will be.
    fn get(&mut self, id: ObjectId) -> Result<&mut Object> {
        let at = match self.changed.iter().position(|(i, _)| *i == id) {
            Some(at) => at,
            None => {
                self.changed.push((id, self.document.get_object(id)?.clone()));
                self.changed.len() - 1
            }
        };
        Ok(&mut self.changed[at].1)
    }

    fn dictionary(&mut self, id: ObjectId) -> Result<&mut Dictionary> {
        Ok(self.get(id)?.as_dict_mut()?)
    }

    /// Changes the array at a key of a dictionary, wherever it stands. A single value becomes an array.
    fn array(&mut self, owner: ObjectId, key: &[u8], change: impl FnOnce(&mut Vec<Object>)) -> Result<()> {
        let found = self.dictionary(owner)?.get(key).ok().cloned();
        if let Some(Object::Reference(id)) = found
            && matches!(self.document.get_object(id), Ok(Object::Array(_)))
        {
            change(self.get(id)?.as_array_mut()?);
            return Ok(());
        }
        let mut items = match found {
            Some(Object::Array(items)) => items,
            Some(Object::Null) | None => Vec::new(),
            Some(single) => vec![single],
        };
        change(&mut items);
        self.dictionary(owner)?.set(key, items);
        Ok(())
    }
}

/// Adds empty signature fields to a PDF, and the form that later signatures and timestamps need.
///
/// # Errors
/// When the file is signed already, a name is taken, or a page does not exist.
pub fn reserve(pdf: &[u8], specs: &[FieldSpec]) -> Result<Vec<u8>> {
    let pdf = Pdf::load(pdf)?;
    let document = &pdf.document;
    check(document, specs)?;
    let mut update = Update::new(&pdf);
    let mut changes = Changes { document, changed: Vec::new() };
    let root = pdf.root()?;
    let tree = pdf.catalog()?.get(b"StructTreeRoot").and_then(Object::as_reference).ok();
    let mut next_key = tree.map(|id| next_parent_key(document, id)).transpose()?.unwrap_or(0);
    let mut new_fields = Vec::new();
    for spec in specs {
        let page = pdf
            .page(spec.page)
            .ok_or_else(|| Error::new(ErrorKind::Reserve, &field::NoPage { name: &spec.name, page: &spec.page }))?;
        let widget = update.allot();
        let mut field = widget_dictionary(spec, page, &mut update);
        if let Some(tree) = tree {
            field.set("StructParent", next_key);
            let element = element(&mut changes, &mut update, tree, page, widget, spec)?;
            add_parent(&mut changes, &mut update, tree, next_key, element)?;
            next_key += 1;
        }
        update.write(widget, &Object::Dictionary(field));
        changes.array(page, b"Annots", |annotations| annotations.push(widget.into()))?;
        changes.dictionary(page)?.set("Tabs", "S");
        new_fields.push(Object::Reference(widget));
    }
    if let Some(tree) = tree {
        changes.dictionary(tree)?.set("ParentTreeNextKey", next_key);
    }
    add_to_form(&mut changes, &mut update, root, new_fields)?;
    for (id, object) in changes.changed {
        update.write(id, &object);
    }
    update.finish()
}

fn check(document: &Document, specs: &[FieldSpec]) -> Result<()> {
    let existing = fields::all(document);
    if let Some(signed) = existing.iter().find(|f| f.value.is_some()) {
        return Err(Error::new(ErrorKind::Reserve, &field::TooLate { name: &signed.name }));
    }
    for (i, spec) in specs.iter().enumerate() {
        let name = &spec.name;
        if name.is_empty() || name.contains('.') {
            return Err(Error::new(ErrorKind::Reserve, &field::BadName { name }));
        }
        if existing.iter().any(|f| f.name == *name) || specs[..i].iter().any(|s| s.name == *name) {
            return Err(Error::new(ErrorKind::Reserve, &field::NameTaken { name }));
        }
    }
    Ok(())
}

fn widget_dictionary(spec: &FieldSpec, page: ObjectId, update: &mut Update) -> Dictionary {
    let [left, bottom, right, top] = spec.rect;
    let number = |v: f64| Object::Real(v as f32);
    let empty = Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), number(right - left), number(top - bottom)],
            "Resources" => Dictionary::new(),
        },
        Vec::new(),
    );
    let appearance = update.add(empty);
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => text_object(&spec.name),
        "TU" => text_object(&spec.label),
        "F" => 4,
        "Rect" => spec.rect.map(number).to_vec(),
        "P" => page,
        "AP" => dictionary! { "N" => appearance },
    }
}

/// The `Form` element of a field (ISO 32000-1, 14.8.4.5), with the field as its one child.
fn element(
    changes: &mut Changes<'_>,
    update: &mut Update,
    tree: ObjectId,
    page: ObjectId,
    widget: ObjectId,
    spec: &FieldSpec,
) -> Result<ObjectId> {
    let root = changes.document.get_dictionary(tree)?;
    let place =
        structure::place(changes.document, root, page, spec.rect).or_else(|| structure::end(changes.document, root));
    let ElementPlace { parent, after } = place.ok_or_else(|| Error::pdf(&file::NoElement))?;
    let id = update.add(dictionary! {
        "Type" => "StructElem",
        "S" => "Form",
        "P" => parent,
        "Pg" => page,
        // One dictionary, not an array: readers that compare revisions accept it when the field is signed.
        "K" => dictionary! { "Type" => "OBJR", "Pg" => page, "Obj" => widget },
    });
    changes.array(parent, b"K", |kids| {
        let before = kids.iter().position(|k| after.is_some() && k.as_reference().ok() == after);
        kids.insert(before.map_or(kids.len(), |at| at + 1), id.into());
    })?;
    Ok(id)
}

/// First key of the parent tree that is free.
fn next_parent_key(document: &Document, tree: ObjectId) -> Result<i64> {
    let root = document.get_dictionary(tree)?;
    let stated = get(document, root, b"ParentTreeNextKey").and_then(|k| k.as_i64().ok()).unwrap_or(0);
    let mut highest = -1;
    let mut waiting: Vec<&Dictionary> = get_dictionary(document, root, b"ParentTree").into_iter().collect();
    let mut visited = 0;
    while let Some(node) = waiting.pop() {
        visited += 1;
        if visited > 100_000 {
            return Err(Error::pdf(&file::EndlessTree));
        }
        for pair in get_array(document, node, b"Nums").into_iter().flat_map(|n| n.chunks(2)) {
            highest = highest.max(pair[0].as_i64().unwrap_or(-1));
        }
        let kids = get_array(document, node, b"Kids").into_iter().flatten();
        waiting.extend(kids.filter_map(|k| crate::pdf::deref(document, k)?.as_dict().ok()));
    }
    Ok(stated.max(highest + 1))
}

/// Adds a key above all others to the parent tree.
fn add_parent(
    changes: &mut Changes<'_>,
    update: &mut Update,
    tree: ObjectId,
    key: i64,
    element: ObjectId,
) -> Result<()> {
    let found = changes.dictionary(tree)?.get(b"ParentTree").ok().cloned();
    let node = match found {
        Some(Object::Reference(id)) => id,
        Some(direct) => {
            // Made an object of its own, so that there is one way to change it.
            let id = update.allot();
            changes.changed.push((id, direct));
            changes.dictionary(tree)?.set("ParentTree", id);
            id
        }
        None => return Err(Error::pdf(&file::NoParentTree)),
    };
    if changes.dictionary(node)?.has(b"Kids") {
        let leaf = update.add(dictionary! {
            "Limits" => vec![key.into(), key.into()],
            "Nums" => vec![key.into(), element.into()],
        });
        changes.array(node, b"Kids", |kids| kids.push(leaf.into()))
    } else {
        changes.array(node, b"Nums", |numbers| numbers.extend([key.into(), element.into()]))
    }
}

fn add_to_form(changes: &mut Changes<'_>, update: &mut Update, root: ObjectId, fields: Vec<Object>) -> Result<()> {
    let found = changes.dictionary(root)?.get(b"AcroForm").ok().cloned();
    let form = match found {
        Some(Object::Reference(id)) => id,
        other => {
            let id = update.allot();
            changes.changed.push((id, other.unwrap_or_else(|| Dictionary::new().into())));
            changes.dictionary(root)?.set("AcroForm", id);
            id
        }
    };
    changes.array(form, b"Fields", |all| all.extend(fields))?;
    // SignaturesExist and AppendOnly (ISO 32000-1, 12.7.2): set now, so that signing need not change the form.
    changes.dictionary(form)?.set("SigFlags", 3);
    Ok(())
}
