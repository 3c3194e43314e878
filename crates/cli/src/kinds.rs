//! Finding what the layouts at hand have.

use sigill_layout::{KindLayout, LayoutError, Layouts};
use sigill_model::Lang;
use sigill_model::suggest::did_you_mean;

use crate::exit::{Exit, Stop};

pub(crate) fn find(layouts: &Layouts, name: &str) -> Result<KindLayout, Stop> {
    match layouts.kind(name) {
        Some(Ok(kind)) => Ok(kind),
        Some(Err(e)) => Err(Stop(Exit::Usage, fault(&e))),
        None => {
            let meant = did_you_mean(name, &layouts.kind_names());
            Err(Stop::usage(format!("det finns ingen dokumenttyp ”{name}”; {}", meant.get(Lang::Sv))))
        }
    }
}

/// A fault of a layout, with its file and the remedy where there is one.
pub(crate) fn fault(e: &LayoutError) -> String {
    let text = format!("{}: {}", e.file, e.diagnostic.message(Lang::Sv));
    match e.diagnostic.remedy(Lang::Sv) {
        "" => text,
        remedy => format!("{text}\n  = hjälp: {remedy}"),
    }
}
