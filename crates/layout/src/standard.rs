//! PDF standards to export to.

use std::fmt;
use std::str::FromStr;

use sigill_model::Lang;
use sigill_model::suggest::did_you_mean;
use typst_pdf::PdfStandard;

/// What the PDF conforms to. A-1a cannot be combined with UA-1: headers and footers are tagged differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Standard {
    /// PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).
    #[default]
    A2aUa1,
    /// PDF/A-3a (ISO 19005-3) and PDF/UA-1, with the model attached.
    A3aUa1,
    /// PDF/A-2u.
    A2u,
    /// PDF/A-1a.
    A1a,
    /// PDF/A-1b.
    A1b,
    /// Tagged, but no standard.
    None,
}

impl Standard {
    /// All of them, the default first.
    pub const ALL: [Self; 6] = [Self::A2aUa1, Self::A3aUa1, Self::A2u, Self::A1a, Self::A1b, Self::None];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::A2aUa1 => "a-2a+ua-1",
            Self::A3aUa1 => "a-3a+ua-1",
            Self::A2u => "a-2u",
            Self::A1a => "a-1a",
            Self::A1b => "a-1b",
            Self::None => "none",
        }
    }

    /// Whether the model's JSON is attached.
    pub fn attaches_model(self) -> bool {
        self == Self::A3aUa1
    }

    pub(crate) fn parts(self) -> &'static [PdfStandard] {
        match self {
            Self::A2aUa1 => &[PdfStandard::A_2a, PdfStandard::Ua_1],
            Self::A3aUa1 => &[PdfStandard::A_3a, PdfStandard::Ua_1],
            Self::A2u => &[PdfStandard::A_2u],
            Self::A1a => &[PdfStandard::A_1a],
            Self::A1b => &[PdfStandard::A_1b],
            Self::None => &[],
        }
    }
}

impl fmt::Display for Standard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Standard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|s| s.name()).collect();
            let meant = did_you_mean(text, &names);
            format!("{} · {}", meant.get(Lang::Sv), meant.get(Lang::En))
        })
    }
}
