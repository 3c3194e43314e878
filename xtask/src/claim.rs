//! What a test PDF claims to be, told by its name.

use std::path::Path;

use xtask_common::error::{Error, Result};
use xtask_common::repo;

/// A standard that veraPDF validates against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// PDF/A-1a
    A1a,
    /// PDF/A-1b
    A1b,
    /// PDF/A-2a
    A2a,
    /// PDF/A-2u
    A2u,
    /// PDF/A-3a
    A3a,
    /// PDF/UA-1
    Ua1,
}

impl Flavour {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::A1a, Self::A1b, Self::A2a, Self::A2u, Self::A3a, Self::Ua1];

    /// veraPDF's name for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::A1a => "1a",
            Self::A1b => "1b",
            Self::A2a => "2a",
            Self::A2u => "2u",
            Self::A3a => "3a",
            Self::Ua1 => "ua1",
        }
    }
}

/// The last part of a file's name before `.pdf`, and what it claims.
const CLAIMS: &[(&str, &[Flavour])] = &[
    ("a-2a+ua-1", &[Flavour::A2a, Flavour::Ua1]),
    ("a-3a+ua-1", &[Flavour::A3a, Flavour::Ua1]),
    ("a-2u", &[Flavour::A2u]),
    ("a-1a", &[Flavour::A1a]),
    ("a-1b", &[Flavour::A1b]),
    ("none", &[]),
];

/// What the program makes when nothing else is asked for.
const DEFAULT: &[Flavour] = &[Flavour::A2a, Flavour::Ua1];

/// The standards the file claims: by the end of its name, else those of the default.
///
/// # Errors
/// A name that ends like a claim but is none: a misspelt claim must not pass as the default.
pub fn of(path: &Path) -> Result<&'static [Flavour]> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let Some((_, last)) = name.rsplit_once('.') else {
        return Ok(DEFAULT);
    };
    if let Some((_, flavours)) = CLAIMS.iter().find(|(claim, _)| *claim == last) {
        return Ok(flavours);
    }
    if last.starts_with("a-") || last.starts_with("ua-") {
        return Err(Error::failed(format!("{}: unknown claim `{last}` in the name", repo::shown(path))));
    }
    Ok(DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(name: &str) -> Option<&'static [Flavour]> {
        of(Path::new(name)).ok()
    }

    #[test]
    fn the_end_of_the_name_is_the_claim() {
        assert_eq!(claimed("x/prov.a-2u.pdf"), Some(&[Flavour::A2u][..]));
        assert_eq!(claimed("x/prov.2013.a-3a+ua-1.pdf"), Some(&[Flavour::A3a, Flavour::Ua1][..]));
        assert_eq!(claimed("x/prov.none.pdf"), Some(&[][..]));
    }

    #[test]
    fn without_a_claim_the_default_is_claimed() {
        assert_eq!(claimed("tjansteskrivelse.pdf"), Some(DEFAULT));
        assert_eq!(claimed("punkt.9.pdf"), Some(DEFAULT));
    }

    #[test]
    fn a_misspelt_claim_is_refused() {
        assert_eq!(claimed("prov.a-2a-ua-1.pdf"), None);
        assert_eq!(claimed("prov.ua-1.pdf"), None);
    }
}
