//! Kallelse packs: foreign PDFs written anew so that they keep to the standards, and one tagged PDF of many.
//!
//! [`foreign::convert`] takes a PDF of any origin and gives one that is PDF/A-2a and PDF/UA-1. [`merge::merge`] joins
//! such PDFs, and those of `sigill-layout`, to one that still is both. [`gather::gather`] makes a pack of a kallelse and
//! all that it names.
//!
//! ```
//! use sigill_pack::foreign::{Foreign, Refused, convert};
//!
//! let foreign = Foreign { bytes: b"no PDF", title: "Karta", password: None, alt: None, date: (2026, 3, 2) };
//! assert_eq!(convert(&foreign).map(|converted| converted.pdf), Err(Refused::NotPdf));
//! ```

mod copy;
pub mod foreign;
pub mod gather;
mod marks;
pub mod merge;
mod messages;
mod objects;
mod picture;
pub mod proof;
pub mod reader;
pub mod report;
mod stamps;
pub mod store;
pub mod verdict;
