//! A kind's manifest, `typst.toml`: its name, its words, its rank in a pack, its rules.

use serde::Deserialize;
use sigill_model::Diagnostic;
use sigill_model::kinds::{Declared, Field, FieldShape, Rank, Rule, UnknownField};
use sigill_model::messages::lay002;
use sigill_model::schema::KindSchema;
use sigill_model::suggest::did_you_mean;
use toml::{Table, Value};

/// Where Sigill's own part of a manifest stands.
const TOOL: &str = "tool.sigill";
/// What can stand there.
const TOOL_KEYS: [&str; 6] = ["title", "title_en", "purpose", "purpose_en", "rank", "rules"];
/// Where the rules stand.
const RULES: &str = "tool.sigill.rules";
/// The rules there are.
const RULES_KEYS: [&str; 5] = ["required", "decisions", "dates_in_order", "dnr", "signature"];

/// What a manifest says; the rules are found in the schema by [`SigillTool::declared`].
pub(crate) struct Manifest {
    /// Name of the package.
    pub(crate) name: String,
    /// What Typst would tell of the package.
    pub(crate) description: String,
    /// Sigill's own part.
    pub(crate) tool: SigillTool,
}

/// Sigill's own part of a manifest.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SigillTool {
    pub(crate) title: Option<String>,
    pub(crate) title_en: Option<String>,
    pub(crate) purpose: Option<String>,
    pub(crate) purpose_en: Option<String>,
    rank: Option<i64>,
    rules: DeclaredRules,
}

#[derive(Default, Deserialize)]
#[serde(default, expecting = "a table of rules")]
struct DeclaredRules {
    required: Vec<String>,
    decisions: Vec<String>,
    dates_in_order: Vec<[String; 2]>,
    dnr: bool,
    signature: bool,
}

#[derive(Deserialize)]
struct Written {
    package: Package,
    #[serde(default)]
    tool: Tool,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    description: String,
}

/// Parts of other tools are theirs.
#[derive(Default, Deserialize)]
struct Tool {
    #[serde(default)]
    sigill: Table,
}

impl Manifest {
    /// Reads a manifest. What Sigill's part of it cannot hold is an error: it would be thought to work.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn read(text: &str) -> Result<Self, Box<Diagnostic>> {
        let written: Written =
            toml::from_str(text).map_err(|e| Box::new(lay002::ManifestUnreadable { reason: &e }.at("")))?;
        let sigill = written.tool.sigill;
        known(TOOL, &sigill, &TOOL_KEYS)?;
        if let Some(Value::Table(rules)) = sigill.get("rules") {
            known(RULES, rules, &RULES_KEYS)?;
        }
        let reason = |e: toml::de::Error| {
            // The library writes lines; a message is one.
            let reason = e.to_string().trim_end().replace('\n', " ");
            Box::new(lay002::ManifestValue { table: &TOOL, reason: &reason }.at(""))
        };
        let tool = sigill.try_into().map_err(reason)?;
        Ok(Self { name: written.package.name, description: written.package.description, tool })
    }
}

impl SigillTool {
    /// Rank and rules, with the fields they name found in the kind's schema.
    ///
    /// # Errors
    /// The first that cannot be meant.
    pub(crate) fn declared(&self, schema: &KindSchema) -> Result<Declared, Box<Diagnostic>> {
        let rank = self.rank.map(|given| {
            let outside = lay002::RankOutOfBounds { given: &given, least: &Rank::LEAST, most: &Rank::MOST };
            Rank::new(given).ok_or_else(|| Box::new(outside.at("")))
        });
        Ok(Declared { rank: rank.transpose()?, rules: self.rules.found(schema)? })
    }
}

impl DeclaredRules {
    fn found(&self, schema: &KindSchema) -> Result<Vec<Rule>, Box<Diagnostic>> {
        let mut rules = Vec::new();
        if self.dnr {
            field(schema, "dnr", "dnr")?;
            rules.push(Rule::Dnr);
        }
        if self.signature {
            field(schema, "signature", "signaturer")?;
            rules.push(Rule::Signature);
        }
        for path in &self.required {
            rules.push(Rule::Required(field(schema, "required", path)?));
        }
        for path in &self.decisions {
            let found = field(schema, "decisions", path)?;
            if found.shape() != FieldShape::Texts {
                return Err(lay002::NotTexts { rule: &"decisions", field: path }.at("").into());
            }
            rules.push(Rule::Decision(found));
        }
        for [first, last] in &self.dates_in_order {
            if first == last {
                return Err(lay002::SameField { rule: &"dates_in_order", field: first }.at("").into());
            }
            rules.push(Rule::DatesInOrder { first: date(schema, first)?, last: date(schema, last)? });
        }
        Ok(rules)
    }
}

/// Refuses names that a table does not know.
fn known(table: &str, given: &Table, keys: &[&str]) -> Result<(), Box<Diagnostic>> {
    let Some(key) = given.keys().find(|key| !keys.contains(&key.as_str())) else { return Ok(()) };
    let suggestion = did_you_mean(key, keys);
    Err(lay002::ManifestKey { key: &format_args!("{key:.60}"), table: &table, suggestion: &suggestion }.at("").into())
}

/// The field that a rule names.
fn field(schema: &KindSchema, rule: &str, path: &str) -> Result<Field, Box<Diagnostic>> {
    Field::find(schema, path).map_err(|UnknownField { name, known }| {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let suggestion = did_you_mean(&name, &known);
        lay002::UnknownField { rule: &rule, field: &format_args!("{path:.60}"), suggestion: &suggestion }.at("").into()
    })
}

fn date(schema: &KindSchema, path: &str) -> Result<Field, Box<Diagnostic>> {
    let found = field(schema, "dates_in_order", path)?;
    if found.shape() != FieldShape::Date {
        return Err(lay002::NotADate { rule: &"dates_in_order", field: &path }.at("").into());
    }
    Ok(found)
}
