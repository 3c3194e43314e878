//! What is particular to a municipality: data, not code.

use std::collections::BTreeMap;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::json::Source;
use crate::messages::lay002;
use crate::schema::{self, KindSchema};

/// Colours, as `#rrggbb`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Colors {
    /// Headings, rules and wordmark.
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub accent: String,
    /// Running text.
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub text: String,
    /// Labels and small print; at least 4.5:1 against white (WCAG 2.1, 1.4.3).
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub muted: String,
    /// Thin rules.
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub rule: String,
    /// The pale band behind results.
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub band: String,
    /// Series of charts, from the first.
    pub series: Vec<String>,
}

/// How diarienummer look.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DnrRule {
    /// Regular expressions; a diarienummer matches one of them as a whole.
    pub patterns: Vec<String>,
    /// A right one, shown in help.
    pub example: String,
}

/// Days of notice of a kallelse.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NoticeRule {
    /// Days for a nämnd, from its reglemente.
    pub days: u32,
    /// Days for bodies with a rule of their own. KL 5:15 gives fullmäktige at least 7.
    #[serde(default)]
    pub bodies: BTreeMap<String, u32>,
}

/// One entry of the contact footer: a fixed value, or a field of the document.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ContactEntry {
    /// Label: Besök.
    pub label: String,
    /// Fixed value, also used when the document's field is left out.
    #[serde(default)]
    pub value: Option<String>,
    /// Field of the document's `kontakt`: direkt, sms, epost.
    #[serde(default)]
    pub field: Option<String>,
}

/// A municipality's profile.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// Name in models and on the command line.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9-]*$"))]
    pub id: String,
    /// Name of the municipality: Botkyrka kommun.
    pub name: String,
    /// The name set as a wordmark.
    pub wordmark: String,
    /// The user's own logo file in the profile's folder, instead of the wordmark. Its text alternative is `name`.
    #[serde(default)]
    pub logo: Option<String>,
    /// Colours.
    pub colors: Colors,
    /// Font families, in order of preference.
    pub fonts: Vec<String>,
    /// Page number, with `{page}` and `{pages}`.
    pub page_number: String,
    /// Number of each page in a pack, with `{page}` and `{pages}`; otherwise `Sid {page} ({pages})`.
    #[serde(default)]
    pub pack_number: Option<String>,
    /// Whether a page stands before the documents of each item in a pack.
    #[serde(default)]
    pub pack_dividers: bool,
    /// Smallest size of type on a page, in points, but for marks of notes; 6.5 when left out.
    #[serde(default)]
    #[schemars(range(min = 6.0, max = 10.0))]
    pub smallest_type: Option<f64>,
    /// What is written above a document of each kind, when other than the kind's name in capitals.
    #[serde(default)]
    pub headings: BTreeMap<String, String>,
    /// Diarienummer.
    pub dnr: DnrRule,
    /// Notice of a kallelse.
    pub notice: NoticeRule,
    /// How signs in economic tables are to be read, when the table does not say.
    #[serde(default)]
    pub sign_convention: Option<String>,
    /// Columns of the contact footer.
    #[serde(default)]
    pub contact: Vec<Vec<ContactEntry>>,
    /// Name above the contact footer, when the document names no förvaltning.
    #[serde(default)]
    pub contact_heading: Option<String>,
    /// The shapes of diarienummer, ready to match.
    #[serde(skip)]
    #[schemars(skip)]
    shapes: Vec<Regex>,
}

impl Profile {
    /// JSON Schema of a profile.
    pub fn schema() -> KindSchema {
        KindSchema::new(schema::finish(schema::of::<Self>()))
    }

    /// Reads a profile; findings are about the profile's own file.
    pub fn read(bytes: &[u8]) -> (Option<Self>, Source, Vec<Diagnostic>) {
        let source = Source::parse(bytes);
        let mut found = source.findings().to_vec();
        let Some(root) = source.root() else { return (None, source, found) };
        found.extend(schema::check(&Self::schema(), root));
        let mut profile: Option<Self> = None;
        if found.is_empty() {
            match root.read() {
                Ok(read) => profile = Some(read),
                Err(e) => found.push(lay002::ProfileMisread { reason: &e }.at("")),
            }
        }
        if let Some(profile) = &mut profile {
            for (i, pattern) in profile.dnr.patterns.iter().enumerate() {
                match Regex::new(&format!("^(?:{pattern})$")) {
                    Ok(shape) => profile.shapes.push(shape),
                    Err(_) => found.push(lay002::Pattern.at(format!("/dnr/patterns/{i}"))),
                }
            }
        }
        let found: Vec<_> = found.into_iter().map(|d| d.located(&source)).collect();
        let profile = profile.filter(|_| !crate::diagnostic::has_errors(&found));
        (profile, source, found)
    }

    /// Whether a diarienummer has one of the municipality's shapes.
    pub fn accepts_dnr(&self, dnr: &str) -> bool {
        self.shapes.iter().any(|shape| shape.is_match(dnr))
    }

    /// Days of notice for a body.
    pub fn notice_days(&self, body: &str) -> u32 {
        self.notice.bodies.get(body).copied().unwrap_or(self.notice.days)
    }

    /// The profile as data for the layout, with the document's own contact details filled in.
    pub fn data(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}
