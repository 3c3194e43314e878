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
mod raster;
mod record;
mod report;
mod slot;
pub(crate) mod survey;
mod tags;
mod write;

pub use report::{FileReport, PageReport, Refused, Route};
pub use slot::Slot;
pub use survey::Losses;

use hayro_interpret::hayro_syntax::page::Page as SourcePage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::TagTree;
use krilla::{Document, SerializeSettings};
use lopdf::Document as Objects;

use fonts::Fonts;
use raster::page_picture;
use record::{Recorded, record};
use survey::{Heading, Survey};
use write::{WriteMode, Writer};

/// A foreign file: its bytes, and what the pack knows of it.
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

/// A converted file: a foreign file written anew, and the report on it.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// What became of it.
    pub report: FileReport,
    /// Whether the original is signed and keeps to PDF/A, so that it may lie in an archive copy untouched.
    pub archival: bool,
}

/// Most pages of one file.
pub const MAX_PAGES: usize = 2_000;
/// Longest side of a page in points: 200 inches (ISO 32000-1, annex C).
const MAX_SIDE: f32 = 14_400.0;
/// Shortest side.
const MIN_SIDE: f32 = 3.0;
/// A foreign file, opened and found to be within limits: once for what its pages draw, once for its objects.
struct Opened {
    pdf: Pdf,
    /// Its objects; none when they cannot be read as a whole.
    objects: Option<Objects>,
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
    let (objects, survey) = survey::survey(foreign.bytes, password, pages.len());
    Ok(Opened { pdf, objects, survey })
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

/// A file made ready for a reading copy.
pub(crate) enum Copied {
    /// As it is, without what acts by itself.
    AsItIs {
        /// The PDF.
        pdf: Vec<u8>,
        /// What became of it.
        report: FileReport,
    },
    /// Written anew, since readers would stumble over it: it is damaged.
    Anew(Converted),
}

/// Makes a file ready to go into a reading copy as it is.
///
/// # Errors
/// When it cannot be read, or is more than a pack takes.
pub(crate) fn copy(foreign: &Foreign<'_>) -> Result<Copied, Refused> {
    match open(foreign)? {
        Opened { pdf, objects: Some(objects), survey } => {
            let report = as_it_is(&pdf, survey, Route::Copied);
            Ok(Copied::AsItIs { pdf: crate::copy::without_actions(objects)?, report })
        }
        damaged => convert_opened(damaged, foreign).map(Copied::Anew),
    }
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
fn keeps_standards(foreign: &Foreign<'_>, opened: &Opened) -> bool {
    let Opened { objects: Some(objects), survey, .. } = opened else { return false };
    if foreign.password.is_some() || survey.losses != Losses::default() {
        return false;
    }
    let verdict = crate::verdict::of(objects);
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
    convert_opened(open(foreign)?, foreign)
}

fn convert_opened(opened: Opened, foreign: &Foreign<'_>) -> Result<Converted, Refused> {
    let kept = keeps_standards(foreign, &opened);
    let Opened { pdf, objects, survey } = opened;
    if kept {
        let report = as_it_is(&pdf, survey, Route::Kept);
        return Ok(Converted { report, pdf: foreign.bytes.to_vec(), archival: false });
    }
    let signed = survey.losses.signatures > 0;
    let archival = signed && objects.is_some_and(|objects| crate::verdict::of(&objects).archival());
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
        let backdrop = if recorded.beyond { Some(page_picture(page, &settings)?) } else { None };
        let setting = PageSettings::from_wh(width, height).ok_or(Refused::PageSize(number + 1))?;
        let mut target = document.start_page_with(setting);
        let mut surface = target.surface();
        let manner = if recorded.beyond { WriteMode::TextOnly } else { WriteMode::Whole };
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
        parts.extend(tags::of_page(read, links, number, foreign.title, foreign.alt));
        reports.push(page_report(page, recorded, &fonts, &settings, &mut drawn, route(recorded)));
    }
    let mut tree = TagTree::new();
    parts.into_iter().for_each(|part| tree.push(part));
    document.set_tag_tree(tree);
    document.set_metadata(metadata(foreign));
    document.set_outline(outline(foreign, &survey.headings));
    let pdf = document.finish().map_err(|e| Refused::Writing(format!("{e:?}")))?;
    Ok(Converted { pdf, report: FileReport { pages: reports, losses: survey.losses }, archival })
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
