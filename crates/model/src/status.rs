//! Whether a goal is reached: always a word, and a symbol beside it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "Status", extend("x-title-en" = "Status"))]
pub enum Status {
    /// Reached.
    #[schemars(extend("title" = Status::Uppnatt.word(), "x-title-en" = "Reached"))]
    Uppnatt,
    /// Partly reached.
    #[schemars(extend("title" = Status::DelvisUppnatt.word(), "x-title-en" = "Partly reached"))]
    DelvisUppnatt,
    /// Not reached.
    #[schemars(extend("title" = Status::EjUppnatt.word(), "x-title-en" = "Not reached"))]
    EjUppnatt,
    /// Under way.
    #[schemars(extend("title" = Status::Pagar.word(), "x-title-en" = "Under way"))]
    Pagar,
}

impl Status {
    /// Reads the words people write.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_lowercase().as_str() {
            "uppnått" | "uppnatt" | "uppfyllt" | "ja" => Self::Uppnatt,
            "delvis" | "delvis uppnått" | "delvis_uppnatt" => Self::DelvisUppnatt,
            "ej uppnått" | "ej_uppnatt" | "nej" | "ej uppfyllt" => Self::EjUppnatt,
            "pågår" | "pagar" => Self::Pagar,
            _ => return None,
        })
    }

    /// The word printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uppnatt => "Uppnått",
            Self::DelvisUppnatt => "Delvis uppnått",
            Self::EjUppnatt => "Ej uppnått",
            Self::Pagar => "Pågår",
        }
    }
}
