//! From a checked report to a tagged, archival PDF: the Typst world, layout packages, profiles, export.
//!
//! Knows neither signing nor HTTP nor clocks. An [`Engine`] holds fonts and layouts and renders any number of reports;
//! the same report gives the same bytes.
//!
//! ```
//! use sigill_layout::{Engine, Fonts, Input, Layouts, NoFiles, Options};
//! use sigill_model::json::Source;
//!
//! let engine = Engine::new(Fonts::new(Vec::new()), Layouts::embedded());
//! let source = Source::parse(br#"{"kind": "dokument", "profile": "exempel"}"#);
//! let outcome = engine.render(&Input { source: &source, files: &NoFiles }, &Options::default());
//! // Fields are missing: that is told with its place, and no PDF comes out.
//! assert!(outcome.diagnostics.iter().any(|d| d.is_error()) && outcome.rendered.is_none());
//! ```

mod appearance;
mod attached;
mod blame;
mod engine;
mod extract;
mod files;
mod filters;
mod fonts;
mod images;
mod jpeg;
mod layouts;
mod manifest;
mod overlay;
mod proof;
mod standard;
mod world;

pub use appearance::Appearance;
pub use engine::{CheckedReport, Engine, Input, Options, RenderOutcome, RenderedDocument, SignatureField};
pub use extract::{ExtractError, extract_model};
pub use files::{Folder, NoFiles, ReportFiles};
pub use fonts::Fonts;
pub use layouts::{KindLayout, LayoutError, Layouts};
pub use overlay::{MarkStyle, OverlayMark, OverlayPage, Sheet, Side};
pub use standard::Standard;
