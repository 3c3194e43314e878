//! Finding what the layouts at hand have.

use sigill_layout::{KindLayout, LayoutError, Layouts};
use sigill_model::suggest::did_you_mean;

use crate::exit::{Exit, Stop};

pub(crate) fn find(layouts: &Layouts, name: &str) -> Result<KindLayout, Stop> {
    match layouts.kind(name) {
        Some(Ok(kind)) => Ok(kind),
        Some(Err(e)) => Err(Stop(Exit::Usage, fault(&e))),
        None => {
            let (sv, _) = did_you_mean(name, &layouts.kind_names());
            Err(Stop::usage(format!("det finns ingen dokumenttyp ”{name}”; {sv}")))
        }
    }
}

/// A fault of a layout, with its file.
pub(crate) fn fault(e: &LayoutError) -> String {
    format!("{}: {}", e.file, e.diagnostic.message_sv)
}
