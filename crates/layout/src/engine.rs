//! Checking and rendering reports.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigill_model::diagnostic::has_errors;
use sigill_model::json::{Node, NodeValue, Source as ReportSource, tidy};
use sigill_model::kinds::Document;
use sigill_model::messages::{lay001, lay002, mod001, mod002, pdf001, txt001};
use sigill_model::place::{push_index, push_token};
use sigill_model::prepare::{Metadata, Preparation, PreparedReport, kind_of, prepare};
use sigill_model::profile::Profile;
use sigill_model::suggest::did_you_mean;
use sigill_model::{Diagnostic, Localize};
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Bytes, Label, Selector, Smart};
use typst::introspection::{Introspector, MetadataElem};
use typst::syntax::Source;
use typst::utils::{LazyHash, PicoStr};
use typst::{Feature, Library, LibraryExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandards};

use crate::attached::attached_model;
use crate::blame;
use crate::files::ReportFiles;
use crate::fonts::Fonts;
use crate::images::{self, Inspected};
use crate::layouts::{KindLayout, LayoutError, Layouts, file_id};
use crate::proof;
use crate::standard::{self, Standard};
use crate::world::ReportWorld;

/// The input of a rendering: a model and the files it names.
pub struct Input<'a> {
    /// Its model, read once.
    pub source: &'a ReportSource,
    /// Where its pictures lie.
    pub files: &'a dyn ReportFiles,
}

/// Options of a rendering.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Profile to use instead of the one the report names.
    pub profile: Option<String>,
    /// PDF standard.
    pub standard: Standard,
    /// Whether the document becomes part of a pack: what it says of other documents is linked as `sigill:name`.
    pub in_pack: bool,
}

/// A signature field: where on which page a signature goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignatureField {
    /// Name of the field.
    pub id: String,
    /// `ink` or `digital`.
    pub method: String,
    /// Page, from 1.
    pub page: usize,
    /// Left, bottom, right, top in points from the page's lower left corner, as PDF rectangles are.
    pub rect: [f64; 4],
    /// Whose signature: name, title and role, as far as they are told.
    pub label: String,
}

/// A rendered document: the PDF and what is known of it.
#[derive(Debug, Clone)]
pub struct RenderedDocument {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Width and height of each page in points.
    pub sizes: Vec<(f64, f64)>,
    /// Places to sign, in order.
    pub signatures: Vec<SignatureField>,
    /// Its metadata.
    pub metadata: Metadata,
}

/// The outcome of a rendering: diagnostics, and the document unless there are errors.
pub struct RenderOutcome {
    /// Findings: those of the check, in order of place, then those of setting it.
    pub diagnostics: Vec<Diagnostic>,
    /// The document, when there are no errors.
    pub rendered: Option<RenderedDocument>,
}

/// A checked report, which can be set ([`Engine::set`]) when there are no errors.
pub struct CheckedReport {
    /// Findings, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// The report as its kind has it; also when there are errors, as long as its fields are sound.
    pub document: Option<Document>,
    /// The municipality's profile, when there is one.
    pub profile: Option<Profile>,
    source: ReportSource,
    job: Option<Job>,
    options: Options,
}

impl CheckedReport {
    /// Whether it can be set.
    pub fn is_sound(&self) -> bool {
        self.job.is_some()
    }

    /// Whether it is set as a part of a pack ([`Options::in_pack`]).
    pub fn in_pack(&self) -> bool {
        self.options.in_pack
    }
}

/// The rendering engine: fonts, layouts and the Typst library, ready for any number of reports.
pub struct Engine {
    pub(crate) library: LazyHash<Library>,
    pub(crate) fonts: Fonts,
    pub(crate) layouts: Layouts,
}

/// A document that came out, and what the proof of its pages was in doubt about.
struct Attempted {
    document: PagedDocument,
    pdf: Vec<u8>,
    warnings: Vec<Diagnostic>,
}

/// Why no document came out.
enum Refusal {
    /// Typst or its exporter stopped; at what, their errors do not say.
    Typst(Vec<Diagnostic>),
    /// The pages do not show the report as a reader needs it.
    Page(Vec<Diagnostic>),
}

struct Job {
    kind: KindLayout,
    profile: Profile,
    prepared: PreparedReport,
    images: Vec<(Inspected, Bytes)>,
}

impl Engine {
    /// An engine with these fonts and layouts.
    pub fn new(fonts: Fonts, layouts: Layouts) -> Self {
        // What tags of tables' cells say is still an extra of Typst's.
        let features = [Feature::A11yExtras].into_iter().collect();
        Self { library: LazyHash::new(Library::builder().with_features(features).build()), fonts, layouts }
    }

    /// The layouts at hand.
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// The fonts at hand.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// Checks a report without setting it.
    pub fn check(&self, input: &Input<'_>, options: &Options) -> CheckedReport {
        let source = input.source;
        let mut checked = CheckedReport {
            diagnostics: source.findings().to_vec(),
            document: None,
            profile: None,
            source: source.clone(),
            job: None,
            options: options.clone(),
        };
        if let Some(root) = source.root() {
            self.judge(root, input, &mut checked);
        }
        checked.diagnostics = tidy(checked.diagnostics, source);
        checked
    }

    /// Sets a report that has been checked. Nothing comes out when there are errors.
    pub fn set(&self, checked: CheckedReport) -> RenderOutcome {
        let CheckedReport { mut diagnostics, source, job, options, .. } = checked;
        let rendered = job.and_then(|job| match self.typeset(job, &source, &options) {
            Ok((rendered, more)) => {
                diagnostics.extend(tidy(more, &source));
                Some(rendered)
            }
            Err(more) => {
                diagnostics.extend(tidy(more, &source));
                None
            }
        });
        RenderOutcome { diagnostics, rendered }
    }

    /// Checks a report and sets it. Nothing comes out when there are errors.
    pub fn render(&self, input: &Input<'_>, options: &Options) -> RenderOutcome {
        self.set(self.check(input, options))
    }

    fn judge(&self, root: &Node, input: &Input<'_>, checked: &mut CheckedReport) {
        let found = &mut checked.diagnostics;
        let kind = self.kind_for(input.source, found);
        checked.profile = self.profile_for(input.source, &checked.options, found);
        let (Some(kind), Some(profile)) = (kind, &checked.profile) else { return };
        let Preparation { document, prepared, found: more } =
            prepare(input.source, &kind.schema, &kind.declared, profile);
        checked.document = document;
        found.extend(more);
        self.missing_glyphs(root, &mut String::new(), found);
        let mut images = Vec::new();
        for request in prepared.iter().flat_map(|p| &p.images) {
            match input
                .files
                .read(&request.file, &request.pointer)
                .and_then(|data| Ok((images::inspect(&data, &request.file, &request.pointer)?, data)))
            {
                Ok((inspected, data)) => images.push((inspected, Bytes::new(data))),
                Err(d) => found.push(*d),
            }
        }
        let sound = !has_errors(found);
        let profile = profile.clone();
        checked.job = prepared.filter(|_| sound).map(|prepared| Job { kind, profile, prepared, images });
    }

    fn kind_for(&self, source: &ReportSource, found: &mut Vec<Diagnostic>) -> Option<KindLayout> {
        let name = match kind_of(source) {
            Ok(name) => name,
            Err(d) => {
                found.push(*d);
                return None;
            }
        };
        match self.layouts.kind(&name) {
            Some(Ok(kind)) => Some(kind),
            Some(Err(e)) => {
                found.push(layout_fault(e, "/kind"));
                None
            }
            None => {
                let help = did_you_mean(&name, &self.layouts.kind_names());
                let unknown = mod001::UnknownKind { kind: &format_args!("{name:.60}"), suggestion: &help };
                found.push(unknown.at("/kind"));
                None
            }
        }
    }

    fn profile_for(&self, source: &ReportSource, options: &Options, found: &mut Vec<Diagnostic>) -> Option<Profile> {
        let written = source.root().and_then(|r| r.get("profile")).and_then(Node::as_str);
        let Some(name) = options.profile.as_deref().or(written) else {
            let names = self.layouts.profile_names().join(", ");
            found.push(mod002::NoProfile { names: &names }.at("/profile"));
            return None;
        };
        match self.layouts.profile(name) {
            Some(Ok(profile)) => Some(profile),
            Some(Err(e)) => {
                found.push(layout_fault(e, "/profile"));
                None
            }
            None => {
                let help = did_you_mean(name, &self.layouts.profile_names());
                let unknown = mod002::UnknownProfile { profile: &format_args!("{name:.60}"), suggestion: &help };
                found.push(unknown.at("/profile"));
                None
            }
        }
    }

    /// PDF/A and PDF/UA refuse characters without a glyph; better to name them here.
    fn missing_glyphs(&self, node: &Node, pointer: &mut String, found: &mut Vec<Diagnostic>) {
        let length = pointer.len();
        match &node.value {
            NodeValue::String(text) if !text.is_ascii() => {
                let mut missing: Vec<char> = text.chars().filter(|&c| !self.fonts.covers(c)).collect();
                missing.sort_unstable();
                missing.dedup();
                for c in missing.into_iter().take(5) {
                    let number = format_args!("{:04X}", c as u32);
                    found.push(txt001::NoGlyph { character: &c, number: &number }.at(pointer.as_str()));
                }
            }
            NodeValue::Object(members) => {
                for m in members {
                    push_token(pointer, &m.key);
                    self.missing_glyphs(&m.node, pointer, found);
                    pointer.truncate(length);
                }
            }
            NodeValue::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    push_index(pointer, i);
                    self.missing_glyphs(item, pointer, found);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn typeset(
        &self,
        mut job: Job,
        source: &ReportSource,
        options: &Options,
    ) -> Result<(RenderedDocument, Vec<Diagnostic>), Vec<Diagnostic>> {
        let standard = options.standard;
        let data = with_metadata(&mut job, options.in_pack);
        let finished = self.attempt(&job, &data, source, standard);
        let Attempted { document, pdf, warnings } = finished.map_err(|refusal| match refusal {
            Refusal::Page(faults) => faults,
            Refusal::Typst(faults) => {
                let mends =
                    |part: &Value| !matches!(self.attempt(&job, part, source, standard), Err(Refusal::Typst(_)));
                let pointer = blame::pointer(&data, &mends);
                faults.into_iter().map(|d| Diagnostic { pointer: pointer.clone(), ..d }).collect::<Vec<_>>()
            }
        })?;
        let rendered = RenderedDocument {
            pdf,
            pages: document.pages().len(),
            sizes: page_sizes(&document),
            signatures: signature_fields(&document),
            metadata: job.prepared.metadata,
        };
        Ok((rendered, warnings))
    }

    fn attempt(
        &self,
        job: &Job,
        data: &Value,
        source: &ReportSource,
        standard: Standard,
    ) -> Result<Attempted, Refusal> {
        let world = self.world(job, data, source, standard);
        let world = world.ok_or_else(|| Refusal::Typst(vec![lay001::Unloadable.at("")]))?;
        let result = typst::compile::<PagedDocument>(&world);
        let finished = result.output.map_err(|errors| Refusal::Typst(typst_faults(stopped, &errors)));
        let finished = finished.and_then(|document| {
            let warnings = proof::prove(&document, data, source, job.profile.smallest_type);
            if has_errors(&warnings) {
                return Err(Refusal::Page(warnings));
            }
            let pdf = export(&document, standard).map_err(Refusal::Typst)?;
            Ok(Attempted { document, pdf, warnings })
        });
        // What two reports in a row share, the layouts' own code above all, stays; the rest would only grow.
        comemo::evict(1);
        finished
    }

    fn world<'a>(
        &'a self,
        job: &Job,
        data: &Value,
        source: &ReportSource,
        standard: Standard,
    ) -> Option<ReportWorld<'a>> {
        let mut files = HashMap::new();
        for (i, (picture, bytes)) in job.images.iter().enumerate() {
            files.insert(file_id(&image_path(i, picture.format))?, bytes.clone());
        }
        files.insert(file_id("/report/data.json")?, Bytes::from_string(data.to_string()));
        files.insert(file_id("/report/profile.json")?, Bytes::from_string(job.profile.data().to_string()));
        let mut main = format!("#import \"/kinds/{}/lib.typ\": render\n", job.kind.name);
        if self.layouts.profile_has_code(&job.profile.id) {
            main.push_str(&format!("#import \"/profiles/{}/profile.typ\": apply\n#show: apply\n", job.profile.id));
        }
        if standard.attaches_model() {
            files.insert(file_id("/report/modell.json")?, Bytes::new(attached_model(source)));
            main.push_str(concat!(
                "#pdf.attach(\"/report/modell.json\", relationship: \"source\", mime-type: \"application/json\", ",
                "description: \"Rapportens modell\")\n"
            ));
        }
        main.push_str("#render(json(\"/report/data.json\"), json(\"/report/profile.json\"))\n");
        let main = Source::new(file_id("/main.typ")?, main);
        Some(ReportWorld { library: &self.library, fonts: &self.fonts, layouts: &self.layouts, main, files })
    }
}

fn image_path(index: usize, format: &str) -> String {
    format!("/report/{index}.{format}")
}

/// The data a layout gets: the report's own, and what the program knows about it.
fn with_metadata(job: &mut Job, in_pack: bool) -> Value {
    let mut data = job.prepared.data.take();
    if let Value::Object(object) = &mut data {
        let images = job.images.iter().enumerate();
        let images = images.map(|(i, (picture, _))| {
            let Inspected { format, natural_width } = picture;
            json!({"path": image_path(i, format), "format": format, "natural_width": natural_width})
        });
        object.insert("images".into(), images.collect());
        let meta = &job.prepared.metadata;
        object.insert("meta".into(), json!({"author": meta.author, "keywords": meta.keywords, "pack": in_pack}));
    }
    data
}

fn layout_fault(error: LayoutError, pointer: &str) -> Diagnostic {
    let LayoutError { file, diagnostic } = error;
    lay002::InFile { file: &file, message: &diagnostic.message, remedy: &diagnostic.help }.at(pointer)
}

/// Width and height of each page in points.
pub(crate) fn page_sizes(document: &PagedDocument) -> Vec<(f64, f64)> {
    let size = |page: &typst_layout::Page| (page.frame.width().to_pt(), page.frame.height().to_pt());
    document.pages().iter().map(size).collect()
}

pub(crate) fn export(document: &PagedDocument, standard: Standard) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let standards = PdfStandards::new(standard::parts(standard))
        .map_err(|e| vec![pdf001::NoSuchStandard { message: &e.message() }.at("")])?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some(format!("Sigill {}", env!("CARGO_PKG_VERSION")))),
        timestamp: None,
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(document, &options).map_err(|errors| typst_faults(not_allowed, &errors))
}

/// What Typst refuses: its place, what it says, and its hints.
type Refused = fn(&dyn Localize, &dyn Localize, &dyn Localize) -> Diagnostic;

/// Typst refuses to set a document.
pub(crate) fn stopped(place: &dyn Localize, message: &dyn Localize, hints: &dyn Localize) -> Diagnostic {
    lay001::Stopped { place, message, hints }.at("")
}

/// Typst refuses to write the PDF.
pub(crate) fn not_allowed(place: &dyn Localize, message: &dyn Localize, hints: &dyn Localize) -> Diagnostic {
    pdf001::NotAllowed { place, message, hints }.at("")
}

pub(crate) fn typst_faults(finding: Refused, errors: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    let errors = errors.iter().filter(|e| e.severity == Severity::Error);
    let faults = errors.map(|e| {
        let place = e.span.id().map(|id| format!(" ({})", id.get().vpath().get_without_slash())).unwrap_or_default();
        let hints: Vec<_> = e.hints.iter().map(|h| h.v.to_string()).collect();
        finding(&place, &e.message, &hints.join("; "))
    });
    faults.collect()
}

/// Reads the marks that signature blocks leave.
fn signature_fields(document: &PagedDocument) -> Vec<SignatureField> {
    let Some(label) = Label::new(PicoStr::intern("sigill-signature")) else { return Vec::new() };
    let introspector = document.introspector();
    let mut out = Vec::new();
    for element in introspector.query(&Selector::Label(label)) {
        let Some(mark) = element.to_packed::<MetadataElem>() else { continue };
        let Some(position) = element.location().and_then(|l| introspector.position(l)) else { continue };
        let Ok(value) = serde_json::to_value(&mark.value) else { continue };
        let index = position.page.get();
        let Some(height) = document.pages().get(index - 1).map(|p| p.frame.height().to_pt()) else { continue };
        let number = |key: &str| value.get(key).and_then(Value::as_f64).unwrap_or_default();
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (x, top) = (position.point.x.to_pt(), height - position.point.y.to_pt());
        let round = |v: f64| (v * 100.0).round() / 100.0;
        out.push(SignatureField {
            id: text("id"),
            method: text("method"),
            page: index,
            rect: [round(x), round(top - number("height")), round(x + number("width")), round(top)],
            label: text("label"),
        });
    }
    out
}
