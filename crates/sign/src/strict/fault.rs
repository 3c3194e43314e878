//! What in a file can be read in more than one way, and where.

use sigill_messages::{Localize, Texts};

use crate::messages::reading as texts;

/// A place where a file can be read in more than one way, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Byte of the file.
    pub(crate) at: usize,
    pub(crate) kind: FaultKind,
    /// Whether readers mend it alike, so that there is one reading all the same.
    pub(crate) mended: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// No `startxref` and `%%EOF` where they should be.
    Ending,
    /// No cross-reference where one is said to be.
    NoSection,
    /// The chain of cross-references turns back or is too long.
    Chain,
    /// Bytes that are no object.
    Stray,
    /// An object that cannot be read.
    Syntax,
    /// A key twice in a dictionary.
    DoubleKey(Vec<u8>),
    /// A stream that is not as long as it says.
    Length,
    /// A number twice in one cross-reference.
    EntryTwice(u32),
    /// An entry that points at something else than its object.
    EntryElsewhere { number: u32, offset: usize },
    /// An entry that points at an object of an earlier state of the file.
    EntryBefore { number: u32, offset: usize },
    /// A number above what the trailer says that there is.
    EntryBeyond(u32),
    /// An entry of an object stream that does not hold its object just once.
    Packed { number: u32, container: u32 },
    /// An object stream whose number is given to something else, so that what was in it is sought elsewhere.
    Overwritten(u32),
    /// An object that no cross-reference names.
    Unnamed(u32),
    /// An object that stands twice in one state of the file, differently.
    Twice(u32),
    /// An object under a new generation while the old one lives.
    Generation(u32),
    /// A stream that says it is a container and is not used as one, while something refers to it.
    FalseContainer(u32),
    /// A table and a stream of one cross-reference that say different things.
    Hybrid(u32),
    /// The trailer has no usable catalogue.
    NoCatalog,
}

impl Fault {
    /// A fault that readers treat differently.
    pub(crate) fn grave(at: usize, kind: FaultKind) -> Self {
        Self { at, kind, mended: false }
    }

    /// A fault that readers mend alike.
    pub(crate) fn mended(at: usize, kind: FaultKind) -> Self {
        Self { at, kind, mended: true }
    }

    /// Whether it is about the way through the file, not about a part that nobody reads.
    pub(crate) fn is_structural(&self) -> bool {
        !matches!(self.kind, FaultKind::Unnamed(_) | FaultKind::EntryBeyond(_) | FaultKind::Stray)
    }

    /// The fault in words, with its place.
    pub(crate) fn words(&self) -> Texts {
        let at = &self.at;
        let told: &dyn Localize = match &self.kind {
            FaultKind::Ending => &texts::Ending { at },
            FaultKind::NoSection => &texts::NoSection { at },
            FaultKind::Chain => &texts::Chain { at },
            FaultKind::Stray => &texts::Stray { at },
            FaultKind::Syntax => &texts::Syntax { at },
            FaultKind::DoubleKey(key) => &texts::DoubleKey { at, key: &String::from_utf8_lossy(key) },
            FaultKind::Length => &texts::Length { at },
            FaultKind::EntryTwice(number) => &texts::EntryTwice { at, number },
            FaultKind::EntryElsewhere { number, offset } => &texts::EntryElsewhere { at, number, offset },
            FaultKind::EntryBefore { number, offset } => &texts::EntryBefore { at, number, offset },
            FaultKind::EntryBeyond(number) => &texts::EntryBeyond { at, number },
            FaultKind::Packed { number, container } => &texts::Packed { at, number, container },
            FaultKind::Overwritten(number) => &texts::Overwritten { at, number },
            FaultKind::Unnamed(number) => &texts::Unnamed { at, number },
            FaultKind::Twice(number) => &texts::Twice { at, number },
            FaultKind::Generation(number) => &texts::Generation { at, number },
            FaultKind::FalseContainer(number) => &texts::FalseContainer { at, number },
            FaultKind::Hybrid(number) => &texts::Hybrid { at, number },
            FaultKind::NoCatalog => &texts::NoCatalog,
        };
        Texts::of(told)
    }
}
