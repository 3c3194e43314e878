//! The signature fields of a file, for those who choose among them.

use lopdf::Object;

use crate::error::Result;
use crate::pdf::{Pdf, fields, get, text};

/// A signature field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldInfo {
    /// Its name.
    pub name: String,
    /// What it is, for those who do not see it.
    pub label: Option<String>,
    /// Width and height in points; zero when it is not seen.
    pub size: (f64, f64),
    /// Whether it is signed.
    pub signed: bool,
}

/// The signature fields of a file, in the order of its form.
///
/// # Errors
/// When the file cannot be read.
pub fn fields(pdf: &[u8]) -> Result<Vec<FieldInfo>> {
    let pdf = Pdf::load(pdf)?;
    let document = &pdf.document;
    let all = fields::all(document).into_iter().map(|field| {
        let dictionary = document.get_dictionary(field.id).ok();
        let side = |rect: &[Object], low: usize| {
            let at = |i: usize| rect.get(i).and_then(|o| o.as_float().ok()).map(f64::from).unwrap_or_default();
            (at(low + 2) - at(low)).abs()
        };
        let rect = dictionary.and_then(|d| get(document, d, b"Rect")?.as_array().ok());
        FieldInfo {
            label: dictionary.and_then(|d| text(get(document, d, b"TU")?)),
            size: rect.map_or((0.0, 0.0), |r| (side(r, 0), side(r, 1))),
            signed: field.value.is_some(),
            name: field.name,
        }
    });
    Ok(all.collect())
}
