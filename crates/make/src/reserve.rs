//! Signature fields in freshly rendered files.

use sigill_layout::SignatureField;
use sigill_orders::Reserve;
use sigill_sign::{FieldSpec, reserve};

use crate::error::Error;
use crate::messages;

/// Adds a tagged, empty field to a PDF at each block that gets one.
pub(crate) fn apply(pdf: &mut Vec<u8>, blocks: &[SignatureField], which: Reserve) -> Result<(), Error> {
    let wanted = |field: &&SignatureField| match which {
        Reserve::Digital => field.method == "digital",
        Reserve::All => true,
        Reserve::None => false,
    };
    let specs: Vec<_> = blocks.iter().filter(wanted).map(spec).collect();
    if !specs.is_empty() {
        *pdf = reserve(pdf, &specs).map_err(|e| Error::system(&messages::failed::Fields { reason: &e.message }))?;
    }
    Ok(())
}

fn spec(field: &SignatureField) -> FieldSpec {
    let whose = if field.label.is_empty() { &field.id } else { &field.label };
    let label = format!("Elektronisk underskrift: {whose}");
    FieldSpec { name: field.id.clone(), page: field.page, rect: field.rect, label }
}
