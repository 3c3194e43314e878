//! What can be made: kinds, profiles, schemas and examples, written once.

use serde::{Deserialize, Serialize};
use sigill_messages::{Texts, joined, named_texts};
use sigill_orders::Description;
use utoipa::ToSchema;

use crate::asset::Asset;
use crate::messages::config;

/// A kind of document.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct KindEntry {
    /// Its name in models.
    name: String,
    /// Its title: `title_sv` and the like for each language.
    #[serde(flatten, with = "title")]
    #[schema(ignore)]
    title: Texts,
    /// What it is for, likewise.
    #[serde(flatten, with = "help")]
    #[schema(ignore)]
    help: Texts,
    /// Whether it comes from a folder of layouts rather than the program.
    plugin: bool,
}

named_texts!(title help);

/// A municipality's profile.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ProfileEntry {
    /// Its name in models.
    name: String,
    /// The municipality.
    title: String,
    /// A diarienummer as the municipality writes it.
    #[schema(required)]
    dnr_example: Option<String>,
    /// Whether the configuration names it as the house's own: new documents begin with it.
    own: bool,
}

/// All of it, written once.
pub(crate) struct Catalog {
    pub(crate) kinds: Asset,
    pub(crate) profiles: Asset,
    pub(crate) schemas: Vec<(String, Asset)>,
    pub(crate) examples: Vec<(String, Asset)>,
    /// The profile that a document has when nobody says.
    pub(crate) first_profile: Option<String>,
}

impl Catalog {
    /// Of what a worker tells. The house's own profile comes first.
    ///
    /// # Errors
    /// When there is no such profile, in Swedish and English.
    pub(crate) fn new(mut description: Description, own: Option<&str>) -> Result<Self, String> {
        if let Some(own) = own {
            if !description.profiles.iter().any(|p| p.name == own) {
                return Err(joined(&config::Profile { name: &own }));
            }
            description.profiles.sort_by_key(|p| p.name != own);
        }
        let first_profile = description.profiles.first().map(|p| p.name.clone());
        let mut entries = Vec::new();
        let (mut schemas, mut examples) = (Vec::new(), Vec::new());
        for kind in description.kinds {
            schemas.push((kind.name.clone(), Asset::new("application/schema+json", kind.schema.into_bytes())));
            examples.push((kind.name.clone(), Asset::json(kind.example)));
            entries.push(KindEntry { name: kind.name, title: kind.title, help: kind.help, plugin: kind.plugin });
        }
        let profiles: Vec<_> = (description.profiles.into_iter())
            .map(|p| ProfileEntry {
                own: own == Some(p.name.as_str()),
                name: p.name,
                title: p.title,
                dnr_example: p.dnr_example,
            })
            .collect();
        let kinds = Asset::json(serde_json::to_string(&entries).unwrap_or_default());
        let profiles = Asset::json(serde_json::to_string(&profiles).unwrap_or_default());
        Ok(Self { kinds, profiles, schemas, examples, first_profile })
    }
}
