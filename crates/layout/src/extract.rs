//! The attached model, back out of a PDF/A-3a file.

use lopdf::{Dictionary, Document, Object};

/// Why no model came out.
#[derive(Debug)]
pub enum ExtractError {
    /// Not a PDF, or a broken one.
    NotPdf(String),
    /// No model is attached.
    NoModel,
}

/// The model that was attached when the PDF was made: the first attached file that is the source of the document.
///
/// # Errors
/// When the file is no PDF or has no model.
pub fn extract_model(pdf: &[u8]) -> Result<Vec<u8>, ExtractError> {
    let document = Document::load_mem(pdf).map_err(|e| ExtractError::NotPdf(e.to_string()))?;
    let catalog = document.catalog().map_err(|e| ExtractError::NotPdf(e.to_string()))?;
    let files = catalog.get(b"AF").and_then(|o| document.dereference(o)).ok();
    let files = files.and_then(|(_, o)| o.as_array().ok()).ok_or(ExtractError::NoModel)?;
    files.iter().find_map(|f| source_file(&document, f)).ok_or(ExtractError::NoModel)
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

fn source_file(document: &Document, object: &Object) -> Option<Vec<u8>> {
    let specification = dictionary(document, object)?;
    if specification.get(b"AFRelationship").ok()?.as_name().ok()? != b"Source" {
        return None;
    }
    let embedded = dictionary(document, specification.get(b"EF").ok()?)?;
    let stream = embedded.get(b"F").or_else(|_| embedded.get(b"UF")).ok()?;
    let stream = document.dereference(stream).ok()?.1.as_stream().ok()?;
    stream.get_plain_content().ok()
}
