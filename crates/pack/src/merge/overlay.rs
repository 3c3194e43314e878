//! Numbers, stamps and the link back, laid over the pages.
//!
//! Numbers and stamps are artifacts (ISO 32000-1, 14.8.2.2): they are no part of what the documents say. The link back
//! to the agenda is content, tagged as a link (14.8.4.4.2).

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, text_string};

use super::builder::Builder;
use super::error::MergeError;
use super::number;
use super::plan::Overlay;
use crate::objects::{array, dict};

/// Name of the page's overlay among its resources; long, so that no document has used it.
const PAGE: &str = "SigillOverlay";
const BACK: &str = "SigillBack";

/// Lays the overlay over all pages, and the link back on the first page of each part in `starts`.
pub(super) fn lay(
    builder: &mut Builder,
    overlay: &Overlay<'_>,
    starts: &[(usize, ObjectId)],
) -> Result<(), MergeError> {
    let mut forms = forms(builder, overlay.pdf)?;
    let pages = builder.pages.clone();
    let back = (forms.len() > pages.len()).then(|| forms.pop()).flatten();
    if forms.len() != pages.len() {
        return Err(MergeError::new(format!("{} overlays for {} pages", forms.len(), pages.len())));
    }
    for (number, (&page, form)) in pages.iter().zip(forms).enumerate() {
        let view = View::of(builder, page)?;
        let [a, b, c, d, e, f] = view.matrix();
        let mut content = format!("\nQ\n/Artifact BMC q {a} {b} {c} {d} {e} {f} cm /{PAGE} Do Q EMC\n");
        add_resource(builder, page, PAGE, form)?;
        let start = starts.iter().find(|(start, _)| *start == number);
        if let (Some(back), Some((_, section)), Some(&frame)) = (back, start, overlay.back.get(&number)) {
            let rectangle = view.rectangle(frame);
            let mark = add_link(builder, page, pages[0], *section, (rectangle, overlay.back_title))?;
            add_resource(builder, page, BACK, back)?;
            let [left, bottom, ..] = frame;
            content.push_str(&format!(
                "/Link <</MCID {mark}>> BDC q {a} {b} {c} {d} {e} {f} cm 1 0 0 1 {left} {bottom} cm /{BACK} Do Q EMC\n"
            ));
        }
        wrap_content(builder, page, content)?;
    }
    Ok(())
}

/// How a page is seen: which part of it, and how it is turned (ISO 32000-1, 14.11.2 and table 30).
struct View {
    /// Left, bottom, right, top of what is seen.
    shown: [f64; 4],
    /// Quarter turns clockwise.
    turns: i64,
}

impl View {
    fn of(builder: &Builder, page: ObjectId) -> Result<Self, MergeError> {
        let page = builder.document.get_dictionary(page)?;
        let sides = |key: &[u8]| {
            let list = array(&builder.document, page.get(key).ok());
            let sides: Vec<f64> = list.iter().filter_map(|s| s.as_float().ok()).map(f64::from).collect();
            let [a, b, c, d] = <[f64; 4]>::try_from(sides).ok()?;
            Some([a.min(c), b.min(d), a.max(c), b.max(d)])
        };
        let media = sides(b"MediaBox").unwrap_or([0.0, 0.0, 595.0, 842.0]);
        let crop = sides(b"CropBox").unwrap_or(media);
        let both = [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
        let shown = if both[0] < both[2] && both[1] < both[3] { both } else { media };
        let turned = page.get(b"Rotate").ok().and_then(|r| builder.document.dereference(r).ok());
        let turned = turned.and_then(|(_, r)| r.as_i64().ok()).unwrap_or(0);
        Ok(Self { shown, turns: (turned / 90).rem_euclid(4) })
    }

    /// From the page as it is seen to the page's own space.
    fn matrix(&self) -> [f64; 6] {
        let [left, bottom, right, top] = self.shown;
        match self.turns {
            1 => [0.0, 1.0, -1.0, 0.0, right, bottom],
            2 => [-1.0, 0.0, 0.0, -1.0, right, top],
            3 => [0.0, -1.0, 1.0, 0.0, left, top],
            _ => [1.0, 0.0, 0.0, 1.0, left, bottom],
        }
    }

    fn rectangle(&self, [left, bottom, right, top]: [f64; 4]) -> [f64; 4] {
        let [a, b, c, d, e, f] = self.matrix();
        let at = |x: f64, y: f64| (a * x + c * y + e, b * x + d * y + f);
        let ((x0, y0), (x1, y1)) = (at(left, bottom), at(right, top));
        [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]
    }
}

/// Each page of the overlay as a form (ISO 32000-1, 8.10).
fn forms(builder: &mut Builder, pdf: &[u8]) -> Result<Vec<ObjectId>, MergeError> {
    let mut source = Document::load_mem(pdf)?;
    number::renumber(&mut source, builder.document.max_id + 1);
    builder.document.max_id = source.max_id;
    let mut forms = Vec::new();
    for page in source.page_iter().collect::<Vec<_>>() {
        let page = source.get_dictionary(page)?;
        let size = page.get(b"MediaBox")?.clone();
        let resources = page.get(b"Resources").cloned().unwrap_or_else(|_| Dictionary::new().into());
        let content = page.get(b"Contents").and_then(Object::as_reference)?;
        let Ok(Object::Stream(content)) = source.get_object(content) else {
            return Err(MergeError::new("an overlay page has no single content"));
        };
        let mut form = content.clone();
        form.dict.set("Type", "XObject");
        form.dict.set("Subtype", "Form");
        form.dict.set("BBox", size);
        form.dict.set("Resources", resources);
        forms.push(builder.document.add_object(form));
    }
    for (id, object) in source.objects {
        let unused =
            matches!(object.type_name(), Ok(b"ObjStm" | b"XRef" | b"Pages" | b"Page" | b"Catalog" | b"Metadata"));
        if !unused {
            builder.document.objects.insert(id, object);
        }
    }
    Ok(forms)
}

fn add_resource(builder: &mut Builder, page: ObjectId, name: &str, form: ObjectId) -> Result<(), MergeError> {
    let document = &mut builder.document;
    let found = document.get_dictionary(page)?.get(b"Resources").ok();
    let mut resources = dict(document, found).cloned().unwrap_or_default();
    let mut objects = dict(document, resources.get(b"XObject").ok()).cloned().unwrap_or_default();
    objects.set(name, form);
    resources.set("XObject", objects);
    document.get_dictionary_mut(page)?.set("Resources", resources);
    Ok(())
}

/// The link's annotation and structure element; gives its marked-content number on the page.
fn add_link(
    builder: &mut Builder,
    page: ObjectId,
    target: ObjectId,
    section: ObjectId,
    (rectangle, title): ([f64; 4], &str),
) -> Result<i64, MergeError> {
    let element = builder.document.new_object_id();
    let key = builder.next_parent;
    builder.next_parent += 1;
    let rectangle: Vec<Object> = rectangle.iter().map(|&v| Object::Real(v as f32)).collect();
    let annotation = builder.document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => rectangle,
        "Border" => vec![0.into(), 0.into(), 0.into()],
        "F" => 4,
        "Contents" => text_string(title),
        "StructParent" => key,
        "Dest" => vec![target.into(), "XYZ".into(), Object::Null, Object::Null, Object::Null],
    });
    let mark = add_mark(builder, page, element)?;
    let reference = dictionary! { "Type" => "OBJR", "Obj" => annotation, "Pg" => page };
    builder.document.objects.insert(
        element,
        dictionary! {
            "Type" => "StructElem",
            "S" => "Link",
            "P" => section,
            "Pg" => page,
            "K" => vec![mark.into(), reference.into()],
        }
        .into(),
    );
    builder.parents.insert(key, element.into());
    let kids = builder.document.get_dictionary_mut(section)?.get_mut(b"K")?.as_array_mut()?;
    kids.push(element.into());
    let document = &mut builder.document;
    let found = document.get_dictionary(page)?.get(b"Annots").ok();
    let mut annotations = found
        .and_then(|o| document.dereference(o).ok())
        .and_then(|(_, o)| o.as_array().ok())
        .cloned()
        .unwrap_or_default();
    annotations.push(annotation.into());
    let page = document.get_dictionary_mut(page)?;
    page.set("Annots", annotations);
    page.set("Tabs", "S");
    Ok(mark)
}

/// A further marked-content number of a page, for `element`.
fn add_mark(builder: &mut Builder, page: ObjectId, element: ObjectId) -> Result<i64, MergeError> {
    let key = match builder.document.get_dictionary(page)?.get(b"StructParents").and_then(Object::as_i64) {
        Ok(key) => key,
        Err(_) => {
            let key = builder.next_parent;
            builder.next_parent += 1;
            builder.document.get_dictionary_mut(page)?.set("StructParents", key);
            key
        }
    };
    let mut marks = match builder.parents.get(&key) {
        Some(found) => builder.document.dereference(found)?.1.as_array()?.clone(),
        None => Vec::new(),
    };
    marks.push(element.into());
    let mark = marks.len() as i64 - 1;
    builder.parents.insert(key, marks.into());
    Ok(mark)
}

/// Puts the page's own content in brackets, so that its coordinates end with it, and adds to it.
fn wrap_content(builder: &mut Builder, page: ObjectId, after: String) -> Result<(), MergeError> {
    let document = &mut builder.document;
    let own = match document.get_dictionary(page)?.get(b"Contents") {
        Ok(Object::Reference(id)) => match document.get_object(*id)? {
            Object::Array(items) => items.clone(),
            _ => vec![Object::Reference(*id)],
        },
        Ok(Object::Array(items)) => items.clone(),
        _ => Vec::new(),
    };
    let mut before = b"q\n".to_vec();
    let (missing, surplus) = unbalanced(document, page);
    before.extend(b"q ".repeat(surplus));
    let after = format!("{}{after}", " Q".repeat(missing));
    let before = document.add_object(Stream::new(Dictionary::new(), before));
    let after = document.add_object(Stream::new(Dictionary::new(), after.into_bytes()));
    let mut contents = vec![Object::Reference(before)];
    contents.extend(own);
    contents.push(after.into());
    document.get_dictionary_mut(page)?.set("Contents", contents);
    Ok(())
}

/// How many graphics states a page leaves open, and how many it closes that it never opened. Pages of others may.
fn unbalanced(document: &Document, page: ObjectId) -> (usize, usize) {
    let foreign = !document.get_dictionary(page).is_ok_and(|p| p.has(b"StructParents"));
    let content = foreign.then(|| document.get_page_content(page));
    let Some(content) = content.and_then(|c| lopdf::content::Content::decode(&c).ok()) else { return (0, 0) };
    let (mut open, mut surplus) = (0_usize, 0);
    for operation in &content.operations {
        match operation.operator.as_str() {
            "q" => open += 1,
            "Q" if open > 0 => open -= 1,
            "Q" => surplus += 1,
            _ => {}
        }
    }
    (open, surplus)
}
