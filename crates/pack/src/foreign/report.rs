//! What became of a foreign file, page by page, or why it cannot go in.

use serde::{Deserialize, Serialize};

use super::slot::Slot;
use super::survey::Losses;

/// The route by which a page went into the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// Text with its outlines, lines and pictures as they are.
    Whole,
    /// One scanned JPEG, byte for byte.
    Scan,
    /// As a picture of the page, with its text unseen above.
    Picture,
    /// The page itself with its own fonts and tags: it keeps to the standards already.
    Kept,
    /// The page itself, unchanged: in the reading copy.
    Copied,
}

/// The report on one page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageReport {
    /// How it went in.
    pub route: Route,
    /// Whether it has text.
    pub text: bool,
    /// Whether a picture on it could not be read.
    pub lost_picture: bool,
    /// Whether it has text that stands out too little from its ground.
    pub low_contrast: bool,
    /// Width and height in points.
    pub size: (f64, f64),
    /// Where its margins are free for stamps.
    pub free: Vec<Slot>,
}

/// The report on a foreign file: its pages, and what was lost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileReport {
    /// Its pages.
    pub pages: Vec<PageReport>,
    /// What did not come along.
    pub losses: Losses,
}

/// The reason why a file cannot go in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// Not a PDF, or damaged beyond reading.
    NotPdf,
    /// Needs a password, or another one.
    Password,
    /// Protected in a way nobody reads.
    Protection,
    /// It has no pages.
    Empty,
    /// More pages than a pack takes.
    TooManyPages(usize),
    /// A page beyond what PDF allows: which, from 1.
    PageSize(usize),
    /// The writer refused it.
    Writing(String),
    /// It took more time or memory than one file may.
    Limits,
}
