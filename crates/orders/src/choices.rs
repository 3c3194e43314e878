//! Choices with names: one type each, whose names are the same on the command line, over HTTP and between processes.

use std::fmt;
use std::str::FromStr;

use crate::terms::terms;

/// A name that is none of a choice's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownChoice {
    /// The names there are.
    pub choices: Vec<&'static str>,
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.choices.join(", "))
    }
}

impl std::error::Error for UnknownChoice {}

/// Defines choices: terms that can be read and stand on a command line. What stands in a variant's comment is its help
/// there.
macro_rules! choices {
    ($($(#[$about:meta])* pub enum $choice:ident { $($(#[$detail:meta])* $variant:ident = $name:literal,)* })*) => {$(
        terms! {
            $(#[$about])*
            #[derive(Default)]
            #[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
            pub enum $choice {
                $($(#[$detail])* #[cfg_attr(feature = "clap", value(name = $name))] $variant = $name,)*
            }
        }

        impl FromStr for $choice {
            type Err = UnknownChoice;

            fn from_str(name: &str) -> Result<Self, UnknownChoice> {
                let found = Self::ALL.into_iter().find(|choice| choice.name() == name);
                found.ok_or_else(|| UnknownChoice { choices: vec![$($name),*] })
            }
        }
    )*};
}

choices! {
    /// What a PDF conforms to. A-1a cannot be combined with UA-1: headers and footers are tagged differently.
    pub enum Standard {
        /// PDF/A-2a (ISO 19005-2) och · and PDF/UA-1 (ISO 14289-1)
        #[default]
        A2aUa1 = "a-2a+ua-1",
        /// PDF/A-3a (ISO 19005-3) och PDF/UA-1, med modellen bifogad · and PDF/UA-1, with the model attached
        A3aUa1 = "a-3a+ua-1",
        /// PDF/A-2u
        A2u = "a-2u",
        /// PDF/A-1a
        A1a = "a-1a",
        /// PDF/A-1b
        A1b = "a-1b",
        /// Taggad, men ingen standard · Tagged, but no standard
        None = "none",
    }

    /// Which signature blocks become fields.
    pub enum Reserve {
        /// De som ska undertecknas digitalt · Those to be signed digitally
        #[default]
        Digital = "digital",
        /// Alla · All
        All = "all",
        /// Inga · None
        None = "none",
    }

    /// What a pack is for.
    pub enum PackCopy {
        /// För arkivet · For the archive
        #[default]
        Archive = "archive",
        /// För läsplattan · For tablets
        Reading = "reading",
    }

    /// Who something is for.
    pub enum Edition {
        /// Allt, för ledamöterna · Everything, for the members
        #[default]
        Full = "full",
        /// För allmänheten · For the public
        Offentlig = "offentlig",
    }

    /// Baseline level of a PAdES signature (ETSI EN 319 142-1, 6).
    pub enum Level {
        /// Underskriften ensam · The signature alone
        #[default]
        B = "b",
        /// Med tidsstämpel · With a timestamp
        T = "t",
        /// Med underlag för senare kontroll · With evidence for later checks
        Lt = "lt",
        /// Med tidsstämpel över allt · With a timestamp over everything
        Lta = "lta",
    }

    /// Digest of a signature whose certificate is not known yet: those of the keys that sign.
    pub enum Digest {
        /// SHA-256, för RSA och P-256 · for RSA and P-256
        #[default]
        Sha256 = "sha256",
        /// SHA-384, för P-384 · for P-384
        Sha384 = "sha384",
    }

    /// Form of a report on signatures.
    pub enum VerifyFormat {
        /// JSON, med vad en granskare väntas säga om filen · JSON, with what a validator is expected to say of the file
        #[default]
        Json = "json",
        /// PDF i kommunens stil · PDF in the municipality's style
        Pdf = "pdf",
        /// Text
        Text = "text",
    }
}

impl Standard {
    /// Whether the model's JSON is attached.
    pub fn attaches_model(self) -> bool {
        self == Self::A3aUa1
    }
}
