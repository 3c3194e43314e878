//! From a checked report to a tagged, archival PDF: the Typst world, layout packages, profiles, export.
//!
//! Knows neither signing nor HTTP nor clocks. An [`Engine`] holds fonts and layouts and renders any number of reports;
//! the same report gives the same bytes.

mod appearance;
mod blame;
mod engine;
mod extract;
mod files;
mod fonts;
mod images;
mod layouts;
mod manifest;
mod overlay;
mod standard;
mod world;

pub use appearance::Appearance;
pub use engine::{Checked, Engine, Input, Options, Outcome, Rendered, SignatureField};
pub use extract::{ExtractError, extract_model};
pub use files::{Folder, NoFiles, ReportFiles};
pub use fonts::Fonts;
pub use layouts::{KindLayout, LayoutError, Layouts};
pub use overlay::{Mark, MarkStyle, OverlayPage, Sheet, Side};
pub use standard::Standard;
