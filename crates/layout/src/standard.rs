//! PDF standards to export to.

pub use sigill_orders::Standard;
use typst_pdf::PdfStandard;

/// What the exporter calls the parts of a standard.
pub(crate) fn parts(standard: Standard) -> &'static [PdfStandard] {
    match standard {
        Standard::A2aUa1 => &[PdfStandard::A_2a, PdfStandard::Ua_1],
        Standard::A3aUa1 => &[PdfStandard::A_3a, PdfStandard::Ua_1],
        Standard::A2u => &[PdfStandard::A_2u],
        Standard::A1a => &[PdfStandard::A_1a],
        Standard::A1b => &[PdfStandard::A_1b],
        Standard::None => &[],
    }
}
