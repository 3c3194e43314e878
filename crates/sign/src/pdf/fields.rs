//! Signature fields of a form (ISO 32000-1, 12.7.4.5).

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::pdf::{get, get_array, get_dictionary, text};

/// A signature field.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The field's object, which in files made here is its widget too.
    pub(crate) id: ObjectId,
    /// Its full name, parts joined by full stops.
    pub(crate) name: String,
    /// The object of its value, when it is signed.
    pub(crate) value: Option<SignatureDictionary>,
}

/// A signature dictionary, which may stand in the field itself.
#[derive(Debug, Clone)]
pub(crate) struct SignatureDictionary {
    pub(crate) dictionary: Dictionary,
}

/// Deepest nesting of fields that is followed.
const DEPTH: usize = 32;

/// All signature fields in the order of the form.
pub(crate) fn all(document: &Document) -> Vec<Field> {
    let mut out = Vec::new();
    let form = document.catalog().ok().and_then(|c| get_dictionary(document, c, b"AcroForm"));
    if let Some(roots) = form.and_then(|f| get_array(document, f, b"Fields")) {
        let mut seen = HashSet::new();
        for root in roots {
            walk(document, root, "", false, 0, &mut seen, &mut out);
        }
    }
    out
}

fn walk(
    document: &Document,
    object: &Object,
    prefix: &str,
    inherited: bool,
    depth: usize,
    seen: &mut HashSet<ObjectId>,
    out: &mut Vec<Field>,
) {
    let Ok(id) = object.as_reference() else { return };
    if depth > DEPTH || !seen.insert(id) {
        return;
    }
    let Ok(field) = document.get_dictionary(id) else { return };
    let part = get(document, field, b"T").and_then(text);
    let name = match (prefix, part) {
        ("", Some(part)) => part,
        (prefix, Some(part)) => format!("{prefix}.{part}"),
        (prefix, None) => prefix.to_owned(),
    };
    let signature = match get(document, field, b"FT").and_then(|t| t.as_name().ok()) {
        Some(kind) => kind == b"Sig",
        None => inherited,
    };
    let kids = get_array(document, field, b"Kids");
    let fields = kids.into_iter().flatten().filter(|k| {
        let kid = k.as_reference().ok().and_then(|id| document.get_dictionary(id).ok());
        kid.is_some_and(|d| d.has(b"T"))
    });
    let fields: Vec<_> = fields.collect();
    if !fields.is_empty() {
        for kid in fields {
            walk(document, kid, &name, signature, depth + 1, seen, out);
        }
    } else if signature {
        let value = field.get(b"V").ok().filter(|v| !v.is_null()).and_then(|v| {
            let dictionary = crate::pdf::deref(document, v)?.as_dict().ok()?.clone();
            Some(SignatureDictionary { dictionary })
        });
        out.push(Field { id, name, value });
    }
}
