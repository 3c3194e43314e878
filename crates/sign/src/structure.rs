//! Where in the structure tree (ISO 32000-1, 14.7) a field belongs.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::pdf::{get, get_array, get_dictionary};

/// A place among the children of a structure element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ElementPlace {
    pub(crate) parent: ObjectId,
    /// The child that the new one comes after; last when there is none.
    pub(crate) after: Option<ObjectId>,
}

/// The place right after the last content that stands within the rectangle, or else after the last above it, so that
/// the field is read where it is seen.
pub(crate) fn place(
    document: &Document,
    root: &Dictionary,
    page: ObjectId,
    rectangle: [f64; 4],
) -> Option<ElementPlace> {
    let marks = marks(&document.get_page_content(page));
    let [left, bottom, right, top] = rectangle;
    let within = |(_, x, y): &&(i64, f64, f64)| (left..=right).contains(x) && (bottom..=top).contains(y);
    let above = |(_, x, y): &&(i64, f64, f64)| (left - 1.0..=right).contains(x) && *y > top;
    let inside = marks.iter().rev().find(within);
    let lowest = || marks.iter().filter(above).min_by(|a, b| a.2.total_cmp(&b.2));
    let mark = inside.or_else(lowest).or(marks.last())?.0;
    let key = document.get_dictionary(page).ok()?.get(b"StructParents").ok()?.as_i64().ok()?;
    let elements = number_tree(document, get_dictionary(document, root, b"ParentTree")?, key, 0)?.as_array().ok()?;
    let element = elements.get(usize::try_from(mark).ok()?)?.as_reference().ok()?;
    after(document, element)
}

/// The place right after an element, in the nearest element around it that may hold a block.
fn after(document: &Document, element: ObjectId) -> Option<ElementPlace> {
    let mut child = element;
    for _ in 0..64 {
        let parent = document.get_dictionary(child).ok()?.get(b"P").ok()?.as_reference().ok()?;
        let dictionary = document.get_dictionary(parent).ok()?;
        let kind = get(document, dictionary, b"S").and_then(|s| s.as_name().ok()).unwrap_or_default();
        let is_block = matches!(kind, b"Document" | b"Part" | b"Art" | b"Sect" | b"Div" | b"TD" | b"LBody");
        if is_block {
            return Some(ElementPlace { parent, after: Some(child) });
        }
        child = parent;
    }
    None
}

/// The place at the end of the document's own element.
pub(crate) fn end(document: &Document, root: &Dictionary) -> Option<ElementPlace> {
    let kids = root.get(b"K").ok()?;
    let first = match kids {
        Object::Reference(id) => match document.get_object(*id).ok()? {
            Object::Array(items) => items.first()?.as_reference().ok()?,
            _ => *id,
        },
        Object::Array(items) => items.first()?.as_reference().ok()?,
        _ => return None,
    };
    Some(ElementPlace { parent: first, after: None })
}

/// A value of a number tree (ISO 32000-1, 7.9.7).
fn number_tree<'a>(document: &'a Document, node: &'a Dictionary, key: i64, depth: usize) -> Option<&'a Object> {
    if depth > 32 {
        return None;
    }
    if let Some(numbers) = get_array(document, node, b"Nums") {
        let pair = numbers.chunks(2).find(|p| p[0].as_i64().is_ok_and(|k| k == key))?;
        return crate::pdf::deref(document, pair.get(1)?);
    }
    let kids = get_array(document, node, b"Kids")?;
    kids.iter().find_map(|kid| {
        let kid = crate::pdf::deref(document, kid)?.as_dict().ok()?;
        let limits = get_array(document, kid, b"Limits")?;
        let (low, high) = (limits.first()?.as_i64().ok()?, limits.get(1)?.as_i64().ok()?);
        (low..=high).contains(&key).then(|| number_tree(document, kid, key, depth + 1)).flatten()
    })
}

type Matrix = [f64; 6];

fn product(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// Number and place of each marked piece of text of a page, in the order of the content.
fn marks(content: &[u8]) -> Vec<(i64, f64, f64)> {
    let Ok(content) = Content::decode(content) else { return Vec::new() };
    let mut out: Vec<(i64, f64, f64)> = Vec::new();
    let mut matrix: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut saved, mut text) = (Vec::new(), matrix);
    let mut open: Vec<Option<i64>> = Vec::new();
    for operation in &content.operations {
        let numbers = || -> Option<Matrix> {
            let all: Option<Vec<f64>> = operation.operands.iter().map(|o| o.as_float().ok().map(f64::from)).collect();
            all?.try_into().ok()
        };
        match operation.operator.as_str() {
            "q" => saved.push(matrix),
            "Q" => matrix = saved.pop().unwrap_or(matrix),
            "cm" => matrix = numbers().map_or(matrix, |m| product(m, matrix)),
            "BT" => text = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            "Tm" => text = numbers().unwrap_or(text),
            "BMC" => open.push(None),
            "BDC" => {
                let properties = operation.operands.get(1).and_then(|o| o.as_dict().ok());
                open.push(properties.and_then(|d| d.get(b"MCID").ok()?.as_i64().ok()));
            }
            "EMC" => drop(open.pop()),
            "Tj" | "TJ" | "'" | "\"" => {
                let at = product(text, matrix);
                if let Some(mark) = open.iter().rev().flatten().next()
                    && out.last().is_none_or(|last| last.0 != *mark)
                {
                    out.push((*mark, at[4], at[5]));
                }
            }
            _ => {}
        }
    }
    out
}
