//! Signature fields in freshly rendered files.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sigill_layout::SignatureField;
use sigill_sign::{Error, FieldSpec, reserve};

/// Which signature blocks become fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Reserve {
    /// De som ska undertecknas digitalt · Those to be signed digitally
    #[default]
    Digital,
    /// Alla · All
    All,
    /// Inga · None
    None,
}

/// Adds a tagged, empty field to a PDF at each block that gets one.
pub(crate) fn apply(pdf: &mut Vec<u8>, blocks: &[SignatureField], reserve_what: Reserve) -> Result<(), Error> {
    let wanted = |field: &&SignatureField| match reserve_what {
        Reserve::Digital => field.method == "digital",
        Reserve::All => true,
        Reserve::None => false,
    };
    let specs: Vec<_> = blocks.iter().filter(wanted).map(spec).collect();
    if !specs.is_empty() {
        *pdf = reserve(pdf, &specs)?;
    }
    Ok(())
}

fn spec(field: &SignatureField) -> FieldSpec {
    let whose = if field.label.is_empty() { &field.id } else { &field.label };
    let label = format!("Elektronisk underskrift: {whose}");
    FieldSpec { name: field.id.clone(), page: field.page, rect: field.rect, label }
}
