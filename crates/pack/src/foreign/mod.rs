//! PDFs of others, written anew so that they keep to PDF/A-2a and PDF/UA-1 inside the pack.
//!
//! Every page is interpreted and written again: its text with fonts made from the outlines it draws, its
//! JPEG pictures byte for byte, its lines and surfaces as they are. What cannot be kept that way (patterns, masks, blend
//! modes) makes the page a picture with its text unseen above. The text is tagged line by line, in the order of the
//! file; a page without any is a figure with a text alternative.

mod fonts;
mod lines;
mod links;
mod look;
mod pictures;
mod record;
pub(crate) mod survey;
mod write;

pub use look::Slot;
pub use survey::Losses;

use hayro::RenderSettings;
use hayro::vello_cpu::Pixmap;
use hayro_interpret::hayro_syntax::page::Page as SourcePage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{Identifier, Node, Tag, TagGroup, TagKind, TagTree};
use krilla::{Document, SerializeSettings};
use serde::{Deserialize, Serialize};

use fonts::Fonts;
use pictures::Picture;
use record::{Recorded, record};
use survey::{Heading, Survey};
use write::{Manner, Read, Writer};

/// What is known of a foreign file beside its bytes.
pub struct Foreign<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// Its title in the pack.
    pub title: &'a str,
    /// The password it opens with.
    pub password: Option<&'a str>,
    /// What its pages show, for pages without text.
    pub alt: Option<&'a str>,
    /// Year, month and day of the pack.
    pub date: (u16, u8, u8),
}

/// How a page went in.
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

/// What became of a page.
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

/// A foreign file written anew.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// What became of it.
    pub report: FileReport,
}

/// What became of a foreign file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileReport {
    /// Its pages.
    pub pages: Vec<PageReport>,
    /// What did not come along.
    pub losses: Losses,
}

/// Why a file cannot go in.
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

/// Most pages of one file.
pub const MAX_PAGES: usize = 2_000;
/// Longest side of a page in points: 200 inches (ISO 32000-1, annex C).
const MAX_SIDE: f32 = 14_400.0;
/// Shortest side.
const MIN_SIDE: f32 = 3.0;
/// Resolution of pages that become pictures, in dots per inch.
const RESOLUTION: f32 = 150.0;
/// Longest side of such a picture, in dots.
const MAX_DOTS: f32 = 6_000.0;

/// A foreign file, opened and found to be within limits.
struct Opened {
    pdf: Pdf,
    survey: Survey,
}

fn open(foreign: &Foreign<'_>) -> Result<Opened, Refused> {
    let password = foreign.password.unwrap_or_default();
    let pdf = Pdf::new_with_password(foreign.bytes.to_vec(), password).map_err(refusal)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(Refused::Empty);
    }
    if pages.len() > MAX_PAGES {
        return Err(Refused::TooManyPages(pages.len()));
    }
    if let Some(at) = pages.iter().position(|p| !fits(p.render_dimensions())) {
        return Err(Refused::PageSize(at + 1));
    }
    let survey = survey::survey(foreign.bytes, password, pages.len());
    Ok(Opened { pdf, survey })
}

/// What a page is like, beside how it goes in.
fn page_report(
    page: &SourcePage<'_>,
    recorded: &Recorded,
    fonts: &Fonts,
    settings: &InterpreterSettings,
    drawn: &mut usize,
    route: Route,
) -> PageReport {
    let (width, height) = page.render_dimensions();
    let unseen = |op: &record::Op| matches!(op, record::Op::Picture { picture, .. } if picture.ink.is_none());
    let pictures = recorded.beyond || recorded.ops.iter().any(unseen);
    *drawn += usize::from(pictures);
    PageReport {
        route,
        text: recorded.has_text(),
        lost_picture: recorded.lost_picture,
        low_contrast: look::low_contrast(recorded),
        size: (f64::from(width), f64::from(height)),
        free: look::free(page, recorded, fonts, settings, *drawn <= look::MAX_DRAWN),
    }
}

/// Looks at a file that goes into a reading copy as it is.
///
/// # Errors
/// When it cannot be read, or is more than a pack takes.
pub fn examine(foreign: &Foreign<'_>) -> Result<FileReport, Refused> {
    let Opened { pdf, survey } = open(foreign)?;
    Ok(as_it_is(&pdf, survey, Route::Copied))
}

/// What is to be said of a file that goes in unchanged.
fn as_it_is(pdf: &Pdf, survey: Survey, route: Route) -> FileReport {
    let settings = InterpreterSettings::default();
    let cache = InterpreterCache::new();
    let mut fonts = Fonts::default();
    let mut drawn = 0;
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        let recorded = record(page, &cache, &settings, &mut fonts, true);
        pages.push(page_report(page, &recorded, &fonts, &settings, &mut drawn, route));
    }
    FileReport { pages, losses: survey.losses }
}

/// Whether a file can go in as it is: it claims both standards, keeps them as far as we can see, has nothing that must
/// be left behind, and was written by an exporter that validates what it writes. A claim alone is too often wrong.
fn keeps_standards(foreign: &Foreign<'_>, survey: &Survey) -> bool {
    if foreign.password.is_some() || survey.losses != Losses::default() {
        return false;
    }
    let verdict = crate::verdict::examine(foreign.bytes);
    verdict.archival() && verdict.accessible() && verdict.validating_exporter
}

/// The text of a file, a page each, in the order of the file; for searching.
///
/// # Errors
/// When it cannot be read.
pub fn text(foreign: &Foreign<'_>) -> Result<Vec<String>, Refused> {
    let pdf = Pdf::new_with_password(foreign.bytes.to_vec(), foreign.password.unwrap_or_default()).map_err(refusal)?;
    let settings = InterpreterSettings::default();
    let cache = InterpreterCache::new();
    let mut fonts = Fonts::default();
    let pages = pdf.pages().iter().map(|page| {
        let recorded = record(page, &cache, &settings, &mut fonts, true);
        lines::text(&recorded.ops, &fonts)
    });
    Ok(pages.collect())
}

/// Writes a foreign PDF anew.
///
/// # Errors
/// When it cannot be read, or is more than a pack takes.
pub fn convert(foreign: &Foreign<'_>) -> Result<Converted, Refused> {
    let Opened { pdf, survey } = open(foreign)?;
    if keeps_standards(foreign, &survey) {
        return Ok(Converted { report: as_it_is(&pdf, survey, Route::Kept), pdf: foreign.bytes.to_vec() });
    }
    let pages = pdf.pages();
    let settings = InterpreterSettings::default();
    let cache = InterpreterCache::new();
    let mut fonts = Fonts::default();
    let recorded: Vec<_> = pages.iter().map(|page| record(page, &cache, &settings, &mut fonts, false)).collect();
    let built = fonts.build();
    let mut document = Document::new_with(serialize_settings()?);
    let (mut reports, mut parts, mut drawn) = (Vec::new(), Vec::new(), 0);
    for (number, (page, recorded)) in pages.iter().zip(&recorded).enumerate() {
        let (width, height) = page.render_dimensions();
        let backdrop = if recorded.beyond { Some(picture_of(page, &settings)?) } else { None };
        let setting = PageSettings::from_wh(width, height).ok_or(Refused::PageSize(number + 1))?;
        let mut target = document.start_page_with(setting);
        let mut surface = target.surface();
        let manner = if recorded.beyond { Manner::TextOnly } else { Manner::Whole };
        let area = f64::from(width) * f64::from(height);
        let mut writer = Writer::new(&mut surface, &fonts, &built, manner, !recorded.has_text(), area);
        if let Some(picture) = &backdrop {
            writer.backdrop(picture, f64::from(width), f64::from(height));
        }
        let read = writer.run(&recorded.ops);
        surface.finish();
        let mut links: Vec<_> = read.iter().map(|_| Vec::new()).collect();
        let jumps = survey.jumps.get(&number).map_or(&[][..], Vec::as_slice);
        for link in links::of(page).into_iter().chain(links::within(page, jumps)) {
            if let Some(at) = links::words(&link, &read) {
                links[at].extend(links::add(link, &mut target));
            }
        }
        target.finish();
        parts.extend(tags(read, links, number, foreign));
        reports.push(page_report(page, recorded, &fonts, &settings, &mut drawn, route(recorded)));
    }
    let mut tree = TagTree::new();
    parts.into_iter().for_each(|part| tree.push(part));
    document.set_tag_tree(tree);
    document.set_metadata(metadata(foreign));
    document.set_outline(outline(foreign, &survey.headings));
    let pdf = document.finish().map_err(|e| Refused::Writing(format!("{e:?}")))?;
    Ok(Converted { pdf, report: FileReport { pages: reports, losses: survey.losses } })
}

/// One bookmark for the file, and its own below it.
fn outline(foreign: &Foreign<'_>, headings: &[Heading]) -> Outline {
    fn node(title: &str, page: usize, below: &[Heading]) -> OutlineNode {
        let mut out = OutlineNode::new(title.to_owned(), XyzDestination::new(page, Point::from_xy(0.0, 0.0)));
        below.iter().for_each(|h| out.push_child(node(&h.title, h.page, &h.below)));
        out
    }
    let mut outline = Outline::new();
    outline.push_child(node(foreign.title, 0, headings));
    outline
}

fn refusal(error: LoadPdfError) -> Refused {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Refused::Password,
        LoadPdfError::Decryption(_) => Refused::Protection,
        LoadPdfError::Invalid => Refused::NotPdf,
    }
}

fn fits((width, height): (f32, f32)) -> bool {
    (MIN_SIDE..=MAX_SIDE).contains(&width) && (MIN_SIDE..=MAX_SIDE).contains(&height)
}

fn serialize_settings() -> Result<SerializeSettings, Refused> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| Refused::Writing(format!("{e:?}")))?;
    Ok(SerializeSettings { no_device_cs: true, configuration, enable_tagging: true, ..SerializeSettings::default() })
}

fn metadata(foreign: &Foreign<'_>) -> Metadata {
    let (year, month, day) = foreign.date;
    Metadata::new()
        .title(foreign.title.to_owned())
        .language("sv-SE".to_owned())
        .creation_date(DateTime::new(year).month(month).day(day))
}

fn route(recorded: &Recorded) -> Route {
    if recorded.beyond {
        return Route::Picture;
    }
    let mut drawn = recorded.ops.iter().filter(|op| match op {
        record::Op::Glyph(glyph) => !glyph.invisible,
        record::Op::Fill { .. } | record::Op::Stroke { .. } | record::Op::Picture { .. } => true,
        _ => false,
    });
    match (drawn.next(), drawn.next()) {
        (Some(record::Op::Picture { picture, .. }), None) if picture.kept => Route::Scan,
        _ => Route::Whole,
    }
}

/// A page drawn on white, `scale` dots to the point.
fn drawn(page: &SourcePage<'_>, settings: &InterpreterSettings, scale: f32) -> Pixmap {
    let render = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: hayro::vello_cpu::color::palette::css::WHITE,
        ..Default::default()
    };
    hayro::render(page, &hayro::RenderCache::new(), settings, &render)
}

/// The whole page as the eye sees it.
fn picture_of(page: &SourcePage<'_>, settings: &InterpreterSettings) -> Result<Picture, Refused> {
    let (width, height) = page.render_dimensions();
    let scale = (RESOLUTION / 72.0).min(MAX_DOTS / width.max(height));
    let pixmap = drawn(page, settings, scale);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let pixels = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
    Picture::from_rgb(pixels, width, height).map_err(Refused::Writing)
}

/// Paragraphs and figures of a page.
fn tags(read: Vec<Read>, links: Vec<Vec<Identifier>>, number: usize, foreign: &Foreign<'_>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    let mut paragraph: Option<(TagGroup, ([f64; 4], f64))> = None;
    for (part, links) in read.into_iter().zip(links) {
        match part {
            Read::Line { id, upright: frame, size, .. } => {
                let fresh = paragraph.as_ref().is_none_or(|(_, last)| lines::new_paragraph(*last, (frame, size)));
                if fresh && let Some((done, _)) = paragraph.take() {
                    out.push(done.into());
                }
                let (group, last) = paragraph.get_or_insert_with(|| (TagGroup::new(Tag::P), (frame, size)));
                if links.is_empty() {
                    group.push(id);
                } else {
                    let mut link = TagGroup::new(Tag::Link);
                    link.push(id);
                    links.into_iter().for_each(|annotation| link.push(annotation));
                    group.push(link);
                }
                *last = (frame, size);
            }
            Read::Figure(id) => {
                if let Some((done, _)) = paragraph.take() {
                    out.push(done.into());
                }
                let alt = match foreign.alt {
                    Some(alt) => format!("{alt} (sida {})", number + 1),
                    None => format!("Bild på sida {} i bilagan {}", number + 1, foreign.title),
                };
                let mut group = TagGroup::new(TagKind::from(Tag::Figure(Some(alt))));
                group.push(id);
                out.push(group.into());
            }
        }
    }
    out.extend(paragraph.map(|(done, _)| Node::from(done)));
    out
}
